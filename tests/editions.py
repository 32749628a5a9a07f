"""One filling, worked out in both editions by an engine in the process and once more in Decimals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import openpyxl
from engines import cell_value, formualizer_eval
from method_cases import agree

from pyfuncs.catalog.environment import Scope, items_behind, with_items
from pyfuncs.catalog.figures import GRADE, Figure, complete, figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import home_of
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.language import CellError
from pyfuncs.methods import METHODS, grade
from pyfuncs.udfs import FUNCTIONS
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.places import Place, SheetLayout, WorkbookLayout
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

FUNCTION = re.compile(r"\bJX_[A-Z_]+(?=\()")


# ---- one edition, computed by the engine -----------------------------------------------------------------

@dataclass(frozen=True)
class Computed:
    """By address ("'sheet'!B2"): formulas, the values stored beside them, what the engine makes of them."""

    plan: WorkbookLayout
    formulas: dict[str, str]
    stored: dict[str, object]
    shown: dict[str, object]
    calls: Counter[str]

    def functions_behind_figures(self, shown: Mapping[str, object] | None = None) -> Counter[str]:
        """Calls behind what is seen; an error or a blank may be known from an operand, without a call."""
        figures_in = [address for address, value in (shown or self.shown).items()
                      if value != "" and not isinstance(value, CellError)]
        return Counter(name for address in figures_in for name in FUNCTION.findall(self.formulas[address]))


def computed(path: Path, filling: Filling, edition: Edition) -> Computed:
    plan = write_workbook(path, load_ruleset(filling.ruleset), edition, filling=filling)
    cells = _cells(path, values=False)
    formulas = {address: value[1:] for address, (value, kind) in cells.items() if kind == "f"}
    typed = {address: value for address, (value, kind) in cells.items() if kind != "f"}
    stored = {address: cell_value(value) for address, (value, _) in _cells(path, values=True).items()}
    calls: Counter[str] = Counter()
    shown = formualizer_eval(typed, formulas, {name: _counted(name, calls) for name in FUNCTIONS})
    return Computed(plan, formulas, {address: stored.get(address, "") for address in formulas}, shown, calls)


def _cells(path: Path, values: bool) -> dict[str, tuple[object, str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=values)
    found = {f"'{sheet.title}'!{cell.coordinate}": (cell.value, cell.data_type)
             for sheet in book for row in sheet for cell in row if cell.value is not None}
    book.close()
    return found


def _counted(name: str, calls: Counter[str]) -> Callable:
    def call(*arguments: object) -> object:
        calls[name] += 1
        return FUNCTIONS[name].call(*arguments)

    return call


# ---- the same in Decimals --------------------------------------------------------------------------------

def decimals(plan: WorkbookLayout, path: Path) -> dict[str, object]:
    """What every worked-out cell should show, from nothing but the inputs that the reader finds."""
    ruleset, read = plan.ruleset, read_submission(path)
    submission = complete(ruleset, with_items(read, [_input(ruleset, item) for item in read.items]))
    found = figures(ruleset, submission)

    def exact(sheet: SheetLayout, place: Place) -> object:
        if place.rule.kind not in ("sum", "formula", "row"):
            over = _total_typed_over(plan, submission, sheet.ordinal(place))
            if over is not None and place.rule.key in (ruleset.total, GRADE):
                return over if place.rule.key == ruleset.total else grade(over, list(ruleset.grades.items()))
            return _figure(ruleset, submission, found, place.rule.key, sheet.ordinal(place))
        item = submission.item(place.slot.form, place.slot.name, place.slot.instance, place.slot.row)
        return "" if item.value is None else item.value / (sheet.form.scale if place.type == "amount" else 1)

    return {f"'{sheet.name}'!{place.box.cell}": exact(sheet, place) for sheet in plan.sheets
            for place in sheet.places if place.rule and place.rule.kind != "entity"}


def _total_typed_over(plan: WorkbookLayout, submission: Submission, instance: int) -> Decimal | None:
    """The total as a unit typed it over the formula: what rests on it follows."""
    _, place = plan.printed("score", plan.ruleset.total, instance) or (None, None)
    slot = place.slot if place else None
    item = submission.item(slot.form, slot.name, slot.instance, slot.row) if slot and slot.form else None
    return item.value if item and not item.formula else None


def _input(ruleset: RuleSet, item: Item) -> Item:
    """Without the value stored beside a formula; what the form prints does not make a total filled."""
    cell = ruleset.forms[item.form].all_cells().get(item.name)
    if cell and cell.fixed:
        return replace(item, cell="")
    return replace(item, value=None, text="", state="blank") if item.formula else item


def _figure(ruleset: RuleSet, submission: Submission, found: Mapping[tuple[str, int], Figure], key: str,
            instance: int) -> object:
    """A figure as a cell shows it: nothing where an operand is blank, or a total can't be computed."""
    figure, scope = found[key, instance], Scope(home_of(ruleset, key) or None, instance)
    rate = ruleset.rates.get(key)
    optional = [argument.optional for argument in METHODS[rate.method].arguments] if rate else []
    behind = [items_behind(ruleset, submission, operand, scope)
              for operand, left_out in zip_longest(figure.operands, optional[:len(figure.operands)]) if not left_out]
    blank = [all(item.state == "blank" for item in items) for items in behind if items]
    blank += [_figure(ruleset, submission, found, operand, instance) == "" for operand in figure.operands
              if (operand, instance) in found]
    if key in ruleset.scores and ruleset.scores[key].formula:
        return figure.value if isinstance(figure.value, Decimal) else ""
    return "" if any(blank) else figure.value


# ---- compared --------------------------------------------------------------------------------------------

def disagreements(folder: Path, filling: Filling) -> tuple[dict[str, tuple], Computed]:
    """By address all formulas and values of the cells that are not alike everywhere; and the 加载项版."""
    addin = computed(folder / "addin.xlsx", filling, "addin")
    formula = computed(folder / "formula.xlsx", filling, "formula")
    exact = decimals(addin.plan, folder / "formula.xlsx")
    assert addin.formulas.keys() == formula.formulas.keys() >= exact.keys() - typed_over(addin.plan, filling)
    wrong = {}
    for address in addin.formulas:
        values = [found[address] for found in (addin.shown, formula.shown, addin.stored, formula.stored)]
        truth = exact.get(address, formula.shown[address])
        if not all(agree(value, truth) for value in values):
            wrong[address] = addin.formulas[address], formula.formulas[address], values, truth
    assert addin.calls >= addin.functions_behind_figures()
    assert not formula.calls
    return wrong, addin


def typed_over(plan: WorkbookLayout, filling: Filling) -> set[str]:
    found = [plan.find(slot) for slot in filling.typed]
    return {f"'{sheet.name}'!{place.box.cell}" for sheet, place in found}
