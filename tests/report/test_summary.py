"""汇总.xlsx: its formulas compute what is stored beside them, and what consolidation says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from engines import libreoffice_recalc
from openpyxl.formula import Tokenizer
from printing import printed_pages
from summary_samples import sample, table
from validator import xml_errors

from pyfuncs.report.summary import write_summary

MADE = date(2023, 3, 1)
SHEETS = ["汇总", "图表", "比率", "得分", "排名", "分级合计", "差额表", "未计入", "汇总精确数", "明细-基础数据", "明细-整体自评",
          "明细-项目", "各单位得分", "问题清单", "各单位所填", "不能相加的项目", "说明", "来源"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook as written, and recalculated by LibreOffice."""
    folder = tmp_path_factory.mktemp("summary")
    write_summary(folder / "汇总.xlsx", *sample(), MADE)
    (folder / "out").mkdir()
    libreoffice_recalc(folder / "汇总.xlsx", folder / "out")
    return folder


@pytest.fixture(scope="module")
def path(folder: Path) -> Path:
    return folder / "汇总.xlsx"


def test_the_sheets_stand_in_order_and_the_file_is_sound(path: Path):
    assert openpyxl.load_workbook(path).sheetnames == SHEETS
    assert xml_errors(path) == []


def test_every_stored_value_is_what_the_formula_computes(folder: Path):
    formulas = openpyxl.load_workbook(folder / "汇总.xlsx")
    stored = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)
    computed = openpyxl.load_workbook(folder / "out" / "汇总.xlsx", data_only=True)
    count, differing = {}, []
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count[sheet.title] = count.get(sheet.title, 0) + 1
                there, again = (book[sheet.title][cell.coordinate].value for book in (stored, computed))
                same = there == again if isinstance(there, str) else again == pytest.approx(there, rel=1e-12)
                if not same:
                    differing.append((sheet.title, cell.coordinate, cell.value, there, again))
    assert differing == []
    assert set(count) == {"汇总", "比率", "分级合计", "汇总精确数", "明细-基础数据", "明细-整体自评", "明细-项目"}
    assert sum(count.values()) >= 120


def test_formulas_are_old_enough_for_any_excel(path: Path):
    functions = {token.value for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row
                 if cell.data_type == "f" for token in Tokenizer(cell.value).items
                 if token.type == "FUNC" and token.subtype == "OPEN"}
    assert functions <= {"SUM(", "SUBTOTAL(", "IF(", "COUNT(", "ROUND(", "NA(", "OR(", "AND(", "ISNUMBER("}


def test_the_first_sheet_has_the_tree_with_its_figures(path: Path):
    rows = table(path, "汇总")
    assert rows[:3] == [(text, *[None] * (len(rows[0]) - 1)) for text in (
        "部门整体支出绩效自评汇总表", "结论：须修改",
        "2021年度、2022年度　已汇总 3 个单位，其中 3 个须修改；未报送 1 个，没有计入 1 个文件")]
    head = rows[4]
    kept = [head.index(word) for word in ("单位", "编制数", "公用经费·本年决算数", "“三公经费”控制率", "自评总分", "等级", "名次", "必须修改")]
    assert [tuple(round(row[at], 4) if isinstance(row[at], float) else row[at] for at in kept) for row in rows[5:]] == [
        ("全部单位", 62, 190.19, 0.8559, "—", "—", None, rows[5][kept[-1]]),
        ("市局", 45, 180.22, 0.5806, "—", "—", None, rows[6][kept[-1]]),
        ("甲中心", 15, 69.72, 0.5806, 96.85, "优", 1, rows[7][kept[-1]]),
        ("乙中心", 30, 110.5, "算不出来", 95, "优", 2, rows[8][kept[-1]]),
        ("县局", 17, 9.97, 0.9976, "—", "—", None, rows[9][kept[-1]]),
        ("丙中心", 17, 9.97, 0.9976, 95, "优", 2, rows[10][kept[-1]])]
    counts = [row[kept[-1]] for row in rows[5:]]
    assert counts[0] == counts[1] + counts[4] and counts[1] == counts[2] + counts[3] and min(counts) > 0


def test_sums_of_nodes_do_not_count_twice(path: Path):
    sheet = openpyxl.load_workbook(path)["汇总"]
    column = next(cell.column_letter for cell in sheet[5] if cell.value == "公用经费·本年决算数")
    assert [sheet[f"{column}{row}"].value for row in (6, 7, 8, 10, 11)] == [
        f"=SUBTOTAL(9,{column}7:{column}11)", f"=SUBTOTAL(9,{column}8:{column}9)", 69.72, f"=SUBTOTAL(9,{column}11)", 9.97]


def test_the_first_sheet_prints_on_a4_with_its_head_on_every_page(path: Path):
    sheet = openpyxl.load_workbook(path)["汇总"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (9, "landscape", 0)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows, sheet.freeze_panes) == (True, "$5:$5", "B6")
    assert sheet.oddFooter.center.text == "第 &P 页　共 &N 页" and sheet.print_area.startswith("'汇总'!$A$1:")


def test_details_stand_below_their_sum(path: Path):
    rows = table(path, "明细-项目")
    at = rows[1].index("年度资金总额")
    column = next(column for column in range(at, len(rows[2])) if rows[2][column] == "全年执行数")
    assert [(row[0], row[column]) for row in rows[3:]] == [
        (None, "万元"), ("合计", 31.55), ("甲中心", 22.5), ("乙中心", 9.05), ("丙中心", "无此表")]
    base = table(path, "明细-基础数据")
    assert {row[0]: row[base[1].index("三公经费") + 1] for row in base[4:]} == {
        "合计": 51.5, "甲中心": 17.5, "乙中心": "未填", "丙中心": 34}
    assert {row[base[1].index("一、部门基本支出")] for row in base if row[0] == "丙中心"} == {"无此项"}


def test_a_rate_is_a_formula_over_the_units_it_covers(path: Path):
    rows = [row for row in openpyxl.load_workbook(path)["比率"].iter_rows(values_only=True)]
    at = next(number for number, row in enumerate(rows) if row[0] == "“三公经费”控制率")
    place = "'明细-基础数据'!"
    column = rows[at][3].split("!")[1][:2]
    assert rows[at][1].startswith("=IF(COUNT(") and [row[3] for row in rows[at:at + 2]][0] == f"=SUM({place}{column}6,{place}{column}8)"
    staff = next(row for row in rows if row[0] == "控制率")
    assert staff[3].startswith(f"=SUM({place}") and ":" in staff[3]
    [told] = [row for row in table(path, "比率") if row[0] == "“三公经费”控制率"]
    assert told[1] == pytest.approx(0.85588, abs=1e-5)
    assert told[4:7] == ("三公经费·本年决算数 44.0778 ÷ 三公经费·本年预算数 51.5 ＝ 85.59%", "2 个单位",
                         "乙中心：“三公经费·2022 年预算数”没有数字（基础数据表!B35）")
    [nothing] = [row for row in table(path, "比率") if row[0] == "政府采购执行率"]
    assert nothing[1:4] == ("算不出来", "政府采购金额·本年决算数", "未填")


def test_nodes_are_summed_over_their_units(path: Path):
    rows = table(path, "分级合计")
    at = rows[2].index("编制数")
    assert [(row[0], row[1], row[at]) for row in rows[5:]] == [("全部单位", 3, 62), ("市局", 2, 45), ("县局", 1, 17)]


def test_ranking_and_scores(path: Path):
    assert [row[:7] for row in table(path, "排名")[2:]] == [
        (1, "甲中心", "市局", "2022", "430400/2022", 96.85, "—"), (2, "乙中心", "市局", "2022", "430400/2022", 95, "—"),
        (2, "丙中心", "县局", "2021", "430181/2021", 95, 95)]
    assert [row[:5] for row in table(path, "各单位得分")[2:6]] == [
        ("甲中心", "资金得分", "—", 6.85, 6.85), ("甲中心", "自评总分", "—", 96.85, "—"),
        ("甲中心", "项目资金得分", 1, 10, 10), ("甲中心", "项目资金得分", 2, 10, 10)]
    scores = [row for row in table(path, "得分") if row[:2] == ("市局", "资金得分")]
    assert [(row[2], row[3], row[4]) for row in scores] == [(10, 7.75, None)]


def test_every_cell_behind_every_total_is_listed(path: Path):
    result, source = sample()
    parts = [part for total in result.root.totals for part in source.parts(result.files, total.form, total.name, total.kind)]
    rows = table(path, "来源")
    assert len(rows) == 1 + len(parts)
    assert ("部门整体支出绩效评价基础数据表·三公经费·本年预算数（万元）", "乙中心", None, "基础数据表!B35", "未填", "乙中心.xlsx") in rows
    assert [row[1:] for row in rows if row[0] == "项目支出绩效自评表·年度资金总额·全年执行数（万元）"] == [
        ("甲中心", 18, "项目1!B11", None, "甲中心.xlsx"), ("甲中心", 4.5, "项目2!B11", None, "甲中心.xlsx"),
        ("乙中心", 9.05, "项目1!B11", None, "乙中心.xlsx"), ("丙中心", None, None, "表上没有这一格", "丙中心.xlsx")]


def test_the_lists_tell_who_is_not_in_and_what_is_not_added(path: Path):
    rows = table(path, "未计入")
    assert [row[:4] for row in rows[3:]] == [("未报送", "丁局", "市局", None), ("重复", "甲中心", "市局", "又一份.xlsx")]
    notes = [str(value) for row in table(path, "说明") for value in row if value]
    assert any(line.startswith("会计年度不一致") for line in notes)
    assert any(line.startswith("430400/2022 衡阳市 2022 年度（第 1 版") for line in notes)
    listed = {(row[0], row[1], row[2]) for row in table(path, "不能相加的项目")[3:]}
    answers = {(row[0], row[1], row[2]) for row in table(path, "各单位所填")[1:]}
    assert answers and answers <= listed
    assert ("甲中心", "1. 50\n2. 40") in {(row[3], row[5]) for row in table(path, "各单位所填")}


def test_an_answer_of_several_lines_has_room_for_them(path: Path):
    """Once its lines were printed over those of the rows above and below."""
    sheet = openpyxl.load_workbook(path)["各单位所填"]
    cells = [row[5] for row in sheet.iter_rows(min_row=2) if "\n" in str(row[5].value)]
    assert cells and all(cell.alignment.wrap_text for cell in cells)
    assert all(sheet.row_dimensions[cell.row].height >= 12 * (1 + cell.value.count("\n")) for cell in cells)


def test_findings_are_listed_with_a_link_to_their_cell(path: Path):
    result, source = sample()
    sheet = openpyxl.load_workbook(path)["问题清单"]
    assert sheet.max_row == 1 + sum(len(one.findings) for one in source.filed(result.files))
    first = sheet["D2"]
    assert (sheet["A2"].value, sheet["B2"].value, first.value) == ("甲中心", "必须修改", "整体自评表!B1")
    assert first.hyperlink.target.rpartition("\\")[2] == "甲中心.xlsx" and first.hyperlink.location == "'整体自评表'!B1"


def test_charts_are_drawn_from_the_tables_below_them(path: Path):
    sheet = openpyxl.load_workbook(path, data_only=True)["图表"]
    charts = {chart.title.tx.rich.p[0].r[0].t: chart for chart in sheet._charts}
    assert set(charts) == {"各单位自评总分", "各单位资金执行率", "扣分原因", "本年与上年"}
    for title, chart in charts.items():
        for series in chart.series:
            labels, values = (_cells(sheet, reference.f) for reference in (series.cat.strRef, series.val.numRef))
            assert labels == [point.v for point in series.cat.strRef.strCache.pt] and None not in labels, title
            assert values == [pytest.approx(float(point.v)) for point in series.val.numRef.numCache.pt], title
    [scores] = charts["各单位自评总分"].series
    assert [point.v for point in scores.cat.strRef.strCache.pt] == ["甲中心", "乙中心", "丙中心"]


def _cells(sheet, reference: str) -> list:
    """Values of a range of one column."""
    first, _, last = reference.rpartition("!")[2].replace("$", "").partition(":")
    return [row[0].value for row in sheet[f"{first}:{last or first}"]]


def test_the_file_is_reproducible(path: Path, tmp_path: Path):
    write_summary(tmp_path / "汇总.xlsx", *sample(), MADE)
    assert (tmp_path / "汇总.xlsx").stat().st_size > 0
    first, again = (openpyxl.load_workbook(file) for file in (path, tmp_path / "汇总.xlsx"))
    assert first.properties.created.date() == MADE
    assert {sheet.title: list(sheet.values) for sheet in first} == {sheet.title: list(sheet.values) for sheet in again}


def test_it_prints(path: Path, tmp_path: Path):
    assert 10 < printed_pages(path, tmp_path) < 80
