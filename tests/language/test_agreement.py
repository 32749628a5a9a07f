"""The central promise: the emitted formula gives in a spreadsheet what we compute in Decimals."""
from __future__ import annotations

import re
from decimal import Decimal
from random import Random

import openpyxl
import xlsxwriter
from engines import cell_value, formualizer_eval, libreoffice_recalc
from formula_cases import Case, make_case, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pyfuncs.language import evaluate, kind_of, parse


def exact(case: Case):
    return evaluate(parse(case.text), case.lookup, case.describe)


def result_unit(case: Case) -> int:
    return case.unit if kind_of(parse(case.text), case.describe) == "amount" else 1


def explain(case: Case, native: object) -> str:
    found = f"sheet {native!r}, exact {exact(case)!r}, unit {case.unit}"
    return f"{case.text}\n={case.native()}\n{found}\n{case.cells}"


@settings(max_examples=1500)
@given(st.randoms(use_true_random=False))
def test_emitted_formula_gives_the_decimal_value(random):
    case = make_case(random)
    native = formualizer_eval(case.cells, {"Z1": case.native()})["Z1"]
    assert same(native, exact(case), result_unit(case)), explain(case, native)


CENT = Decimal("0.01")


@settings(max_examples=1000)
@given(st.integers(0, 10**11), st.sampled_from(["=", "<>", "<", "<=", ">", ">="]),
       st.sampled_from([-1, 0, 1]), st.sampled_from([1, 10_000]))
def test_amounts_one_cent_apart_differ_up_to_a_billion(cents, compare, apart, unit):
    """Parts that make up the amount are added in the sheet, so that float noise is there to be guarded."""
    whole = Decimal(cents) / 100
    third = (whole / 3).quantize(CENT)
    cells = dict.fromkeys(["A1", "A2", "A3", "A4"])
    for cell, amount in zip(cells, [whole + apart * CENT, third, third, whole - 2 * third]):
        cells[cell] = float(amount / unit)
    case = Case(f"金!甲{compare}金!乙+金!丙+金!丁", unit, cells)
    native = formualizer_eval(cells, {"Z1": case.native()})["Z1"]
    expected = {"=": apart == 0, "<>": apart != 0, "<": apart < 0, "<=": apart <= 0, ">": apart > 0,
                ">=": apart >= 0}[compare]
    assert (native, exact(case)) == (expected, expected), explain(case, native)


@settings(max_examples=1000)
@example(budget=99_999_999_999, percent=99, apart=0, unit=1)  # 0.01 cent short: a quotient 10^-13 below
@example(budget=99_999_999_999, percent=101, apart=1, unit=10_000)
@given(st.integers(1, 10**11), st.integers(0, 200), st.integers(-2, 2), st.sampled_from([1, 10_000]))
def test_quotients_are_compared_alike_a_cent_from_each_whole_percent(budget, percent, apart, unit):
    spent = budget * percent // 100 + apart
    cells = {"A1": float(Decimal(spent) / 100 / unit), "A2": float(Decimal(budget) / 100 / unit)}
    case = Case(f"金!甲/金!乙<={percent}%", unit, cells)
    native = formualizer_eval(cells, {"Z1": case.native()})["Z1"]
    truth = spent * 100 <= budget * percent
    assert (native, exact(case)) == (truth, truth), explain(case, native)


def test_libreoffice_agrees(tmp_path):
    """All cases on the same three sheets, each ten rows below the one before."""
    random = Random(20220331)
    cases = [make_case(random) for _ in range(400)]
    path = tmp_path / "language.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheets = {name: book.add_worksheet(name) for name in ("表", "项目 1", "项目 2")}
        for number, case in enumerate(cases):
            for address, value in case.cells.items():
                sheet, _, cell = address.rpartition("!")
                target = sheets[sheet.strip("'") or "表"]
                if isinstance(value, str):
                    target.write_string(below(cell, number), value)
                elif value is not None:
                    target.write_number(below(cell, number), value)
            sheets["表"].write_formula(below("Z1", number), "=" + below(case.native(), number))
    sheet = openpyxl.load_workbook(libreoffice_recalc(path, tmp_path / "out"), data_only=True)["表"]
    wrong = []
    for number, case in enumerate(cases):
        native = cell_value(sheet[below("Z1", number)].value)
        if not same(native, exact(case), result_unit(case)):
            wrong.append(explain(case, native))
    assert wrong == []


def below(text: str, number: int) -> str:
    """Addresses ten rows further down for each case."""
    return re.sub(r"\b([A-EZ])([0-9])\b", lambda cell: f"{cell[1]}{int(cell[2]) + 10 * number}", text)
