"""Evaluation of single formulas: blanks, text, errors and rounding."""
from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.language import CellError, RefInfo, evaluate, from_cell, parse, plain, round_decimal

CELLS = {"三": Decimal(3), "零": Decimal(0), "空": None, "文": "文字", "不": "不适用", "错": CellError("#DIV/0!"),
         "真": True, "假": False, "列": [Decimal(1), None, "文字", Decimal("2.5"), True],
         "类": ["甲", "乙", None, "甲", "Abc"], "坏": [Decimal(1), CellError("#NUM!")], "单": [Decimal(7)]}
NA, DIV, VALUE, NUM, REF = (CellError(code) for code in ("#N/A", "#DIV/0!", "#VALUE!", "#NUM!", "#REF!"))


def value(text):
    return evaluate(parse(text), lambda ref: CELLS[ref.key])


@pytest.mark.parametrize(("text", "result"), [
    ("三+空", NA), ("三+文", VALUE), ("三+错", DIV), ("三+真", VALUE), ("三+列", VALUE), ("空", NA), ("文", "文字"),
    ("三/零", DIV), ("三>空", NA), ("不>=0.9", VALUE), ("0.9<=不", VALUE), ("文>\"甲\"", VALUE),
    ("空=\"\"", True), ("空=0", NA), ("三=\"三\"", False), ("不=\"不适用\"", True), ("不<>\"不适用\"", False),
    ("文=文", True), ("\"abc\"=\"ABC\"", True), ("错=\"不适用\"", DIV), ("真=假", False), ("真<>假", True),
    ("真=三", VALUE), ("(三>2)=(三>1)", True),
    ("0.1+0.2=0.3", True), ("三=3.0000000000001", True), ("三=3.000000000001", False),
    ("SUM(列)", Decimal("3.5")), ("SUM(空,文,三)", 3), ("SUM(空+1)", NA), ("SUM(坏)", NUM), ("MIN(列)", 1),
    ("MAX(列,三)", 3), ("MAX(空)", 0), ("COUNT(列)", 2), ("COUNTA(列)", 4), ("COUNT(坏)", 1), ("COUNTA(坏)", 2),
    ("COUNT(空,三,文)", 1), ("IF(三>2,1,错)", 1), ("IF(三>2,空,1)", NA), ("IF(空>2,1,2)", NA), ("IF(文,1,2)", VALUE),
    ("AND(三>2,三>1)", True), ("AND(三>9,错>1)", DIV), ("OR(三>9,三>1)", True), ("NOT(三>9)", True),
    ("AND(真,空)", NA),
    ("IFERROR(三/零,9)", 9), ("IFERROR(空,9)", 9), ("IFERROR(三,9)", 3), ("ISNUMBER(空)", False),
    ("ISNUMBER(错)", False),
    ("ISNUMBER(三)", True), ("NA()", NA), ("SUMIF(列,\">1\")", Decimal("2.5")), ("SUMIF(列,1)", 1),
    ("SUMIF(类,\"甲\",列)", Decimal("3.5")), ("SUMIF(类,\"<>甲\",列)", 0), ("SUMIF(类,\"a?c\",列)", 0),
    ("SUMIF(列,\">\")", 0), ("SUMIF(坏,\">0\")", 1), ("SUMIF(坏,\"<>1\")", NUM), ("SUMIF(类,\"甲\",单)", VALUE),
    ("SUMPRODUCT(列,列)", Decimal("7.25")), ("SUMPRODUCT(列,坏)", VALUE), ("SUMPRODUCT(坏)", NUM),
    ("INDEX(列,4)", Decimal("2.5")), ("INDEX(列,2)", NA), ("INDEX(列,9)", REF), ("INDEX(列,零)", VALUE),
    ("INDEX(列,空)", NA), ("MATCH(\"ABC\",类,0)", 5), ("MATCH(\"丙\",类,0)", NA), ("MATCH(错,类,0)", DIV),
    ("三&文&空&真", "3文字TRUE"), ("1/3&\"\"", "0.333333333333333"), ("列&文", VALUE), ("文&错", DIV), ("三^2", 9),
    ("0^0", NUM), ("0^-1", DIV), ("(0-8)^0.5", NUM), ("9^999", NUM), ("-文", VALUE), ("文%", VALUE), ("+三", 3),
    ("ROUND(2.5,0)", 3), ("ROUND(-2.5,0)", -3), ("ROUND(1.005,2)", Decimal("1.01")), ("ROUND(1250,-2)", 1300),
    ("ROUNDUP(1.001,2)", Decimal("1.01")), ("ROUNDUP(-1.1,0)", -2), ("ROUNDDOWN(-1.9,0)", -1),
    ("ROUND(文,1)", VALUE),
    ("ROUNDUP((1.09-1)/0.01,0)", 9), ("ROUNDDOWN(1/3*3,0)", 1), ("ABS(-三)", 3), ("ABS(空)", NA),
    ("三/(0.1+0.2-0.3)", DIV), ("列", VALUE), ("IFERROR(列,1)", 1),
])
def test_value(text, result):
    got = value(text)
    assert got == result
    assert isinstance(got, bool) == isinstance(result, bool)


def test_with_kinds_amounts_are_compared_to_a_hundredth_of_a_cent():
    def amounts(ref):
        return RefInfo("amount")

    cells = {"甲": Decimal("1.00004"), "乙": Decimal(1), "空": None, "文": "文字"}
    for text, result in [("甲=乙", True), ("甲>乙", False), ("空=文", NA), ("甲*2=乙*2", False),
                         ("ROUND(甲/3*3,2)=乙", True)]:
        assert evaluate(parse(text), lambda ref: cells[ref.key], amounts) == result, text


@pytest.mark.parametrize(("raw", "result"), [
    (0.1, Decimal("0.1")), (3, Decimal(3)), (True, True), ("文", "文"), (None, None),
    (Decimal("1.50"), Decimal("1.50")),
    (float("nan"), NUM), (float("inf"), NUM), (1e-13, Decimal("1E-13")),
])
def test_values_enter_by_their_shortest_notation(raw, result):
    assert from_cell(raw) == result
    assert type(from_cell(raw)) is type(result)


@given(st.decimals(-10**12, 10**12, places=6), st.integers(-3, 6),
       st.sampled_from(["ROUND", "ROUNDUP", "ROUNDDOWN"]))
def test_rounding_never_moves_by_more_than_a_unit_and_is_symmetric(number, places, how):
    rounded = round_decimal(number, places, how)
    unit = Decimal(1).scaleb(-places)
    assert rounded % unit == 0
    assert abs(rounded - number) <= (unit / 2 if how == "ROUND" else unit)
    assert round_decimal(-number, places, how) == -rounded
    if how != "ROUND":
        assert abs(rounded) >= abs(number) if how == "ROUNDUP" else abs(rounded) <= abs(number)


@pytest.mark.parametrize(("number", "text"), [
    ("1E+2", "100"), ("0.50", "0.5"), ("-0", "0"), ("-1.10", "-1.1"), ("7", "7")])
def test_plain_digits(number, text):
    assert plain(Decimal(number)) == text
