"""The findings of three units when their figures stand in the units' own layouts, whole and disturbed.

The same findings as in our templates (test_demo), compared whole, each cell translated by the item it holds; what
the reader itself has to say about a layout comes on top. Without the units' mistakes nothing must be mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from own_files import stacked
from own_layouts import UNITS, VARIANTS, OwnBook, own_books, own_filling, own_sheets
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Slot
from pyfuncs.workbook.process import process
from test_demo import FINDINGS, cells

ALL = [(unit, kind, disturbance) for unit in UNITS for kind, disturbance in VARIANTS]
# The disturbances that leave most to chance, thrown again; where a fault was found, it was with one of these.
AGAIN = [(unit, disturbance, draw, kind) for unit in UNITS for disturbance in ("labels", "merges", "pages")
         for draw, kind in ((100, "xlsx"), (101, "docx"), (102, "xlsx"), (104, "docx"), (105, "xlsx"))]
Books = Mapping[tuple[str, str, str], OwnBook]
Told = tuple[str, str, list[str]]                     # rule, severity, cells

# What the reader says of every file that is not ours, and what it says of these layouts.
_FOREIGN = [("DQ-recognised", "note", []), ("DQ-read-by-labels", "note", [])]
READER: Mapping[str, list[Told]] = {
    "hengyang": _FOREIGN,
    "liuyang": [*_FOREIGN, ("DQ-unit-inferred", "note", [])],        # 元, which only the size of the figures tells
    "xiangxi": [*_FOREIGN, ("DQ-missing-label", "warning", [])],     # its form has no cell for 评价等次
}


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Books:
    return dict(zip(ALL, own_books(ALL, tmp_path_factory.mktemp("own"))))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Books:
    return dict(zip(ALL, own_books(ALL, tmp_path_factory.mktemp("clean"), clean=True)))


@pytest.mark.parametrize("variant", ALL, ids="-".join)
def test_findings_in_the_units_own_layout(filed: Books, variant: tuple[str, str, str]) -> None:
    (unit, _, disturbance), book = variant, filed[variant]
    wanted = [*_translated(unit, book), *READER[unit], *(_slips(unit) if disturbance == "slips" else ())]
    found = [(one.rule_id, one.severity, list(one.cells)) for one in process(book.path).findings]
    assert sorted(found) == sorted(wanted)


def _translated(unit: str, book: OwnBook) -> list[Told]:
    """What is found in our template, with the cells of the unit's own layout."""
    slots = _slots_of_our_template(unit)
    return [(rule, severity, [book.where[slots[cell]] for cell in cells(places)])
            for name, _, rule, severity, places in FINDINGS if name == own_filling(unit).entity]


def _slots_of_our_template(unit: str) -> Mapping[str, Slot]:
    """Items by cell of the template that the demo fills."""
    filling = own_filling(unit)
    plan = layout(load_ruleset(filling.ruleset), filling.shape)
    return {f"{sheet.name}!{place.box.cell}": place.slot
            for sheet in plan.sheets for place in sheet.places if place.slot}


def _slips(unit: str) -> list[Told]:
    """A note for every label with a slip."""
    return [("DQ-near-label", "note", [f"{sheet.name}!{spot.box.cell}"])
            for own, sheet in zip(own_sheets(unit), own_sheets(unit, "slips"))
            for before, spot in zip(stacked(own), stacked(sheet)) if before != spot]


@pytest.mark.parametrize("variant", ALL, ids="-".join)
def test_no_false_error_where_the_figures_agree(clean: Books, variant: tuple[str, str, str]) -> None:
    one = process(clean[variant].path)
    assert one.unit == own_filling(variant[0]).entity and len(one.submission.items) > 300
    assert [finding.message for finding in one.findings if finding.severity == "error"] == []


@pytest.mark.parametrize(("unit", "disturbance", "draw", "kind"), AGAIN)
def test_chance_decides_nothing(tmp_path: Path, unit: str, disturbance: str, draw: int, kind: str) -> None:
    [book] = own_books([(unit, kind, disturbance)], tmp_path, draw=draw)
    found = [(one.rule_id, one.severity, list(one.cells)) for one in process(book.path).findings]
    assert sorted(found) == sorted([*_translated(unit, book), *READER[unit]])
    [book] = own_books([(unit, kind, disturbance)], tmp_path, clean=True, draw=draw)
    assert [one.message for one in process(book.path).findings if one.severity == "error"] == []


def test_a_slip_that_two_labels_are_near_to_is_the_one_that_stands_nowhere_else(tmp_path: Path) -> None:
    """敉量指标 beside a 质量指标 that is spelt right is 数量指标."""
    [book] = own_books([("hengyang", "xlsx", "slips")], tmp_path, clean=True, draw=201)
    found = process(book.path).findings
    assert [one.message for one in found if one.severity == "error" or one.rule_id == "DQ-unknown-group"] == []
    assert any("敉量指标" in one.message for one in found if one.rule_id == "DQ-near-label")
