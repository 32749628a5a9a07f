"""Sums of one node (汇总), unit by unit: what every total, rate and score of the node rests on.

Two sums of parts of the units can be put together; how they were parted, and in which order, changes no figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import compress

from pyfuncs.catalog.fields import ItemType
from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import Form, Rate, RuleSet
from pyfuncs.catalog.model import Item as ItemModel
from pyfuncs.catalog.refs import form_items, only_recognised, resolve
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import tidy
from pyfuncs.consolidate.exact import EXACT
from pyfuncs.consolidate.result import UNFILLED, LeftOut
from pyfuncs.consolidate.share import Given, Share

Key = tuple[str, str, ItemType]                       # form, item, type: an amount here, a head count there, are two sums
Definition = tuple[str, str, tuple[str, ...], str]    # of a rate: key, method, operands, parameters


@dataclass(frozen=True)
class Line:
    """An item that is summed, in the words of the rule set that had it first."""

    form: Form
    name: str
    item: ItemModel

    @cached_property
    def key(self) -> Key:
        return self.form.form, self.name, self.item.type


@dataclass
class Amount:
    """One item over the units added so far. `value` in 元 for amounts; None while nobody filed a number."""

    line: Line
    value: Decimal | None = None
    filed: int = 0                                    # units with a number
    unfilled: int = 0                                 # units with a cell of it without one

    def put(self, value: Decimal | None, filed: int, unfilled: int) -> None:
        if value is not None:
            self.value = value if self.value is None else EXACT.add(self.value, value)
        self.filed += filed
        self.unfilled += unfilled


@dataclass
class Pool:
    """The operands of one definition of a rate, over the units that have a number for each of them."""

    key: str
    ruleset: RuleSet                                  # the first one that defines it so
    sums: list[Decimal | None]
    rulesets: dict[str, None] = field(default_factory=dict)
    units: int = 0
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def rate(self) -> Rate:
        return self.ruleset.rates[self.key]

    def put(self, sums: Sequence[Decimal | None], units: int) -> None:
        for at, value in enumerate(sums):
            if value is not None:
                self.sums[at] = value if self.sums[at] is None else EXACT.add(self.sums[at], value)
        self.units += units


@dataclass
class Spread:
    """What the units gave one score: for a node whose own score no rule can work out."""

    count: int = 0
    lowest: Decimal | None = None
    highest: Decimal | None = None
    total: Decimal = Decimal(0)

    def put(self, count: int, lowest: Decimal, highest: Decimal, total: Decimal) -> None:
        self.lowest = lowest if self.lowest is None else min(self.lowest, lowest)
        self.highest = highest if self.highest is None else max(self.highest, highest)
        self.count += count
        self.total = EXACT.add(self.total, total)


@dataclass
class Sums:
    """Everything of a node that is added up. `rulesets`: those in use, with how many units use each."""

    units: int = 0
    years: set[str] = field(default_factory=set)
    rulesets: dict[tuple[str, ...], tuple[RuleSet, int]] = field(default_factory=dict)
    amounts: dict[Key, Amount] = field(default_factory=dict)
    pools: dict[Definition, Pool] = field(default_factory=dict)
    spreads: dict[tuple[str, str], Spread] = field(default_factory=dict)
    answers: dict[tuple[str, str], int] = field(default_factory=dict)   # items that can't be added -> units that filled them

    def add(self, one: Share) -> None:
        """A unit more."""
        ruleset, lines = one.ruleset, summed(one.ruleset)
        self._count(ruleset, one.year, 1)
        for (key, line), given in zip(lines.items(), one.given, strict=True):
            self._amount(key, line).put(*given)
        values = {key: value for key, (value, _, _) in zip(lines, one.given, strict=True)}
        for (definition, operands), gap in zip(pooled(ruleset).items(), one.gaps, strict=True):
            pool = self._pool(definition, ruleset)
            if gap:
                pool.left_out.append(LeftOut(one.unit, gap))
            else:
                pool.put([values[line.key] for line in operands], 1)
        for key, value in one.points:
            self.spreads.setdefault((ruleset.id, key), Spread()).put(1, value, value, value)
        for place in compress(listed(ruleset), one.answers):
            self.answers[place] = self.answers.get(place, 0) + 1

    def merge(self, other: Sums) -> None:
        """The units of another sum as well; it stays as it is."""
        for ruleset, count in other.rulesets.values():
            self._count(ruleset, "", count)
        self.years |= other.years
        for key, amount in other.amounts.items():
            self._amount(key, amount.line).put(amount.value, amount.filed, amount.unfilled)
        for definition, pool in other.pools.items():
            mine = self._pool(definition, pool.ruleset)
            mine.rulesets.update(pool.rulesets)
            mine.put(pool.sums, pool.units)
            mine.left_out += pool.left_out
        for key, spread in other.spreads.items():
            self.spreads.setdefault(key, Spread()).put(spread.count, spread.lowest, spread.highest, spread.total)
        for place, count in other.answers.items():
            self.answers[place] = self.answers.get(place, 0) + count

    @property
    def year(self) -> str:
        """The one that all units have; "" where they differ."""
        return next(iter(self.years)) if len(self.years) == 1 else ""

    @property
    def ruleset(self) -> RuleSet | None:
        """The one that most units use; of several, that whose id comes first."""
        ordered = sorted(self.rulesets.items(), key=lambda entry: (-entry[1][1], entry[0]))
        return ordered[0][1][0] if ordered else None

    def _count(self, ruleset: RuleSet, year: str, units: int) -> None:
        # Arithmetic alone, for a year without rules, keeps the id and hash of the rule set it was made from.
        identity = ruleset.id, ruleset.hash, ruleset.year, ruleset.name
        known = self.rulesets.get(identity)
        self.rulesets[identity] = (known[0] if known else ruleset), units + (known[1] if known else 0)
        self.units += units
        self.years |= {year} - {""}

    def _amount(self, key: Key, line: Line) -> Amount:
        amount = self.amounts.get(key)
        if amount is None:
            amount = self.amounts[key] = Amount(line)
        return amount

    def _pool(self, definition: Definition, ruleset: RuleSet) -> Pool:
        pool = self.pools.get(definition)
        if pool is None:
            pool = self.pools[definition] = Pool(definition[0], ruleset, [None] * len(definition[2]))
        pool.rulesets[ruleset.id] = None
        return pool


@kept
def summed(ruleset: RuleSet) -> Mapping[Key, Line]:
    """Its items that are summed."""
    lines = (Line(form, name, item) for form in ruleset.forms.values() for name, item in form_items(form)
             if item.consolidation == "sum")
    return {line.key: line for line in lines}


@kept
def listed(ruleset: RuleSet) -> Mapping[tuple[str, str], Line]:
    """Its items that can't be added up."""
    return {(form.form, name): Line(form, name, item) for form in ruleset.forms.values()
            for name, item in form_items(form) if item.consolidation != "sum"}


@kept
def pooled(ruleset: RuleSet) -> Mapping[Definition, tuple[Line, ...]]:
    """Its rates whose operands are all summed, with these; not those that only serve to recognise a mistake."""
    lines, helpers, found = summed(ruleset), only_recognised(ruleset), {}
    for key, rate in ruleset.rates.items():
        targets = [resolve(ruleset, arg) for arg in rate.args]
        if key not in helpers and targets and all(
                target.item is not None and target.item.consolidation == "sum" for target in targets):
            definition = key, rate.method, tuple(rate.args), repr(sorted(rate.parameters.items()))
            found[definition] = tuple(lines[(*_place(target.key), target.item.type)] for target in targets)
    return found


def _place(key: str) -> tuple[str, str]:
    form, _, name = key.partition("!")
    return form, name


def of_unit(items: Sequence[Item]) -> Given:
    """The unit's own sum over its sheets and rows, whether it has a number, whether a cell is without one."""
    numbers = [item.value for item in items if item.value is not None]
    value = None
    for number in numbers:
        value = number if value is None else EXACT.add(value, number)
    unfilled = not items or any(item.value is None and item.state in UNFILLED for item in items)
    return value, int(bool(numbers)), int(unfilled)


def line_label(line: Line, year: str) -> str:
    """Row and column in one: 公用经费·2022 年决算数; over several years ("") 公用经费·本年决算数."""
    label, column, _ = words_of(line)
    words = tidy(printed(label, year))
    return f"{words}·{printed(column, year)}" if column else words


def printed(text: str, year: str) -> str:
    """A label with its year filled in; over several years it says 本年 and 上年."""
    if not year:
        for mark, word in (("{year}", "本年"), ("{prior}", "上年")):
            text = text.replace(f"{mark} 年", word).replace(f"{mark}年", word).replace(mark, word)
        return text
    return text.replace("{year}", year).replace("{prior}", str(int(year) - 1))


def words_of(line: Line) -> tuple[str, str, int]:
    """Printed label of the row or cell, of the column, and the row's indent."""
    row_id, _, _ = line.name.partition(".")
    row = line.form.all_rows().get(row_id)
    if row is None:
        return line.item.label or line.name, "", 0
    return row.label.strip(), line.item.label or line.name, row.indent


def in_order(lines: Sequence[Line]) -> Iterator[Line]:
    """Form by form as they came first, repeated forms last."""
    forms: dict[str, list[Line]] = {}
    for line in lines:
        forms.setdefault(line.form.form, []).append(line)
    every = [line for found in forms.values() for line in found]
    return iter(sorted(every, key=lambda line: line.form.instances == "many"))
