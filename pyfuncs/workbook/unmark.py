"""A marked workbook without its marks, for people without the add-in: the file alone is patched.

A copy that nobody saved since becomes the original again, part by part, byte by byte. One that was saved by a
program loses the marks and keeps everything else, what was typed since as well. Formulas and labels that were
repaired in the copy stay repaired.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from xml.parsers.expat import ExpatError

from pyfuncs.workbook.mark_notes import without_notes, without_shapes
from pyfuncs.workbook.mark_sheet import drawing_relation, unmarked_sheet
from pyfuncs.workbook.mark_state import MARK_NAME, OPINION_NAME, STATE_SHEET, Mark, State, digest
from pyfuncs.workbook.mark_xml import Element, Patch, content, parse, patched, removal, retag
from pyfuncs.workbook.package_copy import copied, write_copy
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.read_book import Book, RawSheet, read_book
from pyfuncs.workbook.read_form import box_of
from pyfuncs.workbook.safe_zip import Package, open_package, related
from pyfuncs.workbook.watch import Unreadable

_CONTENT_TYPES = "[Content_Types].xml"
_COLUMNS = 4


def unmark(source: Path, target: Path) -> None:
    """Write `source` without its marks; what was typed since stays, and `source` is only read.

    Raises FileExistsError when `target` exists, Unreadable when `source` has no marks or can't be read.
    """
    package = open_package(source)
    changes, dropped = _changes(package)
    write_copy(package, target, changes, dropped)


def is_marked(package: Package) -> bool:
    return read_book(package).sheet(STATE_SHEET) is not None


def unmarked(package: Package) -> bytes:
    """A marked workbook's file without the marks. Raises Unreadable."""
    return copied(package, *_changes(package))


def _changes(package: Package) -> tuple[dict[str, bytes], set[str]]:
    """Parts that change, and those that go."""
    book = read_book(package)
    sheet = book.sheet(STATE_SHEET)
    if sheet is None:
        raise Unreadable("no-marks", f"文件“{package.path.name}”里没有审核标注。", "请指定审核时写出的、标了颜色的副本。")
    try:
        return _Marked(package, book, sheet).changes()
    except (ValueError, KeyError, ExpatError):        # another encoding, or parts that contradict each other
        raise Unreadable("not-markable", f"文件“{package.path.name}”的内部结构特别，不能去掉标注。",
                         "请用 Excel 打开，在“绩效自评”选项卡中点“清除标注”。") from None


class _Marked:
    def __init__(self, package: Package, book: Book, sheet: RawSheet) -> None:
        self.package, self.book, self.sheet = package, book, sheet
        self.state = State.of(_rows(book, sheet))
        self.parts: dict[str, bytes] = {}
        self.dropped: set[str] = set()

    def changes(self) -> tuple[dict[str, bytes], set[str]]:
        sheets = {sheet.part for sheet in self.book.sheets}
        undone = {undo.part: undo.undone(self.package.read(undo.part)) for undo in self.state.undos
                  if undo.part in self.package}
        # A sheet may have been typed in; all other parts name each other, and go back together or not at all.
        whole = self.state.undos and all(undone.get(undo.part) is not None for undo in self.state.undos
                                         if undo.part not in sheets)
        added = self.state.added or {}
        if whole and all(part in self.package and digest(self.package.read(part)) == known
                         for part, known in added.items()):
            self._restore(undone, added, sheets)
        else:
            self._clean()
        return self.parts, self.dropped

    # -- as it was ----------------------------------------------------------------------------------------

    def _restore(self, undone: Mapping[str, bytes | None], added: Mapping[str, str], sheets: set[str]) -> None:
        self.dropped = {*added, self.sheet.part}
        for part, data in undone.items():
            if data is not None:
                self.parts[part] = data
            elif part in sheets:
                relation = drawing_relation(self.package.read(part))
                ours = related(self.package, part, "/vmlDrawing").get(relation, "") in added
                self.parts[part] = unmarked_sheet(self.package.read(part), without_drawing=ours)

    # -- one that was saved since -----------------------------------------------------------------------------

    def _clean(self) -> None:
        """Take off what can be recognised as ours."""
        names = _names(self.package.read(self.book.part))
        own = [sheet for sheet in self.book.sheets
               if sheet.name == STATE_SHEET or box_of(names.get(OPINION_NAME, ""), sheet)]
        for sheet in self.book.sheets:
            if sheet in own or not sheet.part:
                continue
            data = self.package.read(sheet.part)
            cleaned = unmarked_sheet(data)
            if cleaned != data:
                self.parts[sheet.part] = cleaned
            marks = [(box, mark) for mark in self.state.marks
                     if mark.note and (box := box_of(names.get(mark.name, ""), sheet))]
            if marks:
                self._clean_notes(sheet, marks, drawing_relation(data))
        self._remove_sheets(own)

    def _clean_notes(self, sheet: RawSheet, marks: list[tuple[Box, Mark]], drawing: str) -> None:
        comments = next(iter(related(self.package, sheet.part, "/comments").values()), "")
        if not comments:
            return
        ours = {box.cell: f"\n{mark.note}" if mark.had_note else mark.note for box, mark in marks}
        self.parts[comments], gone = without_notes(self.package.read(comments), ours)
        shapes = related(self.package, sheet.part, "/vmlDrawing").get(drawing, "")
        if gone and shapes:
            self.parts[shapes] = without_shapes(self.package.read(shapes), gone)

    def _remove_sheets(self, own: list[RawSheet]) -> None:
        """Sheets of ours and their names, out of the workbook and out of the package's lists."""
        removed = [number for number, sheet in enumerate(self.book.sheets) if sheet in own]
        data = self.package.read(self.book.part)
        shown = next((number for number, sheet in enumerate(self.book.sheets) if sheet.visible and sheet not in own), 0)
        self.parts[self.book.part] = patched(data, _unlisted(parse(data), removed, shown))
        self.dropped = {sheet.part for sheet in own}
        self.dropped |= {rels for part in self.dropped if (rels := _rels(part)) in self.package}
        rels = self.package.read(_rels(self.book.part))
        ids = [id for id, part in related(self.package, self.book.part, "/worksheet").items() if part in self.dropped]
        self.parts[_rels(self.book.part)] = patched(
            rels, [removal(element) for element in parse(rels).children if element.attributes.get("Id") in ids])
        types = self.package.read(_CONTENT_TYPES)
        self.parts[_CONTENT_TYPES] = patched(types, [
            removal(element) for element in parse(types).children
            if element.attributes.get("PartName", "").removeprefix("/") in self.dropped])


def _rows(book: Book, sheet: RawSheet) -> Iterator[list[str]]:
    grid = book.grid(sheet)
    for row in range(1, grid.last_row + 1):
        yield [str(grid.at(row, column).value or "") for column in range(1, _COLUMNS + 1)]


def _names(data: bytes) -> dict[str, str]:
    """Names of ours and what they refer to."""
    names = parse(data).first("definedNames")
    return {element.attributes["name"]: content(data, element) for element in (names.children if names else ())
            if _is_ours(element)}


def _is_ours(name: Element) -> bool:
    return name.attributes.get("name", "").startswith((MARK_NAME, OPINION_NAME))


def _unlisted(root: Element, removed: Collection[int], shown: int) -> Iterator[Patch]:
    """The workbook without some of its sheets; what counts sheets counts anew. `shown`: the sheet that comes to the
    front where one of them was."""
    def moved(place: int) -> int:
        place = shown if place in removed else place
        return place - sum(number < place for number in removed)

    for number in removed:
        yield removal(root.first("sheets").children[number])
    yield from _without_names(root.first("definedNames"), removed, moved)
    views = root.first("bookViews")
    for view in views.children if views else ():
        changed = {name: str(moved(int(view.attributes[name]))) for name in ("activeTab", "firstSheet")
                   if name in view.attributes}
        if any(view.attributes[name] != value for name, value in changed.items()):
            yield retag(view, changed)


def _without_names(names: Element | None, removed: Collection[int], moved: Callable[[int], int]) -> Iterator[Patch]:
    """Names of ours go, and those of sheets that go; the others keep to their sheets."""
    listed = names.children if names else []
    local = {id(name): int(name.attributes["localSheetId"]) for name in listed if "localSheetId" in name.attributes}
    gone = [name for name in listed if _is_ours(name) or local.get(id(name)) in removed]
    if listed and len(gone) == len(listed):           # a list without names is damage
        yield removal(names)
        return
    yield from map(removal, gone)
    for name in listed:
        place = local.get(id(name))
        if name not in gone and place is not None and moved(place) != place:
            yield retag(name, {"localSheetId": str(moved(place))})


def _rels(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
