"""The sheet of one form: title, grid, tables, tail, signature lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.model import Cell, Form, Item, Label, Line, Row, RuleSet, Table
from pyfuncs.catalog.refs import all_groups, is_computed, placements
from pyfuncs.catalog.words import plain
from pyfuncs.workbook.places import (
    Box, Place, Rule, SheetLayout, Shape, Slot, column_number, sheet_name, words,
)
from pyfuncs.workbook.layout_tables import table_block
from pyfuncs.workbook.names import FORM, UNIT, item_name
from pyfuncs.workbook.styles import number_format

RowOf = Callable[[int], int]                          # row of the form -> row of the sheet

ROW_HEIGHT = 21.0                                     # points, of a row with one line of text
TABLE_ROW_HEIGHT = 30.0                               # of an indicator, which is rarely one line
SPACER_HEIGHT = 3.75                                  # the narrow last row of a table
TITLE_HEIGHT, LINE_HEIGHT, FOOT_HEIGHT = 36.0, 21.0, 24.0


def form_sheet(ruleset: RuleSet, form: Form, instance: int, shape: Shape) -> SheetLayout:
    return _FormSheet(ruleset, form, instance, shape).build()


class _FormSheet:
    """Collects the places of one sheet from top to bottom."""

    def __init__(self, ruleset: RuleSet, form: Form, instance: int, shape: Shape) -> None:
        self.ruleset, self.form, self.instance, self.shape = ruleset, form, instance, shape
        self.last_column = max(column_number(name) for name in form.widths)
        self.places: list[Place] = []
        self.heights: dict[int, float] = {}
        self.names: dict[str, Box] = {}
        self.growing: set[int] = set()
        self.breaks: list[int] = []
        self.grid_top = 1 + bool(form.annex) + 1 + max((line.row for line in form.head), default=0)
        self.rows = list(form.all_rows().values())
        self.details = self._detail_sizes()
        self.pushes = tuple(self._pushes())

    def build(self) -> SheetLayout:
        self._head()
        self._cells(self.form.labels, self.form.cells, self._row)
        last = max((place.box.bottom for place in self.places), default=0)
        last = max(last, self._grid(), *(self._table(name) for name in self.form.tables))
        tail = self.form.tail
        self._cells(tail.labels, tail.cells, lambda row: last + row)
        bottom = max(place.box.bottom for place in self.places)
        for row, height in self.form.heights.items():
            self.heights[self._row(int(row))] = float(height)
        for row, height in tail.heights.items():
            self.heights[last + int(row)] = float(height)
        for row in range(self.grid_top, bottom + 1):
            self.heights.setdefault(row, ROW_HEIGHT)
        self._outline(Box(self.grid_top, 1, bottom, self.last_column))
        self._lines(self.form.foot, bottom + 1, FOOT_HEIGHT)
        self._name_items()
        header = self._header_row()
        return SheetLayout(
            sheet_name(self.form, self.instance), tuple(sorted(self.places, key=attrgetter("box.top", "box.left", "box.bottom", "box.right"))),
            {column_number(name): float(width) for name, width in self.form.widths.items()}, self.heights,
            self.names, {FORM: self.form.form, UNIT: self.form.unit}, self.form, self.instance,
            self.form.page.orientation == "landscape", (header, header) if header else None,
            header if header <= self.grid_top + 3 else 0, tuple(self.breaks), frozenset(self.growing))

    # -- above and below the grid --------------------------------------------------------------------

    def _head(self) -> None:
        row = 1
        if self.form.annex:
            self.places.append(Place(Box(1, 1, 1, self.last_column), "annex", self.form.annex, align="left"))
            self.heights[1] = LINE_HEIGHT
            row = 2
        title = words(self.form.title, self.ruleset)
        self.places.append(Place(Box(row, 1, row, self.last_column), "title", title))
        self.heights[row] = TITLE_HEIGHT
        self._lines(self.form.head, row + 1, LINE_HEIGHT)

    def _lines(self, lines: list[Line], top: int, height: float) -> None:
        for line in lines:
            box = Box.span(line.at, top + line.row - 1)
            self.places.append(Place(box, "line", words(line.text, self.ruleset), align=line.align,
                                     rule=self._entity(line.text)))
            self.heights[box.top] = height

    def _entity(self, text: str) -> Rule | None:
        return Rule("entity", words(text, self.ruleset)) if "{entity}" in text else None

    # -- labels and single cells ---------------------------------------------------------------------

    def _cells(self, labels: dict[str, Label], cells: dict[str, Cell], row: RowOf) -> None:
        for at, label in labels.items():
            self._label(_moved(Box.at(at), row), label)
        for name, cell in cells.items():
            self._cell(_moved(Box.at(cell.at), row), name, cell)

    def _label(self, box: Box, label: Label) -> None:
        self.places.append(Place(
            box, "note" if label.align == "left" else "label", words(label.text, self.ruleset),
            align=label.align, vertical=label.vertical, bold=label.bold, size=float(label.size or 0),
            open=frozenset({label.open} - {""})))

    def _cell(self, box: Box, name: str, cell: Cell) -> None:
        rule, role, locked = None, "input", False
        if cell.fixed:
            role, locked = "fixed", True
        elif cell.rate:
            rule, role, locked = Rule("rate", cell.rate), "auto", True
        elif cell.score and is_computed(self.ruleset, cell.score):
            rule, role = Rule("score", cell.score), "auto"
            locked = self.ruleset.scores[cell.score].parameters.get("na") != "ask"
        elif cell.formula:
            rule, role, locked = Rule("formula", cell.formula), "auto", cell.type != "amount"
        elif cell.grade:
            rule, role, locked = Rule("grade", GRADE), "auto", True
        elif "{entity}" in cell.preset:
            rule = self._entity(cell.preset)
        self.places.append(Place(
            box, role, words(cell.fixed or cell.preset, self.ruleset), self._slot(name), rule, cell.type,
            self._format(cell, rate=cell.rate), cell.align or ("left" if cell.suffix else "center"),
            open=frozenset({cell.open} - {""}), locked=locked, prompt=cell.help))

    def _slot(self, name: str) -> Slot:
        return Slot(self.form.form, self.instance, name)

    def _format(self, item: Item, rate: str = "") -> str:
        decimals = self.ruleset.rates[rate].decimals if rate else item.decimals
        return number_format(item.type, self.form.decimals if decimals is None else decimals,
                             getattr(item, "suffix", ""))

    # -- the grid of rows × columns -------------------------------------------------------------------

    def _detail_sizes(self) -> dict[str, int]:
        """Rows that each detail table takes, its narrow last row included."""
        tables = self.form.tables
        return {row.detail: self.shape.rows_of(self.form.form, self.instance, row.detail,
                                               tables[row.detail].least_rows) + 1
                for row in self.rows if row.detail}

    def _pushes(self) -> Iterator[tuple[int, int]]:
        """From which row of the form on everything stands how many rows further down: below detail tables, and below
        tables with more rows than in their empty template."""
        for offset, row in enumerate(self.rows):
            if row.detail:
                yield self.form.start + offset + 1, self.details[row.detail]
        for name, table in self.form.tables.items():
            if table.start is not None:
                yield table.start + table.least_rows, self._extra_rows(name, table)

    def _row(self, row: int) -> int:
        """Row of the sheet for a row of the form."""
        return self.grid_top + row - 1 + sum(count for first, count in self.pushes if row >= first)

    def _extra_rows(self, name: str, table: Table) -> int:
        """Rows of a table on this sheet beyond those of its empty template, narrow ones included."""
        def extra(key: str, least: int) -> int:
            return self.shape.rows_of(self.form.form, self.instance, key, least) - least

        if not table.groups:
            return extra(name, table.least_rows) + 1
        leaves = [(leaf, all_groups(self.form, name)[leaf]) for leaf in self.form.leaf_groups(name)]
        return sum(extra(leaf, group.least_rows) for leaf, group in leaves) + len(table.groups)

    def _grid(self) -> int:
        """Rows × columns with their header; gives the last row."""
        if self.form.start is None:
            return 0
        header = self._row(self.form.start - 1)
        for column in self.form.columns.values():
            self.places.append(Place(Box.span(column.at, header), "label",
                                     words(column.label, self.ruleset)))
        for offset, row in enumerate(self.rows):
            self._grid_row(self._row(self.form.start + offset), row)
        self._levels()
        last = self._row(self.form.start + len(self.rows) - 1)
        return last + self.details.get(self.rows[-1].detail, 0)

    def _levels(self) -> None:
        """一级 and 二级指标 of a score sheet beside the rows they stand over, with their points."""
        sheet = self.form.indicators
        for level, span in enumerate(sheet.levels if sheet else ()):
            first = self.form.start
            for group, members in groupby(self.rows, key=lambda row: tuple(row.group[:level + 1])):
                rows = list(members)
                box = Box.span(span, self._row(first), self._row(first + len(rows) - 1))
                if level == len(sheet.levels) - 1 and first > self.form.start:
                    self.breaks.append(box.top)
                self.places.append(Place(box, "label", words(sheet.labels.get(group[-1], group[-1]) if len(group) > level else "", self.ruleset)))
                if level < len(sheet.points_at):
                    points = sum(self.ruleset.scores[key].points or 0 for row in rows for key in row.scores.values())
                    self.places.append(Place(replace(Box.span(sheet.points_at[level], 1), top=box.top, bottom=box.bottom),
                                             "fixed", plain(sheet.groups.get(group[0], points) if level == 0 else points)))
                first += len(rows)

    def _grid_row(self, top: int, row: Row) -> None:
        self.heights[top] = float(row.height or ROW_HEIGHT)
        self.places.append(Place(Box.span(self.form.label_at, top), "head",
                                 words(row.label, self.ruleset), align=row.align, indent=row.indent))
        for name, column in self.form.columns.items():
            box, key = Box.span(column.at, top), f"{row.id}.{name}"
            text, rate, score = row.fixed.get(name, ""), row.rates.get(name, ""), row.scores.get(name, "")
            rule, role, locked = None, "input", bool(text or rate)
            if text:
                role = "fixed"
            elif rate:
                first = placements(self.ruleset)[rate] == (self.form.form, key)
                rule, role = Rule("rate" if first else "copy", rate), "auto"
            elif score and is_computed(self.ruleset, score):
                rule, role = Rule("score", score), "auto"
                locked = self.ruleset.scores[score].parameters.get("na") != "ask"
            elif column.type in ("amount", "count") and (row.parts == "exact" or row.detail):
                rule, role = Rule("sum", key, tuple(self._parts(row, name))), "auto"
            self.places.append(Place(
                box, role, text, self._slot(key), rule, column.type, self._format(column, rate),
                "left" if column.type == "text" else "center", locked=locked, prompt=column.help))
        for name, text in row.fixed.items():
            if name not in self.form.columns:
                self.places.append(Place(Box.span(name, top), "fixed", text, self._slot(f"{row.id}.{name}")))
        if row.detail:
            self._detail(top + 1, row.detail)

    def _parts(self, row: Row, column: str) -> Iterator[Box]:
        """What a parent row adds up, in one column: its child rows and its detail rows."""
        at = self.form.columns[column].at
        order = {item.id: index for index, item in enumerate(self.rows)}
        for child in row.rows:
            yield Box.span(at, self._row(self.form.start + order[child.id])).corner
        if row.detail:
            top = self._row(self.form.start + order[row.id]) + 1
            box = Box.span(at, top, top + self.details[row.detail] - 1)
            yield Box(box.top, box.left, box.bottom, box.left)

    def _detail(self, top: int, name: str) -> None:
        table, size = self.form.tables[name], self.details[name]
        for column, item in table.columns.items():
            box = Box.span(item.at, top, top + size - 1)
            self.names[item_name(f"{name}.{column}")] = Box(box.top, box.left, box.bottom, box.left)
            for row in range(size - 1):
                self.places.append(Place(
                    replace(box, top=top + row, bottom=top + row), "input", "",
                    Slot(self.form.form, self.instance, f"{name}.{column}", row + 1), None, item.type,
                    self._format(item), "left" if item.type == "text" else "center",
                    4 if item.type == "text" else 0, locked=False, prompt=item.help))
            spacer = top + size - 1
            self.places.append(Place(replace(box, top=spacer, bottom=spacer), "spacer"))
        self.heights[top + size - 1] = SPACER_HEIGHT
        self.growing |= set(range(top, top + size - 1))

    # -- tables -----------------------------------------------------------------------------------------

    def _table(self, name: str) -> int:
        """A table with a place of its own; gives its last row. Detail tables are laid out with their row."""
        table = self.form.tables[name]
        if table.start is None:
            return 0
        block = table_block(self.ruleset, self.form, self.instance, name, self._row(table.start),
                                        self.shape, self._format)
        self.places += block.places
        self.names |= block.names
        self.breaks += [block.top - 1, *block.starts[1:]]
        for row in block.spacers:
            self.heights[row] = SPACER_HEIGHT
        for row in block.rows:
            self.heights[row] = TABLE_ROW_HEIGHT
        return block.bottom

    def _header_row(self) -> int:
        """The row of column titles: above the grid, or above the table where there is no grid to speak of."""
        starts = [table.start for table in self.form.tables.values() if table.start is not None]
        if starts:
            return self._row(min(starts) - 1)
        return self._row(self.form.start - 1) if self.form.start else 0

    # -- finishing ------------------------------------------------------------------------------------

    def _outline(self, grid: Box) -> None:
        """Empty cells get their lines too, and the outline is drawn heavier."""
        taken = {cell for place in self.places if place.box.top >= grid.top for cell in place.box.cells()}
        for row, column in grid.cells():
            if (row, column) not in taken:
                self.places.append(Place(Box(row, column, row, column), "blank"))
        narrow = {(place.box.top, place.box.left) for place in self.places if place.role == "spacer"}
        for index, place in enumerate(self.places):
            if place.box.top < grid.top:
                continue
            heavy = frozenset(side for side in ("top", "bottom", "left", "right")
                              if getattr(place.box, side) == getattr(grid, side))
            # The narrow row reads as part of the row above, and a row inserted between them gets its line.
            joins = {"bottom"} if (place.box.bottom + 1, place.box.left) in narrow else set()
            if heavy or joins:
                self.places[index] = replace(place, heavy=heavy, open=place.open | joins)

    def _name_items(self) -> None:
        for place in self.places:
            if place.slot and not place.slot.row:
                self.names[item_name(place.slot.name)] = place.box.corner


def _moved(box: Box, row: RowOf) -> Box:
    return Box(row(box.top), box.left, row(box.bottom), box.right)
