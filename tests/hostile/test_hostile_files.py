"""Every hostile file costs bounded time and memory and is told about, or is read as the honest one it imitates."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hostile_documents
import hostile_sheets
import hostile_texts
import hostile_zips
import pytest
from hostile_case import CLEAN, Hostile, Wanted, clean_bytes

ROOT = Path(__file__).resolve().parents[2]
CASES: dict[str, Hostile] = {**hostile_zips.CASES, **hostile_sheets.CASES, **hostile_documents.CASES,
                             **hostile_texts.CASES}
HONEST = "honest workbook"
SECONDS, MIB = 10, 400                                # that one file may cost: processor time, memory on top
GRAVITY = ("error", "warning", "rounding", "note")


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `died`: how the process ended that read it."""

    seconds: float = 0
    mib: int = 0
    findings: tuple[tuple[Any, ...], ...] = ()
    items: tuple[tuple[Any, ...], ...] = ()
    died: str = ""


def read_bounded(paths: Sequence[Path]) -> dict[Path, Outcome]:
    """Every file read in a process with limits; a file that ends it counts as having died, and the next ones go on."""
    outcomes: dict[Path, Outcome] = {}
    while left := [path for path in paths if path not in outcomes]:
        done = subprocess.run([sys.executable, str(Path(__file__).with_name("bounded_run.py")), *map(str, left)], cwd=ROOT,
                              env=os.environ | {"PYTHONPATH": os.fspath(ROOT)}, capture_output=True, text=True, timeout=560)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        for line in lines:
            if "done" in line:
                path = Path(line.pop("done"))
                findings, items = (tuple(map(tuple, line[key])) for key in ("findings", "items"))
                outcomes[path] = Outcome(line["seconds"], line["mib"], findings, items)
        if done.returncode:
            begun = Path(lines[-1]["begun"]) if lines else left[0]
            outcomes[begun] = Outcome(died=f"status {done.returncode}: {done.stderr[-500:]}")
    return outcomes


def complaint(outcome: Outcome, wanted: Wanted, honest: Outcome) -> str:
    """What is wrong with what became of a file; "" when all is well."""
    told = {(severity, rule) for severity, rule, *_ in outcome.findings}
    errors = sorted(rule for severity, rule in told if severity == "error")
    if outcome.died:
        return outcome.died
    if ("error", "DQ-program") in told:
        return next(message for _, rule, _, message, _ in outcome.findings if rule == "DQ-program")
    if outcome.seconds > SECONDS or outcome.mib > MIB:
        return f"took {outcome.seconds:.1f} s and {outcome.mib} MiB"
    grave = GRAVITY[:GRAVITY.index(wanted.severity) + 1] if wanted.severity else ()
    if any(severity in grave and (not wanted.codes or rule in wanted.codes) for severity, rule in told):
        return ""
    if not wanted.clean:
        return f"wanted {wanted}, told {sorted(told)}"
    differing = [pair for pair in zip(outcome.items, honest.items) if pair[0] != pair[1]]
    return f"errors {errors}, items {differing[:3]}" if errors or outcome.items != honest.items else ""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder = tmp_path_factory.mktemp("hostile")
    paths = {HONEST: folder / "honest.xlsx"}
    paths[HONEST].write_bytes(clean_bytes())
    for number, (name, case) in enumerate(CASES.items()):
        paths[name] = folder / f"{number}{case.suffix}"
        paths[name].write_bytes(case.make())
    found = read_bounded(list(paths.values()))
    return {name: found[path] for name, path in paths.items()}


def test_the_honest_workbook_is_without_findings(outcomes: dict[str, Outcome]):
    assert outcomes[HONEST].findings == () and len(outcomes[HONEST].items) > 200


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_bounded_and_told(outcomes: dict[str, Outcome], name: str):
    assert complaint(outcomes[name], CASES[name].wanted, outcomes[HONEST]) == ""


@pytest.mark.parametrize("name", CASES)
def test_what_is_told_says_what_to_do(outcomes: dict[str, Outcome], name: str):
    for severity, rule, _, message, advice in outcomes[name].findings:
        assert message and (advice or severity == "note"), rule


@pytest.mark.parametrize(("outcome", "wanted"), [
    (Outcome(died="status -9"), Wanted()),
    (Outcome(seconds=SECONDS + 1, findings=(("error", "DQ-bomb", [], "m", "a"),)), Wanted()),
    (Outcome(mib=MIB + 1, findings=(("error", "DQ-bomb", [], "m", "a"),)), Wanted()),
    (Outcome(findings=(("error", "DQ-program", [], "m", "a"),)), Wanted()),
    (Outcome(findings=(("error", "DQ-bomb", [], "m", "a"),)), Wanted(("DQ-damaged",))),
    (Outcome(findings=(("warning", "DQ-bomb", [], "m", "a"),)), Wanted()),
    (Outcome(items=(("f", 1, "n", 0, "1", "1", "number"),)), CLEAN),
    (Outcome(findings=(("error", "R-1", [], "m", "a"),)), CLEAN),
])
def test_what_is_not_well_is_complained_of(outcome: Outcome, wanted: Wanted):
    assert complaint(outcome, wanted, Outcome())
