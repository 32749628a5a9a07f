"""YAML with positions: every mapping and list remembers the file and line of its entries.

Scalars stay text (the base loader), so that no number is guessed and 0.10 keeps its zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from yaml import CBaseLoader, MappingNode, Node, ScalarNode, SequenceNode

DEEPEST = 40                                          # levels of nesting; a form with its rows has ten


@dataclass(frozen=True, order=True)
class Mark:
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行"


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake of a rule set's author: where, and what to write instead.

    `todo`: not a mistake, but something a draft still lacks.
    """

    mark: Mark
    message: str
    todo: bool = False

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
    """Parse one YAML document. Raises RuleSetError: syntax errors, duplicate keys, anchors, deep nesting."""
    node = compose(text, file)
    problems: list[Problem] = []
    value = _construct(node, file, problems, 1)
    if problems:
        raise RuleSetError(problems)
    return value


@lru_cache(48)                                        # children of one parent read its files again
def compose(text: str, file: str) -> Node:
    """The nodes of one YAML document, with their places in the text; nobody may change them. Raises RuleSetError."""
    try:
        anchors = [event for event in yaml.parse(text, CBaseLoader) if getattr(event, "anchor", None)] if "&" in text else []
        node = None if anchors else yaml.compose(text, CBaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleSetError([Problem(Mark(file, line), _told(str(error.problem)))]) from None
    except (yaml.YAMLError, ValueError):              # control characters, half a character
        raise RuleSetError([Problem(Mark(file, _line_of_control(text)), _NO_CHARACTER)]) from None
    if anchors:                                       # one rule, written once, has one line
        raise RuleSetError([Problem(Mark(file, event.start_mark.line + 1), _NO_ANCHORS) for event in anchors])
    if node is None:
        raise RuleSetError([Problem(Mark(file, 1), "文件是空的；请写上内容，不需要的文件请删去")])
    return node


_NO_ANCHORS = "不支持 YAML 的 & 与 * 引用，请直接写出内容"
_NO_CHARACTER = "有不能显示的控制字符或不存在的字符代码；请删去，用普通文字重写这一行"
_TOO_DEEP = f"缩进或括号套得太深，最多 {DEEPEST} 层；请检查缩进和没有配对的括号"


# How the parser's own words begin, and what to tell the author; and where it is the writing of YAML that is wrong.
_TOLD = (
    ("exceeded maximum nesting depth", _TOO_DEEP),
    ("found invalid Unicode", _NO_CHARACTER),
    ("found undefined alias", _NO_ANCHORS),
    ("did not find expected alphabetic", _NO_ANCHORS),         # 甲 as the name of an anchor
)
_REASONS = (
    ("mapping values are not allowed", "这里不该有冒号（文字里的冒号要加引号），或缩进与上一行不一致"),
    ("could not find expected ':'", "上一行少了冒号，或冒号后面没有空格"),
    ("found character", "文字以不能放在开头的符号起头（例如 %、@、`、制表符），要加引号"),
    ("found unexpected end of stream", "引号没有配对"),
    ("found unknown escape character", "双引号里的反斜杠 \\ 写法不对"),
    ("did not find expected key", "缩进没有对齐，或引号、括号后面多了文字"),
    ("did not find expected '-'", "缩进没有对齐，或引号、括号后面多了文字"),
    ("did not find expected ','", "方括号或花括号没有配对，或少了逗号"),
    ("block sequence entries are not", "“- ”的位置不对"),
    ("did not find expected node", "括号没有配对，或多了标点"),
    ("but found another document", "一个文件里不能用 --- 分成几份"),
    ("", "这一行读不懂"),
)


def _told(problem: str) -> str:
    for start, message in _TOLD:
        if problem.startswith(start):
            return message
    reason = next(words for start, words in _REASONS if problem.startswith(start))
    return f"YAML 写法有误：{reason}。请检查缩进、冒号后的空格和引号，例如 label: \"其中：办公经费\""


def _line_of_control(text: str) -> int:
    """The line of the first character that YAML does not take, 1 when there is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if any(char < " " and char not in "\t\r" or "\x7f" <= char < "\xa0" or "\ud800" <= char <= "\udfff"
               for char in line):
            return number
    return 1


def _construct(node: Node, file: str, problems: list[Problem], level: int) -> Any:
    mark = Mark(file, node.start_mark.line + 1)
    if level > DEEPEST:
        problems.append(Problem(mark, _TOO_DEEP))
        return ""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        items = MarkedList(mark)
        for child in node.value:
            items.append(_construct(child, file, problems, level + 1))
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
        mapping[key] = _construct(child, file, problems, level + 1)
        mapping.marks[key] = key_mark
    return mapping


_MONSTROUS = re.compile(r"[-+]?[0-9.]*(?:[0-9]{25}|[0-9]\.?[eE][-+]?[0-9]{2,})[0-9.]*")


def monstrous_numbers(data: Any) -> Iterator[Problem]:
    """Numbers that no form prints and no sum survives: hundreds of digits, or a huge exponent."""
    if isinstance(data, MarkedDict):
        entries = [(value, data.marks[key]) for key, value in data.items()]
    else:
        entries = list(zip(data, data.marks)) if isinstance(data, MarkedList) else []
    for value, mark in entries:
        if isinstance(value, str) and _MONSTROUS.fullmatch(value):
            yield Problem(mark, f"数“{value[:20]}…”大得没有意义；请写成普通的数，例如 \"0.5\"")
        yield from monstrous_numbers(value)


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
