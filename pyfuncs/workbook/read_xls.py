"""Workbooks of Excel 97-2003 and WPS (.xls, .et) as grids, read with xlrd.

xlrd rather than calamine: calamine shows an error as a blank cell, knows no number formats, and one cell in
the last corner makes it ask for all memory. What xlrd leaves out, the formulas, is taken from the records of
the same stream, which are walked first to count: a file beyond the limits is refused before anything is built.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from

import xlrd
from xlrd.compdoc import CompDoc
from xlrd.formula import FMLA_TYPE_CELL, FMLA_TYPE_SHARED, decompile_formula

from pyfuncs.workbook.grid import UNKNOWN_FORMAT, Cells, Grid, RawCell, rulesets_in
from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.sheet_content import check_merges
from pyfuncs.workbook.watch import Unreadable, Watch

_RESEND = "请向填报单位重新要一份；能用 Excel 或 WPS 打开的，另存为“Excel 工作簿（*.xlsx）”再交。"
_PLACEHOLDER = "（公式）"                              # where a formula can't be put into words
# Record types of the file format.
_BOUNDSHEET, _FILEPASS, _FORMULA, _SHARED, _BOF, _EOF, _CONTINUE = 0x85, 0x2F, 0x06, 0x4BC, 0x809, 0x0A, 0x3C
_BLANK, _BLANKS, _NUMBERS = 0x201, 0xBE, 0xBD
_ONE_CELL = {0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6, _FORMULA}
_IGNORED = b"\xff\x0f"                                # a type nobody uses
_MOST_DECLARED = 100_000                              # formats, fonts, names …: Excel allows 4,000 cell formats
_EXPRESSION = 0x01                                    # a formula that says: see the shared one
_ERRORS = Exception                                   # xlrd answers a damaged file with any of them


@dataclass
class _Stream:
    """The records of a workbook, walked once. Blank cells are struck out: xlrd would build each of them."""

    data: bytearray
    watch: Watch
    starts: list[int] = field(default_factory=list)   # where the stream of each worksheet begins
    formulas: dict[int, dict[tuple[int, int], bytes]] = field(default_factory=dict)
    shared: dict[int, dict[tuple[int, int], bytes]] = field(default_factory=dict)
    cells: int = 0
    last: tuple[int, int] = 0, 0                      # the formula met last

    def walk(self) -> None:
        start = declared = depth = 0
        for at, kind, size in self._records():
            if kind == _BOF:
                start, depth = (at if depth == 0 else start), depth + 1
            elif kind == _EOF:
                depth -= 1
            elif kind == _FILEPASS:
                raise Unreadable("encrypted", f"文件“{self.watch.name}”设了打开密码，读不了。",
                                 "请在 Excel 或 WPS 中取消密码，保存后再交。")
            elif kind == _BOUNDSHEET and self.data[at + 9] == 0:
                self.starts.append(unpack_from("<I", self.data, at + 4)[0])
            elif start:
                self._of_sheet(start, at, kind, size)
            elif kind != _CONTINUE:
                declared += 1
                if declared > _MOST_DECLARED:
                    raise self.watch.beyond("too-many-formats", "的格式和名称太多", f"{_MOST_DECLARED} 个")

    def _records(self) -> Iterator[tuple[int, int, int]]:
        at, end, count = 0, len(self.data), 0
        while at + 4 <= end:
            kind, size = unpack_from("<HH", self.data, at)
            yield at, kind, size
            at, count = at + 4 + size, count + 1
            if count % 10_000 == 0:
                self.watch.check_time()

    def _of_sheet(self, start: int, at: int, kind: int, size: int) -> None:
        if kind in (_BLANK, _BLANKS):
            self.data[at:at + 2] = _IGNORED
        elif kind in _ONE_CELL or kind == _NUMBERS:
            self.cells += (size - 6) // 6 if kind == _NUMBERS else 1
            if self.cells > limits().cells:
                raise self.watch.beyond("too-many-cells", "有内容的单元格太多", f"{limits().cells} 个")
        if kind == _FORMULA:
            row, column = unpack_from("<HH", self.data, at + 4)
            length, = unpack_from("<H", self.data, at + 24)
            self.formulas.setdefault(start, {})[row, column] = bytes(self.data[at + 26:at + 26 + length])
            self.last = row, column
        elif kind == _SHARED:                         # stands behind the first formula that uses it
            length, = unpack_from("<H", self.data, at + 12)
            self.shared.setdefault(start, {})[self.last] = bytes(self.data[at + 14:at + 14 + length])


def read_xls(data: bytes, watch: Watch) -> tuple[Grid, ...]:
    """Every worksheet of an Excel 97-2003 workbook. Raises Unreadable."""
    log = io.StringIO()                               # xlrd would print what it finds odd
    try:
        document = CompDoc(data, logfile=log)
        data = document.get_named_stream("Workbook") or document.get_named_stream("Book")
        stream = _Stream(bytearray(data), watch)
        stream.walk()
        book = xlrd.open_workbook(file_contents=bytes(stream.data), logfile=log, formatting_info=True,
                                  on_demand=True, ragged_rows=True)
        if book.nsheets > limits().sheets:
            raise watch.beyond("too-many-sheets", f"有 {book.nsheets} 张工作表", f"{limits().sheets} 张")
        names = _names(book)
        return tuple(_grid(book, number, stream, names.get(number, {})) for number in range(book.nsheets))
    except Unreadable:
        raise
    except _ERRORS as error:
        raise Unreadable("damaged-file", f"文件“{watch.name}”（Excel 97-2003 格式）已损坏，读不出来。", _RESEND) from error


def _grid(book: xlrd.Book, number: int, stream: _Stream, names: dict[str, str]) -> Grid:
    stream.watch.check_time()
    sheet = book.sheet_by_index(number)
    merges = tuple(Box(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
    check_merges(sheet.name, merges, stream.watch)
    cells = _cells(book, sheet, stream.watch)
    start = stream.starts[number]
    for place, tokens in stream.formulas.get(start, {}).items():
        at = place[0] + 1, place[1] + 1
        formula = _words(book, tokens, stream.shared.get(start, {}), *place)
        cells[at] = cells.get(at, RawCell("", format=UNKNOWN_FORMAT))._replace(
            formula=formula, rulesets=rulesets_in(formula))
    grid = Grid(sheet.name, cells, merges, sheet.visibility == 0,
                frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
                frozenset(column + 1 for column, info in sheet.colinfo_map.items() if info.hidden), names)
    book.unload_sheet(number)
    return grid


def _cells(book: xlrd.Book, sheet: xlrd.sheet.Sheet, watch: Watch) -> Cells:
    cells: Cells = {}
    known = {key: found.format_str for key, found in book.format_map.items()}
    formats = dict(enumerate(known.get(style.format_key, UNKNOWN_FORMAT) for style in book.xf_list))
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            shown = formats.get(cell.xf_index, UNKNOWN_FORMAT)
            cells[row + 1, column + 1] = RawCell(_value(cell, watch), style=cell.xf_index or 0, format=shown)
    return cells


def _value(cell: xlrd.sheet.Cell, watch: Watch) -> str | float | bool:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return watch.check_text(cell.value)
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#N/A")
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
    return float(cell.value)


def _words(book: xlrd.Book, tokens: bytes, shared: dict[tuple[int, int], bytes], row: int, column: int) -> str:
    """A formula as a clerk would read it, without =."""
    kind = FMLA_TYPE_CELL
    if tokens[:1] == bytes([_EXPRESSION]) and len(tokens) >= 5:
        tokens, kind = shared.get(unpack_from("<HH", tokens, 1), b""), FMLA_TYPE_SHARED
    try:
        words = decompile_formula(book, tokens, len(tokens), kind, row, column) if tokens else ""
    except _ERRORS:
        words = ""
    return words or _PLACEHOLDER


def _names(book: xlrd.Book) -> dict[int, dict[str, str]]:
    """Names scoped to a sheet: its number -> name -> what it refers to."""
    found: dict[int, dict[str, str]] = {}
    for name in book.name_obj_list:
        if name.scope >= 0 and name.result is not None and name.result.text:
            found.setdefault(name.scope, {})[name.name] = name.result.text
    return found
