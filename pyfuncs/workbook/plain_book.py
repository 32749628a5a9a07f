"""A new workbook of the values that were read from an .xls file or a Word document, for marks to be put on.

Neither can be patched part by part: what goes back is a workbook with the same sheets or tables, cells at the same
addresses, values only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pyfuncs.workbook.grid import EMPTY, UNKNOWN_FORMAT, Grid, RawCell
from pyfuncs.workbook.mark_state import STATE_SHEET
from pyfuncs.workbook.text_fit import BODY_SIZE, DEFAULT, LINE, PADDING, TALLEST, length_of, lines_of, width_of

_MOST_BORDERED = 20_000                               # cells of a sheet that get lines, blank ones too
_NARROWEST, _WIDEST = 9.0, 42.0                       # characters
_LONGEST = 32_000                                     # a cell holds 32,767


def plain_book(grids: Sequence[Grid]) -> bytes:
    """The workbook as .xlsx. Texts are written as texts, never as formulas or links.

    Raises ValueError when the sheets' names can't stand in a workbook.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                        "nan_inf_to_errors": True})
    formats = _Formats(book)
    shown = [grid for grid in grids if grid.name != STATE_SHEET]
    try:
        sheets = [(grid, book.add_worksheet(grid.name)) for grid in shown]
    except XlsxWriterException as error:
        raise ValueError(str(error)) from None
    for grid, sheet in sheets:
        _write(grid, sheet, formats)
    visible = [sheet for grid, sheet in sheets if grid.visible]
    if visible:
        visible[0].activate()
        visible[0].set_first_sheet()
        for grid, sheet in sheets:
            if not grid.visible:
                sheet.hide()
    book.close()
    return stream.getvalue()


class _Formats:
    """One format of cells for each number format."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book, self._made = book, {}

    def of(self, cell: RawCell) -> Format:
        known = "General" if cell.format == UNKNOWN_FORMAT else cell.format
        if known not in self._made:
            self._made[known] = self._book.add_format(
                {"num_format": known, "border": 1, "text_wrap": True, "valign": "vcenter", "font_name": "宋体",
                 "font_size": BODY_SIZE})
        return self._made[known]


def _write(grid: Grid, sheet: Worksheet, formats: _Formats) -> None:
    if grid.last_row * grid.last_column <= _MOST_BORDERED:
        for row in range(grid.last_row):
            for column in range(grid.last_column):
                sheet.write_blank(row, column, None, formats.of(EMPTY))
    for box in grid.merges:
        if not box.single and box.bottom <= grid.last_row and box.right <= grid.last_column:
            try:
                sheet.merge_range(box.top - 1, box.left - 1, box.bottom - 1, box.right - 1, "", formats.of(EMPTY))
            except XlsxWriterException:               # merged twice: the first one stands
                continue
    for (row, column), cell in grid.cells.items():
        _value(sheet, row - 1, column - 1, cell, formats.of(cell))
    widths = _widths(grid)
    for column, width in widths.items():
        sheet.set_column(column - 1, column - 1, width, None, {"hidden": column in grid.hidden_columns})
    for row, height in _heights(grid, widths).items():
        sheet.set_row(row - 1, height, None, {"hidden": row in grid.hidden_rows})
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _value(sheet: Worksheet, row: int, column: int, cell: RawCell, look: Format) -> None:
    if isinstance(cell.value, bool):
        sheet.write_boolean(row, column, cell.value, look)
    elif isinstance(cell.value, (int, float)):
        sheet.write_number(row, column, cell.value, look)
    elif cell.value:
        sheet.write_string(row, column, cell.value[:_LONGEST], look)


def _widths(grid: Grid) -> dict[int, float]:
    """Wide enough for the longest line of a column's own cells, within reason."""
    widths = dict.fromkeys({column for _, column in grid.cells}, _NARROWEST)
    for (row, column), cell in grid.cells.items():
        if grid.box(row, column).left == grid.box(row, column).right:
            longest = max(length_of(line) for line in str(cell.value or "").split("\n"))
            widths[column] = min(_WIDEST, max(widths[column], longest + 2))
    return widths


def _heights(grid: Grid, widths: Mapping[int, float]) -> dict[int, float]:
    """Points that the texts of a row need; one that goes over several rows has room enough."""
    heights = dict.fromkeys({row for row, _ in grid.cells}, DEFAULT)
    for (row, column), cell in grid.cells.items():
        box = grid.box(row, column)
        if isinstance(cell.value, str) and box.top == box.bottom:
            needed = lines_of(cell.value, width_of(widths, box)) * BODY_SIZE * LINE + PADDING
            heights[row] = min(TALLEST, max(heights[row], needed))
    return heights
