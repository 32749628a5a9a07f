"""A unit in a few figures, and the units in order of their totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import home_of
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import KeyFigure, UnitLine
from pyfuncs.consolidate.sums import Line, line_label, of_unit, pooled
from pyfuncs.language import NOT_APPLICABLE, Value, round_decimal
from pyfuncs.language.values import GRADE_PLACES


@dataclass(frozen=True)
class Prior:
    """A unit's key figures of the year before, by form!name in 元 or heads, and its total score."""

    amounts: Mapping[str, Decimal | None] = field(default_factory=dict)
    total: Decimal | None = None


def unit_line(one: Filed, code: str = "", node: str = "", late: bool = False, prior: Prior | None = None) -> UnitLine:
    """`prior`: from last year's workbook or archive; without one the form's own column of last year stands in."""
    total, grade = one.figures.get((one.ruleset.total, 0)), one.figures.get((GRADE, 0))
    amounts = {key: _amount(one, key) for key in operands_of(one.ruleset)}
    own = {key: _amount(one, other) for key, other in _last_year(one.ruleset).items()}
    value = total.value if total else None
    return UnitLine(
        one.unit, code, node, one.submission.path, one.submission.sha256, one.ruleset.id, one.year, value,
        grade.value if grade and isinstance(grade.value, str) else "", None, _note(one, value),
        total.printed.value if total and total.printed else None, one.must_fix, late,
        {figure.key: figure.value for figure in one.figures.values() if figure.kind == "rate" and figure.instance == 0},
        amounts, {**own, **_known(prior, amounts)}, prior.total if prior else None,
        Counter(finding.group for finding in one.findings), _deductions(one))


def _known(prior: Prior | None, keys: Iterable[str]) -> dict[str, Decimal]:
    """Of these figures, those that last year's workbook has."""
    amounts = prior.amounts if prior else {}
    return {key: amounts[key] for key in keys if amounts.get(key) is not None}


def key_figures(rulesets: Iterable[RuleSet], year: str = "") -> tuple[KeyFigure, ...]:
    """Columns for the units of these rule sets: each rate behind its operands. `year`: the one of all units, "" where they differ."""
    found: dict[str, KeyFigure] = {}
    for ruleset in rulesets:
        for (key, *_), lines in pooled(ruleset).items():
            for line in lines:
                name = f"{line.form.form}!{line.name}"
                found.setdefault(name, KeyFigure(name, line_label(line, year), line.item.type))
            rate = ruleset.rates[key]
            found.setdefault(key, KeyFigure(key, rate.label, "rate", rate.decimals))
    return tuple(found.values())


def ranked(lines: Sequence[UnitLine]) -> list[UnitLine]:
    """The same units in the same order, each with its rank: equal totals share one; without a total there is none."""
    totals = [_rounded(line) for line in lines]
    better = Counter(total for total in totals if total is not None)
    ranks, before = {}, 0
    for total in sorted(better, reverse=True):
        ranks[total], before = before + 1, before + better[total]
    return [replace(line, rank=ranks.get(total)) for line, total in zip(lines, totals, strict=True)]


def _rounded(line: UnitLine) -> Decimal | None:
    """Cut to the places at which grades are told apart."""
    return round_decimal(line.total, GRADE_PLACES) if isinstance(line.total, Decimal) else None


@kept
def operands_of(ruleset: RuleSet) -> Mapping[str, Line]:
    """The operands of its rates, by form!name."""
    return {f"{line.form.form}!{line.name}": line for lines in pooled(ruleset).values() for line in lines}


@kept
def _last_year(ruleset: RuleSet) -> Mapping[str, str]:
    """Operand that stands in a column of this year's figures -> the same row in the column of last year's."""
    found = {}
    for key, line in operands_of(ruleset).items():
        row, _, name = line.name.partition(".")
        column = line.form.columns.get(name)
        before = [other for other, own in line.form.columns.items() if own.period == "-1" and column is not None
                  and own.type == column.type and own.stage == column.stage]
        if column is not None and column.period == "0" and before and row in line.form.all_rows():
            found[key] = f"{line.form.form}!{row}.{before[0]}"
    return MappingProxyType(found)


def _amount(one: Filed, key: str) -> Decimal | None:
    form, _, name = key.partition("!")
    return of_unit(one.submission.items_of(form, name))[0]


def _deductions(one: Filed) -> dict[str, Decimal]:
    """Points below full marks, by key of the score: labels repeat themselves."""
    found: dict[str, Decimal] = {}
    for figure in one.figures.values():
        points = one.ruleset.scores[figure.key].points if figure.kind == "score" else None
        if points is not None and isinstance(figure.value, Decimal) and figure.value < points:
            found[figure.key] = found.get(figure.key, Decimal(0)) + points - figure.value
    return found


def _note(one: Filed, total: Value) -> str:
    if isinstance(total, Decimal):
        return ""
    if not one.ruleset.total:
        return "规则集没有总分，不参加排名"
    if home_of(one.ruleset, one.ruleset.total):
        return "按项目评分，单位没有总分，不参加排名"
    return "总分为不适用，不参加排名" if total == NOT_APPLICABLE else "总分算不出来（有得分没有填），不参加排名"
