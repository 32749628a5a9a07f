"""Scores unit by unit, and the units in order of their totals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.refs import home_of
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.model import Place, ScoreLine
from pyfuncs.language import NOT_APPLICABLE, Value, round_decimal
from pyfuncs.language.values import GRADE_PLACES



def score_lines(filed: Sequence[Filed]) -> list[ScoreLine]:
    """Every score and total of every unit, in the order of its rule set."""
    return [ScoreLine(one.unit, one.submission.path, figure.key, figure.label, figure.instance, figure.value,
                      figure.printed, figure.status)
            for one in filed for figure in one.figures.values() if figure.kind in ("score", "total")]


def ranking(filed: Sequence[Filed]) -> list[Place]:
    """Units by total, highest first; equal totals share a rank; those without a total come last, unranked."""
    import pandas

    totals = [_total(one) for one in filed]
    # Totals stay Decimal (dtype object), cut to the places at which grades are told apart.
    scores = pandas.Series([round_decimal(total, GRADE_PLACES) if isinstance(total, Decimal) else None
                            for total in totals], dtype=object)
    ranks = scores.rank(method="min", ascending=False)
    places = [Place(None if pandas.isna(rank) else int(rank), one.unit, total, _grade(one), _note(one, total))
              for one, total, rank in zip(filed, totals, ranks, strict=True)]
    return sorted(places, key=lambda place: (place.rank is None, place.rank or 0))


def _total(one: Filed) -> Value:
    figure = one.figures.get((one.ruleset.total, 0))
    return figure.value if figure else None


def _grade(one: Filed) -> str:
    figure = one.figures.get((GRADE, 0))
    return figure.value if figure and isinstance(figure.value, str) else ""


def _note(one: Filed, total: Value) -> str:
    if isinstance(total, Decimal):
        return ""
    if not one.ruleset.total:
        return "规则集没有总分，不参加排名"
    if home_of(one.ruleset, one.ruleset.total):
        return "按项目评分，单位没有总分，不参加排名"
    return "总分为不适用，不参加排名" if total == NOT_APPLICABLE else "总分算不出来（有得分没有填），不参加排名"
