"""Registry workbooks (规则登记表) of the small rule set, as somebody may have edited them."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

from pyfuncs.workbook.registry_files import read_root
from pyfuncs.workbook.registry_write import write_registry

SMALL = Path(__file__).parent / "catalog" / "ruleset" / "990000" / "2022"

Edit = Callable[[Workbook], object]


def registry(path: Path, *edits: Edit) -> Path:
    """The registry of the small rule set, written to `path` after some edits."""
    book = openpyxl.load_workbook(io.BytesIO(_small()))
    for edit in edits:
        edit(book)
    book.save(path)
    return path


def cells(sheet: str, **values: object) -> Edit:
    """Put values into cells of a sheet; text stays text, as in cells of text format."""
    def edit(book: Workbook) -> None:
        for address, value in values.items():
            cell = book[sheet][address]
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    return edit


def number(sheet: str, address: str, value: object, number_format: str) -> Edit:
    """Put a value into a cell of another format."""
    def edit(book: Workbook) -> None:
        book[sheet][address].value = value
        book[sheet][address].number_format = number_format
    return edit


@cache
def _small() -> bytes:
    buffer = io.BytesIO()
    write_registry(buffer, read_root(SMALL))
    return buffer.getvalue()
