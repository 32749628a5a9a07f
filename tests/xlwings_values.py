"""A workbook of openpyxl saved as Excel saves it: every formula with its value."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import openpyxl
from engines import formualizer_eval
from openpyxl.utils import get_column_letter

from pyfuncs.language import CellError
from pyfuncs.udfs import FUNCTIONS
from pyfuncs.workbook.mark_xml import Element, Patch, parse, patched, safe_text, start_tag

Values = dict[tuple[str, str], object]                # sheet, C9 ->


def computed(book: openpyxl.Workbook) -> Values:
    """The values of all formulas, our functions among them."""
    typed, formulas = {}, {}
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            place = f"'{sheet.title}'!{get_column_letter(cell.column)}{cell.row}"
            if cell.data_type == "f":
                formulas[place] = cell.value[1:]
            else:
                typed[place] = cell.value
    functions = {name: function.call for name, function in FUNCTIONS.items()}
    shown = formualizer_eval(typed, formulas, functions) if formulas else {}
    return {(place[1:place.rindex("'!")], place.rpartition("!")[2]): value for place, value in shown.items()}


def save(book: openpyxl.Workbook, path: Path) -> None:
    """Write the workbook; openpyxl alone leaves formulas without values."""
    values, titles = computed(book), book.sheetnames
    for sheet in book:
        if not any(cell.comment for row in sheet.iter_rows() for cell in row):
            sheet.legacy_drawing = None               # openpyxl keeps the drawing of notes that are gone
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "plain.xlsx")
        book.save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(Path(folder, "full.xlsx"), "w", zipfile.ZIP_DEFLATED) as full:
            for name in source.namelist():
                data = source.read(name)
                number = name.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
                if number.isdigit():                  # openpyxl numbers its parts in the order of the sheets
                    data = _with_values(data, titles[int(number) - 1], values)
                full.writestr(name, data)
        path.write_bytes(Path(folder, "full.xlsx").read_bytes())


def _with_values(data: bytes, sheet: str, values: Values) -> bytes:
    cells = [cell for row in parse(data).first("sheetData").children for cell in row.children if cell.first("f")]
    return patched(data, [Patch(cell.start, cell.end, _with_value(data, cell, values[sheet, cell.attributes["r"]]))
                          for cell in cells])


def _with_value(data: bytes, cell: Element, value: object) -> str:
    kind = "e" if isinstance(value, CellError) else "str" if isinstance(value, str) else "b" if isinstance(value, bool) else "n"
    shown = value.code if isinstance(value, CellError) else int(value) if isinstance(value, bool) else "" if value is None else value
    formula = cell.first("f")
    text = data[formula.start:formula.end].decode()
    kept = Element(cell.name, {name: cell.attributes[name] for name in ("r", "s") if name in cell.attributes}, 0, 0, False)
    return f"{start_tag(kept, {'t': kind})}{text}<v>{safe_text(str(shown))}</v></c>"
