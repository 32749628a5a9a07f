"""Rates of all units together: from the summed amounts by the same definition, never averaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pyfuncs.catalog.model import Rate, RuleSet
from pyfuncs.catalog.refs import only_recognised, resolve
from pyfuncs.catalog.words import tidy
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.model import WAN, LeftOut, Part, PooledRate, Total
from pyfuncs.methods import METHODS, default

Definition = tuple[str, str, tuple[str, ...], str]    # key, method, args, parameters


def pooled_rates(filed: Sequence[Filed], totals: Sequence[Total]) -> list[PooledRate]:
    """One rate per definition: where rule sets define a rate differently, each definition stands alone.

    Only units with a number for every operand count, so that numerator and denominator have the same units.
    """
    by_key = {(total.key, total.kind): total for total in totals}
    groups: dict[Definition, list[Filed]] = {}
    for one in filed:
        for key, rate in _rates(one.ruleset):
            groups.setdefault(_definition(key, rate), []).append(one)
    ordered = sorted(groups.items(), key=lambda group: list(group[1][0].ruleset.rates).index(group[0][0]))
    return _distinct([_pooled(key, members, by_key) for (key, *_), members in ordered])


def _rates(ruleset: RuleSet) -> Iterator[tuple[str, Rate]]:
    """Rates whose operands are all summed; not those that only serve to recognise a mistake."""
    helpers = only_recognised(ruleset)
    for key, rate in ruleset.rates.items():
        targets = [resolve(ruleset, arg) for arg in rate.args]
        if key not in helpers and all(target.item is not None and target.item.consolidation == "sum"
                                      for target in targets):
            yield key, rate


def _distinct(rates: list[PooledRate]) -> list[PooledRate]:
    """Rates that print the same label told apart: by key, and by rule set where a key has two definitions."""
    labels, keys = Counter(rate.label for rate in rates), Counter(rate.key for rate in rates)

    def name(rate: PooledRate) -> str:
        more = [rate.key] * (labels[rate.label] > 1 and rate.key != rate.label)
        more += rate.rulesets if keys[rate.key] > 1 else ()
        return f"{rate.label}（{'，'.join(more)}）" if more else rate.label

    return [replace(rate, label=name(rate)) for rate in rates]


def _definition(key: str, rate: Rate) -> Definition:
    return key, rate.method, tuple(rate.args), repr(sorted(rate.parameters.items()))


def _pooled(key: str, members: Sequence[Filed], totals: Mapping[tuple[str, str], Total]) -> PooledRate:
    ruleset = members[0].ruleset
    rate, method = ruleset.rates[key], METHODS[ruleset.rates[key].method]
    targets = [resolve(ruleset, arg) for arg in rate.args]
    operands = [totals[target.key, target.item.type] for target in targets]
    left_out = [LeftOut(one.unit, reason) for one in members if (reason := _gap(one.unit, operands))]
    outside = {one.unit for one in left_out}
    units = tuple(one.unit for one in members if one.unit not in outside)
    sums = tuple(_sum(total, units) for total in operands)
    parameters = {"decimals": str(rate.decimals), **default(rate.parameters)}
    value = method.evaluate(list(sums), parameters)
    # Sentences speak of 万元.
    shown = [number / WAN if number is not None and total.kind == "amount" else number
             for number, total in zip(sums, operands, strict=True)]
    labels = tuple(map(_label, operands))
    return PooledRate(
        key, rate.label, rate.method, parameters, tuple(target.key for target in targets), labels, sums, value,
        method.sentence(shown, parameters, value, labels), rate.decimals, rate.status, rate.source,
        tuple(dict.fromkeys(one.ruleset.id for one in members)), units, tuple(left_out))


def _gap(unit: str, operands: Sequence[Total]) -> str:
    """Why a unit can't count: an operand without a number; a sheet nobody touched does not matter."""
    sheets: dict[int, list[tuple[Total, Part]]] = {}
    for total in operands:
        for part in total.parts_of(unit):
            sheets.setdefault(part.instance, []).append((total, part))
    touched = [pairs for pairs in sheets.values() if any(part.value is not None for _, part in pairs)]
    if not touched:
        return "没有填这个比率要用的数"
    gaps = [f"“{_label(total)}”没有数字" + (f"（{part.cell}）" if part.cell else "")
            for pairs in touched for total, part in pairs if part.value is None]
    return "；".join(gaps)


def _sum(total: Total, units: Sequence[str]) -> Decimal | None:
    numbers = [part.value for unit in units for part in total.parts_of(unit) if part.value is not None]
    return sum(numbers, Decimal(0)) if numbers else None


def _label(total: Total) -> str:
    words = tidy(total.label)
    return f"{words}·{total.column}" if total.column else words
