"""The lines of a PDF, put together from the pieces that LibreOffice lays on its pages: text, place and size (pure).

A PDF knows no paragraphs and no order: pieces on one height are a line, and a line that reaches the right margin goes
on in the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LENGTH = re.compile(r"(-?\d{1,7}(?:\.\d{1,8})?)(in|cm|mm|pt)")
_INCHES = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72}
_NEW = re.compile(r"\s*(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、．]|[①-⑳])")
_ENDS = ("。", "：", "；", "！", "？")


@dataclass(frozen=True)
class Frame:
    """A piece of text on a page, in inches from its top left corner."""

    page: int
    x: float
    y: float
    width: float
    height: float
    text: str


def inches(length: str) -> float:
    """"4.25in", "10.8cm" in inches; 0 for anything else."""
    match = _LENGTH.fullmatch(length)
    return float(match[1]) * _INCHES[match[2]] if match else 0.0


def paragraphs(frames: Iterable[Frame]) -> list[str]:
    """Lines in reading order, joined where a sentence goes on in the next one."""
    lines = _lines(frames)
    margin = max((right for _, _, right, _ in lines), default=0.0)
    found: list[str] = []
    goes_on = False
    for text, left, right, height in lines:
        if goes_on and not _NEW.match(text):
            found[-1] += text
        else:
            found.append(text)
        goes_on = right > margin - 2 * height and not text.endswith(_ENDS)
    return found


def _lines(frames: Iterable[Frame]) -> list[tuple[str, float, float, float]]:
    """Text, left and right end, and height of every line."""
    lines: list[list[Frame]] = []
    for frame in sorted(frames, key=lambda one: (one.page, one.y + one.height / 2, one.x)):
        last = lines[-1][-1] if lines else None
        same = last is not None and last.page == frame.page and abs(
            frame.y + frame.height / 2 - last.y - last.height / 2) < min(frame.height, last.height) / 2
        if same:
            lines[-1].append(frame)
        else:
            lines.append([frame])
    return [_line(sorted(line, key=lambda one: one.x)) for line in lines]


def _line(line: list[Frame]) -> tuple[str, float, float, float]:
    height = max(frame.height for frame in line)
    text, end = line[0].text, line[0].x + line[0].width
    for frame in line[1:]:
        text += ("\t" if frame.x - end > 1.2 * height else "") + frame.text
        end = max(end, frame.x + frame.width)
    return text, line[0].x, end, height
