"""Writing: whole or not at all, and never over something."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyfuncs.report.output import TargetExists, write_new, write_reason

ROOT = Path(__file__).resolve().parents[2]


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


def test_a_full_disk_is_told_by_the_file_that_was_wanted(tmp_path: Path):
    """A process that may write 1000 bytes to a file stands for the full disk."""
    script = ("import resource, signal, sys; from pathlib import Path; from pyfuncs.report.output import write_new, write_reason\n"
              "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
              "try: write_new(Path(sys.argv[1]), b'x' * 5000)\n"
              "except OSError as error: print(write_reason(error))")
    target = tmp_path / "结果.json"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", script, str(target)], capture_output=True, text=True, cwd=ROOT,
                          encoding="utf-8")
    assert (done.stdout, done.stderr) == (f"写不了 {target}：文件太大，系统不让写；没有留下写了一半的文件\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("code", "said"), [
    (errno.ENOSPC, "写不了 a b.json：磁盘满了；没有留下写了一半的文件，请腾出空间再试"),
    (errno.EACCES, "写不了 a b.json：没有写的权限；请换一个文件夹，或关闭正在打开它的程序"),
    (errno.EMFILE, "写不了 a b.json：oops；请检查文件夹是否存在、有没有写的权限"),
])
def test_the_reason_is_told_in_words(code: int, said: str):
    assert write_reason(OSError(code, "oops", "a\n\u202eb.json")) == said


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
