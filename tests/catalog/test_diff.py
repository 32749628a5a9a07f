"""Differences between two rule sets: what is told of each kind of thing; the order does not matter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pyfuncs.catalog import load
from pyfuncs.catalog.diff import Count, Difference, count, differences
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import Basis, Form, Pause, RuleSet

HENGYANG, LIUYANG, SHARED = map(load_ruleset, ("430400/2022", "430181/2021", "430000/base"))


def _small() -> RuleSet:
    folders, load.FOLDERS = load.FOLDERS, (Path(__file__).parent / "score_sheet",)
    try:
        return load_ruleset("990300/2023")
    finally:
        load.FOLDERS = folders


SMALL = _small()
ALL = (HENGYANG, LIUYANG, SHARED, SMALL)


def changed(ruleset: RuleSet, section: str, key: str, **values) -> RuleSet:
    """A copy in which one rate, score, form or check says something else."""
    things = getattr(ruleset, section)
    return ruleset.model_copy(update={section: {**things, key: things[key].model_copy(update=values)}})


def told(a: RuleSet, b: RuleSet) -> list[tuple[str, ...]]:
    return [(each.section, each.name, each.aspect, each.left, each.right) for each in differences(a, b)]


def test_a_rate_that_is_worked_out_otherwise():
    other = changed(SMALL, "rates", "预算完成率", method="执行率", args=["数据!结转.本年", "数据!结余"], decimals=1,
                    ask_above=Decimal(1), diagnose=["截尾"], status="assumed")
    assert told(SMALL, other) == [
        ("比率", "预算完成率", "算法", "完成率", "执行率"),
        ("比率", "预算完成率", "上年结转", "《数据表》“上年结转”的“本年数”", ""),
        ("比率", "预算完成率", "执行数", "", "《数据表》“上年结转”的“本年数”"),
        ("比率", "预算完成率", "年初预算", "《数据表》“年初预算”的“本年数”", ""),
        ("比率", "预算完成率", "预算数", "", "《数据表》“年末结余”"),
        ("比率", "预算完成率", "小数", "百分数保留 2 位", "百分数保留 1 位"),
        ("比率", "预算完成率", "本年追加", "《数据表》“本年追加”的“本年数”", ""),
        ("比率", "预算完成率", "年末结余", "《数据表》“年末结余”", ""),
        ("比率", "预算完成率", "核实", "", "超过 100% 时"),
        ("比率", "预算完成率", "常见错误", "", "截尾"),
        ("比率", "预算完成率", "可靠程度", "有文件依据", "推定（没有文件依据）")]


def test_every_parameter_of_a_score_in_words():
    other = changed(SMALL, "scores", "预算完成率得分", points=Decimal(6), standard="", parameters={
        "limit": "0.9", "step": "0.01", "per_step": "0.5", "decimals": "2"})
    assert told(SMALL, other) == [
        ("得分", "预算完成率得分", "分值", "5 分", "6 分"),
        ("得分", "预算完成率得分", "满分界限", "100%", "90%"),
        ("得分", "预算完成率得分", "一步", "5 个百分点", "1 个百分点"),
        ("得分", "预算完成率得分", "每步扣", "2 分", "0.5 分"),
        ("得分", "预算完成率得分", "不足一步", "算一步 或 不算 或 按比例", "算一步"),
        ("得分", "预算完成率得分", "不适用时", "得满分", "由人判断"),
        ("得分", "预算完成率得分", "得分取整", "", "到 2 位小数"),
        ("得分", "预算完成率得分", "评价标准", "达到 100% 计 5 分，每低 5% 扣 2 分", "")]


def test_a_default_that_is_written_out_is_no_difference():
    score = SMALL.scores["预算完成率得分"]
    assert differences(SMALL, changed(SMALL, "scores", "预算完成率得分", parameters={
        **score.parameters, "judge_on": "exact", "rate_decimals": "2"})) == []


def test_forms_items_and_points_of_groups():
    data = SMALL.forms["数据"]
    cell = data.cells["违规"].model_copy(update={"label": "违规金额", "type": "amount"})
    row = data.rows[2].model_copy(update={"parts": "within", "rows": data.rows[2].rows[:1], "label": "三、追加"})
    form = data.model_copy(update={"unit": "元", "cells": {"违规": cell}, "rows": [*data.rows[:2], row]})
    form = Form.model_validate(form.model_dump())     # a copy keeps the rows it had looked up
    sheet = SMALL.forms["评分"].indicators.model_copy(update={"groups": {"投入": Decimal(6), "效果": Decimal(7)}})
    scored = SMALL.forms["评分"].model_copy(update={"indicators": sheet})
    found = told(SMALL, SMALL.model_copy(update={"forms": {"数据": form, "评分": scored}}))
    assert [row for row in found if row[0] not in ("比率", "得分")] == [
        ("表单", "数据", "计量单位", "万元", "元"),
        ("单元格", "《数据表》违规", "名称", "违规次数", "违规金额"),
        ("单元格", "《数据表》违规", "内容", "个数", "金额"),
        ("单元格", "《数据表》结余", "", "名称：年末结余；内容：金额", ""),
        ("行", "《数据表》追加", "名称", "本年追加", "追加"),
        ("行", "《数据表》追加", "分项", "等于各分项之和", "不少于各分项之和"),
        ("行", "《数据表》基本追加", "上级", "本年追加", "追加"),
        ("行", "《数据表》项目追加", "", "名称：项目支出追加；上级：本年追加；明细：项目明细", ""),
        ("指标分值", "《评分表》投入", "分值", "5 分", "6 分"),
        ("指标分值", "《评分表》效果", "", "", "分值：7 分"),
        ("指标分值", "《评分表》过程", "", "分值：7 分", "")]


def test_of_a_form_that_only_one_has_the_form_alone_is_told():
    forms = {"评分": SMALL.forms["评分"]}
    found = differences(SMALL, SMALL.model_copy(update={"forms": forms}))
    assert [each for each in found if each.section not in ("比率", "得分")] == [
        Difference("表单", "数据", "", "标题：本年数据表；工作表：数据表；计量单位：万元", "")]


def test_basis_grades_total_and_checks():
    check = HENGYANG.checks["KB-03"]
    other = HENGYANG.model_copy(update={
        "basis": [HENGYANG.basis[0].model_copy(update={"page": "3"}), Basis(title="另一份通知")],
        "grades": {"优": Decimal(85), "良": Decimal(80), "差": Decimal(0)}, "total": "项目总分",
        "checks": {**HENGYANG.checks, "KB-03": check.model_copy(update={
            "severity": "error", "formula": "基础数据!在职人数 < 基础数据!编制数"})}})
    title = HENGYANG.basis[0].title
    assert [row[:3] if row[0] in ("总分", "得分") else row for row in told(HENGYANG, other)] == [
        ("依据", title, "页码", "", "3"),
        ("依据", "另一份通知", "", "", "有"),
        ("得分", "项目总分", ""),
        ("得分", "自评总分", ""),
        ("总分", "项目总分", ""),
        ("总分", "自评总分", ""),
        ("等级", "优", "总分", "90 分（含）以上", "85 分（含）以上"),
        ("等级", "中", "", "总分：60 分（含）以上", ""),
        ("审核公式", "KB-03", "级别", "请核实", "必须修改"),
        ("审核公式", "KB-03", "应当", "《基础数据表》“实际在职人数”≤ 《基础数据表》“编制数”",
         "《基础数据表》“实际在职人数”＜ 《基础数据表》“编制数”")]


def test_the_formula_of_a_total_and_a_rule_set_that_is_partial():
    whole = changed(SMALL, "scores", "已知得分", formula="SUM(评分!投入.得分)").model_copy(update={"partial": False})
    assert told(SMALL, whole) == [
        ("规则集", "范围", "内容", "只含已见到的部分", "有总分"),
        ("得分", "已知得分", "公式", "《评分表》“得分”之和", "《评分表》“投入”的“得分”之和")]


def test_another_year_alone_is_no_difference():
    assert differences(SMALL, SMALL.model_copy(update={"year": "2024", "id": "990300/2024"})) == []


def test_the_count():
    other = changed(SMALL, "scores", "违规得分", points=Decimal(2))
    other = other.model_copy(update={"rates": {}})
    counted = count(SMALL, other)
    assert (counted.different, counted.only_left, counted.only_right) == (1, 1, 0)
    assert count(other, SMALL) == Count(counted.same, 1, 0, 1)


@pytest.mark.parametrize("a", ALL, ids=lambda ruleset: ruleset.id)
@pytest.mark.parametrize("b", ALL, ids=lambda ruleset: ruleset.id)
def test_no_difference_from_itself_and_the_same_ones_mirrored(a: RuleSet, b: RuleSet):
    found = differences(a, b)
    assert found == [swapped(each) for each in differences(b, a)]
    assert (found == []) == (a is b)
    assert all(each.left != each.right for each in found)
    assert len({(each.section, each.name) for each in found if not each.aspect}) == sum(
        getattr(count(a, b), side) for side in ("only_left", "only_right"))


@st.composite
def variants(draw) -> RuleSet:
    """A rule set with things left out and put in another order."""
    ruleset = draw(st.sampled_from((HENGYANG, LIUYANG, SMALL)))
    update = {}
    for section in ("rates", "scores", "checks", "grades", "forms"):
        things = getattr(ruleset, section)
        keys = draw(st.lists(st.sampled_from(list(things)), unique=True)) if things else []
        update[section] = {key: things[key] for key in keys}
    return ruleset.model_copy(update=update)


@given(variants(), variants())
def test_whatever_is_left_out_the_order_of_two_does_not_matter(a: RuleSet, b: RuleSet):
    assert differences(a, a) == []
    assert differences(a, b) == [swapped(each) for each in differences(b, a)]


def swapped(one: Difference) -> Difference:
    return replace(one, left=one.right, right=one.left)


def test_states_and_thresholds_of_checks_are_told():
    ruleset = load_ruleset("430400/2022")
    check = ruleset.checks["KB-01"].model_copy(update={"status": "beta", "reason": "先试一年", "since": "2024-03-01"})
    changed = ruleset.model_copy(update={
        "checks": {**ruleset.checks, "KB-01": check}, "suspended": {"rate:基础数据!控制率": Pause(reason="不合", since="2024-01-01")},
        "thresholds": ruleset.thresholds.model_copy(update={"unspent": Decimal("0.3")})})
    assert [(one.section, one.name, one.aspect, one.left, one.right) for one in differences(ruleset, changed)] == [
        ("规则集", "范围", "没有用完要写原因的比例", "20%", "30%"),
        ("审核公式", "KB-01", "状态", "", "试行"), ("审核公式", "KB-01", "原因", "", "先试一年"),
        ("审核公式", "KB-01", "起始日期", "", "2024-03-01"),
        ("试行停用", "rate:基础数据!控制率", "", "", "状态：停用；原因：不合；起始日期：2024-01-01")]
