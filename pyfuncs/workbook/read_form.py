"""One sheet of one form: its items, found by the sheet's defined names.

Which cell is which item follows from the form and the names, and hardly ever from what stands in the cells: it is
worked out once for all sheets with the same names.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter

from pyfuncs.catalog import model
from pyfuncs.catalog.model import Form, Group, RuleSet, Table
from pyfuncs.catalog.submission import Item, Trouble
from pyfuncs.workbook.grid import EMPTY, Grid
from pyfuncs.workbook.names import UNIT, defined_name, item_name
from pyfuncs.workbook.places import Box, address, covered_columns
from pyfuncs.workbook.read_book import RawSheet
from pyfuncs.workbook.read_item import FormItems, FormSheet, ItemSpot, hidden_notes, texts_of, unit_note
from pyfuncs.workbook.sheet_content import Place

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$[A-Z]{1,3}\$\d{1,7}(?::\$[A-Z]{1,3}\$\d{1,7})?)\Z")
MOST_ROWS = 5000
_PRINTED = model.Item(type="actual")                  # a printed text: whatever stands there is read as it is
_SHOWN = 5                                            # names listed in one message
_LOST = {
    "missing-name": ("里没有找到这些单元格的名称：{}。", "请用新模板，把数据复制过去（只粘贴数值），不要自己画表。"),
    "broken-name": ("里{}所在的行或列被删除了。", "请撤销删除，或用新模板重填；用不着的行留空即可。"),
    "foreign-name": ("里{}的名称没有指到本表的单元格。", "请在 Excel 的“公式—名称管理器”中改回本表，或用新模板重填。"),
}


@dataclass(frozen=True)
class _Plan:
    """Which cell of a sheet is which item. `fixed`: items that the form does not print, each with its row.

    `lost`: names that lead nowhere, with the reason; `long`: tables with too many rows. `asked`: what was looked
    at in the cells to tell the rows of a table; where all that is the same, so is the plan.
    """

    form: Form                                        # held, so that its identity can be part of a key
    spots: tuple[ItemSpot, ...]
    fixed: tuple[tuple[int, Item], ...]
    lost: tuple[tuple[str, str], ...]
    long: tuple[str, ...]
    asked: Mapping[Place, str | None]

    @cached_property
    def places(self) -> frozenset[Place]:
        """Of all spots."""
        return frozenset(spot.place for spot in self.spots)


def read_form(ruleset: RuleSet, form: Form, instance: int, grid: Grid, number: int = 0) -> FormSheet:
    """Items of a sheet in printed order. `number`: of the sheet in its workbook."""
    plan, stated = _plan_of(form, instance, grid), constant(grid, UNIT)
    found = FormItems(ruleset, form, instance, stated if stated in ("元", "万元") else form.unit)
    for name in plan.long:
        found.tell("too-many-rows", f"工作表《{grid.name}》里“{name}”超过 {MOST_ROWS} 行，没有读取。",
                   "请删去多余的空行，或用新模板重填。", "error")
    cells = grid.cells
    for spot in plan.spots:
        found.take((number, *spot.place), cells.get(spot.place, EMPTY), spot)
    for row, item in plan.fixed:
        found.put((number, row, 0), item)
    unit_note(found, grid)
    hidden_notes(found, number, grid)
    return found.sheet(texts_of(grid, form.form, plan.places), plan.lost)


_plans: dict[tuple, _Plan] = {}
_MOST_PLANS, _MOST_SPOTS = 256, 5000                  # kept; of one that is kept


def _plan_of(form: Form, instance: int, grid: Grid) -> _Plan:
    """The plan of a sheet, kept by its names: most units of a department have the same."""
    key = id(form), instance, grid.name, tuple(grid.names.items())
    plan = _plans.get(key)
    if plan is None or any(_answer(grid, cell) != was for cell, was in plan.asked.items()):
        plan = _Planner(form, instance, grid).plan()
        if len(plan.spots) <= _MOST_SPOTS and len(grid.names) <= _MOST_SPOTS:
            if len(_plans) >= _MOST_PLANS:
                _plans.clear()
            _plans[key] = plan
    return plan


def _answer(grid: Grid, cell: Place) -> str | None:
    """What a cell tells about its row: None where it is blank, else its label."""
    value = grid.cells.get(cell, EMPTY).value
    return None if value is None or (isinstance(value, str) and not value.strip()) else _bare(str(value))


class _Planner:
    def __init__(self, form: Form, instance: int, grid: Grid) -> None:
        self.form, self.instance, self.grid = form, instance, grid
        self.boxes = {name: box for name, target in grid.names.items() if (box := box_of(target, grid))}
        self.spots: list[ItemSpot] = []
        self.fixed: list[tuple[int, Item]] = []
        self.long: list[str] = []
        self.lost: dict[str, list[str]] = {"missing-name": [], "broken-name": [], "foreign-name": []}
        self.asked: dict[Place, str | None] = {}

    def plan(self) -> _Plan:
        for name, cell in self.form.all_cells().items():
            self._single(name, cell, cell.label or name)
        for row in self.form.all_rows().values():
            self._grid_row(row)
        for name, table in self.form.tables.items():
            self._table(name, table)
        lost = tuple((code, name) for code, names in self.lost.items() for name in names)
        spots = sorted(self.spots, key=attrgetter("place"))      # as they are printed
        return _Plan(self.form, tuple(spots), tuple(self.fixed), lost, tuple(self.long), self.asked)

    def _box(self, name: str) -> Box | None:
        """Where a name points. One that leads nowhere is remembered, with the reason."""
        box = self.boxes.get(name)
        if box is None:
            target = self.grid.names.get(name)
            found = "broken-name" if "#REF!" in (target or "") else "foreign-name"
            self.lost["missing-name" if target is None else found].append(name)
        return box

    def _single(self, name: str, item: model.Item, label: str) -> None:
        box = self._box(item_name(name))
        if box:
            self._add(box.top, box.left, name, item, label)

    def _grid_row(self, row: model.Row) -> None:
        for name, column in self.form.columns.items():
            self._single(f"{row.id}.{name}", column, f"{row.label.strip()} {column.label or name}")
        for name in row.fixed:
            if name not in self.form.columns:         # a sheet column: printed text that is nobody's to fill
                self._single(f"{row.id}.{name}", _PRINTED, row.label.strip())

    def _table(self, name: str, table: Table) -> None:
        boxes = {column: box for column, item in table.columns.items()
                 if item.at and (box := self._box(defined_name(name, column)))}
        if not boxes or self._too_long(name, boxes):
            return
        paths = self.form.leaf_groups(name)
        leaves = {leaf: box for leaf, path in paths.items() if (box := self._leaf_box(leaf, path, table))}
        seen: set[str] = set()
        for ordinal, (row, leaf) in enumerate(self._rows(table, boxes, leaves, paths), 1):
            for column, item in table.columns.items():
                if item.per == "row" or leaf not in seen:
                    self._table_cell(name, column, boxes.get(column), row, ordinal, paths.get(leaf, ()))
            seen.add(leaf)

    def _table_cell(self, table_name: str, column: str, box: Box | None, row: int, ordinal: int,
                    path: tuple[str, ...]) -> None:
        table, name, leaf = self.form.tables[table_name], f"{table_name}.{column}", path[-1] if path else ""
        item = table.columns[column]
        if item.at is None:                           # the form prints no such column: the group fixes it
            for points in _leaf(table, path).readings[:1] if path else ():
                self.fixed.append((row, Item(self.form.form, name, points, f"{points:f}", "", "number",
                                             self.instance, ordinal, leaf)))
        elif box and column not in _covered(table, path):
            self._add(row, box.left, name, item, f"第 {ordinal} 行{item.label or column}", ordinal, leaf)

    def _add(self, row: int, column: int, name: str, item: model.Item, label: str, ordinal: int = 0,
             leaf: str = "") -> None:
        cell = f"{self.grid.name}!{address(row, column)}"
        blank = Item(self.form.form, name, None, "", cell, "blank", self.instance, ordinal, leaf)
        self.spots.append(ItemSpot((row, column), cell, name, item, label, ordinal, leaf, blank))

    # -- rows of a table ------------------------------------------------------------------------------

    def _too_long(self, name: str, boxes: dict[str, Box]) -> bool:
        long = any(box.bottom - box.top >= MOST_ROWS for box in boxes.values())
        if long:
            self.long.append(name)
        return long

    def _leaf_box(self, leaf: str, path: tuple[str, ...], table: Table) -> Box | None:
        """The rows of a 二级指标; its columns share them."""
        columns = [column for column, item in table.columns.items()
                   if item.at and column not in _covered(table, path)]
        boxes = [box for column in columns if (box := self._box(defined_name(leaf, column)))]
        return boxes[0] if boxes else None

    def _rows(self, table: Table, boxes: dict[str, Box], leaves: dict[str, Box],
              paths: dict[str, tuple[str, ...]]) -> Iterator[tuple[int, str]]:
        """(row, leaf) of every row that is the clerk's to fill, blank or not; not of the narrow last rows."""
        bottom = max(box.bottom for box in boxes.values())
        last_leaves = {path[0]: leaf for leaf, path in paths.items()}.values()
        narrow = {leaves[leaf].bottom for leaf in last_leaves if leaf in leaves} | {bottom}
        leaf = ""
        for row in range(min(box.top for box in boxes.values()), bottom + 1):
            if row in narrow and all(self._ask(row, box.left) is None for box in boxes.values()):
                continue
            leaf = self._leaf_of(row, table, leaves, paths) or leaf
            yield row, leaf

    def _leaf_of(self, row: int, table: Table, leaves: dict[str, Box],
                 paths: dict[str, tuple[str, ...]]) -> str:
        """The 二级指标 whose range a row is in; a row inserted outside may say it in its label; else ""."""
        for leaf, box in leaves.items():
            if box.top <= row <= box.bottom:
                return leaf
        label = self._ask(row, Box.span(table.levels[-1], row).left) if paths else None
        if label is None:
            return ""
        return next((leaf for leaf, path in paths.items()
                     if label in (_bare(_leaf(table, path).label), leaf)), "")

    def _ask(self, row: int, column: int) -> str | None:
        """See `_answer`."""
        self.asked[row, column] = answer = _answer(self.grid, (row, column))
        return answer


def lost_troubles(form: Form, sheet: str, lost: Iterable[tuple[str, str]], found: Container[str]) -> list[Trouble]:
    """Says which names lead nowhere: a fault, but for those whose items were `found` by their labels."""
    told = []
    for code, (message, advice) in _LOST.items():
        for by_label in (False, True):
            names = [name for reason, name in lost if reason == code and (name in found) == by_label]
            if names:
                text = f"工作表《{sheet}》" + message.format(_listed(names))
                told.append(Trouble("structure", code, text + "已按表上的栏目名称找到并读取。" if by_label else text, advice,
                                    (), form.form, "warning" if by_label else "error"))
    return told


def constant(sheet: Grid | RawSheet, name: str) -> str:
    """A text that a name of the sheet stands for; "" when there is none."""
    target = sheet.names.get(name, "").removeprefix("=")
    return target[1:-1].replace('""', '"') if len(target) > 1 and target[0] == target[-1] == '"' else ""


def box_of(target: str, sheet: Grid | RawSheet) -> Box | None:
    """The cells a name of the sheet refers to, when they are on that sheet."""
    name, box = _target(target)
    return box if name == sheet.name else None


@lru_cache(4096)                                      # units of one template have the same names
def _target(target: str) -> tuple[str, Box | None]:
    """The sheet and the cells that a name refers to; None when it is no reference."""
    match = _REFERENCE.match(target)
    return ((match[1] or match[2]).replace("''", "'"), Box.at(match[3].replace("$", ""))) if match else ("", None)


def _leaf(table: Table, path: tuple[str, ...]) -> Group:
    group = table.groups[path[0]]
    for step in path[1:]:
        group = group.groups[step]
    return group


def _covered(table: Table, path: tuple[str, ...]) -> frozenset[str]:
    """Columns where the 一级指标 of a row prints a fixed text: nobody's to fill."""
    return covered_columns(table, table.groups[path[0]]) if path else frozenset()


def _bare(label: str) -> str:
    """A label without the weight in brackets and without spaces."""
    return re.sub(r"[(（].*|[\s\u3000]", "", label)


def _listed(names: list[str]) -> str:
    shown = "、".join(names[:_SHOWN])
    return f"“{shown}”" + (f"等 {len(names)} 处" if len(names) > _SHOWN else "")
