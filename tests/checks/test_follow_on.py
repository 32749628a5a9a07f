"""One wrong figure is told once, whatever relations it breaks; two wrong figures are told as two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pyfuncs.checks import follow_on
from pyfuncs.workbook.places import Slot
from test_checks import CLEAN, KEYS, RULESET, base, findings, project, row, whole

DETAIL = Slot("基础数据", 1, "业务明细.本年决算", 1)

# what is typed; the errors and warnings told, first cell; the checks not executed
CASES = {
    "a total with a digit wrong breaks its parts, the other form and the projects": (
        {base("项目支出.本年决算"): "25.5"},
        [("parts:基础数据!项目支出", "error", "基础数据表!D23")], ["KB-01", "ZB-01"]),
    "a total that a rate and a score rest on": (
        {whole("执行数"): "388.5"},
        [("total:整体自评!执行数", "error", "整体自评表!F4")],
        ["ask:整体自评!资金执行率", "rate:整体自评!资金执行率", "score:整体自评!资金得分"]),
    "a lost decimal point in a part": (
        {base("办公经费.本年决算"): "1125"},
        [("parts:基础数据!公用经费", "error", "基础数据表!D8")], []),
    "a part of a total, that another form states too": (
        {whole("项目支出"): "82"},
        [("ZB-01", "error", "整体自评表!H7")], ["total:整体自评!执行数"]),
    "a minus sign": (
        {base("办公经费.本年决算"): "-11.25"},
        [("type:基础数据!本年决算", "error", "基础数据表!D9")], ["parts:基础数据!公用经费"]),
    "words in a part": (
        {base("办公经费.本年决算"): "约十一"},
        [("type:基础数据!本年决算", "error", "基础数据表!D9")], ["parts:基础数据!公用经费"]),
    "words in a total": (
        {base("项目支出.本年决算"): "二十八万"},
        [("type:基础数据!本年决算", "error", "基础数据表!D23")], ["KB-01", "ZB-01", "parts:基础数据!项目支出"]),
    "a score that follows a wrong rate": (
        {project("执行率"): "83.33%", project("资金得分"): "8.33"},
        [("rate:项目!执行率", "error", "项目1!G7")], ["score:项目!资金得分"]),
    "a score that follows neither": (
        {project("执行率"): "83.33%", project("资金得分"): "7"},
        [("rate:项目!执行率", "error", "项目1!G7"), ("score:项目!资金得分", "error", "项目1!H7")], []),
    "a wrong score, and a total that adds it up": (
        {row("整体自评", "得分", "社会效益指标"): "31", whole("得分合计"): "91"},
        [("range:整体自评!指标.得分", "error", "整体自评表!H23")], []),
    "a wrong score, and a total of the right ones": (
        {row("整体自评", "得分", "社会效益指标"): "31"},
        [("range:整体自评!指标.得分", "error", "整体自评表!H23")], ["total:整体自评!得分合计"]),
    "two causes": (
        {base("项目支出.本年决算"): "25.5", base("控制率"): "80.00%"},
        [("parts:基础数据!项目支出", "error", "基础数据表!D23"), ("rate:基础数据!控制率", "error", "基础数据表!D5")],
        ["KB-01", "ZB-01"]),
    "two causes of several each": (
        {base("项目支出.本年决算"): "25.5", whole("执行数"): "388.5"},
        [("parts:基础数据!项目支出", "error", "基础数据表!D23"), ("total:整体自评!执行数", "error", "整体自评表!F4")],
        ["KB-01", "ZB-01", "ask:整体自评!资金执行率", "rate:整体自评!资金执行率", "score:整体自评!资金得分"]),
}


@pytest.mark.parametrize("name", CASES)
def test_one_cause_is_told_once(name: str, tmp_path) -> None:
    typed, wrong, waiting = CASES[name]
    found = findings(typed, tmp_path)
    told = [(key(one), one.severity, one.cells[0]) for one in found if one.severity in ("error", "warning")]
    assert sorted(told) == sorted(wrong)
    assert sorted(key(one) for one in found if one.kind == "not-run") == sorted(waiting)


def key(finding) -> str:
    return KEYS.get(finding.rule_id, finding.rule_id.removeprefix(f"{RULESET.prefix}-"))


def test_the_cause_says_what_to_write_and_the_others_what_to_wait_for(tmp_path) -> None:
    found = findings({base("项目支出.本年决算"): "25.5"}, tmp_path)
    [cause] = [one for one in found if one.severity == "error"]
    assert "很可能是《基础数据表》D23「项目支出·2022 年决算数」填错：改成 28.00 万元，另外 2 处不符也就对上了。" in cause.message
    waiting = [one for one in found if one.kind == "not-run"]
    assert all(f"见 {cause.rule_id}" in one.message and "D23" in one.message for one in waiting)


def test_a_check_that_waits_is_known_again_when_it_is_an_error_of_its_own(tmp_path) -> None:
    """The record of an earlier round knows it by its identity."""
    waits, alone = ([one.identity for one in findings(typed, tmp_path) if key(one) == "ZB-01"]
                    for typed in ({base("项目支出.本年决算"): "25.5"}, {whole("项目支出"): "82"}))
    assert waits == alone and len(waits) == 1


def test_a_workbook_full_of_mistakes_is_tried_only_so_often(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    trials = []
    tried = follow_on._tried
    monkeypatch.setattr(follow_on, "_tried", lambda *given: trials.append(given) or tried(*given))
    wrong = {replace(slot): f"{number}1" for number, slot in enumerate(CLEAN.typed)
             if slot.form == "基础数据" and "." in slot.name and "明细" not in slot.name}
    findings(wrong, tmp_path)
    assert 0 < len(trials) <= follow_on.MOST_TRIALS
