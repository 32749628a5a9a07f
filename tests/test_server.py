"""What the function server takes, answers and refuses; through COM, tests/windows has it answer."""
from __future__ import annotations

import logging
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from pyfuncs import function_log, server
from pyfuncs.server import FunctionServer

ROOT = Path(__file__).resolve().parents[1]
RULESET = "430400/2022"
DIV0, VALUE, NAME, NA, SPILL, MISSING = -2146826281, -2146826273, -2146826259, -2146826246, -2146826243, -2147352572
CLASS = "{12345678-abcd-4000-8000-1234567890AB}"


class ComError(Exception):
    def __init__(self, description: str, scode: int) -> None:
        super().__init__(description, scode)


@pytest.fixture(autouse=True)
def pywin32(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much of pywin32 as a refusal needs."""
    for name, contents in {"winerror": {"E_INVALIDARG": -2147024809}, "win32com": {}, "win32com.server": {},
                           "win32com.server.exception": {"COMException": ComError}}.items():
        module = types.ModuleType(name)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, name, module)


@pytest.mark.parametrize(("name", "cells", "answer"), [
    ("JX_CONTROL_RATE", (12.0, 15.0), 0.8),
    ("JX_CONTROL_RATE", (((12.0,),), ((15.0,),)), 0.8),
    ("JX_CONTROL_RATE", (12.0, 0.0), "不适用"),
    ("JX_CONTROL_RATE", (12.0, None), NA),
    ("JX_CONTROL_RATE", (12.0, "15"), NA),
    ("JX_CONTROL_RATE", (12.0, DIV0), DIV0),
    ("JX_CONTROL_RATE", (12.0, ((DIV0,),)), DIV0),
    ("JX_CONTROL_RATE", (12.0, SPILL), VALUE),           # an error that our list does not have: no number
    ("JX_CONTROL_RATE", (12.0, ((SPILL,),)), VALUE),
    ("JX_CONTROL_RATE", (12, 15), 0.8),                 # another macro may pass integers
    ("JX_CONTROL_RATE", (True, 15.0), NA),
    ("JX_CONTROL_RATE", (12.0,), VALUE),
    ("JX_ADJUSTMENT_RATE", (45.0, 90.0, MISSING), 0.5),
    ("JX_ADJUSTMENT_RATE", (45.0, 90.0, ""), NA),        # a text of no characters is no blank
    ("JX_WEIGHTED_SCORE", (((10.0,), (5.0,)), ((None,), (4.0,))), 80.0),
    ("JX_WEIGHTED_SCORE", (((10.0,), (5.0,)), (("",), (4.0,))), NA),
    ("JX_SATISFACTION", (((0.962,), (0.96,), (0.96,)), ((50.0, 40.0, 10.0),)), 0.961),
    ("JX_RATE", (RULESET, "人员控制率", 12.0, 15.0), 0.8),
    ("JX_SCORE", (RULESET, (("资金得分",), ("没有的",), (None,)), ((1.0,), (1.0,), (None,))), [[10.0], [NAME], [""]]),
    ("JX_GRADE", ("430400/2099", 90.0), NAME),
    ("JX_CHECK", (RULESET, "KB-03", 16.0, 11.0), False),
    ("JX_VERSION", (), server.__version__),
    ("JX_VERSION", None, server.__version__),            # what an array of nothing may come as
])
def test_a_function_answers_what_com_can_carry(name: str, cells: Any, answer: Any):
    got = FunctionServer().CallUDF(name, cells)
    assert repr(got) == repr(answer)                     # an integer is an error to the add-in, nothing else is


@pytest.mark.parametrize("name", ["Eval", "Exec", "Module", "answer", "__class__", "jx_wan", "JX_WAN ", "os.system",
                                  "", None, 1.0, ("JX_WAN",)])
def test_no_other_name_is_known(name: Any):
    with pytest.raises(ComError) as refused:
        FunctionServer().CallUDF(name, ("1+1",))
    assert refused.value.args[1] == -2147024809


@pytest.mark.parametrize("arguments", [1.0, "225300", [1.0], {"yuan": 1.0}])
def test_arguments_come_as_an_array(arguments: Any):
    with pytest.raises(ComError):
        FunctionServer().CallUDF("JX_WAN", arguments)


def test_one_method_is_public():
    assert FunctionServer._public_methods_ == ["CallUDF"]
    assert not hasattr(FunctionServer, "_public_attrs_")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    from pyfuncs import live

    def broken(book: object) -> str:
        raise ZeroDivisionError

    known = {"echo": lambda book, *texts: [["book", repr(book)], *([text, type(text).__name__] for text in texts)],
             "broken": broken}
    monkeypatch.setattr(live, "COMMANDS", known)
    monkeypatch.setenv(function_log.OVERRIDE, str(tmp_path / "日志.log"))
    return known


def test_a_command_gets_texts(commands: dict[str, Any]):
    rows = FunctionServer().CallUDF("echo", ("430400/2022", None, 2022.0))
    assert rows == [["book", "None"], ["430400/2022", "str"], ["", "str"], ["2022.0", "str"]]


def test_what_goes_wrong_in_a_command_is_told_as_text(commands: dict[str, Any], caplog, tmp_path: Path):
    assert FunctionServer().CallUDF("broken", ()) == f"没有完成：程序出错。详情见日志：{tmp_path / '日志.log'}"
    assert FunctionServer().CallUDF("echo", ("x",), workbook="no workbook").startswith("没有完成：")
    assert [(record.name, record.levelno) for record in caplog.records] == [("jixiao.server", logging.ERROR)] * 2
    assert "ZeroDivisionError" in caplog.text


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The class ids under which the server was started; it and its log only pretend."""
    started: list[str] = []
    monkeypatch.setattr(server, "serve", started.append)
    monkeypatch.setattr(function_log, "start", lambda: started.append("log"))
    return started


@pytest.mark.parametrize("class_id", [CLASS, CLASS.upper(), "{00000000-0000-0000-0000-000000000000}"])
def test_the_start_command_is_a_class_id(served: list[str], class_id: str):
    assert server.main([class_id]) == 0
    assert served == ["log", class_id]


@pytest.mark.parametrize("arguments", [
    [], [""], [CLASS, ""], [CLASS, CLASS], ["--version"], ["--help"], ["-c", "print(1)"], [CLASS[1:-1]],
    [f"{CLASS}\n"], [f" {CLASS}"], [CLASS.replace("{1", "{１")], [CLASS.replace("a", "g")], [CLASS.replace("-", "")], ["$(CLSID)"],
    [f"import xlwings; xlwings.serve('{CLASS}')"]])
def test_any_other_start_command_is_refused_and_nothing_done(served: list[str], capsys, arguments: list[str]):
    assert server.main(arguments) == 2
    assert served == []
    assert "由加载项启动" in capsys.readouterr().err


def test_a_server_that_can_not_start_says_why_in_the_log(served: list[str], monkeypatch, caplog):
    def refuse(class_id: str) -> None:
        raise ImportError("no pywin32")

    monkeypatch.setattr(server, "serve", refuse)
    assert server.main([CLASS]) == 1
    assert "函数服务没有启动" in caplog.text and "no pywin32" in caplog.text


def test_no_function_waits_for_what_only_commands_need():
    code = ("import sys; from pyfuncs.server import FunctionServer; FunctionServer().CallUDF('JX_WAN', (1.0,)); "
            "print(sorted({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'pyfuncs'}), "
            "'pyfuncs.live' in sys.modules)")
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "['__main__'] False"
