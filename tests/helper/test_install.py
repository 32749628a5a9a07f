"""jixiao install and uninstall --libreoffice: with the real unopkg, on a profile of the test's own."""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from libreoffice_office import ADDIN, office

from pyfuncs import __version__
from pyfuncs.helper import libreoffice
from pyfuncs.helper.cli import main
from pyfuncs.language import CellError

INSTALL, UNINSTALL = ["install", "--libreoffice"], ["uninstall", "--libreoffice"]


@pytest.fixture
def profile(tmp_path: Path, monkeypatch) -> Path:
    """Where LibreOffice keeps extensions, the user's and (for root) those of all users.

    A virtual environment is active, as at a developer's desk: its Python would keep LibreOffice's own from loading.
    """
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("UserInstallation", (tmp_path / "profile").as_uri())
    monkeypatch.setenv("UNO_SHARED_PACKAGES_CACHE", (tmp_path / "shared").as_uri())
    (tmp_path / "shared").mkdir()
    return tmp_path / "profile"


def test_install_replaces_an_older_one_and_uninstall_takes_it_out(profile: Path, tmp_path: Path, capsys, monkeypatch):
    older = tmp_path / "jixiao.oxt"
    with_version(older, "0.0.1")
    with monkeypatch.context() as while_older:
        while_older.setattr(libreoffice, "addin_file", lambda: older)
        assert main(INSTALL) == 1 and "装好后查到的版本是 0.0.1" in capsys.readouterr().err

    assert main(INSTALL) == 0
    assert re.match(rf"已装入 LibreOffice(（所有用户）)?：绩效自评工具箱 {re.escape(__version__)}（.+）。\n", capsys.readouterr().out)
    assert main(INSTALL) == 0, "once more, to repair it"
    assert figures(profile) == {"A1": __version__, "A2": 0.75}

    assert main(UNINSTALL) == 0 and "卸载绩效自评工具箱" in capsys.readouterr().out
    assert figures(profile) == {"A1": CellError("#NAME?"), "A2": CellError("#NAME?")}
    assert main(UNINSTALL) == 1 and "没有绩效自评工具箱的加载项，不用卸载" in capsys.readouterr().err


def with_version(target: Path, version: str) -> None:
    with zipfile.ZipFile(ADDIN) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            if name == "description.xml":
                data = data.replace(f'"{__version__}"'.encode(), f'"{version}"'.encode())
            copy.writestr(name, data)


def figures(profile: Path) -> dict[str, object]:
    with office(extensions=False, profile=profile) as calc:
        return calc.enter({"A1": "=JX_VERSION()", "A2": "=JX_CONTROL_RATE(3;4)"})


@pytest.mark.parametrize("call", ["install", "uninstall"])
def test_the_program_must_be_named(call: str, capsys):
    assert main([call]) == 2
    assert "加 --libreoffice" in capsys.readouterr().err


def test_no_libreoffice(monkeypatch, capsys):
    monkeypatch.setattr(libreoffice, "find_program", lambda name: None)
    assert main(INSTALL) == 1
    said = capsys.readouterr().err
    assert "没有找到 LibreOffice" in said and str(ADDIN) in said
    assert main(UNINSTALL) == 1 and "没有找到 LibreOffice" in capsys.readouterr().err


def test_no_addin_file(monkeypatch, tmp_path: Path, capsys):
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "jixiao"))
    assert main(INSTALL) == 1
    assert f"没有找到加载项文件 {tmp_path / 'addin' / 'jixiao.oxt'}" in capsys.readouterr().err


@pytest.mark.parametrize(("missing", "python", "unopkg", "message"), [
    ("pythonloader.py", "echo 3 11", "exit 0", "sudo apt-get install -y python3-uno"),
    ("", "echo 3 7", "exit 0", "使用的 Python 是 3.7，加载项需要 3.8 以上"),
    ("", "echo 3 11", "echo 'The lock file indicates it is already running' >&2; exit 1", "请关闭 LibreOffice 的所有窗口"),
    ("", "echo 3 11", "echo 'ERROR: disk full' >&2; exit 1", "它的提示是：\nERROR: disk full"),
    ("", "echo 3 11", "exit 0", "装好后查到的版本是 无"),
])
def test_what_a_libreoffice_may_lack_or_refuse(tmp_path: Path, monkeypatch, capsys, missing, python, unopkg, message):
    program = tmp_path / "program"
    program.mkdir()
    for name, lines in {"soffice": "exit 0", "pythonloader.py": "", "python": python, "unopkg": unopkg}.items():
        (program / name).write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        (program / name).chmod(0o755)
    if missing:
        (program / missing).unlink()
    monkeypatch.setenv("PATH", str(program))
    assert main(INSTALL) == 1
    said = capsys.readouterr()
    assert message in said.err and said.out == ""


def test_the_one_on_path_comes_first():
    found = libreoffice.find_unopkg()
    assert found == Path(shutil.which("soffice")).resolve().parent / "unopkg" and found.is_file()
