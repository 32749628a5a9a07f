"""One form found by its labels: where its items stand, what they are, and what must be told about the finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.catalog.submission import Item
from pyfuncs.workbook.cells import MONEY, read_number
from pyfuncs.workbook.grid import UNKNOWN_FORMAT, Grid, RawCell
from pyfuncs.workbook.labels.align import Region
from pyfuncs.workbook.labels.locate import Found, Labels, labels_of, spots_of
from pyfuncs.workbook.labels.plan import Plan, Spot
from pyfuncs.workbook.labels.stream import Stream
from pyfuncs.workbook.labels.tables import MOST_ROWS, Body, body_of
from pyfuncs.workbook.labels.units import Unit, inferred_unit, stated_unit
from pyfuncs.workbook.places import Box, address, words
from pyfuncs.workbook.read_item import FormItems, FormSheet, ItemSpot, hidden_notes, texts_of, unit_note

_WRITTEN = re.compile("[万亿千元]")
_WEIGHTS = frozenset({"分值", "权重", "得分"})        # headings of weights
_SHOWN = 5
_NUMBER = re.compile(r"\s*[-+]?[\d,]*\d(?:\.\d+)?\s*[%％]?\s*")


@dataclass(frozen=True)
class Located:
    """A form found in a region of the stream; nothing is read yet."""

    plan: Plan
    labels: Labels
    found: tuple[Found, ...]
    missing: tuple[Spot, ...]
    bodies: dict[str, Body]
    share: float

    @property
    def stream(self) -> Stream:
        return self.labels.stream

    @property
    def form(self) -> Form:
        return self.plan.form

    @cached_property
    def rows(self) -> dict[int, range]:
        """Sheet -> its rows that belong to this form."""
        found: dict[int, list[int]] = {}
        for row in self.stream.rows[self.labels.first:self.labels.end]:
            if row.row:
                found.setdefault(row.sheet, []).append(row.row)
        return {sheet: range(min(rows), max(rows) + 1) for sheet, rows in found.items()}

    def raw(self, one: Found) -> RawCell:
        cell = self.stream.cell(one.sheet, one.row, one.column)
        return cell if one.text is None else cell._replace(value=one.text, formula="", format=UNKNOWN_FORMAT)

    @cached_property
    def stated(self) -> str:
        """The unit that this form states where it stands, "" when it does not."""
        lines = [text for row in self.stream.rows[self.labels.first:self.labels.end] for text in row.texts
                 if len(text) < 100]
        return stated_unit(lines, [word.text for word, _ in self.labels.words.values()])

    @cached_property
    def bare_amounts(self) -> list[Decimal]:
        """Figures of amounts as they stand, where the cell itself names no unit."""
        found = []
        for one in self.found:
            raw = self.raw(one)
            if one.item.type == "amount" and not _WRITTEN.search(f"{raw.value}{raw.format}"):
                reading = read_number(raw.value, "amount", raw.format, "元")
                found += [reading.value] if reading.value is not None else []
        return found


def locate(region: Region, stream: Stream, first: int, end: int) -> Located:
    """The items of a form whose rows lie from `first` up to `end` of the stream."""
    labels = labels_of(region, stream, first, end)
    found, missing = spots_of(labels)
    bodies = {table.name: body_of(labels, table) for table in region.plan.tables}
    items = [*found, *(one for body in bodies.values() for one in body.found)]
    return Located(region.plan, labels, tuple(items), tuple(missing), bodies, region.share)


def units(located: list[Located], ruleset: RuleSet) -> list[Unit]:
    """What each form counts in: as stated, as the figures tell, else as the form of the rule set counts."""
    known = frozenset(amount * MONEY[one.stated] for one in located if one.stated for amount in one.bare_amounts)
    found = []
    for one in located:
        silent = not stated_unit([anchor.text for row in one.plan.rows for anchor in row],
                                 [anchor.text for row in one.plan.rows for anchor in row])
        told = None if one.stated else inferred_unit(one.bare_amounts, known)
        if one.stated or not one.bare_amounts:
            found.append(Unit(one.stated or one.form.unit, True))
        elif silent and (told is None or told.name == one.form.unit or "相同" not in told.reason):
            found.append(Unit(one.form.unit, True))   # the form as printed says no unit either
        else:
            found.append(told or Unit(one.form.unit, False))
    return found


def read_located(ruleset: RuleSet, one: Located, instance: int, unit: Unit) -> FormSheet:
    """The items of a form, and what is to be told."""
    items = FormItems(ruleset, one.form, instance, unit.name)
    for found in one.found:
        cell = f"{one.stream.grids[found.sheet].name}!{address(found.row, found.column)}"
        items.take((found.sheet, found.row, found.rank or found.column), one.raw(found), ItemSpot(
            (found.row, found.column), cell, found.name, found.item, found.label, found.ordinal, found.leaf))
    printed = [stated for body in one.bodies.values() for stated in body.stated]
    for stated in printed:
        grid = one.stream.grids[stated.sheet]
        cell = f"{grid.name}!{Box(stated.row, stated.column, 0, 0).cell}" if stated.column else ""
        items.put((stated.sheet, stated.row, 0), Item(
            one.form.form, stated.name, stated.value, f"{stated.value:f}", cell, "number", instance,
            stated.ordinal, stated.leaf))
    _Teller(ruleset, one, items, unit).tell()
    read: dict[int, set[tuple[int, int]]] = {sheet: set() for sheet in one.rows}
    for spot in (*one.found, *printed):
        read.setdefault(spot.sheet, set()).add((spot.row, spot.column))
    texts = tuple(text for sheet, rows in one.rows.items()
                  for text in texts_of(one.stream.grids[sheet], one.form.form, read[sheet], rows))
    return items.sheet(texts)


class _Teller:
    """What must not stay silent: labels that were not found or not equal, units, figures that nobody asked for."""

    def __init__(self, ruleset: RuleSet, one: Located, items: FormItems, unit: Unit) -> None:
        self.ruleset, self.one, self.items, self.unit = ruleset, one, items, unit
        self.title = f"《{words(one.form.title, ruleset)}》"
        self.sheets = {sheet: one.stream.grids[sheet] for sheet in one.rows}

    def tell(self) -> None:
        self._missing()
        self._slips()
        self._groups()
        self._unit()
        self._unread()
        for sheet, grid in self.sheets.items():
            hidden_notes(self.items, sheet, grid)

    def _missing(self) -> None:
        lost = {spot.label: None for spot in self.one.missing}
        for table in self.one.plan.tables:
            body = self.one.bodies[table.name]
            columns = [item.label or name for name, item in table.table.columns.items()
                       if item.at and self.one.labels.box(table.columns.get(name)) is None]
            if table.detail_of is None:
                lost |= {label: None for label in columns}
            elif body.headless:
                lost[table.detail_of.text.strip()] = None
            if body.too_long:
                self.items.tell("too-many-rows", f"{self.title}里“{table.name}”超过 {MOST_ROWS} 行，后面的没有读取。",
                                "请删去多余的空行，或用新模板重填。", "error")
        if lost:
            labels = _listed(list(lost), self.ruleset)
            self.items.tell("missing-label", f"{self.title}（{self._where()}）里没有找到这些栏目：{labels}；其余的照常读取。",
                            "请核对这些栏目是不是删去了或改了名称；有数的请按表样补上。", "warning")

    def _slips(self) -> None:
        found = [(anchor.text, word) for anchor, word in self.one.labels.slips]
        found += [slip for body in self.one.bodies.values() for slip in body.slips]
        for text, word in found:
            self.items.tell("near-label", f"{self._address(word)}写的是“{_flat(word.text)}”，按“{_flat(text)}”读取。",
                            f"请核对；如果就是“{_flat(text)}”，请改正这几个字。", "note", (self._cell(word),))
        for word, anchors in self.one.labels.doubtful:
            names = "”或“".join(_flat(anchor.text) for anchor in anchors)
            self.items.tell("doubtful-label", f"{self._address(word)}写的是“{_flat(word.text)}”，可能是“{names}”，分不清，"
                            "没有读取。", "请按表样改正栏目名称。", "warning", (self._cell(word),))

    def _groups(self) -> None:
        for body in self.one.bodies.values():
            for word in body.unknown:
                self.items.tell("unknown-group", f"{self._address(word)}的“{_flat(word.text)}”不是表样里的二级指标，"
                                "这些行读取了，但不归入任何一级指标。", "请按表样改正二级指标的名称。", "warning", (self._cell(word),))

    def _unit(self) -> None:
        if self.unit.stated:
            unit_note(self.items, next(iter(self.sheets.values())))
        elif self.unit.reason:
            self.items.tell("unit-inferred", f"{self.title}（{self._where()}）没有写计量单位；{self.unit.reason}，"
                            f"按{self.unit.name}读取。", "请核对，并在表上写明计量单位。", "note")
        else:
            self.items.tell("unit-unknown", f"{self.title}（{self._where()}）没有写计量单位，从数字上也看不出是元还是万元，"
                            f"按规则集的{self.unit.name}读取。", "请核对金额，并在表上写明计量单位。", "warning")

    def _unread(self) -> None:
        read = self.items.read
        cells = [f"{grid.name}!{Box(row, column, 0, 0).cell}" for grid, row, column in self._figures()]
        cells = [cell for cell in cells if cell not in read]
        if cells:
            self.items.tell("unread-figures", f"{self.title}里有 {len(cells)} 个数不在表样的任何栏目里，没有读取：{_some(cells)}。",
                            "请核对：如果是该报的数，请填到表样规定的栏目里。", "note", tuple(cells))

    def _figures(self) -> Iterator[tuple[Grid, int, int]]:
        """Cells with a figure in the rows of this form, but for printed weights."""
        labels, stream = self.one.labels, self.one.stream
        last = max([*labels.rows.values(), *(stream.at.get((one.sheet, one.row), 0) for one in self.one.found)])
        printed = self._printed_columns()
        for number in range(labels.first, min(last + 1, labels.end)):
            at = stream.rows[number]
            for column in stream.columns(at.sheet, at.row):
                value = stream.cell(at.sheet, at.row, column).value
                figure = not isinstance(value, str) or _NUMBER.fullmatch(value)
                if figure and (at.sheet, column) not in printed:
                    yield stream.grids[at.sheet], at.row, column

    def _printed_columns(self) -> set[tuple[int, int]]:
        """Columns of the weights of 一级指标, which belong to no item; also where the header is repeated."""
        labels, stream = self.one.labels, self.one.stream
        found: set[tuple[int, int]] = set()
        for number, (word, _) in labels.words.items():
            if number in self.one.plan.asked or not _WEIGHTS.intersection(word.keys):
                continue
            header = stream.rows[word.row].words
            for row in stream.rows[labels.first:labels.end]:
                if [one.keys for one in row.words] == [one.keys for one in header]:
                    box = row.words[header.index(word)].box
                    found |= {(row.sheet, column) for column in range(box.left, box.right + 1)}
        return found

    def _where(self) -> str:
        return "、".join(dict.fromkeys(grid.name for grid in self.sheets.values()))

    def _cell(self, word) -> str:
        return f"{self.one.stream.grid(word.row).name}!{word.box.cell if word.box.top else 'A1'}"

    def _address(self, word) -> str:
        sheet, _, cell = self._cell(word).rpartition("!")
        return f"《{sheet}》{cell}"


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _listed(labels: list[str], ruleset: RuleSet) -> str:
    shown = "、".join(f"“{_flat(words(label, ruleset))}”" for label in labels[:_SHOWN])
    return shown + (f"等 {len(labels)} 项" if len(labels) > _SHOWN else "")


def _some(cells: list[str]) -> str:
    return "、".join(cells[:_SHOWN]) + ("等" if len(cells) > _SHOWN else "")
