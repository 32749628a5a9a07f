"""Scores of a node: by the rule set that most of its units use, on the sums alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sample_units import filed, unit_a, unit_b, unit_c

from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.node import node_result
from pyfuncs.consolidate.result import Node, NodeResult
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import Sums


def node(*units: Filed) -> NodeResult:
    sums = Sums()
    for one in units:
        sums.add(share_of(one))
    return node_result(Node("", ""), sums)


def shown(result: NodeResult) -> dict[str, tuple]:
    return {score.key: (score.value, score.why_listed, score.count, score.lowest, score.highest, score.mean)
            for score in result.scores}


def test_what_a_rule_can_score_is_scored_on_the_sums_and_the_rest_is_listed():
    result = node(unit_a(), unit_b(), unit_c())
    assert shown(result) == {
        "资金得分": (Decimal("7.75"), "", 2, Decimal("6.85"), Decimal("10"), Decimal("8.4250")),   # 546.17 of 705.05 万元
        "自评总分": (None, "有得分要由人评判，合计不出", 2, Decimal("95"), Decimal("96.85"), Decimal("95.9250")),
        "项目资金得分": (None, "按项目评分，逐个列出", 3, Decimal("9.05"), Decimal("10"), Decimal("9.6833")),
        "项目总分": (None, "按项目评分，逐个列出", 3, Decimal("9.05"), Decimal("10"), Decimal("9.6833"))}
    assert (result.ruleset.id, result.total, result.grade) == ("430400/2022", None, "")


def test_counts_are_added_before_they_are_scored():
    units = [filed("430600/2018", name, {"评分依据": {"违规次数": times, "年末结余.计算用数": "0", "上年结转.计算用数": "5"}})
             for name, times in (("甲", "1"), ("乙", "1"))]
    found = shown(node(*units))
    assert {key: found[key][0] for key in ("资金使用合规性得分", "资金结余得分", "管理制度健全性得分", "支付进度得分")} == {
        "资金使用合规性得分": Decimal(1), "资金结余得分": Decimal(3), "管理制度健全性得分": None, "支付进度得分": None}
    assert (found["管理制度健全性得分"][1], found["支付进度得分"][1]) == ("由人评判，逐个列出", "要用的数各单位没有填，或不能相加")


def test_a_year_without_rules_does_not_take_the_place_of_the_rules():
    """Its rule set has the id and the hash of the one whose forms it has, and nothing to score by."""
    bare = replace(unit_b(path="旧.xlsx"), ruleset=arithmetic(unit_b().ruleset, "2023"), figures={})
    first, last = node(bare, unit_a(), unit_b()), node(unit_a(), unit_b(), bare)
    assert first.ruleset == last.ruleset == load_ruleset("430400/2022")
    assert shown(first).keys() == load_ruleset("430400/2022").scores.keys()
    assert node(bare).ruleset.name == bare.ruleset.name


def test_an_amount_of_another_rule_set_is_not_scored_as_a_count():
    one = filed("430600/2018", "甲", {"评分依据": {"违规次数": "1"}})
    form = one.ruleset.forms["评分依据"]
    cell = form.all_cells()["违规次数"].model_copy(update={"type": "amount"})
    tail = form.tail.model_copy(update={"cells": {**form.tail.cells, "违规次数": cell}})
    fields = {name: getattr(form, name) for name in type(form).model_fields}
    other = one.ruleset.model_copy(update={
        "id": "430601/2018", "forms": {"评分依据": type(form).model_construct(**{**fields, "tail": tail})}})
    mixed = replace(one, submission=replace(one.submission, path="乙.xlsx", entity="乙"), ruleset=other)
    result = node(mixed, one, replace(one, submission=replace(one.submission, path="丙.xlsx", entity="丙")))
    assert {(total.kind, total.value) for total in result.totals if total.name == "违规次数"} == {
        ("amount", Decimal(1)), ("count", Decimal(2))}
    assert shown(result)["资金使用合规性得分"][0] == Decimal(1)      # 3 points less 2 times 1


def test_figures_beyond_all_bounds_stop_nothing():
    """A text of many decimals is an amount; a score that was printed need not be one."""
    odd = with_value(unit_a(), "项目", "其他资金.全年执行", Decimal("1E-301"))
    total = next(total for total in node(odd, unit_b()).totals if total.key == "项目!其他资金.全年执行")
    assert total.value == Decimal("2E-301")                 # on both project sheets
    wild = with_value(filed("433100/2021", "甲", {"评分": {"绩效目标合理性.得分": "3"}}), "评分", "绩效目标合理性.得分", Decimal("1E+19"))
    assert shown(node(wild))["绩效目标合理性得分"] == (None, "由人评判，逐个列出", 1, *[Decimal("1E+19")] * 3)


def with_value(one: Filed, form: str, name: str, value: Decimal) -> Filed:
    items = tuple(replace(item, value=value, state="number") if (item.form, item.name) == (form, name) else item
                  for item in one.submission.items)
    submission = replace(one.submission, items=items)
    return replace(one, submission=submission, figures=figures(one.ruleset, submission))
