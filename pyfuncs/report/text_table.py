"""Tables in plain text, aligned by what a terminal shows: a Chinese character takes two places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest


_TOGETHER = re.compile(r"[（《“]*(?:[!-~]+|.)[，。；：、）》”]*")


def display_width(text: str) -> int:
    """Places a text takes in a terminal."""
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cc", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int, right: bool = False) -> str:
    """The text with blanks up to `width` places; longer texts stay whole."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def shorten(text: str, width: int) -> str:
    """The text in one line of at most `width` places; … marks a cut."""
    text = " ".join(text.split())
    if display_width(text) <= width:
        return text
    while display_width(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` places. Chinese breaks anywhere, but for what belongs together: a
    number, an English word, a mark and the sign it opens or closes (a piece wider than a line is broken too)."""
    lines = [""]
    for piece in _TOGETHER.findall(" ".join(text.split())):
        for part in [piece] if display_width(piece) <= width else piece:
            if lines[-1] and display_width(lines[-1] + part) > width:
                lines.append("")
            lines[-1] += part
    return [line.strip() for line in lines]


def wrapped_rows(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """Rows for `table` whose cells go on in the lines below where they are wider than their column."""
    return [line for row in rows
            for line in zip_longest(*(wrap(text, width) for text, width in zip(row, widths)), fillvalue="")]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows under their headings, two blanks between columns; those in `right` are set to the right."""
    lines = [headings, *rows]
    widths = [max(display_width(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join("  ".join(pad(text, widths[column], column in right)
                               for column, text in enumerate(line)).rstrip() for line in lines)
