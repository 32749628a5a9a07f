"""What a formula may look like, and what is said about one that can't be read."""
from __future__ import annotations

import os
import pickle
import subprocess
import sys
from decimal import Decimal

import pytest

from pyfuncs.language import (FUNCTIONS, Binary, Call, FormulaError, Number, Percent, Ref, Text, Unary,
                              evaluate, operands, parse)


def test_the_functions_are_these_and_no_more():
    assert list(FUNCTIONS) == ("IF AND OR NOT SUM MIN MAX ABS ROUND ROUNDUP ROUNDDOWN IFERROR ISNUMBER NA "
                               "COUNT COUNTA SUMIF SUMPRODUCT INDEX MATCH").split()


@pytest.mark.parametrize(("text", "tree"), [
    ("5万元", Number(Decimal(50000), True)),
    ("30 元", Number(Decimal(30), True)),
    ("1.5亿元", Number(Decimal(150_000_000), True)),
    ("１２．５％", Percent(Number(Decimal("12.5")))),
    ("“不适用”", Text("不适用")),
    ('"说""好"""', Text('说"好"')),
    ("基础数据!项目支出.本年决算", Ref("基础数据", ("项目支出", "本年决算"))),
    ("项目！资金．全年执行", Ref("项目", ("资金", "全年执行"))),
    ("业务明细.本年决算", Ref(None, ("业务明细", "本年决算"))),
    ("执行率", Ref(None, ("执行率",))),
    ("上年(基础数据!三公)", Ref("基础数据", ("三公",), prior=True)),
    ("-甲", Unary("-", Ref(None, ("甲",)))),
    ("sum（甲，乙）", Call("SUM", (Ref(None, ("甲",)), Ref(None, ("乙",))))),
    ("甲≥乙", Binary(">=", Ref(None, ("甲",)), Ref(None, ("乙",)))),
    ("甲≠乙", Binary("<>", Ref(None, ("甲",)), Ref(None, ("乙",)))),
    ("甲×2÷乙", Binary("/", Binary("*", Ref(None, ("甲",)), Number(Decimal(2))), Ref(None, ("乙",)))),
])
def test_reads(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(("text", "value"), [
    ("-2^2", 4), ("2^3^2", 64), ("2^-1", Decimal("0.5")), ("-50%", Decimal("-0.5")),
    ("200%%", Decimal("0.02")),
    ("1+2*3", 7), ("(1+2)*3", 9), ("8/4/2", 1), ("8-4-2", 2), ("1+1&2+2", "24"), ("1&2=12&\"\"", True),
    ("--3", 3), ("2*-3", -6), ("1=1", True), ("（１＋２）＝３", True),
])
def test_precedence_is_that_of_excel(text, value):
    assert evaluate(parse(text), {}.get) == value


def test_full_width_inside_quotes_stays():
    assert parse("“（一）ＡＢ”") == Text("（一）ＡＢ")


def test_operands_in_order_each_once():
    refs = operands(parse("SUM(丙)+甲*乙-甲+上年(甲)"))
    assert [(ref.key, ref.prior) for ref in refs] == [("丙", False), ("甲", False), ("乙", False), ("甲", True)]


@pytest.mark.parametrize(("text", "position", "found", "wanted"), [
    ("", 1, "空的公式", "写出项目或运算"),
    ("1+", 3, "公式的末尾", "是数字、文字、项目名称或左括号"),
    ("(1+2", 5, "公式的末尾", "写“)”"),
    ("甲 乙", 3, "“乙”", "在这里结束，或接运算符号"),
    ("5万", 1, "“5万”", "只写数字，或在数字后写 元、万元、亿元、%"),
    ("1e5", 1, "“1e5”", "只写数字，或在数字后写 元、万元、亿元、%"),
    ('甲="不适用', 3, "没有写完的文字", "在文字末尾补上引号"),
    ("甲~乙", 2, "“~”", "是数字、文字、项目名称或运算符号"),
    ("0<=甲<=1", 5, "“<=”", "一次只比较两个数，连着比较用 AND"),
    ("项目!", 4, "公式的末尾", "在“!”后面写项目名称"),
    ("项目.", 4, "公式的末尾", "在“.”后面写栏目名称"),
    ("IF(甲,乙)", 1, "IF 带 2 个参数", "带 3 个参数"),
    ("SUM()", 1, "SUM 带 0 个参数", "带至少 1 个参数"),
    ("SUMIF(甲)", 1, "SUMIF 带 1 个参数", "带 2 到 3 个参数"),
    ("上年(1)", 1, "上年( )", "在括号里写一个项目名称"),
    ("上年(上年(甲))", 1, "上年( )", "在括号里写一个项目名称"),
])
def test_says_what_is_wrong(text, position, found, wanted):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert (error.position, error.found, error.wanted) == (position, found, wanted)


@pytest.mark.parametrize("name", ["VLOOKUP", "INDIRECT", "LET", "求和", "ROND"])
def test_other_functions_are_refused(name):
    with pytest.raises(FormulaError, match="没有这个函数"):
        parse(f"{name}(甲)")


def test_the_message_shows_the_place():
    with pytest.raises(FormulaError) as caught:
        parse("项目支出 > 5万")
    assert str(caught.value).splitlines() == [
        "公式第 8 个字符处：写的是“5万”；应当只写数字，或在数字后写 元、万元、亿元、%，例如 5万元",
        "  项目支出 > 5万",
        "             ^^^",
    ]


def test_a_reference_is_found_again_in_another_process():
    """Workers are handed what was parsed; a hash of texts is another one in each of them."""
    [ref], seen = operands(parse("基础数据!三公 + 1")), "import pickle, sys; ref = pickle.load(sys.stdin.buffer); " \
        "from pyfuncs.language import Ref; assert ref in {Ref('基础数据', ('三公',))}; print(ref.pos)"
    assert ref in {Ref("基础数据", ("三公",))}
    for seed in ("1", "2"):
        told = subprocess.run([sys.executable, "-c", seen], input=pickle.dumps(ref), capture_output=True, check=True,
                              env={**os.environ, "PYTHONHASHSEED": seed})
        assert told.stdout.strip() == b"1"
