"""The pages of the manual in the docstrings of the functions; their examples hold, here and in an engine."""
from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engines import formualizer_eval
from pyfuncs import __version__
from pyfuncs.language import CellError
from pyfuncs.udfs import FUNCTIONS, CellFailure, Example, Page
from pyfuncs.udfs_declare import CellFunction, cell_function

EXAMPLES = [(function, example) for function in FUNCTIONS.values() for example in function.page.examples]


@pytest.fixture
def declared(monkeypatch):
    """Declare a function that is no cell function of ours."""
    monkeypatch.setattr("pyfuncs.udfs_declare.FUNCTIONS", declared := {})

    def declare(function) -> CellFunction:
        cell_function(value="数")(function)
        return declared[function.__name__]

    return declare


def test_a_docstring_is_help_and_page(declared):
    def JX_DOUBLE(value):
        """两倍，
        不取整。

        公式：数 × 2
        结果：数
        示例：一个数：=JX_DOUBLE(2) → 4
        示例：一列，写不下
        换一行：
        =JX_DOUBLE({1;2}) → {2;4}
        示例：几行文字：=JX_DOUBLE("版本") →
        两倍的版本
        └─ {version}
        注意：先看
        单位。
        注意：另一件。
        来源：见于：某表。
        """
        return value

    function = declared(JX_DOUBLE)
    assert function.help == "两倍，不取整。"
    assert function.page == Page(
        "数 × 2", "数",
        (Example("一个数", "=JX_DOUBLE(2)", "4"), Example("一列，写不下换一行", "=JX_DOUBLE({1;2})", "{2;4}"),
         Example("几行文字", '=JX_DOUBLE("版本")', f"两倍的版本\n└─ {__version__}")),
        ("先看单位。", "另一件。"), ("见于：某表。",))
    assert function.page is function.page             # read once


def test_a_docstring_of_one_line_has_an_empty_page(declared):
    def JX_SAME(value):
        """原样。"""
        return value

    assert (declared(JX_SAME).help, declared(JX_SAME).page) == ("原样。", Page("", "", (), (), ()))


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_page_says_formula_result_examples_and_source(function):
    page = function.page
    assert page.formula and page.result and page.examples and page.sources
    assert all(example.case and example.formula.startswith(f"={function.name}(") for example in page.examples)
    assert "\n" not in "".join((page.formula, page.result, *page.notes, *page.sources))


@pytest.mark.parametrize(("function", "example"), EXAMPLES, ids=[example.formula for _, example in EXAMPLES])
def test_every_example_gives_the_printed_result(function, example):
    assert called(function, example) == printed(example.result)


def test_every_example_gives_the_printed_result_in_a_spreadsheet_engine():
    # An engine spills a column into cells; the examples of columns are calls with a column as result.
    shown = {f"B{row}": example for row, (_, example) in enumerate(EXAMPLES, 1) if not example.result.startswith("{")}
    calls = {name: function.call for name, function in FUNCTIONS.items()}
    values = formualizer_eval({}, {cell: example.formula[1:] for cell, example in shown.items()}, calls)
    assert [(example.formula, values[cell]) for cell, example in shown.items()] == [
        (example.formula, printed(example.result)) for example in shown.values()]


def called(function: CellFunction, example: Example) -> object:
    """The example's call as the parser of Python reads its arguments: another reader than that of the manual."""
    arguments = re.sub(r"\{(.*?)\}", lambda column: f"[[{column[1].replace(';', '],[')}]]", example.formula)
    call = ast.parse(arguments.removeprefix("="), mode="eval").body
    cells = [ast.literal_eval(argument) for argument in call.args]
    try:
        return function.call(*cells)
    except CellFailure as failure:
        return CellError(failure.code)


def printed(text: str) -> object:
    """What a printed result means: a number, TRUE or FALSE, an error, a column, else a text."""
    if text.startswith("{"):
        return [[printed(cell)] for cell in text[1:-1].split(";")]
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if text.startswith("#"):
        return CellError(text)
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def test_the_pages_are_not_read_when_the_functions_are_loaded():
    code = "from pyfuncs.udfs import FUNCTIONS as all; print([name for name in all if 'page' in vars(all[name])])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).resolve().parent.parent)
    assert done.stdout.strip() == "[]"
