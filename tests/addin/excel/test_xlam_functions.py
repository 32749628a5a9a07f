"""A cell that calls a function: what reaches the server, and what the cell shows."""

from __future__ import annotations

from typing import Any

import pytest
from excel_bench import UNAVAILABLE, Bench, plain
from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBAErrorValue, VBAInt

from pyfuncs.udfs import COM_ERRORS, FUNCTIONS

NOT_AVAILABLE, VALUE, DIV0 = 2042, 2015, 2007
# The error values as VBA numbers them (xlErrNull …).
EXCEL_ERRORS = {"#NULL!": 2000, "#DIV/0!": DIV0, "#VALUE!": VALUE, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036,
                "#N/A": NOT_AVAILABLE}
SENT = {text: VBAInt(number, "Long") for number, text in COM_ERRORS.items()}


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def cells(bench: Bench):
    """Ranges of a sheet that holds 1, 2, "x", an empty cell and TRUE in A1:A5, and 7 in C1."""
    bench.excel.add_workbook()
    sheet = bench.excel.sheet(1)
    for address, value in {"A1": 1, "A2": 2, "A3": "x", "A5": True, "C1": 7}.items():
        sheet.set_value(address, value)
    return lambda address: sheet.sheet.vba_get("Range", [address])


def code(value: Any) -> int:
    assert isinstance(value, VBAErrorValue)
    return int(value.number)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_function_hands_all_it_is_given_to_the_server(bench: Bench, function):
    server = bench.serve("answer")
    given = [f"value {i}" for i, argument in enumerate(function.arguments)]
    more = ["one more", 3.5] if function.arguments and function.arguments[-1].repeated else []
    assert bench.cell(function.name, *given, *more) == "answer"
    assert [call[:2] for call in server.calls] == [(function.name, given + more)]


@pytest.mark.parametrize("function", [each for each in FUNCTIONS.values()
                                      if any(argument.optional or argument.repeated for argument in each.arguments)],
                         ids=lambda each: each.name)
def test_what_may_be_left_out_may(bench: Bench, function):
    server = bench.serve(1.5)
    needed = [1.0 for argument in function.arguments if not argument.optional and not argument.repeated]
    left_out = [None for argument in function.arguments if argument.optional]
    assert bench.cell(function.name, *needed) == 1.5
    assert server.calls[0][1] == needed + left_out


def test_ranges_go_as_values(bench: Bench, cells):
    server = bench.serve(0.0)
    bench.cell("JX_RATE", "r", "k", cells("A2"), cells("A1:A5"), cells("A1:C1"))
    assert server.calls[0][1] == ["r", "k", 2, [[1], [2], ["x"], [None], [True]], [[1, None, 7]]]


def test_of_a_whole_column_the_used_part_goes(bench: Bench, cells):
    server = bench.serve(0.0)
    bench.cell("JX_SATISFACTION", cells("A:A"), cells("Z:Z"))
    assert server.calls[0][1] == [[[1], [2], ["x"], [None], [True]], None]


def test_an_error_in_a_range_stays_an_error(bench: Bench, cells):
    server = bench.serve(0.0)
    cells("A2").vba_set("Formula", "=1/0")
    bench.cell("JX_SATISFACTION", cells("A1:A2"), cells("A2"))
    (values, weight), = (call[1] for call in server.calls)
    assert (values[0], code(values[1][0]), code(weight)) == ([1], DIV0, DIV0)


def test_a_range_of_several_areas_is_an_error_value_and_reaches_nobody(bench: Bench, cells):
    server = bench.serve(0.0)
    assert code(bench.cell("JX_WAN", cells("A1,A3"))) == VALUE
    assert server.calls == []
    assert bench.native.log == ["JX_WAN: 5 a range of several areas"]


@pytest.mark.parametrize("answer", ["优", "", 0.85, 0.0, -2146826246.0, True, False])
def test_the_answer_is_what_the_server_says(bench: Bench, answer: Any):
    bench.serve(answer)
    shown = bench.cell("JX_WAN", 1.0)
    assert (type(shown), shown) == (type(answer), answer)


@pytest.mark.parametrize("text", SENT)
def test_an_integer_is_the_error_value_that_it_stands_for(bench: Bench, text: str):
    bench.serve(SENT[text])
    assert code(bench.cell("JX_WAN", 1.0)) == EXCEL_ERRORS[text]


@pytest.mark.parametrize("lowest", [0, 1])
def test_a_table_of_answers_keeps_its_place_and_its_errors(bench: Bench, lowest: int):
    answers = [[SENT["#N/A"], "不适用"], [1.0, ""], [False, SENT["#DIV/0!"]]]
    bounds = [(lowest, lowest + 2), (lowest, lowest + 1)]
    bench.serve(VBAArray(bounds, items=[answers[row][column] for column in range(2) for row in range(3)]))
    shown = bench.method("Server", "CellValue", "JX_SCORE", VBAArray([(0, 0)], items=[1.0]))
    assert shown.bounds == bounds
    assert plain(shown) == [[VBAErrorValue(NOT_AVAILABLE), "不适用"], [1.0, ""], [False, VBAErrorValue(DIV0)]]


def test_what_the_server_refuses_is_an_error_value_never_text_never_zero(bench: Bench):
    bench.serve(None, 5)
    assert code(bench.cell("JX_WAN", 1.0)) == VALUE
    assert bench.native.log == ["JX_WAN: 5 the server is gone"]


def test_nothing_is_computed_while_the_function_wizard_is_open(bench: Bench):
    bench.native.wizard = True
    assert code(bench.cell("JX_WAN", 1.0)) == NOT_AVAILABLE
    assert bench.native.starts == []


def test_without_a_server_cells_show_an_error_value(bench: Bench):
    bench.native.servers = ["could not create the process"]
    assert code(bench.cell("JX_WAN", 1.0)) == NOT_AVAILABLE


def test_a_lost_server_never_leaves_a_number(bench: Bench):
    bench.serve(1.0, UNAVAILABLE)
    bench.native.servers.append("no more")
    assert code(bench.cell("JX_WAN", 1.0)) == VALUE


def test_the_functions_are_described_in_chinese(bench: Bench):
    bench.excel.run("JxDescribe")
    wanted = [(each.name, each.help, [argument.help for argument in each.arguments]) for each in FUNCTIONS.values()]
    assert bench.native.described == wanted
    assert all(len(text) <= 255 for _, told, helps in wanted for text in (told, *helps))


def test_an_excel_that_describes_only_visible_add_ins_sees_it_for_that_moment(bench: Bench):
    bench.native.describes_hidden = False
    bench.excel.run("JxDescribe")
    assert (len(bench.native.described), bench.native.hidden) == (len(FUNCTIONS), True)


def test_missing_and_empty_are_the_same_to_a_function(bench: Bench):
    server = bench.serve(1.0)
    bench.cell("JX_ADJUSTMENT_RATE", 1.0, 2.0, MISSING)
    bench.cell("JX_ADJUSTMENT_RATE", 1.0, 2.0, EMPTY)
    assert [call[1] for call in server.calls] == [[1.0, 2.0, None]] * 2
