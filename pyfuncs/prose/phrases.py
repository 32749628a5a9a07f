"""The words before each figure of a paragraph: from the last punctuation, bracket or figure on."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

_MARKS = re.compile(r"[，。；：、！？\n\t（）]")
_INNER = re.compile(r"（[^（），。；：0-9]{1,6}）(?=[^，。；：、（）\d\s])")       # 因公出国（境）费用, 维修（护）费: no bracket of its own
MOST_NAMES = 30                                       # of one list
_LONGEST = 60                                         # signs of a phrase


@dataclass(frozen=True)
class Phrases:
    """One paragraph, levelled. `text` as it stands."""

    text: str

    @cached_property
    def _masked(self) -> str:
        """The same length, without the marks that part nothing."""
        return _INNER.sub(lambda found: f"·{found[0][1:-1]}·", self.text) if "（" in self.text else self.text

    @cached_property
    def _marks(self) -> list[tuple[int, str]]:
        return [(match.start(), match[0]) for match in _MARKS.finditer(self._masked)]

    @cached_property
    def _places(self) -> list[int]:
        return [place for place, _ in self._marks]

    @cached_property
    def _depths(self) -> list[int]:
        """Brackets open behind each mark."""
        depths, depth = [], 0
        for _, mark in self._marks:
            depth = depth + 1 if mark == "（" else max(0, depth - 1) if mark == "）" else depth
            depths.append(depth)
        return depths

    @cached_property
    def _partners(self) -> dict[int, int]:
        """Place of each closing bracket -> place of the one it closes."""
        found, open_ = {}, []
        for place, mark in self._marks:
            if mark == "（":
                open_.append(place)
            elif mark == "）" and open_:
                found[place] = open_.pop()
        return found

    def depth(self, at: int) -> int:
        number = bisect_left(self._places, at)
        return self._depths[number - 1] if number else 0

    def mark_before(self, at: int) -> tuple[int, str]:
        """The last mark before a place; (-1, "") when there is none."""
        number = bisect_left(self._places, at)
        return self._marks[number - 1] if number else (-1, "")

    def opening(self, closing: int) -> int:
        return self._partners.get(closing, -1)

    def closing(self, at: int, limit: int) -> int:
        """Where the bracket closes that is open at a place; `limit` when none is, or not before that."""
        depth = self.depth(at)
        return next((place for place, mark in self.marks_between(at, limit)
                     if mark == "）" and self.depth(place) == depth > 0), limit)

    def marks_between(self, start: int, end: int) -> list[tuple[int, str]]:
        return self._marks[bisect_left(self._places, start):bisect_left(self._places, end)]

    def next_mark(self, at: int) -> tuple[int, str]:
        """The first mark at a place or behind it; (length, "") when there is none."""
        number = bisect_left(self._places, at)
        return self._marks[number] if number < len(self._marks) else (len(self.text), "")

    def listed(self, at: int, start: int) -> list[str]:
        """The names that 、 parts, up to a place and from the last other mark behind `start` on; [] where they are too many."""
        number, begin, cuts = bisect_left(self._places, at), start, []
        while number and self._places[number - 1] >= start and len(cuts) <= MOST_NAMES:
            place, mark = self._marks[number - 1]
            if mark != "、":
                begin = place + 1
                break
            cuts.insert(0, place)
            number -= 1
        if len(cuts) > MOST_NAMES:
            return []
        return [self.text[first:last].strip() for first, last in zip([begin, *(cut + 1 for cut in cuts)], [*cuts, at])]

    def words(self, start: int, end: int) -> str:
        return self.text[max(start, end - _LONGEST):end]
