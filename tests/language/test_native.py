"""What is written into a cell, and how it is said in words."""
from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.language import Address, FormulaError, RefInfo, parse, to_chinese, to_excel

WAN = Decimal(10_000)
ITEMS = {
    "甲": (RefInfo("amount", scale=WAN), ("A1",)), "乙": (RefInfo("amount", scale=WAN), ("A2",)),
    "元": (RefInfo("amount"), ("B1",)), "率": (RefInfo("ratio"), ("C1",)), "数": (RefInfo("count"), ("C2",)),
    "名": (RefInfo("text"), ("C3",)), "是": (RefInfo("bool"), ("C4",)),
    "列": (RefInfo("amount", True, WAN), ("D1:D9",)), "分": (RefInfo("points", True), ("E1:E9",)),
    "表": (RefInfo("amount", True, WAN), ("'项目1'!$E$4", "'项目2'!$E$4")),
    "表分": (RefInfo("points", True), ("'项目1'!$F$4", "'项目2'!$F$4")),
}


def native(text, **options):
    return to_excel(parse(text), lambda ref: Address(ITEMS[ref.key][1]), lambda ref: ITEMS[ref.key][0],
                    **options)


@pytest.mark.parametrize(("text", "formula"), [
    ("甲+乙", "IF(COUNT(A1,A2)<2,NA(),A1+A2)"),
    ("甲", "IF(ISBLANK(A1),NA(),A1)"),
    ("SUM(表)", "SUM('项目1'!$E$4,'项目2'!$E$4)"),
    ("甲=SUM(表)", "IF(COUNT(A1)<1,NA(),ROUND(A1-SUM('项目1'!$E$4,'项目2'!$E$4),8)=0)"),
    ("甲>5万元", "IF(COUNT(A1)<1,NA(),ROUND(A1-5,8)>0)"),
    ("元>5万元", "IF(COUNT(B1)<1,NA(),ROUND(B1-50000,4)>0)"),
    ("甲-元", "IF(COUNT(A1,B1)<2,NA(),A1*10000-B1)"),
    ("SUM(列)+元", "IF(COUNT(B1)<1,NA(),(SUM(D1:D9)*10000)+B1)"),
    ("SUM(列,元,甲)", "(SUM(D1:D9,A1)*10000+SUM(B1))"),
    ("率>=90%", "IF(COUNT(C1)<1,NA(),ROUND(C1-90%,13)>=0)"),
    ("数=3", "IF(COUNT(C2)<1,NA(),ROUND(C2-3,12)=0)"),
    ("COUNT(分)=3", "COUNT(E1:E9)=3"),
    ("名=\"甲\"", "C3=\"甲\""),
    ("率=\"不适用\"", "C1=\"不适用\""),
    ("IF(甲=0,\"不适用\",乙/甲)", "IF(COUNT(A1)<1,NA(),IF(ROUND(A1,8)=0,\"不适用\",IF(COUNT(A2)<1,NA(),A2/A1)))"),
    ("IFERROR(甲/乙,0)", "IFERROR(IF(COUNT(A1,A2)<2,NA(),A1/A2),0)"),
    ("乙/(甲-乙)", "IF(COUNT(A2,A1)<2,NA(),A2/ROUND(A1-A2,8))"),
    ("ROUND(甲,2)", "IF(COUNT(A1)<1,NA(),ROUND(ROUND(A1,10),6))"),
    ("ROUNDUP(率/0.01,0)", "IF(COUNT(C1)<1,NA(),ROUNDUP(ROUND(C1/0.01,13),0))"),
    ("ROUNDUP(ROUND(率/0.01,11),0)", "IF(COUNT(C1)<1,NA(),ROUNDUP(ROUND(C1/0.01,11),0))"),
    ("-率^2", "IF(COUNT(C1)<1,NA(),(-C1)^2)"),
    ("甲-(乙-甲)", "IF(COUNT(A1,A2)<2,NA(),A1-(A2-A1))"),
    ("(甲+乙)*率", "IF(COUNT(A1,A2,C1)<3,NA(),(A1+A2)*C1)"),
    ("AND(是,率>0)", "IF(COUNT(C1)<1,NA(),AND(IF(ISLOGICAL(C4),C4,NA()),ROUND(C1,13)>0))"),
    ("ISNUMBER(率)", "ISNUMBER(C1)"),
    ("SUMIF(分,\">=0\",列)", "SUMIF(E1:E9,\">=0\",D1:D9)"),
    ("SUMIF(表分,\">=0\",表)", "(SUMIF('项目1'!$F$4,\">=0\",'项目1'!$E$4)+SUMIF('项目2'!$F$4,\">=0\",'项目2'!$E$4))"),
    ("SUMPRODUCT(列,分)", "SUMPRODUCT(D1:D9,E1:E9)"),
    ("INDEX(列,2)", "IF(INDEX(D1:D9,2)=\"\",NA(),INDEX(D1:D9,2))"),
    ("INDEX(列,2)+甲", "IF(COUNT(A1)<1,NA(),IF(ISNUMBER(INDEX(D1:D9,2)),INDEX(D1:D9,2),NA())+A1)"),
    ("INDEX(分,数)", "IF(COUNT(C2)<1,NA(),IF(INDEX(E1:E9,IF(C2<1,NA(),C2))=\"\",NA(),"
                  "INDEX(E1:E9,IF(C2<1,NA(),C2))))"),
    ("名&\"合计\"\"\"", "C3&\"合计\"\"\""),
    ("MAX(IF(甲>0,甲,乙),0)", "IF(COUNT(A1)<1,NA(),MAX(IF(ROUND(A1,8)>0,A1,IF(ISBLANK(A2),NA(),A2))+0,0))"),
])
def test_native_formula(text, formula):
    assert native(text) == formula


def test_the_receiving_cell_may_have_another_unit():
    assert native("甲+5万元", scale=Decimal(1)) == "IF(COUNT(A1)<1,NA(),A1*10000+50000)"
    assert native("SUM(列)", scale=Decimal(1)) == "(SUM(D1:D9)*10000)"
    assert native("元+5万元", scale=WAN) == "IF(COUNT(B1)<1,NA(),B1/10000+5)"


def test_cells_known_to_be_numbers_are_not_tested_again():
    assert native("甲+乙", numeric={"甲", "乙"}) == "A1+A2"


@pytest.mark.parametrize(("text", "found"), [
    ("上年(甲)+乙", "上年(甲)，表里没有上年的数"),
    ("MAX(列,元)", "MAX 里有两种计量单位的金额"),
    ("SUMPRODUCT(列,表分)", "SUMPRODUCT 的各列不在同样多的表上"),
    ("INDEX(表,1)", "INDEX 在多张表里查找"),
    ("表+甲", "“表”，它在 2 张表上"),
])
def test_no_native_form(text, found):
    with pytest.raises(FormulaError) as caught:
        native(text)
    assert caught.value.found == found


SHOWN = {"项目支出": "25.50 万元", "项目": "22.50 万元"}


@pytest.mark.parametrize(("text", "words"), [
    ("项目支出=SUM(项目)", "项目支出（25.50 万元）＝ 项目之和（22.50 万元）"),
    ("项目支出-项目<=5万元", "项目支出（25.50 万元） － 项目（22.50 万元）≤ 5 万元"),
    ("AND(项目支出>0,NOT(项目=0))", "项目支出（25.50 万元）＞ 0，并且并非（项目（22.50 万元）＝ 0）"),
])
def test_words_with_values(text, words):
    assert to_chinese(parse(text), lambda ref: ref.key, lambda ref: SHOWN[ref.key]) == words


@pytest.mark.parametrize(("text", "words"), [
    ("IF(甲=0,\"不适用\",乙/甲)", "（如果甲＝ 0，则“不适用”，否则乙 ÷ 甲）"),
    ("OR(甲>1.5亿元,乙<30元)", "（甲＞ 1.5 亿元，或者乙＜ 30 元）"),
    ("(甲+乙)*90%", "（甲 ＋ 乙） × 90%"),
    ("-甲^2", "－甲的 2 次方"),
    ("SUM(甲,乙)", "甲、乙之和"),
    ("MAX(甲,乙)-MIN(甲,乙)", "甲、乙中的最大数 － 甲、乙中的最小数"),
    ("ROUND(甲,2)", "甲（四舍五入，保留 2 位小数）"),
    ("ABS(甲-乙)", "（甲 － 乙）的绝对值"),
    ("IFERROR(甲/乙,NA())", "甲 ÷ 乙（算不出时取 无法计算）"),
    ("COUNT(甲)=COUNTA(乙)", "甲填了数的个数＝ 乙已填的个数"),
    ("COUNT(甲,乙)", "甲、乙中填了数的个数"),
    ("SUMIF(甲,\">=0\",乙)", "乙之和（只算甲为“>=0”的行）"),
    ("SUMPRODUCT(甲,乙)", "甲与乙逐行相乘之和"),
    ("INDEX(甲,MATCH(\"数量\",乙,0))", "甲的第 “数量”在乙中的行次 行"),
    ("上年(甲)<>甲", "上年甲≠ 甲"),
    ("ISNUMBER(甲)", "甲是数"),
    ("甲&\"元\"", "甲 接 “元”"),
])
def test_words(text, words):
    assert to_chinese(parse(text), lambda ref: ref.key) == words
