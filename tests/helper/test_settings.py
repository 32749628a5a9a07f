"""What the user chose, kept from one start to the next."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pyfuncs.helper.project_settings import Settings, load_settings, save_settings, settings_path


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JIXIAO_SETTINGS", str(tmp_path / "新" / "settings.json"))
    return tmp_path / "新" / "settings.json"


def test_what_was_kept_is_there_again(kept: Path):
    assert load_settings() == Settings()
    chosen = Settings("/规则集", "/结果", paths=("/甲 乙", os.fsdecode(b"/\xff.xlsx")), excluded=("/x",), geometry="900x600")
    assert save_settings(chosen) and load_settings() == chosen
    assert save_settings(Settings()) and load_settings() == Settings()
    assert [path.name for path in kept.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"paths": "甲", "output_folder": 3}', '{"paths": [1]}', "\\ud800"])
def test_a_damaged_file_is_as_none(kept: Path, text: str):
    kept.parent.mkdir()
    kept.write_text(text, encoding="utf-8")
    assert load_settings() == Settings()
    kept.write_bytes(b"\xff\xfe")
    assert load_settings() == Settings()


def test_what_another_version_keeps_stays(kept: Path):
    kept.parent.mkdir()
    kept.write_text('{"later": [1], "output_folder": "/a"}', encoding="utf-8")
    assert load_settings() == Settings(output_folder="/a")
    save_settings(Settings(output_folder="/b"))
    assert json.loads(kept.read_text(encoding="utf-8")).items() >= {"later": [1], "output_folder": "/b"}.items()


def test_what_can_not_be_kept_is_no_reason_to_stop(tmp_path: Path, monkeypatch):
    (tmp_path / "是文件").write_text("原来的", encoding="utf-8")
    monkeypatch.setenv("JIXIAO_SETTINGS", str(tmp_path / "是文件" / "settings.json"))
    assert not save_settings(Settings()) and load_settings() == Settings()


@pytest.mark.parametrize(("system", "told", "expected"), [
    ("linux", {"XDG_CONFIG_HOME": "/家/.c"}, Path("/家/.c/jixiao/settings.json")),
    ("linux", {"HOME": "/家"}, Path("/家/.config/jixiao/settings.json")),
    ("win32", {"LOCALAPPDATA": "/家/Local"}, Path("/家/Local/jixiao/settings.json")),
])
def test_where_it_is_kept(monkeypatch, system: str, told: dict[str, str], expected: Path):
    for name in ("JIXIAO_SETTINGS", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", system)
    assert settings_path() == expected
