"""Texts made to cost time: reading them takes time linear to their length, whatever they repeat."""

from __future__ import annotations

import time

import pytest
from prose.reading import facts_of

LENGTH, TIMES = 4_000, 5                              # characters, and how much longer the second text is
MOST, LITTLE = 10, 0.2                                # times as long as the first: 5 is linear, 25 quadratic; seconds
REPEATED = ["1", "一", "万", "壹", "1,", "1-", "1万", "1万元", "1万元-", "其中1万元，", "（", "）", "（1万元", "1万元（", "甲、", "5个、", "5个（甲、",
            "，", "2021年", "项目支出1万元，", "合计1万元，", "包括1元、2元。", "1=", "1+", "总", "总1元，", "百分之", "填报单位：", "一、\n",
            "20个，分别为甲、", "甲乙丙丁支出12元，其中", "预算安排决算实际完成1元，", "甲1元、", "甲、乙1元，", "1%、"]


def seconds(text: str) -> float:
    began = time.process_time()
    facts_of(text)
    return time.process_time() - began


@pytest.mark.parametrize("text", REPEATED)
def test_a_text_that_repeats_itself(text: str):
    short = text * (LENGTH // len(text))
    once, more = (min(seconds(given) for _ in range(3)) for given in (short, short * TIMES))
    assert more < max(LITTLE, MOST * once)
