"""The parameters of a way of scoring, in a clerk's words."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..language import plain
from .method import Method
from .parameters import band_bound, band_words
from .wording import JUDGE_ON, STEP_ROUNDING, limit

Say = "Callable[[Any], str]"


def parameter_words(parameters: Mapping[str, Any]) -> dict[str, str]:
    """What each parameter is called -> what it says: 不足一步 -> 算一步 或 不算. What is malformed stays as written."""
    return {_label(name): " 或 ".join(_said(name, one) for one in _choices(value))
            for name, value in parameters.items()}


def with_defaults(method: Method, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as the method takes them, in its order; what is not written has its default.

    How a rate is printed is left out where the exact rate decides.
    """
    given = {**{parameter.name: parameter.default for parameter in method.parameters}, **parameters}
    if given.get("judge_on") == "exact":
        given.pop("rate_decimals", None)
    return {name: value for name, value in given.items() if value is not None}


def _choices(value: Any) -> Sequence[Any]:
    return value["any"] if isinstance(value, Mapping) and "any" in value else [value]


def _label(name: str) -> str:
    return _WORDS[name][0] if name in _WORDS else name


def _said(name: str, value: Any) -> str:
    say = _WORDS[name][1] if name in _WORDS else str
    try:
        return say(value) if callable(say) else say[value]
    except (ArithmeticError, KeyError, TypeError, StopIteration):  # lint tells what is wrong with it
        return str(value)


def _points(value: str) -> str:
    return f"{plain(Decimal(value))} 分"


def _places(value: str) -> str:
    return f"保留 {plain(Decimal(value))} 位小数"


def _bands(bands: Sequence[Mapping[str, str]]) -> str:
    said = [(band_words(band, limit(band_bound(band)[1])), _points(band["points"])) for band in bands]
    return "，".join(f"{words} 得 {points}" for words, points in said)


_WORDS: dict[str, tuple[str, Say | Mapping[str, str]]] = {
    "points": ("分值", _points),
    "limit": ("满分界限", limit),
    "op": ("与界限比", {">=": "不低于", "≥": "不低于", ">": "高于", "<=": "不超过", "≤": "不超过", "<": "低于",
                    "=": "等于"}),
    "step": ("一步", lambda value: f"{plain(Decimal(value) * 100)} 个百分点"),
    "per_step": ("每步扣", _points),
    "step_rounding": ("不足一步", STEP_ROUNDING),
    "per_time": ("每次扣", _points),
    "bands": ("各档", _bands),
    "else": ("不在各档内", lambda value: f"得 {_points(value)}"),
    "cap": ("比率最多按", limit),
    "achieved": ("“达成”不低于", limit),
    "partly": ("“部分达成”不低于", limit),
    "evidence": ("附依据", {"required": "必须", "optional": "可以不附"}),
    "judge_on": ("判断时", JUDGE_ON),
    "rate_decimals": ("印出的百分数", _places),
    "na": ("不适用时", {"full": "得满分", "zero": "得 0 分", "exclude": "不计入，其余折算", "ask": "由人判断"}),
    "decimals": ("得分取整", lambda value: f"到 {plain(Decimal(value))} 位小数"),
}
