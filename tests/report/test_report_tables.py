"""Tables on a console, and figures in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.language import NOT_APPLICABLE, CellError
from pyfuncs.report.text_table import display_width, shorten, table
from pyfuncs.report.wording import percent, rate_text, score_text


def test_columns_line_up_though_chinese_is_twice_as_wide():
    assert table(["单位", "结论", "条数"], [["甲中心", "须修改", "12"], ["A公司", "可以上报", "0"]], right=(2,)) == (
        "单位    结论      条数\n"
        "甲中心  须修改      12\n"
        "A公司   可以上报     0")


@pytest.mark.parametrize(("text", "width"), [("甲", 2), ("a", 1), ("ａ", 2), ("é", 1), ("e\u0301", 1), ("\u200b", 0)])
def test_width(text: str, width: int):
    assert display_width(text) == width


@given(st.text(), st.integers(min_value=1, max_value=30))
def test_a_shortened_text_fits(text: str, width: int):
    short = shorten(text, width)
    assert display_width(short) <= width and "\n" not in short


@pytest.mark.parametrize(("value", "decimals", "text"), [
    (Decimal("0.6854"), 2, "68.54%"), (Decimal("1.544995"), 0, "154%"), (Decimal("1.545"), 0, "155%"),
    (Decimal("-0.66666"), 2, "-66.67%"), (NOT_APPLICABLE, 2, "不适用"), (CellError("#N/A"), 2, "算不出来"),
    (None, 2, "算不出来"),
])
def test_rates_in_words(value, decimals: int, text: str):
    assert rate_text(value, decimals) == text


def test_figures_are_rounded_once_and_half_up():
    assert [percent(Decimal("0.12345"), 2), score_text(Decimal("6.854")), score_text(Decimal("6.855")),
            score_text(Decimal("90.00"))] == ["12.35%", "6.85", "6.86", "90"]
