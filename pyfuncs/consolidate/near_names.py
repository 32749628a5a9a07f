"""Names that may be meant by another name, found among thousands without comparing each with each."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable

from pyfuncs.consolidate.filed import same_name

_LIKE = 0.6                                           # of difflib: how alike two names must be
_LOOKED_AT = 10                                       # names compared letter by letter, for one name
_POSTINGS = 200                                       # names counted as sharing a pair of letters, for one name


class NearNames:
    """Near matches among `names`; the cost of one look-up does not grow with their number. `key`: what is compared."""

    def __init__(self, names: Iterable[str], key: Callable[[str], str] = same_name) -> None:
        self._key = key
        self._names = {key(name): name for name in names}
        self._having: dict[str, list[str]] = {}       # pair of letters -> names with it
        for key in self._names:
            for pair in _pairs(key):
                self._having.setdefault(pair, []).append(key)

    def of(self, name: str, count: int = 2) -> tuple[str, ...]:
        """Up to `count` names like `name`, best first; rare pairs of letters say most about where to look."""
        key, shared = self._key(name), Counter()
        left = _POSTINGS
        for having in sorted((self._having[pair] for pair in _pairs(key) if pair in self._having), key=len):
            shared.update(having[:max(left, 0)])
            left -= len(having)
        likely = [found for found, _ in shared.most_common(_LOOKED_AT)]
        return tuple(self._names[found] for found in difflib.get_close_matches(key, likely, n=count, cutoff=_LIKE))


def _pairs(key: str) -> set[str]:
    return {key[at:at + 2] for at in range(max(len(key) - 1, 1))}
