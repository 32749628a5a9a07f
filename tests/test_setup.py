"""The set-up: nothing twice, and a precise message where it can't go on."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "build"))

import environment  # noqa: E402
import setup  # noqa: E402
import system_tools  # noqa: E402
import windows  # noqa: E402
from environment import SetupProblem  # noqa: E402


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A project in an empty folder whose commands are recorded and succeed."""
    recorded: list[list[str]] = []

    def record(command: list[str], **_: object) -> int:
        recorded.append(command)
        (tmp_path / ".venv").mkdir(exist_ok=True)
        return 0

    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "_runs", lambda *command, code="pass": (
        command != (environment.interpreter(),) or (tmp_path / ".venv").is_dir()))
    monkeypatch.setattr(environment.subprocess, "call", record)
    (tmp_path / "a.lock").write_text("click==8.5.1", encoding="ascii")
    return recorded


def verbs(calls: list[list[str]]) -> list[str]:
    return [command[2] for command in calls]


def test_the_second_time_nothing_is_installed(calls: list[list[str]]):
    environment.ensure("a.lock")
    assert verbs(calls) == ["venv", "pip"]
    environment.ensure("a.lock")
    assert verbs(calls) == ["venv", "pip"]


def test_a_changed_lock_is_installed_into_the_same_environment(calls: list[list[str]], tmp_path: Path):
    environment.ensure("a.lock")
    (tmp_path / "a.lock").write_text("click==8.6.0", encoding="ascii")
    environment.ensure("a.lock")
    assert verbs(calls) == ["venv", "pip", "pip"]


def test_nothing_is_installed_without_its_hash(calls: list[list[str]]):
    environment.ensure("a.lock")
    assert {"--require-hashes", "--no-deps"} <= set(calls[-1])


def test_a_failed_installation_is_tried_again(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as failing:
        failing.setattr(environment, "_install", lambda *_: (_ for _ in ()).throw(SetupProblem("网络不通")))
        with pytest.raises(SetupProblem):
            environment.ensure("a.lock")
    environment.ensure("a.lock")
    assert verbs(calls) == ["venv", "pip"]


@pytest.mark.parametrize(("answers", "wanted"), [
    (lambda *command, code="pass": False, "没有找到 Python 3.11 或 3.12"),
    (lambda *command, code="pass": "ensurepip" not in code and command != (environment.interpreter(),),
     "sudo apt-get install -y python3-venv"),
])
def test_what_is_missing_of_python_is_said(calls, monkeypatch, capsys, answers, wanted: str):
    monkeypatch.setattr(environment, "_runs", answers)
    assert setup.main(["demo"]) == 2
    assert wanted in capsys.readouterr().err
    assert calls == []


@pytest.mark.parametrize(("system", "command"), [
    ("linux", "sudo apt-get install -y --no-install-recommends "
              "libreoffice-calc libreoffice-writer python3-uno libreoffice-script-provider-python xvfb xdotool python3-tk fonts-noto-cjk "
              "fontconfig nodejs npm"),
    ("darwin", "brew install --cask libreoffice"),
    ("win32", "winget install TheDocumentFoundation.LibreOffice"),
])
def test_missing_tools_come_with_the_command_to_paste(system: str, command: str):
    tools = [tool for tool in system_tools.TOOLS if system == "linux" or tool.brew]
    message = system_tools.advice(tools, system)
    assert message.startswith("运行测试还缺少：LibreOffice Calc、")
    assert command in [line.strip() for line in message.splitlines()]


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine without Calc, where apt-get (once allowed) is recorded and installs it."""
    recorded: list[list[str]] = []

    def record(command: list[str], **_: object) -> int:
        recorded.append(command)
        return 0

    calc = system_tools.Tool("LibreOffice Calc", lambda: any("install" in command for command in recorded),
                             ("libreoffice-calc",))
    monkeypatch.setattr(system_tools, "TOOLS", (calc,))
    monkeypatch.setattr(system_tools.subprocess, "call", record)
    monkeypatch.setattr(system_tools, "install_once", lambda *_: None)
    return recorded


def test_what_may_be_installed_is_installed(apt: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(system_tools, "_apt_prefix", lambda: ["sudo", "-n"])
    system_tools.ensure()
    assert [command[:2] for command in apt] == [["sudo", "-n"]] * 2
    assert apt[0][-1] == "update"
    assert apt[1][-1] == "libreoffice-calc"


def test_where_nothing_may_be_installed_the_run_ends(apt: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(system_tools, "_apt_prefix", lambda: None)
    with pytest.raises(SetupProblem, match="运行测试还缺少：LibreOffice Calc"):
        system_tools.ensure()
    assert apt == []


def test_what_the_tests_on_windows_need_is_said(apt: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    missing = tuple(replace(tool, present=lambda: False) for tool in system_tools.WINDOWS_TOOLS)
    monkeypatch.setattr(system_tools, "_apt_prefix", lambda: None)
    packages = "wine wine64 gcc-mingw-w64-x86-64-win32 osslsigncode ca-certificates nsis locales"
    with pytest.raises(SetupProblem, match=packages):
        system_tools.ensure_tools(missing)


def test_the_lock_for_windows_holds_what_windows_needs():
    """pip on Linux would leave pywin32 out, and leave in nothing that its own marker excludes."""
    root = Path(setup.__file__).parent.parent
    lock = windows.for_windows((root / "requirements.lock").read_text(encoding="utf-8"))
    names = {line.split("==")[0] for line in lock.splitlines() if not line.startswith(" ")}
    assert {"pywin32", "xlwings", "pydantic-core"} <= names
    assert not {"appscript", "psutil"} & names
    assert ";" not in lock and lock.count("--hash=sha256:") > len(names)


def test_what_builds_is_installed_apart_from_what_is_built():
    shared, own = "click==8.5.1 \\\n    --hash=sha256:00\n", "pyinstaller==6.22.3 \\\n    --hash=sha256:11\n"
    assert windows.beyond(own + shared, shared) == own
    builder = windows.beyond(*map(windows._pins, (windows.BUILDER_LOCK, windows.PACKAGES_LOCK)))
    names = {line.split("==")[0] for line in builder.splitlines() if not line.startswith(" ")}
    assert {"pyinstaller", "pefile", "pywin32-ctypes", "cyclonedx-python-lib"} <= names
    assert not {"pandas", "numpy", "click", "pywin32", "macholib"} & names


def test_what_is_shipped_is_what_was_tested():
    root = Path(setup.__file__).parent.parent
    runtime, builder, tested = (set(windows._entries((root / name).read_text(encoding="utf-8")))
                                for name in (setup.RUNTIME, setup.BUNDLE, setup.TEST))
    without_markers = {re.sub(r" ; .*? \\", r" \\", entry) for entry in tested}
    for entries in (runtime, builder):
        assert {re.sub(r" ; .*? \\", r" \\", entry) for entry in entries} <= without_markers


def test_a_file_of_the_prefix_and_any_other_have_their_drives():
    assert windows.windows_path(windows.PREFIX / "drive_c" / "表 样" / "a.xlsx") == "C:\\表 样\\a.xlsx"
    assert windows.windows_path(Path("/srv/a/b.spec")) == "Z:\\srv\\a\\b.spec"


def test_nothing_of_this_python_or_screen_reaches_wine(monkeypatch: pytest.MonkeyPatch):
    """PYTHONPATH of this system would have Python for Windows look at names that it can't read."""
    for name in ("PYTHONPATH", "PYTHONHOME", "DISPLAY", "LC_CTYPE", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "x")
    environment = windows.environment()
    assert not {"PYTHONPATH", "PYTHONHOME", "DISPLAY", "LC_CTYPE", "VIRTUAL_ENV"} & set(environment)
    assert environment["LC_ALL"] == "zh_CN.UTF-8"


def test_the_tests_on_windows_run_on_linux_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.setattr(windows.sys, "platform", "darwin")
    assert setup.main(["test-windows"]) == 2
    assert "在 Linux（x86-64）上" in capsys.readouterr().err


@pytest.mark.parametrize("statuses", [(0, 0), (1, 0), (0, 1)])
def test_each_add_in_is_made_or_told_to_differ(monkeypatch: pytest.MonkeyPatch, statuses: tuple[int, int]):
    ran, left = [], list(statuses)

    def record(python: Path, arguments: list[str]) -> int:
        ran.append((python.name, Path(arguments[0]).is_file(), Path(arguments[0]).name, *arguments[1:]))
        return left.pop(0)

    monkeypatch.setattr(setup, "ensure", Path)
    monkeypatch.setattr(setup, "run", record)
    assert setup.main(["addins", "--check"]) == max(statuses)
    assert ran == [("requirements-test.lock", True, "excel_addin.py", "--check"),
                   ("requirements-test.lock", True, "libreoffice_addin.py", "--check")]


def test_an_unknown_verb_shows_the_list(capsys: pytest.CaptureFixture):
    assert setup.main(["tset"]) == 2
    printed = capsys.readouterr().out
    assert all(name in printed for name in setup.VERBS)


def test_make_offers_every_verb_but_run():
    makefile = (Path(setup.__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
    [phony] = [line for line in makefile.splitlines() if line.startswith(".PHONY:")]
    assert set(phony.split()[1:]) == set(setup.VERBS) - {"run"}
