"""What the two readers of a sheet part, the fast one and the XML parser, agree on: what a stored cell means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyfuncs.workbook.grid import WIDE, Cells, RawCell, area, rulesets_in
from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.shared_formulas import shifted
from pyfuncs.workbook.watch import Watch

SHARED = "（共享公式）"                                 # where the formula that is shared can't be found
MOST_COLUMNS = 16_384
_WIDE_MERGES, _MERGED_CELLS = 50, 300_000             # more of them belong to no form
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Place = tuple[int, int]


@dataclass(frozen=True)
class Shared:
    """What all sheets of a workbook refer to: the list of texts, and the number format of each cell style."""

    strings: list[str]
    formats: list[str]


@dataclass
class SheetContent:
    """What has been read of one sheet. `allowed`: cells that may still be read of the workbook."""

    shared: Shared
    watch: Watch
    name: str
    allowed: int
    cells: Cells = field(default_factory=dict)
    merges: list[Box] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    _masters: dict[str, tuple[Place, str]] = field(default_factory=dict)
    _followers: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, style: int, kind: str, text: str | None, formula: str | None,
            share: str) -> None:
        """One cell as stored. `text`: of its value; `formula`: None where none stands; `share`: id of a shared
        one, else "".

        Raises ValueError or IndexError for a shared string that is not in the list.
        """
        if formula is None and not text:
            return
        if formula is not None and share:
            self._remember(place, formula, share)
        value = self.value(kind, text or "")
        # A program that can't calculate leaves <v/> without a type; an empty text has the type str.
        cached = formula is None or bool(text) or kind == "str"
        shown = self.shared.formats[style] if style < len(self.shared.formats) else "General"
        words = formula or SHARED if formula is not None else ""
        self.cells[place] = RawCell(value if cached else None, words, style, cached, rulesets_in(words), shown)
        if len(self.cells) > self.allowed:
            raise self.too_many()

    def hide_columns(self, first: str, last: str) -> None:
        self.hidden_columns.update(range(int(first), min(int(last), MOST_COLUMNS) + 1))

    def finish(self) -> None:
        """When all is read: shared formulas put into words, and merges judged that no form could need."""
        for place, share in self._followers:
            if share in self._masters:
                (row, column), formula = self._masters[share]
                words = shifted(formula, place[0] - row, place[1] - column)
                self.cells[place] = self.cells[place]._replace(formula=words, rulesets=rulesets_in(words))
        check_merges(self.name, self.merges, self.watch)
        if self.hidden_rows:                          # those below all that is filled in may be a million
            last = max((row for row, _ in self.cells), default=0)
            self.hidden_rows = {row for row in self.hidden_rows if row <= last}

    def too_many(self) -> Exception:
        return self.watch.beyond("too-many-cells", f"的工作表《{self.name}》里有内容的单元格太多",
                                 f"全部工作表共 {limits().cells} 个")

    def _remember(self, place: Place, formula: str, share: str) -> None:
        if formula:
            self._masters[share] = place, formula
        else:
            self._followers.append((place, share))

    def value(self, kind: str, text: str) -> str | float | bool | None:
        """What a stored text of that type means. Raises ValueError or IndexError, as `add` does."""
        if kind == "s":
            return self.shared.strings[_index(text)] if text.strip() else None
        if kind == "n":
            return number(text)
        if kind == "b":
            return text.strip() in ("1", "true")
        return self.watch.check_text(unescaped(text))


def check_merges(sheet: str, merges: Sequence[Box], watch: Watch) -> None:
    """Raises Unreadable for more merges than any form has: looking cells up in them would not end."""
    narrow = [size for size in map(area, merges) if size <= WIDE]
    if len(merges) > limits().merges or len(merges) - len(narrow) > _WIDE_MERGES or sum(narrow) > _MERGED_CELLS:
        raise watch.beyond("too-many-merges", f"的工作表《{sheet}》里合并单元格太多", f"{limits().merges} 处")


def _index(text: str) -> int:
    if not (text.isascii() and text.strip().isdecimal()):
        raise ValueError(text)                        # int() would take -1, and count from the end
    return int(text)


def number(text: str) -> str | float | None:
    try:
        if "_" in text or not text.isascii():         # Python's own spelling of numbers
            return text
        return float(text) if text.strip() else None
    except ValueError:
        return text


def unescaped(text: str) -> str:
    """Control characters are stored as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
