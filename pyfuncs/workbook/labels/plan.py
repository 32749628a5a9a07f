"""What a form looks like, in words: its labels in rows, and by which of them each item is found. Pure.

Derived from the layout of our own template, so that a rule set says nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyfuncs.catalog import model
from pyfuncs.catalog.model import Form, Group, RuleSet, Table
from pyfuncs.workbook.labels.words import PLACEHOLDER, TOTALS, keys_of, level_keys, title_key, yearless
from pyfuncs.workbook.layout_form import form_sheet
from pyfuncs.workbook.names import defined_name
from pyfuncs.workbook.places import Box, Place, Shape, covered_columns, words

PRINTED = model.Item(type="actual")                   # a printed text: whatever stands there is read as it is
_LABELS = ("title", "line", "label", "head", "note")
_BESIDE = ("label", "head", "note")
_WEIGHTS = {"title": 2.0, "line": 0.3, "note": 0.3}
_LEVEL_WEIGHT = 0.6


@dataclass(frozen=True)
class Anchor:
    """A printed label of the form. `row`: of the form's plan; `weight`: what finding it counts for."""

    number: int
    row: int
    box: Box
    text: str
    keys: tuple[str, ...]
    weight: float
    role: str
    weak: str = ""


@dataclass(frozen=True)
class Spot:
    """Where a single item stands: under its heading `column`, or beside the label `left`; under, where both are.

    `row`: of the plan, -1 where that row prints no label: the item stands in the row below its heading.
    """

    name: str
    item: model.Item
    label: str                                        # how messages name it
    row: int
    column: Anchor | None
    left: Anchor | None
    rank: int                                         # its column on our template: orders the items of a row


@dataclass(frozen=True)
class Leaf:
    """A 二级指标 of a table with its 一级指标."""

    path: tuple[str, ...]
    group: Group
    keys: tuple[str, ...]
    top_keys: tuple[str, ...]


@dataclass(frozen=True)
class TablePlan:
    """A table. `head`: row of the plan with its headings; `last`: the last row of the plan that is the table's."""

    name: str
    table: Table
    head: int
    last: int
    columns: dict[str, Anchor | None]                 # column -> its heading
    levels: tuple[Anchor | None, ...]
    leaves: dict[str, Leaf]
    detail_of: Anchor | None = None                   # the row it stands below, for a detail table

    def covered(self, leaf: str) -> frozenset[str]:
        """Columns in which a text is printed over the whole group: nobody's to fill."""
        return covered_columns(self.table, self.table.groups[self.leaves[leaf].path[0]]) if leaf else frozenset()


@dataclass(frozen=True)
class Plan:
    form: Form
    rows: tuple[tuple[Anchor, ...], ...]
    spots: tuple[Spot, ...]
    tables: tuple[TablePlan, ...]
    inside: frozenset[int]                            # rows of the plan that are within a table

    @cached_property
    def weight(self) -> float:
        return sum(anchor.weight for row in self.rows for anchor in row)

    @cached_property
    def needed(self) -> frozenset[int]:
        """Numbers of the labels that items are found by."""
        found = [anchor for spot in self.spots for anchor in (spot.column, spot.left)]
        found += [anchor for table in self.tables for anchor in (*table.columns.values(), *table.levels)]
        return frozenset(anchor.number for anchor in found if anchor)

    @cached_property
    def asked(self) -> frozenset[int]:
        """Numbers of the labels that figures are asked for by; not the headings that only a total stands under."""
        found = [anchor for spot in self.spots for anchor in (spot.left, spot.column if "." in spot.name else None)]
        found += [anchor for table in self.tables for anchor in (*table.columns.values(), *table.levels)]
        return frozenset(anchor.number for anchor in found if anchor)

    @cached_property
    def anchors(self) -> dict[str, list[Anchor]]:
        """Key -> the labels that have it."""
        found: dict[str, list[Anchor]] = {}
        for row in self.rows:
            for anchor in row:
                for key in anchor.keys:
                    found.setdefault(key, []).append(anchor)
        return found


_plans: dict[tuple[str, str, str, str], Plan] = {}


def plan_of(ruleset: RuleSet, form: Form) -> Plan:
    """The plan of a form, made once per rule set."""
    key = (ruleset.id, ruleset.year, ruleset.hash, form.form)
    if key not in _plans:
        _plans[key] = _Planner(ruleset, form).plan()
    return _plans[key]


class _Planner:
    def __init__(self, ruleset: RuleSet, form: Form) -> None:
        self.ruleset, self.form = ruleset, form
        self.sheet = form_sheet(ruleset, form, 1, Shape())
        self.spans = {name: span for name in form.tables if (span := self._span(name))}
        self.aliases = self._aliases()
        self.row_at: dict[int, int] = {}              # row of the template -> row of the plan
        self.anchors: list[Anchor] = []

    def plan(self) -> Plan:
        printed = sorted((place for place in self.sheet.places if place.role in _LABELS and keys_of(place.text)),
                         key=lambda place: place.box)
        for place in printed:
            self.row_at.setdefault(place.box.top, len(self.row_at))
            self.anchors.append(self._anchor(place))
        rows = [[] for _ in self.row_at]
        for anchor in self.anchors:
            rows[anchor.row].append(anchor)
        tables = tuple(self._table(name, table) for name, table in self.form.tables.items())
        inside = frozenset(row for table in tables if table.detail_of is None
                           for row in range(table.head + 1, table.last + 1))
        return Plan(self.form, tuple(map(tuple, rows)), tuple(self._spots()), tables, inside)

    # -- labels ---------------------------------------------------------------------------------------

    def _anchor(self, place: Place) -> Anchor:
        text, year = place.text.replace("{entity}", ""), self.ruleset.year
        level = self._is_level(place.box)
        keys = level_keys(text) if level else keys_of(text, year)
        if place.role == "title":
            keys = (*keys, f"#{title_key(text)}")
        if TOTALS.intersection(keys) and self._is_below_a_table(place.box):
            keys = (*keys, *TOTALS)
        aliases = (key for alias in self.aliases.get(place.box, ())
                   for key in keys_of(words(alias, self.ruleset), year))
        return Anchor(len(self.anchors), self.row_at[place.box.top], place.box, text,
                      tuple(dict.fromkeys([*keys, *aliases])), self._weight(place.role, keys, level), place.role,
                      yearless(text) if "年" in text else "")

    def _weight(self, role: str, keys: tuple[str, ...], level: bool) -> float:
        if PLACEHOLDER in keys:
            return 0.1
        return _LEVEL_WEIGHT if level else _WEIGHTS.get(role, 1.0)

    def _aliases(self) -> dict[Box, list[str]]:
        """What else is known to be printed in the place of a label."""
        heads = [place for place in self.sheet.places if place.role == "head"]
        found = {place.box: row.aliases for place, row in zip(heads, self.form.all_rows().values())}
        labels = [place for place in self.sheet.places if place.role == "label"]
        columns = [*self.form.columns.values(),
                   *(item for table in self.form.tables.values() for item in table.columns.values())]
        for item in columns:
            for place in labels:
                if item.aliases and set(keys_of(place.text)) & set(keys_of(words(item.label, self.ruleset))):
                    found.setdefault(place.box, []).extend(item.aliases)
        for place in self.sheet.places:
            cell = self.form.all_cells().get(place.slot.name) if place.slot else None
            for label in labels if cell and cell.aliases else ():
                if label.box.top == place.box.top and label.box.right + 1 == place.box.left:
                    found.setdefault(label.box, []).extend([cell.label, *cell.aliases])
        return found

    def _is_level(self, box: Box) -> bool:
        return any(span[0] <= box.top <= span[1] and
                   any(Box.span(level, 1).left == box.left for level in self.form.tables[name].levels)
                   for name, span in self.spans.items())

    def _is_below_a_table(self, box: Box) -> bool:
        return any(box.top > bottom for _, bottom in self.spans.values())

    # -- items ----------------------------------------------------------------------------------------

    def _spots(self) -> Iterator[Spot]:
        rows = {f"{row.id}.{name}": row for row in self.form.all_rows().values()
                for name in (*self.form.columns, *row.fixed)}
        for place in self.sheet.places:
            if place.slot and not place.slot.row:
                yield self._spot(place, rows.get(place.slot.name))

    def _spot(self, place: Place, row: model.Row | None) -> Spot:
        name, box = place.slot.name, place.box
        if row is None:
            item = self.form.all_cells()[name]
            label = item.label or name
        else:
            column = name.partition(".")[2]
            item = self.form.columns.get(column, PRINTED)
            label = f"{row.label.strip()} {item.label or column}" if item is not PRINTED else row.label.strip()
        left = None if box.top not in self.row_at else next(
            (anchor for anchor in self.anchors if anchor.box.right + 1 == box.left and anchor.role in _BESIDE
             and anchor.box.top <= box.top <= anchor.box.bottom), None)
        above = self._above(box.top, box)
        same = above is not None and (above.box.left, above.box.right) == (box.left, box.right)
        own = left is not None and row is None and not TOTALS.intersection(left.keys) and _alike(left, item.label)
        column = above if same and not own or left is None else None
        return Spot(name, item, label, self.row_at.get(box.top, -1), column, left if row is None else None,
                    box.left)

    def _above(self, top: int, box: Box) -> Anchor | None:
        """The heading of a column: the lowest label above, of the same width if there is one."""
        over = [anchor for anchor in self.anchors if anchor.role == "label" and anchor.box.bottom < top
                and anchor.box.left <= box.right and box.left <= anchor.box.right]
        same = [anchor for anchor in over if (anchor.box.left, anchor.box.right) == (box.left, box.right)]
        return max(same or over, key=lambda anchor: anchor.box.bottom, default=None)

    # -- tables ---------------------------------------------------------------------------------------

    def _span(self, name: str) -> tuple[int, int] | None:
        """First and last row of a table in the template."""
        boxes = [self.sheet.names[key] for column, item in self.form.tables[name].columns.items()
                 if item.at and (key := defined_name(name, column)) in self.sheet.names]
        return (min(box.top for box in boxes), max(box.bottom for box in boxes)) if boxes else None

    def _table(self, name: str, table: Table) -> TablePlan:
        top, bottom = self.spans[name]
        columns = {column: self._above(top, Box.span(item.at, top)) for column, item in table.columns.items()
                   if item.at}
        levels = tuple(self._above(top, Box.span(level, top)) for level in table.levels)
        detail_of = None
        if table.start is None:
            detail_of = next(anchor for anchor in self.anchors
                             if anchor.box.top == top - 1 and anchor.role == "head")
            columns = {column: anchor if item.type != "text" else None
                       for (column, anchor), item in zip(columns.items(), table.columns.values())}
        head = detail_of.row if detail_of else max((anchor.row for anchor in columns.values() if anchor), default=0)
        last = max((row for at, row in self.row_at.items() if at <= bottom), default=head)
        return TablePlan(name, table, head, max(head, last), columns, levels, self._leaves(name, table), detail_of)

    def _leaves(self, name: str, table: Table) -> dict[str, Leaf]:
        found = {}
        for leaf, path in self.form.leaf_groups(name).items():
            top = group = table.groups[path[0]]
            for step in path[1:]:
                group = group.groups[step]
            found[leaf] = Leaf(path, group, _level_keys(group, leaf), _level_keys(top, path[0]))
        return found


def _level_keys(group: Group, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*level_keys(group.label or name), *level_keys(name)]))


def _alike(anchor: Anchor, label: str) -> bool:
    """The label to the left is the item's own, not that of its row."""
    return any(key in other or other in key for key in anchor.keys for other in keys_of(label))
