"""Suspended checks find nothing and say so; what a check on trial finds is a note."""

from __future__ import annotations

import pytest

from pyfuncs.catalog.codes import code
from pyfuncs.catalog.model import Check, Pause, RuleSet
from pyfuncs.catalog.pauses import state_words
from pyfuncs.checks.finding import VERDICT_PASS, verdict
from pyfuncs.checks.run import check
from test_checks import RULESET, base, filed, whole

PAUSE = Pause(reason="编制口径正在重定", since="2024-03-01")
WRONG = {base("控制率"): "95.00%"}                      # rate:基础数据!控制率
UNEQUAL = {whole("项目支出"): "27", whole("执行数"): "337.5", whole("资金执行率"): "96.43%", whole("资金得分"): "9.64"}   # ZB-01


def paused(key: str, status: str) -> RuleSet:
    if key in RULESET.checks:
        changed = Check.model_validate({**RULESET.checks[key].model_dump(), "status": status, "reason": PAUSE.reason,
                                        "since": PAUSE.since})
        return RULESET.model_copy(update={"checks": {**RULESET.checks, key: changed}})
    return RULESET.model_copy(update={status: {key: PAUSE}})


CASES = [("rate:基础数据!控制率", WRONG), ("ZB-01", UNEQUAL)]


@pytest.mark.parametrize(("key", "typed"), CASES)
def test_a_suspended_check_finds_nothing_and_says_why(key: str, typed: dict, tmp_path) -> None:
    ruleset = paused(key, "suspended")
    [told] = check(ruleset, filed(typed, tmp_path))
    assert (told.rule_id, told.severity, told.kind, told.cells) == (code(RULESET, key), "note", "not-run", ())
    assert "自 2024-03-01 起停用，原因是编制口径正在重定" in told.message
    assert len(check(ruleset, filed({}, tmp_path))) == 1         # told whether or not it would have found something


@pytest.mark.parametrize(("key", "typed"), CASES)
def test_what_a_check_on_trial_finds_keeps_nobody_from_reporting(key: str, typed: dict, tmp_path) -> None:
    [before] = check(RULESET, filed(typed, tmp_path))
    [told] = check(paused(key, "beta"), filed(typed, tmp_path))
    assert (before.severity, told.severity) == ("error", "note") and verdict([told]) == VERDICT_PASS
    assert told.message == f"〔试行〕{before.message}" and "编制口径正在重定" in told.advice
    assert (told.rule_id, told.cells, told.identity) == (before.rule_id, before.cells, before.identity)
    assert check(paused(key, "beta"), filed({}, tmp_path)) == []


def test_a_suspended_check_is_the_cause_of_nothing(tmp_path) -> None:
    """Two relations broken by one figure: with one of them suspended, the other is told by itself."""
    typed = {base("项目支出.本年决算"): "25.5"}
    found = check(paused("parts:基础数据!项目支出", "suspended"), filed(typed, tmp_path))
    assert [one.rule_id for one in found if one.severity == "error"] == [code(RULESET, "KB-01")]
    assert sorted(one.rule_id for one in found if one.kind == "not-run") == sorted(
        code(RULESET, key) for key in ("parts:基础数据!项目支出", "ZB-01"))


def test_the_state_in_words() -> None:
    assert state_words(paused("ZB-01", "suspended"), "ZB-01") == "停用（自 2024-03-01：编制口径正在重定）"
    assert state_words(paused("rate:基础数据!控制率", "beta"), "rate:基础数据!控制率") == "试行（自 2024-03-01：编制口径正在重定）"
    assert state_words(RULESET, "ZB-01") == ""
