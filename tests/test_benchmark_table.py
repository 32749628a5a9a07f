from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as runner

MODULE = """
def measure():
    return [{"key": "call_ratio", "name": "一次调用", "value": 0.0012345, "unit": "ms", "baseline": "Decimal 除法", "ratio": 3.5,
             "aim": "≤ 10 倍"},
            {"key": "first_ms", "name": "first", "value": 80, "unit": "ms", "baseline": None, "ratio": None, "aim": None}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A namespace package of its own name, so that the real benchmarks stay out."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "planted_benchmarks").mkdir()
    return tmp_path / "planted_benchmarks"


def test_the_table_is_printed_and_written(folder: Path, capsys: pytest.CaptureFixture):
    (folder / "bench_calls.py").write_text(MODULE, encoding="utf-8")
    assert runner.main(folder, folder / "bench.json") == 0
    assert capsys.readouterr().out.splitlines() == [
        "项目      实测      单位  对照          倍数  目标",
        "一次调用  0.001234  ms    Decimal 除法  3.5   ≤ 10 倍",
        "first     80        ms    —             —     —",
    ]
    written = json.loads((folder / "bench.json").read_text(encoding="utf-8"))
    assert (written["call_ratio"], written["first_ms"]) == (3.5, 80)
    assert [(row["name"], row["value"]) for row in written["rows"]] == [("一次调用", 0.0012345), ("first", 80)]


def test_nothing_to_measure_is_said(folder: Path, capsys: pytest.CaptureFixture):
    assert runner.main(folder, folder / "bench.json") == 2
    assert "没有可以运行的测速项目" in capsys.readouterr().err
    assert not (folder / "bench.json").exists()
