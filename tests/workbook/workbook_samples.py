"""Fillings and workbooks that several tests look at."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper import demo_units
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.template import write_workbook

RULESETS = ("430400/2022", "430181/2021")
UNITS = {"430400/2022": "hengyang-2022", "430181/2021": "liuyang-2021"}
WORKED_OUT = ("sum", "formula", "rate", "score")
FOLDER = Path(next(iter(demo_units.__path__)))


def filed(ruleset_id: str) -> Filling:
    """What a real unit printed, its mistakes included."""
    return load_filling(FOLDER / f"{UNITS[ruleset_id]}.yaml")


def inputs_only(ruleset_id: str) -> Filling:
    """The same unit's inputs, clean numbers, with everything that a template works out left to it."""
    filling = filed(ruleset_id)
    plan = layout(load_ruleset(ruleset_id), filling.shape)
    ruled = {place.slot for sheet in plan.sheets for place in sheet.places
             if place.slot and place.rule and place.rule.kind in WORKED_OUT}
    numeric = {place.slot for sheet in plan.sheets for place in sheet.places
               if place.slot and place.type in ("amount", "count", "points", "score")}
    clean = {slot: text.strip(" ✓\u3000") if slot in numeric else text for slot, text in filling.typed.items()}
    return replace(filling, typed={slot: text for slot, text in clean.items() if slot not in ruled})


def written(ruleset_id: str, edition: Edition, **arguments) -> bytes:
    buffer = io.BytesIO()
    write_workbook(buffer, load_ruleset(ruleset_id), edition, **arguments)
    return buffer.getvalue()


def opened(data: bytes, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def formulas_in(book: openpyxl.Workbook) -> dict[tuple[str, str], str]:
    """(sheet, address) -> formula."""
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows()
            for cell in row if cell.data_type == "f"}
