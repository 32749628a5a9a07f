"""Targets and results as people type them: "≥3次", "=100%", "不超过90万元", "200人次"."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..language import NOT_APPLICABLE, CellError, Value
from .method import NA
from .registry import METHODS

VALUE = CellError("#VALUE!")

_WORDS_BEFORE = {
    ">=": ("不低于", "不少于", "不小于", "至少", "大于等于", "大于或等于"),
    "<=": ("不高于", "不超过", "不多于", "不大于", "至多", "小于等于", "小于或等于"),
    ">": ("大于", "高于", "超过", "多于"),
    "<": ("小于", "低于", "少于"),
    "=": ("等于",),
}
_WORDS_AFTER = {">=": ("及以上", "以上"), "<=": ("及以下", "以下", "以内", "之内")}
_SIGNS = {"≥": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "≦": "<=", "⩽": "<=", "═": "=", "﹦": "=", "==": "="}
_MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_PERCENT = ("%", "百分比", "个百分点")
_QUANTITY = re.compile(r"(-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)([^0-9<>=≤≥]*)")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit; money in 元, a percentage as a ratio with the unit "%"."""

    value: Decimal
    unit: str


@dataclass(frozen=True)
class Target:
    """What is to be reached. `op` is one of >= <= = > <; a bare "200人次" is "="."""

    op: str
    value: Decimal
    unit: str


def parse_target(text: object) -> Target | None:
    """A target, or None where the text can't be read as one number with a sign and a unit."""
    if isinstance(text, Decimal):
        return Target("=", text, "")
    return _target(text) if isinstance(text, str) else None


def parse_actual(raw: object) -> Quantity | None:
    """A result: a number (of a cell), or text such as "97.5%", "3次". "≥95%" is not a result: None."""
    if isinstance(raw, Decimal):
        return Quantity(raw, "")
    return _result(raw) if isinstance(raw, str) else None


@lru_cache(maxsize=1024)  # several checks look at the same few cells
def _target(text: str) -> Target | None:
    op, rest = _comparison(_normal(text))
    quantity = _quantity(rest)
    return Target(op, quantity.value, quantity.unit) if quantity else None


@lru_cache(maxsize=1024)
def _result(text: str) -> Quantity | None:
    return _quantity(_normal(text))


def indicator_score(target: Value, actual: Value, points: Value) -> Value:
    """The score of an indicator, by 正向 or 反向 as the target's sign says, out of `points`.

    #VALUE! for text that can't be read or units that don't agree, #N/A for a blank. A number against a
    target in percent is a ratio (0.97); text without a sign is percent too ("97").
    """
    for value in (target, actual, points):
        if isinstance(value, CellError):
            return value
    if None in (target, actual, points):
        return NA
    if NOT_APPLICABLE in (target, actual):
        return NOT_APPLICABLE
    goal, result = parse_target(target), parse_actual(actual)
    if goal is None or result is None or not isinstance(points, Decimal):
        return VALUE
    reached = _comparable(result, goal, typed=isinstance(actual, str))
    if reached is None:
        return VALUE
    downward = goal.op in ("<=", "<") or (goal.op == "=" and goal.value == 0)
    if not downward and goal.value == 0:
        return points if reached >= 0 else Decimal(0)
    return METHODS["反向" if downward else "正向"].evaluate([reached, goal.value], {"points": str(points)})


def _comparable(result: Quantity, goal: Target, typed: bool) -> Decimal | None:
    """The result in the unit of the target; None where they measure different things."""
    if result.unit == goal.unit or (not result.unit and goal.unit not in ("%", "元")):
        return result.value
    if not result.unit and goal.unit == "%":
        if typed:
            return result.value / 100
        return result.value if abs(result.value) <= 10 else None  # 97 in a cell: 97 or 97%? don't guess
    special = {"%", "元"}
    return None if result.unit in special or goal.unit in special else result.value


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s✓√。]+", "", text)


def _comparison(text: str) -> tuple[str, str]:
    for sign, op in _SIGNS.items():
        text = text.replace(sign, op)
    match = re.match(r">=|<=|=>|=<|=|>|<", text)
    if match:
        op = {"=>": ">=", "=<": "<="}.get(match[0], match[0])
        return op, text[match.end():]
    for op, words in _WORDS_BEFORE.items():
        if text.startswith(words):
            return op, text[max(len(word) for word in words if text.startswith(word)):]
    for op, words in _WORDS_AFTER.items():
        if text.endswith(words):
            return op, text[:-max(len(word) for word in words if text.endswith(word))]
    return "=", text


def _quantity(text: str) -> Quantity | None:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    value, unit = Decimal(match[1].replace(",", "")), match[2].rstrip(".")
    if unit in _PERCENT:
        return Quantity(value / 100, "%")
    if unit in _MONEY:
        return Quantity(value * _MONEY[unit], "元")
    if any(mark in unit for mark in ("以上", "以下", "以内", "前", "底", "~", "至", "-", "/", "±")):
        return None  # a range, a date or a rate: not one number
    return Quantity(value, unit)
