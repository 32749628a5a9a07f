"""Paper, scaling, repeated rows and what the window shows of a sheet."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from pyfuncs.workbook import styles
from pyfuncs.workbook.places import SheetLayout

A4 = 9
SHORT, LONG = 595.0, 842.0                            # points
LEFT = RIGHT = 0.6                                    # inches
TOP, BOTTOM = 0.7, 0.75
DIGIT, CELL_PADDING = 8, 5                            # pixels, of 宋体 11
SLACK = 0.955                                         # programs differ by a few hundredths about widths
SQUEEZE = 1.2                                         # a form this much too long still goes on one page


def set_up_page(page: Worksheet, sheet: SheetLayout, heights: Mapping[int, float]) -> None:
    page.set_paper(A4)
    if sheet.landscape:
        page.set_landscape()
    page.set_margins(LEFT, RIGHT, TOP, BOTTOM)
    page.center_horizontally()
    page.set_footer("&C&9第 &P 页 共 &N 页")
    extent = sheet.extent
    page.print_area(0, 0, extent.bottom - 1, extent.right - 1)
    _scale(page, sheet, heights)
    if sheet.repeat:
        page.repeat_rows(sheet.repeat[0] - 1, sheet.repeat[1] - 1)
    if sheet.freeze:
        page.freeze_panes(sheet.freeze, 0)
    page.set_tab_color(styles.TAB_FORM if sheet.form else styles.TAB_HELP)
    page.hide_gridlines(2)
    page.set_default_row(15)


def _scale(page: Worksheet, sheet: SheetLayout, heights: Mapping[int, float]) -> None:
    """One page where that stays legible, else pages that begin with a 一级指标."""
    scale, room = paper(sheet)
    if sum(heights.values()) * scale <= room * SQUEEZE or not sheet.breaks:
        page.fit_to_pages(1, 1 if sum(heights.values()) * scale <= room * SQUEEZE else 0)
        return
    # Programs ignore page breaks when they fit to pages, so the scale is set outright.
    page.set_print_scale(int(scale * 100))
    page.set_h_pagebreaks([row - 1 for row in page_starts(sheet, heights, room / scale)])


def paper(sheet: SheetLayout) -> tuple[float, float]:
    """The scale at which a sheet is as wide as the paper, and the paper's usable height in points."""
    width, height = (LONG, SHORT) if sheet.landscape else (SHORT, LONG)
    needed = sum(int(chars * DIGIT + CELL_PADDING) * 0.75 for chars in sheet.widths.values())
    return min(1.0, SLACK * (width - 72 * (LEFT + RIGHT)) / needed), height - 72 * (TOP + BOTTOM)


def page_starts(sheet: SheetLayout, heights: Mapping[int, float], room: float) -> list[int]:
    """Rows that begin the second and later pages: the last possible one before each page is full."""
    starts, first, last = [], 1, sheet.extent.bottom
    repeated = _tall(heights, *sheet.repeat) if sheet.repeat else 0.0
    while True:
        fits = [row for row in sheet.breaks if row > first and _tall(heights, first, row - 1) <= room]
        if _tall(heights, first, last) <= room or not fits:
            return starts
        first = fits[-1]
        starts.append(first)
        room -= repeated if len(starts) == 1 else 0.0


def _tall(heights: Mapping[int, float], first: int, last: int) -> float:
    return sum(heights.get(row, 0.0) for row in range(first, last + 1))
