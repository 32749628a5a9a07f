"""A template as it stands in a workbook that was filled in: where its cells are after rows were inserted.

The defined names say where items are now. Between two of them everything moved as they did.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.workbook.formula_text import Lost, moved
from pyfuncs.workbook.formulas import Formulas
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.layout_form import form_sheet
from pyfuncs.workbook.grid import EMPTY
from pyfuncs.workbook.names import FORM, IDENTITY_SHEET, defined_name
from pyfuncs.workbook.places import Box, Place, Shape, SheetLayout, WorkbookLayout
from pyfuncs.workbook.read_book import Book, RawSheet
from pyfuncs.workbook.read_form import MOST_ROWS, box_of, constant

Kept = TypeVar("Kept")

_ADVICE = "没有转换，文件没有动。请用新模板重填，或撤销插入、删除、移动后再转换。"


class NotStanding(ValueError):
    """The workbook's cells can't be matched with the template's; the message says where and what to do.

    `sheet`: name of the layout's sheet; `fault`: what is the matter with it, `told`: the same in words.
    """

    def __init__(self, sheet: SheetLayout, fault: Literal["missing-sheet", "missing-name", "moved"], told: str) -> None:
        super().__init__(f"{told}{_ADVICE}")
        self.sheet, self.fault, self.told = sheet, fault, told


@dataclass(frozen=True)
class StandingSheet:
    """One sheet of the template and the one of the workbook. `anchors`: pairs (row of the layout, row now)."""

    layout: SheetLayout
    raw: RawSheet
    anchors: tuple[tuple[int, int], ...]

    def row(self, row: int) -> int | None:
        """Where a row of the layout is now; None when it was deleted, or when that can't be known."""
        at = bisect.bisect_left(self.anchors, (row, 0))
        after = self.anchors[at] if at < len(self.anchors) else None
        if after and after[0] == row:
            return after[1]
        before = self.anchors[at - 1] if at else None
        if before is None or after is None:           # above the first item or below the last
            near = before or after
            return row + (near[1] - near[0] if near else 0)
        # Of a table that lost rows the first ones are left.
        likely = [row + near[1] - near[0] for near in (before, after)]
        return next((now for now in likely if before[1] < now < after[1]), None)

    @cached_property
    def worked(self) -> tuple[tuple[Place, tuple[int, int]], ...]:
        """The cells that are worked out, with (row, column) of today; not those whose row is gone."""
        rows = ((place, self.row(place.box.top)) for place in self.layout.places if place.rule)
        return tuple((place, (row, place.box.left)) for place, row in rows if row)

    @property
    def added(self) -> Iterator[tuple[int, int, int]]:
        """Rows that were put in where the template has none to spare: between which rows of today, and how many."""
        for before, after in zip([(0, 0), *self.anchors], self.anchors):
            extra = (after[1] - before[1]) - (after[0] - before[0])
            if extra > 0:
                yield before[1], after[1], extra


@dataclass(frozen=True)
class Standing:
    """A whole workbook, sheet by sheet of its template."""

    plan: WorkbookLayout
    sheets: Mapping[str, StandingSheet]               # name of the layout's sheet ->
    _texts: dict[tuple[str, str, Box], str] = field(default_factory=dict, compare=False, repr=False)

    def places(self) -> Iterator[tuple[StandingSheet, Place, tuple[int, int]]]:
        """Every cell of the template that holds an item or is worked out, with (row, column) of today."""
        for sheet in self.sheets.values():
            for place in sheet.layout.places:
                if (place.slot or place.rule) and (row := sheet.row(place.box.top)):
                    yield sheet, place, (row, place.box.left)

    def formula(self, formulas: Formulas, sheet: StandingSheet, place: Place) -> str:
        """What the template's formula of a place reads like today. Raises Lost."""
        key = formulas.edition, sheet.layout.name, place.box
        if key not in self._texts:
            self._texts[key] = self._moved(formulas.of(sheet.layout, place), sheet)
        return self._texts[key]

    def _moved(self, formula: str, sheet: StandingSheet) -> str:

        def row_of(name: str, row: int) -> int | None:
            other = self._sheet(name) if name else sheet
            return other.row(row)

        return moved(formula, row_of, lambda name: self._sheet(name).raw.name)

    def _sheet(self, name: str) -> StandingSheet:
        if name not in self.sheets:
            raise Lost(name)
        return self.sheets[name]


def identity_of(book: Book) -> dict[str, str]:
    """Key and value of the hidden sheet that says what a workbook of ours is; {} for others."""
    sheet = book.sheet(IDENTITY_SHEET)
    cells = book.grid(sheet).cells if sheet else {}
    return {str(cell.value): str(cells.get((row, 2), EMPTY).value or "")
            for (row, column), cell in cells.items() if column == 1 and cell.value}


def standing(ruleset: RuleSet, book: Book) -> Standing:
    """Match a workbook with its template. Raises NotStanding."""
    stands, failed = standing_sheets(ruleset, book)
    if failed:
        raise failed[0]
    return stands


_stands: dict[tuple, Standing] = {}
_MOST_STANDS, _MOST_NAMES = 64, 10_000                # kept; names of one that is kept


def standing_sheets(ruleset: RuleSet, book: Book) -> tuple[Standing, list[NotStanding]]:
    """Match the sheets of a workbook with those of its template that can be matched, and say which can't.

    What stands is kept by the names of the sheets and cells: most units of a department have the same.
    """
    names = tuple((sheet.name, sheet.part, sheet.visible, tuple(sheet.names.items())) for sheet in book.sheets)
    key = ruleset.id, ruleset.hash, names
    if key in _stands:
        return _stands[key], []
    stands, failed = _standing_sheets(ruleset, book)
    if ruleset.hash and not failed and sum(len(sheet[-1]) for sheet in names) <= _MOST_NAMES:
        if len(_stands) >= _MOST_STANDS:
            _stands.clear()
        _stands[key] = stands
    return stands, failed


def _standing_sheets(ruleset: RuleSet, book: Book) -> tuple[Standing, list[NotStanding]]:
    forms = {form: [sheet for sheet in book.sheets if constant(sheet, FORM) == form] for form in ruleset.forms}
    projects = max((len(forms[name]) for name, form in ruleset.forms.items() if form.instances == "many"), default=1)
    plan = _plan(ruleset, max(projects, 1), tuple(sorted(_sizes(ruleset, forms))))
    sheets, failed = {}, []
    for sheet in plan.sheets:
        try:
            sheets[sheet.name] = _stand(sheet, _raw(sheet, forms, book))
        except NotStanding as error:
            failed.append(error)
    return Standing(plan, sheets), failed


_plans: dict[tuple, WorkbookLayout] = {}
_sheets: dict[tuple, SheetLayout] = {}
_MOST_PLANS, _MOST_SHEETS = 64, 256


def _plan(ruleset: RuleSet, projects: int, rows: tuple[tuple[tuple[str, int, str], int], ...]) -> WorkbookLayout:
    """The layout of that shape, kept: most units of a department have the same, and it takes longer than all else."""
    shape = Shape(projects, dict(rows))
    if not ruleset.hash:                              # not from a file: nothing says which one it is
        return layout(ruleset, shape)
    return _kept(_plans, _MOST_PLANS, (ruleset.id, ruleset.hash, projects, rows), lambda: layout(ruleset, shape, _sheet))


def _sheet(ruleset: RuleSet, form: Form, instance: int, shape: Shape) -> SheetLayout:
    """The layout of one form, kept too: where a unit put rows into one table, the other sheets are as everybody's."""
    rows = tuple((name, count) for (of, number, name), count in shape.rows.items() if (of, number) == (form.form, instance))
    return _kept(_sheets, _MOST_SHEETS, (ruleset.id, ruleset.hash, form.form, instance, rows),
                 lambda: form_sheet(ruleset, form, instance, shape))


def _kept(memory: dict[tuple, Kept], most: int, key: tuple, make: Callable[[], Kept]) -> Kept:
    if key not in memory:
        if len(memory) >= most:
            memory.clear()
        memory[key] = make()
    return memory[key]


def _sizes(ruleset: RuleSet, forms: Mapping[str, list[RawSheet]]) -> Iterator[tuple[tuple[str, int, str], int]]:
    """Rows that each table, or each of its 二级指标, has in the workbook, without the narrow last ones."""
    for form in ruleset.forms.values():
        for name, table in form.tables.items():
            paths = form.leaf_groups(name)
            last = {path[0]: leaf for leaf, path in paths.items()}.values()
            columns = [column for column, item in table.columns.items() if item.at]
            for key in paths or [name]:
                for instance, sheet in enumerate(forms[form.form], 1):
                    boxes = (box_of(sheet.names.get(defined_name(key, column), ""), sheet) for column in columns)
                    box = next(filter(None, boxes), None)
                    if box:
                        narrow = key in last or not paths
                        rows = min(box.bottom - box.top + 1, MOST_ROWS)      # a name may reach down a whole sheet
                        yield (form.form, instance, key), rows - narrow


def _raw(sheet: SheetLayout, forms: Mapping[str, list[RawSheet]], book: Book) -> RawSheet:
    """The workbook's sheet for one of the layout: by its form, else by its name, else by its defined names."""
    if sheet.form:
        found = forms[sheet.form.form][sheet.instance - 1:sheet.instance]
    else:
        others = [raw for raw in book.sheets if not constant(raw, FORM)]
        found = [raw for raw in others if raw.name == sheet.name]
        found += [raw for raw in others if sheet.names and sheet.names.keys() <= raw.names.keys()]
    if not found:
        raise NotStanding(sheet, "missing-sheet", f"没有找到工作表“{sheet.name}”。")
    return found[0]


def _stand(sheet: SheetLayout, raw: RawSheet) -> StandingSheet:
    anchors: dict[int, int] = {}
    for name, box in sheet.names.items():
        now = box_of(raw.names.get(name, ""), raw)
        if now is None and sheet.form:
            raise NotStanding(sheet, "missing-name", f"工作表《{raw.name}》里“{name}”的位置找不到了（名称或所在的行被删除）。")
        for before, after in _ends(box, now) if now else ():
            if anchors.setdefault(before, after) != after or now.left != box.left:
                raise NotStanding(
                    sheet, "moved", f"工作表《{raw.name}》里“{name}”的位置对不上（{now.cell}），行列被移动过。")
    pairs = sorted(anchors.items())
    if any(first[1] > second[1] for first, second in zip(pairs, pairs[1:])):
        raise NotStanding(sheet, "moved", f"工作表《{raw.name}》里行的次序变了。")
    return StandingSheet(sheet, raw, tuple(pairs))


def _ends(box: Box, now: Box) -> tuple[tuple[int, int], ...]:
    return (box.top, now.top), (box.bottom, now.bottom)
