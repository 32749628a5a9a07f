"""What the fuzz run must notice: a bug, a reading that does not end, a report or a marked copy that breaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fuzz_run
import pytest
from filed_books import clean_book
from fuzz_run import Result, fuzz

from pyfuncs.workbook.process import process


def run(folder: Path, count: int = 3) -> Result:
    """Honest workbooks in place of mutants."""
    data = clean_book(folder / "clean.xlsx", "示例中心").read_bytes()
    return fuzz({"honest": (".xlsx", lambda _: data)}, folder, 0, count, "7")


def endless(_: Path) -> None:
    while True:
        pass


def test_honest_files_are_no_failures(tmp_path: Path):
    result = run(tmp_path)
    assert (result.count, result.read, result.failures) == (3, 3, [])
    assert result.line().startswith("fuzz: seed 7, 3 files in ")
    assert [path.name for path in tmp_path.iterdir()] == ["clean.xlsx"]


def test_a_bug_is_a_failure_that_names_the_mutant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def failing(path: Path):
        one = process(path)
        return replace(one, findings=(replace(process(tmp_path).findings[0], rule_id="DQ-program", message="坏了"),))

    monkeypatch.setattr(fuzz_run, "process", failing)
    result = run(tmp_path, 1)
    assert result.failures == [f"JIXIAO_FUZZ=7:0 (honest): 坏了; kept as {tmp_path}/7-0.xlsx"]
    assert (tmp_path / "7-0.xlsx").is_file()


def test_a_reading_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fuzz_run, "process", endless)
    monkeypatch.setattr(fuzz_run, "SLOW", 0.2)
    assert run(tmp_path, 1).failures == [f"JIXIAO_FUZZ=7:0 (honest): not done after 0.2 s; kept as {tmp_path}/7-0.xlsx"]


@pytest.mark.parametrize(("maker", "name"), [("validation_text", "console"), ("validation", "json"), ("audit_page", "html"),
                                             ("audit_workbook", "xlsx")])
def test_a_report_that_breaks_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maker: str, name: str):
    def failing(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(fuzz_run, maker, failing)
    assert run(tmp_path).failures == [f"{name} of 7:0–2: ValueError: broken"]


def test_a_marked_copy_that_breaks_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def failing(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(fuzz_run, "mark_copy", failing)
    assert run(tmp_path, 1).failures == [f"JIXIAO_FUZZ=7:0 (honest): mark: ValueError: broken; kept as {tmp_path}/7-0.xlsx"]


def test_one_mutant_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = []
    monkeypatch.setenv("JIXIAO_FUZZ", "abc:41")
    fuzz({"a": (".x", lambda random: b"a"), "b": (".x", lambda random: made.append(random.random()) or b"b")}, tmp_path, 9, 9)
    again = []
    fuzz({"a": (".x", lambda random: b"a"), "b": (".x", lambda random: again.append(random.random()) or b"b")}, tmp_path, 9, 9)
    assert made == again and len(made) == 1
