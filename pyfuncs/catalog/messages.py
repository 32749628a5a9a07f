"""pydantic's findings in the words of a rule set's author: what was found, what is wanted, an example."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal, Mapping, get_args, get_origin

from pydantic import BaseModel

from pyfuncs.catalog import model

Location = tuple[str | int, ...]


def chinese(detail: Mapping[str, Any]) -> str:
    """One pydantic error detail as a Chinese sentence."""
    location = detail["loc"]
    where = ".".join(str(step) for step in location)
    key = str(location[-1]) if location else ""
    context, found = detail.get("ctx", {}), detail.get("input")
    match detail["type"]:
        case "extra_forbidden":
            return f"{where}：不认识的键“{key}”。{_known_keys(_owner(location), key)}"
        case "missing":
            return f"{where}：缺少“{key}”。请补上，例如 {key}: {_example(_place(location))}"
        case "literal_error":
            return f"{where}：“{found}”不在可选值之内，只能写 {_choices(context['expected'])}"
        case "value_error":
            return f"{where}：{context['error']}"
        case "string_pattern_mismatch":
            return f"{where}：“{found}”的写法不对，应符合 {context['pattern']}"
        case "string_type":
            return f"{where}：这里应是文字，现为 {_kind(found)}"
        case "dict_type" | "model_type":
            return f"{where}：这里应是“键: 值”的一组，现为 {_kind(found)}"
        case "list_type":
            return f"{where}：这里应是列表，例如 [甲, 乙]，现为 {_kind(found)}"
        case "too_short":
            return f"{where}：至少要 {context['min_length']} 项"
        case _:
            return f"{where}：{detail['msg']}（现为“{found}”）"


def _choices(expected: str) -> str:
    """pydantic says 'a', 'b' or 'c'."""
    return expected.replace(" or ", ", ").replace(", ", "、").replace("'", "")


def _kind(found: Any) -> str:
    if isinstance(found, dict):
        return "一组键值"
    return "列表" if isinstance(found, list) else f"“{found}”"


def _known_keys(owner: type[BaseModel], key: str) -> str:
    """Keys of the model in which the unknown one stands: near ones first, never a guess in silence."""
    keys = list(owner.model_fields)
    near = difflib.get_close_matches(key, keys, n=2, cutoff=0.6)
    hint = f"是不是想写 {'、'.join(near)}？" if near else ""
    return f"{hint}这里可以写：{'、'.join([*near, *(name for name in keys if name not in near)])}"


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
