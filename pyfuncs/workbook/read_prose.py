"""Every paragraph of a Word document, in the numbering that marked copies share, and its tables as texts.

The same walk as for the tables: text in tracked insertions, content controls and text boxes counts, what was deleted
or moved away does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyfuncs.prose.model import Paragraph, Table
from pyfuncs.workbook.grid import Grid
from pyfuncs.workbook.read_docx import DOCUMENT, Reader
from pyfuncs.workbook.read_txt import MOST_CHARACTERS
from pyfuncs.workbook.safe_zip import Package, related

_HEADING = re.compile(r"(?:heading|标题)\s?([1-9])", re.IGNORECASE)
_PICTURES = {"blip", "imagedata"}


@dataclass(frozen=True)
class Prose:
    """`pictures`: how many there are; their words can't be read."""

    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    pictures: int


@dataclass
class _Open:
    """A paragraph that has begun. `level`: of a heading, as its style or the paragraph itself says."""

    level: int = 0
    styled: bool = False
    numbered: bool = False


def read_prose(package: Package) -> Prose:
    """Raises Unreadable."""
    main = next(iter(related(package, "", "/officeDocument").values()), DOCUMENT)
    reader = _ProseReader(package, _heading_styles(package, main))
    package.walk(main, reader.start, reader.end, reader.text)
    tables = tuple(Table(number, _rows(table.grid("")))
                   for number, table in zip(reader.begun, reader.tables))
    return Prose(tuple(reader.paragraphs), tables, reader.pictures)


class _ProseReader(Reader):
    def __init__(self, package: Package, levels: dict[str, int]) -> None:
        super().__init__(package)
        self.paragraphs: list[Paragraph] = []
        self.begun: list[int] = []                    # number of the first paragraph of each table
        self.pictures = 0
        self._levels = levels
        self._styles: list[_Open] = []
        self._length = 0

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "p" and not self.hidden:
            self._styles.append(_Open())
        elif element == "tbl" and not self.hidden:
            self.begun.append(len(self.paragraphs) + 1)
        elif element in _PICTURES and not self.hidden:
            self.pictures += 1
        elif self._styles:
            self._property(element, attributes.get("val", ""))
        super().start(element, attributes)

    def _property(self, element: str, value: str) -> None:
        """What a paragraph says of itself first is how it is now: what follows in it may be how it was."""
        own = self._styles[-1]
        if element == "pStyle" and not own.styled:
            own.level, own.styled = self._levels.get(value, 0), True
        elif element == "outlineLvl" and value.isdecimal() and len(value) == 1:
            own.level = int(value) + 1 if int(value) < 9 else 0
        elif element == "numPr":
            own.numbered = True

    def end(self, element: str) -> None:
        if element == "p" and not self.hidden and self._styles:
            own, text = self._styles.pop(), self.open_text
            self._length += len(text)
            if self._length > MOST_CHARACTERS:
                raise self.package.watch.beyond("long-text", "的文字太多", f"{MOST_CHARACTERS} 个字")
            self.package.watch.check_time()
            self.paragraphs.append(Paragraph(len(self.paragraphs) + 1, text, own.level if text.strip() else 0,
                                             table=self.in_table, automatic=own.numbered))
        super().end(element)


def _heading_styles(package: Package, main: str) -> dict[str, int]:
    """Style id -> level of a heading."""
    part = next(iter(related(package, main, "/styles").values()), "")
    found: dict[str, int] = {}
    current = [""]

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "style":
            current[0] = attributes.get("styleId", "")
        elif element == "name" and (match := _HEADING.fullmatch(attributes.get("val", ""))):
            found[current[0]] = int(match[1])

    if part and part in package:
        package.walk(part, start)
    return found


def _rows(grid: Grid) -> tuple[tuple[str, ...], ...]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in grid.cells.items():
        rows.setdefault(row, {})[column] = str(cell.value)
    return tuple(tuple(text for _, text in sorted(cells.items())) for _, cells in sorted(rows.items()))
