"""What a unit's own forms are made of, before any file is written: tables of cells, and the lines around them.

A table is written row by row, as in HTML: each cell says how many rows and columns it covers, and what a cell
above covers is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Box, Slot

# "mixed": label, number and unit in one cell. "side": the upright text beside a table.
Kind = Literal["label", "head", "mixed", "typed", "side", "note"]


@dataclass(frozen=True)
class Spot:
    """One cell, merged or not. `slot`: the item that stands there."""

    box: Box
    text: str
    kind: Kind
    slot: Slot | None = None
    type: str = ""                                    # ItemType of the item


@dataclass(frozen=True)
class Cell:
    """A cell that has no place yet."""

    text: str
    kind: Kind = "label"
    across: int = 1
    down: int = 1
    slot: Slot | None = None
    type: str = ""


@dataclass(frozen=True)
class Order:
    """Columns that a header names one by one, in these rows: they may stand in any order."""

    top: int
    bottom: int
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """`head`: first and last row of the column headers, repeated where a page begins. `body`: rows that a page
    may begin with, or that a row may be inserted before."""

    spots: tuple[Spot, ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    head: tuple[int, int] = (1, 1)
    body: tuple[int, int] = (2, 2)
    orders: tuple[Order, ...] = ()

    @cached_property
    def rows(self) -> int:
        return max(spot.box.bottom for spot in self.spots)

    @cached_property
    def columns(self) -> int:
        return max(spot.box.right for spot in self.spots)


@dataclass(frozen=True)
class Sheet:
    """Tables under each other, the first in the cell `origin`."""

    name: str
    tables: tuple[Table, ...]
    visible: bool = True
    origin: tuple[int, int] = (1, 1)


Book = tuple[Sheet, ...]


def label(text: str, across: int = 1, down: int = 1) -> Cell:
    return Cell(text, "label", across, down)


def head(text: str, across: int = 1, down: int = 1) -> Cell:
    return Cell(text, "head", across, down)


def side(text: str, down: int) -> Cell:
    return Cell(text, "side", 1, down)


def note(text: str, across: int = 1, down: int = 1) -> Cell:
    return Cell(text, "note", across, down)


def placed(rows: Sequence[Sequence[Cell]]) -> tuple[Spot, ...]:
    """Cells in their places. Raises ValueError where they leave a hole, or stick out."""
    taken: set[tuple[int, int]] = set()
    spots: list[Spot] = []
    for row, cells in enumerate(rows, 1):
        column = 1
        for cell in cells:
            while (row, column) in taken:
                column += 1
            box = Box(row, column, row + cell.down - 1, column + cell.across - 1)
            if taken & set(box.cells()):
                raise ValueError(f"“{cell.text}” lies over another cell at {box.cell}")
            taken |= set(box.cells())
            spots.append(Spot(box, cell.text, cell.kind, cell.slot, cell.type))
    height, width = max(row for row, _ in taken), max(column for _, column in taken)
    if len(taken) != height * width:
        holes = sorted(set(Box(1, 1, height, width).cells()) - taken)
        raise ValueError(f"no rectangle: nothing stands at {holes[:5]}")
    return tuple(spots)


@dataclass(frozen=True)
class Answers:
    """What a unit typed into one form (one sheet of it), by item."""

    filling: Filling
    form: str
    instance: int = 1
    blank: str = ""                                   # what an unfilled cell holds; some print U+3000 there
    types: dict[Slot, str] = field(default_factory=dict)
    fixed: dict[Slot, str] = field(default_factory=dict)   # what the form prints there

    def slot(self, name: str, row: int = 0, group: str = "") -> Slot:
        return Slot(self.form, self.instance, name, row, group)

    def text(self, slot: Slot) -> str:
        return self.filling.typed.get(slot, "")

    def typed(self, name: str, across: int = 1, down: int = 1, *, row: int = 0, group: str = "") -> Cell:
        """A cell of its own."""
        slot = self.slot(name, row, group)
        return Cell(self.text(slot) or self.blank, "typed", across, down, slot, self.types.get(slot, ""))

    def printed(self, name: str, across: int = 1) -> Cell:
        """A cell that the form fills itself, unless the unit typed something else."""
        slot = self.slot(name)
        return Cell(self.text(slot) or self.fixed[slot], "typed", across, 1, slot, self.types.get(slot, ""))

    def mixed(self, words: str, name: str, across: int = 1, down: int = 1, *, row: int = 0,
              group: str = "") -> Cell:
        """Label, number and unit in one cell: 资金总额：{}万元. Without a number the unit is left out."""
        slot = self.slot(name, row, group)
        text = words.format(self.text(slot)) if self.text(slot) else words.partition("{}")[0]
        return Cell(text, "mixed", across, down, slot)

    def rows(self, table: str, group: str = "") -> list[int]:
        """Ordinals of the rows that the unit filled."""
        return sorted({slot.row for slot in self.filling.typed
                       if (slot.form, slot.instance, slot.group) == (self.form, self.instance, group)
                       and slot.name.startswith(f"{table}.")})


def answers(filling: Filling, blank: str = "") -> Iterator[Answers]:
    """Of every sheet of every form, in the rule set's order."""
    plan = layout(load_ruleset(filling.ruleset), filling.shape)
    types = {place.slot: place.type for sheet in plan.sheets for place in sheet.places if place.slot}
    fixed = {place.slot: place.text for sheet in plan.sheets for place in sheet.places if place.role == "fixed"}
    for sheet in plan.sheets:
        if sheet.form:
            yield Answers(filling, sheet.form.form, sheet.instance, blank, types, fixed)
