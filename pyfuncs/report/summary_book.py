"""汇总.xlsx as a stream: rows go to disk as they are written, and a full sheet goes on on another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format

from pyfuncs.report.excel import LOWEST_ROW, Styled, column_letters, row_height, sheet_address
from pyfuncs.report.naming import clean_text
from pyfuncs.report.output import new_file
from pyfuncs.report.summary_cells import Cell, Link, Value, row_xml

_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
_LONGEST_NAME = 31


@dataclass(frozen=True)
class Limits:
    """How much goes on one sheet: Excel takes 1 048 576 rows, 16 384 columns and 65 530 links.

    `all_links`: of the whole workbook, since each stays in memory until the end (1.2 KB).
    """

    rows: int = 1_000_000
    columns: int = 16_000
    links: int = 60_000
    all_links: int = 90_000


class SummaryBook(Styled):
    """Sheets are written from top to bottom, several at the same time if need be."""

    def __init__(self, file: Path, folder: Path, title: str, made: date, scratch: str, limits: Limits) -> None:
        super().__init__(str(file), title, made, {"constant_memory": True, "tmpdir": scratch})
        self.folder, self.limits, self.links_left = folder, limits, limits.all_links
        self.file.use_zip64()
        self._names: set[str] = set()

    def name(self, wanted: str) -> str:
        """A sheet name that Excel takes and no other sheet has."""
        number, base = 1, wanted.translate(_NOT_IN_NAMES)
        while (name := _numbered(base, number)).casefold() in self._names:
            number += 1
        self._names.add(name.casefold())
        return name

    def release(self) -> None:
        """Let go of the rows on disk, written out or not: on Windows an open file can't be removed."""
        for sheet in self.file.worksheets():
            with suppress(OSError):                   # a full disk: what it still wants to write is not needed
                sheet.row_data_fh.close()


def _numbered(base: str, number: int) -> str:
    ending = f" ({number})" if number > 1 else ""
    return base[:_LONGEST_NAME - len(ending)] + ending


@contextmanager
def summary_book(path: Path, title: str, made: date, limits: Limits) -> Iterator[SummaryBook]:
    """The book to fill; it stands at `path` when the block ends well. Raises what new_file raises."""
    with new_file(path) as file, TemporaryDirectory(dir=path.parent, prefix=".jixiao-", ignore_cleanup_errors=True) as scratch:
        book = SummaryBook(file, path.parent, title, made, scratch, limits)
        try:
            yield book
            book.file.close()
        except FileCreateError as error:
            raise error.args[0] from None             # the OSError behind it
        finally:
            book.release()


class Rows:
    """A sheet and those that continue it. `head` writes title and headings at the top of each of them."""

    def __init__(self, book: SummaryBook, name: str, widths: Sequence[float], head: Callable[[Rows], None],
                 pages_wide: int = 1, taken: bool = False) -> None:
        """`taken`: the name comes from book.name already."""
        self.book, self.widths, self.pages_wide = book, widths, pages_wide
        self._wanted, self._head = name, head
        self._open(name if taken else book.name(name))

    def _open(self, name: str) -> None:
        self.name = name
        self.sheet = self.book.page(self.name, self.widths, self.pages_wide)
        self.sheet.set_default_row(LOWEST_ROW)
        self.at, self.links_left = 0, self.book.limits.links
        self._head(self)
        self.first = self.at

    def wide(self, text: str, style: str, columns: int = 0) -> None:
        """A row with one text over the first `columns` columns, all of them when 0."""
        last = (columns or len(self.widths)) - 1
        height = row_height(text, sum(self.widths[:last + 1]), style)
        self.sheet.set_row(self.at, height)
        if last:
            self.sheet.merge_range(self.at, 0, self.at, last, plain_text(text), self.book.style(style))
        else:
            self.sheet.write_string(self.at, 0, plain_text(text), self.book.style(style))
        self.at += 1

    def headings(self, headings: Sequence[str], freeze_columns: int | None = 0) -> None:
        """A heading row, frozen on the screen (not with None) and repeated on every page."""
        self.grown([(heading, "head") for heading in headings])
        if freeze_columns is not None:
            self.sheet.freeze_panes(self.at, freeze_columns)
            self.sheet.repeat_rows(self.at - 1)

    def grown(self, cells: Sequence[tuple[Value, str]], **changes: object) -> None:
        """A row as high as its texts need; styles by name, `changes` for the first cell."""
        named = self.book.style
        self.row([(value, named(style, **(changes if column == 0 else {})))
                  for column, (value, style) in enumerate(cells)], self.height([value for value, _ in cells]))

    def height(self, values: Sequence[Value], style: str = "text") -> float:
        """Room for the texts of a row that may wrap."""
        return max((row_height(value.text if isinstance(value, Link) else value, self.widths[column], style)
                    for column, value in enumerate(values) if isinstance(value, (str, Link))), default=0)

    def row(self, cells: Sequence[Cell], height: float = 0) -> None:
        """A row of cells; on the next sheet when this one is full of rows, or of links while the book is not."""
        wants_link = any(isinstance(value, Link) and value.address for value, _ in cells)
        if self.at >= self.book.limits.rows or (wants_link and self.book.links_left and not self.links_left):
            self.close()
            self._open(self.book.name(self._wanted))
        linked = [self._linked(column, *cell) if isinstance(cell[0], Link) else cell for column, cell in enumerate(cells)]
        sheet, at = self.sheet, self.at
        sheet._write_single_row(at)                   # what XlsxWriter still holds of the rows above
        sheet._check_dimensions(at, 0)
        sheet._check_dimensions(at, len(cells) - 1)
        sheet.fh.write(row_xml(at, linked, height if height > LOWEST_ROW else 0))
        self.at += 1

    def merge(self, first: int, last: int, column: int) -> None:
        """Rows of a column that are written already become one cell; the first of them holds the text."""
        if last > first:
            self.sheet.merge.append([first, column, last, column])

    def _linked(self, column: int, link: Link, style: Format) -> Cell:
        """The cell of a link; told to XlsxWriter as long as there are links left."""
        if not (link.address and self.links_left and self.book.links_left):
            return link.text, style
        self.links_left -= 1
        self.book.links_left -= 1
        self.sheet.ignore_write_string = True         # the text is written with its row
        self.sheet.write_url(self.at, column, link.address)
        self.sheet.ignore_write_string = False
        return link.text, self.book.style("link")

    def close(self, filtered: bool = True, nothing: str = "") -> None:
        """The end of a sheet: a filter over its rows, or a word where there are none."""
        if self.at == self.first:
            if nothing:
                self.wide(nothing, "center")
        elif filtered:
            self.sheet.autofilter(self.first - 1, 0, self.at - 1, len(self.widths) - 1)
        self.sheet.print_area(0, 0, max(self.at - 1, 0), len(self.widths) - 1)


def plain_text(text: str) -> str:
    """Text for XlsxWriter's own cells: what begins and ends like its rich text would get in as XML."""
    text = clean_text(text)
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def cell_range(sheet: str, column: int, first: int, last: int) -> str:
    """'明细'!D8:D20, or '明细'!D8; rows and column counted from 0."""
    letters = column_letters(column)
    place = f"{letters}{first + 1}" if first == last else f"{letters}{first + 1}:{letters}{last + 1}"
    return sheet_address(sheet, place)
