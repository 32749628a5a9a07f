"""The update notice: a folder of the office's, right or hostile, and what is offered of it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pyfuncs import __version__
from pyfuncs.helper import update, update_source
from pyfuncs.helper.cli import main
from pyfuncs.helper.project_settings import load_settings
from pyfuncs.helper.update import Offer, Refused, check, fetch, look, numbers

INSTALLER = b"not really a package, but whole"
NAME = "绩效自评工具箱-9.8.7-amd64.deb"
NOTICE = {"version": "9.8.7", "file": NAME, "sha256": hashlib.sha256(INSTALLER).hexdigest(),
          "notes": "新增 2026 年的表样\n修正两处\x1b[31m说明"}


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the office offers; settings and temporary files of the test's own."""
    folder = tmp_path / "共享 文件夹"
    folder.mkdir()
    (folder / NAME).write_bytes(INSTALLER)
    offer(folder)
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    monkeypatch.setenv("JIXIAO_SETTINGS", str(tmp_path / "settings.json"))
    return folder


def offer(folder: Path, **changes: Any) -> None:
    told = {name: value for name, value in (NOTICE | changes).items() if value is not ...}
    (folder / "latest.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def copies(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder.parent / "copies")) for path in (folder.parent / "copies").rglob("*"))


def test_a_newer_version_is_copied_proved_and_offered(share: Path, capsys):
    assert main(["update", "--from", str(share)]) == 0
    said = capsys.readouterr()
    [folder, copy] = [share.parent / "copies" / name for name in copies(share)]
    assert said.err == "" and said.out == (
        f"有新版本 9.8.7（本机是 {__version__}）。\n新增 2026 年的表样\n修正两处[31m说明\n已复制到本机并核对无误：{copy}\n"
        "要安装的，关闭 Excel 和绩效自评的窗口，再打开这个文件。\n")
    assert copy.name == NAME and copy.read_bytes() == INSTALLER and folder.stat().st_mode & 0o077 == 0
    assert main(["update", "--from", share.as_uri(), "--install"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("请在终端里运行：sudo apt-get install ")
    assert load_settings().update_folder == "", "nothing is remembered unasked"


@pytest.mark.parametrize("version", [__version__, f"{__version__}.0", "0.0.1"])
def test_an_older_or_the_same_version_is_not_offered(share: Path, version: str, capsys):
    offer(share, version=version)
    assert check(str(share)) is None
    assert main(["update", "--from", str(share)]) == 0
    assert capsys.readouterr().out == f"没有比 {__version__} 更新的版本。\n" and copies(share) == []


def test_it_is_off_until_a_folder_is_named(share: Path, capsys, monkeypatch):
    monkeypatch.setattr(update_source, "notice", lambda *_: pytest.fail("looked"))
    assert check("") is None and check("  ") is None
    assert main(["update"]) == 0 and capsys.readouterr().out.startswith("没有设置放新版本的文件夹，没有检查。")


def test_a_folder_is_remembered_and_forgotten(share: Path, capsys):
    assert main(["update", "--from", str(share), "--remember"]) == 0
    assert load_settings().update_folder == str(share)
    assert main(["update"]) == 0 and "有新版本 9.8.7" in capsys.readouterr().out
    assert main(["update", "--off"]) == 0 and load_settings().update_folder == ""


@pytest.mark.parametrize(("arguments", "told"), [
    (["--off", "--install"], "--off 要单独写。"), (["--remember"], "--remember 要和 --from 一起写。")])
def test_a_call_that_is_wrong(share: Path, capsys, arguments: list[str], told: str):
    assert main(["update", *arguments]) == 2 and told in capsys.readouterr().err


def test_settings_that_can_not_be_kept(share: Path, capsys, monkeypatch):
    monkeypatch.setenv("JIXIAO_SETTINGS", str(share / NAME / "settings.json"))
    assert main(["update", "--from", str(share), "--remember"]) == 2
    assert capsys.readouterr().err == f"设置没有存下来，请检查 {share / NAME / 'settings.json'} 能不能写。\n"


BAD = "{folder}/latest.json 的内容不对（{reason}），没有理会。请告诉放新版本的人。"
NO_NAME = "file 应是同一文件夹里的 .exe 或 .deb 文件名"


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "不是 JSON"), (b"\xff\xfe{}", "不是 JSON"), (b"<html>", "不是 JSON"), (b"[" * 60_000, "不是 JSON"),
    (b'{"version": ' + b"9" * 5000 + b"}", "不是 JSON"),
    (b"[]", "应是一组名称和值"), (b'"9.9.9"', "应是一组名称和值"), (b"null", "应是一组名称和值"),
    ({"version": 9.9}, "version 应是文字"), ({"version": ...}, "version 应是文字"), ({"file": ["a.deb"]}, "file 应是文字"),
    ({"sha256": None}, "sha256 应是文字"), ({"notes": {"a": 1}}, "notes 应是文字"),
    ({"version": "9.9.9; rm"}, "version 应像 1.2.0"), ({"version": "９.９"}, "version 应像 1.2.0"),
    ({"version": "9" * 6 + ".0"}, "version 应像 1.2.0"), ({"version": "9.9\n"}, "version 应像 1.2.0"),
    ({"sha256": "0" * 65}, "sha256 应是 64 位十六进制数"), ({"sha256": "0" * 63}, "sha256 应是 64 位十六进制数"), ({"sha256": "g" * 64}, "sha256 应是 64 位十六进制数"),
    *(({"file": name}, NO_NAME) for name in (
        "../a.deb", "..\\a.exe", "/etc/a.deb", "C:\\a.exe", "C:a.exe", "\\\\别处\\a.exe", "a/b.deb", "a.deb:b.exe", "CON.exe",
        ".deb", ".a.deb", "-o.deb", "a.deb\0.exe", "a\u202egpj.exe", "a.sh", "a.msi", "a", "", "a .exe", "a\nb.deb",
        "甲" * 61 + ".deb")),
])
def test_a_notice_that_is_not_as_it_must_be(share: Path, content: bytes | dict, reason: str, capsys, caplog):
    if isinstance(content, dict):
        offer(share, **content)
    else:
        (share / "latest.json").write_bytes(content)
    assert main(["update", "--from", str(share)]) == 1
    told = BAD.format(folder=share, reason=reason)
    assert capsys.readouterr() == ("", f"{told}\n")
    assert check(str(share)) is None and caplog.messages == [f"新版本：{told}"] and copies(share) == []


def test_a_notice_of_endless_size_is_not_read_through(share: Path):
    with (share / "latest.json").open("wb") as file:
        file.truncate(2**40)                          # a file with a hole
    with pytest.raises(Refused, match="太大，不像新版本的说明"):
        look(str(share))


def test_what_is_no_file_is_not_waited_for(share: Path):
    (share / "latest.json").unlink()
    os.mkfifo(share / "latest.json")
    with pytest.raises(Refused, match="latest.json 不是文件，没有理会"):
        look(str(share))
    (share / NAME).unlink()
    os.mkfifo(share / NAME)
    with pytest.raises(Refused, match="deb 不是文件，没有理会"):
        fetch(Offer("9.9.9", share, NAME, "0" * 64, ""))
    assert copies(share) == []


def test_a_share_that_does_not_answer_holds_nothing_up(share: Path, monkeypatch):
    away = threading.Event()
    monkeypatch.setattr(update_source, "_read", lambda path: away.wait(10))
    start = time.monotonic()
    with pytest.raises(Refused, match=r"在 0.1 秒内没有打开，这次没有检查新版本"):
        look(str(share), 0.1)
    assert time.monotonic() - start < 2
    away.set()


@pytest.mark.parametrize("folder", ["http://example.com/a", "https://example.com", "ftp://a/b", "smb://a/b"])
def test_no_address_is_asked(folder: str, share: Path, capsys):
    assert main(["update", "--from", folder]) == 1
    assert capsys.readouterr().err == f"只从文件夹或共享文件夹里找新版本，不访问网址：{folder}\n"


@pytest.mark.parametrize(("given", "path"), [
    ("file:///a/%E7%94%B2", "/a/甲"), ("FILE:///a b", "/a b"), ("file://localhost/a", "/a"), ('"/a b"', "/a b"),
    ("file://服务器/共享", "//服务器/共享"), (r"\\服务器\共享", r"\\服务器\共享")])
def test_how_a_folder_may_be_written(given: str, path: str):
    assert str(update_source.place(given)) == str(Path(path))


@pytest.mark.parametrize("change", [b"", INSTALLER[:-1], INSTALLER + b"\0", b"other"])
def test_a_file_that_is_not_the_promised_one_is_not_kept(share: Path, change: bytes, capsys):
    (share / NAME).write_bytes(change)
    assert main(["update", "--from", str(share), "--install"]) == 1
    assert capsys.readouterr() == ("", f"{share / NAME} 和它的说明对不上（sha256 不符），可能没有复制完整或被换过，没有使用。"
                                       "请告诉放新版本的人。\n")
    assert copies(share) == []


def test_the_copy_is_what_is_hashed(share: Path, monkeypatch):
    """What arrived, not what was sent."""
    copy = update_source._copy
    monkeypatch.setattr(update_source, "_copy", lambda a, b: (copy(a, b), b.write_bytes(b"changed on the way")))
    with pytest.raises(Refused, match="sha256 不符"):
        fetch(look(str(share)))


def test_a_file_that_never_ends(share: Path, monkeypatch):
    monkeypatch.setattr(update_source, "MOST_FILE", 10)
    with pytest.raises(Refused, match="太大，不像安装程序"):
        fetch(look(str(share)))
    assert copies(share) == []


def test_what_is_missing_or_can_not_be_written(share: Path, monkeypatch, capsys):
    promised = look(str(share))
    with monkeypatch.context() as full:
        full.setattr(update_source, "_copy", lambda source, target: _full(target))
        with pytest.raises(Refused, match="磁盘满了"):
            fetch(promised)
    (share / NAME).unlink()
    with pytest.raises(Refused, match=f"读不出 .*{NAME}，没有使用"):
        fetch(promised)
    assert copies(share) == []
    (share / "latest.json").unlink()
    assert main(["update", "--from", str(share)]) == 1
    assert capsys.readouterr().err == f"没有找到 {share / 'latest.json'}，这次没有检查新版本。\n"


def _full(target: Path) -> None:
    raise OSError(28, "No space left on device", str(target))


def test_one_folder_serves_both_systems(share: Path):
    (share / "latest.json").rename(share / "latest-linux.json")
    offer(share, version="9.9.9", file="setup.exe")
    assert look(str(share)) == Offer("9.8.7", share, NAME, NOTICE["sha256"], "新增 2026 年的表样\n修正两处[31m说明")


def test_a_version_for_another_system_is_told(share: Path):
    offer(share, file="setup.exe")
    with pytest.raises(Refused, match=r"里的新版本 9.8.7 不是给这个系统的（setup.exe），没有动它"):
        look(str(share))


def test_an_installer_is_started_only_after_it_was_proved(share: Path, monkeypatch, capsys):
    """Windows' way of starting it; tests/windows asks Windows for signatures."""
    monkeypatch.setattr(sys, "platform", "win32")
    started: list[list[str]] = []
    monkeypatch.setattr(update.subprocess, "Popen", lambda command, **_: started.append(command))
    copy = share / "setup.exe"
    assert update.start(copy) == "安装程序已经打开，请关闭 Excel 和绩效自评的窗口，按提示安装。" and started == [[str(copy)]]

    def blocked(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "blocked")

    monkeypatch.setattr(update.subprocess, "Popen", blocked)
    with pytest.raises(Refused, match="安装程序没有打开，可能被本单位的策略或杀毒软件拦下了"):
        update.start(copy)


def test_versions_are_compared_as_numbers():
    ordered = ["0.9", "1.2", "1.2.0.1", "1.9.0", "1.10", "2.0"]
    assert sorted(reversed(ordered), key=numbers) == ordered and numbers("1.2") == numbers("1.2.0")
