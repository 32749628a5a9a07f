"""What a workbook says of itself: the words it can be recognised by, whose it is, which fiscal year. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from pyfuncs.workbook.grid import Grid, RawCell

LONGEST = 80                                          # characters of a label or a title; longer is what a unit wrote
MOST_CELLS = 20_000                                   # of a sheet that are looked at; a form has some 400
_NEXT_CELLS = 8                                       # how far right of its label a name may stand
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+[、.]?(?=\W)|[一二三四五六七八九十]+、|\d+[、.]|\(\d+\)|其中:|资金(?:来源|结构):)+")
_WEIGHT = re.compile(r"\(\d+(?:\.\d+)?分?\)$")
_YEAR_SHOWN = re.compile(r"(?:20\d\d|\{year\}|\{prior\})年度?")
_DROPPED = str.maketrans("", "", "“”\"'‘’ 、,。\u200b\ufeff")
_CHINESE_YEAR = re.compile(r"二[〇○O0零]([〇○O0零一二三四五六七八九])([〇○O0零一二三四五六七八九])(?=年)")
_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}

_TITLE = re.compile(r"[^;,。]*(?:自评|评价|绩效)[^;,。]{0,16}(?:表|报告)(?:\(20\d\d年度?\))?$")
_YEAR_IN_BRACKETS = re.compile(r"\((20\d\d)年度?[,)]")
_YEAR_FIRST = re.compile(r"^\D{0,20}(20\d\d)年度?(?!\d*月)")
_YEAR_HEADING = re.compile(r"^(20\d\d)年(?:度)?(?:[^月日]{0,4})(?:决算|预算|实际在职|执行)数?")
_YEAR_CELL = re.compile(r"(?:会计|预算|填报)?年度")
_TITLE_VOTES, _HEADING_VOTES, _COVER_VOTES = 3, 4, 3  # headings come in threes and are rarely left from last year

# Most trustworthy first: on a project's form 主管部门 is the department above the unit.
_NAME_LABELS = ("填报单位", "部门(单位)名称", "单位名称", "部门名称", "预算单位", "编制单位", "报送单位", "实施单位", "主管部门")
_SPACED = "|".join(r"\s*".join(map(re.escape, label)) for label in _NAME_LABELS)
_NAME = re.compile(rf"^({_SPACED})"
                   r"(?:\s*\((?:盖章|公章|签章|全称|章)\))?\s*(:)?\s*(.*)$", re.DOTALL)
_AFTER_NAME = re.compile(r"\s{2,}|\s*\(?20\d\d年|\s*(?:金额)?单位\s*:|\s*\((?:盖章|公章|签章|章)\)|\t|\n")
_SPACED_OUT = re.compile(r"(?:[一-鿿]\s+)+[一-鿿]")
_NO_NAME = re.compile(r"[×xX*＊_\-—…]|\{entity\}|^某|填写|此处|^请|^\(?年度|^(?:本)?(?:单位|部门)(?:名称)?$|^\(?盖章\)?$")


def plain(text: str) -> str:
    """Half width, line breaks as blanks; the blanks stay, they part what shares a cell."""
    return unicodedata.normalize("NFKC", text)


def label_keys(text: str) -> tuple[str, ...]:
    """What a text is recognised by, "" parts left out: the label without numbering, weight, colon and what stands
    behind it; and with its weight where it has one. Years are left out."""
    bare = _YEAR_SHOWN.sub("", "".join(plain(text).split()))
    bare = _NUMBERING.sub("", bare)
    stem, colon, _ = bare.partition(":")
    stem = (stem if colon and len(stem) > 1 else bare).translate(_DROPPED)
    keys = dict.fromkeys((_WEIGHT.sub("", stem), stem))
    return tuple(key for key in keys if len(key) > 1 and re.search(r"[一-鿿]", key))


def short_texts(grid: Grid) -> Iterator[str]:
    """Texts of a sheet that may be labels or titles, and the paragraphs around a Word table."""
    for text in (*grid.text_above, *(cell.value for _, cell in _cells(grid)), *grid.text_below):
        if isinstance(text, str) and (len(text) <= LONGEST or ":" in plain(text[:20])):
            yield text


def _cells(grid: Grid) -> Iterator[tuple[tuple[int, int], RawCell]]:
    return islice(grid.cells.items(), MOST_CELLS)


def titles(grids: Iterable[Grid]) -> list[str]:
    """Texts that name a form or a report, without blanks."""
    found = ("".join(plain(text).split()) for grid in grids for text in short_texts(grid) if len(text) <= LONGEST)
    return [text for text in found if _TITLE.match(text)]


# -- the year ---------------------------------------------------------------------------------------------


def year_of(grids: Sequence[Grid]) -> str:
    """The fiscal year that the workbook is for, by its titles, headings and cover; "" where they don't say, or
    say two with equal right."""
    votes: Counter[str] = Counter()
    for grid in grids:
        votes.update(_years(grid))
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def _years(grid: Grid) -> Counter[str]:
    votes: Counter[str] = Counter()
    headings: set[str] = set()
    for raw in short_texts(grid):
        if len(raw) > LONGEST:
            continue
        text = _digits("".join(plain(raw).split()))
        if heading := _YEAR_HEADING.match(text):
            headings.add(heading[1])                  # the latest of {prior}年决算数, {year}年预算数, {year}年决算数
        elif bracketed := _YEAR_IN_BRACKETS.search(text):
            votes[bracketed[1]] += _TITLE_VOTES
        elif (first := _YEAR_FIRST.match(text)) and _TITLE.match(text):
            votes[first[1]] += _TITLE_VOTES
    if headings:
        votes[max(headings)] += _HEADING_VOTES
    if cover := _beside(grid, lambda text: bool(_YEAR_CELL.fullmatch("".join(plain(text).split())))):
        year = re.match(r"\s*(20\d\d)(?:\.0|年度?)?\s*$", cover)
        votes.update({year[1]: _COVER_VOTES} if year else {})
    return votes


def _digits(text: str) -> str:
    """二〇二二年 as 2022年."""
    return _CHINESE_YEAR.sub(lambda match: "20" + "".join(_DIGITS.get(sign, "0") for sign in match.groups()), text)


# -- the unit ---------------------------------------------------------------------------------------------


def entity_of(grids: Sequence[Grid]) -> str:
    """The name of the unit that filed, as it stands behind or beside 填报单位, 单位名称 and their like; "" where
    there is none, or only what a blank form prints there."""
    found: dict[int, Counter[str]] = {}
    for grid in grids:
        for rank, name in _names(grid):
            found.setdefault(rank, Counter())[name] += 1
    return found[min(found)].most_common(1)[0][0] if found else ""


def _names(grid: Grid) -> Iterator[tuple[int, str]]:
    for text in (*grid.text_above, *grid.text_below):
        if match := _NAME.match(plain(text).strip()):
            yield from _named(match[1], match[3] if match[2] else "")
    for (row, column), cell in _cells(grid):
        match = _NAME.match(plain(cell.value).strip()) if isinstance(cell.value, str) and len(cell.value) <= LONGEST else None
        if match is None or (match[3] and not match[2]):
            continue                                  # no label, or a longer word that begins like one
        here = list(_named(match[1], match[3]))
        yield from here or _named(match[1], _right_of(grid, row, column))


def _named(label: str, text: str) -> Iterator[tuple[int, str]]:
    text = plain(text).strip()
    text = "".join(text.split()) if _SPACED_OUT.fullmatch(text) else text
    name = _AFTER_NAME.split(text, maxsplit=1)[0].strip(" :;,。")
    if len(re.findall(r"[一-鿿]", name)) >= 2 and not _NO_NAME.search(name) and not _NAME.match(name):
        yield _NAME_LABELS.index("".join(label.split())), name


def _right_of(grid: Grid, row: int, column: int) -> str:
    """The text of the next cell in the row that holds something."""
    after = grid.box(row, column).right + 1
    texts = (grid.cells[row, place].value for place in range(after, after + _NEXT_CELLS) if (row, place) in grid.cells)
    found = next((text for text in texts if text not in (None, "")), "")
    return f"{found:.0f}" if isinstance(found, float) else str(found)


def _beside(grid: Grid, is_label: Callable[[str], bool]) -> str:
    """What stands right of the first cell with such a label."""
    return next((_right_of(grid, row, column) for (row, column), cell in _cells(grid)
                 if isinstance(cell.value, str) and len(cell.value) <= LONGEST and is_label(cell.value)), "")
