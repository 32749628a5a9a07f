"""Everything a rule set's author can have got wrong that the types of the model do not show.

Problems carry file and line and say what was found, what is wanted, and how to write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pyfuncs.catalog.cases import case_problems
from pyfuncs.catalog.codes import form_of
from pyfuncs.catalog.lint_forms import reference_problems_of, structure_problems
from pyfuncs.catalog.lint_formulas import unknown
from pyfuncs.catalog.lint_indicators import handwritten_rows, indicator_problems
from pyfuncs.catalog.lint_rules import (NamedChecks, check_problems, method_problems, pause_problems, rate_problems,
                                        score_problems, threshold_problems)
from pyfuncs.catalog.load import build, is_draft, load_raw, read_cases, removed
from pyfuncs.catalog.marks import Mark, MarkedDict, Problem, RuleSetError, mark_of
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.removal import Removal, not_restored, removable, still_named

Found = Iterator[tuple[tuple, str]]


def lint_ruleset(ruleset_id: str, named: NamedChecks | None = None) -> list[Problem]:
    """All problems of a rule set as it lies in its folder, by file and line; empty when it is right.

    What a draft still lacks is among them, as to-dos.
    """
    try:
        raw, cases = load_raw(ruleset_id), read_cases(ruleset_id)
    except RuleSetError as error:
        return error.problems
    return lint_data(raw, cases, named)


def lint_data(raw: MarkedDict, cases: list[MarkedDict], named: NamedChecks | None = None) -> list[Problem]:
    """The same of data that were read already, merged over their parent's."""
    return sorted([*_problems(raw, cases, named), *_todos(raw, cases)])


def _problems(raw: MarkedDict, cases: list[MarkedDict], named: NamedChecks | None) -> list[Problem]:
    doubly = [Problem(mark_of(raw, path, raw.mark), message) for path, message in handwritten_rows(raw)]
    try:
        ruleset = build(raw)
    except RuleSetError as error:
        return [*doubly, *error.problems]
    gone = not_restored(removed(raw), raw)
    problems = [*doubly, *lint(ruleset, raw, named, gone)]
    if problems:                                      # with a wrong rule nothing comes out as expected
        return problems
    return list({_problem(case, path, message, ruleset.id, gone)
                 for case in cases for path, message in case_problems(ruleset, case)})


def lint(ruleset: RuleSet, raw: MarkedDict, named: NamedChecks | None = None,
         gone: Iterable[Removal] = ()) -> list[Problem]:
    """Problems of a loaded rule set. `named`: names of the checks written in Python (None: not looked at).

    An abstract parent is looked at for itself only: what it refers to is in the forms of its children.
    """
    found = list(_found(ruleset, named))
    if not found and not ruleset.abstract:            # with a wrong rule it is not known which checks come of it
        found = list(pause_problems(ruleset))
    return sorted({_problem(raw, path, message, ruleset.id, gone) for path, message in found})


def _problem(data: MarkedDict, path: tuple, message: str, ruleset_id: str,
             gone: Iterable[Removal]) -> Problem:
    """A message at its line; where it comes of something removed, that is said instead."""
    mark = mark_of(data, path, Mark(f"{ruleset_id}/ruleset.yaml", 1))
    lost = still_named(data, path, gone)
    if lost is None:
        return Problem(mark, message)
    if mark.file.startswith(f"{ruleset_id}/"):
        return Problem(mark, f"这里引用了 {lost.path}，本规则集在 {lost.mark}用 remove 去掉了它；请同时改写或去掉这一条")
    return Problem(mark, f"这里引用了 {lost.path}，规则集 {ruleset_id} 在 {lost.mark}用 remove 去掉了它；请在 {ruleset_id} "
                         f"里改写这一条，或同时去掉它，例如在 remove 里再写 - {removable(data, path)}")


def _found(ruleset: RuleSet, named: NamedChecks | None) -> Found:
    yield from _identity(ruleset)
    for form in ruleset.forms.values():
        yield from structure_problems(form)
    yield from _unique_forms(ruleset)
    yield from _grades(ruleset)
    yield from _codes(ruleset.codes)
    yield from method_problems(ruleset)
    yield from threshold_problems(ruleset)
    if ruleset.abstract:
        return
    yield from _complete(ruleset)
    for form in ruleset.forms.values():
        yield from reference_problems_of(ruleset, form)
    yield from indicator_problems(ruleset)
    yield from rate_problems(ruleset)
    yield from score_problems(ruleset)
    yield from check_problems(ruleset, named)


def _identity(ruleset: RuleSet) -> Found:
    region, _, year = ruleset.id.partition("/")
    if not re.fullmatch(r"[0-9]{6}", ruleset.region):
        yield ("region",), f"region 应是六位行政区划代码，现为“{ruleset.region}”，例如 region: \"430400\""
    elif ruleset.region != region:
        yield ("region",), f"region 与 id 不一致：region 是 {ruleset.region}，id 是 {ruleset.id}；请改成相同"
    if ruleset.abstract:
        if ruleset.year:
            yield ("year",), "abstract 的规则集不属于哪一年，请删去 year"
    elif not re.fullmatch(r"[0-9]{4}", ruleset.year) or ruleset.year != year:
        yield ("year",), f"year 应是 id 里的四位年度，现为“{ruleset.year}”，id 是 {ruleset.id}；例如 year: \"2022\""
    if ruleset.remove and not ruleset.extends:
        yield ("remove",), "remove 是去掉上级规则集里的东西，这里没有写 extends；请删去 remove，或写 extends，例如 extends: 430000/base"
    if not ruleset.draft:                             # a draft is told so as a to-do
        if not ruleset.region_name.strip():
            yield ("region_name",), NO_REGION_NAME
        if not ruleset.basis:
            yield ("basis",), NO_BASIS


def _complete(ruleset: RuleSet) -> Found:
    for index, name in enumerate(ruleset.order):
        if name not in ruleset.forms:
            yield ("order", index), unknown("表单", name, ruleset.forms)
    if not ruleset.forms:
        yield (), "没有表单；请在 forms 文件夹里至少写一张，例如 forms/基础数据.yaml"
    if ruleset.partial:                               # what is known does not add up to a total
        if ruleset.total:
            yield ("total",), ("partial: true 的规则集只含一部分项目，没有总分，这里写了 total；请删去 total，"
                               "从上级继承的请在 remove 里写 - total；项目齐全的，请删去 partial")
        return
    if ruleset.total not in ruleset.scores:
        yield ("total",), (unknown("得分", ruleset.total, ruleset.scores) if ruleset.total else
                           "没有写 total（总分是哪一个得分），例如 total: 自评总分；只知道一部分项目的，请写 partial: true")
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


def _codes(codes: Mapping[str, str]) -> Found:
    """The program alone writes numbers; by hand two checks can come to one, or one to no number."""
    seen: dict[tuple[str, str], str] = {}
    for key, number in codes.items():
        first = seen.setdefault((form_of(key), number), key)
        if not re.fullmatch(r"[0-9]{3,6}", number):
            yield ("codes", key), f"“{key}”的编号“{number}”应是三位以上的数字，例如 \"012\"；codes.yaml 由程序写，请不要手改"
        elif first != key:
            yield ("codes", key), f"“{key}”的编号 {number} 与“{first}”的相同；编号由程序写，请恢复原来的 codes.yaml"


def _unique_forms(ruleset: RuleSet) -> Found:
    for what, words in (("code", "代号"), ("sheet", "工作表名")):
        seen: dict[str, str] = {}
        for form in ruleset.forms.values():
            value = getattr(form, what).casefold()    # to Excel 表a and 表A are the same sheet
            if value in seen:
                yield ("forms", form.form, what), (f"{words}“{getattr(form, what)}”与表单“{seen[value]}”的相同；"
                                                   "请改其中一个")
            seen[value] = form.form


# -- drafts ----------------------------------------------------------------------------------------

NO_BASIS = "basis 是空的；请写依据的文件，例如 - {title: …的通知, number: 财预〔2020〕10号, issuer: 财政部, date: \"2020\"}"
NO_REGION_NAME = "region_name 是空的；请写地区名称，例如 region_name: 衡阳市"
NO_CASE = ("还没有案例写出算好的比率或得分；请在 cases 文件夹的案例里填一家单位的数，写上手算的结果，"
           "例如 rates: {资金执行率: 68.54%}")


def _todos(raw: MarkedDict, cases: list[MarkedDict]) -> Iterator[Problem]:
    """What a draft still lacks before it can be used; and that what it rests on is one."""
    parent = raw.get("extends")
    if parent and isinstance(parent, str) and is_draft(parent):
        yield Problem(raw.marks["extends"], f"上级规则集 {parent} 还是草稿；请先把它定稿：jixiao rulesets finish {parent}",
                      todo=True)
    if raw.get("draft") != "true":
        return
    if not _own_basis(raw):
        yield Problem(raw.marks.get("basis", raw.marks["draft"]), NO_BASIS, todo=True)
    if not raw.get("region_name"):
        yield Problem(raw.marks.get("region_name", raw.marks["draft"]), NO_REGION_NAME, todo=True)
    if raw.get("abstract") != "true" and not any(case.get("rates") or case.get("scores") for case in cases):
        yield Problem(cases[0].mark if cases else raw.marks["draft"], NO_CASE, todo=True)


def _own_basis(raw: MarkedDict) -> bool:
    """Whether a basis is written, with the title of each document, in the rule set's own file."""
    basis = raw.get("basis")
    own = "basis" in raw and raw.marks["basis"].file == raw.marks["draft"].file
    return bool(basis) and own and isinstance(basis, list) and all(
        isinstance(entry, dict) and entry.get("title") for entry in basis)
