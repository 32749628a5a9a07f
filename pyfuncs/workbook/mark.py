"""A marked copy of a filed workbook: coloured cells, notes on them, and a sheet 审核意见.

The copy is made by patching parts of the package; every part that needs no mark keeps its bytes. The original
is only read. The marks are those that 审核本表 makes in an open workbook, so that 清除标注 takes them off there, and
`unmark` in the file. Formulas and labels of our template that were overwritten are repaired in the copy alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError

from pyfuncs.checks.finding import Finding
from pyfuncs.workbook.formula_text import quoted
from pyfuncs.workbook.mark_notes import added_comments, added_drawing, comments_part, drawing_part, noted_cells
from pyfuncs.workbook.mark_opinion import OPINION_SHEET, opinion_sheet
from pyfuncs.workbook.mark_repair import repaired
from pyfuncs.workbook.mark_sheet import Marks, drawing_relation, marked_sheet
from pyfuncs.workbook.mark_state import (
    MARK_NAME, OPINION_NAME, STATE_SHEET, Mark, State, Undo, digest, state_sheet,
)
from pyfuncs.workbook.mark_styles import COLOURS, PALE, Styles
from pyfuncs.workbook.mark_xml import (
    RELATIONSHIPS, Element, Patch, append, attribute, parse, patched, safe_text,
)
from pyfuncs.workbook.package_copy import write_copy
from pyfuncs.workbook.package_parts import Parts
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.plain_book import plain_book
from pyfuncs.workbook.read_book import Book, RawSheet, read_book
from pyfuncs.workbook.safe_zip import Package, package_of, related
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.unmark import is_marked, unmarked
from pyfuncs.workbook.watch import Unreadable

_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_WORST_FIRST = list(COLOURS)
_BEFORE_NAMES = ("externalReferences", "functionGroups", "sheets")     # the last of them that is there
_LONGEST_NOTE = 8_000                                 # letters; a program shows some hundreds of them
_CUT = "……（没有写完，全文见“审核意见”表）"

Numbered = dict[str, list[tuple[int, Finding]]]       # C9 -> findings with their numbers in the list


def mark_copy(source: Path, target: Path, findings: Sequence[Finding]) -> None:
    """Write a copy of `source` with the findings marked; marks of an earlier time are taken off first.

    Of an .xls file or a Word document the copy is a new workbook of its values. Raises FileExistsError when
    `target` exists, Unreadable when `source` is nothing that can be marked.
    """
    try:
        package = _package(source)
        if is_marked(package):
            package = package_of(source, unmarked(package))
        book = read_book(package)
        copy = _Copy(package, book)
        copy.mark(findings)
    except (ValueError, ExpatError):                  # another encoding, or parts that contradict each other
        raise Unreadable("not-markable", f"文件“{source.name}”的内部结构特别，不能在副本上标注。",
                         "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再审核。") from None
    write_copy(package, target, copy.parts)


def _package(source: Path) -> Package:
    """What can be patched: the workbook itself, or a new one of what was read."""
    opened = open_source(source)
    return opened.book.package if opened.book else package_of(source, plain_book(opened.grids))


@dataclass(frozen=True)
class _Planned:
    """A cell that is to be marked; `number`: that of its first finding."""

    number: int
    cell: str
    colour: str
    blamed: bool
    note: str


class _Copy:
    """Parts that differ from the original's. `before`: what they, or the original's, are when repaired."""

    def __init__(self, package: Package, book: Book) -> None:
        self.package, self.book = package, book
        self.files = Parts(package)
        self.parts = self.files.changed
        self.before: Mapping[str, bytes] = {}
        self.marks: list[tuple[int, str, Mark]] = []  # number of the first finding, '表'!$C$9

    def mark(self, findings: Sequence[Finding]) -> None:
        if b"purl.oclc.org/ooxml" in self.package.read(self.book.part):
            raise ValueError("strict OOXML")
        if self.book.styles_part not in self.package:
            raise ValueError("workbook without styles")
        self.before, stood = repaired(self.book, findings)
        self.parts.update(self.before)
        styles = Styles(self.package.read(self.book.styles_part))
        for sheet in self.book.sheets:
            found = by_cell(sheet.name, findings) if sheet.part else {}
            if found:
                self._mark_sheet(sheet, [_planned(sheet.name, cell, listed, stood.get(f"{sheet.name}!{cell}", ""))
                                         for cell, listed in found.items()], styles)
        self._add_sheets(findings, styles)

    # -- one sheet ------------------------------------------------------------------------------------

    def _mark_sheet(self, sheet: RawSheet, planned: Sequence[_Planned], styles: Styles) -> None:
        tints: dict[int, list[str]] = {}
        for one in planned:
            tints.setdefault(styles.tint(one.colour), []).append(one.cell)
        data = self.files.data(sheet.part)
        known, relation = self._add_notes(sheet.part, data, {one.cell: one.note for one in planned})
        self.parts[sheet.part] = marked_sheet(data, Marks(tints, relation))
        for one in planned:
            mark = Mark("", one.blamed, one.note, one.cell in known)
            self.marks.append((one.number, f"{quoted(sheet.name)}!{Box.at(one.cell).address}", mark))

    def _add_notes(self, sheet_part: str, sheet: bytes, notes: dict[str, str]) -> tuple[set[str], str]:
        """Notes into the sheet's own comments and drawing, or into new ones; the cells that had a note, and the
        relation of a new drawing."""
        comments = next(iter(related(self.package, sheet_part, "/comments").values()), "")
        known = noted_cells(self.package.read(comments)) if comments else set()
        new = {cell: note for cell, note in notes.items() if cell not in known}
        if comments:
            self.parts[comments] = added_comments(self.package.read(comments), notes)
        else:
            comments = self.files.free("xl/comments", ".xml")
            self.parts[comments] = comments_part(notes)
            self.files.relate(sheet_part, comments, "comments")
            self.files.declare(comments, _COMMENTS_TYPE)
        drawing = related(self.package, sheet_part, "/vmlDrawing").get(drawing_relation(sheet), "")
        if drawing:
            self.parts[drawing] = added_drawing(self.package.read(drawing), new)
            return known, ""
        drawing = self.files.free("xl/drawings/vmlDrawing", ".vml")
        self.parts[drawing] = drawing_part(new)
        self.files.declare_extension("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
        return known, self.files.relate(sheet_part, drawing, "vmlDrawing")

    # -- sheets of our own ------------------------------------------------------------------------------

    def _add_sheets(self, findings: Sequence[Finding], styles: Styles) -> None:
        """The sheet of findings and that of the marks, behind the others: those keep their places."""
        opinion, state = (self._new_sheet() for _ in range(2))
        self.parts[opinion[0]] = opinion_sheet(findings, styles, [sheet.name for sheet in self.book.sheets],
                                               self._first_visible())
        self.parts[self.book.styles_part] = styles.data()
        self.marks.sort(key=lambda mark: mark[0])
        marks = [Mark(f"{MARK_NAME}{number}", mark.blamed, mark.note, mark.had_note)
                 for number, (_, _, mark) in enumerate(self.marks, 1)]
        name = free_name(sheet.name for sheet in self.book.sheets)
        places = {mark.name: place for mark, (_, place, _) in zip(marks, self.marks)}
        self._list_sheets([(name, opinion[1], ""), (STATE_SHEET, state[1], "veryHidden")],
                          {**places, OPINION_NAME: f"{quoted(name)}!$A$1"})
        self.parts[state[0]] = state_sheet(self._state(marks))

    def _state(self, marks: Sequence[Mark]) -> State:
        """What is to be remembered: all but the sheet that it is written on."""
        undos = [Undo.between(part, self._original(part), data) for part, data in self.parts.items()
                 if part in self.package and data != self._original(part)]
        added = {part: digest(data) for part, data in self.parts.items() if data and part not in self.package}
        return State(tuple(marks), tuple(undos), added)

    def _original(self, part: str) -> bytes:
        return self.before[part] if part in self.before else self.package.read(part)

    def _new_sheet(self) -> tuple[str, str]:
        """Part and relation of a sheet that is still to be written."""
        part = self.files.free("xl/worksheets/sheet", ".xml")
        self.parts[part] = b""
        self.files.declare(part, _WORKSHEET_TYPE)
        return part, self.files.relate(self.book.part, part, "worksheet")

    def _list_sheets(self, new: Sequence[tuple[str, str, str]], names: Mapping[str, str]) -> None:
        """Into the workbook: sheets (name, relation, state) and hidden names."""
        data = self.files.data(self.book.part)
        root = parse(data)
        sheets = root.first("sheets")
        if sheets is None:
            raise ValueError("workbook without sheets")
        p, numbers = sheets.prefix, (sheet.attributes.get("sheetId", "") for sheet in sheets.children)
        number = max((int(given) for given in numbers if given.isdecimal() and len(given) < 10), default=0)
        elements = "".join(
            f'<{p}sheet xmlns:r="{RELATIONSHIPS}" name={attribute(name)} sheetId="{number + at}"'
            f'{f" state={attribute(state)}" if state else ""} r:id={attribute(relation)}/>'
            for at, (name, relation, state) in enumerate(new, 1))
        listed = "".join(f'<{p}definedName name="{name}" hidden="1">{safe_text(place)}</{p}definedName>'
                         for name, place in names.items())
        self.parts[self.book.part] = patched(data, [*append(sheets, elements), *_names(root, listed)])

    def _first_visible(self) -> str:
        return next((sheet.name for sheet in self.book.sheets if sheet.visible), "")


def _planned(sheet: str, cell: str, listed: Sequence[tuple[int, Finding]], stood: str) -> _Planned:
    """`stood`: a sentence on what was in a cell that is repaired, "" for others."""
    where, own = f"{sheet}!{cell}", [finding for _, finding in listed]
    note = note_of(listed) + (f"\n{stood}" if stood else "")
    return _Planned(listed[0][0], cell, colour_of(where, own), any(where in finding.culprits for finding in own), note)


def _names(root: Element, listed: str) -> list[Patch]:
    names = root.first("definedNames")
    if names is not None:
        return append(names, listed)
    before = next(element for name in _BEFORE_NAMES if (element := root.first(name)))
    return [Patch(before.end, before.end, f"<{root.prefix}definedNames>{listed}</{root.prefix}definedNames>")]


def free_name(taken: Iterable[str]) -> str:
    """A name for the sheet of findings: 审核意见, or with a number where there is one by that name."""
    known, name, number = set(taken), OPINION_SHEET, 2
    while name in known:
        name, number = f"{OPINION_SHEET}{number}", number + 1
    return name


def by_cell(sheet: str, findings: Sequence[Finding]) -> Numbered:
    """The findings on each cell of a sheet."""
    found: Numbered = {}
    for number, finding in enumerate(findings, 1):
        for cell in dict.fromkeys(finding.cells):
            name, _, address = cell.rpartition("!")
            if name == sheet:
                found.setdefault(address, []).append((number, finding))
    return found


def note_of(listed: Sequence[tuple[int, Finding]]) -> str:
    """What the note on a cell says of its findings."""
    text = "\n".join(f"（{number}）{finding.line()}" for number, finding in listed)
    return text if len(text) <= _LONGEST_NOTE else text[:_LONGEST_NOTE] + _CUT


def colour_of(cell: str, findings: list[Finding]) -> str:
    """That of the worst finding the cell is to blame for; a pale one where it only shows a contradiction."""
    blamed = [finding for finding in findings if cell in finding.culprits]
    worst = min((finding.severity for finding in blamed or findings), key=_WORST_FIRST.index)
    return (COLOURS if blamed else PALE)[worst]
