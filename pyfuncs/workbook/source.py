"""A file of any kind as grids: workbooks new and old, and Word documents, told apart by content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyfuncs.catalog.submission import Trouble
from pyfuncs.workbook.grid import Grid
from pyfuncs.workbook.read_book import Book, read_book
from pyfuncs.workbook.read_docx import read_docx
from pyfuncs.workbook.safe_zip import file_bytes, package_of
from pyfuncs.workbook.sniff import old_kind
from pyfuncs.workbook.watch import Unreadable, Watch


@dataclass(frozen=True)
class Source:
    """One file. `book`: the package of an .xlsx or .xlsm, None for other kinds.

    `troubles`: of the sheets that can't be read, in their order; they are not among the grids.
    """

    path: Path
    sha256: str
    grids: tuple[Grid, ...]
    book: Book | None
    kind: Literal["xlsx", "xls", "docx"]
    troubles: tuple[Trouble, ...] = ()


def open_source(path: Path) -> Source:
    """All sheets of a workbook, hidden ones too, or all tables of a Word document, in order.

    The file is only read. Raises Unreadable when nothing of it can be read.
    """
    data = file_bytes(path)
    if old_kind(data) == "xls":
        from pyfuncs.workbook.read_xls import read_xls        # xlrd takes as long to import as four files to read

        return Source(path, hashlib.sha256(data).hexdigest(), read_xls(data, Watch(path.name)), None, "xls")
    package = package_of(path, data)
    if package.is_word:
        return Source(path, package.sha256, read_docx(package), None, "docx")
    book = read_book(package)
    book.shared                                       # without it no sheet can be read: told once, not by each sheet
    grids, troubles = _sheets(book)
    return Source(path, package.sha256, grids, book, "xlsx", troubles)


def _sheets(book: Book) -> tuple[tuple[Grid, ...], tuple[Trouble, ...]]:
    grids, errors = [], []
    for sheet in book.sheets:
        try:
            grids.append(book.grid(sheet))
        except Unreadable as error:
            errors.append(error)
    if not grids:
        raise errors[0]
    return tuple(grids), tuple(error.trouble for error in errors)
