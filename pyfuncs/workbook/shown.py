"""What every cell of a template shows: what was typed, and what its formulas give.

The values stored beside the formulas, so that a viewer on a phone shows numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pyfuncs.catalog.environment import Scope, cell_value, items_behind
from pyfuncs.catalog.compile import score_parameters
from pyfuncs.catalog.figures import Figure, complete, figures, formula_value, formula_values
from pyfuncs.catalog.refs import as_ref, home_of, inputs
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.language import NOT_APPLICABLE, CellError, Value
from pyfuncs.methods import METHODS, default, grade
from pyfuncs.workbook.cells import ERRORS
from pyfuncs.workbook.places import Place, SheetLayout, Slot, WorkbookLayout

_NUMBER = re.compile(r"(-?(?:\d+|\d{1,3}(?:,\d{3})+))(?:\.(\d+))?(%?)")
NUMERIC = {"amount", "count", "rate", "points", "score"}


@dataclass(frozen=True)
class Typed:
    """What a spreadsheet makes of a typed text: 68.54% is 0.6854 shown with two decimals of a percent."""

    value: Decimal | str
    number_format: str = ""
    places: int = 0


def typed(text: str, kind: str) -> Typed:
    """A typed text as the cell holds it: a number where one is wanted and written, else the text itself."""
    match = _NUMBER.fullmatch(text) if kind in NUMERIC or not kind else None
    if match is None:
        return Typed(text)
    whole, fraction, percent = match.groups()
    fraction = fraction or ""
    number = Decimal(f"{whole.replace(',', '')}.{fraction or 0}")
    shown = ("#,##0" if "," in whole else "0") + ("." + "0" * len(fraction) if fraction else "")
    if percent:
        return Typed(number / 100, shown + "%", len(fraction))
    return Typed(number, shown, len(fraction))


class Shown:
    """Values of all cells of one workbook. `texts`: as a clerk types them, or what a cell holds already (`Typed`).

    `as_filed`: cells that nothing was typed in stay blank.
    """

    def __init__(self, plan: WorkbookLayout, texts: Mapping[Slot, str | Typed], as_filed: bool = False) -> None:
        self.plan, self.texts, self.as_filed = plan, texts, as_filed
        self.submission = complete(plan.ruleset, self._submission())
        self.items = {(item.form, item.instance, item.name, item.row): item for item in self.submission.items}
        self.figures: dict[tuple[str, int], Figure] = figures(plan.ruleset, self.submission)

    def of(self, sheet: SheetLayout, place: Place) -> Decimal | str:
        """What a worked-out cell shows, in the unit of its form; "" for nothing, "#N/A" for an error."""
        item = self._item_at(place)
        if item is not None and not item.formula:
            return self._number(sheet, place, item) if item.value is not None else item.text
        return self._computed(sheet, place)

    def formula_gives(self, sheet: SheetLayout, place: Place) -> Decimal | str:
        """What the cell's own formula would show over the cells as they stand, whatever the cell holds itself."""
        if place.rule.kind not in ("sum", "formula", "row"):
            return self._computed(sheet, place)
        value = self._over_cells[place.slot.form, place.slot.name, place.slot.instance, place.slot.row]
        if isinstance(value, Decimal):
            return value / sheet.form.scale if place.type == "amount" else value
        return "" if value is None or isinstance(value, CellError) else value

    @cached_property
    def _over_cells(self) -> dict[tuple[str, str, int, int], Value]:
        return dict(formula_values(self.plan.ruleset, self.submission))

    def _item_at(self, place: Place) -> Item | None:
        return self.items.get((place.slot.form, place.slot.instance, place.slot.name, place.slot.row))

    def _computed(self, sheet: SheetLayout, place: Place) -> Decimal | str:
        rule, instance, item = place.rule, sheet.ordinal(place), self._item_at(place)
        match rule.kind:
            case "copy":
                return self.of(*self.plan.printed(self._kind(rule.key), rule.key, instance))
            case "grade":
                total = self.of(*self.plan.printed("score", self.plan.ruleset.total, instance))
                bands = list(self.plan.ruleset.grades.items())
                return grade(total, bands) if isinstance(total, Decimal) else ""
            case "rate":
                return self._rate(rule.key, instance)
            case "score":
                return self._score(rule.key, instance)
        return self._number(sheet, place, item) if item.value is not None else item.text

    def _kind(self, key: str) -> Literal["rate", "score"]:
        return "rate" if key in self.plan.ruleset.rates else "score"

    def _number(self, sheet: SheetLayout, place: Place, item: Item) -> Decimal:
        return item.value / sheet.form.scale if place.type == "amount" else item.value

    def _rate(self, key: str, instance: int) -> Decimal | str:
        """A rate, from the amounts; nothing while one of them is blank, or a column of them altogether."""
        ruleset, rate = self.plan.ruleset, self.plan.ruleset.rates[key]
        scope = Scope(home_of(ruleset, key) or None, instance)
        columns = [[cell_value(item) for item in items_behind(ruleset, self.submission, arg, scope)]
                   for arg, argument in zip(rate.args, METHODS[rate.method].arguments) if not argument.optional]
        blank = any(all(value is None for value in column) for column in columns)
        return "" if blank else _plain(self.figures[key, instance].value)

    def _score(self, key: str, instance: int) -> Decimal | str:
        """A score, from the cell it refers to, whatever was typed there."""
        ruleset, score = self.plan.ruleset, self.plan.ruleset.scores[key]
        if score.formula:
            return self._total(key, instance)
        ref = as_ref(score.value)
        if ref.form is None:
            value = self.of(*self.plan.printed(self._kind(ref.key), ref.key, instance))
        else:
            items = items_behind(ruleset, self.submission, ref, Scope(home_of(ruleset, key) or None, instance))
            value = cell_value(items[0])
        if value in ("", None):
            return ""
        return _plain(METHODS[score.method].evaluate([value], default(score_parameters(score))))

    def _total(self, key: str, instance: int) -> Decimal | str:
        """A total of scores; nothing while it can't be computed."""
        ruleset = self.plan.ruleset
        if any(ref.form is None for ref in inputs(ruleset, key)):
            value = self.figures[key, instance].value
        else:
            value = formula_value(ruleset, self.submission, ruleset.scores[key].formula,
                                  Scope(home_of(ruleset, key) or None, instance))
        return value if isinstance(value, Decimal) else ""

    def _submission(self) -> Submission:
        items = tuple(self._items())
        return Submission("", "", self.plan.ruleset.id, "", self.plan.ruleset.year, items)

    def _items(self) -> Iterator[Item]:
        for sheet in self.plan.sheets:
            for place in sheet.places:
                if sheet.form and place.slot:
                    yield self._item(sheet, place)

    def _item(self, sheet: SheetLayout, place: Place) -> Item:
        slot, scale = place.slot, sheet.form.scale if place.type == "amount" else Decimal(1)
        given = self.texts.get(slot, "") or (place.text if place.role == "fixed" else "")
        held = given if isinstance(given, Typed) else typed(given, place.type)
        text = str(held.value)
        number = held.value * scale if isinstance(held.value, Decimal) else None
        state = "number" if number is not None else "blank" if not text else \
            "not_applicable" if text == NOT_APPLICABLE else "error" if text in ERRORS else "text"
        cell = f"{sheet.name}!{place.box.cell}"
        worked_out = place.rule is not None and place.rule.kind != "entity"
        return Item(slot.form, slot.name, number, text, cell, state, slot.instance, slot.row, slot.group,
                    held.places, worked_out and not given and not self.as_filed)


def _plain(value: Value) -> Decimal | str:
    return value.code if isinstance(value, CellError) else value
