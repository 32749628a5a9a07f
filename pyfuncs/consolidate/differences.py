"""差额表: totals against the sums of their parts, within the forms of a node and between it and its units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import Form, Row, RuleSet
from pyfuncs.catalog.refs import resolve
from pyfuncs.consolidate.exact import EXACT
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.node import title_of
from pyfuncs.consolidate.result import Difference
from pyfuncs.consolidate.sums import Line, of_unit, printed, summed, words_of
from pyfuncs.language import parse
from pyfuncs.language.nodes import Binary, Call, Expr, Ref, Unary

WITHIN_FORM = "本表加总"
ACROSS_LEVELS = "上下级"

Place = tuple[str, str]                               # form, name
Values = Mapping[Place, Decimal | None]               # in 元 for amounts


@dataclass(frozen=True)
class _Parts:
    """What a total is made of: the places that are added to it or taken off. `within`: they may come to less."""

    signed: tuple[tuple[int, Place], ...]
    within: bool = False

    @property
    def places(self) -> set[Place]:
        return {place for _, place in self.signed}


def differences(node: str, rulesets: Sequence[RuleSet], year: str, values: Values,
                summaries: Sequence[Filed] = ()) -> Iterator[Difference]:
    """Where the sums of a node, `values`, don't agree, and where its own summaries say something else than its units.

    `rulesets`: those of its units, the one for words first. A total is left alone where two of them make it of
    different parts. `year`: "" where the units' years differ. `summaries`: workbooks of the node that are compared.
    """
    for ruleset in rulesets:
        lines = _by_place(ruleset)
        for total, parts in _made_of(ruleset).items():
            first = next(other for other in rulesets if total in _made_of(other))
            if first is ruleset and all(_agrees(other, total, parts) for other in rulesets):
                yield from _within_form(node, lines[total], year, values.get(total), parts, values)
    for summary in summaries:
        yield from _across_levels(node, summary, values)


def _within_form(node: str, line: Line, year: str, total: Decimal | None, parts: _Parts,
                 values: Values) -> Iterator[Difference]:
    numbers = [(sign, values[place]) for sign, place in parts.signed if values.get(place) is not None]
    if not numbers:
        return
    together = _sum(number if sign > 0 else -number for sign, number in numbers)
    agrees = total is not None and (together <= total if parts.within else together == total)
    if not agrees:
        yield _difference(node, WITHIN_FORM, line, year, total, together)


def _across_levels(node: str, summary: Filed, values: Values) -> Iterator[Difference]:
    """Item by item what the node's own summary says, and what its units come to."""
    for line in summed(summary.ruleset).values() if summary.ruleset else ():
        items = summary.submission.items_of(line.form.form, line.name)
        total, together = of_unit(items)[0], values.get(line.key[:2])
        if total != together:
            where = next((item.cell for item in items if item.cell), "")
            yield _difference(node, ACROSS_LEVELS, line, summary.year, total, together,
                              f"{summary.submission.path} {where}".strip())


def _difference(node: str, what: str, line: Line, year: str, total: Decimal | None, parts: Decimal | None,
                where: str = "") -> Difference:
    label, column, _ = words_of(line)
    return Difference(node, what, title_of(line, year), printed(label, year), printed(column, year), total, parts,
                      line.item.type, where)


def _sum(numbers: Iterator[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, number)
    return total


# -- what totals are made of --------------------------------------------------------------------------------------

def _agrees(ruleset: RuleSet, total: Place, parts: _Parts) -> bool:
    """Does a rule set make this total of these parts, or know none of them?"""
    own = _made_of(ruleset).get(total)
    return own == parts if own else not ({total} | parts.places) & _by_place(ruleset).keys()


@kept
def _by_place(ruleset: RuleSet) -> Mapping[Place, Line]:
    return {line.key[:2]: line for line in summed(ruleset).values()}


@kept
def _made_of(ruleset: RuleSet) -> Mapping[Place, _Parts]:
    """Totals of its forms that are summed, as are all their parts."""
    lines = _by_place(ruleset)
    found = [pair for form in ruleset.forms.values() for pair in (*_rows(form), *_formulas(ruleset, form))]
    return {total: parts for total, parts in found if parts.signed and {total} | parts.places <= lines.keys()}


def _rows(form: Form) -> Iterator[tuple[Place, _Parts]]:
    for row in form.all_rows().values():
        if row.parts != "none" or row.detail:
            for column in form.columns:
                yield (form.form, f"{row.id}.{column}"), _Parts(tuple(_below(form, row, column)), row.parts == "within")


def _below(form: Form, row: Row, column: str) -> Iterator[tuple[int, Place]]:
    for child in row.rows:
        yield 1, (form.form, f"{child.id}.{column}")
    if row.detail and column in form.tables[row.detail].columns:
        yield 1, (form.form, f"{row.detail}.{column}")


def _formulas(ruleset: RuleSet, form: Form) -> Iterator[tuple[Place, _Parts]]:
    """Totals by formula, where it only adds and subtracts: then it holds for the sums as it does for each unit."""
    for name, cell in form.all_cells().items():
        if cell.formula:
            yield (form.form, name), _Parts(_added(ruleset, form, cell.formula))
    for table, model in form.tables.items():
        for name, column in model.columns.items():
            if column.formula:
                yield (form.form, f"{table}.{name}"), _Parts(_added(ruleset, form, column.formula, table))


def _added(ruleset: RuleSet, form: Form, formula: str, table: str = "") -> tuple[tuple[int, Place], ...]:
    """What a formula adds and takes off; nothing when it does anything else."""
    found: list[tuple[int, Place]] = []
    for sign, ref in _terms(parse(formula), 1):
        target = resolve(ruleset, ref, form.form, table=table) if ref and not ref.prior else None
        if target is None or target.sort not in ("cell", "grid", "table"):
            return ()
        found.append((sign, (target.form, target.name)))
    return tuple(found)


def _terms(expr: Expr, sign: int) -> Iterator[tuple[int, Ref | None]]:
    """References with their signs; None for what is neither a sum nor a difference of references."""
    if isinstance(expr, Ref):
        yield sign, expr
    elif isinstance(expr, Unary) and expr.op in "+-":
        yield from _terms(expr.operand, -sign if expr.op == "-" else sign)
    elif isinstance(expr, Binary) and expr.op in "+-":
        yield from _terms(expr.left, sign)
        yield from _terms(expr.right, -sign if expr.op == "-" else sign)
    elif isinstance(expr, Call) and expr.name == "SUM":
        for argument in expr.args:
            yield from _terms(argument, sign)
    else:
        yield sign, None
