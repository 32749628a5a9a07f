"""Workbooks opened in the place of Excel, and what is in the files that it saves."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import xlwings_engine
from openpyxl.worksheet.worksheet import Worksheet

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper import demo_units
from pyfuncs.udfs_excel import xw
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.template import write_workbook

UNITS = Path(next(iter(demo_units.__path__)))
UNIT = "hengyang-2022"
_NOISE = re.compile(rb'<dcterms:\w+.*?</dcterms:\w+>| outlineLevelCol="0"')


def real_book(folder: Path, unit: str = UNIT, edition: Edition = "formula", as_filed: bool = True) -> Path:
    """What a real unit filed, mistakes and all; saved once by the program, as a clerk's file always was."""
    filling = load_filling(UNITS / f"{unit}.yaml")
    write_workbook(folder / "new.xlsx", load_ruleset(filling.ruleset), edition, filling=filling, as_filed=as_filed)
    book = xlwings_engine.open_book(folder / "new.xlsx")
    return saved(book, folder / f"{unit}.xlsx")


def saved(book: xw.Book, path: Path) -> Path:
    book.api.SaveCopyAs(str(path))
    return path


def parts(path: Path) -> dict[str, bytes]:
    """All of a file but the time at which it was saved, and what openpyxl adds at the second saving.

    The list of formats only grows; it is the formats' numbers, in the sheets, that say how a cell looks.
    """
    with zipfile.ZipFile(path) as archive:
        return {name: _NOISE.sub(b"", archive.read(name)) for name in archive.namelist() if name != "xl/styles.xml"}


def protections(path: Path) -> dict[str, str]:
    """Each sheet's protection as the file states it."""
    book, found = openpyxl.load_workbook(path), {}
    for number, sheet in enumerate(book.sheetnames, 1):
        stated = re.search(rb"<sheetProtection[^>]*>", parts(path)[f"xl/worksheets/sheet{number}.xml"])
        found[sheet] = stated[0].decode() if stated else ""
    return found


def colours(sheet: Worksheet) -> dict[str, str]:
    """Cells that are coloured whatever they hold."""
    return {str(cells.sqref): rule.dxf.fill.bgColor.rgb for cells in sheet.conditional_formatting for rule in cells.rules
            if rule.formula == ['"jixiao"<>""']}


def notes(path: Path) -> dict[str, str]:
    return {f"{sheet.title}!{cell.coordinate}": cell.comment.text for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows() for cell in row if cell.comment}


def select(book: xw.Book, sheet: str, cell: str) -> None:
    book.sheets[sheet].api.Activate()
    book.sheets[sheet].range(cell).select()
