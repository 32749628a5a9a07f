"""Colouring cells in a sheet's own XML, creating those that are not there (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pyfuncs.workbook.mark_xml import (
    RELATIONSHIPS, Element, Patch, append, attribute, parse, patched, retag, start_tag,
)
from pyfuncs.workbook.places import Box

# What the schema puts behind the drawing of notes.
_BEHIND = {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
           "tableParts", "extLst", "AlternateContent"}


@dataclass(frozen=True)
class Marks:
    """What to do to a sheet. `restyle`: cell (C9) -> its style index before -> after; `drawing`: relation
    of a new drawing of notes."""

    restyle: Mapping[str, Callable[[int], int]]
    drawing: str = ""


def marked_sheet(data: bytes, marks: Marks) -> bytes:
    root = parse(data)
    sheet_data = root.first("sheetData")
    if sheet_data is None:
        raise ValueError("sheet without sheetData")
    rows: dict[int, dict[int, Callable[[int], int]]] = {}
    for cell, restyle in marks.restyle.items():
        box = Box.at(cell)
        rows.setdefault(box.top, {})[box.left] = restyle
    patches = list(_rows(sheet_data, rows))
    if marks.drawing:
        patches.append(_drawing(root, marks.drawing))
    return patched(data, patches)


def drawing_relation(data: bytes) -> str:
    """Relationship id of the sheet's drawing of notes, "" when it has none."""
    element = parse(data).first("legacyDrawing")
    attributes = element.attributes if element else {}
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


def _rows(sheet_data: Element, wanted: dict[int, dict[int, Callable[[int], int]]]) -> Iterator[Patch]:
    p, number = sheet_data.prefix, 0
    missing = sorted(wanted)
    for row in sheet_data.all("row"):
        number = int(row.attributes.get("r", number + 1))
        while missing and missing[0] < number:
            yield Patch(row.start, row.start, _new_row(p, missing[0], wanted[missing.pop(0)]))
        if missing and missing[0] == number:
            yield from _cells(row, number, wanted[missing.pop(0)])
    if missing:
        yield from append(sheet_data, "".join(_new_row(p, number, wanted[number]) for number in missing))


def _cells(row: Element, number: int, wanted: dict[int, Callable[[int], int]]) -> Iterator[Patch]:
    p, column = row.prefix, 0
    missing = sorted(wanted)
    for cell in row.all("c"):
        column = Box.at(cell.attributes["r"]).left if "r" in cell.attributes else column + 1
        while missing and missing[0] < column:
            yield Patch(cell.start, cell.start, _new_cell(p, number, missing[0], wanted[missing.pop(0)]))
        if missing and missing[0] == column:
            style = wanted[missing.pop(0)](int(cell.attributes.get("s", "0")))
            yield retag(cell, {"s": str(style)})
    if missing:
        text = "".join(_new_cell(p, number, column, wanted[column]) for column in missing)
        if row.empty:
            yield Patch(row.start, row.end, f"{start_tag(row, {}, empty=False)}{text}</{row.name}>")
        else:
            last = max((child.end for child in row.all("c")), default=row.inner)
            yield Patch(last, last, text)


def _new_row(prefix: str, number: int, wanted: dict[int, Callable[[int], int]]) -> str:
    cells = "".join(_new_cell(prefix, number, column, wanted[column]) for column in sorted(wanted))
    return f'<{prefix}row r="{number}">{cells}</{prefix}row>'


def _new_cell(prefix: str, row: int, column: int, restyle: Callable[[int], int]) -> str:
    return f'<{prefix}c r="{Box(row, column, row, column).cell}" s="{restyle(0)}"/>'


def _drawing(root: Element, relation: str) -> Patch:
    # The prefix of relationships may be another one here, or none: declare it where it is used.
    text = f'<{root.prefix}legacyDrawing xmlns:r="{RELATIONSHIPS}" r:id={attribute(relation)}/>'
    at = next((child.start for child in root.children if child.local in _BEHIND), root.inner_end)
    return Patch(at, at, text)
