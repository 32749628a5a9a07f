"""Changes to the text of a rule set's files that leave its comments and its layout alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.catalog.marks import Mark, Problem, RuleSetError, compose

Edit = tuple[int, int, str]                           # from, to, the new text between


def with_keys(text: str, file: str, values: Mapping[str, str | None]) -> str:
    """A file with these keys of its first level; values are YAML as it is to stand, None takes a key out.

    New keys come below `id`. Raises RuleSetError for a file that is not written one key per line.
    """
    node = compose(text, file)
    if not isinstance(node, MappingNode) or node.flow_style:
        raise RuleSetError([Problem(Mark(file, 1), "第一层应一行写一个键，例如 id: 430400/2022；请改写后再试")])
    entries = {key.value: (key, value) for key, value in node.value}
    edits: list[Edit] = []
    added = [f"{key}: {value}\n" for key, value in values.items() if key not in entries and value is not None]
    if added:
        below = _line_end(text, _end(text, *entries["id"])) if "id" in entries else _line_start(text, node)
        edits.append((below, below, "".join(added)))
    for key, value in values.items():
        if key in entries:
            name, old = entries[key]
            if value is None:
                edits.append((_line_start(text, name), _line_end(text, _end(text, name, old)), ""))
            else:
                edits.append((name.end_mark.index, _end(text, name, old), f": {value}"))
    return _edited(text, edits)


def all_assumed(text: str, file: str) -> str:
    """A file in which every status is `assumed`."""
    return _edited(text, [(node.start_mark.index, node.end_mark.index, "assumed")
                          for node in _statuses(compose(text, file))])


def quoted(text: str) -> str:
    """A text as YAML takes it for this very text, in quotes where it is not plainly a word."""
    plain = re.fullmatch(r"[^\W\d][\w（）、]*(?: [\w（）、]+)*", text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _statuses(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, SequenceNode):
        for child in node.value:
            yield from _statuses(child)
    elif isinstance(node, MappingNode):
        for key, child in node.value:
            if key.value == "status" and isinstance(child, ScalarNode) and child.value in STATUS_WORDS:
                yield child
            yield from _statuses(child)


def _end(text: str, key: Node | None, node: Node) -> int:
    """Where an entry's last character stands; the parser ends a block only where the next thing begins."""
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, ScalarNode) and start == end:           # nothing behind the colon or the dash
        return text.index(":", key.end_mark.index) + 1 if key else text.rindex("-", 0, start) + 1
    if isinstance(node, ScalarNode):
        return start + len(text[start:end].rstrip())
    if node.flow_style:
        return end
    last = node.value[-1]
    return _end(text, *last) if isinstance(last, tuple) else _end(text, None, last)


def _line_start(text: str, node: Node) -> int:
    return text.rfind("\n", 0, node.start_mark.index) + 1


def _line_end(text: str, index: int) -> int:
    return text.find("\n", index) + 1 or len(text)


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
