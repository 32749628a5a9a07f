"""What xlwings has no word for, asked of the spreadsheet program itself. Nothing else in `live` uses `.api`.

Arguments are given by position: not every way to reach the program knows their names.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pyfuncs.report.naming import clean_text
from pyfuncs.workbook.formula_text import quoted

log = logging.getLogger("jixiao.live")

if TYPE_CHECKING:
    from xlwings import App, Book, Name, Note, Range, Sheet

VISIBLE, VERY_HIDDEN = -1, 2                          # as sheets say it; 0 is plainly hidden
# What a protected sheet still allows, in the order in which Protect takes them, behind its first five arguments.
_ALLOWED = ("AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
            "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows",
            "AllowSorting", "AllowFiltering", "AllowUsingPivotTables")
_LANDSCAPE = 2
_NO_PASSWORD = ""                                     # given, not left out: else the program would ask the user


def save_copy(book: Book, path: Path) -> None:
    """The workbook as it is now, values and all; the open one stays as unsaved as it was."""
    book.api.SaveCopyAs(str(path))


def show(sheet: Sheet) -> None:
    """Bring a sheet to the front. xlwings' own way fails where two of the program run."""
    sheet.api.Activate()


def open_file(app: App, path: Path) -> None:
    """Open a workbook, in front of the others."""
    app.api.Workbooks.Open(str(path))


def file_of(book: Book) -> Path:
    """Where the workbook was saved; its bare name where it never was, or lies on a server."""
    place = str(book.api.FullName)                    # xlwings' fullname looks for settings inside the workbook
    return Path(book.name) if "://" in place else Path(place)


def place(cell: Range) -> str:
    """A cell as formulas and names refer to it: '表'!$C$9."""
    return f"{quoted(cell.sheet.name)}!{cell.address}"


def structure_locked(book: Book) -> bool:
    """Whether sheets can't be added."""
    return bool(book.api.ProtectStructure)


@contextmanager
def unlocked(sheet: Sheet) -> Iterator[bool]:
    """Within this, cells may be changed; then the sheet is protected as it was. False: it has a password."""
    api = sheet.api
    if not (api.ProtectContents or api.ProtectDrawingObjects or api.ProtectScenarios):
        yield True
        return
    allowed = api.Protection
    options = [api.ProtectDrawingObjects, api.ProtectContents, api.ProtectScenarios, api.ProtectionMode,
               *(getattr(allowed, name) for name in _ALLOWED)]
    selection = api.EnableSelection
    if not _unprotected(sheet):
        yield False
        return
    try:
        yield True
    finally:
        api.Protect(_NO_PASSWORD, *options)
        api.EnableSelection = selection


def _unprotected(sheet: Sheet) -> bool:
    try:
        sheet.api.Unprotect(_NO_PASSWORD)
    except Exception:                                 # a wrong password; the error's type needs pywin32
        return False
    return not sheet.api.ProtectContents


def as_text(text: str) -> str:
    """A text as it must be entered to stay one: what begins with "=" would become a formula, 1-2 a date."""
    return f"'{clean_text(text)}" if text else ""


def hide_for_good(sheet: Sheet) -> None:
    """Not even 取消隐藏 shows it."""
    sheet.api.Visible = VERY_HIDDEN


def delete(sheet: Sheet) -> None:
    """Excel does not delete a very hidden sheet, so it is shown first."""
    sheet.api.Visible = VISIBLE
    sheet.delete()


def hide_name(name: Name) -> None:
    """The name manager does not list it."""
    name.api.Visible = False


def link(cell: Range, location: str) -> None:
    """A click on the cell leads to `location` ('表'!C9); its text stays."""
    cell.sheet.api.Hyperlinks.Add(cell.api, "", location)


def print_across(sheet: Sheet) -> None:
    """On paper laid across, as wide as one page. A computer without a printer can't be told."""
    page = sheet.api.PageSetup
    try:
        page.Orientation, page.Zoom, page.FitToPagesWide, page.FitToPagesTall = _LANDSCAPE, False, 1, False
    except Exception:                                 # the error's type needs pywin32
        log.info("no page set-up of %s", sheet.name)


def has_thread(cell: Range) -> bool:
    """Whether the cell has a conversation of comments, beside which no note can be put."""
    return getattr(cell.api, "CommentThreaded", None) is not None


def size_note(note: Note, width: float, height: float) -> None:
    """In points."""
    shape = note.api.Shape
    shape.Width, shape.Height = width, height


def add_to_note(note: Note, text: str) -> None:
    """Put a text behind what the note says; its own letters keep their look."""
    note.api.Text(text, len(note.text) + 1, False)


def cut_from_note(note: Note, start: int, length: int) -> None:
    """Take letters out of a note, counted from 0."""
    note.api.Shape.TextFrame.Characters(start + 1, length).Delete()
