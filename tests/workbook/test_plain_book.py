"""Of an .xls file or a Word document the marked copy is a new workbook: the same values at the same addresses."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from own_layouts import OwnBook, own_books
from validator import xml_errors

from pyfuncs.live.copies import marked_copies
from pyfuncs.workbook.collect import collect
from pyfuncs.workbook.grid import Grid, RawCell
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.plain_book import plain_book
from pyfuncs.workbook.process import process
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.unmark import unmark

KINDS = ("xls", "docx")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, OwnBook]:
    folder = tmp_path_factory.mktemp("own")
    return dict(zip(KINDS, own_books([("hengyang", kind, "") for kind in KINDS], folder)))


def values(grids: tuple[Grid, ...]) -> dict[str, dict[tuple[int, int], object]]:
    return {grid.name: {place: cell.value for place, cell in grid.cells.items() if cell.value not in (None, "")}
            for grid in grids}


@pytest.mark.parametrize("kind", KINDS)
def test_a_marked_copy_holds_what_was_read_and_the_marks(books: dict[str, OwnBook], tmp_path: Path, kind: str):
    before = books[kind].path.read_bytes()
    one = process(books[kind].path)
    [copy], problems = marked_copies([one], tmp_path)
    assert (copy.name, problems) == (f"{books[kind].path.stem}（审核意见）.xlsx", [])
    book = openpyxl.load_workbook(copy)
    noted = {f"{sheet.title}!{cell.coordinate}" for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment}
    assert noted == {cell for finding in one.findings for cell in finding.cells}
    listed = [book["审核意见"].cell(row, 3).value for row in range(4, 4 + len(one.findings))]
    assert listed == [finding.rule_id for finding in one.findings]
    assert xml_errors(copy) == []
    unmark(copy, tmp_path / "去掉标注.xlsx")
    assert values(open_source(tmp_path / "去掉标注.xlsx").grids) == values(open_source(books[kind].path).grids)
    assert books[kind].path.read_bytes() == before and collect([tmp_path / copy.name]).named


def test_texts_stay_texts_and_sheets_stay_hidden(tmp_path: Path):
    cells = {(1, 1): RawCell("=1+1"), (1, 2): RawCell("http://例.cn"), (2, 1): RawCell(0.5, format="0%"),
             (2, 2): RawCell(True), (3, 1): RawCell("#DIV/0!"), (3, 2): RawCell("长" * 40_000)}
    overlapping = (Box(4, 1, 4, 2), Box(4, 2, 5, 2), Box(9, 9, 10, 10))
    grids = (Grid("隐藏", {}, visible=False), Grid("表", cells, overlapping, hidden_rows=frozenset({2})))
    path = tmp_path / "a.xlsx"
    path.write_bytes(plain_book(grids))
    book = openpyxl.load_workbook(path)
    page = book["表"]
    assert [[(cell.value if len(str(cell.value)) < 99 else len(cell.value), cell.data_type) for cell in row]
            for row in page["A1:B3"]] == [
        [("=1+1", "s"), ("http://例.cn", "s")], [(0.5, "n"), (True, "b")], [("#DIV/0!", "s"), (32_000, "s")]]
    assert (page["A2"].number_format, page["B1"].hyperlink, page.row_dimensions[2].hidden) == ("0%", None, True)
    assert (book["隐藏"].sheet_state, page.sheet_state) == ("hidden", "visible")


def test_sheets_that_can_not_stand_in_a_workbook():
    with pytest.raises(ValueError):
        plain_book((Grid("甲[乙]", {}),))
