"""汇总.xlsx: its formulas compute what is stored beside them, and what consolidation says."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from engines import libreoffice_recalc
from openpyxl.formula import Tokenizer
from sample_units import filed, unit_a, unit_b, unit_c
from validator import xml_errors

from pyfuncs.consolidate.consolidate import consolidate
from pyfuncs.report.summary_xlsx import summary_workbook

MADE = date(2023, 3, 1)
SHEETS = ["汇总总表", "比率", "得分与排名", "来源", "说明"]


def result_of(*units, expected=None):
    return consolidate(units, expected)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook as written, and recalculated by LibreOffice."""
    folder = tmp_path_factory.mktemp("summary")
    result = result_of(unit_a(), unit_b(), unit_c(), unit_a(path="又一份.xlsx"), expected=["甲中心", "丁局"])
    (folder / "汇总.xlsx").write_bytes(summary_workbook(result, folder, MADE))
    (folder / "out").mkdir()
    libreoffice_recalc(folder / "汇总.xlsx", folder / "out")
    return folder


def rows(book: openpyxl.Workbook, sheet: str) -> list[tuple]:
    return [row for row in book[sheet].iter_rows(values_only=True) if any(value not in (None, "") for value in row)]


def test_every_stored_value_is_what_the_formula_computes(folder: Path):
    formulas = openpyxl.load_workbook(folder / "汇总.xlsx")
    stored = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)
    computed = openpyxl.load_workbook(folder / "out" / "汇总.xlsx", data_only=True)
    count, differing = 0, []
    for sheet in SHEETS:
        for row in formulas[sheet].iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                there, again = (book[sheet][cell.coordinate].value for book in (stored, computed))
                same = there == again if isinstance(there, str) else again == pytest.approx(there, rel=1e-12)
                if not same:
                    differing.append((sheet, cell.coordinate, cell.value, there, again))
    assert differing == []
    assert count > 100


def test_totals_stand_beside_their_units(folder: Path):
    book = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)
    lines = {(row[0], row[1]): row[2:8] for row in rows(book, "汇总总表")}
    assert lines["项目", "栏目"] == ("计量单位", "合计", "未填单位数", "甲中心", "乙中心", "丙中心")
    assert {key: lines[key] for key in (
        ("编制数", ""), ("三公经费", "本年预算数"), ("政府采购金额", "本年决算数"), ("年度资金总额", "全年执行数"), ("执行数", ""))} == {
        ("编制数", ""): ("", 62, 0, 15, 30, 17),
        ("三公经费", "本年预算数"): ("万元", 51.5, 1, 17.5, "未填", 34),
        ("政府采购金额", "本年决算数"): ("万元", "—", 3, "未填", "未填", "未填"),
        ("年度资金总额", "全年执行数"): ("万元", 31.55, 1, 22.5, 9.05, "无此表"),
        ("执行数", ""): ("万元", 546.17, 0, 346.17, 200, "无此项"),
    }


def test_totals_and_rates_are_real_formulas(folder: Path):
    book = openpyxl.load_workbook(folder / "汇总.xlsx")
    [line] = [row for row in rows(book, "汇总总表") if row[:2] == ("三公经费", "本年预算数")]
    number = next(cell.row for cell in book["汇总总表"]["D"] if cell.value == line[3])
    assert line[3] == f"=SUM(F{number}:H{number})"
    rate = [row for row in rows(book, "比率")]
    at = next(index for index, row in enumerate(rate) if row[0] == "“三公经费”控制率")
    assert rate[at][3].startswith("=SUM('汇总总表'!F") and ",'汇总总表'!H" in rate[at][3]
    assert "D" in rate[at][1] and rate[at][1].startswith("=IF(COUNT(")
    staff = next(row for row in rate if row[0] == "控制率")
    assert staff[3].startswith("='汇总总表'!D")


def test_rates_say_how_they_came_about_and_for_whom(folder: Path):
    book = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)
    [line] = [row for row in rows(book, "比率") if row[0] == "“三公经费”控制率"]
    assert line[1] == pytest.approx(0.85588, abs=1e-5)
    assert line[4:7] == ("三公经费·本年决算数 44.0778 ÷ 三公经费·本年预算数 51.5 ＝ 85.59%", "甲中心、丙中心",
                         "乙中心：“三公经费·本年预算数”没有数字（基础数据表!B35）")
    [nothing] = [row for row in rows(book, "比率") if row[0] == "政府采购执行率"]
    assert nothing[1:6] == ("算不出来", "政府采购金额·本年决算数", "未填", "政府采购金额·本年决算数、政府采购金额·本年预算数没有填，没有计算", "无")


def test_ranking_and_scores(folder: Path):
    book = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)
    lines = rows(book, "得分与排名")
    assert [row[:7] for row in lines[2:5]] == [
        (1, "甲中心", "430400/2022", 96.85, "—", "优", "须修改"), (2, "乙中心", "430400/2022", 95, "—", "优", "须修改"),
        (2, "丙中心", "430181/2021", 95, 95, "优", "须修改")]
    assert [row[1:6] for row in lines[7:11]] == [
        ("甲中心", "资金得分", "—", 6.85, 6.85), ("甲中心", "自评总分", "—", 96.85, "—"),
        ("甲中心", "项目资金得分", "1", 10, 10), ("甲中心", "项目资金得分", "2", 10, 10)]


def test_every_cell_behind_every_total_is_listed(folder: Path):
    book = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True)
    lines = rows(book, "来源")
    result = result_of(unit_a(), unit_b(), unit_c())
    assert len(lines) == 1 + sum(len(total.parts) for total in result.totals)
    assert ("部门整体支出绩效评价基础数据表", "三公经费", "本年预算数", "乙中心", "", "万元", "未填", "", "基础数据表!B35",
            "乙中心.xlsx") in [tuple("" if value is None else value for value in line) for line in lines]


def test_the_notes_tell_who_is_missing_and_what_was_turned_away(folder: Path):
    text = [str(value) for row in rows(openpyxl.load_workbook(folder / "汇总.xlsx"), "说明") for value in row if value]
    assert "丁局" in text
    assert any(line.startswith("又一份.xlsx：“甲中心”已由") for line in text)
    assert any(line.startswith("会计年度不一致") for line in text)
    assert any(line.startswith("430400/2022 衡阳市 2022 年度（第 1 版") for line in text)


def test_the_file_is_sound_reproducible_and_its_formulas_are_old(folder: Path):
    assert xml_errors(folder / "汇总.xlsx") == []
    result = result_of(unit_a(), unit_b())
    assert summary_workbook(result, folder, MADE) == summary_workbook(result, folder, MADE)
    book = openpyxl.load_workbook(folder / "汇总.xlsx")
    assert book.properties.created.date() == MADE
    functions = {token.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
                 for token in Tokenizer(cell.value).items if token.type == "FUNC" and token.subtype == "OPEN"}
    assert functions <= {"SUM(", "IF(", "COUNT(", "ROUND(", "NA(", "OR(", "AND(", "ISNUMBER(", "COUNTA("}


def test_texts_from_workbooks_never_become_formulas(tmp_path: Path):
    evil = filed("430400/2022", "=HYPERLINK(\"http://x\",\"甲\")\x07", {"基础数据": {"编制数": "=1+1"}}, path="@SUM(A1).xlsx")
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(result_of(evil), tmp_path, MADE)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f" and ("HYPERLINK" in cell.value or "1+1" in cell.value)]
    assert book["汇总总表"]["F3"].value == '=HYPERLINK("http://x","甲")' and book["汇总总表"]["F3"].data_type == "s"


def test_many_units_fit(tmp_path: Path):
    base = unit_a()
    units = [replace(base, submission=replace(base.submission, entity=f"单位{number}", sha256=str(number)))
             for number in range(20)]
    result = result_of(*units)
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(result, tmp_path, MADE)), data_only=True)
    sheet = book["汇总总表"]
    assert (sheet.print_title_cols, sheet.freeze_panes) == ("$A:$E", "E4")
    assert [row[3] for row in rows(book, "汇总总表") if row[0] == "编制数"] == [15 * 20]
    assert Decimal(300) == next(total.value for total in result.totals if total.key == "基础数据!编制数")
