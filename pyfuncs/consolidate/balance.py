"""舍位平衡: figures rounded for print so that the printed parts still add up to the printed total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from pyfuncs.consolidate.exact import EXACT

# Sums are exact: what would not fit is an error and never a rounding nobody asked for. Cutting is meant to lose digits.


def balanced(total: Decimal, parts: Sequence[Decimal | None], places: int) -> list[Decimal | None]:
    """The parts rounded to `places` decimals so that they add up to the rounded total (half up).

    Each is the exact figure rounded up or down: the largest remainders go up, of equal ones the first. What needs no
    rounding stays, None too. Where the parts don't add up to the total exactly, nothing can be balanced: each is
    rounded half up, and the difference stays to be seen.
    """
    with localcontext(EXACT):
        return _spread(total, _half_up(total, places), parts, places)


def balanced_tree(values: Sequence[Decimal | None], parents: Sequence[int | None], places: int) -> list[Decimal | None]:
    """Every figure of a tree rounded so that at each level the parts add up to what is printed above them.

    `parents`: the index of the figure above each one, None for a root; it stands before its parts. Roots are rounded
    half up; a part is at most one unit of the last place away from its exact figure, at any depth.
    """
    below: dict[int, list[int]] = {}
    for index, parent in enumerate(parents):
        if parent is not None:
            below.setdefault(parent, []).append(index)
    rounded: list[Decimal | None] = list(values)
    with localcontext(EXACT):
        for index, value in enumerate(values):
            if value is None:
                continue
            if parents[index] is None or values[parents[index]] is None:
                rounded[index] = _half_up(value, places)
            children = below.get(index, [])
            shares = _spread(value, rounded[index], [values[child] for child in children], places)
            for child, share in zip(children, shares, strict=True):
                rounded[child] = share
    return rounded


def _spread(total: Decimal, target: Decimal, parts: Sequence[Decimal | None], places: int) -> list[Decimal | None]:
    """The parts rounded so that they add up to `target`, which is the total rounded up or down."""
    numbers = [part for part in parts if part is not None]
    if sum(numbers, Decimal(0)) != total:
        return [None if part is None else _half_up(part, places) for part in parts]
    rounded = [None if part is None else _cut(part, places, ROUND_FLOOR) for part in parts]
    remainders = [Decimal(0) if part is None else part - low for part, low in zip(parts, rounded, strict=True)]
    short = target - sum((low for low in rounded if low is not None), Decimal(0))
    for index in sorted(range(len(parts)), key=lambda index: -remainders[index])[:int(short.scaleb(places))]:
        rounded[index] += Decimal(1).scaleb(-places)
    return rounded


def _half_up(number: Decimal, places: int) -> Decimal:
    return _cut(number, places, ROUND_HALF_UP)


def _cut(number: Decimal, places: int, how: str) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), how, EXACT) + 0      # no minus before a nought
