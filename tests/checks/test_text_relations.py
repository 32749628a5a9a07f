"""Every relation that was checked by hand in five real reports: which of the words' checks tells it, and how severely.

The reports are own texts with the real figures, right and wrong, and the real structure (tests/prose/own_reports).
relations.tsv has one line per relation: its verdict by hand, the check and severity that must tell it (— none, 表: it
lies in the tables alone, 人工: a person's to judge), words of the sentence it stands in, and why a person is needed.
corrections.tsv puts every wrong figure right.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import own_clean
from text_reports import told

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.finding import Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper import demo
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.process import process
from pyfuncs.workbook.template import write_workbook

OWN = Path(__file__).resolve().parents[1] / "prose" / "own_reports"
UNITS = {"S0": "changsha-2020", "S1": "hengyang-2022", "S2": "xiangxi-2021", "S3": "liuyang-2021", "S4": "kaifu-2021"}
COUNTS = {"S0": 18, "S1": 70, "S2": 59, "S3": 88, "S4": 22}
VERDICTS = {"holds": 158, "broken": 28, "rounding": 6, "derived": 30, "soft": 35}
UNFOUND = {"—", "表", "人工"}
ALONE = {"S0-18", "S4-18"}                            # told where no workbook comes with the report


def _rows(name: str) -> list[dict[str, str]]:
    with (OWN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


RELATIONS = _rows("relations.tsv")
CORRECTIONS = _rows("corrections.tsv")


def _text(report: str) -> str:
    return (OWN / f"{report}.txt").read_text(encoding="utf-8")


def _filed(report: str, folder: Path, mended: bool = False) -> Filed:
    """What the unit of a report filed in its workbook; `mended`: with the mistakes of its tables put right."""
    filling = load_filling(demo.UNITS / f"{UNITS[report]}.yaml")
    unit = UNITS[report].partition("-")[0]
    if mended and unit in own_clean.CORRECTIONS:
        filling = own_clean.corrected(unit, filling)
    write_workbook(folder / f"{report}.xlsx", load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    return process(folder / f"{report}.xlsx")


def _lines(report: str, anchor: str) -> set[int]:
    return {number for number, line in enumerate(_text(report).split("\n"), 1) if anchor in line}


def _tells(finding: Finding, row: dict[str, str]) -> bool:
    """Whether a finding is that of a relation: the check, the severity, and a place in the sentence it stands in."""
    places = {place.number for place in finding.places}
    return (f"{finding.rule_id} {finding.severity}" == row["expected"]
            and (not row["anchor"] or bool(places & _lines(row["id"][:2], row["anchor"]))))


def test_every_relation_has_its_line() -> None:
    assert Counter(row["id"][:2] for row in RELATIONS) == COUNTS
    assert Counter(row["verdict"] for row in RELATIONS) == VERDICTS
    assert len({row["id"] for row in RELATIONS}) == len(RELATIONS)


def test_each_line_says_what_the_verdict_asks_for() -> None:
    for row in RELATIONS:
        severity = row["expected"].partition(" ")[2]
        wanted = {"holds": {""}, "derived": {""}, "broken": {"error", "warning", "rounding", ""}, "rounding": {"rounding", ""},
                  "soft": {"warning", "note", ""}}[row["verdict"]]
        assert severity in wanted, row
        assert severity or row["expected"] in UNFOUND, row
        if row["verdict"] in ("broken", "rounding"):
            assert severity or row["expected"] == "表", row        # a broken relation of the text is always found
        if row["expected"] == "人工" or row["verdict"] == "derived" and row["expected"] != "表":
            assert row["note"], row
        if row["expected"] != "表" and row["anchor"]:
            assert _lines(row["id"][:2], row["anchor"]), row


@pytest.mark.parametrize("report", UNITS)
def test_broken_relations_are_found_and_nothing_else(report: str, tmp_path: Path) -> None:
    rows = [row for row in RELATIONS if row["id"].startswith(report) and row["expected"] not in UNFOUND
            and row["id"] not in ALONE]
    filed = _filed(report, tmp_path)
    found = told(_text(report), filed.ruleset, filed.submission)
    missed = [row["id"] for row in rows if not any(_tells(finding, row) for finding in found)]
    others = [finding.line() for finding in found if not any(_tells(finding, row) for row in rows)]
    assert (missed, others) == ([], [])


@pytest.mark.parametrize("row", [row for row in RELATIONS if row["id"] in ALONE], ids=sorted(ALONE))
def test_report_without_a_workbook_is_asked_for_scores_and_annexes(row: dict[str, str]) -> None:
    assert any(_tells(finding, row) for finding in told(_text(row["id"][:2])))


@pytest.mark.parametrize("report", UNITS)
def test_corrected_report_has_no_error(report: str, tmp_path: Path) -> None:
    text, filed = _text(report), _filed(report, tmp_path, mended=True)
    for row in (row for row in CORRECTIONS if row["id"].startswith(report)):
        assert row["wrong"] in text, row
        text = text.replace(row["wrong"], row["right"])
    mended = {row["id"] for row in CORRECTIONS}
    left = [row for row in RELATIONS if row["id"].startswith(report) and row["id"] not in mended]
    found = told(text, filed.ruleset, filed.submission)
    assert [finding.line() for finding in found if finding.severity == "error"] == []
    assert [finding.line() for finding in found if not any(_tells(finding, row) for row in left)] == []


def test_every_correction_is_of_a_relation_that_is_found() -> None:
    expected = {row["id"] for row in RELATIONS if row["expected"] not in UNFOUND}
    assert {row["id"] for row in CORRECTIONS} <= expected
