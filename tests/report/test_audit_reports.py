"""审核报告 as Excel and as a page: verdict first, one row per finding, links, and no text that acts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from sample_units import unit_a, unit_b
from validator import xml_errors

from pyfuncs.checks.finding import Finding
from pyfuncs.consolidate.consolidate import consolidate
from pyfuncs.report.audit_html import audit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.console import consolidation_text, validation_text

MADE = date(2023, 3, 1)
ERROR = Finding("R-1", "error", "rule", "基础数据", 1, ("基础数据表!D5", "基础数据表!B5"), "填 100%，应为 80%。", "80%", "100%",
                "20 个百分点", "请改正。", "依据甲")
NOTE = Finding("R-2", "note", "not-run", "", 1, (), "没有核对。", advice="请补填。")


def units():
    return [replace(unit_a(path="甲/表 1.xlsx"), findings=(ERROR, NOTE)), replace(unit_b(), findings=(NOTE,))]


def book_of(filed, folder=Path()) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(audit_workbook(filed, folder, MADE)))


def values(sheet) -> list[list]:
    return [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]


def test_the_verdict_comes_first_then_the_units():
    sheet = book_of(units())["审核结论"]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        "绩效自评审核报告", "结论：须修改",
        "共审核 2 个文件：1 个可以上报，1 个须修改；必须修改 1 条，请核实 0 条，尾差 0 条，提示 2 条。审核日期：2023年03月01日"]
    assert values(sheet)[4:] == [
        [1, "甲中心", "2022", "430400/2022", "须修改", 1, 0, 0, 1, "甲/表 1.xlsx"],
        [2, "乙中心", "2022", "430400/2022", "可以上报", 0, 0, 0, 1, "乙中心.xlsx"]]


def test_findings_by_rule_and_one_by_one():
    book = book_of(units())
    assert values(book["按规则"])[1:] == [
        ["R-1", "必须修改", 1, 1, "填 100%，应为 80%。", "甲中心", "依据甲"],
        ["R-2", "提示", 2, 2, "没有核对。", "甲中心、乙中心", ""]]
    assert values(book["审核明细"])[1][:11] == [
        1, "甲中心", "必须修改", "R-1", "基础数据表!D5", "基础数据表!B5", "填 100%，应为 80%。", "80%", "100%", "20 个百分点", "请改正。"]
    assert len(values(book["审核明细"])) == 4


def test_a_finding_links_to_its_file_and_cell(tmp_path: Path):
    filed = [replace(one, submission=replace(one.submission, path=str(tmp_path / one.submission.path))) for one in units()]
    sheet = book_of(filed, tmp_path / "报告")["审核明细"]
    link = sheet["E2"].hyperlink
    assert (link.target, link.location) == ("..\\甲\\表%201.xlsx", "'基础数据表'!D5")
    assert (sheet["B2"].hyperlink.target, sheet["E3"].hyperlink) == ("..\\甲\\表%201.xlsx", None)


def test_nothing_found():
    book = book_of([replace(unit_a(), findings=())])
    assert book["审核结论"]["A2"].value == "结论：可以上报"
    assert book["审核明细"]["A2"].value == "没有发现问题"


def test_the_workbook_is_sound(tmp_path: Path):
    (tmp_path / "审核报告.xlsx").write_bytes(audit_workbook(units(), tmp_path, MADE))
    assert xml_errors(tmp_path / "审核报告.xlsx") == []
    assert audit_workbook(units(), tmp_path, MADE) == audit_workbook(units(), tmp_path, MADE)


HOSTILE = "=cmd|'/c calc'!A1<script>alert(1)</script>\"onload='x'&\x00"


def hostile():
    one = unit_a(path="<img src=x>/javascript:alert(1).xlsx")
    finding = replace(ERROR, message=HOSTILE, advice=HOSTILE, actual=HOSTILE, rule_id="+1", cells=("'<b>'!A1",))
    return [replace(one, submission=replace(one.submission, entity=HOSTILE), findings=(finding,))]


def test_texts_never_become_formulas():
    cells = [cell for sheet in book_of(hostile()) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert HOSTILE.replace("\x00", "") in [cell.value for cell in cells]


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text += data


def page_of(filed, folder=Path()) -> Page:
    page = Page()
    page.feed(audit_page(filed, folder, MADE).decode("utf-8"))
    return page


def test_the_page_is_whole_and_says_the_verdict_first():
    page = page_of(units())
    assert not set(page.tags) & {"script", "link", "img", "iframe", "object"}
    body = page.text[page.text.index("绩效自评审核报告", page.text.index("}")):]
    assert re.sub(r"\s+", " ", body).startswith("绩效自评审核报告 结论：须修改 共审核 2 个文件：1 个可以上报")
    for part in ("填 100%，应为 80%。", "请改正。", "基础数据表!D5", "应为：80%", "部门整体支出绩效评价基础数据表"):
        assert part in page.text
    assert "url(" not in audit_page(units(), Path(), MADE).decode("utf-8")


def test_the_page_escapes_every_text_and_its_links_stay_files():
    page = page_of(hostile())
    assert not set(page.tags) & {"script", "img", "b"}
    assert HOSTILE.replace("\x00", "") in page.text
    assert [link for link in page.links if not link.startswith("#")] == ["./%3Cimg%20src%3Dx%3E/javascript%3Aalert%281%29.xlsx"]


@pytest.mark.parametrize(("make", "start"), [
    (lambda: validation_text(units()), "结论：须修改\n共审核 2 个文件：1 个可以上报，1 个须修改；"),
    (lambda: consolidation_text(consolidate(units(), ["甲中心", "丁局"])),
     "结论：须修改\n已汇总 2 个单位，其中 1 个须修改；未报送 1 个，没有计入 0 个文件。\n  未报送：丁局\n"),
    (lambda: consolidation_text(consolidate([replace(unit_a(), findings=())])), "结论：可以上报\n已汇总 1 个单位，其中 0 个须修改；"),
])
def test_the_console_says_the_verdict_first(make, start: str):
    assert make().startswith(start)


def test_the_console_numbers_findings_with_their_cells():
    text = validation_text(units())
    assert "■ 甲中心（甲/表 1.xlsx）\n   1. R-1〔必须修改〕填 100%，应为 80%。 请改正。\n      单元格：基础数据表!D5、基础数据表!B5\n" in text
