"""The arithmetic that a form must satisfy whatever the rules of its region and year: a rule set without rules.

For a workbook that no rule set answers for, such as the same form of another year: what it prints must add up
and fit together; how it is to be scored is not known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from pyfuncs.catalog.forms import Cell, Form, Group, Row, Table
from pyfuncs.catalog.model import Rate, RuleSet, Score, Thresholds
from pyfuncs.catalog.refs import as_ref, printings
from pyfuncs.language import Binary, Call, Expr, Ref, operands, parse

SLIPS = ("截尾", "反号", "两次取整")                    # ways to get any rate wrong
_WEIGHT = re.compile(r"\((\d+(?:\.\d+)?)分?\)$")

_NEVER = Thresholds(unspent=Decimal(1), inflated=Decimal(1), unfilled=Decimal(1))

M = TypeVar("M", bound=Any)


def arithmetic(ruleset: RuleSet, year: str, printed: Iterable[str] = ()) -> RuleSet:
    """The forms of `ruleset` with nothing but what the printed cells imply, for the fiscal year `year`.

    What stays: parts and totals, rates whose operands stand on the same form, scores within their points,
    and groups against a weight that stands in their label. `printed`: the texts of the workbook; a weight holds
    only where the workbook prints that very label. What goes: scoring, grades, declared and named checks, fixed
    texts and numbers, prescribed totals, answers that are required. `year` may be "" where it is not known. The
    id and the codes stay those of `ruleset`.
    """
    rates = _rates(ruleset)
    scores = {key: score for key, score in ruleset.scores.items() if score.formula and _adds_up(ruleset, score)}
    labels = {_plain(text) for text in printed}
    forms = {name: _form(form, rates, scores, labels) for name, form in ruleset.forms.items()}
    title = f"{ruleset.region_name}表样（{year or '年度不明'}，没有对应的规则集，只核对加总、比率等算术关系）"
    return _changed(ruleset, name=title, year=year, partial=True, total="", grades={}, grade_source="", forms=forms,
                    rates=rates, scores=scores, checks={}, thresholds=_NEVER)


def _changed(model: M, **changes: Any) -> M:
    """A model with other values: made anew, since a copy would keep what was cached of the old ones."""
    values = {name: getattr(model, name) for name in type(model).model_fields}
    return type(model).model_construct(**{**values, **changes})


def _rates(ruleset: RuleSet) -> dict[str, Rate]:
    """Rates printed on the form that prints their operands too."""
    homes: dict[str, set[str]] = {}
    for key, (form, _) in printings(ruleset):
        homes.setdefault(key, set()).add(form)
    return {key: _changed(rate, diagnose=[name for name in rate.diagnose if name in SLIPS], ask_above=None)
            for key, rate in ruleset.rates.items()
            if homes.get(key) and all(as_ref(arg).form in homes[key] for arg in rate.args)}


def _adds_up(ruleset: RuleSet, score: Score) -> bool:
    """Whether a total is the sum of cells and nothing else."""
    expr = parse(score.formula)
    return _is_sum(expr) and all(ref.form in ruleset.forms for ref in operands(expr))


def _is_sum(expr: Expr) -> bool:
    if isinstance(expr, Binary):
        return expr.op == "+" and _is_sum(expr.left) and _is_sum(expr.right)
    if isinstance(expr, Call):
        return expr.name == "SUM" and all(map(_is_sum, expr.args)) or (
            expr.name == "ROUND" and _is_sum(expr.args[0]))
    return isinstance(expr, Ref)


def _form(form: Form, rates: Mapping[str, Rate], scores: Mapping[str, Score], printed: set[str]) -> Form:
    def cell(one: Cell) -> Cell:
        return _changed(one, rate=one.rate if one.rate in rates else "", score=one.score if one.score in scores else "",
                        grade=False, fixed="", equals=None, required=False)

    def row(one: Row) -> Row:
        return _changed(one, rows=[row(child) for child in one.rows], fixed={},
                        rates=_known(one.rates, rates), scores=_known(one.scores, scores))

    return _changed(
        form, cells=_each(form.cells, cell), rows=[row(one) for one in form.rows],
        columns=_each(form.columns, lambda column: _changed(column, required=False, required_if="")),
        tables=_each(form.tables, lambda table: _table(table, printed)),
        tail=_changed(form.tail, cells=_each(form.tail.cells, cell)))


def _known(keys: Mapping[str, str], kept: Mapping[str, Any]) -> dict[str, str]:
    return {column: key for column, key in keys.items() if key in kept}


def _each(models: Mapping[str, M], change: Callable[[M], M]) -> dict[str, M]:
    return {name: change(model) for name, model in models.items()}


def _table(table: Table, printed: set[str]) -> Table:
    groups = _each(table.groups, lambda group: _group(group, printed))
    # Points that stand in no cell of the form are known from the groups alone: gone with them.
    unseen = {name for name, column in table.columns.items() if column.type == "points" and column.at is None}
    columns = _each(table.columns, lambda column: _changed(
        column, required=False, required_if="", max="" if column.max in unseen else column.max))
    return _changed(table, columns=columns, groups=groups, judging=None)


def _group(group: Group, printed: set[str]) -> Group:
    label = _plain(group.label)
    weight = _WEIGHT.search(label)
    stands = weight and label in printed and group.readings == [Decimal(weight[1])]
    return _changed(group, groups=_each(group.groups, lambda below: _group(below, printed)),
                    points=group.points if stands else None)


def _plain(text: str) -> str:
    """A label without line breaks and blanks, its brackets half width."""
    return "".join(unicodedata.normalize("NFKC", text).split())
