"""Converting a workbook's file: only the cells that change are patched, every other part keeps its bytes."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from xml.parsers.expat import ExpatError

from openpyxl.formula.translate import Translator

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.workbook.cells import ERRORS
from pyfuncs.workbook.convert import Address, Change, Content, Conversion, convert
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.mark_sheet import Marks, marked_sheet
from pyfuncs.workbook.mark_xml import Element, Patch, parse, patched, safe_text, start_tag
from pyfuncs.workbook.names import IDENTITY_SHEET
from pyfuncs.workbook.package_copy import write_copy
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.read_book import Book, RawSheet, read_book
from pyfuncs.workbook.safe_zip import Package, Unreadable, open_package, related
from pyfuncs.workbook.standing import standing
from pyfuncs.workbook.template import EDITION_NAMES, EDITION_NOTES

_WHOLE_SHEET = 1_048_576
_CONTENT_TYPES = "[Content_Types].xml"
Place = tuple[int, int]


@dataclass(frozen=True)
class Planned:
    """What a conversion comes to, before anything is written."""

    stated: Edition
    conversion: Conversion
    words: int                                        # changes that only name the edition

    @property
    def formulas(self) -> int:
        """How many formulas come, go or change."""
        return len(self.conversion.changes) - self.words


def plan_conversion(path: Path, target: Edition) -> Planned:
    """What would change in the file. Raises Unreadable for a file that can't be read or is none of ours, and
    NotStanding when its cells can't be matched with the template's."""
    return _Source(path).planned(target)


def convert_copy(source: Path, copy: Path, target: Edition) -> Planned:
    """Write a copy of `source` in another edition; the original is only read.

    Raises as `plan_conversion` does, and FileExistsError when `copy` exists.
    """
    opened = _Source(source)
    planned = opened.planned(target)
    opened.write(copy, planned.conversion.changes)
    return planned


class _Source:
    """The workbook that is converted."""

    def __init__(self, path: Path) -> None:
        self.package: Package = open_package(path)
        self.book: Book = read_book(self.package)
        try:
            self.sheets = {sheet.name: SheetXml(self.book, sheet) for sheet in self.book.sheets if sheet.part}
            self.contents = {name: sheet.content for name, sheet in self.sheets.items()}
        except (ValueError, ExpatError):              # another encoding, or parts that contradict each other
            raise _unfit(path) from None

    def planned(self, target: Edition) -> Planned:
        stated = next((name for name, word in EDITION_NAMES.items() if word == self._identity("edition")), "formula")
        ruleset = self._ruleset()
        conversion = convert(ruleset, standing(ruleset, self.book), self.contents, stated, target)
        words = dict(self._words(target))
        conversion.changes.update(words)
        return Planned(stated, conversion, len(words))

    def write(self, copy: Path, changes: Mapping[Address, Change]) -> None:
        by_sheet: dict[str, dict[Place, Change]] = {}
        for (name, cell), change in changes.items():
            box = Box.at(cell)
            by_sheet.setdefault(name, {})[box.top, box.left] = change
        try:
            parts = {self.sheets[name].sheet.part: self.sheets[name].changed(listed) for name, listed in by_sheet.items()}
            moved = any(bool(change.formula) != (cell in self.contents[name].formulas)
                        for name, listed in by_sheet.items() for cell, change in listed.items())
            chain = next(iter(related(self.package, self.book.part, "/calcChain").values()), "") if moved else ""
            if chain:                                 # Excel makes it anew; one that names other cells is damage
                parts |= self._without(chain)
        except (ValueError, ExpatError):
            raise _unfit(self.package.path) from None
        write_copy(self.package, copy, parts, {chain})

    # -- what the workbook says of itself -------------------------------------------------------------------

    def _identity(self, key: str) -> str:
        found = self._beside(IDENTITY_SHEET, key)
        return str(self.contents[IDENTITY_SHEET].raw(found).value or "") if found else ""

    def _beside(self, sheet: str, text: str) -> Place | None:
        """The cell right of the one that holds `text`."""
        cells = self.contents[sheet].cells if sheet in self.contents else {}
        return next(((row, column + 1) for (row, column), cell in cells.items() if cell.value == text), None)

    def _ruleset(self) -> RuleSet:
        stated = self._identity("ruleset")
        if not stated:
            raise Unreadable("not-our-template", f"“{self.package.path.name}”不是用本工具箱的模板填的（没有标识页"
                             f"“{IDENTITY_SHEET}”），不能转换。", "请用本工具箱的模板填报。")
        try:
            return load_ruleset(stated)
        except RuleSetError as error:
            reason = "；".join(problem.message for problem in error.problems)
            raise Unreadable("unknown-ruleset", f"规则集“{stated}”不能用：{reason}。",
                             "请升级工具箱，或把规则集文件夹放到程序旁边的“规则集”中。") from None

    def _words(self, target: Edition) -> Iterator[tuple[Address, Change]]:
        """The edition as the identity sheet and the cover state it."""
        found = self._beside(IDENTITY_SHEET, "edition")
        if found:
            yield (IDENTITY_SHEET, Box(*found, *found).cell), Change("", EDITION_NAMES[target])
        for name, content in self.contents.items():
            for (row, column), cell in content.cells.items():
                if cell.value in EDITION_NOTES.values():
                    yield (name, Box(row, column, row, column).cell), Change("", EDITION_NOTES[target])

    def _without(self, part: str) -> dict[str, bytes]:
        """The package's lists without a part."""
        folder, _, name = self.book.part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        types, relations = self.package.read(_CONTENT_TYPES), self.package.read(rels)
        listed = [element for element in parse(types).children if element.attributes.get("PartName") == f"/{part}"]
        linked = [element for element in parse(relations).children
                  if element.attributes.get("Type", "").endswith("/calcChain")]
        return {_CONTENT_TYPES: patched(types, map(_removed, listed)), rels: patched(relations, map(_removed, linked))}


class SheetXml:
    """A sheet's part with the places of its cells."""

    def __init__(self, book: Book, sheet: RawSheet) -> None:
        self.book, self.sheet = book, sheet
        self.values, _ = book.cells(sheet, _WHOLE_SHEET)
        self.data = book.package.read(sheet.part)

    @cached_property
    def content(self) -> Content:
        elements = dict(_cells(parse(self.data)))
        return Content(self.values, dict(_formulas(self.data, elements)))

    def changed(self, changes: Mapping[Place, Change]) -> bytes:
        """The part with these cells rewritten; what shares a formula with one of them gets its own."""
        present = dict(_cells(parse(self.data)))
        missing = [Box(*cell, *cell).cell for cell in changes if cell not in present]
        data = marked_sheet(self.data, Marks(cells=missing)) if missing else self.data
        elements = dict(_cells(parse(data)))
        patches = [Patch(elements[cell].start, elements[cell].end, _written(elements[cell], change))
                   for cell, change in changes.items()]
        return patched(data, [*patches, *_parted(data, elements, changes)])


def _cells(root: Element) -> Iterator[tuple[Place, Element]]:
    """Cells of a sheet in order; a program may leave their addresses out."""
    row = 0
    for line in (sheet_data.all("row") if (sheet_data := root.first("sheetData")) else ()):
        row, column = int(line.attributes.get("r", row + 1)), 0
        for cell in line.all("c"):
            column = Box.at(cell.attributes["r"]).left if "r" in cell.attributes else column + 1
            yield (row, column), cell


def _formulas(data: bytes, elements: Mapping[Place, Element]) -> Iterator[tuple[Place, str]]:
    """Formulas with their "="; of a shared one each cell gets its own text."""
    masters: dict[str, tuple[str, str]] = {}
    for place, cell in elements.items():
        element = cell.first("f")
        if element is None:
            continue
        text, at = "=" + html.unescape(data[element.inner:element.inner_end].decode()), Box(*place, *place).cell
        group = element.attributes.get("si", "") if element.attributes.get("t") == "shared" else ""
        if group and len(text) > 1:
            masters[group] = text, at
        elif group in masters:
            master, origin = masters[group]
            text = Translator(master, origin).translate_formula(at)
        yield place, text


def _parted(data: bytes, elements: Mapping[Place, Element], changes: Mapping[Place, Change]) -> Iterator[Patch]:
    """Cells that share a formula with one that changes."""
    groups = {place: cell.first("f").attributes.get("si", "") for place, cell in elements.items()
              if cell.first("f") and cell.first("f").attributes.get("t") == "shared"}
    broken = {groups[place] for place in changes if place in groups}
    texts = dict(_formulas(data, elements)) if broken else {}
    for place, group in groups.items():
        if group in broken and place not in changes:
            element = elements[place].first("f")
            yield Patch(element.start, element.end, f"<{element.name}>{safe_text(texts[place][1:])}</{element.name}>")


def _written(cell: Element, change: Change) -> str:
    """A cell anew: its address and format stay."""
    p, kept = cell.prefix, {name: cell.attributes[name] for name in ("r", "s") if name in cell.attributes}
    formula = f"<{p}f>{safe_text(change.formula[1:])}</{p}f>" if change.formula else ""
    kind, value = _value(p, change)
    element = Element(cell.name, kept | ({"t": kind} if kind else {}), 0, 0, not (formula or value))
    return start_tag(element, {}) + (f"{formula}{value}</{cell.name}>" if formula or value else "")


def _value(prefix: str, change: Change) -> tuple[str, str]:
    """Type and content that store a value."""
    value, p = change.value, prefix
    if isinstance(value, Decimal):
        return "", f"<{p}v>{float(value)!r}</{p}v>"
    if value in ERRORS:
        return "e", f"<{p}v>{value}</{p}v>"
    if change.formula:
        return "str", f"<{p}v>{safe_text(value)}</{p}v>"
    text = f'<{p}is><{p}t xml:space="preserve">{safe_text(value)}</{p}t></{p}is>'
    return ("inlineStr", text) if value else ("", "")


def _removed(element: Element) -> Patch:
    return Patch(element.start, element.end, "")


def _unfit(path: Path) -> Unreadable:
    return Unreadable("not-convertible", f"文件“{path.name}”的内部结构特别，不能转换。",
                      "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再转换。")
