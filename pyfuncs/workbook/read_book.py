"""A workbook as it lies in its package: sheets, defined names, cells with value, formula flag and format.

One pass over each sheet gives what two loads of a spreadsheet library would: the stored value, whether a
formula stands there, whether that formula was ever worked out. Reading stops below the last row asked for,
so a million formatted empty rows cost nothing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from pyfuncs.workbook.grid import Cells, Grid, RawCell
from pyfuncs.workbook.places import Box, column_number
from pyfuncs.workbook.read_formats import BUILTIN
from pyfuncs.workbook.safe_zip import Package, Unreadable

_LAST_ROW = 10**9                                     # of no sheet
_SHARED = "（共享公式）"                                # stands in the first cell of the range that shares it
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})\Z")
_RANGE = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7}\Z")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RULESET = re.compile(r'JX_\w+\s*\(\s*"(\w+/\w+)"', re.IGNORECASE)


@dataclass(frozen=True)
class RawSheet:
    name: str
    part: str
    visible: bool
    names: dict[str, str] = field(default_factory=dict)   # names scoped to this sheet -> what they refer to


@dataclass(frozen=True)
class Book:
    """A workbook that was opened; cells are read sheet by sheet, when asked for."""

    package: Package
    part: str                                         # the workbook part
    sheets: tuple[RawSheet, ...]
    strings_part: str
    styles_part: str

    def sheet(self, name: str) -> RawSheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def cells(self, sheet: RawSheet, last_row: int) -> tuple[Cells, frozenset[int]]:
        """Cells that hold something, down to `last_row`, by (row, column); and the hidden rows.

        Raises Unreadable when the part is missing or broken.
        """
        reader = self._walked(sheet, last_row)
        return reader.cells, frozenset(reader.hidden)

    def grid(self, sheet: RawSheet) -> Grid:
        """The whole sheet. Raises Unreadable when the part is missing or broken."""
        reader = self._walked(sheet, _LAST_ROW)
        return Grid(sheet.name, reader.cells, tuple(reader.merges), sheet.visible, frozenset(reader.hidden),
                    frozenset(reader.hidden_columns), sheet.names)

    def _walked(self, sheet: RawSheet, last_row: int) -> _SheetReader:
        reader = _SheetReader(self._strings, self._formats, last_row)
        try:
            self.package.walk(sheet.part, reader.start, reader.end, reader.text)
        except (IndexError, ValueError):              # a shared string that is not in the list of strings
            raise self.package.damaged(sheet.part) from None
        return reader

    @cached_property
    def _strings(self) -> list[str]:
        if self.strings_part not in self.package:
            return []
        reader = _StringsReader()
        self.package.walk(self.strings_part, reader.start, reader.end, reader.text)
        return reader.strings

    @cached_property
    def _formats(self) -> list[str]:
        if self.styles_part not in self.package:
            return []
        reader = _StylesReader()
        self.package.walk(self.styles_part, reader.start, reader.end)
        return [reader.own.get(number, BUILTIN.get(number, "General")) for number in reader.used]


def read_book(package: Package) -> Book:
    """Sheets and names of a workbook. Raises Unreadable when there is no workbook part."""
    main = next(iter(related(package, "", "/officeDocument").values()), "xl/workbook.xml")
    reader = _WorkbookReader()
    package.walk(main, reader.start, reader.end, reader.text)
    parts = related(package, main)
    sheets = tuple(RawSheet(name, parts.get(relation, ""), state == "visible", reader.names.get(index, {}))
                   for index, (name, relation, state) in enumerate(reader.sheets))
    if not sheets:
        raise Unreadable("no-sheets", f"文件“{package.path.name}”里没有工作表。", "请交用本工具箱的模板填好的文件。")
    strings, styles = (next(iter(related(package, main, kind).values()), "")
                       for kind in ("/sharedStrings", "/styles"))
    return Book(package, main, sheets, strings, styles)


def related(package: Package, part: str, kind: str = "") -> dict[str, str]:
    """Relationship id -> part, of the relationships of `part` whose type ends with `kind`."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, str] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External" \
                and attributes.get("Type", "").endswith(kind):
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[attributes.get("Id", "")] = posixpath.normpath(path)

    if rels in package:
        package.walk(rels, start)
    return found


class _WorkbookReader:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.names: dict[int, dict[str, str]] = {}
        self._name: tuple[int, str] | None = None
        self._text = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", ""),
                                attributes.get("state", "visible")))
        elif element == "definedName" and attributes.get("localSheetId", "").isdigit():
            self._name, self._text = (int(attributes["localSheetId"]), attributes.get("name", "")), ""

    def text(self, data: str) -> None:
        if self._name:
            self._text += data

    def end(self, element: str) -> None:
        if element == "definedName" and self._name:
            sheet, name = self._name
            self.names.setdefault(sheet, {})[name] = self._text
            self._name = None


class _StringsReader:
    """Shared strings: runs of rich text joined, phonetic guides left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._inside = self._phonetic = False

    def start(self, element: str, _: dict[str, str]) -> None:
        self._inside = element == "t" and not self._phonetic
        self._phonetic = self._phonetic or element == "rPh"

    def text(self, data: str) -> None:
        if self._inside:
            self._pieces.append(data)

    def end(self, element: str) -> None:
        self._inside = False
        if element == "rPh":
            self._phonetic = False
        elif element == "si":
            self.strings.append(_unescaped("".join(self._pieces)))
            self._pieces = []


class _StylesReader:
    """Number format ids of the cell formats in order, and the formats the workbook declares itself."""

    def __init__(self) -> None:
        self.used: list[int] = []
        self.own: dict[int, str] = {}
        self._inside = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "numFmt" and attributes.get("numFmtId", "").isdigit():
            self.own.setdefault(int(attributes["numFmtId"]), attributes.get("formatCode", "General"))
        elif element == "cellXfs":
            self._inside = True
        elif element == "xf" and self._inside:
            number = attributes.get("numFmtId", "0")
            self.used.append(int(number) if number.isdigit() else 0)

    def end(self, element: str) -> None:
        self._inside = self._inside and element != "cellXfs"


class _SheetReader:
    def __init__(self, strings: list[str], formats: list[str], last_row: int) -> None:
        self.cells: Cells = {}
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merges: list[Box] = []
        self._strings, self._formats, self._last_row = strings, formats, last_row
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None
        self._value: str | None = None
        self._formula = self._collect = self._phonetic = self._in_formula = False
        self._formula_text = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "c":
            self._start_cell(attributes)
        elif element in ("v", "t"):
            self._collect = self._cell is not None and not self._phonetic
            self._value = (self._value or "") if self._collect else self._value
        elif element == "f":
            self._formula = self._in_formula = True
            self._formula_text = ""
        elif element == "rPh":
            self._phonetic = True
        elif element == "mergeCell" and _RANGE.match(attributes.get("ref", "")):
            self.merges.append(Box.at(attributes["ref"].replace("$", "")))
        elif element == "col" and attributes.get("hidden") in ("1", "true"):
            self.hidden_columns |= set(range(int(attributes["min"]), int(attributes["max"]) + 1))
        elif element == "row":
            self._row = int(attributes["r"]) if attributes.get("r", "").isdigit() else self._row + 1
            self._column = 0
            if self._row > self._last_row:
                raise StopIteration
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        match = _CELL.match(attributes.get("r", ""))
        self._column = column_number(match[1]) if match else self._column + 1
        self._cell, self._value, self._formula, self._formula_text = attributes, None, False, ""

    def text(self, data: str) -> None:
        if self._collect:
            self._value = (self._value or "") + data
        elif self._in_formula:
            self._formula_text += data

    def end(self, element: str) -> None:
        if element in ("v", "t"):
            self._collect = False
        elif element == "f":
            self._in_formula = False
        elif element == "rPh":
            self._phonetic = False
        elif element == "c" and self._cell is not None:
            if self._formula or self._value is not None:
                self.cells[self._row, self._column] = self._raw(self._cell)
            self._cell = None

    def _raw(self, attributes: dict[str, str]) -> RawCell:
        kind, text = attributes.get("t", "n"), self._value
        style = int(attributes["s"]) if attributes.get("s", "").isdigit() else 0
        shown = self._formats[style] if style < len(self._formats) else "General"
        formula = (self._formula_text or _SHARED) if self._formula else ""
        rulesets = tuple(_RULESET.findall(formula)) if formula else ()
        # A program that can't calculate leaves <v/> without a type; an empty text has the type str.
        if formula and not text and kind != "str":
            return RawCell(None, formula, style, False, rulesets, shown)
        return RawCell(_VALUES.get(kind, _unescaped)(text or "", self._strings), formula, style, True, rulesets, shown)


def _number(text: str, _: list[str]) -> str | float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return text


def _shared(text: str, strings: list[str]) -> str | None:
    return strings[int(text)] if text else None


def _unescaped(text: str, _: list[str] | None = None) -> str:
    """Control characters are stored as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


_VALUES: dict[str, Callable[[str, list[str]], str | int | float | bool | None]] = {
    "n": _number, "s": _shared, "b": lambda text, _: text.strip() in ("1", "true"),
}
