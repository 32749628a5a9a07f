"""One thing told twice: with different figures, as a goal and as an outcome, of one year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.words import clean, half_up, plain
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, figures, measure, name, printed_as, scale, show, unnamed
from pyfuncs.prose.model import Fact, Span

_LARGE = re.compile(r"(?:投资)?(?P<least>\d+(?:\.\d+)?)亿元?以上(?:的)?(?:产业|投资)?项目(?P<count>\d+)个")
_AIM = re.compile(r"预计(?!全年完成)|计划(?!总?投资)|力争|预期|争取|拟|确保|目标(?!企业)|任务(?!的)|应达")
_DONE = re.compile(r"实际完成|已完成|完成情况|全年完成")
_SENTENCE = 120                                       # signs before a number in which a goal is told as one
_GOAL_LINE = re.compile(r"\s*(?:预计|计划|力争|预期|年初设定|年度目标|目标\d*[:：]|总体计划)")
_NOISE = re.compile(r"[“”\"'‘’\s]|全年|年度|本年|当年|共|累计|已经|其中|计划|力争|预计|目标[:：]|产业(?=项目)|20\d\d年|^年|^[了和及并]")
_HOLDERS = re.compile(r"局机关|机关本级|本级|下属|所属|局属|二级(?:机构|单位)")
_SPLIT = re.compile(r"[，,。；;：:、（）()]")
# Said of many things in one report; alone they do not tell which.
_VAGUE = re.compile(r"(?:总?投资额?|投资总额|金额|资金|合计|人数|人员|次数|家数|企业|项目|活动|培训|会议|座谈会|参加|面积|总量)\Z")
_STAGE = ("年初", "预算", "追加", "调整", "决算", "实际", "目标", "上年", "年末", "结转", "结余", "累计", "增长", "下降", "差额",
          "占", "同比", "平均", "剩余", "满分", "得分", "分值", "比率", "倒扣")


@dataclass(frozen=True)
class Told:
    """A number of things as one sentence tells it. `aim`: a goal, not an outcome."""

    what: str
    aim: bool
    value: Decimal
    words: str
    span: Span


def check_repeats(prose: Prose) -> Iterator[Finding]:
    yield from _figures(prose)
    yield from _things(prose)
    yield from _bases(prose)


# -- amounts and people that have a standard name -----------------------------------------------------------


def _figures(prose: Prose) -> Iterator[Finding]:
    groups: dict[tuple, list[Fact]] = defaultdict(list)
    for fact in prose.facts.figures:
        told = fact.key and fact.exact and fact.kind in ("amount", "count") and not prose.worked(fact.span)
        if told and fact.span not in prose.inner and not unnamed(prose, fact):
            stage = frozenset(fact.qualifiers & set(_STAGE))
            groups[fact.key, measure(fact), fact.year, stage].append(fact)
    for facts in groups.values():
        first, others = facts[0], [one for one in facts[1:] if not _alike(facts[0], one)]
        other = others[0] if others and all(_alike(others[0], one) for one in others) else None
        if other is None or other.span.paragraph == first.span.paragraph or _of_others(prose, first, other):
            continue
        if not _slip(first, other):
            yield prose.finding(
                "ZW-09", [other.span, first.span],
                f"{name(other)}：{prose.where(first.span)}写 {show(first)}，{prose.where(other.span)}写 {show(other)}。",
                severity="error" if _near(first, other) else "warning", expected=show(first), actual=show(other),
                subject=f"{first.key}|{first.year}", values=figures([first, other]))
        else:
            yield _unit(prose, first, other)


def _of_others(prose: Prose, one: Fact, other: Fact) -> bool:
    """Parts of two wholes, or figures of a part of the unit: 局机关支出…，其中基本支出…；局属学校支出…，其中基本支出…."""
    wholes = [{whole.value for part, whole in prose.parts_told.get((fact.value, fact.measure), ())
               if part.span == fact.span} for fact in (one, other)]
    if all(wholes) and not wholes[0] & wholes[1]:
        return True
    words = [f"{prose.before(fact)[-_SENTENCE:]}{''.join(prose.sentence(fact).headings)}" for fact in (one, other)]
    return any(map(_HOLDERS.search, words))


def _near(one: Fact, other: Fact) -> bool:
    """So close that both are the same figure, one of them miswritten; figures far apart may be of two things."""
    return one.kind == "amount" and abs(one.value - other.value) * 100 <= max(one.value, other.value)


def _alike(one: Fact, other: Fact) -> bool:
    """The same figure, each as finely as it is printed: 755.5 万元 and 7554995.22 元."""
    return one.value == other.value or printed_as(other.value, one) or printed_as(one.value, other)


def _slip(one: Fact, other: Fact) -> bool:
    """29.41 元 and 29.41 万元: the same digits in two units."""
    return one.kind == "amount" and scale(one) != scale(other) and one.value / scale(one) == other.value / scale(other)


def _unit(prose: Prose, first: Fact, other: Fact) -> Finding:
    return prose.finding(
        "ZW-07", [other.span, first.span],
        f"{name(other)}：{prose.where(first.span)}写 {show(first)}，{prose.where(other.span)}写 {show(other)}，有一处单位写错了。",
        expected=show(first), actual=show(other), subject=f"{first.key}|{first.year}", values=figures([first, other]))


# -- numbers of things --------------------------------------------------------------------------------------


def _things(prose: Prose) -> Iterator[Finding]:
    groups: dict[tuple[str, bool], list[Told]] = defaultdict(list)
    for one in (*_large_projects(prose), *_counted(prose)):
        groups[one.what, one.aim].append(one)
    for (what, aim), told in groups.items():
        first = told[0]
        others = [one for one in told[1:] if one.value != first.value]
        if others:
            values = "、".join(dict.fromkeys(one.words for one in (first, *others)))
            kind = "目标" if aim else "完成情况"
            yield prose.finding(
                "ZW-09", [others[0].span, first.span, *(one.span for one in others[1:])],
                f"“{clean(what, 24)}”的{kind}前后不一致：{prose.where(first.span)}，{prose.where(others[0].span)}"
                f"{f'等 {len(told)} 处' if len(others) > 1 else ''}，分别写 {values}。",
                severity="warning", expected=first.words, actual=others[0].words, subject=f"{what}|{kind}",
                values=tuple(plain(one.value) for one in (first, *others)))


def _large_projects(prose: Prose) -> Iterator[Told]:
    """50亿元以上项目3个."""
    for paragraph in prose.report.paragraphs:
        for found in _LARGE.finditer(paragraph.text):
            yield Told(f"{found['least']}亿元以上项目", _aims(prose, paragraph.text, found.start(), found.end()),
                       Decimal(found["count"]), f"{found['count']} 个", Span(paragraph.number, *found.span()))


def _counted(prose: Prose) -> Iterator[Told]:
    """目标企业 1000 余家: the same words before a number of the same unit."""
    for fact in prose.facts.figures:
        if fact.kind != "count" or fact.high is not None or fact.approx in ("about", "at_most", "below"):
            continue
        words = _NOISE.sub("", _SPLIT.split(prose.lead(fact))[-1])
        if 4 <= len(words) <= 24 and not re.search(r"\d|亿", words) and (len(words) > 6 or not _VAGUE.fullmatch(words)):
            text = prose.report.paragraph(fact.span.paragraph).text
            aim = fact.approx == "at_least" or _aims(prose, text, fact.span.start, fact.span.end)
            yield Told(f"{words}（{fact.measure}）", aim, fact.value, prose.report.quote(fact.span), fact.span)


def _aims(prose: Prose, text: str, start: int, end: int) -> bool:
    """Whether a goal is told: by words of its own sentence, or of the beginning of the paragraph."""
    near = max(0, start - _SENTENCE)
    own = text[max(near, *(text.rfind(stop, near, start) + 1 for stop in "。；;")):start]
    if _DONE.search(own):
        return False
    return bool(_AIM.search(own) or text[end:end + 2] == "以上" or _GOAL_LINE.match(text))


# -- the base of two growth rates ---------------------------------------------------------------------------


def _bases(prose: Prose) -> Iterator[Finding]:
    """到位 72.12 亿元、增长 12% (goal) and 84.68 亿元、增长 35.18% (outcome) grow from one figure of last year."""
    groups: dict[tuple[str, str, str], list[tuple[Fact, Fact]]] = defaultdict(list)
    for facts in prose.by_sentence.values():
        for now, ratio in zip(facts, facts[1:]):
            grown = ratio.kind == "ratio" and ratio.exact and now.exact and now.kind in ("amount", "foreign", "count")
            if grown and re.fullmatch(r"[，,、（(]?\s*(?:同比|比上年|较上年)(?:增长|增加|上升)了?", prose.before(ratio, now).strip()):
                words = _NOISE.sub("", _SPLIT.split(prose.lead(now))[-1])
                if len(words) >= 3:
                    groups[words, now.measure, now.year].append((now, ratio))
    for (words, _, _), pairs in groups.items():
        (first, rate), *others = pairs
        for other, other_rate in others:
            (low, high), (least, most) = _base(first, rate), _base(other, other_rate)
            if first.value != other.value and (high < least or most < low):
                yield _other_base(prose, words, (first, rate), (other, other_rate))
                break


def _other_base(prose: Prose, words: str, one: tuple[Fact, Fact], other: tuple[Fact, Fact]) -> Finding:
    shown = [f"{half_up(now.value / (1 + rate.value) / scale(now), now.places):f} {now.unit}"
             for now, rate in (one, other)]
    return prose.finding(
        "ZW-17", [other[1].span, other[0].span, one[0].span, one[1].span],
        f"“{clean(words, 24)}”：{prose.where(one[0].span)}（增长 {show(one[1])}）算出上年是 {shown[0]}，"
        f"{prose.where(other[0].span)}（增长 {show(other[1])}）算出上年是 {shown[1]}，两个基数不一样。",
        expected=shown[0], actual=shown[1], subject=words, values=figures([*one, *other]))


def _base(now: Fact, rate: Fact) -> tuple[Decimal, Decimal]:
    """The least and the greatest figure of last year that the printed ones can have come from.

    A rate in whole percent is a goal that was set, not one that was rounded; its last place still counts for half.
    """
    return ((now.value - now.step / 2) / (1 + rate.value + rate.step / 2),
            (now.value + now.step / 2) / (1 + rate.value - rate.step / 2))

