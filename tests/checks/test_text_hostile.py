"""Whatever stands in a report: no check fails on it, every place is where its quote stands, and time stays linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from text_reports import report_of, told

from pyfuncs.checks.text import text_findings
from pyfuncs.prose.facts import read_facts

PIECES = [
    "一、", "（二）", "①", "2021年", "2020年度", "年初预算", "决算", "支出", "基本支出", "项目支出", "“三公”经费", "其中：", "合计", "包括", "分别为",
    "占", "占比", "的", "比上年", "增长", "下降", "减少", "执行率", "完成率", "控制率＝", "得分", "得满分", "总分", "等级为“优”", "分值", "编制", "在编人员",
    "0", "1", "12.5", "100", "3,000", "-", "＋", "÷", "×", "（", "）", "＝", "＜", "≤", "%", "％", "万元", "元", "亿元", "个", "人", "名", "家", "分", "份",
    "，", "；", "。", "、", "：", "\n", "\t", " ", "甲", "乙项目", "丙科", "等", "每台", "问卷", "满意度", "累计折旧", "净值", "目标", "以上", "余", "约",
    "（查预算数）", "50亿元以上项目", "《评分表》", "根据", "评分", "同比", "二O二二年", "——", "０", "壹佰元整",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_text_is_checked_and_every_place_is_its_quote(text: str) -> None:
    lines = text.split("\n")
    for finding in told(text, year="2021"):
        assert finding.message and finding.advice and finding.rule_id.startswith("ZW-")
        for place in finding.places:
            assert lines[place.number - 1][place.start:place.end] == place.quote


LONG = {
    "one sentence of figures": "项目支出10万元，其中基本支出3万元，占比30%，",
    "calculations": "率＝（2万元-5万元）÷5万元×100%＝60%，",
    "indicators": "①在职人员控制率（3分）：得满分4分。\n",
    "headings": "三、基本情况\n",
    "words of change": "比上年预算增长了",
    "sizes": "50亿元以上项目1个",
    "periods": "2020—2021年履约率",
    "annexes": "根据《评分表",
    "open brackets": "（《〔“",
    "shares of a whole": "总支出10万元，基本支出9万元，占总支出的5%。\n",
    "years": "2020年决算",
    "lists": "甲、乙、丙等2个项目（甲、乙、丙），",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_time_is_linear_in_the_length_of_the_report(piece: str) -> None:
    seconds = [min(_seconds(piece, length) for _ in range(3)) for length in (10_000, 40_000)]
    assert seconds[1] < max(0.5, 9 * seconds[0])      # four times the text; a square would take sixteen times as long


def _seconds(piece: str, length: int) -> float:
    report = report_of(piece * (length // len(piece)), "2021")
    facts = read_facts(report)
    start = time.process_time()
    text_findings(report, facts)
    return time.process_time() - start
