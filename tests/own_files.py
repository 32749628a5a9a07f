"""Forms written as the files that units send: a workbook of Excel, one of Excel 97, a Word document."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from own_sheets import Book, Sheet, Spot, Table
from pyfuncs.workbook.places import Box, Slot
from pyfuncs.workbook.shown import typed

Where = Mapping[Slot, str]                            # "sheet!C9" of every item
_WIDTH = 22                                            # characters, so that a printed page can be read
_THIN = Side(style="thin")
_LOOK = Border(_THIN, _THIN, _THIN, _THIN)


def write_xlsx(book: Book, path: Path) -> Where:
    """Numbers as numbers with the decimals that were typed, all else as text."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    where: dict[Slot, str] = {}
    for sheet in book:
        page = made.create_sheet(sheet.name)
        page.sheet_state = "visible" if sheet.visible else "hidden"
        page.sheet_format.defaultColWidth = _WIDTH
        page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        for spot in stacked(sheet):
            _write(page, spot)
            if spot.slot:
                where[spot.slot] = f"{sheet.name}!{spot.box.cell}"
    made.save(path)
    return where


def stacked(sheet: Sheet) -> Iterator[Spot]:
    """All cells of a sheet, lines merged over the width of their table, an empty row between tables."""
    row, left = sheet.origin
    for table in sheet.tables:
        for line in table.above:
            yield Spot(Box(row, left, row, left + table.columns - 1), line, "note")
            row += 1
        for spot in table.spots:
            box = Box(*(number + by - 1 for number, by in zip(
                (spot.box.top, spot.box.left, spot.box.bottom, spot.box.right), (row, left, row, left))))
            yield replace(spot, box=box)
        row += table.rows
        for line in table.below:
            yield Spot(Box(row, left, row, left + table.columns - 1), line, "note")
            row += 1
        row += 1


def _write(page: Worksheet, spot: Spot) -> None:
    cell = page.cell(spot.box.top, spot.box.left)
    held = typed(spot.text, spot.type) if spot.kind in ("typed", "note") else None
    if held and isinstance(held.value, Decimal):
        cell.value, cell.number_format = float(held.value), held.number_format
    elif spot.text:
        cell.value = spot.text
        cell.data_type = "s"                          # =100% is a target, no formula
    cell.alignment = Alignment("center", "center", wrap_text=True)
    for row, column in spot.box.cells():
        page.cell(row, column).border = _LOOK
    if not spot.box.single:
        page.merge_cells(start_row=spot.box.top, start_column=spot.box.left,
                         end_row=spot.box.bottom, end_column=spot.box.right)


def write_docx(book: Book, path: Path) -> Where:
    """A Word table for each table, the lines around it as paragraphs. Hidden sheets have no counterpart."""
    document = docx.Document()
    where: dict[Slot, str] = {}
    for number, table in enumerate((table for sheet in book if sheet.visible for table in sheet.tables), 1):
        for line in table.above:
            document.add_paragraph(line)
        _word_table(document, table)
        where |= {spot.slot: f"表{number}!{spot.box.cell}" for spot in table.spots if spot.slot}
        for line in table.below or ("",):             # without a paragraph between them Word joins two tables
            document.add_paragraph(line)
    document.save(path)
    return where


def _word_table(document: docx.document.Document, table: Table) -> None:
    made = document.add_table(table.rows, table.columns, "Table Grid")
    cells = [row.cells for row in made.rows]
    for spot in table.spots:
        corner = cells[spot.box.top - 1][spot.box.left - 1]
        if not spot.box.single:
            corner = corner.merge(cells[spot.box.bottom - 1][spot.box.right - 1])
        corner.text = spot.text


def as_xls(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Copies in the format of Excel 97, saved by LibreOffice in one run; the names of `paths` must differ."""
    with tempfile.TemporaryDirectory(prefix="xls_") as profile:
        # Another Python on PATH keeps LibreOffice's own from loading.
        environment = {**os.environ, "PATH": "/usr/local/bin:/usr/bin:/bin"}
        done = subprocess.run(
            ["soffice", "--headless", "--norestore", f"-env:UserInstallation={Path(profile).as_uri()}",
             "--convert-to", "xls:MS Excel 97", "--outdir", str(folder), *map(str, paths)],
            env=environment, capture_output=True, text=True, timeout=120 + 10 * len(paths))
    made = [folder / f"{path.stem}.xls" for path in paths]
    if lost := [path.name for path in made if not path.is_file()]:
        raise RuntimeError(f"LibreOffice did not convert {'、'.join(lost)}: {done.stdout}{done.stderr}")
    return made
