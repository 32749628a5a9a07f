"""Read a registry workbook (规则登记表) that somebody edited: rows of texts, each text with its cell.

A workbook is data from outside: nothing in it is calculated, and every cell that can't be taken as it
stands is told, all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pyfuncs.catalog.marks import Problem
from pyfuncs.catalog.refs import near
from pyfuncs.catalog.registry import Line
from pyfuncs.catalog.registry_fields import UNPRINTABLE, is_blank, narrow, short
from pyfuncs.catalog.registry_sheets import GUIDE, SHEETS, UPRIGHT, Sheet
from pyfuncs.catalog.registry_shapes import CellMark
from pyfuncs.workbook.places import column_letters, column_number
from pyfuncs.workbook.grid import Cells, RawCell
from pyfuncs.workbook.read_book import Book, RawSheet, read_book
from pyfuncs.workbook.read_formats import is_date, plain, show
from pyfuncs.workbook.safe_zip import Unreadable, open_package

MOST_ROWS = 5000
MOST_TEXT = 2_000_000                                 # characters in all; a large rule set has 50 000
_SURE_DIGITS = 15                                     # of a stored number
_LARGE = Decimal(10) ** 15
_ERRORS = {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"}
_AS_TEXT = "请把这一格设为文本格式，再照原样输入"


@dataclass
class Reading:
    """`lines`: rows by sheet; `broken`: sheets that can't be read; `notes`: what was read with a doubt."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def tell(self, sheet: str, message: str, row: int = 0, column: int = 0) -> None:
        self.problems.append(Problem(cell_mark(sheet, row, column), message))


def cell_mark(sheet: str, row: int = 0, column: int = 0) -> CellMark:
    return CellMark(sheet, row, column, f"{column_letters(column)}{row}" if column else "")


def read_registry(path: Path) -> Reading:
    """All rows of a registry workbook. Raises Unreadable when the file is no workbook that can be opened."""
    book = read_book(open_package(path))
    reading = Reading()
    named = {narrow(raw.name): raw for raw in book.sheets}
    strange = [name for name in named if name not in SHEETS and name != GUIDE]
    absent = [name for name in SHEETS if name not in named]
    if len(absent) == len(SHEETS):
        raise Unreadable("not-a-registry", f"文件“{path.name}”不是规则登记表，里面没有《规则集》《表单》这些工作表。",
                         "请用 jixiao rulesets export 导出一份，在那上面改。")
    for name in strange:
        reading.tell(name, f"{_strange('工作表', name, absent or SHEETS)}请改回原名；自己另加的工作表请移到别的文件")
    for name in absent:
        reading.broken.add(name)
        reading.tell(name, "没有这张工作表；没有内容也要保留它和它的表头，请从导出的登记表里补上")
    for name, sheet in SHEETS.items():
        if name in named:
            _SheetReader(book, named[name], sheet, reading).read()
    texts = (text for lines in reading.lines.values() for line in lines for text in line.texts.values())
    size = sum(map(len, texts))
    if size > MOST_TEXT:
        raise Unreadable("too-much", f"登记表“{path.name}”里有 {size // 10_000} 万个字，多得不合情理，没有读。",
                         "请核对是不是选错了文件。")
    return reading


class _SheetReader:
    def __init__(self, book: Book, raw: RawSheet, sheet: Sheet, reading: Reading) -> None:
        self.book, self.raw, self.sheet, self.reading = book, raw, sheet, reading

    def read(self) -> None:
        try:
            cells, _ = self.book.cells(self.raw, MOST_ROWS + 1)
            merged = _merged(self.book, self.raw)
        except Unreadable as error:
            self.reading.broken.add(self.sheet.name)
            self.reading.tell(self.sheet.name, f"读不了：{error}")
            return
        texts = self._texts(cells)
        headers = self._headers({column: text for (row, column), text in texts.items() if row == 1})
        for area in merged:
            self._tell(f"{area} 是合并单元格，只有左上角一格的内容算数；请取消合并，每格各填各的", *_corner(area))
        rows: dict[int, dict[int, str]] = {}
        for (row, column), text in texts.items():
            if row > MOST_ROWS:
                self._tell(f"超过 {MOST_ROWS} 行；请删去多余的行", row, column)
                break
            if row > 1:
                rows.setdefault(row, {})[column] = text
        self._strays(rows, headers)
        if self.sheet.name in self.reading.broken:
            return
        lines = [self._line(row, {headers[column]: column for column in texts_ if column in headers}, texts_)
                 for row, texts_ in sorted(rows.items()) if any(column in headers for column in texts_)]
        self.reading.lines[self.sheet.name] = self._upright(lines) if self.sheet.upright else lines

    def _tell(self, message: str, row: int, column: int) -> None:
        self.reading.tell(self.sheet.name, message, row, column)

    # -- headings -----------------------------------------------------------------------------------------

    def _headers(self, found: Mapping[int, str]) -> dict[int, str]:
        """Column -> heading, in whatever order they stand."""
        columns = self.sheet.columns
        known = UPRIGHT if self.sheet.upright else [column.header for column in columns]
        needed = UPRIGHT[:2] if self.sheet.upright else [one.header for one in columns if one.required]
        headers: dict[int, str] = {}
        for column, text in sorted(found.items()):
            header = narrow(text).replace("\n", "").rstrip("*")
            first = next((at for at, name in headers.items() if name == header), 0)
            if header not in known:
                self._tell(f"{_strange('表头', header, known)}请改正，或删去这一列", 1, column)
            elif first:
                self._tell(f"表头“{header}”重复，{column_letters(first)}1 已经有了；请删去一列", 1, column)
            else:
                headers[column] = header
        for header in needed:
            if header not in headers.values():
                self.reading.broken.add(self.sheet.name)
                self.reading.tell(self.sheet.name, f"第 1 行缺少表头“{header}”；请补上这一列")
        return headers

    def _strays(self, rows: Mapping[int, Mapping[int, str]], headers: Mapping[int, str]) -> None:
        """Contents in columns without a heading, told once for each column."""
        told: set[int] = set()
        for row, texts in sorted(rows.items()):
            for column in sorted(set(texts) - set(headers) - told):
                told.add(column)
                if (1, column) not in self.named:
                    self._tell(f"有内容“{short(texts[column])}”，但这一列没有表头；请移到有表头的列，或清空", row, column)

    # -- rows ---------------------------------------------------------------------------------------------

    def _line(self, row: int, columns: Mapping[str, int], texts: Mapping[int, str]) -> Line:
        marks = {header: cell_mark(self.sheet.name, row, column) for header, column in columns.items()}
        key = next((marks[header] for header in reversed(self.sheet.identity) if header in marks),
                   marks[next(iter(sorted(marks, key=lambda header: columns[header])))])
        return Line(key, {header: texts[column] for header, column in columns.items()}, marks)

    def _upright(self, lines: list[Line]) -> list[Line]:
        """A row per field as the one line it means."""
        name, content, _ = UPRIGHT
        known = [column.header for column in self.sheet.fields]
        whole, problems = Line(cell_mark(self.sheet.name), {}), self.reading.problems
        for line in lines:
            header = narrow(line.texts.get(name, ""))
            if not header:
                problems.append(Problem(line.mark, f"这一行没有填“{name}”；请补上，或清空这一行"))
            elif header not in known:
                problems.append(Problem(line.at(name), f"{_strange(name, header, known)}请改正"))
            elif header in whole.marks:
                problems.append(Problem(line.at(name), f"“{header}”重复，第一次在 {whole.marks[header]}；请删去一行"))
            elif content in line.texts:
                whole.texts[header], whole.marks[header] = line.texts[content], line.marks[content]
        return [whole]

    # -- cells --------------------------------------------------------------------------------------------

    def _texts(self, cells: Cells) -> dict[tuple[int, int], str]:
        """The texts of the cells that hold something."""
        self.named = {at for at in cells if at[0] == 1}
        found = {}
        for (row, column), cell in sorted(cells.items()):
            text = self._text(cell, row, column)
            if text is not None and not is_blank(text):
                found[row, column] = text
        return found

    def _text(self, cell: RawCell, row: int, column: int) -> str | None:
        if cell.formula:
            self._tell("是公式，程序不计算公式；请把这一格设为文本格式，把要写的内容当作文字输入，前面不加等号", row, column)
            return None
        if isinstance(cell.value, bool):
            return "是" if cell.value else "否"
        if isinstance(cell.value, (int, float)):
            return self._number(cell, row, column)
        text = (cell.value or "").replace("\r\n", "\n").replace("\r", "\n")
        if text in _ERRORS:
            self._tell(f"是错误值 {text}；请重新输入", row, column)
            return None
        if UNPRINTABLE.search(text):
            self._tell("有看不见的控制字符，多半是从别处粘贴来的；请清空这一格，重新输入", row, column)
            return None
        return text

    def _number(self, cell: RawCell, row: int, column: int) -> str | None:
        """A number as it is shown when that says all of it, else with all its digits."""
        exact, number_format = Decimal(repr(cell.value)), cell.format
        if not exact.is_finite():
            self._tell(f"不是有效的数；{_AS_TEXT}", row, column)
            return None
        if is_date(number_format):
            self._tell(f"是日期，看不出原来怎样写；{_AS_TEXT}，例如 2023-03", row, column)
            return None
        shown = show(exact, number_format).text.replace(",", "") if abs(exact) < _LARGE else str(exact)
        bare = re.fullmatch(r"(-?\d+(?:\.\d+)?)(%?)", shown)
        sure = len(exact.as_tuple().digits) <= _SURE_DIGITS
        if sure and bare and Decimal(bare[1]).scaleb(-2 if bare[2] else 0) == exact:
            return shown
        text = plain(exact)
        self.reading.notes.append(Problem(cell_mark(self.sheet.name, row, column),
                                          f"这一格存的是数，显示为“{shown}”，按 {text} 读；不对的话，{_AS_TEXT}"))
        return text


def _merged(book: Book, sheet: RawSheet) -> list[str]:
    found: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "mergeCell":
            found.append(attributes.get("ref", ""))

    book.package.walk(sheet.part, start)
    return found


def _corner(area: str) -> tuple[int, int]:
    match = re.match(r"([A-Z]{1,3})(\d{1,7})", area)
    return (int(match[2]), column_number(match[1])) if match else (1, 1)


def _strange(what: str, word: str, known: Iterable[str]) -> str:
    close = near(short(word), known)
    hint = f"是不是想写 {'、'.join(close)}？" if close else f"可以有：{'、'.join(known)}。"
    return f"不认识的{what}“{short(word)}”；{hint}"
