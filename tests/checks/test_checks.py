"""Every kind of check on a workbook that is otherwise clean: one or two cells changed, all findings compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pyfuncs.catalog.codes import code, derived_keys
from pyfuncs.catalog.kinds import KINDS
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.run import check
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.places import Slot
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

CLEAN = load_filling(Path(__file__).parent / "clean_unit.yaml")
RULESET = load_ruleset(CLEAN.ruleset)
KEYS = {code(RULESET, key): key for _, key in derived_keys(RULESET)}


def base(name: str) -> Slot:
    return Slot("基础数据", 1, name)


def whole(name: str) -> Slot:
    return Slot("整体自评", 1, name)


def project(name: str) -> Slot:
    return Slot("项目", 1, name)


def row(form: str, column: str, leaf: str) -> Slot:
    """The one filled row of a 二级指标 of the clean unit."""
    name = next(slot for slot in CLEAN.typed
                if (slot.form, slot.group, slot.name) == (form, leaf, "指标.三级"))
    return replace(name, name=f"指标.{column}")


def filed(changes: dict[Slot, str], tmp_path: Path) -> Submission:
    filling: Filling = replace(CLEAN, typed={slot: text for slot, text in {**CLEAN.typed, **changes}.items() if text})
    path = tmp_path / "unit.xlsx"
    write_workbook(path, RULESET, "formula", filling=filling, as_filed=True)
    return read_submission(path)


def findings(changes: dict[Slot, str], tmp_path: Path) -> list[Finding]:
    return check(RULESET, filed(changes, tmp_path))


CASES = {
    "nothing": ({}, []),
    "a part changed": ({base("办公经费.本年决算"): "12"}, [("parts:基础数据!公用经费", "error")]),
    "a tail of rounding": ({base("办公经费.本年决算"): "11.26"}, [("parts:基础数据!公用经费", "rounding")]),
    "a tail at its limit: nine halves of 0.01": ({base("办公经费.本年决算"): "11.29"}, [("parts:基础数据!公用经费", "rounding")]),
    "a tail beyond it": ({base("办公经费.本年决算"): "11.30"}, [("parts:基础数据!公用经费", "error")]),
    "部分大于整体": ({base("部门基本支出.上年决算"): "50"}, [("parts:基础数据!部门基本支出", "error")]),
    "a blank total": ({base("公务用车.本年决算"): ""},
                      [("blank-parent:基础数据!公务用车", "warning"), ("parts:基础数据!三公经费", "error")]),
    "details that do not sum": ({Slot("基础数据", 1, "业务明细.本年预算", 1): "29"}, [("parts:基础数据!业务专项", "error")]),
    "a total without details": ({base("市级专项.上年决算"): "1", base("项目支出.上年决算"): "21"},
                                [("parts:基础数据!市级专项", "note")]),
    "total by formula": ({whole("资金总额"): "360", whole("资金执行率"): "94.03%", whole("资金得分"): "9.40"},
                         [("total:整体自评!资金总额", "error")]),
    "total left blank": ({whole("得分合计"): ""}, [("total:整体自评!得分合计", "warning")]),
    "weights": ({row("整体自评", "分值", "数量指标"): "25", row("整体自评", "得分", "数量指标"): "25",
                 whole("分值合计"): "95", whole("得分合计"): "95"},
                [("equals:整体自评!分值合计", "error"), ("group:整体自评!产出指标", "error")]),
    "rate": ({base("控制率"): "95.00%"}, [("rate:基础数据!控制率", "error")]),
    "rate at its printed precision": ({whole("资金执行率"): "97%"}, []),
    "rate cut off": ({whole("资金执行率"): "96%"}, [("rate:整体自评!资金执行率", "error")]),
    "rate with a lost sign": ({whole("资金执行率"): "-96.71%"}, [("rate:整体自评!资金执行率", "error")]),
    "rate left blank": ({base("控制率"): ""}, [("rate:基础数据!控制率", "warning")]),
    "rate without its numbers": ({base("编制数"): ""}, [
        ("rate:基础数据!控制率", "note"), ("required:基础数据!编制数", "error"), ("KB-03", "note")]),
    "rate in words": ({base("控制率"): "大部分"}, [("percent:基础数据!控制率", "error")]),
    "rate said not to apply": ({base("控制率"): "——"}, [("rate:基础数据!控制率", "error")]),
    "zero denominator": ({base("编制数"): "0"}, [("rate:基础数据!控制率", "warning"), ("KB-03", "warning")]),
    "a project without a budget": (
        {project(name): "0" for name in ("资金.全年预算", "财政拨款.全年预算", "结转资金.全年预算")},
        [("rate:项目!执行率", "warning"), ("score:项目!资金得分", "warning")]),
    "above 100 %": ({project("资金.全年预算"): "27", project("财政拨款.全年预算"): "22", project("执行率"): "103.70%",
                     project("资金得分"): "10"}, [("ask:项目!执行率", "warning")]),
    "score by rule": ({project("资金得分"): "9"}, [("score:项目!资金得分", "rounding")]),
    "score that fits no reading": ({project("资金得分"): "8"}, [("score:项目!资金得分", "error")]),
    "score above its points": ({row("项目", "得分", "质量指标"): "21", project("得分合计"): "91"},
                               [("range:项目!指标.得分", "error")]),
    "negative score": ({row("项目", "得分", "质量指标"): "-1", project("得分合计"): "69"},
                       [("range:项目!指标.得分", "error"), ("reason:项目!指标.原因", "error")]),
    "deduction without a reason": ({row("项目", "得分", "质量指标"): "19", project("得分合计"): "89"},
                                   [("reason:项目!指标.原因", "error")]),
    "deduction with a reason": ({row("项目", "得分", "质量指标"): "19", row("项目", "原因", "质量指标"): "有一次延期",
                                 project("得分合计"): "89"}, []),
    "full marks without achievement": ({row("整体自评", "完成值", "数量指标"): "9次"}, [("met:整体自评!指标.得分", "warning")]),
    "a demand instead of a result": ({row("整体自评", "完成值", "服务对象满意度指标"): "≥95%"},
                                     [("met:整体自评!指标.得分", "note")]),
    "dash typed over": ({project("财政拨款.F"): "10"}, [("fixed:项目!财政拨款", "warning")]),
    "fixed points changed": ({whole("资金分值"): "20"}, [("fixed:整体自评!资金分值", "error")]),
    "text in an amount": ({base("政府采购.本年预算"): "约六万"}, [("type:基础数据!本年预算", "error")]),
    "negative amount": ({base("政府采购.本年预算"): "-6", base("政府采购.本年决算"): "0"}, [("type:基础数据!本年预算", "error")]),
    "number with a tick": ({base("政府采购.本年预算"): "6 ✓"}, [("type:基础数据!本年预算", "note")]),
    "over-staffed": ({base("在职人数"): "21", base("控制率"): "105.00%"}, [("KB-03", "warning")]),
    "base data against project forms": ({project("资金.全年执行"): "27", project("财政拨款.全年执行"): "22",
                                         project("执行率"): "90.00%", project("资金得分"): "9"},
                                        [("KB-01", "error"), ("KB-05", "warning")]),
    "one side left blank altogether": (
        {project(name): "" for name in ("资金.全年执行", "财政拨款.全年执行", "结转资金.全年执行", "执行率", "资金得分")},
        [("KB-01", "note"), ("KB-05", "note")]),
    "base data against department form": ({whole("项目支出"): "27", whole("执行数"): "337.5", whole("资金执行率"): "96.43%",
                                           whole("资金得分"): "9.64"}, [("ZB-01", "error")]),
    "project under another name": ({project("项目名称"): "招商活动经费"}, [("KB-05", "note")]),
    "project without a partner": ({project("项目名称"): "档案整理"}, [("KB-05", "warning"), ("KB-05", "warning")]),
    "whole smaller than its part": ({row("项目", "指标值", "数量指标"): "11次", row("项目", "完成值", "数量指标"): "13次"},
                                    [("KB-06", "error")]),
    "reception above its line": ({base("接待邮电.本年决算"): "4", base("公用经费.本年决算"): "60.25"}, [("KB-11", "warning")]),
}


@pytest.mark.parametrize("name", CASES)
def test_findings(name: str, tmp_path: Path) -> None:
    changes, wanted = CASES[name]
    found = [(KEYS.get(finding.rule_id, finding.rule_id.removeprefix(f"{RULESET.prefix}-")), finding.severity)
             for finding in findings(changes, tmp_path)]
    assert sorted(found) == sorted(wanted)


# Kinds whose failing cases stand in modules of their own.
ELSEWHERE = {"grade": "test_grade", "filled": "test_filled", "inflated": "test_spending", "unspent": "test_spending",
             "year": "test_leftovers", "prompt": "test_leftovers"}


def test_every_kind_of_check_has_a_case_that_fails_and_the_clean_unit_passes_it() -> None:
    failing = {key.partition(":")[0] for _, found in CASES.values() for key, _ in found if ":" in key}
    assert failing | ELSEWHERE.keys() == KINDS.keys() and not failing & ELSEWHERE.keys()
    assert {key.partition(":")[0] for key in KEYS.values()} == KINDS.keys() - {"grade"}   # this form prints no grade
    assert CASES["nothing"] == ({}, [])
    assert all((Path(__file__).parent / f"{module}.py").is_file() for module in ELSEWHERE.values())


MESSAGES = {
    "a part changed": ["《基础数据表》", "「公用经费·2022 年决算数」", "65.25 万元", "66.00 万元", "少 0.75 万元", "请核对"],
    "rate cut off": ["填 96%", "应为 97%", "96.71%", "舍去了尾数"],
    "rate with a lost sign": ["负号"],
    "weights": ["应为 90", "95", "产出指标", "55 分"],
    "above 100 %": ["103.70%", "超过 100%", "年初预算"],
    "text in an amount": ["约六万", "金额", "万元", "填 0"],
    "negative amount": ["负数", "-6.00 万元", "负号"],
    "deduction without a reason": ["质量指标“活动完成率”", "得 19 分", "扣分原因"],
    "project without a partner": ["档案整理", "漏报"],
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_say_where_what_and_what_to_do(name: str, tmp_path: Path) -> None:
    text = "\n".join(finding.line() for finding in findings(CASES[name][0], tmp_path))
    assert [words for words in MESSAGES[name] if words not in text] == []


def test_a_project_sheet_nobody_wrote_on_is_no_mistake(tmp_path: Path) -> None:
    blank = {slot: "" for slot in CLEAN.typed if slot.form == "项目"}
    found = [(KEYS.get(finding.rule_id, ""), finding.severity) for finding in findings(blank, tmp_path)]
    assert [severity for key, severity in found if severity == "error"] == []
    one_word = {**blank, project("主管部门"): "某局"}
    assert "required:项目!项目名称" in [KEYS.get(finding.rule_id, "") for finding in findings(one_word, tmp_path)]


@pytest.mark.parametrize("ruleset_id", ["430400/2022", "430181/2021"])
def test_a_blank_template_lacks_only_what_must_be_filled(ruleset_id: str, tmp_path: Path) -> None:
    """What the form prints itself (资金分值 10, ——) is neither filled nor wrong."""
    ruleset, path = load_ruleset(ruleset_id), tmp_path / "blank.xlsx"
    write_workbook(path, ruleset, "formula", entity="某中心")
    keys = {code(ruleset, key): key for _, key in derived_keys(ruleset)}
    found = [(keys.get(finding.rule_id, finding.rule_id), finding.severity)
             for finding in check(ruleset, read_submission(path))]
    assert found == [("required:基础数据!编制数", "error"), ("required:基础数据!在职人数", "error"),
                     ("filled:基础数据!全表", "error"), ("filled:整体自评!全表", "error")]


def test_every_finding_points_at_a_cell_and_says_what_to_do(tmp_path: Path) -> None:
    for changes, _ in CASES.values():
        for finding in findings(changes, tmp_path):
            assert finding.cells and finding.advice and finding.basis and finding.fingerprint
            assert "None" not in finding.message and "Decimal" not in finding.message
