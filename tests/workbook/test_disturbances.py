"""The units' own layouts and their disturbances keep what the units typed, and change what they say they change."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
import xlrd

from disturb import DISTURBANCES
from own_clean import CORRECTIONS
from own_files import stacked
from own_layouts import UNITS, VARIANTS, OwnBook, own_books, own_filling, own_sheets
from own_sheets import Order, Spot, label, placed
from pyfuncs.workbook.places import Box, Slot

_BACK = str.maketrans("≧═≦", "≥=≤")
ALL = [(unit, kind, disturbance) for unit in UNITS for kind, disturbance in VARIANTS]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], OwnBook]:
    return dict(zip(ALL, own_books(ALL, tmp_path_factory.mktemp("own"))))


@pytest.mark.parametrize("variant", ALL, ids="-".join)
def test_every_item_stands_where_it_is_said_to(books: dict, variant: tuple[str, str, str]) -> None:
    book, typed = books[variant], own_filling(variant[0]).typed
    shown = _READERS[book.path.suffix](book.path)
    assert {slot for slot in typed if slot.form} <= set(book.where)
    there = {slot: shown(book.where[slot]) for slot in typed if slot.form}
    assert {slot: value for slot, value in there.items() if not _stands(typed[slot], value)} == {}


def _stands(typed: str, value: object) -> bool:
    """A typed text, or the number a spreadsheet makes of it; within a label where the form has it so."""
    if isinstance(value, (int, float)):
        number = Decimal(typed.rstrip("%"))
        return float(number / 100 if "%" in typed else number) == value
    text = str(value).translate(_BACK)
    wide = text.translate(str.maketrans("():", "（）："))
    return text == typed or wide.endswith((f"：{typed}万元", f"（{typed}）"))


def _in_xlsx(path: Path) -> Callable[[str], object]:
    book = openpyxl.load_workbook(path)
    return lambda cell: book[cell.rpartition("!")[0]][cell.rpartition("!")[2]].value


def _in_xls(path: Path) -> Callable[[str], object]:
    book = xlrd.open_workbook(str(path))

    def value(cell: str) -> object:
        sheet, _, address = cell.rpartition("!")
        box = Box.at(address)
        return book.sheet_by_name(sheet).cell_value(box.top - 1, box.left - 1)
    return value


def _in_docx(path: Path) -> Callable[[str], object]:
    tables = docx.Document(str(path)).tables

    def value(cell: str) -> object:
        table, _, address = cell.rpartition("!")
        box = Box.at(address)
        return tables[int(table.removeprefix("表")) - 1].cell(box.top - 1, box.left - 1).text
    return value


_READERS = {".xlsx": _in_xlsx, ".xls": _in_xls, ".docx": _in_docx}


@pytest.mark.parametrize("disturbance", DISTURBANCES)
@pytest.mark.parametrize("unit", UNITS)
def test_a_disturbance_is_always_the_same_and_never_nothing(unit: str, disturbance: str) -> None:
    assert own_sheets(unit, disturbance) == own_sheets(unit, disturbance) != own_sheets(unit)


@pytest.mark.parametrize("disturbance", ["", *DISTURBANCES])
@pytest.mark.parametrize("unit", UNITS)
def test_no_cell_lies_over_another_and_no_item_is_there_twice(unit: str, disturbance: str) -> None:
    for sheet in own_sheets(unit, disturbance):
        cells = [cell for spot in stacked(sheet) for cell in spot.box.cells()]
        assert len(cells) == len(set(cells))
    slots = [spot.slot for spot in _spots(unit, disturbance) if spot.slot]
    assert len(slots) == len(set(slots)) and set(slots) == {spot.slot for spot in _spots(unit) if spot.slot}


def _spots(unit: str, disturbance: str = "") -> Iterator[Spot]:
    return (spot for sheet in own_sheets(unit, disturbance) for table in sheet.tables for spot in table.spots)


def _size(unit: str, disturbance: str = "") -> list[tuple[int, int]]:
    return [(table.rows, table.columns) for sheet in own_sheets(unit, disturbance) for table in sheet.tables]


@pytest.mark.parametrize("unit", UNITS)
def test_rows_and_columns_are_inserted(unit: str) -> None:
    grown = [(after[0] - before[0], after[1] - before[1])
             for before, after in zip(_size(unit), _size(unit, "rows"), strict=True)]
    assert all(2 <= rows <= 3 and not columns for rows, columns in grown)
    assert any("页" in spot.text for spot in _spots(unit, "rows") if spot.kind == "note")
    wider = [after[1] - before[1] for before, after in zip(_size(unit), _size(unit, "columns"), strict=True)]
    assert max(wider) == 2 and min(wider) >= 1


def _bare(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text).replace("“", '"').replace("”", '"')
    return "".join(sign for sign in normal if not sign.isspace()).translate(_BACK)


@pytest.mark.parametrize("unit", UNITS)
def test_disturbed_labels_keep_their_words_and_slips_change_one_sign_of_a_few(unit: str) -> None:
    own = list(_spots(unit))
    assert [_bare(spot.text) for spot in own] == [_bare(spot.text) for spot in _spots(unit, "labels")]
    slipped = [(before.text, after.text) for before, after in zip(own, _spots(unit, "slips"), strict=True)
               if before != after]
    assert 3 <= len(slipped) <= 6
    assert all(sum(a != b for a, b in zip(*pair, strict=True)) == 1 for pair in slipped)


@pytest.mark.parametrize("unit", UNITS)
def test_columns_change_places_together_with_their_header(unit: str) -> None:
    """Within a table, what stands under a header is under the same header afterwards."""
    moved = 0
    for before, after in zip((t for s in own_sheets(unit) for t in s.tables),
                             (t for s in own_sheets(unit, "order") for t in s.tables), strict=True):
        for order in before.orders:
            was, now = _columns(before.spots, order), _columns(after.spots, order)
            assert sorted(was.values()) == sorted(now.values())
            moved += was != now
    assert moved


def _columns(spots: tuple[Spot, ...], order: Order) -> dict[int, str]:
    return {column: "\n".join(spot.text for spot in sorted(spots, key=lambda spot: spot.box)
                              if spot.box.left == spot.box.right == column
                              and order.top <= spot.box.top <= order.bottom)
            for column in order.columns}


def test_pages_break_every_long_table_and_repeat_its_header() -> None:
    for unit in UNITS:
        broken = [table for sheet in own_sheets(unit, "pages") for table in sheet.tables]
        assert len(broken) > len(_size(unit))
        for upper, lower in zip(broken, broken[1:]):
            if upper.below == ("— 1 —",):
                top, bottom = upper.head
                heads = [[spot.text for spot in table.spots if spot.kind == "head" and first <= spot.box.top <= last]
                         for table, first, last in ((upper, top, bottom), (lower, *lower.head))]
                assert heads[0] == heads[1] != []


def test_sheets_are_renamed_and_joined_by_others() -> None:
    for unit in UNITS:
        own, found = own_sheets(unit), own_sheets(unit, "sheets")
        assert not {sheet.name for sheet in own} & {sheet.name for sheet in found}
        assert [sheet.visible for sheet in found].count(False) == 1 and len(found) == len(own) + 2
        [moved] = own_sheets(unit, "moved")
        assert min(spot.box for spot in stacked(moved)).cell == "C5"


def test_merged_cells_are_taken_apart() -> None:
    for unit in UNITS:
        def merged(disturbance: str) -> int:
            return sum(not spot.box.single for spot in _spots(unit, disturbance))
        assert merged("merges") < merged("") / 2


def test_corrections_name_items_that_there_are() -> None:
    for unit in UNITS:
        own, clean = own_filling(unit).typed, own_filling(unit, clean=True).typed
        assert len({slot for slot in clean if clean[slot] != own.get(slot)}) == len(CORRECTIONS[unit])
        assert set(clean) <= {spot.slot for spot in _spots(unit)} | {slot for slot in clean if not slot.form}


@pytest.mark.parametrize("rows", [
    [[label("甲", down=2), label("乙")], [label("丙"), label("丁")]],
    [[label("甲", across=2)], [label("乙")]],
], ids=["sticks out", "leaves a hole"])
def test_a_layout_that_is_no_rectangle_is_refused(rows: list) -> None:
    with pytest.raises(ValueError, match="no rectangle"):
        placed(rows)


def test_a_cell_is_addressed_by_sheet_in_a_workbook_and_by_table_in_a_document(books: dict) -> None:
    rate = Slot("基础数据", 1, "控制率")
    assert [books["liuyang", kind, ""].where[rate] for kind in ("xlsx", "xls", "docx")] == [
        "Sheet1!D4", "Sheet1!D4", "表1!D2"]
