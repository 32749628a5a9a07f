"""The printed grade against the total, on a form that prints one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pyfuncs.catalog import load
from pyfuncs.catalog.codes import assign, code, derived_keys
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.run import check
from sample_units import submission

SMALL = Path(__file__).resolve().parent.parent / "catalog" / "ruleset"


@pytest.mark.parametrize(("total", "grade", "wrong"), [
    ("90", "优", False), ("90", "“优”", False), ("89.99", "优", True), ("89.99", "良", False), ("59", "中", True),
    ("90", "", False), ("", "优", False),             # blank: told elsewhere, or there is no total to judge by
])
def test_grade(total: str, grade: str, wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "FOLDERS", (SMALL,))
    ruleset = load_ruleset("990000/2022")
    ruleset = ruleset.model_copy(update={"codes": assign({}, derived_keys(ruleset))})
    scores = {"指标.得分#1": total, "支出.预算": "10", "支出.决算": "0"} if total else {}
    filed = submission(ruleset, "某中心", {"基础": {**scores, "等级": grade}})
    filed = replace(filed, items=tuple(replace(item, formula=False) if item.name == "等级" else item
                                       for item in filed.items))
    found = [finding for finding in check(ruleset, filed) if finding.rule_id == code(ruleset, "grade:基础!等级")]
    assert bool(found) is wrong
    assert all(f"填“{grade}”" in finding.message and total in finding.message for finding in found)
