"""Workbooks on disk as units would file them: our template filled in, with single cells typed over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.template import write_workbook

CLEAN = Path(__file__).parent / "helper" / "clean_unit.yaml"


def clean_book(path: Path, entity: str = "", typed: Mapping[str, object] | None = None,
               without: str = "") -> Path:
    """A workbook without errors, but for what is typed over and the sheet it is `without`.

    `typed`: "sheet!name" (a defined name) or "sheet!C9" -> value, or (value, number format).
    """
    filling = load_filling(CLEAN)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(path, load_ruleset(filling.ruleset), "formula", filling=filling, entity=entity, as_filed=True)
    if typed or without:
        book = openpyxl.load_workbook(path)
        for place, value in (typed or {}).items():
            sheet, _, name = place.partition("!")
            cell = book[sheet][_address(book[sheet], name)]
            cell.value, cell.number_format = value if isinstance(value, tuple) else (value, cell.number_format)
        if without:
            del book[without]
        book.save(path)
    return path


def _address(sheet, name: str) -> str:
    """Top left cell of a defined name; an address stands for itself."""
    if name not in sheet.defined_names:
        return name
    return sheet.defined_names[name].attr_text.rpartition("!")[2].replace("$", "").partition(":")[0]
