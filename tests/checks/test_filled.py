"""A form that was left almost blank is no form that may be reported."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from pyfuncs.catalog.cases import case_submission
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS, Finding, verdict
from pyfuncs.checks.run import check
from pyfuncs.workbook.places import Slot
from test_checks import CLEAN, KEYS, findings, project, row

SHEET = load_ruleset("433100/2021").forms["评分"].rows_in()


def told(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(KEYS[one.rule_id], one.severity, one.cells[0].rpartition("!")[0]) for one in found
            if KEYS.get(one.rule_id, "").startswith("filled:")]


def without(form: str, *names: str) -> dict[Slot, str]:
    """The clean unit with the cells of these columns or rows of a form cleared; all of it without names."""
    return {slot: "" for slot in CLEAN.typed if slot.form == form and (not names or {*slot.name.split(".")} & {*names})}


BLANK: list[tuple[str, Mapping[Slot, str], list[tuple[str, str, str]]]] = [
    ("nothing", {}, []),
    ("one score of four", {row("项目", "得分", "质量指标"): ""}, []),
    ("all scores", without("项目", "得分"), [("filled:项目!全表", "error", "项目1")]),
    ("the whole table", without("整体自评", "指标"), [("filled:整体自评!全表", "error", "整体自评表")]),
    ("all amounts", without("基础数据", "上年决算", "本年预算", "本年决算"), [("filled:基础数据!全表", "error", "基础数据表")]),
    ("a project sheet nobody wrote on", without("项目"), []),
    ("a project of which there is only the name", {**without("项目"), project("项目名称"): "招商活动"},
     [("filled:项目!全表", "error", "项目1")]),
]


@pytest.mark.parametrize(("typed", "wanted"), [case[1:] for case in BLANK], ids=[case[0] for case in BLANK])
def test_what_is_missing_is_told_once_per_form(typed: Mapping[Slot, str], wanted: list, tmp_path) -> None:
    assert told(findings(dict(typed), tmp_path)) == wanted


def test_a_threshold_of_one_asks_for_nothing() -> None:
    ruleset = load_ruleset("433100/2021")
    loose = ruleset.model_copy(update={"thresholds": ruleset.thresholds.model_copy(update={"unfilled": Decimal(1)})})
    blank = case_submission(ruleset, {"inputs": {"评分": {f"{name}.得分": "" for name in SHEET}}})
    assert [[one.severity for one in check(rules, blank) if one.kind == "input"] for rules in (ruleset, loose)] == [["error"], []]


@pytest.mark.parametrize(("blank", "verdict_"), [(10, VERDICT_PASS), (11, VERDICT_FAIL), (21, VERDICT_FAIL)])
def test_a_unit_that_leaves_most_scores_blank_may_not_report(blank: int, verdict_: str) -> None:
    """21 scores; more than half of them blank is too many."""
    ruleset = load_ruleset("433100/2021")
    scores = {f"{name}.得分": "" if number < blank else "1" for number, name in enumerate(SHEET)}
    found = [one for one in check(ruleset, case_submission(ruleset, {"inputs": {"评分": scores}})) if one.kind == "input"]
    assert verdict(found) == verdict_
    assert [f"21 项得分有 {blank} 项空着" in one.message for one in found] == [True] * (verdict_ == VERDICT_FAIL)
