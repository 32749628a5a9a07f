"""What is still checked on a form that no rule set answers for: what it prints must add up, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.run import check
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Slot
from pyfuncs.workbook.shown import Shown

CLEAN = load_filling(Path(__file__).resolve().parents[1] / "checks" / "clean_unit.yaml")
RULESET = load_ruleset(CLEAN.ruleset)
WEIGHTS = ("产出指标\n(50分)", "效益指标（40分）")
NEXT_YEAR = arithmetic(RULESET, "2023", WEIGHTS)


def filed(ruleset: RuleSet, changes: dict[Slot, str]) -> Submission:
    """The clean unit with other texts in some cells, and the points that its forms print."""
    points = {slot(form, "资金分值"): "10" for form in ("整体自评", "项目")}
    typed = {one: text for one, text in {**CLEAN.typed, **points, **changes}.items() if text}
    return replace(Shown(layout(ruleset, CLEAN.shape), typed, as_filed=True).submission, entity=CLEAN.entity)


def told(found: list[Finding]) -> list[str]:
    return [f"{finding.severity} {finding.cells[0].partition('!')[0]}: {finding.message.split('」')[0].rpartition('「')[2]}"
            for finding in found if finding.severity != "note"]


def slot(form: str, name: str) -> Slot:
    return Slot(form, 1, name)


def indicator(form: str, column: str, leaf: str) -> Slot:
    name = next(one for one in CLEAN.typed if (one.form, one.group, one.name) == (form, leaf, "指标.三级"))
    return replace(name, name=f"指标.{column}")


STILL_CHECKED = {
    "nothing": ({}, []),
    "a total": ({slot("基础数据", "公用经费.本年决算"): "70"}, ["error 基础数据表: 公用经费·2023 年决算数"]),
    "a rate": ({slot("基础数据", "控制率"): "95%"}, ["error 基础数据表: 控制率"]),
    "a sum of the department's form": ({slot("整体自评", "得分合计"): "91"}, ["error 整体自评表: 得分合计"]),
    "a score above its points": ({indicator("整体自评", "得分", "成本指标"): "11", slot("整体自评", "得分合计"): ""},
                                 ["error 整体自评表: 成本指标“成本控制”·得分", "warning 整体自评表: 得分合计"]),
    "a group against the weight in its label": (
        {indicator("整体自评", "分值", "成本指标"): "15", slot("整体自评", "分值合计"): "95"}, ["error 整体自评表: 产出指标"]),
}
NOT_ITS_RULES = {
    "the execution rate's score": {slot("整体自评", "资金得分"): "3"},
    "points printed otherwise": {slot("整体自评", "资金分值"): "20", slot("项目", "财政拨款.F"): "10"},
    "another total of points": {indicator("项目", "分值", "社会效益指标"): "35", slot("项目", "分值合计"): "95"},
    "a deduction without a reason": {indicator("整体自评", "得分", "成本指标"): "9", slot("整体自评", "得分合计"): "89"},
    "a blank that was required": {slot("基础数据", "编制数"): "", slot("基础数据", "控制率"): ""},
    "projects that do not make up the whole": {slot("项目", "资金.全年执行"): "27", slot("项目", "财政拨款.全年执行"): "22",
                                          slot("项目", "执行率"): "90.00%"},
}


@pytest.mark.parametrize("case", STILL_CHECKED)
def test_what_every_such_form_must_satisfy(case: str) -> None:
    changes, expected = STILL_CHECKED[case]
    assert told(check(NEXT_YEAR, filed(NEXT_YEAR, changes))) == expected


@pytest.mark.parametrize("case", NOT_ITS_RULES)
def test_rules_of_another_year_raise_no_error(case: str) -> None:
    changes = NOT_ITS_RULES[case]
    by_rule = {finding.rule_id for finding in check(RULESET, filed(RULESET, changes)) if finding.severity == "error"}
    assert by_rule, "the change must be one that the rules of the year do refuse"
    assert [line for line in told(check(NEXT_YEAR, filed(NEXT_YEAR, changes))) if line.startswith("error")] == []


def test_a_weight_holds_only_where_the_workbook_prints_it() -> None:
    unprinted = arithmetic(RULESET, "2023", ["产出指标（45分）", "产出指标"])
    changes = {indicator("整体自评", "分值", "成本指标"): "15", slot("整体自评", "分值合计"): "95"}
    assert told(check(unprinted, filed(unprinted, changes))) == []


def test_the_codes_and_the_id_stay_and_the_labels_have_the_year() -> None:
    wrong = {slot("基础数据", "公用经费.本年决算"): "70"}
    found, own = (next(finding for finding in check(ruleset, filed(ruleset, wrong)) if finding.severity == "error")
                  for ruleset in (NEXT_YEAR, RULESET))
    assert (found.rule_id, found.identity) == (own.rule_id, own.identity)
    assert (NEXT_YEAR.id, NEXT_YEAR.year, NEXT_YEAR.prior) == ("430400/2022", "2023", "2022")
    assert "2023 年度" not in RULESET.name and "没有对应的规则集" in NEXT_YEAR.name
    assert arithmetic(RULESET, "").prior == "" and "年度不明" in arithmetic(RULESET, "").name


@pytest.mark.parametrize("ruleset_id", [one for one in ruleset_ids() if not load_ruleset(one).abstract])
@pytest.mark.parametrize("year", ["2031", ""])
def test_of_every_rule_set(ruleset_id: str, year: str) -> None:
    """A blank form of another year is told to be blank and nothing else."""
    bare = arithmetic(load_ruleset(ruleset_id), year)
    blank = Shown(layout(bare), {}, as_filed=True).submission
    assert [finding.message for finding in check(bare, blank)
            if finding.severity in ("error", "rounding") and "没有填完整" not in finding.message] == []
    assert not bare.checks and not bare.grades and not any(score.method for score in bare.scores.values())
