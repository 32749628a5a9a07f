"""Rates, scores, totals and the grade of one unit, each with its operands and its sentence.

A rate is worked out from the amounts as filed, never from the rate that was typed; a total from the
scores as filed. Nothing is rounded here but what a rule says it rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from pyfuncs.catalog.compile import score_parameters
from pyfuncs.catalog.environment import Scope, cell_value, environment, items_behind, target_of, with_items, worked_out
from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import Rate, Row, RuleSet, Score
from pyfuncs.catalog.refs import as_ref, home_of, inputs, placements, printings
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import Words, plain
from pyfuncs.language import CellError, NOT_APPLICABLE, Ref, Value, parse, references, straight, to_chinese
from pyfuncs.methods import METHODS, default, grade, readings


GRADE = "等级"                                        # key of the grade among the figures


@dataclass(frozen=True)
class Figure:
    """One computed figure. `instance` is 0 for a figure of the unit, 1.. for one project.

    `value`: ratio for rates, 分 for scores and totals, the grade's name, 不适用, or a CellError when an
    input is missing. `readings`: (which reading, value) for every other reading the document allows.
    """

    key: str
    kind: Literal["rate", "score", "total", "grade"]
    label: str
    instance: int
    value: Value
    operands: tuple[str, ...]
    cells: tuple[str, ...]
    sentence: str
    status: str
    printed: Item | None = None
    again: tuple[Item, ...] = ()                      # other cells that print it
    readings: tuple[tuple[str, Value], ...] = ()


def figures(ruleset: RuleSet, submission: Submission,
            rates: Mapping[str, Value] = MappingProxyType({})) -> dict[tuple[str, int], Figure]:
    """All figures by (key, instance): rates, scores, the grade; in each those of the unit before those of projects.

    The grade has the key 等级, one per project where projects alone are scored. `rates`: those of the unit that were
    worked out otherwise, by key; scores rest on them.
    """
    found: dict[tuple[str, int], Figure] = {}
    for key, rate in ruleset.rates.items():
        for instance in _instances(ruleset, submission, key):
            found[key, instance] = rate_figure(ruleset, submission, key, rate, instance)
            if key in rates and instance == 0:
                found[key, 0] = replace(found[key, 0], value=rates[key])
    values = {known: figure.value for known, figure in found.items()}
    for key in _in_order(ruleset):
        score = ruleset.scores[key]
        for instance in _instances(ruleset, submission, key):
            figure = found[key, instance] = _score_figure(ruleset, submission, key, score, instance, values)
            values[key, instance] = figure.value
    for instance in _instances(ruleset, submission, ruleset.total) if ruleset.total and ruleset.grades else ():
        found[GRADE, instance] = _grade_figure(ruleset, found[ruleset.total, instance],
                                               _grade_items(ruleset, submission, instance))
    ranks = {"rate": 0, "score": 1, "total": 1, "grade": 2}
    return dict(sorted(found.items(), key=lambda entry: (ranks[entry[1].kind], entry[0][1] > 0)))


def rate_figure(ruleset: RuleSet, submission: Submission, key: str, rate: Rate, instance: int) -> Figure:
    """One rate of the unit (instance 0) or of one project."""
    scope = _scope(ruleset, key, instance)
    lookup = environment(ruleset, submission, scope)
    args = [lookup(as_ref(arg)) for arg in rate.args]
    needed = [arg for arg, argument in zip(args, METHODS[rate.method].arguments) if not argument.optional]
    blank = any(all(value is None for value in (arg if isinstance(arg, list) else [arg])) for arg in needed)
    value = CellError("#N/A") if blank else METHODS[rate.method].evaluate(args, default(rate.parameters))
    items = [items_behind(ruleset, submission, arg, scope) for arg in rate.args]
    return Figure(key, "rate", rate.label, instance, value, tuple(rate.args),
                  _cells(items), _rate_sentence(Words(ruleset, submission), rate, args, items, value), rate.status,
                  printed_item(ruleset, submission, key, instance), _again(ruleset, submission, key, instance))


def _again(ruleset: RuleSet, submission: Submission, key: str, instance: int) -> tuple[Item, ...]:
    items = (submission.item(*place, instance or 1) for place in _printed_again(ruleset, key))
    return tuple(item for item in items if item is not None)


@kept
def _printed_again(ruleset: RuleSet, key: str) -> list[tuple[str, str]]:
    return [place for name, place in printings(ruleset) if name == key][1:]


def _rate_sentence(words: Words, rate: Rate, args: list, items: list[list[Item]], value: Value) -> str:
    """The rate with the labels of its operands; amounts in the form's unit, in 元 where forms differ."""
    labels = [words.column_label(found[0]) if found else "" for found in items]
    scales = {words.form(item).scale for found in items for item in found if words.kind(item) == "amount"}
    scale = scales.pop() if len(scales) == 1 else Decimal(1)
    shown = [arg / scale if isinstance(arg, Decimal) else arg for arg in args]
    return METHODS[rate.method].sentence(shown, default(rate.parameters), value, labels)


def _score_figure(ruleset: RuleSet, submission: Submission, key: str, score: Score, instance: int,
                  known: Mapping[tuple[str, int], Value]) -> Figure:
    scope = _scope(ruleset, key, instance)
    refs = inputs(ruleset, key)
    cells = _cells(items_behind(ruleset, submission, ref, scope) for ref in refs)
    printed = printed_item(ruleset, submission, key, instance)
    names = tuple(ref.key for ref in refs)
    if score.formula:
        value = _total(ruleset, submission, score.formula, scope, known)
        kind = "score" if score.group else "total"
        return Figure(key, kind, score.label, instance, value, names, cells,
                      _total_sentence(ruleset, submission, score, value, scope), score.status, printed)
    method = METHODS[score.method]
    lookup = environment(ruleset, submission, scope, known)
    arg = lookup(as_ref(score.value)) if score.value else (cell_value(printed) if printed else None)
    first, *others = _readings(ruleset, key)
    value = method.evaluate([arg], first[1])
    return Figure(key, "score", score.label, instance, value, names, cells,
                  method.sentence([arg], first[1], value, [_value_label(ruleset, score)]), score.status, printed,
                  readings=tuple((label, method.evaluate([arg], chosen)) for label, chosen in others))


def _total(ruleset: RuleSet, submission: Submission, formula: str, scope: Scope,
           known: Mapping[tuple[str, int], Value]) -> Value:
    """SUM over nothing is 0, but where no score is filled in there is no total, and no grade."""
    refs, lookup = references(formula), environment(ruleset, submission, scope, known)
    if _half_scored(ruleset, submission, refs, scope):
        return CellError("#N/A")
    found = [lookup(ref) for ref in refs]
    values = [value for one in found for value in (one if isinstance(one, list) else [one])]
    if not any(isinstance(value, Decimal) for value in values):
        return CellError("#N/A")
    value = _number_or_error(worked_out(ruleset, submission, formula, scope, known))
    needed = [lookup(ref) for ref in _straight(formula)]
    if isinstance(value, Decimal) and not all(isinstance(one, Decimal) for one in needed):
        return NOT_APPLICABLE if NOT_APPLICABLE in needed else CellError("#N/A")   # a branch had no use for it
    return value


def _half_scored(ruleset: RuleSet, submission: Submission, refs: tuple[Ref, ...], scope: Scope) -> bool:
    """Whether a score sheet that is to be added up has rows without a score: part of a total is none."""
    sheets = [ref for ref in refs if target_of(ruleset, ref, scope).rows]
    return any(item.state == "blank" for ref in sheets for item in items_behind(ruleset, submission, ref, scope))


def score_by(ruleset: RuleSet, key: str, value: Value) -> Value:
    """What a score would be by another value of its rate, in the rule's first reading."""
    first, *_ = _readings(ruleset, key)
    return METHODS[ruleset.scores[key].method].evaluate([value], first[1])


@kept
def _readings(ruleset: RuleSet, key: str) -> list[tuple[str, dict[str, Any]]]:
    """Every reading of a score's rule, the one a cell shows first."""
    return readings(score_parameters(ruleset.scores[key]))


def total_by(ruleset: RuleSet, submission: Submission, key: str, instance: int,
             known: Mapping[tuple[str, int], Value]) -> Value:
    """What a total would be by other rates and scores."""
    return _total(ruleset, submission, ruleset.scores[key].formula, _scope(ruleset, key, instance), known)


def _value_label(ruleset: RuleSet, score: Score) -> str:
    return ruleset.rates[score.value].label if score.value in ruleset.rates else score.label


def _grade_items(ruleset: RuleSet, submission: Submission, instance: int) -> list[Item]:
    """The cells that print the grade, where forms have one."""
    found = [submission.item(form.form, name, instance or 1) for form in ruleset.forms.values()
             for name, cell in form.all_cells().items() if cell.grade]
    return [item for item in found if item is not None]


def _grade_figure(ruleset: RuleSet, total: Figure, printed: list[Item]) -> Figure:
    bands = list(ruleset.grades.items())
    known = isinstance(total.value, Decimal)
    value = grade(total.value, bands) if known else total.value
    sentence = f"总分 {plain(total.value)} 分，等级为“{value}”" if known else "总分算不出来，不能定等级"
    return Figure(GRADE, "grade", GRADE, total.instance, value, (ruleset.total,), total.cells, sentence, total.status,
                  printed[0] if printed else None, tuple(printed[1:]))


def printed_item(ruleset: RuleSet, submission: Submission, key: str, instance: int) -> Item | None:
    place = placements(ruleset).get(key)
    return submission.item(*place, instance or 1) if place else None


def _instances(ruleset: RuleSet, submission: Submission, key: str) -> list[int]:
    form = home_of(ruleset, key)
    return submission.instances(form) if form else [0]


def _scope(ruleset: RuleSet, key: str, instance: int) -> Scope:
    return Scope(form=home_of(ruleset, key) or None, instance=instance)


def _cells(items: Iterable[list[Item]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.cell for found in items for item in found if item.cell))


@kept
def _in_order(ruleset: RuleSet) -> list[str]:
    """Scores, those another score needs first."""
    ordered: list[str] = []

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in ordered or key in path or key not in ruleset.scores:
            return
        for ref in inputs(ruleset, key):
            if ref.form is None:
                visit(ref.key, (*path, key))
        ordered.append(key)

    for key in ruleset.scores:
        visit(key, ())
    return ordered


def _number_or_error(value: Value) -> Value:
    return value if isinstance(value, (Decimal, CellError)) or value == NOT_APPLICABLE else CellError("#N/A")


def _total_sentence(ruleset: RuleSet, submission: Submission, score: Score, value: Value, scope: Scope) -> str:
    words = Words(ruleset, submission)

    def label(ref: Ref) -> str:
        items = items_behind(ruleset, submission, ref, scope)
        return words.column_label(items[0]) if items else ref.key

    def show(ref: Ref) -> str:
        filled = [item for item in items_behind(ruleset, submission, ref, scope) if item.value is not None]
        return words.show(filled[0], sum((item.value for item in filled), Decimal(0))) if filled else "空"

    result = f"{plain(value)} 分" if isinstance(value, Decimal) else "算不出来"
    return f"{to_chinese(parse(score.formula), label, show)} ＝ {result}"


# ---- filling in what a template's own formulas would give -------------------------------------------


def complete(ruleset: RuleSet, submission: Submission) -> Submission:
    """The submission with every formula cell that holds no value worked out, as the template would.

    For values stored beside formulas. Parts sums first, then totals, rates and scores that build on them:
    repeated until nothing changes (a chain is as long as the forms are nested, five rounds at most).
    """
    for _ in range(6):
        values = dict(formula_values(ruleset, submission))
        items = [_filled(item, values.get((item.form, item.name, item.instance, item.row))) for item in submission.items]
        if items == list(submission.items):
            break
        submission = with_items(submission, items)
    return submission


def _filled(item: Item, value: Value) -> Item:
    if not item.formula or value is None:
        return item
    if isinstance(value, Decimal):
        return replace(item, value=value, state="number")
    if isinstance(value, CellError):
        return replace(item, state="blank")
    return replace(item, state="not_applicable" if value == NOT_APPLICABLE else "text", text=str(value))


Place = tuple[str, str, int, int]                     # form, item name, instance, table row


def formula_values(ruleset: RuleSet, submission: Submission) -> Iterator[tuple[Place, Value]]:
    """What the template's formula in each place gives over the cells as they stand; None for nothing."""
    for form in ruleset.forms.values():
        for instance in submission.instances(form.form):
            for row in reversed(form.all_rows().values()):
                if row.parts == "exact" or row.detail:
                    for column, item in form.columns.items():
                        if item.type in ("amount", "count"):
                            yield ((form.form, f"{row.id}.{column}", instance, 0),
                                   _sum_of_parts(submission, form.form, row, column, instance))
            for name, table in form.tables.items():
                for column, item in table.columns.items():
                    for one in submission.items_of(form.form, f"{name}.{column}", instance) if item.formula else ():
                        scope = Scope(form=form.form, instance=instance, table=name, row=one.row)
                        yield (form.form, one.name, instance, one.row), formula_value(ruleset, submission, item.formula, scope)
            for name, cell in form.all_cells().items():
                if cell.formula:
                    scope = Scope(form=form.form, instance=instance)
                    yield (form.form, name, instance, 0), formula_value(ruleset, submission, cell.formula, scope)
    found = figures(ruleset, submission)
    for key, place in printings(ruleset):
        for (name, instance), figure in found.items():
            if name == key:
                yield (*place, instance or 1, 0), figure.value


def formula_value(ruleset: RuleSet, submission: Submission, formula: str, scope: Scope) -> Value:
    """A total of a form, or of one row of a table; None (blank) when none of its operands is filled, unless the
    form prints them all itself."""
    refs = references(formula)
    items = [item for ref in refs for item in items_behind(ruleset, submission, ref, scope)]
    if not items or _left_blank(ruleset, items) or _half_scored(ruleset, submission, refs, scope):
        return None
    lookup = environment(ruleset, submission, scope)
    if not all(isinstance(lookup(ref), Decimal) for ref in _straight(formula) if ref.form or scope.table or scope.grid_row):
        return None
    return worked_out(ruleset, submission, formula, scope)


def _left_blank(ruleset: RuleSet, items: list[Item]) -> bool:
    """Whether all that a unit could fill among these cells is blank, and there is such a cell."""
    if any(item.value is not None and _is_to_fill(ruleset, item) for item in items):
        return False
    return any(_is_to_fill(ruleset, item) for item in items)


def _is_to_fill(ruleset: RuleSet, item: Item) -> bool:
    """资金分值 10: a number that stands on the blank form does not make it filled."""
    return bool(item.cell) and not ruleset.forms[item.form].printed_text(item.name)


@lru_cache(maxsize=1024)
def _straight(formula: str) -> tuple[Ref, ...]:
    return tuple(straight(parse(formula)))


def _sum_of_parts(submission: Submission, form: str, row: Row, column: str, instance: int) -> Value:
    values = [item.value for item in parts_of(submission, form, row, column, instance) if item.value is not None]
    return sum(values, Decimal(0)) if values else None


def parts_of(submission: Submission, form: str, row: Row, column: str, instance: int) -> list[Item]:
    """The items whose sum a parent row states: its child rows and the rows of its detail table."""
    parts = [submission.item(form, f"{child.id}.{column}", instance) for child in row.rows]
    detail = submission.items_of(form, f"{row.detail}.{column}", instance) if row.detail else []
    return [item for item in parts if item is not None] + detail
