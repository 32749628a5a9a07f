"""Marks in a sheet's own XML: conditional formats, a drawing of notes, cells that were not there (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyfuncs.workbook.mark_state import CONDITION
from pyfuncs.workbook.mark_xml import (
    RELATIONSHIPS, Element, Patch, append, attribute, content, parse, patched, removal, safe_text, start_tag,
)
from pyfuncs.workbook.places import Box

# What the schema puts behind conditional formats, and what behind the drawing of notes.
_BEHIND_NOTES = {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
                 "extLst", "AlternateContent"}
_BEHIND_FORMATS = _BEHIND_NOTES | {
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"}


@dataclass(frozen=True)
class Marks:
    """What to do to a sheet. `tints`: number of a differential format -> the cells (C9) that get it, whatever they
    hold; `drawing`: relation of a new drawing of notes; `cells`: those that must be in the file."""

    tints: Mapping[int, Sequence[str]] = field(default_factory=dict)
    drawing: str = ""
    cells: Collection[str] = ()


def marked_sheet(data: bytes, marks: Marks) -> bytes:
    """The sheet with marks, each of them an insertion. Raises ValueError for a part that is no sheet."""
    root = parse(data)
    sheet_data = root.first("sheetData")
    if sheet_data is None:
        raise ValueError("sheet without sheetData")
    rows: dict[int, set[int]] = {}
    for cell in marks.cells:
        box = Box.at(cell)
        rows.setdefault(box.top, set()).add(box.left)
    patches = list(_rows(sheet_data, rows))
    if marks.tints:
        patches.append(_inserted(root, _BEHIND_FORMATS, _formats(root, marks.tints)))
    if marks.drawing:
        # The prefix of relationships may be another one here, or none: declare it where it is used.
        element = f'<{root.prefix}legacyDrawing xmlns:r="{RELATIONSHIPS}" r:id={attribute(marks.drawing)}/>'
        patches.append(_inserted(root, _BEHIND_NOTES, element))
    return patched(data, patches)


def unmarked_sheet(data: bytes, without_drawing: bool = False) -> bytes:
    """The sheet without conditional formats of ours, and without its drawing of notes where that goes."""
    root = parse(data)
    patches = [removal(element) for element in root.all("legacyDrawing") if without_drawing]
    for formats in root.all("conditionalFormatting"):
        rules = list(formats.all("cfRule"))
        ours = [rule for rule in rules if (formula := rule.first("formula")) and content(data, formula) == CONDITION]
        patches += [removal(formats)] if ours and len(ours) == len(rules) else map(removal, ours)
    return patched(data, patches)


def drawing_relation(data: bytes) -> str:
    """Relationship id of the sheet's drawing of notes, "" when it has none."""
    element = parse(data).first("legacyDrawing")
    attributes = element.attributes if element else {}
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


def _formats(root: Element, tints: Mapping[int, Sequence[str]]) -> str:
    """Conditional formats that always hold, behind those of the sheet's own in rank."""
    p, ranks = root.prefix, [int(rule.attributes.get("priority", "0")) for formats in root.all("conditionalFormatting")
                             for rule in formats.all("cfRule")]
    return "".join(
        f'<{p}conditionalFormatting sqref="{" ".join(cells)}"><{p}cfRule type="expression" dxfId="{number}" '
        f'priority="{rank}"><{p}formula>{safe_text(CONDITION)}</{p}formula></{p}cfRule></{p}conditionalFormatting>'
        for rank, (number, cells) in enumerate(tints.items(), max(ranks, default=0) + 1))


def _inserted(root: Element, behind: set[str], text: str) -> Patch:
    """`text` before the first element that belongs `behind` it."""
    at = next((child.start for child in root.children if child.local in behind), root.inner_end)
    return Patch(at, at, text)


def _rows(sheet_data: Element, wanted: dict[int, set[int]]) -> Iterator[Patch]:
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


def _cells(row: Element, number: int, wanted: set[int]) -> Iterator[Patch]:
    p, column = row.prefix, 0
    missing = sorted(wanted)
    for cell in row.all("c"):
        column = Box.at(cell.attributes["r"]).left if "r" in cell.attributes else column + 1
        while missing and missing[0] < column:
            yield Patch(cell.start, cell.start, _new_cell(p, number, missing.pop(0)))
        if missing and missing[0] == column:
            missing.pop(0)
    if missing:
        text = "".join(_new_cell(p, number, column) for column in missing)
        if row.empty:
            yield Patch(row.start, row.end, f"{start_tag(row, {}, empty=False)}{text}</{row.name}>")
        else:
            last = max((child.end for child in row.all("c")), default=row.inner)
            yield Patch(last, last, text)


def _new_row(prefix: str, number: int, wanted: set[int]) -> str:
    cells = "".join(_new_cell(prefix, number, column) for column in sorted(wanted))
    return f'<{prefix}row r="{number}">{cells}</{prefix}row>'


def _new_cell(prefix: str, row: int, column: int) -> str:
    return f'<{prefix}c r="{Box(row, column, row, column).cell}"/>'
