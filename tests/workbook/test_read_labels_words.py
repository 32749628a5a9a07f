"""Which printed labels mean the same, how a label is told from the number behind it, and what figures count in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.workbook.labels.units import inferred_unit, stated_unit
from pyfuncs.workbook.labels.words import cuts, keys_of, level_keys, near, title_key, yearless

ALIKE = [
    ("年度总体目标", "年度总\n\n体目标"), ("公用经费", "其中: 公用经费"), ("公用经费", "　　其中：公用经费"),
    ("1、公务用车购置和维护经费", "（1）公务用车购置和维护经费"), ("一、部门基本支出", "部门基本支出："),
    ("产出指标（50分）", "产出指标\n（50 分）"), ("数量指标", "数量指标（15）"), ("项目资金（万元）", "项目资金"),
    ("部门（单位）名称", "部门(单位)\n名　称"), ("部门（单位）名称", "部门名称"), ("财政拨款", "资金来源：（1）财政拨款"),
    ("“三公经费”控制率", "三公经费控制率"), ("预算数（A）", "预算数"), ("……", "          ……"), ("……", "...."),
    ("2022年实际在职人数", "2022 年\n实际在职人数"), ("总分", "总  分"), ("1.项目年度目标完成情况", "项目年度目标完成情况"),
]
APART = [
    ("公用经费", "办公经费"), ("2022年决算数", "2021年决算数"), ("项目支出", "基本支出"), ("分值", "得分"), ("", "　"),
    ("……", "编制数"), ("公务接待费", "公务接待费、邮电费"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_labels_that_are_alike_share_a_key(one: str, other: str):
    assert set(keys_of(one, "2022")) & set(keys_of(other, "2022"))


@pytest.mark.parametrize(("one", "other"), APART)
def test_labels_that_differ_share_none(one: str, other: str):
    assert not set(keys_of(one, "2022")) & set(keys_of(other, "2022"))


def test_years_are_told_from_the_fiscal_year():
    assert keys_of("2021年决算数", "2022") == keys_of("2020 年决算数", "2021")
    assert keys_of("2019年决算数", "2022") != keys_of("2019年决算数", "2020")
    assert yearless("2021年实际\n在职人数") == keys_of("实际在职人数")[0]


@pytest.mark.parametrize(("one", "other"), [
    ("部门整体支出绩效评价基础数据表", "2021年部门整体支出绩效自评基础数据表"),
    ("部门整体支出绩效目标自评表", "附件2：部门整体支出绩效自评表（2022年度）"),
    ("项目支出绩效自评表", "银川市本级项目支出绩效自评表（续表）"),
])
def test_titles_of_one_form_are_alike(one: str, other: str):
    assert title_key(one) == title_key(other) != title_key("部门整体支出绩效评价指标评分表")


@pytest.mark.parametrize(("text", "cut"), [
    ("资金总额：505.05万元", ("资金总额", "505.05万元")), ("其中：基本支出：323.67万元", ("其中：基本支出", "323.67万元")),
    ("资金总额505.05万元", ("资金总额", "505.05万元")), ("编制数:15", ("编制数", "15")), ("项目名称：招商经费", ("项目名称", "招商经费")),
    ("政府性基金拨款：", ("政府性基金拨款", "")), ("执行率≥95%", ("执行率", "≥95%")),
])
def test_label_and_value_in_one_cell(text: str, cut: tuple[str, str]):
    assert cut in cuts(text)


@pytest.mark.parametrize("text", ["公用经费", "2.46", "……", ""])
def test_what_holds_no_label_is_not_cut(text: str):
    assert cuts(text) == []


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("主管部分", "主管部门", True), ("当年财玫拨款", "当年财政拨款", True), ("偏差原因分忻及改进措旋", "偏差原因分析及改进措施", True),
    ("分直", "分值", False), ("公用经费", "办公经费", False), ("公车购置", "公务接待", False), ("社会效益指标", "生态效益指标", False),
])
def test_slips_are_near_and_short_or_other_words_are_not(one: str, other: str, expected: bool):
    assert near(one, other) is expected


def test_second_level_indicators_are_alike_without_weight_and_suffix():
    for text in ("数量指标（15）", "数量\n指标", "数量"):
        assert set(level_keys(text)) & set(level_keys("数量指标"))
    assert not set(level_keys("质量指标")) & set(level_keys("数量指标"))


@pytest.mark.parametrize(("lines", "labels", "expected"), [
    (["填报单位：某中心", "单位: 万元"], [], "万元"), (["金额单位：元"], ["项目资金（万元）"], "元"), ([], ["项目资金\n（万元）"], "万元"),
    (["填报单位（盖章）：某万元店"], ["执行率（%）"], ""), (["单　位：元"], [], "元"),
])
def test_the_unit_a_form_states(lines: list[str], labels: list[str], expected: str):
    assert stated_unit(lines, labels) == expected


@pytest.mark.parametrize(("amounts", "others", "expected"), [
    (["337384", "4026710.58"], [], "元"), (["4.91", "156.75", "303.01"], [], "万元"), (["262.083456", "20000"], [], "万元"),
    (["2620800", "90"], ["2620800"], "元"), (["262.08", "90"], ["2620800"], "万元"),
    (["12000", "500"], [], ""),                       # 12,000 元, or 120 million
    (["2620800", "262.08"], ["2620800"], ""),         # told both ways
    (["0"], [], ""),
])
def test_the_unit_that_figures_tell(amounts: list[str], others: list[str], expected: str):
    unit = inferred_unit([Decimal(amount) for amount in amounts], frozenset(map(Decimal, others)))
    assert (unit.name if unit else "") == expected
    assert unit is None or (unit.reason and not unit.stated)
