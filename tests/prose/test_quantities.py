"""Numbers in prose: every notation of one amount is one amount; what is no figure is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfuncs.prose.numbers import Quantity, level_text, quantities
from pyfuncs.prose.numerals import capital_amount, chinese_number
from pyfuncs.prose.vocabulary import MONEY

FULL = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


def read(text: str) -> list[Quantity]:
    return quantities(level_text(text))


def shown(text: str) -> list[tuple[str, str, str, str]]:
    """value, measure, approximation and the words themselves."""
    return [(f"{one.value.normalize():f}" + (f"~{one.high.normalize():f}" if one.high is not None else ""), one.measure,
             one.approx, text[one.start:one.end]) for one in read(text)]


@pytest.mark.parametrize(("text", "expected"), [
    ("支出12.50万元", [("125000", "元", "", "12.50万元")]),
    ("支出 1,234,567.89 元", [("1234567.89", "元", "", "1,234,567.89 元")]),
    ("支出１２．５万元", [("125000", "元", "", "１２．５万元")]),
    ("支出１，２３４．５元", [("1234.5", "元", "", "１，２３４．５元")]),
    ("投资40.3.亿元", [("4030000000", "元", "", "40.3.亿元")]),
    ("结余为-25.83万元", [("-258300", "元", "", "-25.83万元")]),
    ("结余为负25.83万元", [("-258300", "元", "", "负25.83万元")]),
    ("人民币叁佰贰拾万元整", [("3200000", "元", "", "叁佰贰拾万元整")]),
    ("三十二万元，二十三人", [("320000", "元", "", "三十二万元"), ("23", "人", "", "二十三人")]),
    ("外资2677万美元", [("26770000", "美元", "", "2677万美元")]),
    ("率为95.5%，提高2个百分点", [("0.955", "%", "", "95.5%"), ("0.02", "百分点", "", "2个百分点")]),
    ("达百分之九十五点五", [("0.955", "%", "", "百分之九十五点五")]),
    ("约50万元，近3000人，500余家", [("500000", "元", "about", "约50万元"), ("3000", "人", "below", "近3000人"),
                              ("500", "家", "above", "500余家")]),
    ("3万余元，5万余人次", [("30000", "元", "above", "3万余元"), ("50000", "人次", "above", "5万余人次")]),
    ("不少于3次，95%以上，≤90万元", [("3", "次", "at_least", "不少于3次"), ("0.95", "%", "at_least", "95%以上"),
                             ("900000", "元", "at_most", "≤90万元")]),
    ("1-10亿元，10%～20%，100至200人次", [("100000000~1000000000", "元", "", "1-10亿元"), ("0.1~0.2", "%", "", "10%～20%"),
                                    ("100~200", "人次", "", "100至200人次")]),
    ("点击量超8万次", [("80000", "次", "above", "超8万次")]),
    ("得97.5分", [("97.5", "分", "", "97.5分")]),
    ("财政投入80万进行奖补", [("800000", "元", "", "80万")]),
    ("引进了80万", []),                                  # of what, nobody says
    ("2022年3月22日，1-11月，第3届，20号，120寸，3楼，5分钟，第二个", []),
    ("2019—2021年，2020-2021年", []),
    ("某发〔2017〕38号，附件2，任务5：招商", []),
    ("年度任务3.5万平方米", [("35000", "平方米", "", "3.5万平方米")]),
    ("一个单位，二次招商，汽车零部件，十分重要，“三个中心”", []),
    ("12345678901234567890元", []),
    ("下设2分公司、3分局，5分管", []), ("2.1.3", []), ("1．项目支出，2.个人，3.元旦", []),
])
def test_what_is_read(text: str, expected: list):
    assert shown(text) == expected


@given(st.integers(min_value=0, max_value=10 ** 13), st.sampled_from(sorted(MONEY)),
       st.sampled_from(["plain", "commas", "full", "full commas", "blank"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_an_amount_in_any_unit_and_notation_is_the_same_in_yuan(cents: int, unit: str, notation: str, negative: bool):
    amount = Decimal(cents) / 100
    number = f"{amount / MONEY[unit]:f}" if "." in f"{amount / MONEY[unit]:f}" else f"{amount / MONEY[unit]:f}.0"
    whole, _, places = number.partition(".")
    whole = f"{int(whole):,}" if "commas" in notation else whole
    written = f"{'-' if negative and cents else ''}{whole}.{places}"
    if notation.startswith("full"):
        written = written.translate(FULL)
    text = f"合计{written}{' ' if notation == 'blank' else ''}{unit}，其中"
    if len(whole.replace(",", "") + places) > 18:        # longer than any figure: left out
        assert read(text) == []
        return
    [found] = read(text)
    assert (found.value, found.measure, found.places) == (-amount if negative else amount, "元", len(places))
    assert found.step == MONEY[unit] * Decimal(1).scaleb(-len(places))


@given(st.integers(min_value=0, max_value=10 ** 12 - 1), st.integers(min_value=0, max_value=99))
@settings(max_examples=300, deadline=None)
def test_capitals_and_chinese_numerals_read_back(number: int, cents: int):
    words = in_words(number, "零一二三四五六七八九", "十百千")
    assert chinese_number(words) == number
    capitals = in_words(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
    tail = (f"{'零壹贰叁肆伍陆柒捌玖'[cents // 10]}角" if cents // 10 else "") + (
        f"{'零壹贰叁肆伍陆柒捌玖'[cents % 10]}分" if cents % 10 else "")
    assert capital_amount(f"{capitals}元{tail or '整'}") == number + Decimal(cents) / 100


def in_words(number: int, digits: str, steps: str) -> str:
    """Written out by the rules of accounting: 零 between, no 一 left out."""
    if not number:
        return digits[0]
    found, gap = "", False
    for power, myriad in ((8, "亿"), (4, "万"), (0, "")):
        section = number // 10 ** power % 10 ** 4
        if section and found and (gap or section < 1000):
            found += digits[0]
        gap = not section and bool(found)
        found += _section(section, digits, steps) + (myriad if section else "")
    return found


def _section(section: int, digits: str, steps: str) -> str:
    found, gap = "", False
    for power in (3, 2, 1, 0):
        digit = section // 10 ** power % 10
        if digit:
            found += (digits[0] if gap and found else "") + digits[digit] + (steps[power - 1] if power else "")
        gap = not digit
    return found


@pytest.mark.parametrize("words", ["二三", "一百二", "三千五", "万", "点五", "三点", ""])
def test_words_that_may_mean_two_numbers_are_none(words: str):
    assert chinese_number(words) is None
