"""pydantic's findings in the words of a rule set's author: what was found, what is wanted, an example."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Any, Literal, Mapping, get_args, get_origin

from pydantic import BaseModel

from pyfuncs.catalog import model

Location = tuple[str | int, ...]


def chinese(detail: Mapping[str, Any]) -> str:
    """One pydantic error detail as a Chinese sentence."""
    location = detail["loc"]
    where = ".".join(str(step) for step in location if not _is_jargon(step))
    key = str(location[-1]) if location else ""
    context, found = detail.get("ctx", {}), detail.get("input")
    match detail["type"]:
        case "extra_forbidden":
            return f"{where}：不认识的键“{key}”。{_known_keys(_owner(location), key)}"
        case "missing":
            return f"{where}：缺少“{key}”。请补上，例如 {key}: {_example(_place(location))}"
        case "literal_error":
            choices = _choices(context["expected"])
            return f"{where}：{_kind(found)}不在可选值之内，应写 {'、'.join(choices)} 之一，例如 {key}: {choices[0]}"
        case "value_error":
            advice = "；请补上一个，或删去一个" if "只写一个" in str(context["error"]) else ""
            return f"{where}：{context['error']}{advice}"
        case "string_pattern_mismatch":
            return f"{where}：{_kind(found)}的写法不对，应是 {_PATTERNS.get(context['pattern'], context['pattern'])}"
        case "string_type":
            return f"{where}：这里应是文字，现为 {_kind(found)}"
        case "decimal_type" | "int_type" | "bool_type":
            wanted = "true 或 false" if detail["type"] == "bool_type" else "一个数"
            return f"{where}：这里应是{wanted}，现为 {_kind(found)}"
        case "dict_type" | "model_type":
            return f"{where}：这里应是“键: 值”的一组，现为 {_kind(found)}"
        case "list_type":
            return f"{where}：这里应是列表，例如 [甲, 乙]，现为 {_kind(found)}"
        case "too_short":
            return f"{where}：至少要 {context['min_length']} 项，例如 {key}: [\"2\", \"0\"]"
        case _:
            return f"{where}：写法不对，请核对（现为 {_kind(found)}）"


def is_other_reading(detail: Mapping[str, Any]) -> bool:
    """Whether a problem is the other union member's: a word is no `{any: …}`, that is no number."""
    union, is_group = str(detail["loc"][-1:]), isinstance(detail.get("input"), dict)
    return (detail["type"] == "model_type" and "Readings" in union and not is_group
            or detail["type"] == "decimal_type" and "function-" in union and is_group)


_PATTERNS = {
    r"^[A-Z]{2,4}-\d{2,3}$": "2 至 4 个大写字母、一个短横、2 或 3 位数字，例如 KB-01",
    r"^[A-Z]{2,6}\d?$": "2 至 6 个大写字母，后面可以有一位数字，例如 JCSJ",
}


def _is_jargon(step: str | int) -> bool:
    """Names of pydantic's validators and union members, which no author wrote."""
    return isinstance(step, str) and (step == "Readings" or "function-" in step or "[" in step)


def _choices(expected: str) -> list[str]:
    """pydantic says 'a', 'b' or 'c'."""
    return [choice or '""' for choice in re.findall(r"'([^']*)'", expected)]


def _kind(found: Any) -> str:
    if isinstance(found, dict):
        return "一组键值"
    return "列表" if isinstance(found, list) else f"“{found}”"


def _known_keys(owner: type[BaseModel], key: str) -> str:
    """Keys of the model in which the unknown one stands: near ones first, never a guess in silence."""
    keys = list(owner.model_fields)
    near = difflib.get_close_matches(key, keys, n=2, cutoff=0.6)
    hint = f"是不是想写 {'、'.join(near)}？" if near else ""
    return f"{hint}请改名或删去，这里可以写：{'、'.join([*near, *(name for name in keys if name not in near)])}"


def _owner(location: Location) -> type[BaseModel]:
    """The model that the last step of a location is (or should be) a key of."""
    models = [option for option in _options(_place(location[:-1])) if _is_model(option)]
    return models[0] if models else model.RuleSet


def _place(location: Location) -> Any:
    """The annotation that a location leads to, starting from the rule set."""
    place: Any = model.RuleSet
    for step in location:
        place = _step(place, step)
    return place


def _step(place: Any, step: str | int) -> Any:
    for option in _options(place):
        arguments = get_args(option)
        if _is_model(option) and step in option.model_fields:
            return option.model_fields[step].annotation
        if get_origin(option) is dict:
            return arguments[1]
        if get_origin(option) is list:
            return arguments[0]
    return place                                      # names of validators and union members lead nowhere


def _options(place: Any) -> list[Any]:
    """The members of a union (or the one annotation), without `Annotated`."""
    if get_origin(place) is Annotated:
        return _options(get_args(place)[0])
    is_union = get_args(place) and get_origin(place) not in (dict, list, Literal)
    return [option for member in get_args(place) for option in _options(member)] if is_union else [place]


def _example(place: Any) -> str:
    """What may be written where something is missing."""
    options = _options(place)
    if get_origin(options[0]) is Literal:
        return "、".join(get_args(options[0]))
    return "[…]" if get_origin(options[0]) is list else "{…}" if get_origin(options[0]) is dict else "…"


def _is_model(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)
