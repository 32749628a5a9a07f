"""A sheet, or a table of a Word document, as cells in rows and columns: what every reader gives, whatever the file.

Cells that hold nothing are not there. Merged cells hold their value in the first corner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pyfuncs.workbook.places import Box

UNKNOWN_FORMAT = ""                                   # the file does not say how a number looks
WIDE = 1000                                           # cells; a merge of more is no part of a form
_RULESET = re.compile(r'JX_\w+\s*\(\s*"(\w+/\w+)"', re.IGNORECASE)


class RawCell(NamedTuple):
    """`value`: str, int, float, bool or None; an error as its text, #DIV/0!.

    `formula`: what stands in the cell behind the =, "" where nothing is worked out. `cached` is False for a
    formula nobody has worked out yet. `rulesets`: the ids that functions of the add-in name in the formula.
    `format`: the number format, UNKNOWN_FORMAT where the file has none to tell.
    """

    value: str | int | float | bool | None
    formula: str = ""
    style: int = 0
    cached: bool = True
    rulesets: tuple[str, ...] = ()
    format: str = "General"


EMPTY = RawCell(None)
Cells = dict[tuple[int, int], RawCell]


def rulesets_in(formula: str) -> tuple[str, ...]:
    """The ids that functions of the add-in name in a formula."""
    return tuple(_RULESET.findall(formula)) if "JX_" in formula or "jx_" in formula else ()


@dataclass(frozen=True)
class Grid:
    """`name`: of the sheet; 表2 for the second table of a Word document.

    `text_above`, `text_below`: paragraphs around a Word table, nearest last and first; () for sheets.
    """

    name: str
    cells: Mapping[tuple[int, int], RawCell]
    merges: tuple[Box, ...] = ()
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)    # names scoped to this sheet -> what they refer to
    text_above: tuple[str, ...] = ()
    text_below: tuple[str, ...] = ()

    def at(self, row: int, column: int) -> RawCell:
        """The cell that is shown there: of a merged box, its first corner."""
        box = self.box(row, column)
        return self.cells.get((box.top, box.left), EMPTY)

    def box(self, row: int, column: int) -> Box:
        """The merged cells that a cell belongs to, or the cell alone."""
        cell = row, column
        box = self._covered.get(cell) or next((wide for wide in self._wide if cell in wide), None)
        return box or Box(row, column, row, column)

    @cached_property
    def _covered(self) -> dict[tuple[int, int], Box]:
        return {cell: box for box in self.merges if not is_wide(box) for cell in box.cells()}

    @cached_property
    def _wide(self) -> tuple[Box, ...]:
        """Merges of whole rows, columns or sheets: too many cells to list."""
        return tuple(filter(is_wide, self.merges))

    @cached_property
    def last_row(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def last_column(self) -> int:
        return max((column for _, column in self.cells), default=0)


def area(box: Box) -> int:
    """In cells; 0 for a box that a file states the wrong way round."""
    down, across = box.bottom - box.top + 1, box.right - box.left + 1
    return down * across if down > 0 and across > 0 else 0


def is_wide(box: Box) -> bool:
    """Whether a merge has more cells than are looked up one by one."""
    return area(box) > WIDE
