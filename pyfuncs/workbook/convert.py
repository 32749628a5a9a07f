"""One edition of a filled workbook turned into another: which cells change, and to what.

Only formulas of the template's own are replaced, in whatever edition they are found. A figure that was typed over
a formula stays, and so does a formula that somebody changed; the latter is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pyfuncs.catalog.model import RuleSet
from pyfuncs.workbook.cells import ERRORS, to_decimal
from pyfuncs.workbook.formula_text import Lost, calls_add_in, normalised
from pyfuncs.workbook.formulas import Edition, Formulas
from pyfuncs.workbook.names import ENTITY
from pyfuncs.workbook.places import Box, Place, SheetLayout, Slot
from pyfuncs.workbook.grid import EMPTY, Cells, RawCell
from pyfuncs.workbook.shown import Shown, Typed
from pyfuncs.workbook.standing import Standing, StandingSheet

# Where the template's own formulas leave off, somebody's own begin.
OTHER_FORMULA = "公式与表样的不同，没有动"
NEEDS_ADD_IN = "公式与表样的不同，没有动；它仍然要用加载项计算"
OTHER_VALUE = "填的数与按公式算出的不同，没有放回公式"

Address = tuple[str, str]                             # name of the workbook's sheet, C9


@dataclass(frozen=True)
class Change:
    """What a cell is to hold: `formula` with its "=", "" for a value alone; `value`: a number, text ("" for
    nothing) or the text of an error."""

    formula: str
    value: Decimal | str


@dataclass(frozen=True)
class Kept:
    """A cell that was left as it is though the template has something else there."""

    sheet: str
    cell: str
    reason: str

    def line(self) -> str:
        return f"《{self.sheet}》{self.cell}：{self.reason}"


@dataclass
class Conversion:
    changes: dict[Address, Change] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)


@dataclass(frozen=True)
class Content:
    """What the cells of one sheet hold: values by (row, column), and formulas as the file has them."""

    cells: Cells
    formulas: Mapping[tuple[int, int], str]

    def raw(self, cell: tuple[int, int]) -> RawCell:
        return self.cells.get(cell, EMPTY)


def convert(ruleset: RuleSet, stands: Standing, contents: Mapping[str, Content], stated: Edition,
            target: Edition) -> Conversion:
    """The cells of a workbook that change when it becomes `target`. Pure.

    `contents` by name of the workbook's sheet; `stated`: the edition that the workbook says it is.
    """
    converter = _Converter(ruleset, stands, contents, target)
    if stated == "values":
        converter.put_back()
    else:
        converter.replace()
    return converter.found


class _Converter:
    def __init__(self, ruleset: RuleSet, stands: Standing, contents: Mapping[str, Content], target: Edition) -> None:
        self.ruleset, self.stands, self.contents, self.target = ruleset, stands, contents, target
        self.editions = {name: Formulas(stands.plan, name) for name in ("addin", "formula")}
        self.places = list(stands.places())
        self.found = Conversion()

    def replace(self) -> None:
        """Formulas of the template by their equals in the other edition, or by what they show."""
        own = [(sheet, place, cell) for sheet, place, cell in self.places if self._is_own(sheet, place, cell)]
        slots = {place.slot for _, place, _ in own if place.slot}
        shown = Shown(self.stands.plan, self._held(slots))
        broken = any(self._raw(sheet, cell).value in ERRORS for sheet, place, cell in self.places
                     if place.slot not in slots)
        for sheet, place, cell in own:
            value = self._value(shown.of, sheet, place)
            stored = self._raw(sheet, cell).value
            if broken and stored in ERRORS and stored != "#NAME?" and value not in ERRORS:
                value = str(stored)                   # an error that was put in goes on through the formulas
            if self.target == "values":
                self._change(sheet, cell, Change("", value))
            elif not self._reads_like(sheet, place, cell, self.target):
                self._change(sheet, cell, Change(self._expected(sheet, place, self.target), value))
        self._tell_others(own)

    def put_back(self) -> None:
        """Formulas where the values are still what they give; another value is somebody's own."""
        if self.target == "values":
            return
        shown = Shown(self.stands.plan, self._held(set()))
        for sheet, place, cell in self.places:
            if not place.rule or self._formula(sheet, cell):
                continue
            value, raw = self._value(shown.formula_gives, sheet, place), self._raw(sheet, cell)
            if not _equal(raw.value, value):
                self._keep(sheet, cell, OTHER_VALUE)
            elif formula := self._expected(sheet, place, self.target):
                self._change(sheet, cell, Change(formula, value))
        self._tell_others([(sheet, place, cell) for sheet, place, cell in self.places
                           if self._is_own(sheet, place, cell)])

    def _tell_others(self, own: list[tuple[StandingSheet, Place, tuple[int, int]]]) -> None:
        """Formulas that are nobody's but the clerk's, where the template has one of its own or an edition matters."""
        recognised = {(sheet.raw.name, cell) for sheet, _, cell in own}
        ruled = {(sheet.raw.name, cell) for sheet, place, cell in self.places if place.rule}
        for name, content in self.contents.items():
            for cell, formula in content.formulas.items():
                if (name, cell) in recognised:
                    continue
                needs = calls_add_in(formula) and self.target != "addin"
                if needs or (name, cell) in ruled:
                    self.found.kept.append(Kept(name, _cell(cell), NEEDS_ADD_IN if needs else OTHER_FORMULA))

    # -- formulas -------------------------------------------------------------------------------------------

    def _is_own(self, sheet: StandingSheet, place: Place, cell: tuple[int, int]) -> bool:
        return bool(place.rule and self._formula(sheet, cell)) and any(
            self._reads_like(sheet, place, cell, edition) for edition in self.editions)

    def _reads_like(self, sheet: StandingSheet, place: Place, cell: tuple[int, int], edition: Edition) -> bool:
        expected = self._expected(sheet, place, edition)
        return bool(expected) and normalised(self._formula(sheet, cell)) == normalised(expected)

    def _expected(self, sheet: StandingSheet, place: Place, edition: Edition) -> str:
        """The template's formula as it reads in this workbook; "" when what it refers to is gone."""
        try:
            return self.stands.formula(self.editions[edition], sheet, place)
        except Lost:
            return ""

    def _formula(self, sheet: StandingSheet, cell: tuple[int, int]) -> str:
        return self.contents[sheet.raw.name].formulas.get(cell, "")

    # -- values ---------------------------------------------------------------------------------------------

    def _held(self, computed: set[Slot]) -> dict[Slot, Typed]:
        """What the cells hold, but for those that are `computed`."""
        return {place.slot: held_as(self._raw(sheet, cell)) for sheet, place, cell in self.places
                if place.slot and place.slot not in computed}

    def _raw(self, sheet: StandingSheet, cell: tuple[int, int]) -> RawCell:
        return self.contents[sheet.raw.name].raw(cell)

    def _value(self, shown: Callable[[SheetLayout, Place], Decimal | str], sheet: StandingSheet,
               place: Place) -> Decimal | str:
        if place.rule.kind == "entity":
            return place.rule.key.replace("{entity}", self._entity())
        return shown(sheet.layout, place)

    def _entity(self) -> str:
        cover = self.stands.plan.sheets[0]
        stands = self.stands.sheets[cover.name]
        box = cover.names[ENTITY]
        row = stands.row(box.top)
        return str(self._raw(stands, (row, box.left)).value or "") if row else ""

    # -- what comes of it -----------------------------------------------------------------------------------

    def _change(self, sheet: StandingSheet, cell: tuple[int, int], change: Change) -> None:
        self.found.changes[sheet.raw.name, _cell(cell)] = change

    def _keep(self, sheet: StandingSheet, cell: tuple[int, int], reason: str) -> None:
        self.found.kept.append(Kept(sheet.raw.name, _cell(cell), reason))


def _cell(cell: tuple[int, int]) -> str:
    row, column = cell
    return Box(row, column, row, column).cell


def held_as(raw: RawCell) -> Typed:
    """A cell's content as formulas see it: a number that is stored as text is text."""
    if isinstance(raw.value, bool):
        return Typed("TRUE" if raw.value else "FALSE")
    if isinstance(raw.value, (int, float)):
        return Typed(to_decimal(raw.value) or Decimal(0))
    return Typed(raw.value or "")


def _equal(stored: object, value: Decimal | str) -> bool:
    """Whether a cell holds what its formula would give, but for the digits that files round off."""
    if isinstance(value, Decimal):
        return isinstance(stored, (int, float)) and not isinstance(stored, bool) and math.isclose(
            stored, value, rel_tol=1e-12, abs_tol=1e-12)
    return ("" if stored is None else stored) == value
