"""Which parts fit together."""
from __future__ import annotations

import pytest

from pyfuncs.language import FormulaError, RefInfo, check, parse

INFO = {"金甲": RefInfo("amount"), "金乙": RefInfo("amount"), "率": RefInfo("ratio"), "数": RefInfo("count"),
        "分": RefInfo("points"), "量": RefInfo("number"), "名": RefInfo("text"), "是": RefInfo("bool"),
        "列": RefInfo("amount", vector=True), "列分": RefInfo("points", vector=True),
        "列名": RefInfo("text", vector=True)}


def describe(ref):
    return INFO[ref.key]


@pytest.mark.parametrize(("text", "kind"), [
    ("金甲+金乙", "amount"), ("金甲-5万元", "amount"), ("金甲*90%", "amount"), ("金甲*数", "amount"),
    ("金甲/金乙", "ratio"), ("数/数", "ratio"), ("金甲/数", "amount"), ("SUM(列)", "amount"),
    ("金甲>0", "bool"), ("金甲>5万元", "bool"), ("率>=90%", "bool"), ("数=3", "bool"), ("分<=量", "bool"),
    ("名=\"甲\"", "bool"), ("率=\"不适用\"", "bool"), ("名&数", "text"), ("COUNT(列,列分)", "count"),
    ("IF(金甲=0,\"不适用\",金乙/金甲)", "ratio"), ("IFERROR(金甲/金乙,0)", "ratio"), ("ROUND(金甲,2)", "amount"),
    ("SUMIF(列名,\"甲\",列)", "amount"), ("SUMIF(列,\">0\")", "amount"), ("SUMPRODUCT(列,列分)", "amount"),
    ("INDEX(列,MATCH(\"甲\",列名,0))", "amount"), ("ISNUMBER(名)", "bool"), ("AND(是,NOT(是))", "bool"),
    ("率^2", "ratio"), ("-金甲", "amount"), ("金甲%", "amount"), ("NA()", None), ("MAX(金甲,0)", "amount"),
])
def test_kind_of_a_value(text, kind):
    assert check(parse(text), describe) == kind


@pytest.mark.parametrize(("text", "position", "found"), [
    ("金甲>5", 4, "没有单位的“5”，它在和金额一起用"),
    ("SUM(列)+1000", 8, "没有单位的“1000”，它在和金额一起用"),
    ("金甲+率", 3, "金额与不是金额的数相加、相减或相比"),
    ("金甲<=数", 3, "金额与不是金额的数相加、相减或相比"),
    ("率+数", 2, "比率与个数一起用"),
    ("金甲*金乙", 3, "金额乘金额"),
    ("SUMPRODUCT(列,列)", 1, "金额乘金额"),
    ("率/金甲", 2, "用金额去除不是金额的数"),
    ("金甲^2", 3, "乘方"), ("率^0.5", 2, "乘方"), ("率^0", 2, "乘方"),
    ("名>率", 2, "文字用“>”比大小"), ("率>=\"不适用\"", 2, "文字用“>=”比大小"),
    ("名=率", 2, "文字与数相比"),
    ("名+1", 1, "文字"), ("ABS(名)", 5, "文字"), ("(率>1)+1", 3, "判断（成立或不成立）"),
    ("列+金甲", 1, "“列”，它是一列（或多张表）的数"), ("列", 1, "“列”，它是一列（或多张表）的数"),
    ("ABS(列)", 5, "“列”，它是一列（或多张表）的数"), ("IF(列>0,1,2)", 4, "“列”，它是一列（或多张表）的数"),
    ("IF(金甲,1,2)", 4, "一个数或文字"), ("AND(率)", 5, "一个数或文字"),
    ("IF(是,金甲,率)", 1, "金额与不是金额的数相加、相减或相比"),
    ("MAX(金甲,5)", 8, "没有单位的“5”，它在和金额一起用"),
    ("COUNT(金甲+1元)", 9, "一个算式"), ("INDEX(列,0)", 9, "第 0 行"),
    ("SUMIF(列,\">50000\")", 9, "条件“>50000”"), ("MATCH(\"甲\",列名,1)", 1, "MATCH"),
])
def test_refuses(text, position, found):
    with pytest.raises(FormulaError) as caught:
        check(parse(text), describe)
    assert (caught.value.position, caught.value.found) == (position, found)
    assert text in str(caught.value)
    assert caught.value.example in str(caught.value)
