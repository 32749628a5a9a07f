"""How tall a row must be so that no text in it is cut. Sums are math.fsum's: those of sum differ between Pythons."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping

from pyfuncs.workbook.places import Box, SheetLayout

LINE = 1.38                                           # height of a line, in font sizes
PADDING = 5.0                                         # points above and below
# A column's width counts digits of the default font (宋体 11): a Chinese character of 10.5 points takes
# 1.75 of them. Somewhat more is reckoned, as programs break lines differently.
WIDE, NARROW = 1.8, 0.98
BODY_SIZE = 10.5
MARGIN, RAGGED = 0.8, 1.3                             # characters lost at the sides, and at the end of a line
INDENT = 1.4                                          # characters that one step of indent takes
DEFAULT, SPACER, TALLEST = 15.0, 5.0, 409.0           # points; no program has taller rows


def lines_of(text: str, width: float, size: float = BODY_SIZE) -> int:
    """Lines that a text takes in a cell `width` characters wide."""
    room = max(width - MARGIN, 1.0)
    lengths = [length_of(line) * size / BODY_SIZE for line in text.split("\n")]
    # Where a line breaks, part of it stays empty: no line begins with a comma or within a number.
    return sum(1 if length <= room else math.ceil(length / max(room - RAGGED, 1.0)) for length in lengths)


def broken(label: str, width: float) -> str:
    """A label too long for one line, broken where people break it: 产出指标 / （50分）, 投入管理 / 指标."""
    if lines_of(label, width) == 1 or "\n" in label:
        return label
    head, bracket, points = label.rpartition("（")
    lines = [head, bracket + points] if head and points.endswith("）") else [label]
    stem = lines[0].removesuffix("指标")
    if lines_of(lines[0], width) > 1 and stem != lines[0] and lines_of(stem, width) == 1:
        lines[0] = f"{stem}\n指标"
    return "\n".join(lines)


def width_of(widths: Mapping[int, float], box: Box) -> float:
    """Characters that fit side by side in a box."""
    return math.fsum(widths.get(column, 8.0) for column in range(box.left, box.right + 1))


def length_of(text: str) -> float:
    """Characters of a column that a line takes."""
    return math.fsum(WIDE if unicodedata.east_asian_width(letter) in "WFA" else NARROW for letter in text)


def fitted_heights(sheet: SheetLayout, texts: Iterable[tuple[Box, str, float, int]]) -> Mapping[int, float]:
    """The sheet's heights, raised where a text (box, text, size, indent) needs more;
    what a box of several rows lacks is shared among them."""
    heights = dict(sheet.heights)
    for box, text, size, indent in sorted(texts, key=lambda item: item[0].bottom - item[0].top):
        width = width_of(sheet.widths, box) - INDENT * indent
        wanted = lines_of(text, width, size) * size * LINE + PADDING
        rows = [row for row in range(box.top, box.bottom + 1) if heights.get(row, DEFAULT) > SPACER]
        lacking = wanted - math.fsum(heights.get(row, DEFAULT) for row in rows)
        for row in rows if lacking > 0 else []:
            heights[row] = min(TALLEST, round(heights.get(row, DEFAULT) + lacking / len(rows), 2))
    return heights
