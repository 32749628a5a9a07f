"""What a layout is made of: boxes of cells, what stands in each and which item it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from pyfuncs.catalog.model import Form, Group, RuleSet, Table

Role = Literal["annex", "title", "line", "label", "head", "input", "auto", "fixed", "note", "spacer", "blank",
               "cover-title", "cover-line", "cover-head", "cover-text", "cover-link"]
RuleKind = Literal["sum", "formula", "row", "rate", "score", "grade", "entity", "copy"]
Placement = Literal["", "left", "center", "right"]

_PRINTED = {"label", "head", "title", "annex", "line", "note", "fixed"}
_LONG = 200                                           # characters of a text that is not kept
_CELL = re.compile(r"([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?")


@lru_cache(20_000)                                    # a sheet has 16,384
def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(20_000)
def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """C9."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, order=True)
class Box:
    """A cell or a rectangle of cells of one sheet; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def at(cls, text: str) -> Box:
        """From C4 or A1:B2."""
        first, row, last, bottom = _CELL.fullmatch(text).groups()
        return cls(int(row), column_number(first), int(bottom or row), column_number(last or first))

    @classmethod
    def span(cls, columns: str, top: int, bottom: int | None = None) -> Box:
        """From C or H:I, and rows."""
        first, _, last = columns.partition(":")
        return cls(top, column_number(first), bottom or top, column_number(last or first))

    @property
    def single(self) -> bool:
        return self.top == self.bottom and self.left == self.right

    @property
    def corner(self) -> Box:
        """The cell that holds the value of a merged box."""
        return Box(self.top, self.left, self.top, self.left)

    @property
    def cell(self) -> str:
        """Address of the corner as messages show it: C9."""
        return f"{column_letters(self.left)}{self.top}"

    @property
    def address(self) -> str:
        """Absolute address for formulas: $C$9 or $C$9:$D$12."""
        first = f"${column_letters(self.left)}${self.top}"
        return first if self.single else f"{first}:${column_letters(self.right)}${self.bottom}"

    def cells(self) -> Iterator[tuple[int, int]]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column

    def __contains__(self, cell: tuple[int, int]) -> bool:
        return self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right


@dataclass(frozen=True)
class Slot:
    """Which item a cell holds; `row` is the ordinal in a table, 0 outside; `group` the leaf 二级指标."""

    form: str
    instance: int
    name: str                                         # row.column | cell | table.column
    row: int = 0
    group: str = ""


@dataclass(frozen=True)
class Rule:
    """What computes a cell. `key`: rate, score or formula; `parts`: the cells that a sum adds up."""

    kind: RuleKind
    key: str = ""
    parts: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Place:
    """One cell, merged or not: what stands there, what it is and how it looks."""

    box: Box
    role: Role
    text: str = ""                                    # printed text; in an input cell a preset
    slot: Slot | None = None
    rule: Rule | None = None
    type: str = ""                                    # ItemType of the item, "" for labels
    number_format: str = "General"
    align: Placement = "center"
    indent: int = 0
    vertical: bool = False
    bold: bool = False
    size: float = 0                                   # points; 0: the role's own
    open: frozenset[str] = frozenset()                # sides without a line
    heavy: frozenset[str] = frozenset()               # sides on the outline of the form
    locked: bool = True
    prompt: str = ""
    link: str = ""                                    # sheet that a click leads to


@dataclass(frozen=True)
class SheetLayout:
    """One sheet. `heights` are the least ones in points: texts may need more (see text_fit)."""

    name: str
    places: tuple[Place, ...]
    widths: Mapping[int, float]                       # column -> characters
    heights: Mapping[int, float]                      # row -> points
    names: Mapping[str, Box] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    form: Form | None = None
    instance: int = 1
    landscape: bool = False
    repeat: tuple[int, int] | None = None             # header rows printed on every page
    freeze: int = 0                                   # rows that stay when scrolling
    breaks: tuple[int, ...] = ()                      # rows that a new page may begin with
    growing: frozenset[int] = frozenset()             # rows a clerk may delete whole

    @cached_property
    def by_slot(self) -> dict[Slot, Place]:
        return {place.slot: place for place in self.places if place.slot}

    @cached_property
    def printed(self) -> tuple[Place, ...]:
        """Words that are nobody's to fill; a printed figure that is an item is looked at by the checks."""
        return tuple(place for place in self.places if place.role in _PRINTED and place.text
                     and not (place.slot or place.rule) and "{" not in place.text)

    @cached_property
    def printed_words(self) -> Counter[str]:
        """The same, without blanks, and how often each stands on the sheet."""
        return Counter(flat(place.text) for place in self.printed)

    def ordinal(self, place: Place) -> int:
        """1.. for what belongs to one sheet of a repeated form, 0 for what there is once."""
        if self.form is None:
            return place.slot.instance
        return self.instance if self.form.instances == "many" else 0

    @property
    def extent(self) -> Box:
        """All that is printed."""
        return Box(1, 1, max(place.box.bottom for place in self.places),
                   max(place.box.right for place in self.places))


@dataclass(frozen=True)
class Shape:
    """How many sheets a repeated form has, and rows of a table where the rule set's number is not enough.

    `rows`: (form, instance, table without groups or leaf group) -> rows.
    """

    projects: int = 1
    rows: Mapping[tuple[str, int, str], int] = field(default_factory=dict)

    def rows_of(self, form: str, instance: int, name: str, least: int) -> int:
        return max(least, self.rows.get((form, instance, name), 0))


@dataclass(frozen=True)
class WorkbookLayout:
    """All sheets in order. The very hidden identity sheet is the writer's."""

    ruleset: RuleSet
    sheets: tuple[SheetLayout, ...]

    @cached_property
    def _home(self) -> dict[Slot, tuple[SheetLayout, Place]]:
        return {place.slot: (sheet, place) for sheet in self.sheets for place in sheet.places if place.slot}

    def sheets_of(self, form: str) -> tuple[SheetLayout, ...]:
        """The sheets of one form, in the order of its instances."""
        return tuple(sheet for sheet in self.sheets if sheet.form and sheet.form.form == form)

    def find(self, slot: Slot) -> tuple[SheetLayout, Place] | None:
        """Where an item stands; None when it is printed nowhere."""
        return self._home.get(slot)

    def printed(self, rule: RuleKind, key: str, instance: int = 0) -> tuple[SheetLayout, Place] | None:
        """The cell where a rate, score, total or the grade lives; `instance` 0 for those of the unit."""
        return self._printed.get((rule, key, instance))

    @cached_property
    def _printed(self) -> dict[tuple[str, str, int], tuple[SheetLayout, Place]]:
        return {(place.rule.kind, place.rule.key, sheet.ordinal(place)): (sheet, place)
                for sheet in self.sheets for place in sheet.places
                if place.rule and place.rule.kind in ("rate", "score", "grade")}


def flat(text: str) -> str:
    """A text without blanks and line ends."""
    return _flat(text) if len(text) < _LONG else "".join(text.split())


@lru_cache(8192)                                      # units of one form print the same words
def _flat(text: str) -> str:
    return "".join(text.split())


def covered_columns(table: Table, group: Group) -> frozenset[str]:
    """Columns in which a 一级指标 prints a fixed text: there are no items below it."""
    if not (group.note and group.note_over):
        return frozenset()
    over = Box.span(group.note_over, 1)
    return frozenset(name for name, item in table.columns.items()
                     if item.at and (1, Box.span(item.at, 1).left) in over)


def workbook_title(ruleset: RuleSet) -> str:
    """衡阳市2022年度部门整体支出绩效自评表; of the projects where there are only projects' forms."""
    projects = all(form.instances == "many" for form in ruleset.forms.values())
    return f"{ruleset.region_name}{ruleset.year}年度{'项目' if projects else '部门整体'}支出绩效自评表"


def sheet_name(form: Form, instance: int) -> str:
    return form.sheet.replace("{n}", str(instance))


def words(text: str, ruleset: RuleSet) -> str:
    """Printed text with its years; {entity} stays, it is known in the workbook only."""
    return text.replace("{year}", ruleset.year).replace("{prior}", ruleset.prior)
