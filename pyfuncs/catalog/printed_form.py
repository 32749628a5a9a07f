"""A filled form as it is printed, in no program's terms: what a writer of pages or documents needs of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class PrintedCell:
    """Rows and columns count from 0; `rows` and `columns` are how many it covers."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    align: Align = "center"
    bold: bool = False
    vertical: bool = False                            # written from top to bottom
    open: frozenset[str] = frozenset()                # sides without a line


@dataclass(frozen=True)
class PrintedForm:
    """`above`, `below`: lines without borders, each one or more texts with their places.

    `widths`: of the columns, in shares of one another; `heights`: of the rows, in points, the least they need.
    """

    title: str
    above: tuple[tuple[tuple[str, Align], ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    cells: tuple[PrintedCell, ...]
    below: tuple[tuple[tuple[str, Align], ...], ...] = ()
    landscape: bool = False
