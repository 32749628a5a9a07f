"""审核报告 as Excel and as a page: verdict first, one row per finding, links, and no text that acts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
from sample_units import unit_a, unit_b
from validator import xml_errors

from pyfuncs.checks.finding import Finding, Place, Remark
from pyfuncs.report.audit import Round, Run, unit_lines
from pyfuncs.report.audit_html import audit_page, unit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.console import validation_text
from pyfuncs.report.counts import summary_line

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
        "共审核 2 个文件：1 个可以上报，1 个须修改；必须修改 1 条，请核实 0 条，尾差 0 条，提示 0 条，未执行 2 条。审核日期：2023年03月01日"]
    assert values(sheet)[3:] == [
        ["序号", "单位", "年度", "规则集", "结论", "必须修改", "请核实", "尾差", "提示", "未执行", "文件"],
        [1, "甲中心", "2022", "430400/2022", "须修改", 1, 0, 0, 0, 1, "甲/表 1.xlsx"],
        [2, "乙中心", "2022", "430400/2022", "可以上报", 0, 0, 0, 0, 1, "乙中心.xlsx"]]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A5", "A4:K6", "$4:$4")


def test_findings_by_rule_and_one_by_one():
    book = book_of(units())
    assert values(book["按规则"])[1:] == [
        ["R-1", "必须修改", 1, 1, "填 100%，应为 80%。", "甲中心", "依据甲"],
        ["R-2", "未执行", 2, 2, "没有核对。", "甲中心、乙中心", ""]]
    assert values(book["审核明细"])[1][:11] == [
        1, "甲中心", "必须修改", "R-1", "基础数据表!D5", "基础数据表!B5", "填 100%，应为 80%。", "80%", "100%", "20 个百分点", "请改正。"]
    assert len(values(book["审核明细"])) == 4


def test_a_finding_links_to_its_file_and_cell(tmp_path: Path):
    filed = [replace(one, submission=replace(one.submission, path=str(tmp_path / one.submission.path))) for one in units()]
    sheet = book_of(filed, tmp_path / "报告")["审核明细"]
    link = sheet["E2"].hyperlink
    assert (link.target, link.location) == ("..\\甲\\表%201.xlsx", "'基础数据表'!D5")
    assert (sheet["B2"].hyperlink.target, sheet["E3"].hyperlink) == ("..\\甲\\表%201.xlsx", None)
    word = replace(filed[0], submission=replace(filed[0].submission, path=str(tmp_path / "甲.docx")))
    link = book_of([word], tmp_path)["审核明细"]["E2"].hyperlink
    assert (link.target, link.location) == ("甲.docx", None)


def test_a_finding_in_prose_says_where_in_every_report(tmp_path: Path):
    told = replace(ERROR, cells=("基础数据表!D5",), places=(Place(12, 3, 8, "22.5万"), Place(12, 9, 11, "万元"), Place(40, 0, 4, "25万元")))
    alone = replace(told, cells=())
    one = replace(units()[0], submission=replace(units()[0].submission, path=str(tmp_path / "报告.txt")), findings=(told, alone))
    assert [line for line in validation_text([one]).split("\n") if "位置" in line] == ["      位置：第12行、第40行"] * 2
    sheet = book_of([one], tmp_path)["审核明细"]
    assert [row[4:6] for row in values(sheet)[1:]] == [["基础数据表!D5", "第12行、第40行"], ["第12行", "第40行"]]
    assert (sheet["E3"].hyperlink.target, sheet["E3"].hyperlink.location) == ("报告.txt", None)
    assert "<td class=\"c\">基础数据表!D5<br>第12行<br>第40行</td>" in audit_page([one], tmp_path, MADE).decode()


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
    finding = replace(ERROR, message=HOSTILE, advice=HOSTILE, actual=HOSTILE, rule_id="+1", cells=("'<b>'!A1",),
                      remark=Remark("explained", HOSTILE, HOSTILE, "2023-02-01", HOSTILE, holds=False))
    return [replace(one, submission=replace(one.submission, entity=HOSTILE, recognised=HOSTILE), findings=(finding,))]


def test_texts_never_become_formulas():
    cells = [cell for sheet in book_of(hostile()) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert HOSTILE.replace("\x00", "") in [cell.value for cell in cells]


def test_no_text_moves_the_cursor_or_turns_the_writing_of_a_console():
    [one] = hostile()
    turned = replace(ERROR, message="甲\x1b[2J\x1b]0;乙\x07丙\u202e丁\n  1. 假的一条\r", cells=("表\x1b!A1",))
    one = replace(one, submission=replace(one.submission, path="a\n\x1b[31mb.xlsx"), findings=(turned,))
    text = validation_text([one])
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    assert "甲[2J]0;乙丙丁   1. 假的一条" in text and "（a [31mb.xlsx）" in text


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


def test_the_console_says_the_verdict_first():
    assert validation_text(units()).startswith("结论：须修改\n共审核 2 个文件：1 个可以上报，1 个须修改；")


def test_the_console_numbers_findings_with_their_cells():
    text = validation_text(units())
    assert ("   1. R-1〔必须修改〕填 100%，应为 80%。 请改正。\n      单元格：基础数据表!D5、基础数据表!B5\n"
            "   2. R-2〔未执行〕没有核对。 请补填。\n") in text
    assert "识别码" not in text


def test_the_console_counts_by_rule_where_there_are_several_units():
    text = validation_text(units())
    assert ("规则编号  性质      条数  单位数  问题（举一例）\n"
            "R-1       必须修改     1       1  填 100%，应为 80%。\n"
            "R-2       未执行       2       2  没有核对。\n") in text
    assert "规则编号" not in validation_text(units()[:1])


def test_the_rule_set_is_told_with_the_reason():
    own = unit_a(ruleset_hash="abc", read_by="names")
    known = replace(own, submission=replace(own.submission, recognised="表头相符（34 处中 31 处）", read_by="labels"))
    told = [unit_lines(one, Run())[0] for one in (own, known, unit_a())]
    code = own.ruleset.hash[:8]
    assert told == [f"规则集：430400/2022 {own.ruleset.name}（校验码 {code}），表里写明的；按表里的名称读取",
                    f"规则集：430400/2022 {own.ruleset.name}（校验码 {code}），表头相符（34 处中 31 处）；按表上的文字读取",
                    f"规则集：430400/2022 {own.ruleset.name}（校验码 {code}），审核时指定的"]


def test_scores_that_rest_on_assumed_rules_are_told_in_every_report():
    one = unit_a()
    guessed = {key: replace(figure, status="assumed") if figure.key == "资金得分" else replace(figure, status="observed")
               for key, figure in one.figures.items()}
    one = replace(one, figures=guessed)
    told = "得分：“资金得分”的评分办法是推定的，没有文件依据"
    assert told in validation_text([one]) and told in page_of([one]).text
    assert values(book_of([one])["文件与规则集"])[1][8] == "资金得分"
    assert "推定" not in validation_text([replace(one, figures={})])


# -- rounds ---------------------------------------------------------------------------------------------

SAID = Remark("explained", "由项目经费列支=1+1", "张三", "2023-02-01 09:00", "98", holds=True)
WARNING = Finding("R-3", "warning", "rule", "基础数据", 1, ("基础数据表!D6",), "超过。", "1", "98", "97", "请核对。",
                  state="仍存在", remark=SAID)
APPROVED = replace(ERROR, state="仍存在（数已改）", remark=replace(SAID, kind="approved", reason="县长批准", by="李四"))
ASKED = replace(WARNING, rule_id="R-4", state="仍存在（数已改）", remark=replace(SAID, holds=False))


def in_rounds():
    filed = [replace(unit_a(), findings=(ASKED, NOTE_NEW, WARNING, APPROVED)), replace(unit_b(), findings=())]
    first, second = (one.submission.path for one in filed)
    run = Run({first: "a" * 64, second: ""}, frozenset({second}), {
        first: Round(2, "2023-02-01 08:00", (replace(ERROR, rule_id="R-9"),), (replace(ERROR, rule_id="R-8"),)),
        second: Round(1)})
    return filed, run


NOTE_NEW = replace(NOTE, state="新增")
TOLD = "第 2 次审核（上次 2023-02-01 08:00）：新增 1 条，仍存在 3 条，已消除 1 条，上次的 1 条所在的表或报告这次没有读出"


def test_what_is_explained_or_approved_is_no_longer_to_be_mended():
    filed, _ = in_rounds()
    assert not filed[0].must_fix and replace(unit_a(), findings=(ERROR,)).must_fix
    assert replace(ERROR, remark=SAID).must_fix           # an error is not explained away
    assert summary_line(filed) == ("共审核 2 个文件：2 个可以上报，0 个须修改；必须修改 0 条，请核实 1 条，尾差 0 条，提示 0 条，"
                                   "未执行 1 条，已说明 1 条，已批准例外 1 条")


def test_rounds_in_the_workbook():
    filed, run = in_rounds()
    book = openpyxl.load_workbook(io.BytesIO(audit_workbook(filed, Path(), MADE, run)))
    assert book.sheetnames == ["审核结论", "按规则", "审核明细", "已消除", "文件与规则集"]
    assert values(book["审核结论"])[3:] == [
        ["序号", "单位", "年度", "规则集", "结论", "必须修改", "请核实", "尾差", "提示", "未执行", "已说明", "已批准例外",
         "第几次审核", "新增", "仍存在", "已消除", "文件"],
        [1, "甲中心", "2022", "430400/2022", "可以上报", 0, 1, 0, 0, 1, 1, 1, 2, 1, 3, 1, "甲中心.xlsx"],
        [2, "乙中心", "2022", "430400/2022", "可以上报", 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, "乙中心.xlsx"]]
    assert [row[2:4] + row[11:] for row in values(book["审核明细"])] == [
        ["性质", "规则编号", "状态", "说明", "识别码"],
        ["请核实", "R-4", "仍存在（数已改）\n请重新说明",
         "请重新说明（张三，2023-02-01 09:00）：由项目经费列支=1+1（当时是“98”，现在数改了）", ASKED.fingerprint],
        ["未执行", "R-2", "新增", "", NOTE.fingerprint],
        ["已说明", "R-3", "仍存在", "已说明（张三，2023-02-01 09:00）：由项目经费列支=1+1", WARNING.fingerprint],
        ["已批准例外", "R-1", "仍存在（数已改）", "已批准例外（李四，2023-02-01 09:00）：县长批准", ERROR.fingerprint]]
    assert values(book["已消除"])[1:] == [[1, "甲中心", "必须修改", "R-9", "基础数据表!D5、基础数据表!B5", "填 100%，应为 80%。"]]
    assert [row[9:] for row in values(book["文件与规则集"])[1:]] == [
        ["未改动", filed[0].submission.sha256, "a" * 64], ["审核期间被改动", filed[1].submission.sha256, ""]]


def test_rounds_on_the_page_and_the_console():
    filed, run = in_rounds()
    page = Page()
    page.feed(audit_page(filed, Path(), MADE, run).decode("utf-8"))
    console = validation_text(filed, run)
    for told in (TOLD, "县长批准", f"{ASKED.fingerprint}", "R-9", "原文件在审核期间被改动：乙中心.xlsx"):
        assert told in page.text and (told in console or told.startswith("原文件"))
    assert "〔仍存在（数已改）〕R-1〔已批准例外〕填 100%，应为 80%。 请改正。 已批准例外（李四，2023-02-01 09:00）：县长批准\n" in console


def test_what_is_not_ticked_is_hidden_without_a_script():
    filed, run = in_rounds()
    text = audit_page(filed, Path(), MADE, run).decode("utf-8")
    assert set(re.findall(r'id="(show-[a-z-]+)"', text)) == {f"show-{group}" for group in (
        "error", "warning", "rounding", "note", "not-run", "explained", "approved")}
    assert re.findall(r'<tr class="of-([a-z-]+)">', text) == ["warning", "not-run", "explained", "approved"]
    assert "#show-not-run:not(:checked)~main tr.of-not-run{display:none}" in text
    assert text.index('id="show-error"') < text.index("<main>") < text.index('<tr class="of-')


def test_a_unit_gets_its_own_findings_alone():
    filed, run = in_rounds()
    text = unit_page(filed[0], MADE, run).decode("utf-8")
    assert "甲中心　绩效自评审核意见" in text and "结论：可以上报" in text and TOLD in text
    assert "乙中心" not in text and text.count('<tr class="of-') == 4
