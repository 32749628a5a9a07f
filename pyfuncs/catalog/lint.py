"""Everything a rule set's author can have got wrong that the types of the model do not show.

Problems carry file and line and say what was found, what is wanted, and how to write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyfuncs.catalog.cases import case_problems
from pyfuncs.catalog.lint_forms import reference_problems_of, structure_problems
from pyfuncs.catalog.lint_formulas import unknown
from pyfuncs.catalog.lint_rules import NamedChecks, check_problems, method_problems, rate_problems, score_problems
from pyfuncs.catalog.load import build, load_raw, read_cases
from pyfuncs.catalog.marks import Mark, MarkedDict, Problem, RuleSetError, mark_of
from pyfuncs.catalog.model import RuleSet

Found = Iterator[tuple[tuple, str]]


def lint_ruleset(ruleset_id: str, named: NamedChecks | None = None) -> list[Problem]:
    """All problems of a rule set as it lies in its folder, by file and line; empty when it is right."""
    try:
        raw, cases = load_raw(ruleset_id), read_cases(ruleset_id)
        ruleset = build(raw)
    except RuleSetError as error:
        return error.problems
    problems = lint(ruleset, raw, named)
    if problems:                                      # with a wrong rule nothing comes out as expected
        return problems
    return sorted(Problem(mark_of(case, path, case.mark), message)
                  for case in cases for path, message in case_problems(ruleset, case))


def lint(ruleset: RuleSet, raw: MarkedDict, named: NamedChecks | None = None) -> list[Problem]:
    """Problems of a loaded rule set. `named`: names of the checks written in Python (None: not looked at).

    An abstract parent is looked at for itself only: what it refers to is in the forms of its children.
    """
    default = Mark(f"{ruleset.id}/ruleset.yaml", 1)
    return sorted({Problem(mark_of(raw, path, default), message) for path, message in _found(ruleset, named)})


def _found(ruleset: RuleSet, named: NamedChecks | None) -> Found:
    yield from _identity(ruleset)
    for form in ruleset.forms.values():
        yield from structure_problems(form)
    yield from _unique_forms(ruleset)
    yield from _grades(ruleset)
    yield from method_problems(ruleset)
    if ruleset.abstract:
        return
    yield from _complete(ruleset)
    for form in ruleset.forms.values():
        yield from reference_problems_of(ruleset, form)
    yield from rate_problems(ruleset)
    yield from score_problems(ruleset)
    yield from check_problems(ruleset, named)


def _identity(ruleset: RuleSet) -> Found:
    region, _, year = ruleset.id.partition("/")
    if not re.fullmatch(r"\d{6}", ruleset.region):
        yield ("region",), f"region 应是六位行政区划代码，现为“{ruleset.region}”，例如 region: \"430400\""
    elif ruleset.region != region:
        yield ("region",), f"region 与 id 不一致：region 是 {ruleset.region}，id 是 {ruleset.id}；请改成相同"
    if ruleset.abstract:
        if ruleset.year:
            yield ("year",), "abstract 的规则集不属于哪一年，请删去 year"
    elif not re.fullmatch(r"\d{4}", ruleset.year) or ruleset.year != year:
        yield ("year",), f"year 应是 id 里的四位年度，现为“{ruleset.year}”，id 是 {ruleset.id}；例如 year: \"2022\""
    if not ruleset.basis:
        yield ("basis",), "basis 是空的；请写依据的文件，例如 - {title: …的通知, number: 财预〔2020〕10号}"


def _complete(ruleset: RuleSet) -> Found:
    for index, name in enumerate(ruleset.order):
        if name not in ruleset.forms:
            yield ("order", index), unknown("表单", name, ruleset.forms)
    if not ruleset.forms:
        yield (), "没有表单；请在 forms 文件夹里至少写一张，例如 forms/基础数据.yaml"
    if ruleset.total not in ruleset.scores:
        yield ("total",), (unknown("得分", ruleset.total, ruleset.scores) if ruleset.total else
                           "没有写 total（总分是哪一个得分），例如 total: 自评总分")
    if not ruleset.grades:
        yield ("grades",), "没有写 grades（等级），例如 grades: {优: \"90\", 良: \"80\", 中: \"60\", 差: \"0\"}"


def _grades(ruleset: RuleSet) -> Found:
    bounds = list(ruleset.grades.items())
    for (name, bound), (following, lower) in zip(bounds, bounds[1:]):
        if lower >= bound:
            yield ("grades", following), (f"等级应从高到低写：“{following}”从 {lower} 分起，"
                                          f"不低于前一级“{name}”的 {bound} 分")
    if bounds and bounds[-1][1] != 0:
        yield ("grades", bounds[-1][0]), (f"最后一级“{bounds[-1][0]}”应从 0 分起，现为 {bounds[-1][1]}；"
                                          "否则更低的分没有等级")


def _unique_forms(ruleset: RuleSet) -> Found:
    for what, words in (("code", "代号"), ("sheet", "工作表名")):
        seen: dict[str, str] = {}
        for form in ruleset.forms.values():
            value = getattr(form, what).casefold()    # to Excel 表a and 表A are the same sheet
            if value in seen:
                yield ("forms", form.form, what), (f"{words}“{getattr(form, what)}”与表单“{seen[value]}”的相同；"
                                                   "请改其中一个")
            seen[value] = form.form
