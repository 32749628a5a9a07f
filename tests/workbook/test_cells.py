"""Cell dialects and number formats: what a cell means."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.workbook.cells import Proposal, Reading, read_number
from pyfuncs.workbook.grid import UNKNOWN_FORMAT
from pyfuncs.workbook.read_formats import show

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


def number(value: str, text: str, places: int = 0, note: str = "") -> Reading:
    return Reading(Decimal(value), "number", text, places, (note,) if note else ())


def empty(state: str, text: str) -> Reading:
    return Reading(None, state, text)


TEXTS = [
    # rates
    ("94%", "rate", "元", number("0.94", "94%", 0, "文本型百分数，按 94% 理解")),
    ("　155%", "rate", "元", number("1.55", "　155%", 0, "前后有空格，按 155% 理解")),
    ("68.54%", "rate", "元", number("0.6854", "68.54%", 2, "文本型百分数，按 68.54% 理解")),
    ("９４％", "rate", "元", number("0.94", "９４％", 0, "含全角字符，按 94% 理解")),
    ("≥95%", "rate", "元", number("0.95", "≥95%", 0, "含“≥”，按 95% 理解")),
    ("=100%", "rate", "元", number("1", "=100%", 0, "含“=”，按 100% 理解")),
    ("≥100百分比", "rate", "元", number("1", "≥100百分比", 0, "含“≥”，按 100% 理解")),
    ("95.\n10%", "rate", "元", number("0.951", "95.\n10%", 2, "数字中间换了行，按 95.10% 理解")),
    ("-30.41%", "rate", "元", number("-0.3041", "-30.41%", 2, "文本型百分数，按 -30.41% 理解")),
    ("0.94", "rate", "元", number("0.94", "0.94", 0, "文本型数字、没有百分号，按 94% 理解")),
    ("94", "rate", "元", Reading(Decimal(94), "number", "94", 0, (), Proposal("percent-typed", "94%"))),
    # amounts
    ("2.46 ✓", "amount", "万元", number("24600", "2.46 ✓", 2, "含“✓”，按 2.46 理解")),
    ("12.25√", "amount", "元", number("12.25", "12.25√", 2, "含“√”，按 12.25 理解")),
    ("1.12（查预算数）", "amount", "万元", number("11200", "1.12（查预算数）", 2, "带说明“查预算数”，按 1.12 理解")),
    ("505.05万元", "amount", "万元", number("5050500", "505.05万元", 2, "含“万元”，按 505.05 理解")),
    ("505.05万元", "amount", "元",
     number("5050500", "505.05万元", 0, "写的是“万元”，本表单位是元，按 5050500 元理解")),
    ("5050500元", "amount", "万元",
     number("5050500", "5050500元", 4, "写的是“元”，本表单位是万元，按 505.05 万元理解")),
    ("40.3.亿元", "amount", "万元",
     number("4030000000", "40.3.亿元", 0, "写的是“亿元”，本表单位是万元，按 403000 万元理解")),
    ("1,234.50", "amount", "元", number("1234.5", "1,234.50", 2, "文本型数字，按 1234.5 理解")),
    ("￥1，234", "amount", "元", number("1234", "￥1，234", 0, "含全角字符、含“¥”，按 1234 理解")),
    ("−3.5", "amount", "元", number("-3.5", "−3.5", 1, "文本型数字，按 -3.5 理解")),
    # counts, points and scores
    ("15人", "count", "元", number("15", "15人", 0, "含“人”，按 15 理解")),
    ("7.50.", "score", "元", number("7.5", "7.50.", 2, "多一个点，按 7.5 理解")),
    ("10分", "points", "元", number("10", "10分", 0, "含“分”，按 10 理解")),
    # six kinds of empty
    ("　 ", "amount", "元", empty("blank", "　 ")),
    ("0", "amount", "元", number("0", "0", 0, "文本型数字，按 0 理解")),
    ("—", "score", "元", empty("not_applicable", "—")),
    ("——", "amount", "元", empty("not_applicable", "——")),
    ("-", "amount", "元", empty("not_applicable", "-")),
    ("不适用", "rate", "元", empty("not_applicable", "不适用")),
    ("/", "score", "元", empty("not_scored", "/")),
    ("……", "text", "元", empty("placeholder", "……")),
    ("...", "amount", "元", empty("placeholder", "...")),
    ("无", "text", "元", empty("none", "无")),
    # errors of formulas
    ("#DIV/0!", "rate", "元", empty("error", "#DIV/0!")),
    ("#n/a", "text", "元", empty("error", "#N/A")),
    # words, and what could mean two things
    ("见附件", "amount", "元", empty("text", "见附件")),
    ("12,34", "amount", "元", empty("text", "12,34")),
    ("18+4.5", "amount", "元", empty("text", "18+4.5")),
    ("50%", "amount", "元", empty("text", "50%")),
    ("5²", "count", "元", empty("text", "5²")),
    ("1O0", "amount", "元", Reading(None, "text", "1O0", proposal=Proposal("letters-for-digits", "100"))),
    ("IO", "count", "元", Reading(None, "text", "IO", proposal=Proposal("letters-for-digits", "10"))),
    ("（3.5）", "amount", "元", Reading(None, "text", "（3.5）", proposal=Proposal("bracketed-number", "-3.5"))),
    ("1" + "0" * 16, "amount", "元", Reading(None, "error", "1" + "0" * 16, notes=("数值大得不合情理",))),
    # targets keep their words: a method reads them
    ("≥3次", "target", "元", empty("text", "≥3次")),
    ("=100%", "actual", "元", empty("text", "=100%")),
]


@pytest.mark.parametrize(("text", "kind", "unit", "expected"), TEXTS)
def test_dialects_of_text(text, kind, unit, expected):
    assert read_number(text, kind, "General", unit) == expected


NUMBERS = [
    (0.94, "rate", "0%", "元", number("0.94", "94%")),
    (0.685417285, "rate", "0.00%", "元", number("0.685417285", "68.54%", 2)),
    (1.0, "rate", "General", "元", number("1", "1", 0, "没有百分号，按 100% 理解")),
    (0.6854, "rate", "0.0000", "元", number("0.6854", "0.6854", 2, "没有百分号，按 68.54% 理解")),
    (94.0, "rate", "General", "元",
     Reading(Decimal(94), "number", "94", 0, (), Proposal("percent-typed", "94%"))),
    (94.0, "rate", "0.00%", "元",
     Reading(Decimal(94), "number", "9400.00%", 2, (), Proposal("percent-typed", "94%"))),
    (346.17000000000002, "amount", "0.00", "万元", number("3461700", "346.17", 2)),
    (0.1 + 0.2, "amount", "General", "元", number("0.3", "0.3", 1)),
    (5.551115123125783e-17, "amount", "0.00", "元", number("0", "0.00", 2)),
    (1234567.891, "amount", "#,##0.00", "元", number("1234567.891", "1,234,567.89", 2)),
    (505.05, "amount", '0.00"万元"', "万元", number("5050500", "505.05万元", 2)),
    (505.05, "amount", '0.00"万元"', "元",
     number("5050500", "505.05万元", 0, "写的是“万元”，本表单位是元，按 5050500 元理解")),
    (-3.0, "amount", "0.00", "元", number("-3", "-3.00", 2)),
    (0.0, "amount", ACCOUNTING, "元", number("0", "-", 2)),
    (0.5, "amount", "0%", "元", Reading(None, "text", "50%", 0, ("金额格里是百分数",))),
    (44927.0, "amount", "yyyy/m/d", "元", Reading(None, "text", "2023-01-01", 0, ("单元格是日期，不是数",))),
    (44927.0, "text", 'yyyy"年"m"月"', "元", empty("text", "2023-01-01")),
    (2022.0, "text", "General", "元", empty("text", "2022")),
    (0.95, "actual", "0%", "元", number("0.95", "95%")),
    (1e308, "amount", "General", "元", Reading(None, "error", "1e+308", notes=("数值大得不合情理",))),
    (float("nan"), "rate", "0%", "元", Reading(None, "error", "nan", notes=("数值大得不合情理",))),
    (float("-inf"), "score", "0", "元", Reading(None, "error", "-inf", notes=("数值大得不合情理",))),
    (True, "amount", "General", "元", empty("text", "TRUE")),
    (None, "amount", "0.00", "元", empty("blank", "")),
]


@pytest.mark.parametrize(("value", "kind", "number_format", "unit", "expected"), NUMBERS)
def test_stored_numbers(value, kind, number_format, unit, expected):
    assert read_number(value, kind, number_format, unit) == expected


@pytest.mark.parametrize(("value", "number_format", "text", "places"), [
    ("1234.5", "General", "1234.5", 1),
    ("0.123456789012345", "General", "0.123456789", 9),
    ("123456789.987654", "General", "123456790", 0),
    ("12", "0.00", "12.00", 2),
    ("0.005", "0.00", "0.01", 2),
    ("1234567", "#,##0", "1,234,567", 0),
    ("0.5", "#.##", ".5", 1),
    ("-1.5", "0.0;(0.0)", "(1.5)", 1),
    ("-1.5", "[Red]0.00", "-1.50", 2),
    ("12345678", "0.00,,", "12.35", 2),
    ("1234.5", '"¥"#,##0.00', "¥1,234.50", 2),
    ("1234.5", "[$¥-804]#,##0.00", "¥1,234.50", 2),
    ("3", "0." + "0" * 40, "3." + "0" * 40, 40),
    ("3", "0人", "3人", 0),
    ("3", "0\\项", "3项", 0),
    ("0.5", "# ?/?", "0.5", 1),
    ("12", "@", "12", 0),
])
def test_how_a_number_looks(value, number_format, text, places):
    shown = show(Decimal(value), number_format)
    assert (shown.text, shown.places) == (text, places)


AMOUNTS = st.decimals(min_value=-10**9, max_value=10**9, places=2)
KINDS = st.sampled_from(["amount", "count", "rate", "points", "score", "text", "target", "actual"])


@given(AMOUNTS)
def test_a_float_is_the_decimal_that_was_typed(amount):
    assert read_number(float(amount), "amount", "0.00", "元").value == amount
    assert read_number(float(amount), "amount", "0.00", "万元").value == amount * 10000


@given(AMOUNTS, st.sampled_from(["", "　", " ", "\u00a0"]),
       st.sampled_from(["", " ✓", "√", "。", "（查预算数）", "万元"]))
def test_what_stands_around_a_number_does_not_change_it(amount, before, after):
    reading = read_number(f"{before}{amount}{after}", "amount", "General", "万元")
    assert (reading.value, reading.state) == (amount * 10000, "number")
    assert (reading.places, len(reading.notes)) == (2, 1)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()), KINDS,
       st.one_of(st.text(max_size=12), st.sampled_from(["General", "0.00%", ACCOUNTING, "yyyy/m/d"])))
def test_every_content_has_one_reading(value, kind, number_format):
    reading = read_number(value, kind, number_format, "万元")
    assert (reading.value is not None) == (reading.state == "number")
    assert reading.places >= 0


@pytest.mark.parametrize(("value", "kind", "expected"), [
    ("505.05万元", "amount", number("5050500", "505.05万元", 2)), ("15", "points", number("15", "15")),
    ("94%", "rate", number("0.94", "94%")), (0.94, "rate", number("0.94", "0.94")),
    ("2.46 ✓", "amount", number("24600", "2.46 ✓", 2, "含“✓”，按 2.46 理解")),
    ("5050500元", "amount", number("5050500", "5050500元", 4, "写的是“元”，本表单位是万元，按 505.05 万元理解")),
])
def test_a_number_written_out_is_no_oddity_where_all_is_text(value: str | float, kind: str, expected: Reading):
    """In Word, and behind a label in the same cell."""
    assert read_number(value, kind, UNKNOWN_FORMAT, "万元") == expected
