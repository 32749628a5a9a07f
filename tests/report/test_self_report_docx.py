"""The Word document: an office's template filled in, what is data stays data, and a fault of the template is told."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_COLOR_INDEX
from report_samples import opened, said, tables, unit_filed
from validator import xml_errors

from pyfuncs.catalog.printed_form import PrintedCell, PrintedForm
from pyfuncs.consolidate.filed import WRITTEN_REPORT
from pyfuncs.report.self_report import context
from pyfuncs.report.self_report_docx import TemplateFault, written

DAY = date(2023, 3, 22)


def template(*paragraphs: str, table: list[list[str]] | None = None, header: str = "") -> bytes:
    """A template as an office might make it."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        made = document.add_table(0, len(table[0]))
        for texts in table:
            for cell, text in zip(made.add_row().cells, texts):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def report(data: bytes, forms: tuple[PrintedForm, ...] = (), unit: str = "", **values: object) -> bytes:
    filed = unit_filed("hengyang-2022")
    if unit:
        filed = replace(filed, submission=replace(filed.submission, entity=unit))
    return written(data, {**context(filed, DAY), **values}, forms, DAY)


def form(text: str = "22.50", landscape: bool = False) -> PrintedForm:
    cells = (PrintedCell(0, 0, 2, 1, "项目\n支出", vertical=True), PrintedCell(0, 1, 1, 2, "金额", bold=True),
             PrintedCell(1, 1, 1, 1, text), PrintedCell(1, 2, 1, 1, "万元", open=frozenset({"left"})))
    return PrintedForm("基础数据表", ((("填报单位：甲", "left"), ("单位：万元", "right")),), (10.0, 20.0, 20.0), (20.0, 20.0),
                       cells, ((("填表人：", "left"),),), landscape)


def test_an_office_asks_in_its_own_template_for_what_it_wants():
    data = report(template(
        "{{ 单位 }}{{ 年度 }}年度得{{ 总分 }}分，等级“{{ 等级 }}”", "{%p for 句 in 人员情况 %}", "{{ 句 }}", "{%p endfor %}",
        "项目支出{{ 数(“基础数据!项目支出.本年决算”) }}，{{ 算式('资金执行率') }}", "{%p if 须修改 %}", "有错", "{%p endif %}",
        table=[["指标", "结果"], ["{%tr for 行 in 比率 %}", ""], ["{{ 行.名称 }}", "{{ 行.结果 }}"], ["{%tr endfor %}", ""]],
        header="{{ 单位 }}"))
    assert said(data) == ["衡阳市投资促进事务中心2022年度得97分，等级“优”", "编制数15人，实际在职人数12人，控制率＝（12÷15）×100%＝80.00%。",
                          "项目支出22.50万元，（346.17÷505.05）×100%＝68.54%"]
    assert tables(data)[0][:3] == [["指标", "结果"], ["控制率", "80.00%"], ["公用经费控制率", "23.01%"]]
    assert opened(data).sections[0].header.paragraphs[0].text == "衡阳市投资促进事务中心"


@pytest.mark.parametrize("unit", ["{{ 7*7 }}", "{% for x in y %}", "<w:t>&amp;\"甲\"", "甲\x07\x0b乙", "{{ 单位 }}", "'; drop"])
def test_what_a_workbook_says_is_data(unit: str):
    data = report(template("{{ 单位 }}：{{ 日期 }}"), unit=unit)
    assert said(data) == [f"{unit.replace(chr(7), '').replace(chr(11), '')}：2023年3月22日"]


def test_places_to_be_filled_have_a_yellow_ground_wherever_they_come_from():
    data = report(template("职能：【请填写：主要职责】。", "{{ 数('整体自评!政府性基金') }}", "没有要填的"))
    runs = [[(run.text, run.font.highlight_color) for run in paragraph.runs] for paragraph in opened(data).paragraphs]
    assert runs == [[("职能：", None), ("【请填写：主要职责】", WD_COLOR_INDEX.YELLOW), ("。", None)],
                    [("【请填写：政府性基金拨款】", WD_COLOR_INDEX.YELLOW)], [("没有要填的", None)]]


def test_the_ground_goes_where_the_schema_wants_it(tmp_path: Path):
    document = docx.Document()
    run = document.add_paragraph().add_run("前【请填写：甲】")
    run.bold, run.underline, run.font.size = True, True, docx.shared.Pt(16)
    stream = io.BytesIO()
    document.save(stream)
    data = report(stream.getvalue())
    (tmp_path / "a.docx").write_bytes(data)
    assert xml_errors(tmp_path / "a.docx") == []
    assert [(one.text, one.bold, one.underline) for one in opened(data).paragraphs[0].runs] == [
        ("前", True, True), ("【请填写：甲】", True, True)]


def test_forms_follow_as_tables():
    data = report(template("正文", "{{p 附表 }}", "{{ 附表清单|join('、') }}"), (form(), form("<b>&"), form("丙")))
    assert said(data) == ["正文", *["附件1", "基础数据表", "填报单位：甲\t单位：万元", "填表人："],
                          *["附件2", "基础数据表", "填报单位：甲\t单位：万元", "填表人："],
                          *["附件3", "基础数据表", "填报单位：甲\t单位：万元", "填表人："], "基础数据表、基础数据表、基础数据表"]
    assert tables(data)[1] == [["项目\n支出", "金额", "金额"], ["项目\n支出", "<b>&", "万元"]]


@pytest.mark.parametrize(("lies", "pages"), [
    ([False], [False]), ([True], [False, True]), ([False, True], [False, True]), ([True, False], [False, True, False]),
    ([False, True, True, False], [False, True, False])])
def test_wide_forms_lie_on_pages_of_their_own(lies: list[bool], pages: list[bool]):
    data = report(template("正文", "{{p 附表 }}"), tuple(form(landscape=turned) for turned in lies))
    sections = opened(data).sections
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in sections] == pages
    assert [section.page_width > section.page_height for section in sections] == pages


def test_a_section_that_holds_nothing_gives_no_empty_page():
    """The template begins a page for the forms, and the first of them lies the other way."""
    document = docx.Document()
    document.add_paragraph("正文")
    document.add_section()
    document.add_paragraph("{{p 附表 }}")
    stream = io.BytesIO()
    document.save(stream)
    sections = opened(report(stream.getvalue(), (form(landscape=True),))).sections
    assert [section.orientation == WD_ORIENT.LANDSCAPE for section in sections] == [False, True]


def test_word_takes_what_was_written(tmp_path: Path):
    """The Open XML SDK finds nothing wrong with forms of both sorts, odd words and places to be filled."""
    data = report(template("{{ 单位 }}", "【请填写：职能】{{ 单位 }}", "{{p 附表 }}"), (form(), form("<&>", landscape=True)), unit='<甲>&"')
    (tmp_path / "a.docx").write_bytes(data)
    assert xml_errors(tmp_path / "a.docx") == []


def test_the_same_day_gives_the_same_bytes():
    made = template("{{ 单位 }}{{ 日期 }}", "{{p 附表 }}")
    assert report(made, (form(),)) == report(made, (form(),))
    with zipfile.ZipFile(io.BytesIO(report(made))) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    filed = unit_filed("hengyang-2022")
    assert written(made, context(filed, date(2024, 1, 1)), (), date(2024, 1, 1)) != report(made)


def test_the_document_says_that_we_wrote_it():
    properties = opened(report(template("{{ 单位 }}"))).core_properties
    assert (properties.category, properties.created.date()) == (WRITTEN_REPORT, DAY)


def broken_package() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return stream.getvalue()


@pytest.mark.parametrize(("made", "told"), [
    (template("{{ 单位名 }}"), "模板里写的“单位名”不是能用的名称"),
    (template("{%p for 行 in 比率 %}", "{{ 行.算法 }}", "{%p endfor %}"), "模板里写的“算法”不是能用的名称"),
    (template("{%p for 行 in 比率 %}", "{{ 行.名称 }}"), "模板里的写法不对（Unexpected end of template."),
    (template("{{ 单位"), "模板里的写法不对（"),
    (template("{{ 单位 }}", "{{ 数('基础数据!编制') }}"), "模板里要的数没有：《基础数据》的项目里没有“编制”；是不是想写 编制数"),
    (template("{{ 单位.__class__.__mro__ }}"), "模板里的写法不对（access to attribute '__class__'"),
    (template("{{ 总分 + 1 }}"), "模板不是完好的 Word 文档（.docx），或里面的写法不对（TypeError："),
    (b"PK not a package", "模板不是完好的 Word 文档（.docx）"),
    (broken_package(), "模板不是完好的 Word 文档（.docx）"),
], ids=["name", "field", "no end", "no brackets", "item", "sandbox", "type", "no zip", "no document"])
def test_a_fault_of_the_template_is_told_to_its_author(made: bytes, told: str):
    with pytest.raises(TemplateFault) as fault:
        report(made)
    assert str(fault.value).startswith(told)


def test_the_fault_is_shown_with_its_place():
    with pytest.raises(TemplateFault) as fault:
        report(template("前言", "全年支出{{ 数字 }}", "结尾"))
    assert str(fault.value) == "模板里写的“数字”不是能用的名称；能用的名称见使用手册“写自评报告”"
    with pytest.raises(TemplateFault) as fault:
        report(template("前言", "全年支出{{ 单位 单位 }}", "结尾"))
    assert "在这一处附近：“{{ 单位 单位 }}”" in str(fault.value)
