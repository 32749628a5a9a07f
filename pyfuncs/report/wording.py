"""Figures as people read them: rates in percent, scores in 分, dates, and what stands where no number is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pyfuncs.checks.finding import Finding
from pyfuncs.language import NOT_APPLICABLE, CellError, Value, plain, round_decimal

# The six kinds of empty, and a sheet that is not there.
STATE_WORDS = {"blank": "未填", "not_applicable": "不适用", "not_scored": "不计分", "placeholder": "占位符",
               "none": "无", "text": "不是数字", "error": "错误值", "missing": "表上没有这一格"}
CANNOT = "算不出来"


def percent(ratio: Decimal, decimals: int = 2) -> str:
    """0.6854 → 68.54%."""
    return f"{round_decimal(ratio * 100, decimals):.{decimals}f}%"


def rate_text(value: Value, decimals: int = 2) -> str:
    return percent(value, decimals) if isinstance(value, Decimal) else other_text(value)


def score_text(value: Value) -> str:
    """Points as they are, at most two decimals shown."""
    return plain(round_decimal(value, 2)) if isinstance(value, Decimal) else other_text(value)


def day_text(day: date) -> str:
    """2026年03月01日. Not by one format: Windows refuses one with Chinese in it."""
    return f"{day:%Y}年{day:%m}月{day:%d}日"


def where_words(finding: Finding, path: str) -> list[str]:
    """Where in a written report, one for each line or paragraph: 第12行. `path`: the report's file."""
    return list(dict.fromkeys(place.where(path) for place in finding.places))


def other_text(value: Value) -> str:
    """What stands in place of a number."""
    if value is None or isinstance(value, CellError):
        return CANNOT
    return NOT_APPLICABLE if value == NOT_APPLICABLE else str(value)
