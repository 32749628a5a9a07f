"""Rates of a node: from the summed amounts by the same definition, never averaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pyfuncs.consolidate.result import WAN, PooledRate
from pyfuncs.consolidate.sums import Pool, Sums, line_label, pooled
from pyfuncs.methods import METHODS, default


def node_rates(sums: Sums) -> tuple[PooledRate, ...]:
    """One rate per definition: where rule sets define a rate differently, each definition stands alone.

    Only units with a number for every operand count, so that numerator and denominator have the same units.
    """
    ordered = sorted(sums.pools.values(), key=lambda pool: list(pool.ruleset.rates).index(pool.key))
    return _distinct([_pooled(pool, sums.year) for pool in ordered])


def _distinct(rates: Sequence[PooledRate]) -> tuple[PooledRate, ...]:
    """Rates that print the same label told apart: by key, and by rule set where a key has two definitions."""
    labels, keys = Counter(rate.label for rate in rates), Counter(rate.key for rate in rates)

    def name(rate: PooledRate) -> str:
        more = [rate.key] * (labels[rate.label] > 1 and rate.key != rate.label)
        more += rate.rulesets if keys[rate.key] > 1 else ()
        return f"{rate.label}（{'，'.join(more)}）" if more else rate.label

    return tuple(replace(rate, label=name(rate)) for rate in rates)


def _pooled(pool: Pool, year: str) -> PooledRate:
    rate, method = pool.rate, METHODS[pool.rate.method]
    lines = next(lines for definition, lines in pooled(pool.ruleset).items() if definition[0] == pool.key)
    parameters = {"decimals": str(rate.decimals), **default(rate.parameters)}
    value = method.evaluate(list(pool.sums), parameters)
    # Sentences speak of 万元.
    shown = [number / WAN if number is not None and line.item.type == "amount" else number
             for number, line in zip(pool.sums, lines, strict=True)]
    labels = tuple(line_label(line, year) for line in lines)
    return PooledRate(
        pool.key, rate.label, rate.method, parameters, tuple(f"{line.form.form}!{line.name}" for line in lines), labels,
        tuple(line.item.type for line in lines), tuple(pool.sums), value,
        method.sentence(shown, parameters, value, labels), rate.decimals, rate.status, rate.source,
        tuple(pool.rulesets), pool.units, tuple(pool.left_out))
