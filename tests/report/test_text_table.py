"""Cells that are wider than their column go on in the lines below."""

from __future__ import annotations

from hypothesis import given, strategies as st

from pyfuncs.report.text_table import display_width, table, wrap, wrapped_rows


def test_chinese_breaks_anywhere_numbers_words_and_marks_do_not():
    assert wrap("样例市 2023 年度（990300/2023）", 28) == ["样例市 2023 年度", "（990300/2023）"]
    assert wrap("各档：不超过 10%，得《甲表》的分。", 10) == ["各档：不超", "过 10%，得", "《甲表》的", "分。"]
    assert wrap("甲乙丙丁，戊", 8) == ["甲乙丙", "丁，戊"] and wrap("甲乙丙《丁》", 8) == ["甲乙丙", "《丁》"]
    assert wrap("abcdefghijkl", 5) == ["abcde", "fghij", "kl"]
    assert wrap("甲\n乙", 10) == ["甲 乙"]
    assert wrap("", 10) == [""]


def test_rows_grow_downwards():
    rows = wrapped_rows([("甲", "一二三四"), ("乙丙丁", "")], (4, 4))
    assert rows == [("甲", "一二"), ("", "三四"), ("乙丙", ""), ("丁", "")]
    assert table(("头", "尾"), rows).splitlines() == ["头    尾", "甲    一二", "      三四", "乙丙", "丁"]


@given(st.text(alphabet="甲乙（）。，abc12 %", max_size=60), st.integers(2, 20))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int):
    lines = wrap(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
