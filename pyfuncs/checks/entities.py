"""Units compared with one another (单位间): one file handed in twice, answers that are letter for letter the same,
figures left in from another unit's workbook, rates far from all others. Pure, and linear in the number of units.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath

from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.forms import Form
from pyfuncs.catalog.refs import form_items
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import clean, percent
from pyfuncs.checks.annexes import Unit, annexes, check_annex
from pyfuncs.checks.context import Context
from pyfuncs.checks.cross import cross_finding
from pyfuncs.checks.entries import presets
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.pairing import letters

LONG_TEXT = 20                                        # characters; shorter answers are alike by chance
COLUMN_ROWS, COLUMN_ANSWERS = 5, 3                    # of an answered column, and different answers in it
DEDUCTIONS = 3                                        # scores below their points: full marks are alike by chance
SAME_AMOUNTS = 5
DIGITS = 3                                            # of an amount that is not alike by chance: 12.4 but not 12
ENOUGH_UNITS = 8                                      # to speak of an outlier
FAR = Decimal(3)                                      # quartile distances beyond the quartiles
FAR_APART = Decimal("0.2")                            # and 20 percentage points from the middle
_OF_A_BODY = re.compile(r"(?:名称|部门|单位|处室)$")
_NAMED = 3                                            # other units named in one message


Finds = dict[int, list[Finding]]                      # position of the unit -> what was found


def check_entities(units: Sequence[Unit], same_name: Callable[[str], str]) -> Finds:
    """Findings by the unit's position; a unit without any is left out. `same_name`: what two spellings of one
    unit's name have in common."""
    finds: Finds = defaultdict(list)
    judged = _Judged(units, [same_name(one.unit) for one in units])
    _same_file(units, finds)
    _annexes(judged, finds)
    _same_unit(judged, finds)
    _same_texts(judged, finds)
    _same_columns(judged, finds)
    _same_amounts(judged, finds)
    _outliers(judged, finds)
    return dict(finds)


class _Judged:
    """The units that were judged, each file once; `whose`: the unit of a position, by its name."""

    def __init__(self, units: Sequence[Unit], names: Sequence[str]) -> None:
        self.units, self.whose = units, names
        first: dict[str, int] = {}
        for place, one in enumerate(units):
            if one.ruleset is not None:
                first.setdefault(one.submission.sha256, place)
        self.annexes = {place: book for place, book in annexes(units, names).items() if place in first.values()}
        self.places = tuple(place for place in first.values() if place not in self.annexes)

    def context(self, place: int) -> Context:
        one = self.units[place]
        return Context(one.ruleset, one.submission, one.figures)

    def sharing(self, pairs: Iterable[tuple[Hashable, int]]) -> dict[Hashable, _Sharing]:
        """What several units have in common -> those units; what only one has is left out."""
        members: dict[Hashable, dict[str, int]] = defaultdict(dict)
        for key, place in pairs:
            members[key].setdefault(self.whose[place], place)
        return {key: _Sharing(tuple(places.values())[:_NAMED + 1], len(places))
                for key, places in members.items() if len(places) > 1}

    def names(self, place: int, sharing: _Sharing) -> str:
        """The others, a few by name."""
        others = [self.units[other].unit for other in sharing.first if self.whose[other] != self.whose[place]]
        shown = "、".join(f"“{clean(name)}”" for name in others[:_NAMED])
        return shown + (f"等 {sharing.count - 1} 个单位" if sharing.count - 1 > _NAMED else "")


@dataclass(frozen=True)
class _Sharing:
    """Units that have something in common: a workbook of each of the first few, and how many units."""

    first: tuple[int, ...]
    count: int


# -- DW-01, DW-02, DW-07: files ---------------------------------------------------------------------------


def _same_file(units: Sequence[Unit], finds: Finds) -> None:
    files = _grouped((one.submission.sha256, place) for place, one in enumerate(units) if one.submission.sha256)
    for places in files.values():
        for place in places if len(places) > 1 else ():
            others = [units[other] for other in places if other != place]
            shown = "、".join(f"“{clean(one.unit)}”的 {_file(one)}" for one in others[:_NAMED])
            more = f"等 {len(others)} 个文件" if len(others) > _NAMED else ""
            finds[place].append(cross_finding("DW-01", "entities", f"这个文件与{shown}{more}完全一样，是同一个文件报了两次。"))


def _annexes(judged: _Judged, finds: Finds) -> None:
    for annex, book in judged.annexes.items():
        for finding in check_annex(judged.context(annex), judged.context(book)):
            finds[annex].append(finding)


def _same_unit(judged: _Judged, finds: Finds) -> None:
    """Two different files of one unit and year."""
    known = _grouped(((judged.whose[place], judged.units[place].year), place) for place in judged.places)
    for places in known.values():
        for place in places if len(places) > 1 else ():
            files = "、".join(_file(judged.units[other]) for other in places if other != place)
            finds[place].append(cross_finding("DW-02", "entities", f"这个单位还有另外的表（{files}），内容不一样。"))


def _file(one: Unit) -> str:
    return clean(PurePath(one.submission.path).name)


# -- DW-03, DW-04: the same answers -----------------------------------------------------------------------


def _same_texts(judged: _Judged, finds: Finds) -> None:
    """Long answers, letter for letter; what the form prints and the names of things are no answers."""
    written = [(text, place, item) for place in judged.places
               for item, text in _answers(judged.units[place], ("text", "actual")) if len(text) >= LONG_TEXT]
    shared = judged.sharing((text, place) for text, place, _ in written)
    alike: dict[tuple[int, _Sharing], list[Item]] = defaultdict(list)
    for text, place, item in written:
        if text in shared:
            alike[place, shared[text]].append(item)
    for (place, sharing), items in alike.items():
        context = judged.context(place)
        more = f"等 {len(items)} 格" if len(items) > 1 else ""
        finds[place].append(cross_finding(
            "DW-03", "entities",
            f"{context.place(items[0])}{more}的文字与{judged.names(place, sharing)}一字不差：“{clean(items[0].text)}”。",
            context, items, actual=clean(items[0].text), alike=True))


def _answers(one: Unit, kinds: tuple[str, ...]) -> Iterator[tuple[Item, str]]:
    """Items of these types that the unit wrote itself, with their text as it is compared."""
    for form in one.ruleset.forms.values():
        shown, asked = _boilerplate(form), _asked(form, kinds)
        for item in one.submission.items:
            if item.form == form.form and item.name in asked and item.state in ("text", "number") and not item.formula:
                text = letters(item.text)
                if text and text not in shown and item.cell:
                    yield item, text


def _asked(form: Form, kinds: tuple[str, ...]) -> frozenset[str]:
    """Items of these types, but for those that name a project, an indicator or a public body."""
    naming = {form.key, *(f"{name}.{next(iter(table.columns))}" for name, table in form.tables.items())}
    return frozenset(name for name, item in form_items(form) if item.type in kinds and name not in naming
                     and not form.printed_text(name) and not _OF_A_BODY.search(item.label))


def _boilerplate(form: Form) -> frozenset[str]:
    """What stands in an empty form."""
    return frozenset(letters(text) for text in presets(form))


def _same_columns(judged: _Judged, finds: Finds) -> None:
    """A whole column of results, or of scores with deductions, the same row by row."""
    columns = [(key, place, items) for place in judged.places for key, items in _columns(judged.units[place])]
    shared = judged.sharing((key, place) for key, place, _ in columns)
    told: set[tuple[int, _Sharing]] = set()
    for key, place, items in columns:
        if key in shared and (place, shared[key]) not in told:     # scores follow results: told once
            told.add((place, shared[key]))
            context = judged.context(place)
            finds[place].append(cross_finding(
                "DW-04", "entities",
                f"{context.place(items[0])}起的一栏 {len(items)} 个答案与{judged.names(place, shared[key])}的全都一样。",
                context, items, actual=clean("；".join(item.text for item in items)), alike=True))


def _columns(one: Unit) -> Iterator[tuple[Hashable, list[Item]]]:
    for form in one.ruleset.forms.values():
        for instance in one.submission.instances(form.form):
            for name, table in form.tables.items():
                for column, model in table.columns.items():
                    items = [item for item in one.submission.items_of(form.form, f"{name}.{column}", instance)
                             if item.state in ("text", "number") and item.cell and not item.formula]
                    if len(items) >= COLUMN_ROWS and (
                            (model.type == "actual" and len({letters(item.text) for item in items}) >= COLUMN_ANSWERS)
                            or (model.type == "score" and _deducted(one.submission, items, model.max) >= DEDUCTIONS)):
                        answers = tuple((item.row, item.value or letters(item.text)) for item in items)
                        yield (form.form, name, column, answers), items


def _deducted(submission: Submission, scores: list[Item], points: str) -> int:
    full = [submission.item(item.form, f"{item.name.partition('.')[0]}.{points}", item.instance, item.row)
            for item in scores]
    return sum(item.value is not None and of is not None and of.value is not None and item.value < of.value
               for item, of in zip(scores, full, strict=True))


# -- DW-05: the same amounts ------------------------------------------------------------------------------


def _same_amounts(judged: _Judged, finds: Finds) -> None:
    """Many amounts the same to the cent. Each amount is held against the first unit that has it, so that the
    work stays linear: copies of one workbook share its amounts with the same first."""
    first: dict[Hashable, tuple[int, Item]] = {}
    shared: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for place in judged.places:
        one = judged.units[place]
        for item in _telling(one):
            key = item.form, item.name, item.instance, item.row, item.value
            origin, there = first.setdefault(key, (place, item))
            if judged.whose[origin] != judged.whose[place]:
                shared[place, origin].append(item)
                shared[origin, place].append(there)
    for (place, other), items in shared.items():
        different = {item.value: item for item in items}   # a total repeats the amount of its only part
        if len(different) >= SAME_AMOUNTS:
            context, items = judged.context(place), list(different.values())
            finds[place].append(cross_finding(
                "DW-05", "entities", f"{context.place(items[0])} {context.show(items[0])}等 {len(items)} 个金额与"
                f"“{clean(judged.units[other].unit)}”的一分不差。", context, items, actual=context.show(items[0]), alike=True))


def _telling(one: Unit) -> Iterator[Item]:
    """Amounts of so many digits that they are not alike by chance."""
    amounts = {form.form: {name for name, item in form_items(form) if item.type == "amount"}
               for form in one.ruleset.forms.values()}
    for item in one.submission.items:
        if item.value and item.cell and item.name in amounts.get(item.form, ()) \
                and len(item.value.normalize().as_tuple().digits) >= DIGITS:
            yield item


# -- DW-06: outliers --------------------------------------------------------------------------------------


def _outliers(judged: _Judged, finds: Finds) -> None:
    """Rates of whole units, each among those of the same rule set."""
    rates: dict[tuple[str, str], list[tuple[int, Figure]]] = defaultdict(list)
    for place in judged.places:
        one = judged.units[place]
        for (key, instance), figure in one.figures.items():
            if figure.kind == "rate" and instance == 0 and isinstance(figure.value, Decimal):
                rates[one.submission.ruleset, key].append((place, figure))
    for found in rates.values():
        if len({judged.whose[place] for place, _ in found}) >= ENOUGH_UNITS:
            _far_from_others(judged, found, finds)


def _far_from_others(judged: _Judged, found: list[tuple[int, Figure]], finds: Finds) -> None:
    values = sorted(figure.value for _, figure in found)
    low, middle, high = (values[(len(values) - 1) * quarter // 4] for quarter in (1, 2, 3))
    for place, figure in found:
        outside = not low - FAR * (high - low) <= figure.value <= high + FAR * (high - low)
        if outside and abs(figure.value - middle) >= FAR_APART:
            context, printed = judged.context(place), figure.printed if figure.printed and figure.printed.cell else None
            items = [printed] if printed else [item for item in context.submission.items if item.cell in figure.cells]
            finds[place].append(cross_finding(
                "DW-06", "entities", f"{context.place(printed) if printed else f'「{figure.label}」'}按表内的数是 "
                f"{percent(figure.value, 2)}，{len(found)} 个单位的中间值是 {percent(middle, 2)}，相差较大。",
                context, items, actual=percent(figure.value, 2)))


def _grouped(pairs: Iterable[tuple[Hashable, int]]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for key, place in pairs:
        groups[key].append(place)
    return groups
