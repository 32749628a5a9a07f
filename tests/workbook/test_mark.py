"""A marked copy shows the findings and is otherwise the original, byte by byte."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from engines import libreoffice_recalc
from openpyxl.comments import Comment
from validator import xml_errors

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.finding import Finding
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.mark_xml import append, parse, patched, retag
from pyfuncs.workbook.places import Slot, column_letters
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.safe_zip import Unreadable
from pyfuncs.workbook.template import write_workbook

RED, YELLOW, GREY = "FFFFC7CE", "FFFFEB9C", "FFD6DCE4"
PALE_RED = "FFFDF0F0"                                 # a cell the culprit is compared with


def finding(severity: str, *cells: str, message: str = "多 3.00 万元。", alike: bool = False) -> Finding:
    return Finding("430400-2022-JCSJ-012", severity, "rule", "基础数据", 1, cells, message, advice="请核对。", alike=alike)


FINDINGS = (
    finding("error", "基础数据表!D5", "基础数据表!B5", message="控制率 100%，应为 80.00%。"),
    finding("warning", "基础数据表!D5", message='=1+1 <b>&"甲"\x07'),
    finding("rounding", "整体自评表!G27"),
    finding("note", "项目1!C7", "没有的表!A1"),
    finding("error", message="没有找到《项目支出绩效自评表》。"),
)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    typed = {Slot("基础数据", 1, "编制数"): "15", Slot("基础数据", 1, "控制率"): "100%"}
    path = tmp_path / "甲.xlsx"
    write_workbook(path, load_ruleset("430400/2022"), "formula", filling=Filling("430400/2022", "甲中心", typed))
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(source: Path, changes: dict[str, Callable[[str], str]]) -> Path:
    """A copy with parts rewritten, as another program might write them."""
    target = source.with_name(f"edited-{source.name}")
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts(source).items():
            archive.writestr(name, changes[name](data.decode()) if name in changes else data)
    return target


def mark(path: Path, *findings: Finding) -> Path:
    target = path.with_name(f"marked-{path.name}")
    mark_copy(path, target, findings)
    return target


def tints(path: Path, *cells: str) -> list[str]:
    """The colours that cells have whatever they hold; "" for none."""
    found = {f"{sheet.title}!{column_letters(column)}{row}": rule.dxf.fill.bgColor.rgb
             for sheet in openpyxl.load_workbook(path) for formats in sheet.conditional_formatting
             for rule in formats.rules if rule.formula == ['"jixiao"<>""']
             for area in formats.cells.ranges for row, column in area.cells}
    return [found.get(cell, "") for cell in cells]


def notes(path: Path) -> dict[str, str]:
    return {f"{sheet.title}!{cell.coordinate}": cell.comment.text for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows() for cell in row if cell.comment}


# -- what it shows ------------------------------------------------------------------------------------


def test_cells_are_coloured_by_the_worst_finding_and_carry_all_of_them(original: Path):
    marked = mark(original, *FINDINGS)
    cells = ("基础数据表!D5", "基础数据表!B5", "整体自评表!G27", "项目1!C7")
    assert tints(marked, *cells) == [RED, PALE_RED, GREY, GREY]
    first = "（1）430400-2022-JCSJ-012〔必须修改〕控制率 100%，应为 80.00%。 请核对。"
    assert notes(marked) == {
        "基础数据表!B5": first,
        "基础数据表!D5": f'{first}\n（2）430400-2022-JCSJ-012〔请核实〕=1+1 <b>&"甲" 请核对。',
        "整体自评表!G27": "（3）430400-2022-JCSJ-012〔尾差〕多 3.00 万元。 请核对。",
        "项目1!C7": "（4）430400-2022-JCSJ-012〔提示〕多 3.00 万元。 请核对。",
    }


def test_the_sheet_of_findings(original: Path):
    page = openpyxl.load_workbook(mark(original, *FINDINGS))["审核意见"]
    code = "430400-2022-JCSJ-012"
    assert [[cell.value for cell in row if cell.value] for row in page.iter_rows()] == [
        ["审核意见：须修改"],
        ["必须修改 2 条，请核实 1 条，尾差 1 条，提示 1 条（点这一行回到“封面”；点“位置”一栏到那一格）"],
        ["序号", "级别", "编号", "位置", "问题", "怎么办"],
        ["1", "必须修改", code, "基础数据表!D5 等 2 格", "控制率 100%，应为 80.00%。", "请核对。"],
        ["2", "请核实", code, "基础数据表!D5", '=1+1 <b>&"甲"', "请核对。"],
        ["3", "尾差", code, "整体自评表!G27", "多 3.00 万元。", "请核对。"],
        ["4", "提示", code, "项目1!C7 等 2 格", "多 3.00 万元。", "请核对。"],
        ["5", "必须修改", code, "没有找到《项目支出绩效自评表》。", "请核对。"],
    ]
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value} == {"s"}
    assert [page.cell(row, 4).hyperlink.location for row in (4, 5, 6, 7)] == [
        "'基础数据表'!D5", "'基础数据表'!D5", "'整体自评表'!G27", "'项目1'!C7"]
    assert page["D8"].hyperlink is None and page["A2"].hyperlink.location == "'封面'!A1"
    assert [page.cell(row, 2).fill.fgColor.rgb for row in range(4, 9)] == [RED, YELLOW, GREY, GREY, RED]


def test_a_cell_of_a_sheet_that_is_not_there_is_listed_without_a_link(original: Path):
    page = openpyxl.load_workbook(mark(original, finding("note", "没有的表!A1")))["审核意见"]
    assert (page["D4"].value, page["D4"].hyperlink) == ("没有的表!A1", None)


def test_nothing_found(original: Path):
    page = openpyxl.load_workbook(mark(original))["审核意见"]
    assert [page["A1"].value, page["A2"].value] == [
        "审核意见：可以上报", "没有发现问题（点这一行回到“封面”；点“位置”一栏到那一格）"]


def test_a_cell_keeps_its_look(original: Path):
    cells = [openpyxl.load_workbook(path)["基础数据表"]["D5"] for path in (original, mark(original, *FINDINGS))]
    before, after = ([repr(getattr(cell, look)) for look in
                      ("number_format", "font", "border", "alignment", "protection", "fill")] for cell in cells)
    assert before == after


# -- what it leaves alone -----------------------------------------------------------------------------


def test_other_parts_keep_their_bytes_and_the_original_is_untouched(original: Path):
    digest = hashlib.sha256(original.read_bytes()).hexdigest()
    before, after = parts(original), parts(mark(original, *FINDINGS))
    assert {name for name in before if before[name] != after[name]} == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"}
    assert after.keys() - before.keys() == {
        "xl/worksheets/sheet7.xml", "xl/worksheets/sheet8.xml", "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/worksheets/_rels/sheet3.xml.rels", "xl/worksheets/_rels/sheet4.xml.rels",
        "xl/comments1.xml", "xl/comments2.xml", "xl/comments3.xml",
        "xl/drawings/vmlDrawing1.vml", "xl/drawings/vmlDrawing2.vml", "xl/drawings/vmlDrawing3.vml"}
    assert hashlib.sha256(original.read_bytes()).hexdigest() == digest
    assert sorted(path.name for path in original.parent.iterdir()) == ["marked-甲.xlsx", "甲.xlsx"]


def test_a_touched_sheet_differs_in_the_marks_only(original: Path):
    before, after = (parts(path)["xl/worksheets/sheet2.xml"].decode()
                     for path in (original, mark(original, *FINDINGS)))
    unmarked = re.sub(r"<legacyDrawing [^>]*/>", "", after)
    ours = r'<conditionalFormatting sqref="[A-Z0-9 ]+"><cfRule [^>]*><formula>"jixiao"&lt;&gt;""</formula></cfRule></conditionalFormatting>'
    assert re.sub(ours, "", unmarked) == before


def test_the_marked_copy_reads_as_the_original_does(original: Path):
    submission, marked = read_submission(original), read_submission(mark(original, *FINDINGS))
    assert (marked.items, marked.troubles) == (submission.items, submission.troubles)


def test_the_same_marks_give_the_same_bytes(original: Path, tmp_path: Path):
    mark_copy(original, tmp_path / "b.xlsx", FINDINGS)
    assert mark(original, *FINDINGS).read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_an_existing_target_is_not_overwritten(original: Path, tmp_path: Path):
    (tmp_path / "b.xlsx").write_text("别人的")
    with pytest.raises(FileExistsError):
        mark_copy(original, tmp_path / "b.xlsx", FINDINGS)
    assert (tmp_path / "b.xlsx").read_text() == "别人的"


# -- what spreadsheet programs make of it -------------------------------------------------------------


def test_it_is_valid_for_excel(original: Path):
    assert xml_errors(mark(original, *FINDINGS)) == []


def test_libreoffice_keeps_colours_and_notes(original: Path, tmp_path: Path):
    marked = mark(original, *FINDINGS)
    saved = libreoffice_recalc(marked, tmp_path / "lo")
    assert tints(saved, "基础数据表!D5", "整体自评表!G27") == [RED, GREY]
    assert notes(saved).keys() == notes(marked).keys()


def test_a_copy_that_is_marked_again_has_the_new_marks_only(original: Path, tmp_path: Path):
    again = mark(mark(original, *FINDINGS), finding("warning", "基础数据表!D5", "基础数据表!C5"))
    mark_copy(original, tmp_path / "once.xlsx", [finding("warning", "基础数据表!D5", "基础数据表!C5")])
    assert parts(again) == parts(tmp_path / "once.xlsx")


def test_a_sheet_of_the_clerks_own_by_that_name_stays(original: Path):
    book = openpyxl.load_workbook(original)
    book.create_sheet("审核意见")["A1"] = "我的意见"
    book.save(own := original.with_name("own.xlsx"))
    marked = openpyxl.load_workbook(mark(own, *FINDINGS))
    assert marked.sheetnames[-3:] == ["审核意见", "审核意见2", "_jixiao_marks"]
    assert (marked["审核意见"]["A1"].value, marked["_jixiao_marks"].sheet_state) == ("我的意见", "veryHidden")


def test_notes_that_were_there_stay(original: Path, tmp_path: Path):
    book = openpyxl.load_workbook(original)
    book["基础数据表"]["B5"].comment = Comment("财务科：已核", "财务科")
    book["基础数据表"]["A1"].comment = Comment("别处", "财务科")
    book.save(tmp_path / "b.xlsx")
    marked = mark(tmp_path / "b.xlsx", FINDINGS[0])
    first = "（1）430400-2022-JCSJ-012〔必须修改〕控制率 100%，应为 80.00%。 请核对。"
    assert notes(marked) == {
        "基础数据表!A1": "别处", "基础数据表!B5": f"财务科：已核\n{first}", "基础数据表!D5": first}
    assert xml_errors(marked) == xml_errors(tmp_path / "b.xlsx"), "openpyxl's own errors, no others"
    comments = parse(parts(marked)["xl/comments/comment1.xml"]).first("commentList").children
    assert [[child.local for child in comment.first("text").children] for comment in comments] == [
        ["t"], ["r", "r"], ["r"]], "plain text and runs side by side would show the plain text only"


@pytest.mark.parametrize("cells", [("Z5",), ("D4", "Z99", "A98"), ("D60",)])
def test_cells_that_are_not_in_the_file_are_coloured(original: Path, cells: tuple[str, ...]):
    marked = mark(original, finding("warning", *(f"基础数据表!{cell}" for cell in cells), alike=True))
    assert tints(marked, *(f"基础数据表!{cell}" for cell in cells)) == [YELLOW] * len(cells)
    assert notes(marked).keys() == {f"基础数据表!{cell}" for cell in cells}
    assert xml_errors(marked) == []


def test_a_workbook_without_differential_formats_is_coloured(original: Path):
    def without(text: str) -> str:
        return re.sub(r"<dxfs.*?</dxfs>|<dxfs[^>]*/>", "", text)

    def plain(text: str) -> str:
        return re.sub(r"<conditionalFormatting.*?</conditionalFormatting>", "", text)

    sheets = {f"xl/worksheets/sheet{number}.xml": plain for number in range(1, 7)}
    marked = mark(edited(original, {"xl/styles.xml": without, **sheets}), *FINDINGS)
    assert tints(marked, "基础数据表!D5", "整体自评表!G27") == [RED, GREY]
    assert xml_errors(marked) == []


def test_long_and_hostile_words_stay_within_what_a_cell_and_a_note_hold(original: Path):
    evil = '=HYPERLINK("http://x","y")' + "长" * 40_000
    marked = mark(original, finding("error", "基础数据表!D5", message=evil))
    note, page = notes(marked)["基础数据表!D5"], openpyxl.load_workbook(marked)["审核意见"]
    assert len(note) < 8_100 and note.endswith("……（没有写完，全文见“审核意见”表）")
    assert (page["E4"].data_type, len(page["E4"].value)) == ("s", 32_000)
    assert xml_errors(marked) == []


def test_names_with_quotes_are_linked_and_remembered(original: Path):
    book = openpyxl.load_workbook(original)
    book.create_sheet("甲'乙 & <丙>")["B2"] = 1
    book.save(odd := original.with_name("odd.xlsx"))
    marked = openpyxl.load_workbook(mark(odd, finding("error", "甲'乙 & <丙>!B2")))
    assert marked["审核意见"]["D4"].hyperlink.location == "'甲''乙 & <丙>'!B2"
    assert marked.defined_names["_jixiao_mark_1"].attr_text == "'甲''乙 & <丙>'!$B$2"


def test_a_sheet_with_prefixes_is_marked(original: Path):
    def prefixed(text: str) -> str:
        text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", text)
        return text.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=")

    marked = mark(edited(original, {"xl/worksheets/sheet2.xml": prefixed}), *FINDINGS)
    assert tints(marked, "基础数据表!D5", "基础数据表!B5") == [RED, PALE_RED]
    assert xml_errors(marked) == []


@pytest.mark.parametrize("number", ["", ' sheetId="x"', ' sheetId="' + "9" * 5000 + '"'])
def test_a_sheet_without_a_number_is_no_reason_to_stop(original: Path, number: str):
    def unnumbered(text: str) -> str:
        return re.sub(r' sheetId="2"', number, text)

    marked = parts(mark(edited(original, {"xl/workbook.xml": unnumbered}), *FINDINGS))["xl/workbook.xml"].decode()
    known = re.findall(r' sheetId="(\d)"', parts(original)["xl/workbook.xml"].decode())
    assert "2" in known and re.findall(r'name="审核意见" sheetId="(\d+)"', marked) == [str(int(max(known)) + 1)]


@pytest.mark.parametrize(("changes", "code"), [
    ({"xl/workbook.xml": lambda text: text.replace("schemas.openxmlformats.org/spreadsheetml/2006/main",
                                                   "purl.oclc.org/ooxml/spreadsheetml/main")}, "not-markable"),
    ({"xl/styles.xml": lambda text: text.replace("cellXfs", "otherXfs")}, "not-markable"),
    ({"xl/styles.xml": lambda text: text[:200]}, "broken-xml"),
])
def test_a_package_that_cannot_be_patched_is_refused(original: Path, changes: dict, code: str):
    path = edited(original, changes)
    with pytest.raises(Unreadable) as refusal:
        mark(path, *FINDINGS)
    assert refusal.value.trouble.code == code
    assert not path.with_name(f"marked-{path.name}").exists()


# -- patching -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [
    ("<a><b/></a>", "<a><b/>+</a>"),
    ("<a/>", "<a>+</a>"),
    ('<?xml version="1.0"?>\n<!-- a --><a  x = "1>2" ><b/></a ><!-- b -->',
     '<?xml version="1.0"?>\n<!-- a --><a  x = "1>2" ><b/>+</a ><!-- b -->'),
    ("<p:a xmlns:p='u'>é<![CDATA[</p:a>]]></p:a>", "<p:a xmlns:p='u'>é<![CDATA[</p:a>]]>+</p:a>"),
])
def test_appending_touches_nothing_else(text: str, expected: str):
    data = text.encode()
    assert patched(data, append(parse(data), "+")) == expected.encode()


def test_setting_an_attribute_rewrites_one_tag():
    data = "<a y='1'><b s='1' q=\"&quot;&lt;\"/><b s='1'/></a>".encode()
    assert patched(data, [retag(parse(data).children[0], {"s": "7"})]) == (
        b"<a y='1'><b s=\"7\" q='\"&lt;'/><b s='1'/></a>")


def test_another_encoding_is_not_patched():
    with pytest.raises(ValueError, match="utf-16"):
        parse('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"))
