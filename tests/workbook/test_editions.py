"""The central promise: 加载项版, 公式版 and the Decimal evaluation give the same figures.

A spreadsheet engine computes every formula of both editions from the cells that were typed, never from a
stored value. The functions of the 加载项版 are our own, and counted: a figure that came about in another way
would show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from random import Random

import openpyxl
import pytest
from engines import cell_value, formualizer_eval
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from method_cases import agree
from workbook_samples import RULESETS, inputs_only

from pyfuncs.catalog.environment import Scope, items_behind, with_items
from pyfuncs.catalog.figures import Figure, complete, figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import home_of, resolve
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.language import CellError, plain
from pyfuncs.methods import METHODS
from pyfuncs.udfs import FUNCTIONS
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Place, Shape, SheetLayout, Slot, WorkbookLayout
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

FUNCTION = re.compile(r"\bJX_[A-Z_]+(?=\()")
AMOUNT = re.compile(r"-?\d+(\.\d+)?")


# ---- one edition, computed by the engine -----------------------------------------------------------------

@dataclass(frozen=True)
class Computed:
    """By address ("'sheet'!B2"): formulas, the values stored beside them, what the engine makes of them."""

    plan: WorkbookLayout
    formulas: dict[str, str]
    stored: dict[str, object]
    shown: dict[str, object]
    calls: Counter[str]

    def functions_behind_figures(self) -> Counter[str]:
        """Calls behind what is seen; an error or a blank may be known from an operand, without a call."""
        figures_in = [address for address, value in self.shown.items()
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
            return _figure(ruleset, submission, found, place.rule.key, sheet.ordinal(place))
        item = submission.item(place.slot.form, place.slot.name, place.slot.instance, place.slot.row)
        return "" if item.value is None else item.value / (sheet.form.scale if place.type == "amount" else 1)

    return {f"'{sheet.name}'!{place.box.cell}": exact(sheet, place) for sheet in plan.sheets
            for place in sheet.places if place.rule and place.rule.kind != "entity"}


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
    assert addin.formulas.keys() == formula.formulas.keys() >= exact.keys() - _typed_over(addin.plan, filling)
    wrong = {}
    for address in addin.formulas:
        values = [found[address] for found in (addin.shown, formula.shown, addin.stored, formula.stored)]
        truth = exact.get(address, formula.shown[address])
        if not all(agree(value, truth) for value in values):
            wrong[address] = addin.formulas[address], formula.formulas[address], values, truth
    assert addin.calls >= addin.functions_behind_figures()
    assert not formula.calls
    return wrong, addin


def _typed_over(plan: WorkbookLayout, filling: Filling) -> set[str]:
    found = [plan.find(slot) for slot in filling.typed]
    return {f"'{sheet.name}'!{place.box.cell}" for sheet, place in found}


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_a_real_units_figures(ruleset_id: str, tmp_path: Path):
    wrong, addin = disagreements(tmp_path, inputs_only(ruleset_id))
    assert wrong == {}
    used = {name for formula in addin.formulas.values() for name in FUNCTION.findall(formula)}
    assert len(used) >= 4 and set(addin.calls) == used


BOUNDARIES = [
    # operands of every rate, in 元, and what 项目执行率 is
    ("100", "", ""), ("", "不适用", ""),
    ("100", "0", "不适用"), ("0", "0", "不适用"),
    ("100", "0.00000003", "不适用"),                   # what floats leave of a sum that comes to 0
    ("100", "0.01", 10_000.0),                        # a cent is a cent, in 万元 too
    ("100", "不适用", "不适用"), ("——", "100", "不适用"), ("—", "不适用", "不适用"),
    ("约100", "100", CellError("#N/A")),
    ("-100", "400", -0.25),
    ("999999999.99", "999999999.99", 1.0), ("1000000000.00", "999999999.99", 1.00000000001),
    ("999999999.98", "999999999.99", 0.99999999999),
    ("123456789.012345", "987654321.098765", 0.1249999988609),
]


@pytest.mark.parametrize(("over", "under", "rate"), BOUNDARIES)
@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_boundaries_of_every_rate(ruleset_id: str, over: str, under: str, rate: object, tmp_path: Path):
    wrong, addin = disagreements(tmp_path, over_every_rate(load_ruleset(ruleset_id), over, under))
    assert wrong == {}
    sheet, place = addin.plan.printed("rate", "项目执行率", 1)
    assert addin.shown[f"'{sheet.name}'!{place.box.cell}"] == rate


def over_every_rate(ruleset: RuleSet, over: str, under: str) -> Filling:
    """Two amounts in 元, or words, typed into the operands of every rate, over sums too."""
    typed = {}
    for rate in ruleset.rates.values():
        for argument, text in zip(rate.args, (over, under), strict=True):
            target = resolve(ruleset, argument)
            in_unit = plain(Decimal(text) / target.scale) if AMOUNT.fullmatch(text) else text
            typed[Slot(target.form, 1, target.name)] = in_unit
    return Filling(ruleset.id, typed={slot: text for slot, text in typed.items() if text})


@pytest.mark.parametrize("ruleset_id", RULESETS)
@settings(max_examples=6, phases=[Phase.reuse, Phase.generate])  # a smaller random filling says no more
@given(random=st.randoms(use_true_random=False))
def test_any_figures(ruleset_id: str, tmp_path_factory: pytest.TempPathFactory, random: Random):
    wrong, _ = disagreements(tmp_path_factory.mktemp("random"), random_filling(ruleset_id, random))
    assert wrong == {}


def random_filling(ruleset_id: str, random: Random) -> Filling:
    """Most inputs filled, some blank or in words, some sums typed over, on one or two project sheets."""
    shape, typed = Shape(random.randint(1, 2)), {}
    for sheet in layout(load_ruleset(ruleset_id), shape).sheets:
        for place in sheet.places:
            if place.locked or place.type not in ("amount", "count", "points", "score"):
                continue
            if random.random() < (0.85 if place.rule is None else 0.1 if place.rule.kind == "sum" else 0):
                typed[place.slot] = _random_text(place.type, sheet.form.scale, random)
    return Filling(ruleset_id, typed=typed, shape=shape)


def _random_text(kind: str, scale: Decimal, random: Random) -> str:
    if random.random() < 0.05:
        return random.choice(["不适用", "——", "约3"])
    if kind == "amount":
        cents = random.choice([0, 1, 10**11 - 1, random.randint(-10**6, 10**6), random.randint(0, 10**11)])
        return plain(Decimal(cents) / 100 / scale)
    return str(random.randint(0, 12)) if kind == "count" else random.choice(["0", "5", "10", "4.5", "6.85"])


def test_another_figure_from_a_function_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    wrongly = replace(FUNCTIONS["JX_CONTROL_RATE"], call=lambda actual, limit: actual / limit + 1e-6)
    monkeypatch.setitem(FUNCTIONS, "JX_CONTROL_RATE", wrongly)
    wrong, _ = disagreements(tmp_path, inputs_only("430400/2022"))
    assert sorted(wrong) == ["'基础数据表'!D5", "'计算过程'!B4", "'计算过程'!B5", "'计算过程'!B6"]
