"""The central promise: 加载项版, 公式版 and the Decimal evaluation give the same figures.

Every formula of both editions is computed by a spreadsheet engine from the cells that were typed, never from
a stored value; the functions of the 加载项版 are our own, and are counted: a cell that got its figure in any
other way would show in the number of calls.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
from engines import cell_value, formualizer_eval
from hypothesis import given, settings
from hypothesis import strategies as st
from workbook_samples import RULESETS, inputs_only

from pyfuncs.catalog.environment import Scope, items_behind, with_items
from pyfuncs.catalog.figures import Figure, complete, figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import home_of, resolve
from pyfuncs.catalog.submission import Submission
from pyfuncs.language import CellError, plain
from pyfuncs.udfs import FUNCTIONS
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Place, Shape, SheetLayout, Slot, WorkbookLayout
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

FUNCTION = re.compile(r"\bJX_[A-Z_]+(?=\()")


@dataclass(frozen=True)
class Computed:
    """One edition of a filled workbook. Addresses are "'sheet'!B2"."""

    plan: WorkbookLayout
    formulas: dict[str, str]
    stored: dict[str, object]
    shown: dict[str, object]
    calls: Counter


def computed(path: Path, filling: Filling, edition: str) -> Computed:
    """Write an edition, read it back with openpyxl, and let the engine compute its formulas."""
    plan = write_workbook(path, load_ruleset(filling.ruleset), edition, filling=filling)
    cells, formulas = _cells(path)
    stored = {address: cell_value(value) for address, (value, _) in _read(path, values=True).items()}
    calls: Counter = Counter()

    def counted(name):
        def call(*arguments):
            calls[name] += 1
            return FUNCTIONS[name].call(*arguments)

        return call

    shown = formualizer_eval(cells, formulas, {name: counted(name) for name in FUNCTIONS})
    return Computed(plan, formulas, {address: stored.get(address, "") for address in formulas}, shown, calls)


def _cells(path: Path) -> tuple[dict[str, object], dict[str, str]]:
    """Typed cells and formulas, apart; values stored beside formulas are not looked at."""
    read = _read(path, values=False)
    return ({address: value for address, (value, kind) in read.items() if kind != "f"},
            {address: value[1:] for address, (value, kind) in read.items() if kind == "f"})


def _read(path: Path, values: bool) -> dict[str, tuple[object, str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=values)
    found = {f"'{sheet.title}'!{cell.coordinate}": (cell.value, cell.data_type)
             for sheet in book for row in sheet for cell in row if cell.value is not None}
    book.close()
    return found


def disagreements(folder: Path, filling: Filling) -> tuple[dict, dict[str, Computed]]:
    """Formula cells where stored values, editions and Decimals are not one; and what was computed."""
    editions = {edition: computed(folder / f"{edition}.xlsx", filling, edition) for edition in ("addin", "formula")}
    addin, formula = editions.values()
    exact = decimals(addin.plan, folder / "formula.xlsx")
    wrong = {}
    assert addin.formulas.keys() == formula.formulas.keys()
    for address in addin.formulas:
        told = {"stored addin": addin.stored[address], "stored formula": formula.stored[address],
                "addin": addin.shown[address], "formula": formula.shown[address]}
        if address in exact:
            told["exact"] = exact[address]
        first, *others = told.values()
        if not all(alike(first, other) for other in others):
            wrong[address] = addin.formulas[address], formula.formulas[address], told
    return wrong, editions


def alike(one: object, other: object) -> bool:
    numbers = [float(value) for value in (one, other) if isinstance(value, (float, Decimal))]
    if len(numbers) == 2:
        return abs(numbers[0] - numbers[1]) <= 1e-9 * abs(numbers[0]) + 1e-12
    return one == other


# ---- in Decimals -----------------------------------------------------------------------------------------

def decimals(plan: WorkbookLayout, path: Path) -> dict[str, object]:
    """What every worked-out cell should show, from the inputs that the reader finds in a workbook."""
    ruleset, read = plan.ruleset, read_submission(path)
    inputs = [replace(item, value=None, text="", state="blank") if item.formula else item for item in read.items]
    submission = complete(ruleset, with_items(read, inputs))
    found = figures(ruleset, submission)
    return {f"'{sheet.name}'!{place.box.cell}": _exact(sheet, place, submission, found, ruleset)
            for sheet in plan.sheets for place in sheet.places if place.rule and place.rule.kind != "entity"}


def _exact(sheet: SheetLayout, place: Place, submission: Submission, found: Mapping[tuple[str, int], Figure],
           ruleset: RuleSet) -> object:
    if place.rule.kind in ("sum", "formula"):
        item = submission.item(place.slot.form, place.slot.name, place.slot.instance)
        scale = sheet.form.scale if place.type == "amount" else 1
        return "" if item.value is None else item.value / scale
    return _figure(ruleset, submission, found, place.rule.key, sheet.ordinal(place))


def _figure(ruleset: RuleSet, submission: Submission, found: Mapping[tuple[str, int], Figure], key: str,
            instance: int) -> object:
    """A figure as a cell shows it: nothing where an operand is blank, or a total has no number."""
    figure = found[key, instance]
    known = [_figure(ruleset, submission, found, operand, instance) for operand in figure.operands
             if (operand, instance) in found]
    scope = Scope(home_of(ruleset, key) or None, instance)
    items = [item for operand in figure.operands for item in items_behind(ruleset, submission, operand, scope)]
    blank = [item.state == "blank" for item in items] + [value == "" for value in known]
    if figure.kind == "total":
        return figure.value if isinstance(figure.value, Decimal) and not all(blank) else ""
    return "" if any(blank) else figure.value


# ---- fillings --------------------------------------------------------------------------------------------

def over_every_rate(ruleset_id: str, over: str, under: str) -> Filling:
    """Two amounts in 元, or words, typed into the operands of every rate, over sums too."""
    ruleset = load_ruleset(ruleset_id)
    typed = {}
    for rate in ruleset.rates.values():
        for arg, text in zip(rate.args, (over, under)):
            target = resolve(ruleset, arg)
            slot = Slot(target.form, 1, target.name)
            typed[slot] = plain(Decimal(text) / target.scale) if NUMBER.fullmatch(text) else text
    return Filling(ruleset_id, typed={slot: text for slot, text in typed.items() if text})
NUMBER = re.compile(r"-?\d+(\.\d+)?")

BOUNDARIES = {
    "budget blank": ("100", ""),
    "both blank": ("", ""),
    "budget zero": ("100", "0"),
    "both zero": ("0", "0"),
    "budget 不适用": ("100", "不适用"),
    "executed 不适用": ("不适用", "100"),
    "both 不适用": ("不适用", "不适用"),
    "budget ——": ("100", "——"),
    "executed ——": ("——", "100"),
    "—— and 不适用": ("——", "不适用"),
    "words": ("约100", "100"),
    "negative": ("-100", "300"),
    "negative budget": ("100", "-300"),
    "exactly 100%": ("999999999.99", "999999999.99"),
    "one cent beyond 100%": ("1000000000.00", "999999999.99"),
    "one cent below": ("999999999.98", "999999999.99"),
    "15 digits": ("123456789.012345", "987654321.098765"),
    "15 digits_": ("999999999999999", "999999999999998"),
    "15 digits__": ("0.123456789012345", "0.123456789012346"),
}
def random_filling(ruleset_id, random):
    ruleset=load_ruleset(ruleset_id)
    shape=Shape(random.randint(1,2))
    typed={}
    for sheet in layout(ruleset, shape).sheets:
        for place in sheet.places:
            if place.slot and not place.locked and (place.rule is None or place.rule.kind=='sum' and random.random()<.1):
                text=random_text(place.type, sheet.form.scale if sheet.form else Decimal(1), random)
                if text: typed[place.slot]=text
    return Filling(ruleset_id,"",typed,shape)
def random_text(kind, scale, random):
    if kind not in ('amount','count','points','score') or random.random()<.15: return ""
    if random.random()<.05: return random.choice(["不适用","——","约3"])
    if kind=='amount':
        cents = random.choice([0, 1, 100, random.randint(-10**6, 10**11), random.randint(0,10**6), 10**11, 10**11 - 1])
        return plain(Decimal(cents)/100/scale)
    return str(random.randint(0,12)) if kind=='count' else random.choice(["0","5","10","4.5","6.85"])
