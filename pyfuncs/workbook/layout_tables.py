"""A table with groups (一级, 二级 指标): rows, merged labels, a narrow last row per 一级指标."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pyfuncs.catalog.model import Form, Group, Item, RuleSet, Table, TableColumn
from pyfuncs.language import plain
from pyfuncs.workbook.places import (
    Box, Place, Rule, Shape, Slot, column_number, covered_columns, words,
)
from pyfuncs.workbook.text_fit import broken, width_of
from pyfuncs.workbook.names import defined_name


@dataclass
class TableBlock:
    """What a table adds to its sheet."""

    top: int
    places: list[Place] = field(default_factory=list)
    names: dict[str, Box] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    spacers: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)   # first row of each 一级指标
    bottom: int = 0


def table_block(ruleset: RuleSet, form: Form, instance: int, name: str, top: int, shape: Shape,
                format_of: Callable[[Item], str]) -> TableBlock:
    return _Table(ruleset, form, instance, name, top, shape, format_of).build()


class _Table:
    def __init__(self, ruleset: RuleSet, form: Form, instance: int, name: str, top: int, shape: Shape,
                 format_of: Callable[[Item], str]) -> None:
        self.ruleset, self.form, self.instance, self.name = ruleset, form, instance, name
        self.table: Table = form.tables[name]
        self.shape, self.format_of = shape, format_of
        self.block = TableBlock(top)
        self.next_row, self.ordinal = top, 0

    def build(self) -> TableBlock:
        if self.table.groups:
            for group_id, group in self.table.groups.items():
                self._top_group(group_id, group)
        else:
            rows = self.shape.rows_of(self.form.form, self.instance, self.name, self.table.least_rows)
            preset = self.table.preset
            self._rows("", [*preset, *[""] * (rows - len(preset))], frozenset())
            self._spacer(frozenset())
        self.block.bottom = self.next_row - 1
        self._name((self.name,), self.block.top, self.block.bottom, frozenset())
        if self.table.side and self.table.side_at:
            side = self.table.side
            self.block.places.append(Place(
                Box.span(self.table.side_at, self.block.top - 1, self.block.bottom), "label",
                words(side.text, self.ruleset), vertical=side.vertical, bold=side.bold, align=side.align))
        return self.block

    # -- groups ---------------------------------------------------------------------------------------

    def _top_group(self, group_id: str, group: Group) -> None:
        """A 一级指标 with its 二级指标; the narrow row below belongs to the last of them."""
        top = self.next_row
        self.block.starts.append(top)
        covered = covered_columns(self.table, group)
        leaves = group.groups or {group_id: group}
        for index, (leaf_id, leaf) in enumerate(leaves.items()):
            self._leaf(leaf_id, leaf, covered, last=index == len(leaves) - 1)
        bottom = self.next_row - 1
        self._level(0, group.label or group_id, top, bottom)
        if group.groups:
            self._name((group_id,), top, bottom, covered)
        if self.table.points_at:
            points = plain(group.readings[0]) if group.readings else ""
            self.block.places.append(Place(Box.span(self.table.points_at, top, bottom), "fixed", points))
        if group.note and group.note_over:
            self.block.places.append(Place(Box.span(group.note_over, top, bottom), "note",
                                           words(group.note.text, self.ruleset), align=group.note.align))

    def _leaf(self, leaf_id: str, leaf: Group, covered: frozenset[str], last: bool) -> None:
        top = self.next_row
        count = self.shape.rows_of(self.form.form, self.instance, leaf_id, leaf.least_rows)
        # More rows than presets: the last preset is the form's "……", which stays last.
        preset = leaf.preset[:-1] + [""] * (count - len(leaf.preset)) + leaf.preset[-1:]
        self._rows(leaf_id, preset, covered)
        if last:
            self._spacer(covered)
        bottom = self.next_row - 1
        if len(self.table.levels) > 1:
            self._level(1, leaf.label or leaf_id, top, bottom)
        for column, item in self._columns(covered):
            if item.per == "group":
                self.block.places.append(self._input(column, item, Box.span(item.at, top, bottom), leaf_id,
                                                     self.ordinal - count + 1))
        self._name((leaf_id,), top, bottom, covered)

    def _level(self, level: int, label: str, top: int, bottom: int) -> None:
        box = Box.span(self.table.levels[level], top, bottom)
        widths = {column_number(name): float(width) for name, width in self.form.widths.items()}
        width = width_of(widths, box)
        self.block.places.append(Place(box, "label", broken(words(label, self.ruleset), width)))

    # -- rows ---------------------------------------------------------------------------------------------

    def _rows(self, leaf: str, preset: list[str], covered: frozenset[str]) -> None:
        columns = self._columns(covered)
        first = next(iter(self.table.columns))
        for text in preset:
            self.ordinal += 1
            for name, item in columns:
                if item.per == "row":
                    self.block.places.append(self._input(
                        name, item, Box.span(item.at, self.next_row), leaf, self.ordinal,
                        text if name == first else ""))
            self.block.rows.append(self.next_row)
            self.next_row += 1

    def _spacer(self, covered: frozenset[str]) -> None:
        for _, item in self._columns(covered):
            if item.per == "row":
                self.block.places.append(Place(Box.span(item.at, self.next_row), "spacer"))
        self.block.spacers.append(self.next_row)
        self.next_row += 1

    def _columns(self, covered: frozenset[str]) -> list[tuple[str, TableColumn]]:
        return [(name, item) for name, item in self.table.columns.items()
                if item.at and name not in covered]

    def _input(self, name: str, item: TableColumn, box: Box, leaf: str, ordinal: int,
               text: str = "") -> Place:
        slot = Slot(self.form.form, self.instance, f"{self.name}.{name}", ordinal, leaf)
        rule = Rule("row", item.formula) if item.formula else None
        return Place(box, "auto" if rule else "input", text, slot, rule, item.type, self.format_of(item), item.align,
                     locked=False, prompt=item.help)

    def _name(self, path: tuple[str, ...], top: int, bottom: int, covered: frozenset[str]) -> None:
        for name, item in self._columns(covered):
            column = Box.span(item.at, top, bottom)
            self.block.names[defined_name(*path, name)] = replace(column, right=column.left)
