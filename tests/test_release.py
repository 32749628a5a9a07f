"""Release notes out of the changelog, checksums and update notices, and lists of files compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build"))

import release  # noqa: E402
from environment import SetupProblem  # noqa: E402

from pyfuncs import __version__  # noqa: E402
from pyfuncs.helper import update  # noqa: E402

CHANGELOG = """# 更新记录

说明。

## [未发布]

- 还没有定

## [1.10.0] 2027-01-02

第一段，
两行。

### 新增

- 甲

## [1.1.0] - 2026-12-01

- 乙

## 附：编号规则

- 丙
"""


@pytest.mark.parametrize(("version", "expected"), [
    ("1.10.0", "第一段，\n两行。\n\n### 新增\n\n- 甲\n"), ("1.1.0", "- 乙\n")])
def test_the_notes_of_a_version(version: str, expected: str):
    assert release.notes(CHANGELOG, version) == expected


@pytest.mark.parametrize(("changelog", "version"), [
    (CHANGELOG, "1.1"), (CHANGELOG, "2.0.0"), ("", "1.0.0"), ("## [1.0.0] 2026-01-01\n\n## [0.9.0]\n\n- 甲", "1.0.0")])
def test_a_version_without_notes_is_not_released(changelog: str, version: str):
    with pytest.raises(SetupProblem, match=rf"没有 {version} 这一版的记录"):
        release.notes(changelog, version)


def test_this_version_has_notes(capsys):
    assert release.main(["notes"]) == 0
    told = capsys.readouterr().out
    assert told in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8") and "\n- " in told and "\n## " not in told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "发布"
    folder.mkdir()
    for name in ("绩效自评工具箱-9.8.7-setup.exe", "jixiao_9.8.7_amd64.deb", "绩效自评工具箱-9.8.7-便携版.zip"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_checksums_and_notices(folder: Path):
    made = release.write_files(folder, "9.8.7", release.notes(CHANGELOG, "1.10.0"))
    assert [path.name for path in made] == ["latest.json", "latest-linux.json", "SHA256SUMS"]
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stdout.count(": OK") == 3
    assert [json.loads(path.read_text(encoding="utf-8"))["file"] for path in made[:2]] == [
        "绩效自评工具箱-9.8.7-setup.exe", "jixiao_9.8.7_amd64.deb"]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    release.write_files(folder, "9.8.7", release.notes(CHANGELOG, "1.10.0"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "once more changes nothing"


def test_what_is_released_is_what_the_update_notice_accepts(folder: Path):
    """The folder as it is released, chosen by an office for its own."""
    release.write_files(folder, "9.8.7", release.notes(CHANGELOG, "1.10.0"))
    offer = update.look(str(folder))
    assert (offer.version, offer.file, offer.notes) == ("9.8.7", "jixiao_9.8.7_amd64.deb", "第一段，\n两行。")
    copy = update.fetch(offer)
    assert copy.read_bytes() == (folder / offer.file).read_bytes()
    update.update_source.discard(copy)


def test_a_folder_that_holds_no_release_or_two(folder: Path, tmp_path: Path, capsys):
    (tmp_path / "空").mkdir()
    assert release.main(["files", str(tmp_path / "空")]) == 2
    assert "里没有安装程序（*-setup.exe、*.deb）" in capsys.readouterr().err
    (folder / "旧-setup.exe").write_bytes(b"")
    assert release.main(["files", str(folder)]) == 2
    assert "里有几个安装程序：旧-setup.exe、绩效自评工具箱-9.8.7-setup.exe。只留这一版的。" in capsys.readouterr().err
    assert not (folder / "SHA256SUMS").exists()


def listing(path: Path, names: list[str], version: str = __version__) -> Path:
    path.write_text(json.dumps({"version": version, "files": dict.fromkeys(names, "0" * 64)}), encoding="utf-8")
    return path


def test_two_builds_with_the_same_files(tmp_path: Path, capsys):
    one, other = listing(tmp_path / "1.json", ["甲", "乙"]), listing(tmp_path / "2.json", ["乙", "甲"])
    assert release.main(["compare", str(one), str(other)]) == 0
    assert capsys.readouterr().out == "两份清单里的文件相同。\n"


def test_two_builds_that_differ(tmp_path: Path, capsys):
    one, other = listing(tmp_path / "1.json", ["甲", "乙", "丙"]), listing(tmp_path / "2.json", ["乙", "丁"], "0.0.9")
    assert release.main(["compare", str(one), str(other)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"版本不同：{__version__} 和 0.0.9", f"只在 {one} 里：丙", f"只在 {one} 里：甲", f"只在 {other} 里：丁"]
    (tmp_path / "2.json").write_text("[]")
    assert release.main(["compare", str(one), str(other)]) == 2
    assert "读不出文件清单" in capsys.readouterr().err
