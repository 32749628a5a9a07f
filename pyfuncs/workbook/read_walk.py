"""The parts of a workbook read by an XML parser: slow, and right for every legal spelling.

`read_fast` reads the usual spelling only, and what it turns down comes here.
"""

from __future__ import annotations

import re

from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.places import Box, column_number
from pyfuncs.workbook.sheet_content import SheetContent, unescaped

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})\Z")
_RANGE = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7}\Z")
_TRUE = ("1", "true")
_ROWS_BETWEEN = 5000                                  # looks at the clock


class WorkbookReader:
    """Sheets as (name, relationship, state), and the names scoped to each sheet."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.names: dict[int, dict[str, str]] = {}
        self._name: tuple[int, str] | None = None
        self._text: list[str] = []

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", ""),
                                attributes.get("state", "visible")))
        elif element == "definedName" and _whole(attributes, "localSheetId") is not None:
            self._name, self._text = (_whole(attributes, "localSheetId"), attributes.get("name", "")), []

    def text(self, data: str) -> None:
        if self._name:
            self._text.append(data)

    def end(self, element: str) -> None:
        if element == "definedName" and self._name:
            sheet, name = self._name
            self.names.setdefault(sheet, {})[name] = "".join(self._text)
            self._name = None


class StringsReader:
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
            self.strings.append(unescaped("".join(self._pieces)))
            self._pieces = []


class StylesReader:
    """Number format ids of the cell formats in order, and the formats the workbook declares itself."""

    def __init__(self) -> None:
        self.used: list[int] = []
        self.own: dict[int, str] = {}
        self._inside = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element in ("numFmts", "cellXfs"):
            self._inside = element
        elif element == "numFmt" and self._inside == "numFmts" and _whole(attributes, "numFmtId") is not None:
            self.own.setdefault(_whole(attributes, "numFmtId"), attributes.get("formatCode", "General"))
        elif element == "xf" and self._inside == "cellXfs":
            self.used.append(_whole(attributes, "numFmtId") or 0)

    def end(self, element: str) -> None:
        if element == self._inside:
            self._inside = ""


class SheetReader:
    """Fills a SheetContent from the events of a sheet part."""

    def __init__(self, content: SheetContent) -> None:
        self._content = content
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._share = ""
        self._into: list[str] | None = None           # what the text that comes belongs to
        self._phonetic = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "c":
            self._start_cell(attributes)
        elif element in ("v", "t"):
            if self._cell is not None and not self._phonetic:
                self._value = self._into = [] if self._value is None else self._value
        elif element == "f" and self._cell is not None:
            self._formula = self._into = []
            self._share = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif element == "rPh":
            self._phonetic = True
        elif element == "row":
            self._start_row(attributes)
        elif element == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif element == "col" and attributes.get("hidden") in _TRUE:
            self._content.hide_columns(attributes["min"], attributes["max"])

    def _merge(self, reference: str) -> None:
        content = self._content
        if _RANGE.match(reference) and len(content.merges) <= limits().merges:   # one more than may be is told
            content.merges.append(Box.at(reference.replace("$", "")))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self._row + 1
        self._column = 0
        if attributes.get("hidden") in _TRUE:
            self._content.hidden_rows.add(self._row)
        if self._row % _ROWS_BETWEEN == 0:
            self._content.watch.check_time()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        match = _CELL.match(attributes.get("r", ""))
        self._column = column_number(match[1]) if match else self._column + 1
        self._row = int(match[2]) if match else self._row
        self._cell, self._value, self._formula, self._share = attributes, None, None, ""

    def text(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    def end(self, element: str) -> None:
        if element in ("v", "t", "f"):
            self._into = None
        elif element == "rPh":
            self._phonetic = False
        elif element == "c" and self._cell is not None:
            if self._formula is not None or self._value is not None:
                self._add(self._cell)
            self._cell = None

    def _add(self, attributes: dict[str, str]) -> None:
        self._content.add(
            (self._row, self._column), _whole(attributes, "s") or 0, attributes.get("t", "n"),
            None if self._value is None else "".join(self._value),
            None if self._formula is None else "".join(self._formula), self._share)


def _whole(attributes: dict[str, str], name: str) -> int | None:
    """A whole number of at most nine digits; None where there is none."""
    text = attributes.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
