"""Rounding tails (尾差): how far printed figures may lie from an exact sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item

HALF = Decimal("0.5")


def half_unit(ruleset: RuleSet, item: Item) -> Decimal:
    """Half a unit of the last printed place of an amount, in 元. A form's own decimals are the least
    that counts as printed, since a spreadsheet drops trailing zeros (22.50 arrives as 22.5)."""
    form = ruleset.forms[item.form]
    return HALF.scaleb(-max(form.decimals, item.places)) * form.scale


def tail(ruleset: RuleSet, items: Sequence[Item]) -> Decimal:
    """The largest difference between a sum and its parts that rounding alone explains: half a unit of
    the last place for each filled amount, the total included."""
    return sum((half_unit(ruleset, item) for item in items if item.value is not None), Decimal(0))


def stated_twice(ruleset: RuleSet, items: Sequence[Item]) -> bool:
    """One figure in two places, printed in the same unit: no tolerance."""
    filled = [item for item in items if item.value is not None]
    return len(filled) <= 2 and len({ruleset.forms[item.form].unit for item in filled}) == 1
