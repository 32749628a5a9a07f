"""A marked copy of a filed workbook: coloured cells, notes on them, and a sheet 审核意见.

The copy is made by patching parts of the package; every part that needs no mark keeps its bytes. The original
is only read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

from pyfuncs.checks.finding import Finding
from pyfuncs.workbook.mark_notes import added_comments, added_drawing, comments_part, drawing_part
from pyfuncs.workbook.mark_opinion import opinion_sheet
from pyfuncs.workbook.mark_sheet import Marks, drawing_relation, marked_sheet
from pyfuncs.workbook.mark_styles import COLOURS, PALE, Styles
from pyfuncs.workbook.mark_xml import DECLARATION, RELATIONSHIPS, append, attribute, parse, patched
from pyfuncs.workbook.package_copy import write_copy
from pyfuncs.workbook.read_book import Book, RawSheet, read_book, related
from pyfuncs.workbook.safe_zip import Package, Unreadable, open_package

OPINION_SHEET = "审核意见"
_CONTENT_TYPES = "[Content_Types].xml"
_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORST_FIRST = list(COLOURS)

Numbered = dict[str, list[tuple[int, Finding]]]       # C9 -> findings with their numbers in the list


def mark_copy(source: Path, target: Path, findings: Sequence[Finding]) -> None:
    """Write a copy of `source` with the findings marked.

    Raises FileExistsError when `target` exists, Unreadable when `source` is no workbook that can be marked.
    """
    package = open_package(source)
    book = read_book(package)
    copy = _Copy(package, book)
    try:
        copy.mark(findings)
    except (ValueError, ExpatError):                  # another encoding, or parts that contradict each other
        raise Unreadable("not-markable", f"文件“{source.name}”的内部结构特别，不能在副本上标注。",
                         "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再审核。") from None
    write_copy(package, target, copy.parts)


class _Copy:
    """Parts that differ from the original's."""

    def __init__(self, package: Package, book: Book) -> None:
        self.package, self.book = package, book
        self.parts: dict[str, bytes] = {}

    def mark(self, findings: Sequence[Finding]) -> None:
        if b"purl.oclc.org/ooxml" in self.package.read(self.book.part):
            raise ValueError("strict OOXML")
        styles = Styles(self.package.read(self.book.styles_part))
        for sheet in self.book.sheets:
            found = by_cell(sheet.name, findings)
            if found:
                self._mark_sheet(sheet, found, styles)
        self._add_opinion(findings, styles)
        self.parts[self.book.styles_part] = styles.data()

    # -- one sheet ------------------------------------------------------------------------------------

    def _mark_sheet(self, sheet: RawSheet, found: Numbered, styles: Styles) -> None:
        restyle = {}
        for cell, listed in found.items():
            colour = colour_of(f"{sheet.name}!{cell}", [finding for _, finding in listed])
            restyle[cell] = lambda style, colour=colour: styles.coloured(style, colour)
        notes = {cell: note_of(listed) for cell, listed in found.items()}
        data = self.package.read(sheet.part)
        relation = self._add_notes(sheet.part, data, notes)
        self.parts[sheet.part] = marked_sheet(data, Marks(restyle, relation))

    def _add_notes(self, sheet_part: str, sheet: bytes, notes: dict[str, str]) -> str:
        """Notes into the sheet's own comments and drawing, or into new ones; relation of a new drawing."""
        comments = next(iter(related(self.package, sheet_part, "/comments").values()), "")
        if comments:
            self.parts[comments], new = added_comments(self.package.read(comments), notes)
        else:
            comments, new = self._free("xl/comments", ".xml"), list(notes)
            self.parts[comments] = comments_part(notes)
            self._relate(sheet_part, comments, "comments")
            self._declare(comments, _COMMENTS_TYPE)
        known = drawing_relation(sheet)
        drawing = related(self.package, sheet_part, "/vmlDrawing").get(known, "")
        shown = {cell: notes[cell] for cell in new}
        if drawing:
            self.parts[drawing] = added_drawing(self.package.read(drawing), shown)
            return ""
        drawing = self._free("xl/drawings/vmlDrawing", ".vml")
        self.parts[drawing] = drawing_part(shown)
        self._declare_extension("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
        return self._relate(sheet_part, drawing, "vmlDrawing")

    # -- the sheet of findings ------------------------------------------------------------------------

    def _add_opinion(self, findings: Sequence[Finding], styles: Styles) -> None:
        names = {sheet.name for sheet in self.book.sheets}
        part = self._free("xl/worksheets/sheet", ".xml")
        self.parts[part] = opinion_sheet(findings, styles, names)
        self._declare(part, _WORKSHEET_TYPE)
        relation = self._relate(self.book.part, part, "worksheet")
        name, number = OPINION_SHEET, 2
        while name in names:
            name, number = f"{OPINION_SHEET}{number}", number + 1
        data = self.package.read(self.book.part)
        sheets = parse(data).first("sheets")
        if sheets is None:
            raise ValueError("workbook without sheets")
        number = max(int(sheet.attributes["sheetId"]) for sheet in sheets.children) + 1
        element = (f'<{sheets.prefix}sheet xmlns:r="{RELATIONSHIPS}" name={attribute(name)} '
                   f'sheetId="{number}" r:id={attribute(relation)}/>')
        self.parts[self.book.part] = patched(data, append(sheets, element))

    # -- the package's own lists ----------------------------------------------------------------------

    def _data(self, part: str) -> bytes:
        return self.parts[part] if part in self.parts else self.package.read(part)

    def _free(self, stem: str, ending: str) -> str:
        """A part name that is not taken."""
        number = 1
        while (name := f"{stem}{number}{ending}") in self.package or name in self.parts:
            number += 1
        return name

    def _append(self, part: str, text: str) -> None:
        data = self._data(part)
        self.parts[part] = patched(data, append(parse(data), text))

    def _declare(self, part: str, content_type: str) -> None:
        self._append(_CONTENT_TYPES, f'<Override PartName="/{part}" ContentType="{content_type}"/>')

    def _declare_extension(self, extension: str, content_type: str) -> None:
        types = parse(self._data(_CONTENT_TYPES)).children
        if extension not in {element.attributes.get("Extension", "").lower() for element in types}:
            self._append(_CONTENT_TYPES, f'<Default Extension="{extension}" ContentType="{content_type}"/>')

    def _relate(self, part: str, target: str, kind: str) -> str:
        """A relationship from `part` to `target`; gives its id."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.package and rels not in self.parts:
            self.parts[rels] = f'{DECLARATION}<Relationships xmlns="{_PACKAGE_RELATIONSHIPS}"/>'.encode()
        known = {element.attributes.get("Id", "") for element in parse(self._data(rels)).children}
        number = 1
        while (relation := f"rIdJx{number}") in known:
            number += 1
        element = f'<Relationship Id="{relation}" Type="{RELATIONSHIPS}/{kind}" Target="/{target}"/>'
        self._append(rels, element)
        return relation


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
    return "\n".join(f"（{number}）{finding.line()}" for number, finding in listed)


def colour_of(cell: str, findings: list[Finding]) -> str:
    """That of the worst finding the cell is to blame for; a pale one where it only shows a contradiction."""
    blamed = [finding for finding in findings if cell in finding.culprits]
    worst = min((finding.severity for finding in blamed or findings), key=_WORST_FIRST.index)
    return (COLOURS if blamed else PALE)[worst]
