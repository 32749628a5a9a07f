"""评价标准: what a way of scoring with its parameters says, as a score sheet prints it."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ..language import plain
from .parameters import band_bound, band_words, default, readings
from .wording import STEP_ROUNDING, limit

_ABSENT = {"full": "不适用的得满分", "zero": "不适用的不得分", "exclude": "不适用的不计入，其余指标折算", "ask": ""}


def standard_words(method: str, parameters: Mapping[str, Any]) -> str:
    """The rule in a sentence, "" for a method that has none or parameters that are malformed."""
    write = _WORDS.get(method)
    if write is None:
        return ""
    try:
        rule = write(parameters)
    except (KeyError, ArithmeticError, TypeError, StopIteration):  # lint tells what is wrong with them
        return ""
    return "；".join(filter(None, (rule, _ABSENT.get(parameters.get("na", "ask"), "")))) + "。"


def _steps(within: str, verb: str) -> Callable[[Mapping[str, Any]], str]:
    def words(parameters: Mapping[str, Any]) -> str:
        first = default(parameters)
        step, each = plain(Decimal(first["step"]) * 100), plain(Decimal(first["per_step"]))
        return (f"{within} {limit(first['limit'])} 得满分；{verb} {step} 个百分点扣 {each} 分，扣完为止"
                f"（{_rounding(parameters)}）")

    return words


def _rounding(parameters: Mapping[str, Any]) -> str:
    chosen = [reading[1].get("step_rounding", "ceil") for reading in readings(parameters)]
    if len(set(chosen)) > 1:
        return "不足一步的怎样算没有写明"
    return f"不足一步的{STEP_ROUNDING[chosen[0]]}"


def _bands(parameters: Mapping[str, Any]) -> str:
    found = []
    for band in parameters["bands"]:
        _, bound = band_bound(band)
        found.append(f"{band_words(band, limit(bound))} 得 {plain(Decimal(band['points']))} 分")
    rest = plain(Decimal(parameters.get("else", "0")))
    return "；".join([*found, f"其余得 {rest} 分" if rest != "0" else "其余不得分"])


def _all_or_nothing(parameters: Mapping[str, Any]) -> str:
    sign = parameters.get("op", ">=").replace(">=", "≥").replace("<=", "≤")
    return f"{sign} {limit(parameters['limit'])} 得满分，否则不得分"


def _share(parameters: Mapping[str, Any]) -> str:
    cap = f"，超过 {limit(parameters['cap'])} 的按 {limit(parameters['cap'])} 计" if "cap" in parameters else ""
    return f"分值 × 比率{cap}"


def _times(parameters: Mapping[str, Any]) -> str:
    return f"没有发生得满分；每发生一次扣 {plain(Decimal(parameters['per_time']))} 分，扣完为止"


def _judgement(parameters: Mapping[str, Any]) -> str:
    proof = "，须附依据" if parameters.get("evidence") == "required" else ""
    return f"由评价人在 0 与分值之间评定{proof}"


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "每超扣": _steps("不超过", "每超过"), "每低扣": _steps("不低于", "每低"), "每偏扣": _steps("等于", "每偏离"),
    "按次扣": _times, "分档": _bands, "全或无": _all_or_nothing, "按率": _share, "评判": _judgement,
}
