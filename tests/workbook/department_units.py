"""Units of one department, filed in our template: the figures of a clean unit, in each unit so many times as large."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from filed_books import CLEAN
from own_layouts import own_filling
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.refs import form_items
from pyfuncs.catalog.words import plain
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import Node, NodeResult, Total
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Slot
from pyfuncs.workbook.process import process
from pyfuncs.workbook.template import write_workbook

OFFICE = "示例局"                                      # the department; a workbook of its own is that of 局机关
FACTORS = {"甲中心": "1", "乙中心": "3.5", OFFICE: "0.2"}
UNITS = {"430400/2022": "hengyang", "430181/2021": "liuyang", "433100/2021": "xiangxi"}


def clean_filling(ruleset_id: str = "") -> Filling:
    """A unit without mistakes: the plain example, or a real unit's figures put right."""
    return own_filling(UNITS[ruleset_id], clean=True) if ruleset_id else load_filling(CLEAN)


def filed_everywhere(folder: Path, entity: str, ruleset_id: str, amount: str) -> Filed:
    """One unit's workbook with the same amount in every cell for one, an answer in every other, and its formulas."""
    answers = {"amount": amount, "count": "5", "points": "10", "score": "9", "text": "文字", "target": "≥3次",
               "actual": "3次"}
    places = [place for sheet in layout(load_ruleset(ruleset_id)).sheets if sheet.form for place in sheet.places]
    asked = [place for place in places if place.slot and not place.locked and not place.rule and place.type in answers]
    filling = Filling(ruleset_id, typed={place.slot: answers[place.type] for place in asked})
    write_workbook(folder / f"{entity}.xlsx", load_ruleset(ruleset_id), "formula", filling=filling, entity=entity)
    return process(folder / f"{entity}.xlsx")


def filed(folder: Path, entity: str, filling: Filling, times: str = "1",
          changes: Mapping[str, str] | None = None) -> Filed:
    """One unit's workbook, read and checked. `changes`: form!item, or form!item#row, -> as typed, "" for left blank."""
    ruleset = load_ruleset(filling.ruleset)
    amounts = {place.slot for sheet in layout(ruleset, filling.shape).sheets for place in sheet.places
               if place.type == "amount"}
    texts = {slot: _times(text, times) if slot in amounts else text for slot, text in filling.typed.items()}
    for key, text in (changes or {}).items():
        form, _, item = key.partition("!")
        name, _, row = item.partition("#")
        group = next((slot.group for slot in texts if slot.form == form and slot.row == int(row or 0) and row), "")
        texts[Slot(form, 1, name, int(row or 0), group)] = text
    path = folder / f"{entity}-{filling.ruleset.replace('/', '-')}.xlsx"
    write_workbook(path, ruleset, "formula", filling=replace(filling, typed=texts), entity=entity, as_filed=True)
    return process(path)


def three(folder: Path, filling: Filling) -> list[Filed]:
    return [filed(folder, entity, filling, times) for entity, times in FACTORS.items()]


def node(units: Sequence[Filed], name: str = OFFICE) -> NodeResult:
    """A node with the sums of its units, added up here once more; the first unit's rule set is the node's."""
    return NodeResult(Node("", name), len(units), tuple(sums(units)), (), units[0].ruleset)


def sums(units: Sequence[Filed]) -> list[Total]:
    found: dict[tuple[str, str, str], Total] = {}
    for one in units:
        for form in one.ruleset.forms.values():
            for name, item in form_items(form):
                values = [cell.value for cell in one.submission.items_of(form.form, name) if cell.value is not None]
                if item.consolidation == "sum" and values:
                    key = (form.form, name, item.type)
                    before = found[key].value if key in found else Decimal(0)
                    found[key] = Total(*key, form.title, item.label or name, "", before + sum(values), 1, 0)
    return list(found.values())


def _times(text: str, factor: str) -> str:
    """A number, whatever is written around it: 1.12（查预算数）."""
    def larger(found: re.Match[str]) -> str:
        return plain(Decimal(found[0]) * Decimal(factor))

    return re.sub(r"-?\d+(\.\d+)?", larger, text.replace(",", ""), count=1)
