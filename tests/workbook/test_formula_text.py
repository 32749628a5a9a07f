"""A formula is known again however a program spells it, and follows inserted rows as it does in a program."""

from __future__ import annotations

import pytest

from pyfuncs.workbook.formula_text import Lost, calls_add_in, moved, normalised

OURS = '=IF(OR(\'基础 表\'!$C$5="",$B$5=""),"",JX_RATE("430400/2022","甲 率",\'基础 表\'!$C$5,$B$5*0.5))'


@pytest.mark.parametrize("spelled", [
    OURS,
    OURS.removeprefix("="),
    OURS.replace("JX_RATE", "_xll.JX_RATE"),
    OURS.replace("JX_RATE", "jx_rate"),
    OURS.replace("JX_RATE", "[1]!JX_RATE"),
    OURS.replace("JX_RATE", "jixiao.xlam!JX_RATE"),
    OURS.replace("JX_RATE", r"'D:\绩效 工具\jixiao.xlam'!JX_RATE"),
    OURS.replace("JX_RATE", "ORG.JIXIAO.FUNCTIONS.JX_RATE"),
    OURS.replace("IF(OR(", "if( or ("),
    OURS.replace("*0.5", " * .50"),
    OURS.replace("$C$5", "$c$5"),
])
def test_the_same_formula_in_other_spellings(spelled: str):
    assert normalised(spelled) == normalised(OURS)


@pytest.mark.parametrize(("one", "other"), [
    ("='项目1'!$A$1", "=项目1!$A$1"),
    ("=IF(A1>=0.000001,TRUE,FALSE)", "=IF(A1>=1E-6,TRUE(),FALSE())"),
    ("=SUM(A1:B2)+100%", "= SUM( A1 : B2 ) + 100 %"),
])
def test_pairs_that_are_the_same(one: str, other: str):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize("changed", [
    OURS.replace("甲 率", "甲率"),                      # a space within a text is not nothing
    OURS.replace("JX_RATE", "JX_SCORE"),
    OURS.replace("$C$5", "$C$6"),
    OURS.replace("$B$5*", "B5*"),
    OURS.replace("0.5", "0.51"),
    OURS.replace("基础 表", "基础表"),
    OURS.replace("OR", "AND"),
    OURS + "+0",
])
def test_another_formula_is_another(changed: str):
    assert normalised(changed) != normalised(OURS)


@pytest.mark.parametrize(("formula", "expected"), [
    ('=jx_grade("430400/2022",A1)', True), ("='C:\\x\\jixiao.xlam'!JX_WAN(A1)", True), ("=1+[2]!JX_WAN(A1)", True),
    ('="JX_WAN(A1)"', False), ("=JX_WAN", False), ("=SUM(A1:A2)", False), ("=AJX_WAN(A1)", False),
])
def test_whether_the_add_in_is_needed(formula: str, expected: bool):
    assert calls_add_in(formula) is expected


def row_of(sheet: str, row: int) -> int | None:
    return {"": {5: 7, 6: 8}, "甲's 表": {5: 50, 9: 90}}[sheet].get(row)


@pytest.mark.parametrize(("formula", "expected"), [
    ("=SUM($B$5:$B$6)", "=SUM($B$7:$B$8)"),
    ("='甲''s 表'!$C$5+$C$5", "='乙''s 表'!$C$50+$C$7"),
    ("=SUM('甲''s 表'!$C$5:$D$9,B5)", "=SUM('乙''s 表'!$C$50:$D$90,B7)"),
    ('=IF(B5="B6",ROUND(B6,5),LOG10(B5))', '=IF(B7="B6",ROUND(B8,5),LOG10(B7))'),
])
def test_references_follow_their_rows(formula: str, expected: str):
    assert moved(formula, row_of, lambda name: name.replace("甲", "乙")) == expected


def test_a_row_that_is_gone_is_told():
    with pytest.raises(Lost):
        moved("=$B$9", row_of, str)
