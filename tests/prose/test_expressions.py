"""Calculations printed in prose, worked out exactly."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from pyfuncs.prose.expressions import expressions_in
from pyfuncs.prose.numbers import level_text


def told(text: str) -> list[tuple[str, list[str], tuple[str, ...]]]:
    """The words on the left, each side with its value to six places (— for words), and the relations."""
    return [(one.subject, [f"{term.text}→{'—' if term.value is None else f'{round(term.value, 6).normalize():f}'}"
                           for term in one.terms], one.relations) for one in expressions_in(level_text(text), 1)]


@pytest.mark.parametrize(("text", "expected"), [
    ("控制率＝（在职人数÷编制数）×100%＝（12÷15）×100%＝80.00%，得5分",
     [("控制率", ["（12÷15）×100%→0.8", "80.00%→0.8"], ("=",))]),
    ("变动率＝（8万元-10万元）÷10万元×100%＝-20%", [("变动率", ["（8万元-10万元）÷10万元×100%→-0.2", "-20%→-0.2"], ("=",))]),
    ("调整率＝0.78÷68.16＝1.14%＜10%", [("调整率", ["0.78÷68.16→0.011444", "1.14%→0.0114", "10%→0.1"], ("=", "<"))]),
    ("为100%＜100%", [("为", ["100%→1", "100%→1"], ("<",))]),
    ("执行率=12÷15×100=80%", [("执行率", ["12÷15×100→0.8", "80%→0.8"], ("=",))]),
    ("增加9.64+0.95=10.59万元", [("增加", ["9.64+0.95→10.59", "10.59万元→10.59"], ("=",))]),
    ("合计1亿元+2000万元=1.2亿元", [("合计", ["1亿元+2000万元→120000000", "1.2亿元→120000000"], ("=",))]),
    ("满意度=96.2%×50%+96%×40%+96%×10%=96.1%", [("满意度", ["96.2%×50%+96%×40%+96%×10%→0.961", "96.1%→0.961"], ("=",))]),
    ("应为2*（3+4）/7≥2", [("应为", ["2*（3+4）/7→2", "2→2"], (">=",))]),
    ("满意度≥95%", []),
    ("率=5/0=1", []),
    ("（3+4=7", []),
    ("A类=1，B类=2", []),
    ("13.5（目标12）=3", []),
])
def test_what_is_worked_out(text: str, expected: list):
    assert told(text) == expected


def test_a_weighted_sum_of_words_keeps_its_weights():
    [one] = expressions_in(level_text("综合满意度＝（客商满意度×50%+群众满意度×0.4+职工满意度×10%）＝95.8%"), 1)
    assert [term.weights for term in one.terms] == [
        (("客商满意度", Decimal("0.5")), ("群众满意度", Decimal("0.4")), ("职工满意度", Decimal("0.1"))), ()]
    assert (one.terms[0].value, one.terms[1].value, one.subject) == (None, Decimal("0.958"), "综合满意度")


def test_places_and_figures_are_those_of_the_text():
    text = level_text("完成率＝（3万元÷4万元）×100%＝75.0%。")
    [one] = expressions_in(text, 7)
    left, right = one.terms
    assert [(value, text[span.start:span.end], span.paragraph) for value, span in left.figures] == [
        (Decimal(30000), "3万元", 7), (Decimal(40000), "4万元", 7), (Decimal(1), "100%", 7)]
    assert (right.single, right.percent, right.places, text[right.span.start:right.span.end]) == (True, True, 1, "75.0%")
    assert text[one.span.start:one.span.end] == "（3万元÷4万元）×100%＝75.0%".replace("＝", "=")


@pytest.mark.parametrize("text", ["（" * 100_000, "1+" * 50_000 + "=", "=" * 100_000, "1=" * 50_000, "-" * 100_000 + "1=1",
                                  "（1" * 50_000 + "=1", "9" * 100_000 + "=9"])
def test_time_is_linear(text: str):
    began = time.perf_counter()
    expressions_in(text, 1)
    assert time.perf_counter() - began < 5
