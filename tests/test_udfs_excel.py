"""What xlwings is told about the functions, by its own machinery with pywin32 stubbed."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pyfuncs.udfs import FUNCTIONS

ROOT = Path(__file__).resolve().parents[1]

WINDOWS = """
import io, json, sys, types
for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["pythoncom"].CoInitialize = lambda: None
sys.modules["pythoncom"].VT_ERROR = 10
sys.modules["pywintypes"].com_error = type("com_error", (Exception,), {})
client = sys.modules["win32com"].client = sys.modules["win32com.client"]
client.Dispatch = lambda name: name
client.VARIANT = lambda kind, value: ["VARIANT", kind, value]
import xlwings
from xlwings import udfs
xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
import pyfuncs.udfs_excel as excel
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT,
                          env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def declared():
    code = WINDOWS + """
book = types.SimpleNamespace(Name="jixiao.xlam")
vba = io.StringIO()
udfs.generate_vba_wrapper("pyfuncs.udfs_excel", excel, vba, book)
functions = {name: value.__xlfunc__ for name, value in vars(excel).items() if hasattr(value, "__xlfunc__")}
print(json.dumps({"functions": functions, "vba": vba.getvalue()}, default=str))
"""
    return json.loads(run(code))


def test_every_function_is_declared_with_its_help(declared):
    told = {name: (info["category"], info["ret"]["doc"], {arg["name"]: arg["doc"] for arg in info["args"]})
            for name, info in declared["functions"].items()}
    assert told == {name: ("绩效自评", function.help, {argument.name: argument.help for argument in function.arguments})
                    for name, function in FUNCTIONS.items()}


def test_arguments_come_as_com_passes_them(declared):
    for name, info in declared["functions"].items():
        assert [arg["options"] for arg in info["args"]] == [{"convert": "raw"}] * len(info["args"]), name


def test_xlwings_converters_change_nothing():
    """A text of no characters stays one, an error stays an error, a row stays a row."""
    passed = [12.0, True, "", None, "十二", -2146826281, [[1.0, None, ""]], [["x"], [-2146826246]], []]
    code = WINDOWS + f"""
xlwings.engines.add(xlwings.Engine(impl=types.SimpleNamespace(name="excel", type="desktop")))
[argument] = excel.JX_WAN.__xlfunc__["args"]
print(json.dumps([xlwings.conversion.read(None, value, argument["options"]) for value in {passed!r}]))
"""
    assert json.loads(run(code)) == passed


def test_optional_and_repeated_arguments(declared):
    marked = {(name, arg["name"], "optional" in arg, arg["vararg"])
              for name, info in declared["functions"].items() for arg in info["args"]
              if "optional" in arg or arg["vararg"]}
    assert marked == {("JX_ADJUSTMENT_RATE", "excluded", True, False), ("JX_RATE", "operands", False, True),
                      ("JX_CHECK", "operands", False, True), ("JX_EXPLAIN", "operands", False, True)}
    assert marked == {(function.name, argument.name, argument.optional, argument.repeated)
                      for function in FUNCTIONS.values() for argument in function.arguments
                      if argument.optional or argument.repeated}


def test_the_wrapper_of_each_function_is_generated(declared):
    for name in FUNCTIONS:
        assert f"Function {name}(" in declared["vba"]


def test_a_failure_is_an_error_value_not_text():
    code = WINDOWS + """
print(json.dumps([excel.JX_CONTROL_RATE([[1.0]], [[2.0]]), excel.JX_CONTROL_RATE([[1.0]], [[None]]),
                  excel.JX_CONTROL_RATE([["#DIV/0!"]], [[1.0]]), excel.JX_VERSION()]))
"""
    rate, missing, division, version = json.loads(run(code))
    assert rate == 0.5
    assert missing == ["VARIANT", 10, -2146826246]
    assert division == ["VARIANT", 10, -2146826281]
    assert version == "0.1.0"


def test_pandas_is_not_loaded_and_can_be_later():
    code = """
import sys
import pyfuncs.udfs_excel
print("pandas" in sys.modules)
import pandas
print(pandas.DataFrame([[1]]).shape)
"""
    assert run(code).split("\n")[:2] == ["False", "(1, 1)"]


def test_pandas_that_is_there_stays():
    code = "import pandas, sys, pyfuncs.udfs_excel; print(sys.modules['pandas'] is pandas)"
    assert run(code).strip() == "True"


def test_the_other_licence_is_never_loaded():
    """xlwings.pro is under another licence than xlwings itself."""
    code = "import sys, pyfuncs.udfs_excel; print([name for name in sys.modules if '.pro' in name])"
    assert run(code).strip() == "[]"


def test_what_xlwings_would_only_look_for_is_not_loaded():
    code = ("import sys, pyfuncs.udfs_excel; "
            "print({'pandas', 'numpy', 'polars', 'matplotlib', 'plotly', 'PIL'} & set(sys.modules)); import numpy")
    assert run(code).strip() == "set()"
