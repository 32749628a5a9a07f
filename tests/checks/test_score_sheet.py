"""A score sheet and an indicator table: rows made from the scores, checked as a unit filed them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyfuncs.catalog import compiled, load
from pyfuncs.catalog.codes import assign, code, derived_keys
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.marks import Mark, load_marked
from pyfuncs.catalog.model import RuleSet
from pyfuncs.checks.run import check
from pyfuncs.workbook.filling import parse_filling
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

HERE = Path(__file__).resolve().parent.parent / "score_sheet"
INPUTS = '{编制: "13", 在职: "14", 预算: "146.94", 决算: "124.93", 违规次数: "2"}'
SCORED = """
    在职人员控制率: {实际值: "107.69%", 得分: "1", 原因: 超编一人}
    预算完成率: {实际值: "85.02%", 得分: "0", 原因: 项目跨年}
    合规性: {得分: "4", 原因: 两次超标准}
    健全性: {得分: "7", 原因: 缺一项制度}
    偏离: {实际值: "85.02%", 得分: "0", 原因: 未完成采购}
    结余: {得分: "2", 原因: 有结余}
"""


@pytest.fixture
def ruleset(monkeypatch: pytest.MonkeyPatch) -> RuleSet:
    for module in (load, compiled):
        monkeypatch.setattr(module, "FOLDERS", (HERE,))
    found = load_ruleset("990001/2021")
    return found.model_copy(update={"codes": assign({}, derived_keys(found))})


def filed(ruleset: RuleSet, forms: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """(derived check, severity, first cell) of everything found in a workbook filled in so, but that the rest is blank."""
    raw = load_marked(f"ruleset: {ruleset.id}\nentity: 某单位\nforms:\n{forms}", "filling")
    path = tmp_path / "unit.xlsx"
    write_workbook(path, ruleset, "formula", filling=parse_filling(ruleset, raw, Mark("filling", 1)), as_filed=True)
    keys = {code(ruleset, key): key for _, key in derived_keys(ruleset)}
    found = [(keys.get(one.rule_id, one.rule_id), one.severity, one.cells[0] if one.cells else "", one.message)
             for one in check(ruleset, read_submission(path)) if one.rule_id != "DQ-other-edition"]
    return [one for one in found if not one[0].startswith("filled:")]


def sheet(rows: str = SCORED, total: str = "14") -> str:
    return f"  依据: {{cells: {INPUTS}}}\n  评分:\n   cells: {{总分: \"{total}\"}}\n   rows: {{}}\n".replace(
        "   rows: {}\n", f"   rows:{rows}" if rows.strip() else "")


def test_the_rule_set_is_right_and_its_case_comes_out(ruleset: RuleSet):
    assert lint_ruleset("990001/2021") == []


def test_rows_are_made_from_the_scores_in_the_order_of_their_groups(ruleset: RuleSet):
    form = ruleset.forms["评分"]
    assert [(row.id, *row.group, row.fixed["分值"]) for row in form.rows] == [
        ("在职人员控制率", "投入", "预算配置", "5"), ("预算完成率", "过程", "预算执行", "5"),
        ("合规性", "过程", "预算管理", "6"), ("健全性", "过程", "预算管理", "8"),
        ("偏离", "过程", "预算管理", "6"), ("结余", "过程", "预算管理", "3")]
    assert form.rows[0].fixed["标准"] == "不超过 100% 得满分；每超过 1 个百分点扣 0.5 分，扣完为止（不足一步的算一步）。"
    assert form.rows[1].rates == {"实际值": "完成率"} and form.rows[2].fixed["实际值"] == "——"


CHANGED = {
    "right": ("", "", []),
    "a wrong score": ('得分: "1"', '得分: "5"', [("score:评分!在职人员控制率.得分", "error", "评分表!I3"),
                                            ("score:评分!总分", "note", "评分表!I9")]),
    "more than its points": ('得分: "7"', '得分: "9"', [("range:评分!得分", "error", "评分表!I6"),
                                                    ("score:评分!总分", "note", "评分表!I9")]),
    "a deduction without a reason": ("原因: 缺一项制度", 'by: ""', [("reason:评分!原因", "error", "评分表!J6")]),
    "a rate shown a second time, wrong": ('偏离: {实际值: "85.02%"', '偏离: {实际值: "85.20%"',
                                         [("rate:评分!偏离.实际值", "error", "评分表!H7")]),
    "a rate rounded down": ("107.69%", "107.6%", [("rate:评分!在职人员控制率.实际值", "error", "评分表!H3")]),
}
READINGS = ("score:评分!预算完成率.得分", "note", "评分表!I4")


@pytest.mark.parametrize("name", CHANGED)
def test_findings(name: str, ruleset: RuleSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    old, new, wanted = CHANGED[name]
    rows = SCORED.replace(old, new, 1).replace(', by: ""', "") if old else SCORED
    found = filed(ruleset, sheet(rows), tmp_path, monkeypatch)
    assert sorted(one[:3] for one in found) == sorted([*wanted, READINGS])


def test_readings_of_a_rule_are_told_with_their_scores(ruleset: RuleSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    [message] = [one[3] for one in filed(ruleset, sheet(), tmp_path, monkeypatch) if one[:3] == READINGS]
    assert "本表按第一种；不足一步的不算得 1 分；不足一步的按比例得 0 分" in message


def test_a_total_without_scores_is_held_against_what_the_rates_still_allow(
        ruleset: RuleSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = filed(ruleset, sheet("", "33"), tmp_path, monkeypatch)
    [told] = [one for one in found if one[0] == "score:评分!总分"]
    assert told[:3] == ("score:评分!总分", "warning", "评分表!I9")
    assert "最多 15 分" in told[3]                     # 33 − 4 − 5 − 2 − 6 − 1
    assert not [one for one in filed(ruleset, sheet("", "15"), tmp_path, monkeypatch) if one[0] == "score:评分!总分"]


JUDGED = [
    # sign, target, unit, result, share of the points; what is told, and the most it may score
    ("≥", "3", "次", "3.8次", "100%", ""), ("≥", "3", "次", "3.9次", "100%", "超过指标值 30% 以上"),
    ("≤", "90", "万元", "80万元", "100%", ""), ("≤", "90", "万元", "100万元", "100%", "没有达到指标值"),
    ("≥", "4", "次", "3次", "75%", ""), ("≤", "5", "%", "3", "100%", ""), ("≤", "5", "%", "6", "100%", "≤5%"), ("≥", "4", "次", "3次", "80%", "最多 7.5 分"),
    ("", "提高办事效率", "", "部分达成", "80%", ""), ("", "提高办事效率", "", "部分达成", "81%", "最多 8 分"),
    ("", "提高办事效率", "", "未达成", "51%", "最多 5 分"), ("", "提高办事效率", "", "达成", "60%", ""),
]


@pytest.mark.parametrize(("sign", "target", "unit", "actual", "share", "told"), JUDGED)
def test_an_indicator_scores_what_its_result_deserves(
        sign: str, target: str, unit: str, actual: str, share: str, told: str, ruleset: RuleSet, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch):
    score = f"{int(share[:-1]) / 10:g}"
    row = [f'"{text}"' for text in ("次数", sign, target, unit, actual, "10", share, score)]
    forms = f"  指标: {{tables: {{产出: {{数量: [[{', '.join(row)}]]}}}}}}"
    found = filed(ruleset, forms, tmp_path, monkeypatch)
    assert [one[:2] for one in found] == ([("met:指标!产出.得分", "warning")] if told else [])
    assert all(told in one[3] for one in found)


def test_a_score_that_is_not_share_times_points(ruleset: RuleSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    row = '[次数, "≥", "3", 次, 3次, "10", "90%", "10"]'
    found = filed(ruleset, f"  指标: {{tables: {{产出: {{数量: [{row}]}}}}}}", tmp_path, monkeypatch)
    assert [one[:3] for one in found] == [("total:指标!产出.得分", "error", "指标表!I3")]


def test_a_condition_is_told_by_its_figures_at_the_cell_that_lacks_something(tmp_path: Path):
    """四川: spent less than nine tenths without a reason, on the second sheet."""
    real = load_ruleset("510000/2023")
    sheets = [{"资金.年初预算": "10", "资金.全年预算": "10", "资金.全年执行": spent} for spent in ("9", "8.99")]
    rows = "\n".join(f"  - rows: {{资金: {{年初预算: \"10\", 全年预算: \"10\", 全年执行: \"{sheet['资金.全年执行']}\"}}}}" for sheet in sheets)
    raw = load_marked(f"ruleset: 510000/2023\nentity: 某单位\nforms:\n  项目:\n{rows}", "filling")
    path = tmp_path / "unit.xlsx"
    write_workbook(path, real, "formula", filling=parse_filling(real, raw, Mark("filling", 1)))
    [found] = [one for one in check(real, read_submission(path)) if one.rule_id == "510000-2023-KB-01"]
    assert found.cells[0].startswith("项目2!") and len(found.cells) == 3
    assert found.message == ("预算执行率没有达到 90%，又没有写原因：项目2“总额·预算执行数”8.99 万元，"
                             "项目2“总额·调整后预算数”10.00 万元，项目2“原因”空。")
