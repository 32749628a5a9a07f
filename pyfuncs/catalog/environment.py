"""Values behind the references of a rule set, taken from one submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import Target, describer, targets
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.language import NOT_APPLICABLE, CellError, Expr, Ref, Value, parse, prepared


class Scope(NamedTuple):
    """Where a formula stands: a sheet of a repeated form, a row of a table or of the grid, a column, a matched pair.

    `pairs` maps a form to the instance, or `form!table` to (instance, row), that a matched pair looks at.
    """

    form: str | None = None
    instance: int = 0
    table: str = ""
    row: int = 0
    grid_row: str = ""
    column: str = ""
    pairs: Mapping[str, tuple[int, int]] = MappingProxyType({})

    @property
    def place(self) -> tuple[str | None, str, str, str, tuple[str, ...]]:
        """What references mean hangs on this part of it alone."""
        return self.form, self.table, self.grid_row, self.column, tuple(self.pairs)


EVERYWHERE = Scope()
Lookup = Callable[[Ref], Value | list[Value]]


def cell_value(item: Item | None) -> Value:
    """What a formula sees in a filed cell: a number, 不适用, words, an error, or nothing."""
    if item is None:
        return None
    match item.state:
        case "number":
            return item.value
        case "not_applicable":
            return NOT_APPLICABLE
        case "text":
            return item.text
        case "error":
            return CellError(item.text if item.text.startswith("#") else "#VALUE!")
    return None


def target_of(ruleset: RuleSet, ref: Ref | str, scope: Scope = EVERYWHERE) -> Target:
    return targets(ruleset, *scope.place)[ref]


def items_behind(ruleset: RuleSet, submission: Submission, ref: Ref | str, scope: Scope = EVERYWHERE) -> list[Item]:
    """The filed cells a reference stands for, in printed order; none for rates and scores."""
    return _filed(submission, targets(ruleset, *scope.place)[ref], scope)


def _filed(submission: Submission, target: Target, scope: Scope) -> list[Item]:
    if target.sort in ("rate", "score"):
        return []
    instance, row = _position(target, scope)
    if target.rows:
        column = target.name.rpartition(".")[2]
        return [item for name in target.rows for item in submission.items_of(target.form, f"{name}.{column}", instance)]
    items = submission.items_of(target.form, target.name, instance)
    if target.leaves:
        items = [item for item in items if item.group in target.leaves]
    return [item for item in items if item.row == row] if row else items


def _position(target: Target, scope: Scope) -> tuple[int, int]:
    """Instance and table row the scope narrows a reference to; 0 for all."""
    if scope.pairs:
        for place in (f"{target.form}!{target.table}", target.form):
            if place in scope.pairs:
                return scope.pairs[place]
    if target.form == scope.form:
        return scope.instance, scope.row if target.table and target.table == scope.table and not target.vector else 0
    return 0, 0


def environment(ruleset: RuleSet, submission: Submission, scope: Scope = EVERYWHERE,
                figures: Mapping[tuple[str, int], Value] | None = None) -> Lookup:
    """`lookup` for the formula language. `figures`: rates and scores worked out so far, by (key, instance)."""
    return _lookup(submission, targets(ruleset, *scope.place), scope, figures)


def _lookup(submission: Submission, meant: Mapping[Ref | str, Target], scope: Scope,
            figures: Mapping[tuple[str, int], Value] | None) -> Lookup:
    known = {} if figures is None else figures

    def lookup(ref: Ref) -> Value | list[Value]:
        target = meant[ref]
        if target.alone:
            return cell_value(submission.first(target.form, target.name, *_position(target, scope)))
        if target.sort in ("rate", "score"):
            if target.vector:
                return [value for (key, _), value in known.items() if key == target.name]
            return known.get((target.name, scope.instance if target.form else 0))
        values = [cell_value(item) for item in _filed(submission, target, scope)]
        return values if target.vector else (values[0] if values else None)

    return lookup


def worked_out(ruleset: RuleSet, submission: Submission, formula: str | Expr, scope: Scope = EVERYWHERE,
               figures: Mapping[tuple[str, int], Value] | None = None) -> Value:
    """A formula's value, amounts compared at the places that the emitted formula uses."""
    place = scope.place
    return _prepared(ruleset, formula, *place)(_lookup(submission, targets(ruleset, *place), scope, figures))


@kept
def _prepared(ruleset: RuleSet, formula: str | Expr, form: str | None, table: str, row: str, column: str,
              paired: tuple[str, ...]) -> Callable[[Lookup], Value]:
    expr = parse(formula) if isinstance(formula, str) else formula
    return prepared(expr, describer(ruleset, form, table=table, row=row, column=column, paired=paired))


def with_items(submission: Submission, items: list[Item]) -> Submission:
    return replace(submission, items=tuple(items))
