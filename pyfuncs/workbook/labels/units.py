"""元 or 万元: what a form says it counts in, else what its figures tell. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

_LINE = re.compile(r"单\s*位\s*[:：]?\s*(?:人民币)?\s*(亿元|万元|千元|元)")
_LABEL = re.compile(r"[(（]\s*(?:单位[:：])?\s*(亿元|万元|千元|元)\s*[)）]")
_DIGITS = 3                                           # significant ones from which a figure is told again
# Magnitudes of public bodies: a budget is more than ten thousand 元, and less than ten billion.
_SMALL, _LARGE = Decimal(10_000), Decimal(1_000_000)
_LEAST_YUAN, _MOST_WAN = Decimal(100), Decimal(10)
_CENTS = 2                                            # decimals of an amount in 元


@dataclass(frozen=True)
class Unit:
    """`stated`: printed on the form. If not, `reason` is why it was taken; "" when nothing decides it."""

    name: str
    stated: bool
    reason: str = ""


def stated_unit(lines: Sequence[str], labels: Sequence[str]) -> str:
    """The unit that a form prints in a line of its own, else in brackets in one of its labels; "" if in none."""
    for pattern, texts in ((_LINE, lines), (_LABEL, labels)):
        for text in texts:
            if match := pattern.search("".join(text.split())):
                return match[1]
    return ""


def inferred_unit(amounts: Sequence[Decimal], others: frozenset[Decimal]) -> Unit | None:
    """元 or 万元 for a form that states none, from its bare figures; None when nothing tells.

    `others`: amounts in 元 on the forms of the workbook that state their unit.
    """
    figures = [abs(amount) for amount in amounts if amount]
    telling = [figure for figure in figures if len(figure.normalize().as_tuple().digits) >= _DIGITS]
    yuan = sum(figure in others for figure in telling)
    wan = sum(figure * 10_000 in others for figure in telling)
    if yuan != wan:
        return Unit("元" if yuan > wan else "万元", False, f"有 {max(yuan, wan)} 个数与其他表相同")
    return _by_magnitude(figures) if figures and not yuan else None


def _by_magnitude(figures: Sequence[Decimal]) -> Unit | None:
    most, least = max(figures), min(figures)
    if any(figure.normalize().as_tuple().exponent < -_CENTS for figure in figures):
        return Unit("万元", False, "有的数小数多于两位")
    if most < _SMALL or (least < _MOST_WAN and most < _LARGE):
        return Unit("万元", False, f"最大的数是 {most:f}")
    if least >= _LEAST_YUAN and (most >= _LARGE or median(figures) >= _SMALL):
        return Unit("元", False, f"最小的数是 {least:f}，最大的数是 {most:f}")
    return None
