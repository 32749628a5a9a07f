"""Writing: whole or not at all, and never over something."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyfuncs.report.output import TargetExists, write_new


def test_a_new_file_is_written_with_its_folder_and_nothing_else(tmp_path: Path):
    target = tmp_path / "新" / "结果.json"
    write_new(target, b"{}")
    assert target.read_bytes() == b"{}"
    assert [path.name for path in target.parent.iterdir()] == ["结果.json"]
    assert target.stat().st_mode & 0o444 == 0o444 & ~_umask()


def test_an_existing_file_is_not_touched(tmp_path: Path):
    target = tmp_path / "结果.json"
    target.write_bytes(b"old")
    with pytest.raises(TargetExists) as caught:
        write_new(target, b"new")
    assert str(caught.value) == f"{target} 已经存在，没有覆盖；请换一个文件名，或先把它移走"
    assert target.read_bytes() == b"old"


def test_a_broken_link_counts_as_existing(tmp_path: Path):
    target = tmp_path / "链接.json"
    target.symlink_to(tmp_path / "没有")
    with pytest.raises(TargetExists):
        write_new(target, b"new")
    assert os.readlink(target) == str(tmp_path / "没有")


def test_nothing_is_left_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError):
        write_new(tmp_path / "结果.json", b"new")
    assert list(tmp_path.iterdir()) == []


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
