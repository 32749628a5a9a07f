"""Wholes and their parts: 其中, 包括, a sum behind its parts, parts in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pyfuncs.prose.headings import numbering_of
from pyfuncs.prose.model import Breakdown, Fact, Sentence, Span
from pyfuncs.prose.phrases import Phrases
from pyfuncs.prose.vocabulary import MOST_FACTS, NO_PART, PARTS_WORDS, STAGES, SUMS

_ANNOUNCED = re.compile("|".join(map(re.escape, sorted(PARTS_WORDS, key=len, reverse=True))))
_GAP = 40                                             # signs between a whole and the words that announce its parts
_BACK = 5                                             # figures before a sentence that begins with 其中 that are looked at
_APART = 2                                            # paragraphs from one item of a list to the next, with a blank one
_PARTING = re.compile(r"[，；、：（和及与]")


@dataclass(frozen=True)
class _Group:
    """Facts of one sentence: `first` is the number of the first among all."""

    sentence: Sentence
    first: int
    facts: Sequence[Fact]
    phrases: Phrases

    def numbered(self) -> Iterator[tuple[int, Fact]]:
        return enumerate(self.facts, self.first)

    def fact(self, number: int) -> Fact:
        return self.facts[number - self.first]

    def between(self, number: int, fact: Fact) -> str:
        """The text from one fact to a later one."""
        return self.phrases.text[self.fact(number).span.end:fact.span.start]


@dataclass(frozen=True)
class _Announced:
    """Words that announce parts, from `start` to `end`: of PARTS_WORDS, or the name of a figure told before."""

    start: int
    end: int
    word: str


def breakdowns_of(figures: Sequence[Fact], sentences: Sequence[Sentence],
                  phrases: Mapping[int, Phrases]) -> tuple[list[Fact], list[Breakdown]]:
    """Every whole with its parts; and the facts, each part with the stage of its whole where it has none of its own."""
    found = [one for group in _groups(figures, sentences, phrases) if len(group.facts) <= MOST_FACTS
             for one in (*_told_after(group, figures, phrases), *_in_brackets(group), *_summed(group))]
    facts = list(figures)
    for one in found:
        for part in one.parts:
            facts[part] = _part_of(facts[one.whole], facts[part])
    return facts, found


def _part_of(whole: Fact, part: Fact) -> Fact:
    if part.qualifiers & STAGES:
        return part
    # 编制11名，其中事业编制3名: not what is called 编制
    key = "" if part.key == whole.key else part.key
    return replace(part, key=key, qualifiers=part.qualifiers | whole.qualifiers & STAGES)


def _groups(figures: Sequence[Fact], sentences: Sequence[Sentence], phrases: Mapping[int, Phrases]) -> Iterator[_Group]:
    first = 0
    for number, facts in groupby(figures, key=lambda fact: fact.sentence):
        group = list(facts)
        yield _Group(sentences[number], first, group, phrases[group[0].span.paragraph])
        first += len(group)


# -- a whole, and its parts behind it -----------------------------------------------------------------


def _told_after(group: _Group, figures: Sequence[Fact], phrases: Mapping[int, Phrases]) -> Iterator[Breakdown]:
    """…40万元，其中：基本支出28万元，项目支出12万元"""
    announced = _announced(group)
    end = _Announced(group.sentence.span.end, 0, "")
    for one, following in zip(announced, [*announced[1:], end]):
        owned = _last_before(group, following.start) if following.word in PARTS_WORDS else -1
        for whole in _wholes(group, one, figures):
            parts = (_parts(group, figures[whole], one.end, following.start, owned)
                     or _below(group, figures[whole], one.end, figures, phrases))
            if parts and (len(parts) > 1 or one.word == "其中"):
                yield _breakdown(figures, whole, parts, PARTS_WORDS.get(one.word, "其中"))


def _announced(group: _Group) -> list[_Announced]:
    """Where parts are announced: 其中, 包括…, and “业务工作经费中” for a figure told before."""
    text, span = group.phrases.text, group.sentence.span
    found = [_Announced(*match.span(), match[0]) for match in _ANNOUNCED.finditer(text, span.start, span.end)
             if match[0] != "由" or "组成" in text[match.end():span.end]]
    for fact in group.facts:
        name = fact.subject
        at = text.find(f"{name}中", fact.span.end, span.end) if len(name) > 2 else -1
        if at >= 0 and not text.startswith("中心", at + len(name)):
            found.append(_Announced(at, at + len(name) + 1, name))
    return sorted(found, key=lambda one: one.start)


def _last_before(group: _Group, at: int) -> int:
    """Number of the last fact before a place, -1 when there is none."""
    return max((number for number, fact in group.numbered() if fact.span.end <= at), default=-1)


def _wholes(group: _Group, one: _Announced, figures: Sequence[Fact]) -> list[int]:
    """The figures that are made up: the last one before the words, and the one before it when it measures something
    else (签约项目30个，总投资152.3亿元，其中…)."""
    last = _whole(group, one, figures)
    if last is None:
        return []
    whole, other = figures[last], figures[last - 1] if last > group.first else None
    pair = other and one.word == "其中" and other.exact and other.measure != whole.measure and other.depth == whole.depth
    return [last - 1, last] if pair else [last]


def _whole(group: _Group, one: _Announced, figures: Sequence[Fact]) -> int | None:
    """The figure before the words, on the same level of brackets or around them."""
    if one.word not in PARTS_WORDS:
        return next(number for number, fact in group.numbered() if fact.subject == one.word)
    depth = group.phrases.depth(one.start)
    before = [number for number, fact in group.numbered() if fact.span.end <= one.start and fact.depth <= depth]
    if before:
        gap = group.phrases.text[figures[before[-1]].span.end:one.start]
        return before[-1] if gap.count("，") <= 2 and len(gap) <= _GAP else None
    if group.phrases.text[group.sentence.span.start:one.start].strip():
        return None
    # The sentence before ends in the whole, or in a ratio of it.
    return next((number for number in range(group.first - 1, max(-1, group.first - 1 - _BACK), -1)
                 if figures[number].kind != "ratio" and not figures[number].qualifiers & NO_PART
                 and _adjoins(figures[number], group)), None)


def _adjoins(fact: Fact, group: _Group) -> bool:
    """Whether a figure stands in the sentence before."""
    return fact.sentence >= group.facts[0].sentence - 1 and group.sentence.span.paragraph - fact.span.paragraph <= 1


def _parts(group: _Group, whole: Fact, start: int, limit: int, owned: int = -1) -> list[int]:
    """Figures of the same measure behind `start`, up to where another list begins or this one ends.

    `owned`: the figure that the next list is about.
    """
    depth, parts, marks = group.phrases.depth(start), [], ""
    stop = group.phrases.closing(start, limit)
    for number, fact in group.numbered():
        if not start <= fact.span.start < stop or (fact.depth, fact.measure) != (depth, whole.measure):
            continue
        if fact.qualifiers & NO_PART or _is_sum(fact):
            break
        between = _marks(group, parts[-1], fact, depth) if parts else ""
        if "；" in between and ("；" not in marks if marks else number == owned):
            break                                     # a higher level of the list begins
        if parts:
            marks += between or "、"
        if fact.high is None and not (parts and _same_thing(group, parts[-1], fact)):
            parts.append(number)
    return _without_attributes(group, parts)


def _marks(group: _Group, number: int, fact: Fact, depth: int) -> str:
    """What parts two figures, on their level of brackets."""
    found = group.phrases.marks_between(group.fact(number).span.end, fact.span.start)
    return "".join(mark for place, mark in found if mark in "，；、" and group.phrases.depth(place) == depth)


def _same_thing(group: _Group, number: int, fact: Fact) -> bool:
    """Nothing parts two figures: the second speaks of the first thing again."""
    return not _PARTING.search(group.between(number, fact))


def _is_sum(fact: Fact) -> bool:
    return fact.subject.startswith(SUMS) or (not fact.subject and "合计" in fact.qualifiers)


def _without_attributes(group: _Group, parts: Sequence[int]) -> list[int]:
    """Without what is told of every part again: 通用设备…万元，净值…万元，家具…万元，净值…万元."""
    subjects = [group.fact(number).subject for number in parts]
    once = [number for number, subject in zip(parts, subjects) if subjects.count(subject) == 1]
    return once if 1 < len(once) < len(parts) else list(parts)


def _below(group: _Group, whole: Fact, start: int, figures: Sequence[Fact],
           phrases: Mapping[int, Phrases]) -> list[int]:
    """Parts in paragraphs of their own, numbered alike: 项目支出22.5万元，其中： 1．…18万元； 2．…4.5万元。"""
    if group.phrases.text[start:].strip() not in ("：", ""):
        return []
    parts: list[int] = []
    paragraph, kind = whole.span.paragraph, -1
    for number in range(group.first + len(group.facts), len(figures)):
        fact = figures[number]
        if fact.span.paragraph == paragraph:
            continue                                  # of one item only its first figure
        own, _ = numbering_of(phrases[fact.span.paragraph].text)
        far = fact.span.paragraph - paragraph > _APART
        if own < 0 or kind not in (-1, own) or far or fact.measure != whole.measure:
            break
        paragraph, kind = fact.span.paragraph, own
        parts.append(number)
    return parts


# -- parts in brackets, and a sum behind its parts ----------------------------------------------------


def _in_brackets(group: _Group) -> Iterator[Breakdown]:
    """…1万元（公务接待费3万元、公务用车运行维护费0万元）; those with 其中 or 包括 are found by that."""
    text = group.phrases.text
    for number, fact in group.numbered():
        place, mark = group.phrases.next_mark(fact.span.end)
        if text[fact.span.end:place].strip():
            continue
        if mark == "，" and text[place + 1:place + 2] == "（":
            place, mark = place + 1, "（"
        if mark != "（" or _ANNOUNCED.match(text, place + 1):
            continue
        parts = _parts(group, fact, place + 1, group.sentence.span.end)
        if len(parts) > 1:
            yield _breakdown(group.facts, number, parts, "（", group.first)


def _summed(group: _Group) -> Iterator[Breakdown]:
    """办公设备6万元，家具4万元，合计10万元"""
    start = group.first
    for number, whole in group.numbered():
        words = group.phrases.words(group.phrases.mark_before(whole.span.start)[0] + 1, whole.span.start).strip()
        if not words.startswith(SUMS) or whole.depth:
            continue
        parts = [part for part in range(start, number)
                 if group.fact(part).measure == whole.measure and not group.fact(part).depth and group.fact(part).exact]
        start = number + 1
        if len(parts) > 1 and not _ANNOUNCED.search(group.between(parts[0], whole)) and not any(
                group.fact(part).qualifiers & NO_PART for part in parts):
            yield _breakdown(group.facts, number, parts, "合计", group.first)


def _breakdown(facts: Sequence[Fact], whole: int, parts: Sequence[int], how: str, offset: int = 0) -> Breakdown:
    """`offset`: number of the first of `facts`. The span is that of what stands in the whole's paragraph."""
    spans = [facts[number - offset].span for number in (whole, *parts)]
    inside = [span for span in spans if span.paragraph == spans[0].paragraph]
    span = Span(spans[0].paragraph, min(one.start for one in inside), max(one.end for one in inside))
    return Breakdown(whole, tuple(parts), how, span)              # type: ignore[arg-type]
