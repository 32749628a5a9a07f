"""The familiar forms filled for a department: a node's sums, its units' projects and rows, and their words.

Amounts and staff are typed as sums; rates, scores by rule and totals are left to the forms' own formulas, so that
they are worked out from the sums. What a person judged is not carried over: the workbook is marked as consolidated,
and validating it asks for these cells as warnings.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pyfuncs.catalog.model import Form, Group, RuleSet
from pyfuncs.catalog.refs import all_groups
from pyfuncs.catalog.words import plain
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.consolidate.result import NodeResult, Total
from pyfuncs.language import operands, parse
from pyfuncs.workbook.department_gather import SUMMED, Gathered, Words, gather, is_of_organisations, is_of_results
from pyfuncs.workbook.department_notes import Section, notes, notes_sheet
from pyfuncs.workbook.department_rows import Entries, Entry, Held, Key
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.names import CONSOLIDATED
from pyfuncs.workbook.places import Place, Shape, Slot
from pyfuncs.workbook.shown import Shown, typed
from pyfuncs.workbook.template import write_workbook

_OWN, _CARRIED_OUT_BY = "局机关", "实施单位"
_WORKED_OUT = ("sum", "formula", "row")


@dataclass(frozen=True)
class Department:
    """A department's forms, ready to be written. `notes`: for the sheet that explains them."""

    filling: Filling
    notes: tuple[Section, ...]


def department_workbook(result: NodeResult, filed: Iterator[Filed], entity: str, edition: Edition = "formula") -> bytes:
    """The forms of `result.ruleset` for a node as a workbook; `filed`: the node's counted workbooks, read once.

    `entity`: the department's name, for the cover. Raises ValueError for a node without a counted workbook.
    """
    made = department_filling(result, filed, entity)
    stream = io.BytesIO()
    write_workbook(stream, result.ruleset, edition, filling=made.filling,
                   added=[notes_sheet(made.notes, f"{entity}汇总说明")], marks=[(CONSOLIDATED, str(result.units))])
    return stream.getvalue()


def department_filling(result: NodeResult, filed: Iterator[Filed], entity: str) -> Department:
    """What is to be typed into the forms for a node, and what its reader must know; arguments as above. Pure."""
    ruleset = result.ruleset
    if ruleset is None:
        raise ValueError(f"no workbook is counted for {result.node.name}")
    own = {same_name(entity), same_name(result.node.name)}
    return _Builder(ruleset, result.totals, gather(ruleset, filed, own), own).build(entity)


class _Cell(NamedTuple):
    """A cell of a table before it is known how many rows the table has; `index`: 1.. within its 二级指标 or table."""

    form: str
    instance: int
    table: str
    leaf: str
    index: int
    column: str
    value: Held


class _Builder:
    def __init__(self, ruleset: RuleSet, totals: Sequence[Total], found: Gathered, own: Set[str]) -> None:
        self.ruleset, self.found, self.own = ruleset, found, own
        self.totals = {(total.form, total.name, total.kind): total for total in totals if total.value is not None}
        self.units = len(found.units)
        self.open = self._open_parts()
        self.typed: dict[Slot, str] = {}
        self.cells: list[_Cell] = []
        self.rows: dict[tuple[str, int, str], int] = {}
        self.projects = 1

    def build(self, entity: str) -> Department:
        self._tables()
        self._sheets()
        self._type_cells()
        shape = Shape(self.projects, self.rows)
        plan = layout(self.ruleset, shape)
        places = [(sheet, place) for sheet in plan.sheets if sheet.form for place in sheet.places if place.slot]
        for sheet, place in places:
            if sheet.form.instances == "one" and not place.slot.row and not place.locked:
                self._single(place)
        shown = Shown(plan, self.typed)
        for sheet, place in places:                   # what its own formula gives is left to it
            text = self.typed.get(place.slot)
            if text and place.rule and place.rule.kind in _WORKED_OUT \
                    and shown.formula_gives(sheet, place) == _number(text):
                del self.typed[place.slot]
        homes = {(place.slot.form, place.slot.name, place.type) for _, place in places}
        homeless = [total for key, total in self.totals.items() if key not in homes]
        filling = Filling(self.ruleset.id, entity, self.typed, shape)
        return Department(filling, tuple(notes(self.ruleset, self.found, homeless)))

    # -- cells there are once --------------------------------------------------------------------------

    def _single(self, place: Place) -> None:
        slot = place.slot
        if place.type in SUMMED:
            total = self.totals.get((slot.form, slot.name, place.type))
            if total is not None and (slot.form, slot.name) not in self.open:
                self._type(slot, total.value + self.found.more.get((slot.form, slot.name), Decimal(0)), place.type)
        elif said := self.found.words.get((slot.form, Key(slot.name))):
            text = said.joined(self.units) if place.align == "left" else said.shared(self.units)
            self._type(slot, text, place.type)

    def _open_parts(self) -> set[tuple[str, str]]:
        """Cells of parts that would not make up their total, since a unit filed the total alone: they are left blank."""
        found: set[tuple[str, str]] = set()
        for form_name, name in self.found.undivided:
            form, (first, _, column) = self.ruleset.forms[form_name], name.partition(".")
            if first in form.all_rows():
                below = list(form.all_rows()[first].rows)
                for child in below:
                    below += child.rows
                found |= {(form_name, f"{child.id}.{column}") for child in below}
            else:
                refs = operands(parse(form.all_cells()[first].formula))
                found |= {(ref.form, ".".join(ref.path)) for ref in refs if ref.form}
        return found

    # -- tables ------------------------------------------------------------------------------------------

    def _tables(self) -> None:
        for (form_name, name), entries in (*self.found.money.items(), *self.found.results.items()):
            table = self.ruleset.forms[form_name].tables[name]
            if is_of_results(table) and not entries.whole:
                continue                              # the notes tell
            first, counts = next(iter(table.columns)), dict[str, int]()
            above = [row.id for row in self.ruleset.forms[form_name].all_rows().values() if row.detail == name]
            numbered = self._organisations(form_name) if is_of_organisations(table) else None
            for one in _in_order(numbered, entries) if numbered else entries.kept:
                named = self._named(one, entries.others)
                if numbered is not None:
                    named = numbered.get(one.unit) or f"{len(numbered) + 1}、{named}"
                counts[one.group] = counts.get(one.group, 0) + 1
                cells = {key.name.partition(".")[2]: value for key, value in one.values.items()}
                shown = {column: value for column, value in cells.items()
                         if not any((form_name, f"{row}.{column}") in self.open for row in above)}
                self._row(form_name, 1, name, one.group, counts[one.group], {first: named, **shown})
        for (form_name, key), said in self.found.words.items():
            if key.row:
                self._answer(form_name, key, said)

    def _answer(self, form_name: str, key: Key, said: Words) -> None:
        """A cell of a table with one answer for all: of a 二级指标 without rows of its own, or given by all alike."""
        name, _, column = key.name.partition(".")
        of_results = is_of_results(self.ruleset.forms[form_name].tables[name])
        text = said.joined(self.units) if of_results else said.shared(self.units)
        if text:
            self._row(form_name, 1, name, key.group, key.row, {column: text})

    def _organisations(self, form_name: str) -> Mapping[str, str]:
        """Printed names of organisations: the same, with the same number, in every table of the form."""
        units = dict.fromkeys(one.unit for (form, name), entries in self.found.money.items()
                              if form == form_name and is_of_organisations(self.ruleset.forms[form].tables[name])
                              for one in entries.kept if one.unit)
        ordered = sorted(units, key=lambda unit: same_name(unit) not in self.own)
        return {unit: f"{number}、{_OWN if same_name(unit) in self.own else unit}"
                for number, unit in enumerate(ordered, 1)}

    def _named(self, one: Entry, others: int) -> str:
        """What is carried over by its own name and its unit; what stands for several says so."""
        if not one.unit:
            return f"其余 {others} 个单位合计"
        name = f"{one.of} 个项目合计" if one.of > 1 else one.name.rstrip("：:")   # 指标1： is printed by the form
        return f"{name}（{one.unit}）" if self.units > 1 else name

    def _row(self, form: str, instance: int, table: str, leaf: str, index: int, cells: Mapping[str, Held]) -> None:
        self.cells += [_Cell(form, instance, table, leaf, index, column, value) for column, value in cells.items()]
        key = (form, instance, leaf or table)
        self.rows[key] = max(self.rows.get(key, 0), index)

    def _type_cells(self) -> None:
        """Rows get their ordinals: those of a 二级指标 follow all rows of the ones above it."""
        shape = Shape(self.projects, self.rows)
        for one in self.cells:
            form = self.ruleset.forms[one.form]
            ordinal = one.index
            for leaf, group in _leaves(form, one.table):
                if leaf == one.leaf:
                    break
                ordinal += shape.rows_of(one.form, one.instance, leaf, group.least_rows)
            slot = Slot(one.form, one.instance, f"{one.table}.{one.column}", ordinal, one.leaf)
            self._type(slot, one.value, form.tables[one.table].columns[one.column].type)

    # -- repeated forms -----------------------------------------------------------------------------------

    def _sheets(self) -> None:
        for form_name, entries in self.found.sheets.items():
            for instance, one in enumerate(entries.kept, 1):
                self.projects = max(self.projects, instance)
                self._sheet(self.ruleset.forms[form_name], instance, one, self._named(one, entries.others))

    def _sheet(self, form: Form, instance: int, one: Entry, named: str) -> None:
        rows: dict[tuple[str, str, int], dict[str, Held]] = {}
        for key, value in one.values.items():
            name, _, column = key.name.partition(".")
            if key.row:
                rows.setdefault((name, key.group, key.row), {})[column] = value
            else:
                model = form.all_cells().get(name) or form.columns[column]
                self._type(Slot(form.form, instance, key.name), value, model.type)
        for (name, leaf, index), cells in rows.items():
            self._row(form.form, instance, name, leaf, index, cells)
        if form.key and (one.name or one.of > 1):
            self._type(Slot(form.form, instance, form.key), named, "text")
        for name, cell in form.all_cells().items():
            of_unit = cell.label == _CARRIED_OUT_BY or "{entity}" in cell.preset
            if of_unit and one.unit and Key(name) not in one.values:
                self._type(Slot(form.form, instance, name), one.unit, "text")

    def _type(self, slot: Slot, value: Held, kind: str) -> None:
        """A value as a clerk would type it, with all its digits, in the unit of the form."""
        if isinstance(value, Decimal):
            scale = self.ruleset.forms[slot.form].scale if kind == "amount" else Decimal(1)
            value = f"{plain(value * 100)}%" if kind == "rate" else plain(value / scale)
        if value:
            self.typed[slot] = value


def _in_order(organisations: Mapping[str, str], entries: Entries) -> list[Entry]:
    """A row for each organisation, one without figures as well, so that the tables of a form have the same rows."""
    found = {one.unit: one for one in entries.kept}
    if not entries.whole or len(found) < len(entries.kept):
        return entries.kept
    return [found.get(unit) or Entry(unit, "", {}) for unit in organisations]


def _leaves(form: Form, table: str) -> Iterator[tuple[str, Group]]:
    groups = all_groups(form, table)
    for leaf in form.leaf_groups(table):
        yield leaf, groups[leaf]


def _number(text: str) -> Decimal | str:
    return typed(text, "amount").value
