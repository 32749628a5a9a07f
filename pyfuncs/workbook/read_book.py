"""A workbook as it lies in its package: sheets, defined names, and each sheet as a grid, read when asked for.

One pass over each part gives what two loads of a spreadsheet library would: value, type, error, formula text,
whether that formula was ever worked out, number format, merges, what is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from pyfuncs.workbook.grid import Cells, Grid
from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.read_fast import (
    SheetsAndNames, Unusual, fast_formats, fast_sheet, fast_strings, fast_workbook)
from pyfuncs.workbook.read_formats import BUILTIN
from pyfuncs.workbook.read_walk import SheetReader, StringsReader, StylesReader, WorkbookReader
from pyfuncs.workbook.safe_zip import Package, relations
from pyfuncs.workbook.sheet_content import Shared, SheetContent
from pyfuncs.workbook.watch import Unreadable

MOST_FORMATS = 100_000                                # cell formats; Excel allows 65,490
MOST_NAMES = 200_000
Read = TypeVar("Read")


@dataclass(frozen=True)
class RawSheet:
    name: str
    part: str
    visible: bool
    names: dict[str, str] = field(default_factory=dict)   # names scoped to this sheet -> what they refer to


@dataclass(frozen=True)
class Book:
    """A workbook that was opened; sheets are read when asked for, each once."""

    package: Package
    part: str                                         # the workbook part
    sheets: tuple[RawSheet, ...]
    strings_part: str
    styles_part: str
    _grids: dict[str, Grid] = field(default_factory=dict, compare=False, repr=False)

    def sheet(self, name: str) -> RawSheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def cells(self, sheet: RawSheet, last_row: int) -> tuple[Cells, frozenset[int]]:
        """Cells that hold something, down to `last_row`, by (row, column); and the hidden rows.

        Raises Unreadable when the part is missing, broken or beyond the limits.
        """
        grid = self.grid(sheet)
        return {place: cell for place, cell in grid.cells.items() if place[0] <= last_row}, grid.hidden_rows

    def grid(self, sheet: RawSheet) -> Grid:
        """The whole sheet. Raises Unreadable when the part is missing, broken or beyond the limits."""
        if sheet.name not in self._grids:
            content = self._read(sheet)
            self._grids[sheet.name] = Grid(
                sheet.name, content.cells, tuple(content.merges), sheet.visible, frozenset(content.hidden_rows),
                frozenset(content.hidden_columns), sheet.names)
        return self._grids[sheet.name]

    def _read(self, sheet: RawSheet) -> SheetContent:
        try:
            content = self._content(sheet)
            try:
                fast_sheet(self.package.read(sheet.part), content)
            except Unusual:
                content = self._content(sheet)
                reader = SheetReader(content)
                self.package.walk(sheet.part, reader.start, reader.end, reader.text)
            content.finish()
        except (IndexError, KeyError, ValueError):    # a text that is not in the list, a column that never ends
            raise self.package.damaged(sheet.part) from None
        return content

    def _content(self, sheet: RawSheet) -> SheetContent:
        read = sum(len(grid.cells) for grid in self._grids.values())
        return SheetContent(self.shared, self.package.watch, sheet.name, limits().cells - read)

    @cached_property
    def shared(self) -> Shared:
        """What all sheets refer to. Raises Unreadable when its parts are broken or beyond the limits."""
        return Shared(self._strings(), self._formats())

    def _strings(self) -> list[str]:
        if not self.strings_part:
            return []
        watch, most = self.package.watch, limits().cells
        strings = _either(lambda: fast_strings(self.package.read(self.strings_part), most),
                          self._walked_strings)
        if len(strings) > most:
            raise watch.beyond("too-many-cells", "里的文字太多", f"{most} 条")
        watch.check_length(max(map(len, strings), default=0))
        return strings

    def _walked_strings(self) -> list[str]:
        reader = StringsReader()
        self.package.walk(self.strings_part, reader.start, reader.end, reader.text)
        return reader.strings

    def _formats(self) -> list[str]:
        if self.styles_part not in self.package:
            return []
        used, own = _either(lambda: fast_formats(self.package.read(self.styles_part)), self._walked_formats)
        if len(used) > MOST_FORMATS:
            raise self.package.watch.beyond("too-many-formats", f"有 {len(used)} 种单元格格式", f"{MOST_FORMATS} 种")
        return [own.get(number, BUILTIN.get(number, "General")) for number in used]

    def _walked_formats(self) -> tuple[list[int], dict[int, str]]:
        reader = StylesReader()
        self.package.walk(self.styles_part, reader.start, reader.end)
        return reader.used, reader.own


def read_book(package: Package) -> Book:
    """Sheets and names of a workbook. Raises Unreadable when there is no workbook part."""
    main = next((part for kind, part in relations(package, "").values() if kind.endswith("/officeDocument")),
                "xl/workbook.xml")
    found, names = _either(lambda: fast_workbook(package.read(main)), lambda: _walked_workbook(package, main))
    parts = relations(package, main)
    sheets = tuple(RawSheet(name, parts.get(relation, ("", ""))[1], state == "visible", names.get(index, {}))
                   for index, (name, relation, state) in enumerate(found))
    if not sheets:
        raise Unreadable("no-sheets", f"文件“{package.path.name}”里没有工作表。", "请交用本工具箱的模板填好的文件。")
    _refuse_one_name_twice(package, [sheet.name for sheet in sheets])
    if len(sheets) > limits().sheets:
        raise package.watch.beyond("too-many-sheets", f"有 {len(sheets)} 张工作表", f"{limits().sheets} 张")
    if sum(map(len, names.values())) > MOST_NAMES:
        raise package.watch.beyond("too-many-names", "的名称太多", f"{MOST_NAMES} 个")
    strings, styles = (next((part for kind, part in parts.values() if kind.endswith(wanted)), "")
                       for wanted in ("/sharedStrings", "/styles"))
    return Book(package, main, sheets, strings, styles)


def _refuse_one_name_twice(package: Package, names: list[str]) -> None:
    """No program writes such a workbook, and neither a formula nor a finding could say which sheet it means."""
    known: set[str] = set()
    for name in names:
        if name.lower() in known:
            raise Unreadable("same-sheet-name", f"文件“{package.path.name}”里有两张工作表都叫《{name}》，分不清哪张是哪张。",
                             "请在 Excel 或 WPS 中打开，给其中一张改名，保存后再交。")
        known.add(name.lower())


def _walked_workbook(package: Package, part: str) -> SheetsAndNames:
    reader = WorkbookReader()
    package.walk(part, reader.start, reader.end, reader.text)
    return reader.sheets, reader.names


def _either(fast: Callable[[], Read], walked: Callable[[], Read]) -> Read:
    try:
        return fast()
    except Unusual:
        return walked()
