"""A disk that fills up while results are written: told, status 2, nothing half-written, nothing of the user's touched."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filed_books import clean_book

ROOT = Path(__file__).resolve().parents[2]
# No file may grow beyond so many bytes: the system answers as it does where the disk is full.
FULL = ("import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}));"
        "from pyfuncs.helper.cli import main; sys.exit(main(sys.argv[1:]))")


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_book(tmp_path_factory.mktemp("单位") / "甲.xlsx", "甲中心", {"基础数据表!编制数": "十五"})


def call(room: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-B", "-c", FULL.format(room), *map(os.fspath, arguments)],
                          env=os.environ | {"PYTHONPATH": os.fspath(ROOT)}, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("arguments", [
    ("validate", "{unit}", "--json", "{out}/结果/a.json"),
    ("validate", "{unit}", "--xlsx", "{out}/结果/a.xlsx"),
    ("validate", "{unit}", "--html", "{out}/结果/a.html"),
    ("validate", "{unit}", "--mark", "{out}/结果"),
    ("consolidate", "{unit}", "-o", "{out}/结果/汇总.xlsx"),
    ("template", "430400/2022", "-o", "{out}/结果"),
    ("convert", "{unit}", "-o", "{out}/结果/a.xlsx", "--to", "values"),
], ids=lambda arguments: " ".join(arguments[::2]))
def test_a_full_disk_is_told_and_leaves_nothing_half_written(unit: Path, tmp_path: Path, arguments: tuple[str, ...]):
    (tmp_path / "结果").mkdir()
    before = hashlib.sha256(unit.read_bytes()).hexdigest()
    done = call(1000, *(text.format(unit=unit, out=tmp_path) for text in arguments))
    assert done.returncode == 2, done.stderr
    assert "写不了" in done.stderr or "写不进去" in done.stderr
    assert "Traceback" not in done.stderr and "None" not in done.stderr
    assert list((tmp_path / "结果").iterdir()) == []
    assert hashlib.sha256(unit.read_bytes()).hexdigest() == before


def test_a_record_that_can_not_be_written_is_kept_whole(unit: Path, tmp_path: Path):
    """What a full disk left of the folder's record does not hinder the next call."""
    project = tmp_path / "项目"
    done = call(1000, "validate", unit, "--project", project)
    assert (done.returncode, "写不进去" in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    again = call(10**7, "validate", unit, "--project", project)
    assert (again.returncode, "第 1 次审核" in again.stdout) == (1, True), again.stderr


def test_with_room_the_same_call_succeeds(unit: Path, tmp_path: Path):
    done = call(10**7, "validate", unit, "--json", tmp_path / "a.json")
    assert (done.returncode, (tmp_path / "a.json").is_file()) == (1, True)
