"""A unit in a few figures, and the units in order of their totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import home_of
from pyfuncs.consolidate.result import KeyFigure, UnitLine
from pyfuncs.consolidate.share import Share
from pyfuncs.consolidate.sums import Line, line_label, pooled, summed
from pyfuncs.language import NOT_APPLICABLE, round_decimal
from pyfuncs.language.values import GRADE_PLACES


@dataclass(frozen=True)
class Prior:
    """A unit's key figures of the year before, by form!name in 元 or heads, and its total score."""

    amounts: Mapping[str, Decimal | None] = field(default_factory=dict)
    total: Decimal | None = None


def unit_line(one: Share, code: str = "", node: str = "", late: bool = False, prior: Prior | None = None) -> UnitLine:
    """`prior`: from last year's workbook or archive; without one the form's own column of last year stands in."""
    values = {key: value for key, (value, _, _) in zip(summed(one.ruleset), one.given, strict=True)}
    amounts = {key: values[line.key] for key, line in operands_of(one.ruleset).items()}
    own = dict(zip(last_year(one.ruleset), one.last_year, strict=True))
    return UnitLine(
        one.unit, code, node, one.file, one.sha256, one.ruleset.id, one.year, one.total, one.grade, None, _note(one),
        one.printed, one.must_fix, late, one.rates, amounts, {**own, **_known(prior, amounts)},
        prior.total if prior else None, one.counts, one.deductions)


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
def last_year(ruleset: RuleSet) -> Mapping[str, tuple[str, str]]:
    """Operand that stands in a column of this year's figures -> form and name of the same row in that of last year's."""
    found = {}
    for key, line in operands_of(ruleset).items():
        row, _, name = line.name.partition(".")
        column = line.form.columns.get(name)
        before = [other for other, own in line.form.columns.items() if own.period == "-1" and column is not None
                  and own.type == column.type and own.stage == column.stage]
        if column is not None and column.period == "0" and before and row in line.form.all_rows():
            found[key] = line.form.form, f"{row}.{before[0]}"
    return MappingProxyType(found)


def _note(one: Share) -> str:
    if isinstance(one.total, Decimal):
        return ""
    if not one.ruleset.total:
        return "规则集没有总分，不参加排名"
    if home_of(one.ruleset, one.ruleset.total):
        return "按项目评分，单位没有总分，不参加排名"
    return "总分为不适用，不参加排名" if one.total == NOT_APPLICABLE else "总分算不出来（有得分没有填），不参加排名"
