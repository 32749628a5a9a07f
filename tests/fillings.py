"""What is typed into a template to compare programs: worked cases, limits of every rate and score, random figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from method_cases import boundaries

from pyfuncs.catalog.cases import case_submission
from pyfuncs.catalog.compile import score_parameters
from pyfuncs.catalog.load import load_ruleset, read_cases, ruleset_ids
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import Target, resolve
from pyfuncs.catalog.words import Words
from pyfuncs.helper import demo
from pyfuncs.helper.pipeline import process
from pyfuncs.language import CellError, plain
from pyfuncs.methods import METHODS, default
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Shape, Slot
from pyfuncs.workbook.recompute import inputs_only
from pyfuncs.workbook.template import write_workbook

AMOUNT = re.compile(r"-?\d+(\.\d+)?")


EVERY_RULESET = [name for name in ruleset_ids() if not load_ruleset(name).abstract]


# ---- real units -----------------------------------------------------------------------------------------------

UNITS = sorted(path.stem for path in demo.UNITS.glob("*.yaml"))


def unit_inputs(unit: str, folder: Path) -> Filling:
    """What a unit of the demonstration filed, without what the template works out."""
    filling = load_filling(demo.UNITS / f"{unit}.yaml")
    write_workbook(folder / "as-filed.xlsx", load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    filed = process(folder / "as-filed.xlsx")
    return inputs_only(filed.ruleset, filling, filed.submission)


# ---- worked cases -------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Case:
    name: str
    filling: Filling


def cases(ruleset_id: str) -> Iterator[Case]:
    """The worked cases of a rule set as a clerk would type them, rates and scores left to the template."""
    ruleset = load_ruleset(ruleset_id)
    for case in read_cases(ruleset_id):
        filed = case_submission(ruleset, case)
        words = Words(ruleset, filed)
        projects = max([1, *(item.instance for item in filed.items)])
        rows: dict[tuple[str, int, str], int] = {}
        for item in filed.items:
            if item.row:
                key = (item.form, item.instance, item.group or item.name.partition(".")[0])
                rows[key] = max(rows.get(key, 0), _within(filed.items, item))
        plan = layout(ruleset, Shape(projects, rows))
        known = {slot: place for sheet in plan.sheets for slot, place in sheet.by_slot.items()}
        typed = {}
        for item in filed.items:
            slot = _slot(known, item, filed.items)
            scale = words.form(item).scale if words.kind(item) == "amount" else 1
            text = item.text if item.value is None else plain(item.value / scale)
            rule = known[slot].rule if slot else None
            if slot and text and not known[slot].locked and (rule is None or rule.kind in ("sum", "formula", "row")):
                typed[slot] = text
        yield Case(f"{ruleset_id}/{case['about']}", Filling(ruleset_id, typed=typed, shape=Shape(projects, rows)))


def _within(items, item) -> int:
    """Position of a table row within its 二级指标."""
    same = [other for other in items if (other.form, other.instance, other.name, other.group) ==
            (item.form, item.instance, item.name, item.group)]
    return same.index(item) + 1


def _slot(known, item, items) -> Slot | None:
    found = [slot for slot in known if (slot.form, slot.instance, slot.name) == (item.form, item.instance, item.name)
             and (not item.group or slot.group == item.group)]
    found.sort(key=lambda slot: slot.row)
    place = _within(items, item)
    return found[place - 1] if place <= len(found) else None


# ---- limits of every rate ----------------------------------------------------------------------------------

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


def over_every_rate(ruleset: RuleSet, over: str, under: str) -> Filling:
    """Two amounts in 元, or words, typed into the operands of every rate, over sums too; further operands are 0."""
    typed = {}
    for rate in ruleset.rates.values():
        for argument, text in zip(rate.args, (over, under, "0", "0")):
            target = resolve(ruleset, argument)
            in_unit = plain(Decimal(text) / target.scale) if AMOUNT.fullmatch(text) else text
            typed[_slot_of(target)] = in_unit
    return Filling(ruleset.id, typed={slot: text for slot, text in typed.items() if text}, shape=_shape_for(typed))


def _slot_of(target: Target) -> Slot:
    """The cell of an item on its first sheet, in the first row of its table."""
    return Slot(target.form, 1, target.name, 1 if target.sort == "table" else 0)


def _shape_for(typed: Iterable[Slot]) -> Shape:
    return Shape(1, {(slot.form, slot.instance, slot.name.partition(".")[0]): slot.row for slot in typed if slot.row})


# ---- limits of every score -----------------------------------------------------------------------------------

BASE = Decimal("999999900")                           # of 元: a cent of it is 10^-11, and 0.0001 of it whole cents
PEOPLE = Decimal(1000)
CENT, POINT = Decimal("0.01"), Decimal("0.0001")


def limits_of_scores(ruleset: RuleSet) -> list[Filling]:
    """Every value at which a score changes its course, and the least figure to either side of it.

    A filling holds one such value of as many scores as do not share a cell.
    """
    waiting = [operands for key in ruleset.scores for operands in _around_limits(ruleset, key)]
    judged = {place.slot: "1" for sheet in layout(ruleset, Shape()).sheets for place in sheet.places
              if place.type in ("score", "points") and place.slot and not place.rule and not place.locked}
    fillings = []
    while waiting:
        typed: dict[Slot, str] = {}
        for operands in list(waiting):
            if not typed.keys() & operands.keys():
                typed |= operands
                waiting.remove(operands)
        fillings.append(Filling(ruleset.id, typed={**judged, **typed}, shape=_shape_for(typed)))
    return fillings


def _around_limits(ruleset: RuleSet, key: str) -> Iterator[dict[Slot, str]]:
    """The cells behind a score, at each of its limits and on either side."""
    score = ruleset.scores[key]
    if not score.value:
        return
    rate = ruleset.rates.get(score.value)
    targets = [resolve(ruleset, argument) for argument in (rate.args if rate else [score.value])]
    for limit in _turns(score.method, score_parameters(score)):
        for apart in (-1, 0, 1):
            figures = _operands(rate.method if rate else "", targets[0].kind, limit, apart)
            yield {_slot_of(target): plain(value / target.scale) for target, value in zip(targets, figures)}


def _turns(method: str, parameters: dict[str, object]) -> list[Decimal]:
    """Where the score jumps, besides the limits that the rule itself names."""
    def near(limit: Decimal, apart: int) -> object:
        return METHODS[method].evaluate([limit + apart * Decimal("1e-12")], default(parameters))

    named = {Decimal(0), Decimal(1), *(Decimal(parameters[name]) for name in ("limit", "cap") if name in parameters)}
    return sorted(limit for limit in set(boundaries(parameters))
                  if limit in named or abs(near(limit, 1) - near(limit, -1)) > Decimal("1e-6"))


def _operands(method: str, kind: str, limit: Decimal, apart: int) -> list[Decimal]:
    """Operands of a rate that make it the limit, or the least that its cells can hold away from it."""
    if not method:
        return [limit + apart]                        # a number of times
    base, least = (PEOPLE, Decimal(1)) if kind == "count" else (BASE, CENT)
    over = limit * base + apart * least
    match method:
        case "变动率":
            return [base + over, base]
        case "完成率":
            return [Decimal(0), base, Decimal(0), base - over]
        case "调整率":
            return [over, base, Decimal(0)]
        case "满意度":
            return [limit + apart * POINT, Decimal(1)]
    return [over, base]


# ---- random figures ----------------------------------------------------------------------------------------

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
