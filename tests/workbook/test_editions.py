"""Both editions give the figure that odd operands must have, and a function that gives another is found out.

The functions of the 加载项版 are our own, called by an engine in the process; tests/proof compares all programs.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from editions import disagreements
from fillings import BOUNDARIES, over_every_rate
from workbook_samples import RULESETS, inputs_only

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.udfs import FUNCTIONS


@pytest.mark.parametrize(("over", "under", "rate"), BOUNDARIES)
@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_boundaries_of_every_rate(ruleset_id: str, over: str, under: str, rate: object, tmp_path: Path):
    wrong, addin = disagreements(tmp_path, over_every_rate(load_ruleset(ruleset_id), over, under))
    assert wrong == {}
    sheet, place = addin.plan.printed("rate", "项目执行率", 1)
    assert addin.shown[f"'{sheet.name}'!{place.box.cell}"] == rate


def test_another_figure_from_a_function_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    wrongly = replace(FUNCTIONS["JX_CONTROL_RATE"], call=lambda actual, limit: actual / limit + 1e-6)
    monkeypatch.setitem(FUNCTIONS, "JX_CONTROL_RATE", wrongly)
    wrong, _ = disagreements(tmp_path, inputs_only("430400/2022"))
    assert sorted(wrong) == ["'基础数据表'!D5", "'计算过程'!B4", "'计算过程'!B5", "'计算过程'!B6"]
