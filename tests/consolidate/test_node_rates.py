"""Rates over all units: from sums, over units that have every operand, one per definition."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_units import filed, unit_a, unit_b, unit_c

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.consolidate.node_rates import node_rates
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import Sums
from pyfuncs.language import CellError, round_decimal


def rates(*units):
    sums = Sums()
    for one in units:
        sums.add(share_of(one))
    return {rate.label: rate for rate in node_rates(sums)}


def test_a_rate_comes_from_the_sums_and_not_from_the_units_rates():
    rate = rates(unit_a(), unit_b())["控制率"]
    assert rate.sums == (Decimal(42), Decimal(45))     # 12 + 30 of 15 + 30; the mean of 80% and 100% would be 90%
    assert round_decimal(rate.value, 4) == Decimal("0.9333")
    assert (rate.units, rate.left_out) == (2, ())


def test_only_units_with_every_operand_count_on_both_sides():
    rate = rates(unit_a(), unit_b(), unit_c())["“三公经费”控制率"]
    assert rate.units == 2
    assert rate.sums == (Decimal("440778.30"), Decimal("515000"))
    assert [(one.unit, one.reason) for one in rate.left_out] == [("乙中心", "“三公经费·2022 年预算数”没有数字（基础数据表!B35）")]
    assert rate.sentence == "三公经费·本年决算数 44.0778 ÷ 三公经费·本年预算数 51.5 ＝ 85.59%"


def test_a_rate_nobody_can_support_says_so():
    rate = rates(unit_a())["政府采购执行率"]
    assert (rate.value, rate.units, rate.sums) == (CellError("#N/A"), 0, (None, None))
    assert [one.reason for one in rate.left_out] == ["没有填这个比率要用的数"]


def test_projects_are_added_first_and_untouched_sheets_do_not_matter():
    spare = filed("430400/2022", "丁", {"项目": [{"资金.全年预算": "10", "资金.全年执行": "9"}, {}]})
    broken = filed("430400/2022", "戊", {"项目": [{"资金.全年预算": "10", "资金.全年执行": "9"}, {"资金.全年预算": "5"}]})
    rate = rates(unit_a(), spare, broken)["执行率"]
    assert rate.sums == (Decimal("315000"), Decimal("325000"))
    assert [one.unit for one in rate.left_out] == ["戊"]


def test_rates_that_print_one_label_are_told_apart():
    assert [label for label in rates(unit_a(), unit_c()) if label.startswith("执行率")] == [
        "执行率（项目执行率）", "执行率（财政拨款执行率）", "执行率（其他资金执行率）", "执行率（基本支出执行率）", "执行率（项目支出执行率）"]


def test_a_rate_that_rule_sets_define_differently_is_kept_apart():
    ruleset = load_ruleset("430181/2021")
    other = ruleset.rates["公用经费控制率"].model_copy(update={"args": ["基础数据!公用经费.本年决算", "基础数据!公用经费.上年决算"]})
    changed = replace(unit_c(), ruleset=ruleset.model_copy(update={"rates": {**ruleset.rates, "公用经费控制率": other}}))
    found = rates(unit_a(), changed)
    assert {label: rate.units for label, rate in found.items() if label.startswith("公用经费")} == {
        "公用经费控制率（430400/2022）": 1, "公用经费控制率（430181/2021）": 0}


amounts = st.integers(min_value=1, max_value=10**11).map(lambda cents: Decimal(cents) / 100)


@settings(max_examples=30)                            # each example checks whole forms
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=4))
def test_the_pooled_rate_lies_between_the_units_rates(pairs):
    units = [filed("430181/2021", f"单位{number}", {"基础数据": {
        "公用经费.本年决算": f"{actual}", "公用经费.本年预算": f"{limit}"}}) for number, (actual, limit) in enumerate(pairs)]
    own = [actual / limit for actual, limit in pairs]
    pooled = rates(*units)["公用经费控制率"].value
    slack = Decimal("1e-12")
    assert min(own) - slack <= pooled <= max(own) + slack
    assert abs(pooled - sum(a for a, _ in pairs) / sum(b for _, b in pairs)) <= slack
