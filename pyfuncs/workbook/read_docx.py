"""Tables of a Word document as grids. Text in tracked insertions, content controls and text boxes counts;
what was deleted or moved away does not.

Own code on the guarded XML walk: python-docx passes over tracked insertions and content controls in silence,
and builds the whole tree of a hostile document.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pyfuncs.workbook.grid import UNKNOWN_FORMAT, Cells, Grid, RawCell
from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.safe_zip import Package, Unreadable, related

DOCUMENT = "word/document.xml"
_MOST_COLUMNS = 63                                    # of a table, as Word allows
NOT_SHOWN = {"del", "moveFrom", "Fallback", "pPr", "rPr"}
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(package: Package) -> tuple[Grid, ...]:
    """Every table in reading order, an inner one after the one it lies in. Raises Unreadable."""
    main = next(iter(related(package, "", "/officeDocument").values()), DOCUMENT)
    reader = Reader(package)
    package.walk(main, reader.start, reader.end, reader.text)
    if not reader.tables:
        raise Unreadable("no-tables", f"Word 文档“{package.path.name}”里没有表格。",
                         "请交填好的表，Word 表格或 Excel 表都可以。")
    return tuple(table.grid(f"表{number}") for number, table in enumerate(reader.tables, 1))


@dataclass
class _Story:
    """Paragraphs one after another, with tables between them: the document, or a cell of a table."""

    paragraphs: list[str] = field(default_factory=list)
    since_table: list[str] = field(default_factory=list)
    last_table: _Table | None = None

    def paragraph(self, text: str) -> None:
        self.paragraphs.append(text)
        if text.strip():
            self.since_table.append(text)

    def table(self, table: _Table) -> None:
        table.above = self.since_table
        self.close()
        self.since_table, self.last_table = [], table

    def close(self) -> None:
        if self.last_table:
            self.last_table.below = self.since_table


@dataclass
class _Cell:
    span: int = 1
    goes_on: bool = False                             # belongs to the cell above


@dataclass
class _Table:
    cells: Cells = field(default_factory=dict)
    boxes: dict[tuple[int, int], Box] = field(default_factory=dict)     # corner -> box of every cell
    open: dict[int, tuple[int, int]] = field(default_factory=dict)      # column -> corner that may go on below
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    row: int = 0
    column: int = 1                                   # of the next cell
    cell: _Cell = field(default_factory=_Cell)

    def add(self, text: str) -> None:
        """The current cell, at its end."""
        left, right = self.column, self.column + self.cell.span - 1
        corner = self.open.get(left) if self.cell.goes_on else None
        if corner is None or self.boxes[corner].bottom != self.row - 1:
            corner = self.row, left
            self.boxes[corner] = Box(self.row, left, self.row, right)
        else:
            self.boxes[corner] = Box(*corner, self.row, self.boxes[corner].right)
        self.open[left] = corner
        if text.strip() and corner not in self.cells: # Word hides what stands in a cell merged upwards
            self.cells[corner] = RawCell(text, format=UNKNOWN_FORMAT)
        self.column = right + 1

    def grid(self, name: str) -> Grid:
        merges = tuple(box for box in self.boxes.values() if not box.single)
        return Grid(name, self.cells, merges, text_above=tuple(self.above), text_below=tuple(self.below))


class Reader:
    """The walk over a document's main part; `read_prose` goes the same way."""

    def __init__(self, package: Package) -> None:
        self.tables: list[_Table] = []
        self.package = package
        self._stories = [_Story()]
        self._inside: list[_Table] = []               # the tables that are open, the inner one last
        self._paragraphs: list[list[str]] = []        # those that are open: one in a text box lies in another
        self.hidden = 0                              # elements open that hold nothing to read
        self._collect = False
        self._cells = 0

    @property
    def in_table(self) -> bool:
        return bool(self._inside)

    @property
    def open_text(self) -> str:
        """Of the innermost paragraph that has begun, as far as it was read."""
        return "".join(self._paragraphs[-1]) if self._paragraphs else ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element in NOT_SHOWN or self.hidden:
            self.hidden += 1
        elif element == "p":
            self._paragraphs.append([])
        elif element == "t":
            self._collect = bool(self._paragraphs)
        elif element in SIGNS and self._paragraphs:
            self._paragraphs[-1].append(SIGNS[element])
        elif element == "tbl":
            self._start_table()
        elif self._inside:
            self._start_in_table(element, attributes)

    def _start_table(self) -> None:
        table = _Table()
        self._stories[-1].table(table)
        self._inside.append(table)
        self.tables.append(table)
        if len(self.tables) > limits().sheets:
            raise self.package.watch.beyond("too-many-tables", "里的表格太多", f"{limits().sheets} 张")

    def _start_in_table(self, element: str, attributes: dict[str, str]) -> None:
        table = self._inside[-1]
        if element == "tr":
            table.row, table.column = table.row + 1, 1
        elif element == "gridBefore":
            table.column += _span(attributes)
        elif element == "tc":
            self._stories.append(_Story())
            table.cell = _Cell()
            self._count()
        elif element == "gridSpan":
            table.cell.span = max(1, _span(attributes))
        elif element == "vMerge":
            table.cell.goes_on = attributes.get("val", "continue") == "continue"

    def _count(self) -> None:
        self._cells += 1
        if self._cells > limits().cells:
            raise self.package.watch.beyond("too-many-cells", "的单元格太多", f"{limits().cells} 个")
        self.package.watch.check_time()

    def text(self, data: str) -> None:
        if self._collect and not self.hidden:
            self._paragraphs[-1].append(data)

    def end(self, element: str) -> None:
        if self.hidden:
            self.hidden -= 1
        elif element == "t":
            self._collect = False
        elif element == "p" and self._paragraphs:
            self._stories[-1].paragraph("".join(self._paragraphs.pop()))
        elif element == "tc" and self._inside:
            story = self._stories.pop()
            story.close()
            self._inside[-1].add(self.package.watch.check_text("\n".join(story.paragraphs).strip("\n")))
        elif element == "tbl" and self._inside:
            self._inside.pop()
        elif element == "body":
            self._stories[-1].close()


def _span(attributes: dict[str, str]) -> int:
    text = attributes.get("val", "")
    return min(int(text), _MOST_COLUMNS) if text.isdecimal() and len(text) < 9 else 1
