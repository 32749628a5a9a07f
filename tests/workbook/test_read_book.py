"""The package reader against openpyxl, and the spellings of a sheet that are all legal."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from engines import libreoffice_recalc

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.places import Slot
from pyfuncs.workbook.grid import RawCell
from pyfuncs.workbook.read_book import Book, read_book
from pyfuncs.workbook.safe_zip import open_package
from pyfuncs.workbook.template import write_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LAST_ROW = 1_048_576


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    typed = {Slot("基础数据", 1, "编制数"): "15", Slot("基础数据", 1, "在职人数"): "12",
             Slot("基础数据", 1, "办公经费.本年决算"): "2.46", Slot("基础数据", 1, "厉行节约"): "一\n二 & <三>",
             Slot("整体自评", 1, "公共财政拨款"): "180.15", Slot("项目", 1, "指标.指标值", 1, "数量指标"): "=100%"}
    write_workbook(path, load_ruleset("430400/2022"), "formula", filling=Filling("430400/2022", "某中心", typed))
    return path


@pytest.mark.parametrize("program", ["our own", "LibreOffice"])
def test_cells_are_those_that_openpyxl_sees(written: Path, tmp_path: Path, program: str):
    path = written if program == "our own" else libreoffice_recalc(written, tmp_path)
    book = read_book(open_package(path))
    values, formulas = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    assert [sheet.name for sheet in book.sheets] == values.sheetnames
    for sheet in book.sheets:
        cells, hidden = book.cells(sheet, LAST_ROW)
        ours = {place: (cell.value, bool(cell.formula), cell.format) for place, cell in cells.items()
                if cell.value not in (None, "") or cell.formula}
        page, known = values[sheet.name], formulas[sheet.name]
        theirs = {(cell.row, cell.column): (page.cell(cell.row, cell.column).value, cell.data_type == "f",
                                            cell.number_format)
                  for row in known.iter_rows() for cell in row if cell.value is not None}
        assert {place: (value or None, *rest) for place, (value, *rest) in ours.items()} == {
            place: (value or None, *rest) for place, (value, *rest) in theirs.items()}
        assert hidden == {row for row, look in page.row_dimensions.items() if look.hidden}
        assert sheet.names.keys() >= known.defined_names.keys()


def minimal(path: Path, sheet: bytes | str, strings: str = "", styles: str = "", main: str = MAIN) -> Book:
    """A workbook of one sheet, written by hand."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{R}/officeDocument" Target="xl/wb.xml"/>'
                       "</Relationships>",
        "xl/wb.xml": f'<workbook xmlns="{main}" xmlns:r="{R}"><sheets>'
                     '<sheet name="表" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/wb.xml.rels":
            f'<Relationships><Relationship Id="s" Type="{R}/worksheet" Target="/xl/s.xml"/>'
            + (f'<Relationship Id="t" Type="{R}/sharedStrings" Target="strings.xml"/>' if strings else "") +
            f'<Relationship Id="u" Type="{R}/styles" Target="styles.xml"/></Relationships>',
        "xl/s.xml": sheet,
        **({"xl/strings.xml": f'<sst xmlns="{main}">{strings}</sst>'} if strings else {}),
        **({"xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>'} if styles else {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return read_book(open_package(path))


def sheet(cells: str, main: str = MAIN) -> str:
    return f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'


STRINGS = ("<si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh><t>注音</t></rPh></si>"
           "<si><t>a_x000D_b</t></si>")
ONE = {(1, 1): RawCell(1.5)}
SPELLINGS = {
    "usual": (sheet('<row r="1"><c r="A1"><v>1.5</v></c></row>'), ONE),
    "no addresses": (sheet("<row><c><v>1.5</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>"),
                     {(1, 1): RawCell(1.5), (1, 3): RawCell(2.0), (2, 1): RawCell(3.0)}),
    "prefix": (f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1.5</x:v></x:c>'
               "</x:row></x:sheetData></x:worksheet>", ONE),
    "strict": (sheet('<row r="1"><c r="A1"><v>1.5</v></c></row>', STRICT), ONE),
    "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>'
               + sheet('<row r="1"><c r="A1"><v>1.5</v></c></row>'), ONE),
    "CDATA and comment": (sheet('<row r="1"><c r="A1"><!-- 9 --><v><![CDATA[1.5]]></v></c></row>'), ONE),
    "shared strings": (sheet('<row r="3"><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c></row>'),
                       {(3, 2): RawCell("乙丙"), (3, 3): RawCell("a\rb")}),
    "inline string": (sheet('<row r="1"><c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t> 乙</t></r>'
                            "<rPh><t>注音</t></rPh></is></c></row>"), {(1, 1): RawCell("甲 乙")}),
    "error, truth, empty text": (
        sheet('<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1" t="b"><v>1</v></c>'
              '<c r="C1" t="str"><f>""</f><v></v></c></row>'),
        {(1, 1): RawCell("#DIV/0!", "1/0"), (1, 2): RawCell(True), (1, 3): RawCell("", '""')}),
    "formula without value": (sheet('<row r="1"><c r="A1"><f>A2</f></c><c r="B1"><f>A2</f><v/></c></row>'),
                              {(1, 1): RawCell(None, "A2", cached=False),
                               (1, 2): RawCell(None, "A2", cached=False)}),
    "shared formula": (sheet('<row r="1"><c r="A1"><f t="shared" si="0"/><v>7</v></c></row>'),
                       {(1, 1): RawCell(7.0, "（共享公式）")}),
    "rule sets in a formula": (
        sheet('<row r="1"><c r="A1"><f>JX_GRADE("1/2",B1)&amp;_xll.jx_rate( "3/4" ,"5/6",1)</f><v>7</v></c>'
              '<c r="B1"><v>1</v></c><c r="C1"><f>\'a.xlsm\'!JX_WAN(B1)</f><v>1</v></c></row>'),
        {(1, 1): RawCell(7.0, 'JX_GRADE("1/2",B1)&_xll.jx_rate( "3/4" ,"5/6",1)', rulesets=("1/2", "3/4")),
         (1, 2): RawCell(1.0), (1, 3): RawCell(1.0, "'a.xlsm'!JX_WAN(B1)")}),
    "below the last row": (sheet('<row r="5"><c r="A5"><v>1</v></c></row>'
                                 '<row r="99"><c r="A99"><v>1</v></c></row>'),
                           {(5, 1): RawCell(1.0)}),
    "no numbers but to Python": (sheet('<row r="1"><c r="A1"><v>1_5</v></c><c r="B1"><v>٣</v></c></row>'),
                                 {(1, 1): RawCell("1_5"), (1, 2): RawCell("٣")}),
    "last cell of all": (sheet('<row r="9"><c r="XFD9"><v>1</v></c></row>'), {(9, 16384): RawCell(1.0)}),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_every_legal_spelling_is_read(tmp_path: Path, case: str):
    text, expected = SPELLINGS[case]
    main = STRICT if case == "strict" else MAIN
    data = text.encode("utf-16") if case == "UTF-16" else text
    book = minimal(tmp_path / "a.xlsx", data, STRINGS, main=main)
    assert book.cells(book.sheets[0], 50) == (expected, frozenset())


def test_number_formats_and_hidden_rows(tmp_path: Path):
    styles = ('<numFmts count="1"><numFmt numFmtId="164" formatCode="0.000"/></numFmts>'
              '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
              '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs>')
    text = sheet('<row r="1" hidden="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>1</v></c>'
                 '<c r="C1" s="2"><v>1</v></c><c r="D1" s="7"><v>1</v></c></row>')
    book = minimal(tmp_path / "a.xlsx", text, styles=styles)
    cells, hidden = book.cells(book.sheets[0], 50)
    assert [cell.format for cell in cells.values()] == ["General", "0.000", "0.00%", "General"]
    assert hidden == {1}
