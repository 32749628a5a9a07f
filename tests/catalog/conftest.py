from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pyfuncs.catalog import load

SAMPLES = Path(__file__).parent / "ruleset"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the sample region; the samples are all the rule sets there are."""
    shutil.copytree(SAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(load, "FOLDERS", (tmp_path,))
    return tmp_path / "990000"
