"""Repairs in a marked copy: formulas and labels of our template that were overwritten come back (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from pyfuncs.catalog.load import beside, load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.checks.finding import Finding
from pyfuncs.workbook.convert import Change
from pyfuncs.workbook.convert_file import SheetXml
from pyfuncs.workbook.integrity import REPAIRED, Fault, faults_of
from pyfuncs.workbook.mark_xml import Patch, parse, patched, retag
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.read_book import Book
from pyfuncs.workbook.standing import identity_of

_BEFORE_CALCULATION = ("definedNames", "externalReferences", "functionGroups", "sheets")


def repaired(book: Book, findings: Sequence[Finding]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The parts with repaired cells, and by "sheet!C9" a sentence on what stood there.

    Only cells that a finding tells of are repaired: nothing is changed in silence.
    """
    told = {cell for finding in findings if finding.rule_id in REPAIRED for cell in finding.cells}
    faults = {f"{sheet}!{cell}": fault for (sheet, cell), fault in _faults(book).items()} if told else {}
    found = {cell: fault for cell, fault in faults.items() if cell in told}
    parts = dict(_sheets(book, found))
    if any(fault.change.formula for fault in found.values()):
        parts[book.part] = _calculated_anew(book.package.read(book.part))
    return parts, {cell: _stood(fault) for cell, fault in found.items()}


def _faults(book: Book) -> dict[tuple[str, str], Fault]:
    identity = identity_of(book)
    try:
        with beside(book.package.path):
            ruleset = load_ruleset(identity.get("ruleset", ""))
    except RuleSetError:
        return {}
    return faults_of(ruleset, book, identity)


def _sheets(book: Book, found: dict[str, Fault]) -> list[tuple[str, bytes]]:
    changes: dict[str, dict[tuple[int, int], Change]] = {}
    for cell, fault in found.items():
        box = Box.at(fault.cell)
        changes.setdefault(cell.rpartition("!")[0], {})[box.top, box.left] = fault.change
    return [(sheet.part, SheetXml(book, sheet).changed(changes[sheet.name])) for sheet in book.sheets
            if sheet.name in changes]


def _stood(fault: Fault) -> str:
    what = "表样的公式" if fault.change.formula else "表样的文字"
    return f"本副本这一格已恢复{what}；原来是{fault.stands.strip()}。"


def _calculated_anew(data: bytes) -> bytes:
    """The workbook part with the order to calculate when it is opened: others use the repaired cells."""
    root = parse(data)
    element = root.first("calcPr")
    if element is not None:
        return patched(data, [retag(element, {"fullCalcOnLoad": "1"})])
    before = next(found for name in _BEFORE_CALCULATION if (found := root.first(name)))
    return patched(data, [Patch(before.end, before.end, f'<{root.prefix}calcPr fullCalcOnLoad="1"/>')])
