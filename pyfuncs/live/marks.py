"""Marks on the cells of the open workbook, and how they are taken back.

A cell is coloured by a conditional format of ours, so that its own fill is never touched. What was written into
notes, and where, stands on a very hidden sheet; hidden names follow the cells when rows are inserted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pyfuncs.checks.finding import Finding
from pyfuncs.live import excel
from pyfuncs.workbook.mark import by_cell, colour_of, note_of
from pyfuncs.workbook.mark_state import CONDITION, MARK_NAME, STATE_SHEET, Mark, State

if TYPE_CHECKING:
    from xlwings import Book, Range, Sheet

_RULE = f"={CONDITION}"                               # as programs give it back
_NOTE_WIDTH, _LINE_HEIGHT, _LINE_LENGTH = 240.0, 12.0, 20      # points, points, Chinese characters


def put(book: Book, findings: Sequence[Finding]) -> tuple[int, list[str]]:
    """Mark the cells of all findings: how many there are, and the sheets that have a password.

    Marks of an earlier time must be gone. What will be done is remembered first, so that it can be taken back
    whatever happens on the way.
    """
    todo, locked = [], []
    for sheet in list(book.sheets):
        found = by_cell(sheet.name, findings)
        if not found:
            continue
        with excel.unlocked(sheet) as possible:
            if possible:
                todo += [_planned(sheet, address, listed) for address, listed in found.items()]
            else:
                locked.append(sheet.name)
    todo.sort(key=lambda one: one.number)
    _remember(book, todo)
    for name, own in groupby(sorted(todo, key=lambda one: one.cell.sheet.index), key=lambda one: one.cell.sheet.name):
        with excel.unlocked(book.sheets[name]):
            for one in own:
                _paint(one)
    return len(todo), locked


@dataclass(frozen=True)
class _Planned:
    """A cell that is to be marked; `number`: that of its first finding."""

    number: int
    cell: Range
    colour: str
    blamed: bool
    note: str
    had_note: bool


def _planned(sheet: Sheet, address: str, listed: list[tuple[int, Finding]]) -> _Planned:
    cell, where, own = sheet.range(address), f"{sheet.name}!{address}", [finding for _, finding in listed]
    # Beside a conversation of comments no note can be put: the list of findings must do.
    note = "" if excel.has_thread(cell) else note_of(listed)
    return _Planned(listed[0][0], cell, colour_of(where, own), any(where in finding.culprits for finding in own), note,
                    cell.note is not None)


def _paint(one: _Planned) -> None:
    one.cell.conditional_formats.add_custom(_RULE, fill_color=f"#{one.colour[2:]}")
    if not one.note:
        return
    if one.had_note:
        excel.add_to_note(one.cell.note, f"\n{one.note}")
        return
    lines = sum(math.ceil(len(line) / _LINE_LENGTH) or 1 for line in one.note.split("\n"))
    excel.size_note(one.cell.add_note(one.note), _NOTE_WIDTH, (lines + 1) * _LINE_HEIGHT)


def _remember(book: Book, todo: Sequence[_Planned]) -> None:
    state = book.sheets.add(STATE_SHEET, before=_first_visible(book))
    marks = [Mark(f"{MARK_NAME}{number}", one.blamed, one.note, one.had_note) for number, one in enumerate(todo, 1)]
    for mark, one in zip(marks, todo):
        excel.hide_name(book.names.add(mark.name, f"={excel.place(one.cell)}"))
    rows = State(tuple(marks)).rows()
    state.range((1, 1), (len(rows), len(rows[0]))).value = [[excel.as_text(text) for text in row] for row in rows]
    excel.hide_for_good(state)


def _first_visible(book: Book) -> Sheet:
    return next(sheet for sheet in book.sheets if sheet.visible == excel.VISIBLE)


# -- reading and taking back ----------------------------------------------------------------------------


def remembered(book: Book) -> list[tuple[Mark, Range | None]]:
    """The marks in the order of the findings, each with its cell of today; None where that was deleted."""
    state = _sheet(book, STATE_SHEET)
    if state is None:
        return []
    cells = dict(_named(book))
    rows = state.used_range.options(ndim=2).value
    return [(mark, cells.get(mark.name)) for mark in State.of(rows).marks]


def take_back(book: Book) -> list[str]:
    """Remove all marks; the sheets that have a password by now, and keep theirs."""
    marks, locked = remembered(book), []
    for sheet in list(book.sheets):
        own = [(mark, cell) for mark, cell in marks if cell is not None and cell.sheet.name == sheet.name]
        rules = [rule for rule in sheet.cells.conditional_formats if rule.formula == _RULE]
        if not own and not rules:
            continue
        with excel.unlocked(sheet) as possible:
            if not possible:
                locked.append(sheet.name)
                continue
            for rule in reversed(rules):              # a rule's number changes when one before it goes
                rule.delete()
            for mark, cell in own:
                _unwrite_note(mark, cell)
    if not locked:
        _forget(book)
    return locked


def _unwrite_note(mark: Mark, cell: Range) -> None:
    """Take our words out of a note; what anyone else wrote there, before or since, stays."""
    note = cell.note
    ours = f"\n{mark.note}" if mark.had_note else mark.note
    if note is None or not mark.note or (start := note.text.find(ours)) < 0:
        return
    if note.text == ours:
        note.delete()
    else:
        excel.cut_from_note(note, start, len(ours))


def _forget(book: Book) -> None:
    for name in list(book.names):
        if name.name.rpartition("!")[2].startswith(MARK_NAME):
            name.delete()
    state = _sheet(book, STATE_SHEET)
    if state is not None:
        excel.delete(state)


def _named(book: Book) -> Iterator[tuple[str, Range]]:
    """Our names and their cells; without those whose cell was deleted, and those that a copied sheet brought."""
    for name in book.names:
        if name.name.startswith(MARK_NAME) and "#REF!" not in (name.refers_to or "#REF!"):
            yield name.name, name.refers_to_range


def _sheet(book: Book, name: str) -> Sheet | None:
    return next((sheet for sheet in book.sheets if sheet.name == name), None)
