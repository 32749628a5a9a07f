"""The list of units (单位名单) as people keep it: a CSV file of any program, or a table in a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from pyfuncs.consolidate.units_list import MOST_ROWS, UnitsList, UnitsListError, header_row, parse_units
from pyfuncs.workbook.grid import Grid, RawCell
from pyfuncs.workbook.limits import limited, limits
from pyfuncs.workbook.read_formats import is_date, plain, show
from pyfuncs.workbook.safe_zip import file_bytes
from pyfuncs.workbook.sniff import old_kind
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.watch import Unreadable

_MOST_CELLS = 2_000_000                               # a list of a province is larger than any form
_MOST_COLUMNS = 100
_MOST_MERGED = 200_000                                # cells that merges stand for
_DELIMITERS = (",", "\t", ";")
_GUARDED = re.compile(r'="([^"]*)"')                  # how a CSV file keeps the noughts before a code
_FIRST_DAY = date(1899, 12, 30)

Rows = Sequence[Sequence[str]]


def read_units(path: Path) -> UnitsList:
    """The list in a .csv file (UTF-8, UTF-16 or GBK), a workbook or a Word table; of several sheets, the first visible
    one with a column 单位名称. The file is only read. Raises UnitsListError, and nothing else, for whatever is no list.
    """
    try:
        data = file_bytes(path)
        if data.startswith(b"PK") or old_kind(data):
            return _of_workbook(path)
    except Unreadable as error:
        raise UnitsListError(f"{error.trouble.message}{error.trouble.advice}") from None
    return parse_units(_csv_rows(_decoded(data)))


# -- text ---------------------------------------------------------------------------------------------------------

def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnitsListError("单位名单读不出来：既不是 UTF-8 也不是 GBK 编码；请在表格软件中另存为 CSV，或直接用 .xlsx")


def _csv_rows(text: str) -> Rows:
    read = [_separated(text, delimiter) for delimiter in _DELIMITERS if delimiter in text] or [_separated(text, ",")]
    return next((rows for rows in read if header_row(rows) >= 0), read[0])


def _separated(text: str, delimiter: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [[_GUARDED.sub(r"\1", cell.strip()) for cell in cells] for cells in reader]
    except csv.Error:
        raise UnitsListError(f"单位名单第 {reader.line_num} 行读不下去，可能少了半个引号；"
                             "请在表格软件中打开核对，另存为 CSV，或直接用 .xlsx") from None


# -- workbooks ----------------------------------------------------------------------------------------------------

def _of_workbook(path: Path) -> UnitsList:
    with limited(replace(limits(), cells=_MOST_CELLS)):
        grids = [grid for grid in open_source(path).grids if grid.visible]
    if not grids:
        raise UnitsListError("单位名单里没有看得见的工作表；请取消隐藏，或换一个文件")
    tables = ((grid.name, _rows(grid)) for grid in grids)
    found = next(((name, rows) for name, rows in tables if header_row(rows) >= 0), None)
    if found is None:
        return parse_units(_rows(grids[0]))           # raises, and says what the first row should be
    note = f"“{path.name}”有 {len(grids)} 张表，单位名单用的是《{found[0]}》"
    return replace(parse_units(found[1]), notes=(note,) if len(grids) > 1 else ())


def _rows(grid: Grid) -> Rows:
    last = max((row for row, _ in grid.cells), default=0)
    if last > 2 * MOST_ROWS:
        raise UnitsListError(f"《{grid.name}》第 {last} 行还有内容，单位名单最多 {MOST_ROWS} 行；"
                             "请核对是不是选错了文件，或删去多余的内容")
    rows: list[list[str]] = [[] for _ in range(last)]
    for (row, column), cell in (*grid.cells.items(), *_merged(grid, last)):
        if column <= _MOST_COLUMNS:
            cells = rows[row - 1]
            cells += [""] * (column - len(cells))
            cells[column - 1] = _text(cell)
    return rows


def _merged(grid: Grid, last: int) -> Iterator[tuple[tuple[int, int], RawCell]]:
    """Cells below the first one of a merge: 上级 is often one merged cell beside all its units."""
    left = _MOST_MERGED
    for box in grid.merges:
        cell = grid.cells.get((box.top, box.left))
        if cell is None or box.left != box.right:
            continue
        left -= min(box.bottom, last) - box.top
        if left < 0:
            raise UnitsListError(f"《{grid.name}》合并单元格太多；请取消合并，每格各填各的")
        for row in range(box.top + 1, min(box.bottom, last) + 1):
            yield (row, box.left), cell


def _text(cell: RawCell) -> str:
    """As it is shown; a formula that was never worked out as the formula, which no list may hold."""
    if cell.formula and not cell.cached:
        return f"={cell.formula}"
    if isinstance(cell.value, bool):
        return "是" if cell.value else "否"
    if isinstance(cell.value, (int, float)):
        return _number(Decimal(repr(cell.value)), cell.format)
    return (cell.value or "").strip()


def _number(value: Decimal, number_format: str) -> str:
    """A date as 2023-03-31; a number with the noughts it is shown with, and never with less digits than it has."""
    if is_date(number_format) and 0 < value < 100_000:
        return (_FIRST_DAY + timedelta(days=int(value))).isoformat()
    shown = show(value, number_format).text.replace(",", "")
    return shown if re.fullmatch(r"\d+", shown) and Decimal(shown) == value else plain(value)
