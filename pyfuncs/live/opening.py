"""A workbook opened at a cell, asked for from outside of the spreadsheet program."""

from __future__ import annotations

import logging
from pathlib import Path

from pyfuncs.live import excel

log = logging.getLogger("jixiao.live")


def show_cell(path: Path, sheet: str, address: str) -> bool:
    """Open the workbook (or take it where it is open already) and select a cell; whether there was a program for it."""
    from pyfuncs.udfs_excel import xw

    if not xw.engines.active:
        return False
    try:
        book = xw.Book(str(path))
        excel.show(book.sheets[sheet])
        book.sheets[sheet].range(address).select()
        book.app.activate(steal_focus=True)
    except Exception:                                 # no Excel, or one with a dialog open: the error's type needs pywin32
        log.exception("%s %s!%s", path, sheet, address)
        return False
    return True
