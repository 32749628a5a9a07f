"""The set-up: nothing twice, and a precise message where it can't go on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "build"))

import environment  # noqa: E402
import setup  # noqa: E402
import system_tools  # noqa: E402
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
              "libreoffice-calc python3-uno libreoffice-script-provider-python xvfb xdotool fonts-noto-cjk "
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


def test_an_unknown_verb_shows_the_list(capsys: pytest.CaptureFixture):
    assert setup.main(["tset"]) == 2
    printed = capsys.readouterr().out
    assert all(name in printed for name in setup.VERBS)


def test_make_offers_every_verb_but_run():
    makefile = (Path(setup.__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
    [phony] = [line for line in makefile.splitlines() if line.startswith(".PHONY:")]
    assert set(phony.split()[1:]) == set(setup.VERBS) - {"run"}
