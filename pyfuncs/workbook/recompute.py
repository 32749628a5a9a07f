"""What a unit filed, made ready to be computed afresh: its inputs stay, rates, scores and sums are left to formulas."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pyfuncs.catalog.environment import with_items
from pyfuncs.catalog.figures import complete
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import Words, plain
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Slot


def inputs_only(ruleset: RuleSet, filling: Filling, submission: Submission) -> Filling:
    """The filling without what the template computes or prints itself; numbers typed as words (2.46 ✓) as they were read.

    A total whose parts were left blank can't be computed: it stays as the unit typed it.
    """
    plan = layout(ruleset, filling.shape)
    ruled = {slot for sheet in plan.sheets for slot, place in sheet.by_slot.items() if place.rule}
    printed = {slot for sheet in plan.sheets for slot, place in sheet.by_slot.items() if place.locked} - ruled
    items = {_slot(item): item for item in submission.items}
    sums = {slot for sheet in plan.sheets for slot, place in sheet.by_slot.items()
            if place.rule and place.rule.kind in ("sum", "formula", "row")}
    kept = sums - _computed(ruleset, submission, items, ruled)
    computed = _computed(ruleset, submission, items, ruled - kept)   # what rests on a kept total too
    words = Words(ruleset, submission)
    return replace(filling, typed={slot: _as_read(words, items.get(slot), text)
                                   for slot, text in filling.typed.items() if slot not in computed | printed})


def _computed(ruleset: RuleSet, submission: Submission, items: dict[Slot, Item], emptied: set[Slot]) -> set[Slot]:
    """Of the cells a template works out, those it can, with `emptied` ones empty and the others as typed."""
    given = [replace(item, value=None, text="", state="blank", formula=True) if slot in emptied else item
             for slot, item in items.items()]
    return {_slot(item) for item in complete(ruleset, with_items(submission, given)).items
            if item.formula and item.state != "blank"}


def _slot(item: Item) -> Slot:
    return Slot(item.form, item.instance, item.name, item.row, item.group)


def _as_read(words: Words, item: Item | None, text: str) -> str:
    if item is None or item.value is None or not item.notes:
        return text
    scale = words.form(item).scale if words.kind(item) == "amount" else Decimal(1)
    return plain(item.value / scale)
