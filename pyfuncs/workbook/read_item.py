"""Cells as items, with what is to be told about them: shared by the readers by names and by labels."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import NamedTuple

from pyfuncs.catalog import model
from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.catalog.submission import Item, Text, Trouble
from pyfuncs.workbook.cells import MONEY, Proposal, Reading, read_number
from pyfuncs.workbook.grid import EMPTY, Grid, RawCell
from pyfuncs.workbook.places import address, words

_ADVICE = {
    "percent-typed": "请改成“{meant}”，或在百分比格式的单元格里重填。",
    "letters-for-digits": "请把字母改成数字，填“{meant}”。",
    "bracketed-number": "负数请写成“{meant}”，不用括号。",
}
_LONG = 200                                           # characters of a text that is not kept


@dataclass(frozen=True)
class FormSheet:
    """What one form gave. `uncached`, `nameless`: cells whose formula has no value, or needs the add-in.

    `rulesets`: (cell, id) where a formula names a rule set. `texts`: what stands there besides the items.
    `lost`: defined names that lead nowhere, each with the reason.
    """

    items: tuple[Item, ...]
    troubles: tuple[Trouble, ...]
    uncached: tuple[str, ...] = ()
    nameless: tuple[str, ...] = ()
    rulesets: tuple[tuple[str, str], ...] = ()
    texts: tuple[Text, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()


class ItemSpot(NamedTuple):
    """A cell that holds an item. `cell`: "sheet!C9"; `label`: for messages; `ordinal`, `leaf`: of a table's row.

    `blank`: what it is where nothing stands in it, the same in every workbook; None where a spot is used once.
    """

    place: tuple[int, int]                            # row, column
    cell: str
    name: str
    item: model.Item
    label: str
    ordinal: int = 0
    leaf: str = ""
    blank: Item | None = None


@dataclass
class FormItems:
    """Gathers the items of one instance of a form. `unit`: what its sheet counts amounts in."""

    ruleset: RuleSet
    form: Form
    instance: int
    unit: str
    troubles: list[Trouble] = field(default_factory=list)
    uncached: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    rulesets: list[tuple[str, str]] = field(default_factory=list)
    _items: list[tuple[tuple[int, int, int], Item]] = field(default_factory=list)

    def take(self, order: tuple[int, int, int], raw: RawCell, spot: ItemSpot) -> None:
        """The item of a cell that holds `raw`. `order`: sheet, row and place in the row."""
        _, cell, name, item, label, ordinal, leaf, blank = spot
        if raw is EMPTY and blank is not None and self._own_unit:
            self._items.append((order, blank))
            return
        stands, formula, _, cached, rulesets, number_format = raw
        reading = read_number(stands, item.type, number_format, self.unit)
        value, state, text, places, notes, proposal = reading
        if not self._own_unit:
            places = self._places(reading, item)
        self._items.append((order, Item(self.form.form, name, value, text, cell, state, self.instance, ordinal, leaf,
                                        places, bool(formula), notes)))
        if proposal and not formula:
            self.troubles.append(self._proposal(proposal, text, cell, label))
        if not cached:
            self.uncached.append(cell)
        if formula and text == "#NAME?":
            self.nameless.append(cell)
        if rulesets:
            self.rulesets += [(cell, ruleset_id) for ruleset_id in rulesets]

    def put(self, order: tuple[int, int, int], item: Item) -> None:
        """An item at sheet, row and place in the row; 0 for one that the form does not print."""
        self._items.append((order, item))

    @property
    def read(self) -> frozenset[str]:
        """Cells that became items."""
        return frozenset(item.cell for _, item in self._items)

    def tell(self, code: str, message: str, advice: str, severity: model.Severity,
             cells: tuple[str, ...] = ()) -> None:
        self.troubles.append(Trouble("structure", code, message, advice, cells, self.form.form, severity))

    @property
    def items(self) -> tuple[Item, ...]:
        """In printed order."""
        return tuple(item for _, item in sorted(self._items, key=itemgetter(0)))

    def filled_rows(self, sheet: int) -> set[int]:
        """Rows of a sheet in which an item has a value."""
        return {row for (number, row, _), item in self._items if number == sheet and item.value is not None}

    def sheet(self, texts: tuple[Text, ...] = (), lost: tuple[tuple[str, str], ...] = ()) -> FormSheet:
        return FormSheet(self.items, tuple(self.troubles), tuple(self.uncached), tuple(self.nameless),
                         tuple(self.rulesets), texts, lost)

    @cached_property
    def _own_unit(self) -> bool:
        """Whether the sheet counts in the form's own unit."""
        return self.unit == self.form.unit

    def _places(self, reading: Reading, item: model.Item) -> int:
        """Decimals in the form's own unit, whatever the sheet counts in."""
        if item.type != "amount":
            return reading.places
        return max(0, reading.places + MONEY[self.form.unit].adjusted() - MONEY[self.unit].adjusted())

    def _proposal(self, proposal: Proposal, text: str, cell: str, label: str) -> Trouble:
        sheet, _, place = cell.rpartition("!")
        message = f"《{sheet}》{place}「{words(label, self.ruleset)}」填的是“{text.strip()}”，" \
                  f"你是不是想填 {proposal.meant}？"
        return Trouble("input", proposal.code, message, _ADVICE[proposal.code].format(meant=proposal.meant),
                       (cell,), self.form.form)


def texts_of(grid: Grid, form: str, read: Set[tuple[int, int]], rows: range | None = None) -> tuple[Text, ...]:
    """Texts of a sheet, or of some of its rows, that are no items. `read`: places of those that are."""
    found = [(place, cell.value) for place, cell in grid.cells.items()
             if isinstance(cell.value, str) and place not in read and (rows is None or place[0] in rows)
             and cell.value.strip()]
    return tuple((_printed if len(text) <= _LONG else _text)(form, grid.name, place, text)
                 for place, text in sorted(found))


def _text(form: str, sheet: str, place: tuple[int, int], text: str) -> Text:
    return Text(form, f"{sheet}!{address(*place)}", text)


_printed = lru_cache(4096)(_text)                     # most are printed by the form: the same in every workbook


def hidden_notes(found: FormItems, sheet: int, grid: Grid) -> None:
    """Says that a sheet or rows of it are hidden; they are read like others."""
    name = f"工作表《{grid.name}》"
    if not grid.visible:
        found.tell("hidden-sheet", f"{name}是隐藏的，其中的数据照常读取。", "请核对是否要报送。", "note")
    rows = sorted(found.filled_rows(sheet) & grid.hidden_rows) if grid.hidden_rows else []
    if rows:
        found.tell("hidden-rows", f"{name}第 {'、'.join(map(str, rows))} 行是隐藏的，其中的数照常读取。",
                   "请取消隐藏，核对这些行。", "note")


def unit_note(found: FormItems, grid: Grid) -> None:
    if found.unit != found.form.unit:
        found.tell("other-unit", f"工作表《{grid.name}》的计量单位是{found.unit}，规则集要求{found.form.unit}，"
                   "金额已换算。", f"请核对金额；以后请用{found.form.unit}填报。", "note")
