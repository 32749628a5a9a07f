"""YAML with positions: every mapping and list remembers the file and line of its entries.

Scalars stay text (`typ='base'`), so that no number is guessed and 0.10 keeps its zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, order=True)
class Mark:
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行"


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake of a rule set's author: where, and what to write instead."""

    mark: Mark
    message: str

    def __str__(self) -> str:
        return f"{self.mark}：{self.message}"


class RuleSetError(ValueError):
    """A rule set that can't be used; carries every problem found, each with file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class MarkedDict(dict):
    """A mapping whose keys know their line."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks: dict[str, Mark] = {}


class MarkedList(list):
    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks: list[Mark] = []


def load_marked(text: str, file: str) -> Any:
    """Parse one YAML document. Raises RuleSetError for syntax errors, duplicate keys, anchors and tags."""
    try:
        node = YAML(typ="base", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleSetError([Problem(Mark(file, line), f"YAML 写法有误：{error.problem or error.context}。"
                                    "请检查缩进、冒号后的空格和引号，例如 label: \"其中：办公经费\"")]) from None
    if node is None:
        raise RuleSetError([Problem(Mark(file, 1), "文件是空的")])
    problems: list[Problem] = []
    value = _construct(node, file, problems, set())
    if problems:
        raise RuleSetError(problems)
    return value


def _construct(node: Node, file: str, problems: list[Problem], seen: set[int]) -> Any:
    mark = Mark(file, node.start_mark.line + 1)
    if id(node) in seen:                              # an alias: one rule, written once, has one line
        problems.append(Problem(mark, "不支持 YAML 的 & 与 * 引用，请直接写出内容"))
        return ""
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        items = MarkedList(mark)
        for child in node.value:
            items.append(_construct(child, file, problems, seen))
            items.marks.append(Mark(file, child.start_mark.line + 1))
        return items
    assert isinstance(node, MappingNode)
    mapping = MarkedDict(mark)
    for key_node, child in node.value:
        key_mark = Mark(file, key_node.start_mark.line + 1)
        if not isinstance(key_node, ScalarNode):
            problems.append(Problem(key_mark, "键必须是一个词，例如 label:"))
            continue
        key = key_node.value
        if key in mapping:
            problems.append(Problem(key_mark, f"键“{key}”重复，第一次在第 {mapping.marks[key].line} 行；请删去一个"))
        mapping[key] = _construct(child, file, problems, seen)
        mapping.marks[key] = key_mark
    return mapping


def mark_of(data: Any, location: tuple[str | int, ...], default: Mark) -> Mark:
    """The line of the deepest part of `location` that exists in the marked data."""
    mark = getattr(data, "mark", default)
    for step in location:
        if isinstance(data, MarkedDict) and step in data:
            mark, data = data.marks[str(step)], data[step]
        elif isinstance(data, MarkedList) and isinstance(step, int) and step < len(data):
            mark, data = data.marks[step], data[step]
        # pydantic also puts names of validators and union members into a location: skipped
    return mark


def merge(parent: Any, child: Any) -> Any:
    """`extends`: mappings merge key by key, anything else of the child replaces the parent's."""
    if not (isinstance(parent, MarkedDict) and isinstance(child, MarkedDict)):
        return child
    merged = MarkedDict(child.mark)
    for source in (parent, child):
        for key, value in source.items():
            known = merged.get(key)
            merged[key] = merge(known, value) if key in merged else value
            merged.marks[key] = source.marks[key]
    return merged
