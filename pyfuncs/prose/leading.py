"""The words that lead to a figure: from the last mark or figure before it, from further where those say nothing."""

from __future__ import annotations

from pyfuncs.prose.model import Fact
from pyfuncs.prose.numbers import Quantity
from pyfuncs.prose.phrases import Phrases
from pyfuncs.prose.subjects import subject_of

_JOINED = 10                                          # signs between a size and what it qualifies: 50亿元以上项目1个


def leading_words(phrases: Phrases, quantity: Quantity, start: int, previous: Fact | None) -> tuple[str, bool]:
    """The words before a quantity, from `start` on, and whether nothing but they parts it from the figure before."""
    at, mark = phrases.mark_before(quantity.start)
    begin = max(at + 1, start)
    if previous and previous.span.end >= begin:
        between = phrases.words(previous.span.end, quantity.start)
        if _qualifies(previous, quantity.kind, between):
            return _before(phrases, previous.span.start, start) + previous.text + between, False
        return between, True
    words = phrases.words(begin, quantity.start)
    if mark in ("：", "（") and not subject_of(words):
        return _before(phrases, at, start) + words, False
    if mark == "）" and (opening := phrases.opening(at)) > start and not _told_around(phrases, opening, previous):
        return _before(phrases, opening, start) + words, False
    if mark == "，" and phrases.words(0, at).rstrip().endswith("其中"):
        return f"其中{words}", False
    return words, False


def _before(phrases: Phrases, at: int, start: int) -> str:
    return phrases.words(max(phrases.mark_before(at)[0] + 1, start), at)


def _told_around(phrases: Phrases, opening: int, previous: Fact | None) -> bool:
    """Whether the words before a bracket have their own figure: 决算10万元（含补助）接待…"""
    begin = phrases.mark_before(opening)[0]
    return previous is not None and previous.span.start < opening and previous.span.end > begin


def list_subject(phrases: Phrases, quantity: Quantity, start: int, previous: Fact | None) -> str | None:
    """The subject where the words before a figure end a list: the list itself, what stands behind its 等, or nothing,
    where things are counted that the list names. None where there is no list.
    """
    names = phrases.listed(quantity.start, max(start, previous.span.end if previous else 0))
    if len(names) < 2 or not names[0]:                # nothing before the mark: a figure stands there
        return None
    of_all = names[-1].rpartition("等")[2].removeprefix("地") if "等" in names[-1] else ""
    if of_all or quantity.kind == "count":
        return subject_of(of_all)
    return subject_of("、".join(names))


def is_size(size: Fact, fact: Fact, phrases: Phrases) -> bool:
    """Whether a figure only says which things the next one counts: 50亿元以上项目1个, 1-10亿元项目12个."""
    return (size.sentence == fact.sentence and not phrases.marks_between(size.span.end, fact.span.start)
            and _qualifies(size, fact.kind, phrases.text[size.span.end:fact.span.start]))


def _qualifies(size: Fact, kind: str, between: str) -> bool:
    money = size.kind in ("amount", "foreign", "ratio") and not size.exact
    return kind == "count" and money and 0 < len(between.strip()) <= _JOINED
