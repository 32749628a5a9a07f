"""Whatever a text says: reading it never fails, and every place it tells is a place in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from prose.reading import facts_of, report_of

PIECES = ["其中", "：", "，", "；", "、", "。", "（", "）", "1", "2.5", "12,345", "３", "万元", "元", "亿", "%", "个", "家", "人", "分", "年", "2022年",
          "2019—2021年", "－", "×", "÷", "＝", "＜", "+", "约", "余", "以上", "至", "合计", "包括", "分别为", "等", "和", "一、", "\n", "\t", " ",
          "项目支出", "年初预算", "决算", "比上年增加", "占", "得满分", "率", "甲公司", "叁佰元整", "百分之", "三十二", "第", "“", "-", ".", "40.3.亿元"]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(texts)
@settings(max_examples=400, deadline=None)
def test_facts_keep_their_promises(text: str):
    report, facts = report_of(text), facts_of(text)
    for sentence in facts.sentences:
        assert report.quote(sentence.span) == sentence.text
    assert [one.span for one in facts.figures] == sorted(
        (one.span for one in facts.figures), key=lambda span: (span.paragraph, span.start))
    for fact in facts.figures:
        assert report.quote(fact.span) == fact.text != ""
        own = facts.sentences[fact.sentence].span
        assert own.paragraph == fact.span.paragraph and own.start <= fact.span.start
        assert fact.value.is_finite() and fact.step > 0 and (fact.high is None or fact.high > fact.value)
    for one in facts.breakdowns:
        parts = [facts.figures[part] for part in one.parts]
        assert parts and one.whole not in one.parts and sorted(set(one.parts)) == list(one.parts)
        assert {part.measure for part in parts} == {facts.figures[one.whole].measure}
    for naming in facts.namings:
        assert len(naming.names) > 1 and all(naming.names) and facts.figures[naming.count].kind == "count"
        assert report.quote(naming.span)
    for expression in facts.expressions:
        assert len(expression.terms) == len(expression.relations) + 1
        assert all(term.value is None or term.value.is_finite() for term in expression.terms)
        assert report.quote(expression.span)
