"""Worked cases of a rule set: what was filled in, and the rates and scores that must come of it.

A case file has `inputs` (form -> item -> number in the form's unit, or 不适用; a list of sheets for a repeated
form, a list of rows for a column of a table or group) and what is expected: `rates` as printed (68.54%),
`scores`, `grade`; one value per sheet where a figure belongs to a repeated form. What a template works out by
itself (sums, rates, scores) need not be among the inputs; where it is, it stands as it was typed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from pyfuncs.catalog.environment import with_items
from pyfuncs.catalog.figures import GRADE, Figure, complete, figures
from pyfuncs.catalog.lint_formulas import reference_problem, unknown
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import Target, is_computed, resolve
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import half_up, plain
from pyfuncs.language import CellError, Value
from pyfuncs.methods import ABSENT_WORDS

Found = Iterator[tuple[tuple, str]]

KEYS = ("about", "inputs", "rates", "scores", "grade")
_COLUMN = '一列数，例如 ["6", "4"]'
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)
_PERCENT = re.compile(r"-?\d+(\.(?P<decimals>\d+))?%\Z", re.ASCII)


def case_problems(ruleset: RuleSet, case: Mapping) -> Found:
    """(path into the case, message) for everything that is miswritten or does not come out as expected."""
    problems = list(_shape_problems(case)) or list(_input_problems(ruleset, case))
    yield from problems
    if problems:
        return
    found = figures(ruleset, calculated(ruleset, case_submission(ruleset, case)))
    for section, known in (("rates", ruleset.rates), ("scores", ruleset.scores)):
        for key, expected in case.get(section, {}).items():
            if key in known:
                yield from _differences((section, key), key, expected, found)
            else:
                yield (section, key), unknown("比率" if section == "rates" else "得分", key, known)
    if "grade" in case:
        yield from _differences(("grade",), GRADE, case["grade"], found)


def case_submission(ruleset: RuleSet, case: Mapping) -> Submission:
    """The inputs of a case as if a unit had filed them. Raises FormulaError for an unknown item."""
    items = []
    for form, instance, name, text in _inputs(case):
        target = resolve(ruleset, f"{form}!{name}", form)
        if isinstance(text, list):
            before = Counter(item.name for item in items if (item.form, item.instance) == (form, instance))
            items += [_item(target, value, instance, before[target.name] + index)
                      for index, value in enumerate(text, 1)]
        else:
            items.append(_item(target, text, instance))
    return Submission("", "", ruleset.id, case.get("about", ""), ruleset.year, tuple(items))


def calculated(ruleset: RuleSet, filed: Submission) -> Submission:
    """A case's submission with what a template would work out by itself."""
    return complete(ruleset, with_items(filed, [*filed.items, *_worked_out(ruleset, filed)]))


def _worked_out(ruleset: RuleSet, filed: Submission) -> Iterator[Item]:
    """The cells that a template works out and the case does not state, still empty."""
    for form in ruleset.forms.values():
        for instance in filed.instances(form.form) or ([1] if form.instances == "one" else []):
            names = [(name, 0) for name, cell in form.all_cells().items() if cell.formula or is_computed(ruleset, cell.score)]
            for row in form.all_rows().values():
                names += [(f"{row.id}.{column}", 0) for column, key in row.scores.items() if is_computed(ruleset, key)]
                names += [(f"{row.id}.{column}", 0) for column, item in form.columns.items()
                          if row.parts == "exact" and item.type in ("amount", "count")]
            for name, table in form.tables.items():
                rows = {item.row for column in table.columns for item in filed.items_of(form.form, f"{name}.{column}", instance)}
                names += [(f"{name}.{column}", row) for column, item in table.columns.items() if item.formula for row in rows]
            for name, row in names:
                if filed.item(form.form, name, instance, row) is None:
                    yield Item(form.form, name, None, "", "", "blank", instance, row, formula=True)


def _inputs(case: Mapping) -> Iterator[tuple[str, int, str, str | list[str]]]:
    """Form, instance, item, what was filled in."""
    for form, sheets in case.get("inputs", {}).items():
        for instance, sheet in enumerate(sheets if isinstance(sheets, list) else [sheets], 1):
            for name, text in sheet.items():
                yield form, instance, name, text


def _item(target: Target, text: str, instance: int, row: int = 0) -> Item:
    value = Decimal(text) * target.scale if _NUMBER.match(text) else None
    state = "number" if value is not None else "not_applicable" if text in ABSENT_WORDS else "text" if text else "blank"
    group = target.leaves[0] if target.leaves else ""
    return Item(target.form, target.name, value, text, "", state, instance, row, group)


def _shape_problems(case: Mapping) -> Found:
    for key in case:
        if key not in KEYS:
            yield (key,), unknown("键", key, KEYS)
    if not isinstance(case.get("about", ""), str):
        yield ("about",), "about 应是文字，例如 about: 一家市直单位"
    grades = case.get("grade", "")
    if not all(isinstance(text, str) for text in (grades if isinstance(grades, list) else [grades])):
        yield ("grade",), "grade 应是等级的名字，例如 grade: 优；多张表的写成一列，例如 grade: [优, 良]"
    for section in ("inputs", "rates", "scores"):
        entries = case.get(section, {})
        if not isinstance(entries, Mapping):
            yield (section,), f"{section} 应是“键: 值”的一组，例如 {section}: {{…: \"1\"}}"
        elif section == "inputs":
            for form, sheets in entries.items():
                for sheet in sheets if isinstance(sheets, list) else [sheets]:
                    yield from _entry_problems(("inputs", form), sheet)
        else:
            yield from _entry_problems((section,), entries)


def _entry_problems(path: tuple, entries: object) -> Found:
    if not isinstance(entries, Mapping):
        yield path, "这里应是“项目: 数”的一组，例如 编制数: \"15\""
        return
    for name, text in entries.items():
        if not all(isinstance(value, str) for value in (text if isinstance(text, list) else [text])):
            yield (*path, name), f"“{name}”应是一个数或一列数，例如 \"15\"、[\"6\", \"4\"]"


def _input_problems(ruleset: RuleSet, case: Mapping) -> Found:
    for form, instance, name, text in _inputs(case):
        path = ("inputs", form, *([instance - 1] if isinstance(case["inputs"][form], list) else []), name)
        if problem := reference_problem(ruleset, f"{form}!{name}", form):
            yield path, problem
            continue
        target = resolve(ruleset, f"{form}!{name}", form)
        if isinstance(text, list) != target.vector:
            yield path, f"{target.key} 应写{_COLUMN if target.vector else '一个数'}"
        elif target.group and target.leaves != (target.group,):
            column = target.name.partition(".")[2]
            yield path, f"请写到二级指标：{'、'.join(f'{leaf}.{column}' for leaf in target.leaves)}"
        elif target.kind != "text":
            for value in text if isinstance(text, list) else [text]:
                if value and value not in ABSENT_WORDS and not _NUMBER.match(value):
                    yield path, f"“{value}”不是数，例如 \"12.50\"；没有填的写 \"\"，不适用的写 不适用"


def _differences(path: tuple, key: str, expected: str | list[str],
                 found: Mapping[tuple[str, int], Figure]) -> Found:
    computed = [figure.value for (name, _), figure in found.items() if name == key]
    wanted = expected if isinstance(expected, list) else [expected]
    if len(computed) != len(wanted):
        yield path, f"“{key}”算出 {len(computed)} 个，案例写了 {len(wanted)} 个；多张表的写成一列，例如 [100%, 98.5%]"
        return
    for value, text in zip(computed, wanted):
        if (shown := _as_written(value, text)) != text:
            yield path, f"“{key}”算得 {shown}，案例写的是 {text}；请核对规则，或改正案例"


def _as_written(value: Value, text: str) -> str:
    """A computed value in the notation, and for a rate at the decimals, of the expected text."""
    if value is None or isinstance(value, CellError):
        return "（缺数，算不出来）"
    if not isinstance(value, Decimal):
        return str(value)
    if match := _PERCENT.match(text):
        return f"{half_up(value * 100, len(match['decimals'] or '')):f}%"
    return plain(value) if not _NUMBER.match(text) or Decimal(text) != value else text
