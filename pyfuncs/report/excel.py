"""What our Excel reports share: fonts, page set-up, and text that can never become a formula."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pyfuncs.report.naming import clean_text

CREATOR = "绩效自评工具箱"
MOST_LINKS = 60_000                                   # Excel takes 65 530 links on one sheet
LOWEST_ROW, TALLEST_ROW = 19.0, 400.0                 # points
BODY: dict[str, Any] = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
CELL = {**BODY, "border": 1, "border_color": "#A6A6A6"}
VERDICT = {**BODY, "font_name": "黑体", "font_size": 16, "align": "center"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {**BODY, "font_name": "黑体", "font_size": 18, "align": "center"},
    "section": {**BODY, "font_name": "黑体", "font_size": 12},
    "line": {**BODY, "text_wrap": True},
    "pass": {**VERDICT, "font_color": "#1E6B34", "bg_color": "#E4F2E7"},
    "fail": {**VERDICT, "font_color": "#9C1C1C", "bg_color": "#FBE5E5"},
    "head": {**CELL, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E3E9F0"},
    "band": {**CELL, "bold": True, "bg_color": "#F2F4F7"},
    "text": {**CELL, "text_wrap": True},
    "center": {**CELL, "align": "center", "text_wrap": True},
    "muted": {**CELL, "align": "center", "italic": True, "font_color": "#7F7F7F"},
    "link": {**CELL, "text_wrap": True, "font_color": "#1F4E9C", "underline": 1},
    "amount": {**CELL, "num_format": "#,##0.00_ "},
    "total": {**CELL, "num_format": "#,##0.00_ ", "bold": True, "bg_color": "#F2F4F7"},
    "count": {**CELL, "align": "right"},
    "number": {**CELL, "align": "center", "num_format": "0"},
    "score": {**CELL, "align": "center", "num_format": "0.00"},
    "error": {**CELL, "align": "center", "font_color": "#9C1C1C", "bg_color": "#FBE5E5"},
    "warning": {**CELL, "align": "center", "font_color": "#7A5200", "bg_color": "#FFF3D6"},
    "rounding": {**CELL, "align": "center", "font_color": "#3D4F66", "bg_color": "#E8EEF6"},
    "note": {**CELL, "align": "center", "font_color": "#3D4F66", "bg_color": "#E8EEF6"},
    "not-run": {**CELL, "align": "center", "font_color": "#595959", "bg_color": "#F2F2F2"},
    "explained": {**CELL, "align": "center", "font_color": "#1E6B34", "bg_color": "#E4F2E7"},
    "approved": {**CELL, "align": "center", "font_color": "#1E6B34", "bg_color": "#E4F2E7"},
}


class Styled:
    """A workbook being written, with its formats by name and its sheets set up for A4."""

    def __init__(self, target: io.BytesIO | str, title: str, made: date, options: Mapping[str, Any]) -> None:
        self.title, self.made = title, made
        self.file = xlsxwriter.Workbook(target, {
            **options, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
        self.file.set_properties({"title": title, "author": CREATOR, "company": "",
                                  "created": datetime(made.year, made.month, made.day)})
        self.file.set_calc_mode("auto")
        self._formats: dict[str, Format] = {}

    def style(self, name: str, **changes: Any) -> Format:
        """A named format, with changes such as an indent; made once."""
        key = repr((name, sorted(changes.items())))
        if key not in self._formats:
            self._formats[key] = self.file.add_format({**STYLES[name], **changes})
        return self._formats[key]

    def page(self, name: str, widths: Sequence[float], pages_wide: int = 1) -> Worksheet:
        """An A4 sheet in landscape, fit to `pages_wide` pages (0: as wide as it needs), with page numbers."""
        sheet = self.file.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_landscape()
        if pages_wide:
            sheet.fit_to_pages(pages_wide, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页　共 &N 页")
        sheet.hide_gridlines(2)
        return sheet


class Book(Styled):
    """A workbook being written in memory; rows grow with their texts."""

    def __init__(self, title: str, made: date) -> None:
        self.buffer = io.BytesIO()
        super().__init__(self.buffer, title, made, {"in_memory": True})
        self._widths: dict[Worksheet, Sequence[float]] = {}
        self._heights: dict[tuple[Worksheet, int], float] = {}

    def sheet(self, name: str, widths: Sequence[float], pages_wide: int = 1) -> Worksheet:
        """A sheet set up for A4 whose rows grow."""
        sheet = self.page(name, widths, pages_wide)
        self._widths[sheet] = widths
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, text: str, style: str = "text",
             **changes: Any) -> None:
        """Text in one cell; the row grows with it."""
        sheet.write_string(row, column, clean_text(text), self.style(style, **changes))
        self._grow(sheet, row, text, (column, column), style)

    def number(self, sheet: Worksheet, row: int, column: int, number: int) -> None:
        """A whole number in one cell."""
        sheet.write_number(row, column, number, self.style("number"))

    def merged(self, sheet: Worksheet, row: int, columns: tuple[int, int], text: str, style: str,
               last_row: int | None = None) -> None:
        """Text over a run of columns (and rows); merging what is one cell would be refused."""
        first, last = columns
        bottom = row if last_row is None else last_row
        if (first, row) != (last, bottom):
            sheet.merge_range(row, first, bottom, last, "", self.style(style))
        sheet.write_string(row, first, clean_text(text), self.style(style))
        for at in range(row, bottom + 1):
            self._grow(sheet, at, text, columns, style, bottom - row + 1)

    def _grow(self, sheet: Worksheet, row: int, text: str, columns: tuple[int, int], style: str,
              rows: int = 1) -> None:
        """Room for a text in a row, or in one of the `rows` it is merged over."""
        height = row_height(text, sum(self._widths[sheet][columns[0]:columns[1] + 1]), style) / rows
        self._heights[sheet, row] = max(height, self._heights.get((sheet, row), LOWEST_ROW))

    def headings(self, sheet: Worksheet, row: int, headings: Sequence[str], freeze: bool = True) -> None:
        """A heading row, frozen on the screen and repeated on every page."""
        for column, heading in enumerate(headings):
            self.text(sheet, row, column, heading, "head")
        if freeze:
            sheet.freeze_panes(row + 1, 0)
            sheet.repeat_rows(row)

    def link(self, sheet: Worksheet, row: int, column: int, address: str, text: str) -> None:
        """A link, or its text alone where the address can't be one."""
        if address and row < MOST_LINKS:
            sheet.write_url(row, column, address, self.style("link"), clean_text(text))
            self._grow(sheet, row, text, (column, column), "link")
        else:
            self.text(sheet, row, column, text)

    def close(self) -> bytes:
        for (sheet, row), height in self._heights.items():
            sheet.set_row(row, round(height, 1))
        self.file.close()
        return self.buffer.getvalue()


def row_height(text: str, width: float, style: str) -> float:
    """Points that a text takes in cells of this width: not every program makes the room by itself."""
    size, lines = STYLES[style]["font_size"], 1.0
    if STYLES[style].get("text_wrap"):
        room = max(width * BODY["font_size"] / size - 1, 1)
        lines = sum(max(1, -(-_width(line) * 1.05 // room)) for line in text.split("\n"))
    return min(lines * size * 1.4 + 4, TALLEST_ROW)


def _width(line: str) -> float:
    """About what display_width says, at a tenth of the cost: three bytes of UTF-8 are two places."""
    return (len(line) + len(line.encode("utf-8", errors="replace"))) / 2


def file_link(path: str, folder: Path, cell: str = "") -> str:
    """Address of a workbook (and "sheet!C9" in it) as seen from the report's folder; "" if it has none."""
    if "://" in path:                                 # in a store that no spreadsheet program opens
        return ""
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:                                # another drive
        relative = os.path.abspath(path)
    if "#" in relative or "%" in relative or len(relative) > 250 or clean_text(relative) != relative:
        return ""                                     # would point elsewhere
    return cell_link(f"external:{relative}", cell)


def cell_link(address: str, cell: str) -> str:
    """Address of a cell in a workbook whose own address is known."""
    sheet, mark, place = cell.rpartition("!")
    inside = address and mark and not address.lower().endswith(".docx")   # a Word table has no addresses
    return f"{address}#{sheet_address(sheet, place)}" if inside else address


def sheet_address(sheet: str, place: str) -> str:
    """'基础数据表'!C9, quoted as formulas and links want it."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{place}"


def column_letters(column: int) -> str:
    """0 → A, 27 → AB."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
