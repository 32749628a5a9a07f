"""Grades from a total: half-open bands, the total neither rounded before nor after."""
from __future__ import annotations

from decimal import Decimal

from ..language import NOT_APPLICABLE, plain, round_decimal
from ..language.values import GRADE_PLACES

Bands = "Sequence[tuple[str, Decimal]]"
"""Label and least total (含) of each grade, best first; the last takes all that remains."""


def grade(total: Decimal, bands: Bands) -> str:
    """The grade of a total out of 100: 89.6 is 良 where 优 begins at 90."""
    for label, least in bands[:-1]:
        if round_decimal(total - least, GRADE_PLACES) >= 0:
            return label
    return bands[-1][0]


def emit_grade(cell: str, bands: Bands) -> str:
    """The same as a native formula over the cell of the total."""
    formula = f'"{bands[-1][0]}"'
    for label, least in reversed(bands[:-1]):
        formula = f'IF(ROUND({cell}-{plain(least)},{GRADE_PLACES})>=0,"{label}",{formula})'
    return f'IF(ISNUMBER({cell}),{formula},IF({cell}="{NOT_APPLICABLE}","{NOT_APPLICABLE}",NA()))'


def grade_sentence(total: Decimal, bands: Bands) -> str:
    """总分 89.6，80（含）至 90 分为良。"""
    found = grade(total, bands)
    labels = [label for label, _ in bands]
    at = labels.index(found)
    if at == len(bands) - 1:
        span = f"不足 {plain(bands[at - 1][1])} 分" if at else "各分数"
    elif at == 0:
        span = f"{plain(bands[0][1])} 分（含）以上"
    else:
        span = f"{plain(bands[at][1])}（含）至 {plain(bands[at - 1][1])} 分"
    return f"总分 {plain(round_decimal(total, 4))}，{span}为{found}"
