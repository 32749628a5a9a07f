"""A rate or score is the same figure from Decimals and from the formula in a cell."""
from __future__ import annotations

from decimal import Decimal
from random import Random

import openpyxl
import pytest
import xlsxwriter
from engines import cell_value, formualizer_eval, libreoffice_recalc
from hypothesis import example, given, settings
from hypothesis import strategies as st
from method_cases import agree, exact_result, lay_out, make_operands, make_parameters

from pyfuncs.language import NOT_APPLICABLE, CellError, from_cell
from pyfuncs.methods import METHODS, emit_grade, grade


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=250)
@given(random=st.randoms(use_true_random=False))
def test_emitted_formula_gives_the_decimal_figure(name, random):
    parameters = make_parameters(name, random)
    assert METHODS[name].validate(parameters) == []
    operands = make_operands(name, parameters, random)
    cells, addresses = lay_out(operands)
    native = formualizer_eval(cells, {"Z1": METHODS[name].emit(addresses, parameters)})["Z1"]
    assert agree(native, exact_result(name, operands, parameters)), (operands, parameters)


PERCENTS = st.integers(0, 150)
CENTS = st.integers(1, 10**11)
APART = st.integers(-2, 2)


@settings(max_examples=800)
@example(99_999_999_999, 101, 1, "1", "ceil", 1)  # a hundredth of a cent beyond the first step
@example(99_999_999_999, 101, 1, "5", "ceil", 10_000)
@given(CENTS, PERCENTS, APART, st.sampled_from(["1", "2", "5", "10"]), st.sampled_from(["ceil", "floor"]),
       st.sampled_from([1, 10_000]))
def test_steps_are_counted_a_cent_from_each_boundary_as_whole_numbers_count_them(
        budget, percent, apart, step, rounding, unit):
    """The truth is integer arithmetic; rate and score each have a cell of their own."""
    spent = budget * percent // 100 + apart
    excess = spent * 100 - budget * 100  # hundredths of a cent over the limit of 100%
    each = budget * int(step)
    steps = max(0, -(-excess // each) if rounding == "ceil" else excess // each)
    truth = max(Decimal(0), 100 - Decimal(steps))
    parameters = {"points": "100", "limit": "1", "step": str(Decimal(step) / 100), "per_step": "1",
                  "step_rounding": rounding}
    cells = {"A1": float(Decimal(spent) / 100 / unit), "A2": float(Decimal(budget) / 100 / unit)}
    assert chain(cells, unit, "每超扣", parameters) == (float(truth), truth)


@settings(max_examples=500)
@given(CENTS, st.sampled_from([0, 60, 70, 80, 90, 100]), APART, st.sampled_from(["from", "above"]),
       st.sampled_from([1, 10_000]))
def test_bands_begin_exactly_where_they_say(budget, percent, apart, key, unit):
    spent = budget * percent // 100 + apart
    bounds = [90, 80, 70, 60]
    inside = [spent * 100 >= budget * bound if key == "from" else spent * 100 > budget * bound
              for bound in bounds]
    truth = Decimal(next((5 - at for at, holds in enumerate(inside) if holds), 0))
    bands = [{key: f"0.{bound // 10}", "points": str(5 - at)} for at, bound in enumerate(bounds)]
    cells = {"A1": float(Decimal(spent) / 100 / unit), "A2": float(Decimal(budget) / 100 / unit)}
    assert chain(cells, unit, "分档", {"points": "5", "bands": bands}) == (float(truth), truth)


@pytest.mark.parametrize("name", ["满意度", "加权"])
def test_an_error_in_a_range_is_the_answer(name):
    formula = METHODS[name].emit(["A1:A2", "B1:B2"], {})
    cells = {"A1": 0.9, "B1": 40.0, "B2": 60.0}
    assert formualizer_eval(cells, {"A2": "1/0", "Z1": formula})["Z1"] == CellError("#DIV/0!")
    broken = [[Decimal("0.9"), CellError("#DIV/0!")], [Decimal(40), Decimal(60)]]
    assert METHODS[name].evaluate(broken, {}) == CellError("#DIV/0!")


def chain(cells, unit, name, parameters):
    """(sheet, Decimal) of a score over an execution rate over two amounts."""
    rate, score = METHODS["执行率"], METHODS[name]
    native = formualizer_eval(cells, {"B1": rate.emit(["A1", "A2"], {}, [Decimal(unit)] * 2),
                                      "B2": score.emit(["B1"], parameters)})["B2"]
    amounts = [from_cell(cells[cell]) * unit for cell in ("A1", "A2")]
    return native, score.evaluate([rate.evaluate(amounts, {})], parameters)


@given(st.integers(1, 10**11), st.integers(-10**11, 10**11), st.integers(-10**11, 10**11),
       st.sampled_from([1, 10_000]))
def test_a_fund_that_is_nothing_is_nothing_in_floats_too(carried, initial, closing, unit):
    """上年结转 + 年初 + 追加 add up to 0 exactly, which floats of this size miss."""
    cents = [carried, initial, -carried - initial, closing]
    cells = {f"A{at}": float(Decimal(amount) / 100 / unit) for at, amount in enumerate(cents, 1)}
    method = METHODS["完成率"]
    native = formualizer_eval(cells, {"Z1": method.emit(list(cells), {}, [Decimal(unit)] * 4)})["Z1"]
    exact = method.evaluate([from_cell(cell) * unit for cell in cells.values()], {})
    assert (native, exact) == (NOT_APPLICABLE, NOT_APPLICABLE)


BANDS = [("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", Decimal(0))]


@given(st.lists(st.integers(0, 4000), min_size=5, max_size=5), st.sampled_from([60, 80, 90]),
       st.integers(-1, 1))
def test_grades_agree_on_totals_that_were_added_up(hundredths, bound, apart):
    parts = [Decimal(part) / 100 for part in hundredths]
    parts.append(Decimal(bound) + Decimal(apart) / 100 - sum(parts))
    cells = {f"A{at}": float(part) for at, part in enumerate(parts, 1)}
    native = formualizer_eval(cells, {"B1": "SUM(A1:A6)", "B2": emit_grade("B1", BANDS)})["B2"]
    assert native == grade(sum(parts), BANDS)


@pytest.mark.parametrize(("value", "result"), [(None, "#N/A"), ("不适用", "不适用"), ("优", "#N/A"), (89.6, "良")])
def test_the_grade_of_what_is_no_total(value, result):
    native = formualizer_eval({"A1": value}, {"B1": emit_grade("A1", BANDS)})["B1"]
    assert getattr(native, "code", native) == result


def test_libreoffice_agrees(tmp_path):
    """Thirty cases of each method, each four rows below the one before."""
    random = Random(20220331)
    cases = []
    for name in METHODS:
        for _ in range(30):
            parameters = make_parameters(name, random)
            cases.append((name, parameters, make_operands(name, parameters, random)))
    path = tmp_path / "methods.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        for number, (name, parameters, operands) in enumerate(cases):
            cells, addresses = lay_out(operands, 4 * number + 1)
            for address, value in cells.items():
                if isinstance(value, str):
                    sheet.write_string(address, value)
                elif value is not None:
                    sheet.write(address, value)
            sheet.write_formula(f"Z{4 * number + 1}", "=" + METHODS[name].emit(addresses, parameters))
    sheet = openpyxl.load_workbook(libreoffice_recalc(path, tmp_path / "out"), data_only=True)["S"]
    wrong = []
    for number, (name, parameters, operands) in enumerate(cases):
        native = cell_value(sheet[f"Z{4 * number + 1}"].value)
        exact = exact_result(name, operands, parameters)
        if not agree(native, exact):
            wrong.append((name, parameters, operands, native, exact))
    assert wrong == []
