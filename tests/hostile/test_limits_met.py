"""Each limit of reading can be set, and a file beyond it is told about with the limit in the sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hostile_case import clean_bytes, clean_parts, package
from hostile_documents import LABELS, old_workbook, word

from pyfuncs.workbook.limits import Limits, limited
from pyfuncs.workbook.process import process

# limit -> (a value that the honest workbook exceeds, one that it does not, the code).
XLSX = {
    "file": (20_000, 200_000, "DQ-too-large"),
    "content": (100_000, 1_000_000, "DQ-bomb"),
    "ratio": (2, 250, "DQ-bomb"),
    "parts": (10, 20, "DQ-bomb"),
    "sheets": (5, 6, "DQ-too-many-sheets"),
    "cells": (100, 1000, "DQ-too-many-cells"),
    "merges": (5, 100, "DQ-too-many-merges"),
    "text": (20, 200, "DQ-long-text"),
    "seconds": (0, 30, "DQ-too-slow"),
}


def test_every_limit_is_met_here():
    assert set(XLSX) == {field.name for field in fields(Limits)}


def told(path: Path, limits: Limits) -> set[str]:
    with limited(limits):
        return {finding.rule_id for finding in process(path).findings if finding.severity == "error"}


@pytest.mark.parametrize("limit", XLSX)
def test_a_workbook_beyond_a_limit_is_told(tmp_path: Path, limit: str):
    low, high, code = XLSX[limit]
    # Below 20 MB nothing is too well packed.
    parts = clean_parts() | ({"xl/media/a.bin": bytes(21 * 2**20)} if limit == "ratio" else {})
    path = tmp_path / "甲.xlsx"
    path.write_bytes(package(parts))
    assert code in told(path, replace(Limits(), **{limit: low}))
    assert told(path, replace(Limits(), **{limit: high})) == set() or limit == "ratio"


@pytest.mark.parametrize(("limit", "low", "code", "make"), [
    ("sheets", 5, "DQ-too-many-sheets", old_workbook),
    ("cells", 100, "DQ-too-many-cells", old_workbook),
    ("merges", 5, "DQ-too-many-merges", old_workbook),
    ("text", 20, "DQ-long-text", old_workbook),
    ("seconds", 0, "DQ-too-slow", old_workbook),
    ("sheets", 2, "DQ-too-many-tables", lambda: word(LABELS * 3)),
    ("cells", 10, "DQ-too-many-cells", lambda: word(LABELS * 3)),
    ("text", 3, "DQ-long-text", lambda: word(LABELS)),
    ("content", 300, "DQ-bomb", lambda: word(LABELS)),
    ("seconds", 0, "DQ-too-slow", lambda: word(LABELS)),
])
def test_so_are_old_workbooks_and_word_documents(tmp_path: Path, limit: str, low: float, code: str,
                                                 make: Callable[[], bytes]):
    path = tmp_path / "甲"
    path.write_bytes(make())
    assert code in told(path, replace(Limits(), **{limit: low}))
    assert code not in told(path, Limits())


def test_a_limit_holds_for_a_while_only(tmp_path: Path):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(clean_bytes())
    with limited(replace(Limits(), file=10)):
        assert [finding.rule_id for finding in process(path).findings] == ["DQ-too-large"]
    assert process(path).findings == ()
