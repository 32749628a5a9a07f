"""Figures that were rounded before they were printed: a tail is told as one, and no more than a tail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from pyfuncs.catalog.cases import case_submission
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.run import check
from test_checks import KEYS, base, findings

LIUYANG = load_ruleset("430181/2021")


@pytest.mark.parametrize(("yuan", "wan", "severity"), [
    ("1000.00", "0.10", ""),                          # the same amount in 元 and in 万元
    ("1040.00", "0.10", "rounding"), ("1050.00", "0.10", "rounding"), ("1050.01", "0.10", "error"),
    ("1000.00", "0.1000", ""), ("1040.00", "0.1000", "error"),      # four places of 万元 are whole 元
])
def test_one_amount_in_two_units_agrees_within_the_coarser(yuan: str, wan: str, severity: str) -> None:
    """KB-07: the department's form counts in 元, the projects' in 万元 to two places."""
    filed = case_submission(LIUYANG, {"inputs": {"整体自评": {"项目支出.全年预算": yuan}, "项目": [{"资金.全年预算": wan}]}})
    found = [one for one in check(LIUYANG, printed(filed)) if one.rule_id == "430181-2021-KB-07"]
    assert [one.severity for one in found] == [severity] * bool(severity)


def printed(filed: Submission, rates: Mapping[str, str] = {}) -> Submission:
    """A case as the reader gives it: each figure with its printed decimals, and rates as ratios."""
    found = []
    for item in filed.items:
        text = rates.get(item.name, item.text)
        places = len(text.rstrip("%").partition(".")[2])
        value = Decimal(text.rstrip("%")) / 100 if item.name in rates else item.value
        found.append(replace(item, value=value, text=text, places=places, state="number"))
    return replace(filed, items=tuple(found))


# budget and spending in 万元 to two places, the printed rate
RATES = [
    ("0.03", "0.02", "66.67%", ""), ("0.03", "0.02", "70%", "rounding"), ("0.03", "0.02", "101.00%", "error"),
    ("0.03", "0.02", "60.00%", "rounding"), ("0.03", "0.02", "42.85%", "error"),
    ("300.00", "200.00", "66.67%", ""), ("300.00", "200.00", "66.68%", "error"), ("300.00", "200.00", "66%", "error"),
    ("30.00", "20.00", "66.69%", "rounding"), ("30.00", "20.00", "66.70%", "error"),
]


@pytest.mark.parametrize(("budget", "spent", "shown", "severity"), RATES)
def test_a_rate_of_rounded_figures_fits_their_interval(budget: str, spent: str, shown: str, severity: str) -> None:
    ruleset = load_ruleset("430400/2022")
    filed = case_submission(ruleset, {"inputs": {"项目": [{"资金.全年预算": budget, "资金.全年执行": spent, "执行率": "0"}]}})
    found = [one for one in check(ruleset, printed(filed, {"执行率": shown})) if KEYS.get(one.rule_id) == "rate:项目!执行率"]
    assert [one.severity for one in found] == [severity] * bool(severity)


def test_heads_are_counted_not_rounded(tmp_path) -> None:
    found = findings({base("控制率"): "89.99%"}, tmp_path)
    assert [(KEYS[one.rule_id], one.severity) for one in found] == [("rate:基础数据!控制率", "error")]
