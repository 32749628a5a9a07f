"""Numbers as sentences print them."""
from __future__ import annotations

from decimal import Decimal

from ..language import Value, plain, round_decimal


def number(value: Value) -> str:
    """An amount, a count or points: as it is, at most four decimals."""
    return plain(round_decimal(value, 4)) if isinstance(value, Decimal) else "—"


def points(value: Decimal) -> str:
    """A score: at most two decimals."""
    return plain(round_decimal(value, 2))


def percent(ratio: Decimal, decimals: int = 2) -> str:
    """A ratio as a percentage with fixed decimals: 68.54%."""
    return f"{round_decimal(ratio * 100, decimals):.{decimals}f}%"


def limit(ratio: str) -> str:
    """A limit as it is written in a rule: 1 -> 100%, 0.125 -> 12.5%."""
    return f"{plain(Decimal(ratio) * 100)}%"
