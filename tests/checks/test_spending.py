"""Budgets that were not spent, and results that score as if they had been."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.cases import case_submission
from pyfuncs.checks.run import check
from test_checks import KEYS, RULESET, base, filed, findings, project, row, whole

PROJECT = {"资金.全年预算": "35", "财政拨款.全年预算": "28.75", "结转资金.全年预算": "6.25", "执行率": "80.00%", "资金得分": "8"}


def asked(found, kind: str) -> list[tuple[str, str]]:
    return [(KEYS[one.rule_id], one.severity) for one in found if KEYS.get(one.rule_id, "").startswith(kind)]


def test_a_fifth_left_is_no_question_a_cent_more_is(tmp_path) -> None:
    typed = {project(name): text for name, text in PROJECT.items()}
    assert asked(findings(typed, tmp_path), "unspent") == []
    typed |= {project("资金.全年预算"): "35.01", project("财政拨款.全年预算"): "28.76", project("执行率"): "79.98%"}
    assert asked(findings(typed, tmp_path), "unspent") == [("unspent:项目!全表", "warning")]


def test_a_reason_on_the_form_settles_it(tmp_path) -> None:
    typed = {project("资金.全年预算"): "40", project("财政拨款.全年预算"): "35", project("执行率"): "70.00%", project("资金得分"): "7"}
    [found] = [one for one in findings(typed, tmp_path) if KEYS.get(one.rule_id) == "unspent:项目!全表"]
    assert found.cells[:1] == ("项目1!E7",) and "没有用完 30.00%" in found.message and "40.00 万元" in found.message
    typed[row("项目", "原因", "质量指标")] = "招标节约"
    assert asked(findings(typed, tmp_path), "unspent") == []


def test_base_data_are_explained_by_their_own_cell(tmp_path) -> None:
    typed = {base("政府采购.本年决算"): "1"}
    assert asked(findings(typed, tmp_path), "unspent") == []       # 厉行节约保障措施 is filled
    assert asked(findings({**typed, base("厉行节约"): ""}, tmp_path), "unspent") == [("unspent:基础数据!全表", "warning")]


def test_the_budget_before_and_after_adjustment_is_no_spending() -> None:
    ruleset = load_ruleset("430181/2021")
    filed_ = case_submission(ruleset, {"inputs": {"基础数据": {"预算调整.本年预算": "100", "预算调整.本年决算": "50"}}})
    assert not [one for one in check(ruleset, filed_) if "没有用完" in one.message]


@pytest.mark.parametrize(("budget", "told"), [("423.12", False), ("423.13", True), ("500", True)])
def test_scores_far_above_the_execution_rate(budget: str, told: bool, tmp_path) -> None:
    """The indicators have all of their points and 338.5 is spent; the margin is 20 percentage points."""
    typed = {whole("资金总额"): budget, whole("公共财政拨款"): str(Decimal(budget) - 50)}
    found = [one for one in findings(typed, tmp_path) if KEYS.get(one.rule_id) == "inflated:整体自评!全表"]
    assert [one.severity for one in found] == ["warning"] * told
    assert all("得分率 100.00%" in one.message and "自评可能虚高" in one.message for one in found)


def test_a_score_sheet_is_held_against_its_completion_rate() -> None:
    ruleset = load_ruleset("433100/2021")
    points = {f"{row}.{column}": ruleset.forms["评分"].all_rows()[row].fixed["分值"]
              for row in ruleset.forms["评分"].rows_in() for column in ("分值", "得分")}
    figures = {"上年结转.计算用数": "0", "年初预算.计算用数": "100", "本年追加.计算用数": "0"}
    for left, told in (("20", False), ("20.01", True)):
        filed_ = case_submission(ruleset, {"inputs": {
            "评分": {**points, "预算完成率.实际值": "0"}, "评分依据": {**figures, "年末结余.计算用数": left}}})
        assert any("自评可能虚高" in one.message for one in check(ruleset, filed_)) is told


def test_thresholds_are_the_rule_sets(tmp_path) -> None:
    typed = {project("资金.全年预算"): "40", project("财政拨款.全年预算"): "35"}
    loose = RULESET.model_copy(update={"thresholds": RULESET.thresholds.model_copy(
        update={"unspent": Decimal(1), "inflated": Decimal(1)})})
    submission = filed(typed, tmp_path)
    assert len(asked(check(RULESET, submission), "unspent")) + len(asked(check(RULESET, submission), "inflated")) == 2
    assert asked(check(loose, submission), "unspent") + asked(check(loose, submission), "inflated") == []
