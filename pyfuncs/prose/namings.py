"""Counts and the names that are listed for them: 内设处室4个，分别为…; 新引进企业3家（…）; 综合科、服务科、会展科三个科."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyfuncs.prose.model import Fact, Naming, Sentence, Span
from pyfuncs.prose.phrases import Phrases
from pyfuncs.prose.vocabulary import BODIES, BODY_NOUNS, LIST_WORDS, MOST_FACTS, NO_NAMES

_FAR = 800                                            # signs that a list may take
_NAME = 40                                            # signs of one name
_GAP = 8                                              # signs between a count and its bracket: 3家企业（…）
_COUNTS = range(2, 100)                               # of things whose names somebody lists
_ENDS = re.compile(r"[，。；：！？\n]")
_PARTED = re.compile(r"、|，?以及")
_LAST_PARTED = re.compile(r"和|与|及")
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s?(?:[万亿]?元|%|[万亿])")
_ANNOUNCED = re.compile(rf"[^，。；、（）]{{0,12}}(?:[，：]\s?(?:{'|'.join(LIST_WORDS)})：?|：)")
_INTRODUCED = re.compile(r"^.*(?:下设|内设|设立|设有|分为|包括)")
_NOUN = re.compile(r"\s?([一-鿿]{1,8})")


@dataclass(frozen=True)
class _List:
    """`open`: it ends in 等. `start`, `end`: of the count and the list."""

    names: tuple[str, ...]
    open: bool
    start: int
    end: int


def namings_of(figures: Sequence[Fact], sentences: Sequence[Sentence],
               phrases: Mapping[int, Phrases]) -> Iterator[Naming]:
    """Every count that is followed, or preceded, by a list of names."""
    told = Counter(fact.sentence for fact in figures)
    for number, fact in enumerate(figures):
        if fact.kind == "count" and fact.exact and fact.value in _COUNTS and told[fact.sentence] <= MOST_FACTS:
            sentence, text = sentences[fact.sentence], phrases[fact.span.paragraph]
            found = _bracketed(fact, text) or _following(fact, text, sentence) or _preceding(fact, text, sentence)
            if found:
                names = _best(found.names, int(fact.value))
                yield Naming(number, names, found.open, Span(fact.span.paragraph, found.start, found.end))


def _bracketed(fact: Fact, phrases: Phrases) -> _List | None:
    """新引进企业3家（甲公司、乙公司、丙公司）"""
    at, mark = phrases.next_mark(fact.span.end)
    if mark != "（" or len(phrases.text[fact.span.end:at].strip()) > _GAP:
        return None
    end = phrases.closing(at + 1, at + _FAR)
    return _listed(phrases.text[at + 1:end], fact.span.start, end + 1) if end < at + _FAR else None


def _following(fact: Fact, phrases: Phrases, sentence: Sentence) -> _List | None:
    """内设处室4个，分别为甲部、乙部、丙部以及丁部"""
    tail = phrases.text[fact.span.end:min(sentence.span.end, fact.span.end + _FAR)]
    match = _ANNOUNCED.match(tail)
    if match is None:
        return None
    words = _ENDS.split(tail[match.end():], maxsplit=1)[0]
    return _listed(words, fact.span.start, fact.span.end + match.end() + len(words))


def _preceding(fact: Fact, phrases: Phrases, sentence: Sentence) -> _List | None:
    """下设综合科、服务科、会展科三个科; 甲项目、乙项目等20个项目 is an open list."""
    text, begin = phrases.text, fact.span.start
    first = max(sentence.span.start, begin - _FAR)
    start = max([first, *(match.end() for match in _ENDS.finditer(text, first, begin))])
    found, noun = _listed(text[start:begin], start, fact.span.end), _NOUN.match(text, fact.span.end)
    if found is None or noun is None or len(found.names) < 3:
        return None
    ends = BODIES if noun[1].startswith(BODY_NOUNS) else noun[1][0]
    if not found.open and not all(name.endswith(ends) for name in found.names):
        return None                                   # not sure that these are what is counted
    return replace(found, names=(_INTRODUCED.sub("", found.names[0]), *found.names[1:]))


def _listed(words: str, start: int, end: int) -> _List | None:
    """The names of a list; None where it is none: figures, clauses, or names as long as clauses."""
    words = words.strip()
    flat = _flat(words.removesuffix("等"))
    names = tuple(name.strip() for name in _PARTED.split(flat))
    if len(names) < 2 or _ENDS.search(flat) or _FIGURE.search(flat) or names[0].startswith(NO_NAMES):
        return None
    return _List(names, words.endswith("等"), start, end) if all(0 < len(name) <= _NAME for name in names) else None


def _flat(words: str) -> str:
    """Without what stands in brackets."""
    depth, kept = 0, []
    for sign in words:
        depth += sign == "（"
        if not depth:
            kept.append(sign)
        depth -= sign == "）"
    return "".join(kept)


def _best(names: Sequence[str], count: int) -> tuple[str, ...]:
    """The names with the last one parted at 和 where that makes the count: 甲、乙和丙."""
    parted = [*names[:-1], *(name for name in _LAST_PARTED.split(names[-1], maxsplit=1) if name.strip())]
    return tuple(parted if len(parted) == count != len(names) else names)
