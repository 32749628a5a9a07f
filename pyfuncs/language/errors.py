"""The one exception of the formula language."""
from __future__ import annotations

from unicodedata import east_asian_width


class Position(int):
    """A 1-based position that remembers the formula it points into, for the excerpt of a later error."""

    source: str
    length: int

    def __new__(cls, value: int, source: str = "", length: int = 1) -> "Position":
        self = super().__new__(cls, value)
        self.source, self.length = source, length
        return self


class FormulaError(ValueError):
    """A formula that can't be read, or that says something without meaning.

    `position` is 1-based; `found`, `wanted` and `example` are Chinese; str() holds them all, with the
    formula and marks under the place.
    """

    def __init__(self, position: int, found: str, wanted: str, example: str) -> None:
        self.position, self.found, self.wanted, self.example = int(position), found, wanted, example
        self.source: str = getattr(position, "source", "")
        self.length: int = getattr(position, "length", 1)
        super().__init__(position, found, wanted, example)

    def __str__(self) -> str:
        message = f"公式第 {self.position} 个字符处：写的是{self.found}；应当{self.wanted}，例如 {self.example}"
        if not self.source:
            return message
        start = self.position - 1
        blank = " " * _width(self.source[:start])
        marks = "^" * max(1, _width(self.source[start:start + self.length]))
        return f"{message}\n  {self.source}\n  {blank}{marks}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
