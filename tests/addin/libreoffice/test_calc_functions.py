"""The functions in Calc's cells: a real LibreOffice, the checked-in add-in, bare calls, and the log of the calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from libreoffice_office import Call, office
from stored_books import stale_book

from pyfuncs.language import CellError
from pyfuncs.udfs import FUNCTIONS, CellFailure

RULESET = "430400/2022"
# What stands in the cells that the calls refer to. E1 is blank, E2 an error.
CELLS = {"A1": 12, "A2": 15, "A3": 0.9, "A4": 0.95, "A5": "不适用", "A6": "=TRUE()",
         "B1": 346.17, "B2": 505.05, "B3": 50, "B4": 40,
         "C1": "预算完成率得分", "C2": "三公经费变动率得分", "D1": 1, "D2": -0.6667,
         "E2": "=1/0", "F3": 5, "F5": "文字"}
# function -> (call as a cell has it, the values that it hands over)
CALLS = {
    "JX_CONTROL_RATE": [("A1,A2", (12.0, 15.0)), ("A5,A2", ("不适用", 15.0)), ("12,0", (12.0, 0.0)),
                        ("A1*2,SUM(A2,5)", (24.0, 20.0))],
    "JX_CHANGE_RATE": [("B1,B2", (346.17, 505.05))],
    "JX_COMPLETION_RATE": [("99.11,19.83,28,22.01", (99.11, 19.83, 28.0, 22.01))],
    "JX_ADJUSTMENT_RATE": [("45,90", (45.0, 90.0, None)), ("45,90,36", (45.0, 90.0, 36.0))],
    "JX_EXECUTION_RATE": [("B1,B2", (346.17, 505.05))],
    "JX_UTILISATION_RATE": [("B3,B3", (50.0, 50.0))],
    "JX_SATISFACTION": [("A3:A4,B3:B4", ([[0.9], [0.95]], [[50.0], [40.0]])),
                        ("A3:A4,{50;40}", ([[0.9], [0.95]], [[50.0], [40.0]]))],
    "JX_RATE": [(f'"{RULESET}","人员控制率",A1,A2', (RULESET, "人员控制率", 12.0, 15.0))],
    "JX_SCORE": [('"433100/2021","预算完成率得分",0.8502', ("433100/2021", "预算完成率得分", 0.8502))],
    "JX_INDICATOR_SCORE": [('"≥4次",3,10', ("≥4次", 3.0, 10.0))],
    "JX_WEIGHTED_SCORE": [("B3:B4,A3:A4", ([[50.0], [40.0]], [[0.9], [0.95]]))],
    "JX_GRADE": [(f'"{RULESET}",92.5', (RULESET, 92.5)), (f'"{RULESET}",A5', (RULESET, "不适用"))],
    "JX_CHECK": [(f'"{RULESET}","KB-03",12,15', (RULESET, "KB-03", 12.0, 15.0)),
                 (f'"{RULESET}","KB-03",16,A2', (RULESET, "KB-03", 16.0, 15.0))],
    "JX_EXPLAIN": [(f'"{RULESET}","人员控制率"', (RULESET, "人员控制率")),
                   (f'"{RULESET}","人员控制率",A1,A2', (RULESET, "人员控制率", 12.0, 15.0))],
    "JX_WAN": [("B2", (505.05,)), ("A6", (1.0,))],
    "JX_VERSION": [("", ())],
}


@pytest.fixture(scope="module")
def calc():
    with office() as running:
        yield running


def answer(name: str, cells: tuple) -> object:
    """The function's own answer, as a cell of Calc shows it: TRUE is 1 there."""
    try:
        result = FUNCTIONS[name].call(*cells)
    except CellFailure as failure:
        return CellError(failure.code)
    return float(result) if isinstance(result, bool) else result


def test_every_function_computes_in_its_cell(calc, tmp_path: Path):
    assert list(CALLS) == list(FUNCTIONS)
    called = [(name, text, cells) for name, calls in CALLS.items() for text, cells in calls]
    book = stale_book(tmp_path / "函数.xlsx", CELLS,
                      {f"H{row}": f"{name}({text})" for row, (name, text, _) in enumerate(called, 1)})
    before = len(calc.calls)
    shown = calc.values(book)
    assert {f"H{row}": shown[f"'表 1'!H{row}"] for row in range(1, len(called) + 1)} == {
        f"H{row}": answer(name, cells) for row, (name, _, cells) in enumerate(called, 1)}
    # Not a figure that was stored, nor one that LibreOffice made: Python was asked with just these values.
    asked = {(call.name, repr(call.cells)) for call in calc.calls[before:]}
    assert asked == {(name, repr(list(cells))) for name, _, cells in called}


@pytest.mark.parametrize(("formula", "shown", "asked"), [
    # A function without an answer shows its own error.
    ('JX_WAN("一百")', "#VALUE!", True),
    ("JX_WAN(F5)", "#VALUE!", True),
    ("JX_CONTROL_RATE(F5,A2)", "#N/A", True),
    ('JX_GRADE("430400/2202",90)', "#NAME?", True),
    ('JX_RATE("430400/2022","没有",1)', "#NAME?", True),
    ('JX_SCORE("433100/2021",C1:C2,D1)', "#VALUE!", True),
    ("JX_CONTROL_RATE(A1)", "#N/A", True),
    # An error in a cell or in the call itself goes through; LibreOffice does not ask the function.
    ("JX_WAN(E2)", "#DIV/0!", False),
    ("JX_CONTROL_RATE(A1,1/0)", "#DIV/0!", False),
    ("SUM(JX_WAN(NA()),1)", "#N/A", False),
    # Of a range with an error LibreOffice makes an error of its own.
    ("JX_SATISFACTION(E1:E3,F1:F3)", "Err:504", False),
    ("JX_VERSION(1)", "Err:504", False),
])
def test_a_failure_is_an_error_value_and_nothing_else(calc, tmp_path: Path, formula: str, shown: str, asked: bool):
    before, told = len(calc.calls), len(calc.log)
    book = stale_book(tmp_path / "错误.xlsx", CELLS,
                      {"H1": formula, "H2": f"ISERROR({formula})", "H3": f'IFERROR({formula},"替代")'})
    values = calc.values(book)
    assert [values[f"'表 1'!H{row}"] for row in (1, 2, 3)] == [CellError(shown), 1.0, "替代"]
    assert bool(calc.calls[before:]) is asked
    assert (shown in calc.log[told:]) is asked            # one line of the log for each


def test_what_a_function_gets_for_cells(calc):
    """Calc gives 0 for one blank cell, and in a range an empty text for it; the functions take that for blank."""
    before = len(calc.calls)
    calc.enter({"A1": "文字", "A2": "=TRUE()", "A3": '=""', "A5": "3",
                "B1": '=JX_EXPLAIN("430400/2022";"人员控制率";A1;A2)', "B2": '=JX_EXPLAIN("430400/2022";"人员控制率";A3;A4)',
                "B3": "=JX_WEIGHTED_SCORE(A1:A5;{1;2|TRUE;\"甲\"})"})
    assert calc.calls[before:] == [
        Call("JX_EXPLAIN", ["430400/2022", "人员控制率", "文字", 1.0], calc.calls[before].result),
        Call("JX_EXPLAIN", ["430400/2022", "人员控制率", "", 0.0], calc.calls[before + 1].result),
        Call("JX_WEIGHTED_SCORE", [[["文字"], [1.0], [None], [None], [3.0]], [[1.0, 2.0], [1.0, "甲"]]], None)]


def test_scores_of_a_whole_column_come_as_a_matrix(calc):
    """One row that has no answer shows an error and leaves the others theirs; a blank row stays blank."""
    names = {"A1": "预算完成率得分", "A2": "没有这一项", "A4": "三公经费变动率得分", "B1": "1", "B2": "1", "B4": "-0.6667"}
    shown = calc.enter({**names, "D1:D4": '{=JX_SCORE("433100/2021";A1:A4;B1:B4)}'})
    assert {name: value for name, value in shown.items() if name.startswith("D")} == {
        "D1": 5.0, "D2": CellError("#NAME?"), "D4": 4.0}


def test_the_wizard_shows_the_help_of_the_declarations(calc):
    offered = {name: row for name, row in calc.wizard().items() if name in FUNCTIONS}
    assert {name: (text, list(arguments.values())) for name, (_, text, arguments) in offered.items()} == {
        name: (function.help, [argument.help for argument in function.arguments])
        for name, function in FUNCTIONS.items()}
    names = {name: list(arguments) for name, (_, _, arguments) in offered.items()}
    assert names["JX_CONTROL_RATE"] == ["实际数", "限额"] and names["JX_GRADE"] == ["规则集", "总分"]


@pytest.mark.parametrize("formula", ["=JX_WAN(20000)", "=jx_wan(20000)", "=Jx_Wan( 20000 )"])
def test_a_name_is_known_in_any_case(calc, formula: str):
    assert calc.enter({"A1": formula}) == {"A1": 2.0}
