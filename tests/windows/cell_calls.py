"""Calls as Excel makes them, every function and every kind of argument, and what they are answered here.

The notation is that of excel_side: {"error": number}, {"rows": [[...]]}, {"missing": true}, null for a blank.
"""
from __future__ import annotations

from typing import Any

from pyfuncs.udfs import COM_ERRORS, FUNCTIONS, CellError, CellFailure

RULESET = "430400/2022"
CODES = {text: number for number, text in COM_ERRORS.items()}
DIV0, NA, SPILL = {"error": CODES["#DIV/0!"]}, {"error": CODES["#N/A"]}, {"error": -2146826243}
MISSING = {"missing": True}


def column(*cells: Any) -> dict[str, Any]:
    return {"rows": [[cell] for cell in cells]}


GOOD: list[list[Any]] = [
    ["JX_CONTROL_RATE", 12, 15], ["JX_CONTROL_RATE", 0.1 + 0.2, 0.3], ["JX_CONTROL_RATE", 12, 0],
    ["JX_CONTROL_RATE", column(12), column(15)], ["JX_CHANGE_RATE", 1, 3], ["JX_CHANGE_RATE", 0, 0],
    ["JX_COMPLETION_RATE", 99.11, 19.83, 28, 22.01],
    ["JX_ADJUSTMENT_RATE", 45, 90], ["JX_ADJUSTMENT_RATE", 45, 90, 36], ["JX_ADJUSTMENT_RATE", 45, 90, None],
    ["JX_ADJUSTMENT_RATE", 45, 90, MISSING], ["JX_ADJUSTMENT_RATE", 45, 90, ""],
    ["JX_EXECUTION_RATE", 346.17, 505.05], ["JX_EXECUTION_RATE", 3461700, 5050500],
    ["JX_UTILISATION_RATE", 48, 50],
    ["JX_SATISFACTION", column(0.962, 0.96, 0.96), {"rows": [[50, 40, 10]]}], ["JX_SATISFACTION", 0.9, 1],
    ["JX_RATE", RULESET, "人员控制率", 12, 15], ["JX_RATE", RULESET, "政府采购执行率", 1, 3],
    ["JX_SCORE", RULESET, "资金得分", 0.6854], ["JX_SCORE", RULESET, "资金得分", "不适用"],
    ["JX_SCORE", RULESET, column("资金得分", "没有的", None, "项目资金得分"), column(0.5, 1, None, DIV0)],
    ["JX_SCORE", RULESET, {"rows": [["资金得分", "项目资金得分"]]}, {"rows": [[1, 0.25]]}],
    ["JX_INDICATOR_SCORE", "≥4次", 3, 10], ["JX_INDICATOR_SCORE", "≤90万元", "100万元", 10],
    ["JX_WEIGHTED_SCORE", column(10, 5, 5), column(9, "不适用", 4.5)],
    ["JX_WEIGHTED_SCORE", column(10, 5), column(None, 4)], ["JX_WEIGHTED_SCORE", column(10, 5), column("", 4)],
    ["JX_GRADE", RULESET, 89.6], ["JX_GRADE", RULESET, "不适用"],
    ["JX_CHECK", RULESET, "KB-01", 225300, column(22.53 * 10000, None)], ["JX_CHECK", RULESET, "KB-03", 16, 11],
    ["JX_EXPLAIN", RULESET, "人员控制率", 12, 15], ["JX_EXPLAIN", RULESET, "资金得分"],
    ["JX_EXPLAIN", RULESET, "资金得分", DIV0], ["JX_WAN", 225300], ["JX_WAN", -0.01], ["JX_WAN", 1e300],
    ["JX_VERSION"],
]

# What goes into any argument of any function by mistake.
ODD: list[Any] = [
    None, MISSING, "", "三万", "12", "=1+1", "'; DROP", "①𠮷\n字", True, False, 1e308, DIV0, NA, SPILL,
    {"error": CODES["#NUM!"]}, {"error": CODES["#REF!"]}, column(1, None, "x"), column(*[0.5] * 30),
    {"rows": [[1, DIV0], [None, "不适用"]]}, column(NA), column(None),
]
WRONG_NAMES: list[list[Any]] = [
    ["JX_RATE", "430400/2099", "人员控制率", 12, 15], ["JX_RATE", RULESET, "人员控制", 12, 15],
    ["JX_SCORE", "../430400/2022", "资金得分", 1], ["JX_SCORE", RULESET, "资金", 1],
    ["JX_SCORE", RULESET, column("资金得分", "资金得分"), column(1)],
    ["JX_GRADE", "430400/2021", 90], ["JX_GRADE", "430400", 90], ["JX_CHECK", RULESET, "KB-99", 1],
    ["JX_CHECK", RULESET, "KB-01", 1], ["JX_EXPLAIN", "没有", "人员控制率"], ["JX_EXPLAIN", RULESET, "没有的"],
]


def _with_odd_arguments() -> list[list[Any]]:
    """Each function's first good call of all its arguments, with every odd value in every place; and one argument
    too few, and one too many."""
    calls = []
    for name in FUNCTIONS:
        good = max((call for call in GOOD if call[0] == name), key=len)
        calls += [[*good[:place], odd, *good[place + 1:]] for place in range(1, len(good)) for odd in ODD]
        calls += [good[:-1] if len(good) > 1 else good, [*good, 1]]
    return calls


CALLS = [*GOOD, *WRONG_NAMES, *_with_odd_arguments()]


def answer_here(name: str, *arguments: Any) -> Any:
    """The function called with Decimals on this machine, in the same notation."""
    try:
        result = FUNCTIONS[name].call(*map(_as_passed, arguments))
    except CellFailure as failure:
        return {"error": CODES[failure.code]}
    if isinstance(result, list):
        return {"rows": [[{"error": CODES[cell.code]} if isinstance(cell, CellError) else cell for cell in row]
                         for row in result]}
    return result


def _as_passed(argument: Any) -> Any:
    if isinstance(argument, dict) and "rows" in argument:
        return [[_as_passed(cell) for cell in row] for row in argument["rows"]]
    if isinstance(argument, dict):
        # An error that is newer than the functions is one of those they know; left out is blank.
        return COM_ERRORS.get(argument["error"], "#VALUE!") if "error" in argument else None
    return float(argument) if type(argument) is int else argument
