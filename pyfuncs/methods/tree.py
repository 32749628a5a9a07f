"""A figure and what it comes from, drawn as a tree of text lines."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One line, what is to be said of it (`notes`), and the branches it comes from."""

    text: str
    notes: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()


def draw(node: Node) -> Iterator[str]:
    """The lines of a tree; notes stand below their line, beside the stem of the branches. A text that is
    printed in several lines takes one here."""
    yield _one_line(node.text)
    for note in node.notes:
        yield f"{'│  ' if node.children else '   '}{_one_line(note)}"
    for index, child in enumerate(node.children):
        last = index == len(node.children) - 1
        first, *rest = draw(child)
        yield f"{'└─ ' if last else '├─ '}{first}"
        for line in rest:
            yield f"{'   ' if last else '│  '}{line}"


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
