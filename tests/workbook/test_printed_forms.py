"""Filled forms as they are printed; and that a Word document with them reads back as what was filed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from report_samples import unit_filed

from pyfuncs.catalog.printed_form import PrintedForm
from pyfuncs.catalog.submission import Submission
from pyfuncs.live.self_report import self_report
from pyfuncs.workbook.printed_forms import printed_forms
from pyfuncs.workbook.process import process


def forms(unit: str) -> tuple[PrintedForm, ...]:
    filed = unit_filed(unit)
    return printed_forms(filed.ruleset, filed.submission)


def rows(form: PrintedForm) -> list[list[str]]:
    """Texts by row, each where its cell begins."""
    found: list[list[str]] = [[] for _ in form.heights]
    for cell in sorted(form.cells, key=lambda cell: (cell.row, cell.column)):
        found[cell.row].append(cell.text)
    return found


def values(submission: Submission) -> Counter[tuple[str, int, str, str, Decimal]]:
    return Counter((item.form, item.instance, item.name, item.group, item.value) for item in submission.items
                   if item.value is not None and item.cell)


def test_the_forms_that_were_filed_with_their_lines():
    assert [(form.title, form.above, form.landscape) for form in forms("hengyang-2022")][:2] == [
        ("部门整体支出绩效评价基础数据表", ((("填报单位: 衡阳市投资促进事务中心", "left"), ("单位: 万元", "right")),), False),
        ("部门整体支出绩效目标自评表", ((("填报单位（盖章）：衡阳市投资促进事务中心　　　（2022年度）", "center"),),), False)]
    assert [form.title for form in forms("hengyang-2022")][2:] == ["项目支出绩效自评表"] * 2


def test_figures_are_printed_as_the_form_prints_them_and_rows_nobody_filled_are_not():
    printed = rows(forms("hengyang-2022")[0])
    assert printed[:2] == [["财政供养人员情况", "编制数", "2022 年实际在职人数", "控制率"], ["15", "12", "80%"]]
    assert printed[5] == ["其中: 办公经费", "4.91", "15.4", "2.46"]     # filed as “2.46 ✓”
    assert printed[20:24] == [["1、业务工作专项(一个项目一行)", "22.5", "22.5", "22.5"], ["联络湖南异地商会工作", "18", "18", "18"],
                              ["招商引资工作", "4.5", "4.5", "4.5"], ["2、运行维护专项(一个项目一行)", "0", "0", "0"]]
    assert "505.05万元" in rows(forms("hengyang-2022")[1])[1]


def test_more_rows_than_the_empty_form_has_are_all_printed():
    filed = unit_filed("changsha-2020", True)
    printed = rows(printed_forms(filed.ruleset, filed.submission)[0])
    at = next(index for index, row in enumerate(printed) if row[0].startswith("3、其他"))
    assert [row[0] for row in printed[at + 1:at + 7]] == ["投促经费", "信息化建设", "政策培训费", "中小商贸流通企业公共服务维护费",
                                                          "物业管理费", "公用经费"]


def test_every_cell_of_the_grid_is_covered_once():
    for unit in ("hengyang-2022", "liuyang-2021", "xiangxi-2021"):
        for form in forms(unit):
            covered = Counter((row, column) for cell in form.cells for row in range(cell.row, cell.row + cell.rows)
                              for column in range(cell.column, cell.column + cell.columns))
            assert set(covered.values()) == {1}
            assert covered.keys() == {(row, column) for row in range(len(form.heights)) for column in range(len(form.widths))}


@pytest.mark.parametrize("unit", ["hengyang-2022", "liuyang-2021", "xiangxi-2021"])
def test_the_annexes_of_a_report_read_back_as_what_was_filed(unit: str, tmp_path: Path):
    """Through the label reader, as any Word document that a unit hands in; and without a mistake of their own."""
    filed = unit_filed(unit)
    path = tmp_path / "自评报告.docx"
    path.write_bytes(self_report(filed, date(2023, 3, 22)))
    again = process(path)
    fixed = {item.key for item in filed.submission.items if filed.ruleset.forms[item.form].printed_text(item.name)}
    lost = values(filed.submission) - values(again.submission)
    assert {f"{form}!{name}" for form, _, name, _, _ in lost} <= fixed
    assert values(again.submission) - values(filed.submission) == Counter()
    assert (again.submission.ruleset, again.unit, again.year) == (filed.submission.ruleset, filed.unit, filed.year)
    assert [finding.line() for finding in again.findings if finding.must_fix] == []
