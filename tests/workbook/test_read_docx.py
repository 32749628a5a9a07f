"""Tables of Word documents as grids: merged cells, inner tables, tracked changes, what stands around them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from pyfuncs.workbook.grid import UNKNOWN_FORMAT, Grid, RawCell
from pyfuncs.workbook.limits import Limits, limited
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.watch import Unreadable

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def written(path: Path, body: str) -> tuple[Grid, ...]:
    """The grids of a document with that body."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return open_source(path).grids


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(inside: str, properties: str = "") -> str:
    inside = inside if inside.startswith("<") else paragraph(inside)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def texts(grid: Grid) -> dict[tuple[int, int], object]:
    return {place: raw.value for place, raw in grid.cells.items()}


def test_a_table_that_word_merged(tmp_path: Path):
    document = docx.Document()
    page = document.add_table(3, 4)
    for row in range(3):
        for column in range(4):
            page.cell(row, column).text = f"{row}{column}"
    for first, last in (((0, 0), (0, 2)), ((1, 0), (2, 0)), ((1, 2), (2, 3))):
        merged = page.cell(*first).merge(page.cell(*last))
        merged.text = "合"
    document.save(tmp_path / "a.docx")
    [grid] = open_source(tmp_path / "a.docx").grids
    assert texts(grid) == {(1, 1): "合", (1, 4): "03", (2, 1): "合", (2, 2): "11", (2, 3): "合", (3, 2): "21"}
    assert set(grid.merges) == {Box(1, 1, 1, 3), Box(2, 1, 3, 1), Box(2, 3, 3, 4)}
    assert grid.at(3, 4).value == "合"


def test_cells_hold_text_and_tell_no_format(tmp_path: Path):
    [grid] = written(tmp_path / "a.docx", table(cell("94%") + cell("")))
    assert grid.cells == {(1, 1): RawCell("94%", format=UNKNOWN_FORMAT)}


TEXTS = {
    "two paragraphs": (paragraph("甲") + paragraph("乙"), "甲\n乙"),
    "runs, a line end, a tab": ("<w:p><w:r><w:t>甲</w:t><w:br/></w:r><w:r><w:tab/><w:t xml:space='preserve'> 乙</w:t>"
                                "</w:r></w:p>", "甲\n\t 乙"),
    "tab stops are no tabs": ("<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>甲</w:t></w:r>"
                              "</w:p>", "甲"),
    "tracked insertion": ("<w:p><w:ins><w:r><w:t>25.5</w:t></w:r></w:ins></w:p>", "25.5"),
    "tracked deletion": ("<w:p><w:del><w:r><w:delText>25.5</w:delText></w:r></w:del><w:r><w:t>26</w:t></w:r></w:p>",
                         "26"),
    "moved away": ("<w:p><w:moveFrom><w:r><w:t>25</w:t></w:r></w:moveFrom><w:r><w:t>26</w:t></w:r></w:p>", "26"),
    "content control": ("<w:sdt><w:sdtContent><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:sdtContent></w:sdt>", "甲"),
    "content control in a line": ("<w:p><w:sdt><w:sdtContent><w:r><w:t>甲</w:t></w:r></w:sdtContent></w:sdt></w:p>",
                                  "甲"),
    "field": ("<w:p><w:r><w:instrText>SUM(ABOVE)</w:instrText></w:r><w:r><w:t>12</w:t></w:r></w:p>", "12"),
    "text box, once": ("<w:p><w:r><w:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:Choice>"
                       "<w:Fallback><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:Fallback>"
                       "</w:r><w:r><w:t>外</w:t></w:r></w:p>", "框\n外"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_what_counts_as_the_text_of_a_cell(tmp_path: Path, case: str):
    inside, expected = TEXTS[case]
    [grid] = written(tmp_path / "a.docx", table(cell(inside)))
    assert texts(grid) == {(1, 1): expected}


def test_rows_that_begin_or_end_later(tmp_path: Path):
    [grid] = written(tmp_path / "a.docx", table(
        cell("甲", "<w:gridSpan w:val='2'/>") + cell("乙"),
        "<w:trPr><w:gridBefore w:val='2'/></w:trPr>" + cell("丙")))
    assert texts(grid) == {(1, 1): "甲", (1, 3): "乙", (2, 3): "丙"}


def test_a_merge_that_nothing_began_is_a_cell(tmp_path: Path):
    [grid] = written(tmp_path / "a.docx", table(cell("甲", "<w:vMerge/>"), cell("乙", "<w:vMerge/>"),
                                                cell("丙", "<w:vMerge w:val='restart'/>"), cell("", "<w:vMerge/>")))
    assert texts(grid) == {(1, 1): "甲", (3, 1): "丙"}
    assert grid.merges == (Box(1, 1, 2, 1), Box(3, 1, 4, 1))


def test_what_stands_around_each_table(tmp_path: Path):
    inner = table(cell("里"))
    first, second, third = written(tmp_path / "a.docx", "".join([
        paragraph("附件1"), paragraph("单位：万元"), table(cell(paragraph("前") + inner + paragraph("后")) + cell("右")),
        paragraph(" "), paragraph("填表人："), table(cell("三")), paragraph("完")]))
    assert [(grid.name, texts(grid), grid.text_above, grid.text_below) for grid in (first, second, third)] == [
        ("表1", {(1, 1): "前\n后", (1, 2): "右"}, ("附件1", "单位：万元"), ("填表人：",)),
        ("表2", {(1, 1): "里"}, ("前",), ("后",)),
        ("表3", {(1, 1): "三"}, ("填表人：",), ("完",))]


@pytest.mark.parametrize(("body", "limits", "code"), [
    (paragraph("没有表"), Limits(), "no-tables"),
    (table(cell("甲")) * 3, Limits(sheets=2), "too-many-tables"),
    (table(cell("甲") * 11), Limits(cells=10), "too-many-cells"),
    (table(cell("甲" * 11)), Limits(text=10), "long-text"),
    (table(cell("甲")), Limits(seconds=0), "too-slow"),
    ("<w:p>", Limits(), "broken-xml"),
])
def test_what_can_not_be_read_is_told(tmp_path: Path, body: str, limits: Limits, code: str):
    with limited(limits), pytest.raises(Unreadable) as caught:
        written(tmp_path / "a.docx", body)
    assert caught.value.trouble.code == code


def test_a_span_without_end_is_cut(tmp_path: Path):
    [grid] = written(tmp_path / "a.docx", table(cell("甲", "<w:gridSpan w:val='99999999'/>") + cell("乙"),
                                                cell("丙", f"<w:gridSpan w:val='{'9' * 5000}'/>") + cell("丁")))
    assert texts(grid) == {(1, 1): "甲", (1, 64): "乙", (2, 1): "丙", (2, 2): "丁"}
