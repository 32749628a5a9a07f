"""A small tree of units, consolidated, for the tests of what is written of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
from sample_units import unit_a, unit_b, unit_c

from pyfuncs.consolidate.admission import Choice
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.result import Consolidation
from pyfuncs.consolidate.units_list import UnitsList, parse_units

LIST = parse_units([
    ["单位代码", "单位名称", "上级", "应报"], ["01", "市局", "", "否"], ["0101", "甲中心", "01", "是"],
    ["0102", "乙中心", "01", "是"], ["0103", "丁局", "01", "是"], ["02", "县局", "", "否"], ["0201", "丙中心", "02", "是"]])
EVERYONE = Choice(include_rejected=True)


def three_units() -> list[Filed]:
    """Two units of one rule set in 万元, one of another rule set and year in 元; and the first one's workbook again."""
    first = replace(unit_a(), dated="2023-03-02T09:15:00")
    again = replace(unit_a(path="又一份.xlsx"), dated="2023-03-01T09:15:00")
    return [first, unit_b(), unit_c(), again]


def consolidated(filed: Sequence[Filed], units: UnitsList | None = None, choice: Choice = EVERYONE) -> tuple[Consolidation, Held]:
    source = Held(filed)
    return consolidate(source, units, choice), source


def sample() -> tuple[Consolidation, Held]:
    return consolidated(three_units(), LIST)


def table(path: Path, sheet: str) -> list[tuple]:
    """Rows that are not blank, as stored values."""
    book = openpyxl.load_workbook(path, data_only=True)
    return [row for row in book[sheet].iter_rows(values_only=True) if any(value not in (None, "") for value in row)]
