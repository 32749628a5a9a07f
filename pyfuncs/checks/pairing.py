"""Pairing things by near name: 对接客商 and 对接客商人数, 招商引资工作 and 招商引资工作经费."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
NEAR = 0.8


@lru_cache(maxsize=4096)
def likeness(one: str, other: str) -> float:
    """1 for the same name; a name inside another (four characters at least) counts as near."""
    one, other = _bare(one), _bare(other)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 4 and short in long:
        return max(0.9, difflib.SequenceMatcher(None, one, other).ratio())
    return difflib.SequenceMatcher(None, one, other).ratio()


@lru_cache(maxsize=100_000)
def letters(text: str) -> str:
    """A text as it is compared: half width, without blanks and punctuation."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def _bare(name: str) -> str:
    return re.sub(r"[\s　“”\"'（）()、，,。:：]", "", name)


def pair(left: Sequence[T], right: Sequence[T], name: Callable[[T], str], near: float = NEAR) -> tuple[list[tuple[T, T]], list[T]]:
    """Best pairs first, each used once, in the order of `left`; and those left over, of both sides."""
    ranked = sorted(((likeness(name(a), name(b)), i, j) for i, a in enumerate(left) for j, b in enumerate(right)),
                    key=lambda found: (-found[0], found[1], found[2]))
    used_left: dict[int, int] = {}
    used_right: set[int] = set()
    for score, i, j in ranked:
        if score >= near and i not in used_left and j not in used_right:
            used_left[i] = j
            used_right.add(j)
    pairs = [(left[i], right[used_left[i]]) for i in sorted(used_left)]
    lonely = [a for i, a in enumerate(left) if i not in used_left]
    return pairs, lonely + [b for j, b in enumerate(right) if j not in used_right]
