"""Targets and results as people type them."""
from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.language import CellError
from pyfuncs.methods import indicator_score, parse_actual, parse_target


@pytest.mark.parametrize(("text", "op", "value", "unit"), [
    ("≥3次", ">=", "3", "次"), ("=100%", "=", "1", "%"), ("≤90万元", "<=", "900000", "元"), ("≧ 3", ">=", "3", ""),
    ("⩽3", "<=", "3", ""), ("═5个", "=", "5", "个"), ("﹦ 6", "=", "6", ""), ("> 7", ">", "7", ""),
    ("<8天", "<", "8", "天"),
    ("＞＝９５％", ">=", "0.95", "%"), ("=>3", ">=", "3", ""), ("不低于3次", ">=", "3", "次"),
    ("不超过 90 万元", "<=", "900000", "元"),
    ("至少2场", ">=", "2", "场"), ("低于5%", "<", "0.05", "%"), ("超过10人", ">", "10", "人"),
    ("等于100%", "=", "1", "%"),
    ("100人次以上", ">=", "100", "人次"), ("90%及以上", ">=", "0.9", "%"), ("30日以内", "<=", "30", "日"),
    ("200人次", "=", "200", "人次"), ("≥100百分比", ">=", "1", "%"), ("1,200.5元", "=", "1200.5", "元"),
    ("-5%", "=", "-0.05", "%"),
])
def test_targets(text, op, value, unit):
    target = parse_target(text)
    assert (target.op, target.value, target.unit) == (op, Decimal(value), unit)


@pytest.mark.parametrize("text", ["优", "", "80%-90%", "2022年12月前", "12月底", "≥", "3~5次", "良好以上", "每人3次、每年5次",
                                  None, True, "≥3次/人", "前10名以上"])
def test_what_is_no_target(text):
    assert parse_target(text) is None


@pytest.mark.parametrize(("raw", "value", "unit"), [
    ("97.5%", "0.975", "%"), ("３次", "3", "次"), ("505.05万元", "5050500", "元"), ("2.46 ✓", "2.46", ""),
    (Decimal("0.97"), "0.97", ""), ("7.50", "7.50", ""), ("15个.", "15", "个"),
])
def test_results(raw, value, unit):
    quantity = parse_actual(raw)
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)


@pytest.mark.parametrize("raw", ["≥95%", "100人次以上", "已完成", None, True, "3以内"])
def test_what_is_no_result(raw):
    assert parse_actual(raw) is None


VALUE, NA = CellError("#VALUE!"), CellError("#N/A")


@pytest.mark.parametrize(("target", "actual", "score"), [
    ("≥3次", Decimal(3), 10), ("≥3次", "4次", 10), ("≥4次", "3次", "7.5"), ("=100%", "97.5%", "9.75"),
    ("≤90万元", "45万元", 10),
    ("≤90万元", "100万元", 9), ("≤90万元", "1000000元", 9), ("≥95%", Decimal("0.95"), 10), ("≥80%", "60", "7.5"),
    ("=0次", Decimal(0), 10), ("=0次", "2次", 0), ("≤0次", "0次", 10), ("≥0", Decimal(-1), 0),
    ("≥0", Decimal(1), 10),
    (Decimal(4), Decimal(3), "7.5"), ("100人次以上", "50人次", 5), ("<8天", "16天", 5),
])
def test_indicator_scores(target, actual, score):
    assert indicator_score(target, actual, Decimal(10)) == Decimal(score)


@pytest.mark.parametrize(("target", "actual", "points", "result"), [
    ("≥3次", None, Decimal(10), NA), (None, "3次", Decimal(10), NA), ("≥3次", "3次", None, NA),
    ("不适用", "3次", Decimal(10), "不适用"), ("≥3次", "不适用", Decimal(10), "不适用"),
    ("优", "3次", Decimal(10), VALUE), ("≥3次", "已完成", Decimal(10), VALUE), ("≥3次", "3次", "十分", VALUE),
    ("≥95%", Decimal(97), Decimal(10), VALUE), ("≥95%", "97次", Decimal(10), VALUE),
    ("≤90万元", Decimal(80), Decimal(10), VALUE),
    ("≥3次", "95%", Decimal(10), VALUE), (CellError("#REF!"), "3次", Decimal(10), CellError("#REF!")),
])
def test_where_there_is_no_indicator_score(target, actual, points, result):
    assert indicator_score(target, actual, points) == result
