"""The forms of a workbook, found by their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.workbook.grid import Grid
from pyfuncs.workbook.labels.align import Region, regions
from pyfuncs.workbook.labels.form import Located, locate, read_located, units
from pyfuncs.workbook.labels.plan import plan_of
from pyfuncs.workbook.labels.stream import Stream
from pyfuncs.workbook.read_item import FormSheet


@dataclass(frozen=True)
class Nearest:
    """What looks most like a form that was not found: where it stands, and how many of its labels are there."""

    sheet: str
    there: int
    labels: int


@dataclass(frozen=True)
class LabelledBook:
    """`sheets`: the forms read, in reading order. `repeated`: forms of which there is more than the one allowed.

    `nearest`: form not found -> what looks most like it, if anything. `used`: sheets that hold a form.
    """

    sheets: tuple[tuple[str, FormSheet], ...]
    repeated: Mapping[str, tuple[str, ...]]
    nearest: Mapping[str, Nearest | None]
    used: frozenset[str]


def read_by_labels(ruleset: RuleSet, forms: Sequence[Form], grids: Sequence[Grid],
                   instances: Mapping[str, int]) -> LabelledBook:
    """Finds `forms` in `grids`. `instances`: form -> how many of it were read already."""
    stream = Stream(grids, ruleset.year)
    plans = [plan_of(ruleset, form) for form in forms]
    found, near = regions(plans, stream)
    located = _located(found, stream)
    counts = Counter(instances)
    sheets, kept = [], []
    repeated: dict[str, tuple[str, ...]] = {}
    for one in located:
        form = one.form
        if form.instances == "one" and (counts[form.form] or one is not _likeliest(located, form, ruleset.year)):
            repeated[form.form] = (*repeated.get(form.form, ()), stream.grid(one.labels.first).name)
            continue
        counts[form.form] += form.instances == "many"
        kept.append((one, max(1, counts[form.form])))
    for (one, instance), unit in zip(kept, units([one for one, _ in kept], ruleset)):
        sheets.append((one.form.form, read_located(ruleset, one, instance, unit)))
    there = {form for form, _ in sheets}
    nearest = {form.form: _nearest(near.get(form.form), stream) for form in forms if form.form not in there}
    used = frozenset(stream.grids[sheet].name for one, _ in kept for sheet in one.rows)
    return LabelledBook(tuple(sheets), repeated, nearest, used)


def _located(found: Sequence[Region], stream: Stream) -> list[Located]:
    """Every region with the rows around it: up to the form before, down to the form after, on its own sheets."""
    located = []
    for index, region in enumerate(found):
        before = found[index - 1] if index else None
        after = found[index + 1].first if index + 1 < len(found) else len(stream.rows)
        first, end = region.first, region.last + 1
        sheet = stream.rows[first].sheet
        alone = before is None or stream.rows[before.last].sheet != sheet
        while alone and first and stream.rows[first - 1].sheet == sheet:
            first -= 1
        while end < after and stream.rows[end].sheet == stream.rows[region.last].sheet:
            end += 1
        located.append(locate(region, stream, first, end))
    return located


def _likeliest(located: Sequence[Located], form: Form, year: str) -> Located:
    """Of several copies of a form the one that is filed: not hidden, of the year, the most complete."""
    def rank(one: Located) -> tuple[bool, bool, float]:
        rows = one.stream.rows[one.labels.first:one.labels.end]
        visible = all(one.stream.grids[sheet].visible for sheet in one.rows)
        return visible, any(year in text for row in rows for text in row.texts), one.share

    return max((one for one in located if one.form is form), key=rank)


def _nearest(region: Region | None, stream: Stream) -> Nearest | None:
    if region is None or not region.plan.rows:
        return None
    labels = [anchor for row in region.plan.rows for anchor in row]
    there = sum(1 for row in region.rows for _ in region.plan.rows[row])
    return Nearest(stream.grid(region.first).name, there, len(labels))
