"""Parameters of a method: texts from YAML, their meaning, and the readings a document allows."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from itertools import product
from typing import Any, Literal

BAND_TESTS = {"upto": "<=", "below": "<", "from": ">=", "above": ">"}
"""A band holds for a value up to (含), below, from (含) or above a bound; the first that holds counts."""

_BAND_WORDS = {"upto": "不超过", "below": "低于", "from": "不低于", "above": "高于"}


@dataclass(frozen=True)
class Parameter:
    """`kind`: number, positive, whole (0 to 9), choice or bands. Without a default it must be written,
    unless `optional`."""

    name: str
    help: str
    kind: Literal["number", "positive", "whole", "choice", "bands"]
    example: str
    default: Any = None
    optional: bool = False
    choices: tuple[str, ...] = ()


def readings(parameters: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every reading: each `{"any": [...]}` resolved in turn, the first of all first.

    The label names what was chosen ("step_rounding=floor"; of bands the number), empty when there was no choice.
    """
    names = [name for name, value in parameters.items() if _is_choice(value)]
    found = []
    for chosen in product(*(list(enumerate(parameters[name]["any"], 1)) for name in names)):
        concrete = {**parameters, **{name: value for name, (_, value) in zip(names, chosen)}}
        labels = (f"{name}={value if isinstance(value, str) else number}" for name, (number, value) in zip(names, chosen))
        found.append(("，".join(labels), concrete))
    return found


def default(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The first reading, the one a cell shows."""
    return {name: value["any"][0] if _is_choice(value) else value for name, value in parameters.items()}


def band_words(band: Mapping[str, str], percent: str) -> str:
    """A band in words: 不超过 10%."""
    return f"{_BAND_WORDS[_test(band)]} {percent}"


def band_bound(band: Mapping[str, str]) -> tuple[str, str]:
    """The comparison sign and the bound of a band."""
    return BAND_TESTS[_test(band)], band[_test(band)]


def problems(method: str, declared: Sequence[Parameter], parameters: Mapping[str, Any]) -> list[str]:
    known = {parameter.name: parameter for parameter in declared}
    found = []
    for name in parameters:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"是不是想写 {near[0]}？" if near else f"可以写：{'、'.join(known) or '（没有参数）'}"
            found.append(f"方法“{method}”没有参数 {name}；{hint}")
    for parameter in declared:
        if parameter.name not in parameters:
            if parameter.default is None and not parameter.optional:
                found.append(f"方法“{method}”缺少参数 {parameter.name}（{parameter.help}）；{_example(parameter)}")
            continue
        value = parameters[parameter.name]
        if isinstance(value, Mapping) and not (_is_choice(value) and len(value) == 1 and value["any"]):
            found.append(f"参数 {parameter.name} 的几种读法应写成一列，例如 {parameter.name}: {{any: [\"2\", \"0\"]}}")
            continue
        for reading in value["any"] if _is_choice(value) else [value]:
            found.extend(_wrong(parameter, reading))
    return found


def _wrong(parameter: Parameter, value: Any) -> list[str]:
    where = f"参数 {parameter.name}（{parameter.help}）"
    if parameter.kind == "bands":
        return [f"{where}：{problem}；{_example(parameter)}" for problem in _wrong_bands(value)]
    if parameter.kind == "choice":
        fits = value in parameter.choices
        wanted = f"应是 {'、'.join(parameter.choices)} 之一"
    elif parameter.kind == "whole":
        fits, wanted = _matches(r"[0-9]", value), "应是 0 到 9 的整数，写成文字"
    elif not _matches(_NUMBER, value):
        fits, wanted = False, "应是写成文字的数，比率写成小数"
    else:
        fits, wanted = parameter.kind == "number" or Decimal(value) > 0, "应大于 0"
    return [] if fits else [f"{where}写的是“{value}”，{wanted}；{_example(parameter)}"]


_NUMBER = r"-?[0-9]+(\.[0-9]+)?"


def _matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def _wrong_bands(bands: Any) -> list[str]:
    if not isinstance(bands, Sequence) or isinstance(bands, str) or not bands:
        return ["应是一列分档"]
    tests, bounds = [], []
    for number, band in enumerate(bands, 1):
        keys = set(band) if isinstance(band, Mapping) else set()
        bound = keys & BAND_TESTS.keys()
        if len(bound) != 1 or keys - bound != {"points"}:
            return [f"第 {number} 档应写 upto（不超过）、below（低于）、from（不低于）、above（高于）中的一个和 points（得分）"]
        test = bound.pop()
        if not (_matches(_NUMBER, band[test]) and _matches(_NUMBER, band["points"])):
            return [f"第 {number} 档的界限和得分应是写成文字的数"]
        tests.append(test)
        bounds.append(band[test])
    rising = [test in ("upto", "below") for test in tests]
    if len(set(rising)) > 1:
        return ["各档不能一部分写上限、一部分写下限"]
    return _out_of_order(tests, bounds, rising[0])


def _out_of_order(tests: list[str], bounds: list[str], rising: bool) -> list[str]:
    """A band that none can reach, because an earlier one takes all its values."""
    inclusive = ("upto", "from")
    for number in range(1, len(bounds)):
        before, bound = Decimal(bounds[number - 1]), Decimal(bounds[number])
        wider = bound > before if rising else bound < before
        adds_the_bound = tests[number] in inclusive and tests[number - 1] not in inclusive
        if not (wider or (bound == before and adds_the_bound)):
            return [f"第 {number + 1} 档永远用不上，应{'由小到大' if rising else '由大到小'}写"]
    return []


def _example(parameter: Parameter) -> str:
    return f"例如 {parameter.name}: {parameter.example}"


def _is_choice(value: Any) -> bool:
    return isinstance(value, Mapping) and "any" in value


def _test(band: Mapping[str, str]) -> str:
    return next(key for key in BAND_TESTS if key in band)
