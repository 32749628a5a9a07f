"""What happens to a form between the one who drew it and the one who reads it: ten disturbances, made by code.

The same unit and the same disturbance give the same workbook. No disturbance touches what a unit typed, except
that `labels` writes ≥ and = as their look-alikes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from own_sheets import Book, Order, Sheet, Spot, Table, head, note, placed
from pyfuncs.workbook.places import Box

_WORDS = ("label", "head", "side")                    # what the form prints
_WIDTHS = str.maketrans("（）：():“”/ ", "():（）：\"\"／　")
_ALIKE = {"≥": "≧", "=": "═", "≤": "≦"}
# What a scanner takes for each other: one sign for one sign.
_SLIPS = {"预": "顶", "算": "箅", "采": "釆", "末": "未", "绩": "续", "效": "郊", "购": "构", "费": "贵", "支": "攴", "质": "贡",
          "数": "敉", "时": "吋", "经": "径", "成": "咸", "社": "杜", "指": "拍", "值": "直", "因": "囚", "率": "卒", "合": "台"}
_MOST_SLIPS = 6


def disturbed(book: Book, disturbance: str, seed: str) -> Book:
    """`book` after one disturbance of DISTURBANCES."""
    return DISTURBANCES[disturbance](book, Random(f"{seed}-{disturbance}"))


# -- rows and columns ------------------------------------------------------------------------------------


def _rows(book: Book, random: Random) -> Book:
    """Empty rows within every table, and page numbers where a page may have ended."""
    return _each_table(book, lambda table: _rows_of(table, random))


def _rows_of(table: Table, random: Random) -> Table:
    first, last = table.body
    for before in sorted({random.randint(first, last) for _ in range(2)}, reverse=True):
        table = _with_row(table, before)
    ends = [row for row in range(first, table.body[1] + 1) if not _crossing(table, row)]
    return _with_row(table, random.choice(ends), f"第 {random.randint(1, 9)} 页") if ends else table


def _with_row(table: Table, before: int, text: str = "") -> Table:
    """One row more; a merged cell that lies across it grows."""
    crossing = _crossing(table, before)
    spots = [replace(spot, box=_lowered(spot.box, before)) for spot in table.spots]
    if text:
        spots.append(Spot(Box(before, 1, before, table.columns), text, "note"))
    else:
        covered = {column for spot in crossing for column in range(spot.box.left, spot.box.right + 1)}
        spots += [Spot(Box(before, column, before, column), "", "note")
                  for column in range(1, table.columns + 1) if column not in covered]
    moved = [row + (row >= before) for row in (*table.head, *table.body)]
    orders = tuple(Order(order.top + (order.top >= before), order.bottom + (order.bottom >= before), order.columns)
                   for order in table.orders)
    return replace(table, spots=tuple(spots), head=(moved[0], moved[1]), body=(moved[2], moved[3]), orders=orders)


def _crossing(table: Table, before: int) -> list[Spot]:
    """Merged cells that lie across the upper edge of a row."""
    return [spot for spot in table.spots if spot.box.top < before <= spot.box.bottom]


def _lowered(box: Box, before: int) -> Box:
    return Box(box.top + (box.top >= before), box.left, box.bottom + (box.bottom >= before), box.right)


def _columns(book: Book, random: Random) -> Book:
    """An empty column before each sheet, and one somewhere in it."""
    found = []
    for sheet in book:
        within = random.randint(2, max(table.columns for table in sheet.tables))
        tables = tuple(_with_column(_with_column(table, within), 1) for table in sheet.tables)
        found.append(replace(sheet, tables=tables))
    return tuple(found)


def _with_column(table: Table, before: int) -> Table:
    def moved(box: Box) -> Box:
        return Box(box.top, box.left + (box.left >= before), box.bottom, box.right + (box.right >= before))
    orders = tuple(replace(order, columns=tuple(column + (column >= before) for column in order.columns))
                   for order in table.orders)
    return replace(table, spots=tuple(replace(spot, box=moved(spot.box)) for spot in table.spots), orders=orders)


def _order(book: Book, random: Random) -> Book:
    """Columns that a header names change places; the last comes first."""
    return _each_table(book, lambda table: replace(table, spots=tuple(_turned(spot, table) for spot in table.spots)))


def _turned(spot: Spot, table: Table) -> Spot:
    box = spot.box
    for order in table.orders:
        if order.top <= box.top <= order.bottom and box.left == box.right and box.left in order.columns:
            column = order.columns[(order.columns.index(box.left) + 1) % len(order.columns)]
            return replace(spot, box=Box(box.top, column, box.bottom, column))
    return spot


# -- words -----------------------------------------------------------------------------------------------


def _labels(book: Book, random: Random) -> Book:
    """Spaces, line ends, U+3000, half for full width, look-alikes of ≥ and =."""
    def changed(table: Table) -> Table:
        return replace(table, spots=tuple(replace(spot, text=_disturbed_words(spot, random)) for spot in table.spots),
                       above=tuple(_respelled_line(line, random) for line in table.above))
    return _each_table(book, changed)


def _respelled_line(line: str, random: Random) -> str:
    """Only the printed words: what stands behind a colon is the unit's own."""
    colon = next((sign for sign in line if sign in ":："), "")
    words, _, own = line.partition(colon) if colon else (line, "", "")
    return _respelled(words, random) + colon.translate(_WIDTHS) + own


def _disturbed_words(spot: Spot, random: Random) -> str:
    if spot.kind in _WORDS:
        return _respelled(spot.text, random)
    if spot.kind == "mixed":
        return spot.text.translate(_WIDTHS)
    if spot.type in ("target", "actual") and spot.text[:1] in _ALIKE:
        return _ALIKE[spot.text[0]] + spot.text[1:]
    return spot.text


def _respelled(text: str, random: Random) -> str:
    ways = [lambda: f"　{text} ", lambda: text.translate(_WIDTHS)]
    if len(text) > 3:
        middle = random.randint(1, len(text) - 1)
        ways.append(lambda: f"{text[:middle]}\n{text[middle:]}")
    if text and not any(sign.isdecimal() for sign in text):
        ways.append(lambda: " ".join(text))
    return random.choice(ways)() if text.strip() else text


def _slips(book: Book, random: Random) -> Book:
    """Some labels with one sign that a scanner took for another."""
    places = [(s, t, i) for s, sheet in enumerate(book) for t, table in enumerate(sheet.tables)
              for i, spot in enumerate(table.spots)
              if spot.kind in _WORDS and len(_words(spot.text)) > 3 and set(_words(spot.text)) & set(_SLIPS)]
    chosen = set(random.sample(places, min(_MOST_SLIPS, len(places))))
    return tuple(replace(sheet, tables=tuple(
        replace(table, spots=tuple(replace(spot, text=_slipped(spot.text, random)) if (s, t, i) in chosen else spot
                                   for i, spot in enumerate(table.spots)))
        for t, table in enumerate(sheet.tables))) for s, sheet in enumerate(book))


def _words(text: str) -> str:
    """Without what stands in brackets. A slip in two or three signs would leave nothing to know the label by."""
    return re.sub(r"[（(].*?[）)]|\W", "", text)


def _slipped(text: str, random: Random) -> str:
    at = random.choice([index for index, sign in enumerate(text) if sign in _SLIPS and sign in _words(text)])
    return text[:at] + _SLIPS[text[at]] + text[at + 1:]


# -- merges ----------------------------------------------------------------------------------------------


def _merges(book: Book, random: Random) -> Book:
    """Merged cells taken apart, the words in the first cell or in every row, or merged over the first half only."""
    return _each_table(book, lambda table: replace(
        table, spots=tuple(one for spot in table.spots for one in _unmerged(spot, random))))


def _unmerged(spot: Spot, random: Random) -> Iterable[Spot]:
    box = spot.box
    if box.single or not random.randint(0, 3):
        return [spot]
    rows = [Box(row, box.left, row, box.right) for row in range(box.top, box.bottom + 1)]
    if spot.kind == "label" and len(rows) > 1 and random.randint(0, 1):
        return [replace(spot, box=row) for row in rows]
    if len(rows) > 2:
        middle = box.top + len(rows) // 2
        return [replace(spot, box=Box(box.top, box.left, middle - 1, box.right)),
                Spot(Box(middle, box.left, box.bottom, box.right), "", "note")]
    # A label stays as wide as it was: else nobody could tell where the empty cell beside it begins.
    kept = Box(box.top, box.left, box.top, box.right if spot.kind == "label" and len(rows) > 1 else box.left)
    return [replace(spot, box=kept)]


# -- sheets and pages ------------------------------------------------------------------------------------


def _sheets(book: Book, random: Random) -> Book:
    """Other names, another order; a sheet that is no form among them, and a hidden one."""
    renamed = [replace(sheet, name=f"表{number}（定稿）") for number, sheet in enumerate(book, 1)]
    roster = Table(placed([[head("日期"), head("值班人员"), head("带班领导")],
                           *([note(f"5月{day}日"), note("综合科"), note("分管领导")] for day in (1, 2, 3))]), ("值班安排表",))
    choices = Table(placed([[note(text)] for text in ("优", "良", "中", "差")]))
    found = [*renamed, Sheet("值班表", (roster,)), Sheet("选项", (choices,), visible=False)]
    random.shuffle(found)
    return tuple(found)


def _one_sheet(book: Book, random: Random) -> Book:
    return (Sheet("自评材料", tuple(table for sheet in book for table in sheet.tables)),)


def _moved(book: Book, random: Random) -> Book:
    """All under each other, from C5 on."""
    return tuple(replace(sheet, origin=(5, 3)) for sheet in _one_sheet(book, random))


def _pages(book: Book, random: Random) -> Book:
    """Every table that has more than a few rows goes on on the next page, under its header again."""
    return tuple(replace(sheet, tables=tuple(part for table in sheet.tables for part in _broken(table, random)))
                 for sheet in book)


def _broken(table: Table, random: Random) -> tuple[Table, ...]:
    first, last = table.body
    ends = [row for row in range(first + 1, last + 1)
            if not any(spot.slot and spot.kind == "typed" for spot in _crossing(table, row))]
    if table.head == (0, 0) or last - first < 4 or not ends:
        return (table,)
    end = random.choice(ends)
    upper = replace(table, spots=tuple(_clipped(spot, 1, end - 1) for spot in table.spots if spot.box.top < end),
                    below=("— 1 —",))
    top, bottom = table.head
    height = bottom - top + 1
    again = [_moved_to(_clipped(spot, top, bottom), top, 1) for spot in table.spots
             if spot.box.top <= bottom and spot.box.bottom >= top]
    goes_on = [_moved_to(_clipped(spot, end, table.rows), end, height + 1) for spot in table.spots
               if spot.box.bottom >= end]
    return upper, Table((*again, *goes_on), below=table.below, head=(1, height), body=(height + 1, height + 1))


def _clipped(spot: Spot, top: int, bottom: int) -> Spot:
    """What of a merged cell lies in these rows; below its first row it is empty and holds no item."""
    box = Box(max(spot.box.top, top), spot.box.left, min(spot.box.bottom, bottom), spot.box.right)
    return replace(spot, box=box) if box.top == spot.box.top else Spot(box, "", "note")


def _moved_to(spot: Spot, top: int, to: int) -> Spot:
    box = spot.box
    return replace(spot, box=Box(box.top - top + to, box.left, box.bottom - top + to, box.right))


def _each_table(book: Book, change: Callable[[Table], Table]) -> Book:
    return tuple(replace(sheet, tables=tuple(map(change, sheet.tables))) for sheet in book)


DISTURBANCES: dict[str, Callable[[Book, Random], Book]] = {
    "rows": _rows, "columns": _columns, "labels": _labels, "merges": _merges, "order": _order, "sheets": _sheets,
    "one-sheet": _one_sheet, "moved": _moved, "slips": _slips, "pages": _pages,
}
