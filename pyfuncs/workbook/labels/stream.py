"""All sheets, or all tables of a Word document, as one long run of rows: a form may stand anywhere in it.

Several forms on one sheet, one form over two sheets and a table broken over a page are then the same thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyfuncs.workbook.cells import CellValue
from pyfuncs.workbook.grid import EMPTY, Grid, RawCell
from pyfuncs.workbook.labels.words import LONGEST, cuts, keys_of, title_key, years_in, yearless
from pyfuncs.workbook.places import Box

MOST_WORDS = 20_000                                   # texts that are looked at: forms have some hundred


@dataclass(frozen=True)
class Word:
    """A text in a cell, as a label. `cut`: keys of what stands before a colon or a number -> what stands behind."""

    row: int                                          # of the stream
    box: Box
    text: str
    keys: tuple[str, ...]
    weak: str = ""                                    # key without the year
    cut: dict[str, str] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True)
class StreamRow:
    """`row` 0: a paragraph above or below a Word table. Only rows that hold something are in the stream."""

    sheet: int
    row: int
    words: tuple[Word, ...]
    texts: tuple[str, ...]


class Stream:
    """Rows in reading order. `index`: key -> words; direct hits and those where a label stands before a value."""

    def __init__(self, grids: Sequence[Grid], year: str) -> None:
        self.grids = tuple(grids)
        self.rows: list[StreamRow] = []
        self.index: dict[str, list[Word]] = defaultdict(list)
        self.at: dict[tuple[int, int], int] = {}      # (sheet, row) -> row of the stream
        self._columns: dict[tuple[int, int], list[int]] = {}
        self._left = MOST_WORDS
        for sheet, grid in enumerate(self.grids):
            for text in grid.text_above:
                self._add(sheet, 0, [(1, text)], year)
            for row, cells in _rows(grid):
                self._columns[sheet, row] = [column for column, _ in cells]
                self._add(sheet, row, [(column, value) for column, value in cells if isinstance(value, str)], year)
            following = self.grids[sheet + 1].text_above if sheet + 1 < len(self.grids) else ()
            for text in grid.text_below:              # between two tables a paragraph belongs to the second
                if text not in following:
                    self._add(sheet, 0, [(1, text)], year)

    def _add(self, sheet: int, row: int, cells: list[tuple[int, str]], year: str) -> None:
        number, texts = len(self.rows), [text for _, text in cells]
        base = _base_year(texts, year)
        grid, words = self.grids[sheet], []
        for column, text in cells if self._left > 0 else ():
            keys = keys_of(text, base)
            if keys and "表" in text[:LONGEST]:
                keys = (*keys, f"#{title_key(text)}")
            if keys:
                box = grid.box(row, column) if row else Box(0, column, 0, column)
                cut = {key: rest for label, rest in reversed(cuts(text)) for key in keys_of(label, base)}
                words.append(Word(number, box, text, keys, yearless(text) if "年" in text else "", cut))
        self._left -= len(words)
        for word in words:
            for key in dict.fromkeys([*word.keys, *word.cut]):
                self.index[key].append(word)
        if row:
            self.at[sheet, row] = number
        self.rows.append(StreamRow(sheet, row, tuple(words), tuple(texts)))

    def grid(self, number: int) -> Grid:
        return self.grids[self.rows[number].sheet]

    def cell(self, sheet: int, row: int, column: int) -> RawCell:
        """The cell itself: of a merged box only its first corner holds anything."""
        return self.grids[sheet].cells.get((row, column), EMPTY)

    def columns(self, sheet: int, row: int) -> list[int]:
        """The columns of a row that hold something."""
        return self._columns.get((sheet, row), [])

    def filled(self, sheet: int, row: int, column: int) -> bool:
        value = self.cell(sheet, row, column).value
        return value is not None and not (isinstance(value, str) and not value.strip())


def _rows(grid: Grid) -> list[tuple[int, list[tuple[int, CellValue]]]]:
    """Rows with content in order, each with what stands in it from left to right."""
    found: dict[int, list[tuple[int, CellValue]]] = defaultdict(list)
    for (row, column), cell in grid.cells.items():
        if cell.value is not None and not (isinstance(cell.value, str) and not cell.value.strip()):
            found[row].append((column, cell.value))
    return [(row, sorted(cells, key=lambda one: one[0])) for row, cells in sorted(found.items())]


def _base_year(texts: list[str], year: str) -> str:
    """The year that a row of headings means by this year: 2020年决算数 beside 2021年预算数 is a form of 2021."""
    stated = years_in(texts)
    return max(stated) if len(stated) > 1 and year not in stated else year
