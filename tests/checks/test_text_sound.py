"""Reports of other bureaus, in other words, whose figures are right: nothing is claimed of them; one slip is found.

tests/prose/own_reports/sound: own texts; slips.tsv: what was changed in one of them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from text_reports import told

SOUND = Path(__file__).resolve().parents[1] / "prose" / "own_reports" / "sound"
REPORTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SOUND.glob("*.txt"))}
with (SOUND / "slips.tsv").open(encoding="utf-8", newline="") as _file:
    SLIPS = list(csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _to_mend(text: str) -> list[str]:
    return [finding.line() for finding in told(text) if finding.severity != "note"]


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_is_claimed_of_a_report_that_is_right(report: str) -> None:
    assert _to_mend(REPORTS[report]) == []


@pytest.mark.parametrize("slip", SLIPS, ids=[f"{slip['report']}-{slip['wrong']}" for slip in SLIPS])
def test_a_slip_is_found(slip: dict[str, str]) -> None:
    text = REPORTS[slip["report"]]
    assert slip["right"] in text
    assert _to_mend(text.replace(slip["right"], slip["wrong"], 1))
