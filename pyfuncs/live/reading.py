"""Reading the open workbook by the same code that reads files: through a copy in a folder for temporary files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pyfuncs.catalog.load import beside
from pyfuncs.consolidate.filed import Filed
from pyfuncs.live import excel
from pyfuncs.live.command import Refused
from pyfuncs.report.naming import safe_stem
from pyfuncs.workbook.process import process

if TYPE_CHECKING:
    from xlwings import Book


def opened(book: Book | None) -> Book:
    """The workbook a command is about. Raises Refused without one."""
    if book is None:
        raise Refused("没有打开的工作簿（在“受保护的视图”里的要先点“启用编辑”）。请先打开要处理的自评表。")
    return book


@contextmanager
def copied(book: Book) -> Iterator[Path]:
    """A copy of the workbook as it is now, which lasts as long as this does."""
    name = Path(book.name)
    with tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True) as folder, \
            beside(excel.file_of(book)):
        copy = Path(folder, safe_stem(name.stem) + (name.suffix or ".xlsx"))
        with book.app.properties(display_alerts=False):
            excel.save_copy(book, copy)
        yield copy


def read(book: Book | None) -> Filed:
    """The open workbook read, computed and checked. Raises Refused when it is none of ours."""
    with copied(opened(book)) as copy:
        filed = process(copy)
    if filed.ruleset is None:
        troubles = filed.submission.troubles
        raise Refused("\n".join(f"{trouble.message}{trouble.advice}" for trouble in troubles))
    return filed
