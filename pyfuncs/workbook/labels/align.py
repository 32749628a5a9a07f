"""Where in the run of rows each form stands: the chain of its rows of labels that fits best. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyfuncs.workbook.labels.plan import Anchor, Plan
from pyfuncs.workbook.labels.stream import Stream, Word

LEAST = 0.4                                           # share of a form's labels from which it is that form
_HIT = 0.34                                           # share of a row's labels from which it may be that row
_OWN = 0.5                                            # of the labels that the best row for it has, from which it may be another
_SKIPPED_ROW, _SKIPPED_LABEL = 0.04, 0.1              # cost of a row in between; of a label left out, per weight
_FAR = 1.5                                            # most that rows in between cost
_OTHER_TITLE, _OTHER_SHEET = 2.0, 0.5
_LOOK_BACK = 150                                      # hits: no row goes on with a form further up


@dataclass(frozen=True)
class Region:
    """A form found: row of its plan -> row of the stream. `share`: of its labels, by weight, that are there."""

    plan: Plan
    rows: dict[int, int]
    share: float

    @property
    def first(self) -> int:
        return min(self.rows.values())

    @property
    def last(self) -> int:
        return max(self.rows.values())


def regions(plans: Sequence[Plan], stream: Stream) -> tuple[list[Region], dict[str, Region]]:
    """The forms found, in reading order, and of every form the best place there was, found or not."""
    titles = _titles(plans, stream)
    searches = [_Search(plan, stream, titles) for plan in plans]
    waiting = [(-search.fit(chain), chain[0][0], number, chain)
               for number, search in enumerate(searches) for chain in search.chains()]
    heapq.heapify(waiting)
    nearest = {plan.form.form: _region(plan, min(own)[3]) for number, plan in enumerate(plans)
               if (own := [one for one in waiting if one[2] == number])}
    taken: list[tuple[int, int]] = []                 # first and last rows of the forms found, in order
    found: list[Region] = []
    while waiting:
        _, first, number, chain = heapq.heappop(waiting)
        if _share(plans[number], chain) < LEAST:
            continue
        parts = _free(chain, taken)
        if parts == [chain]:
            found.append(_region(plans[number], chain))
            insort(taken, (first, chain[-1][0]))
        else:
            for part in parts:
                heapq.heappush(waiting, (-searches[number].fit(part), part[0][0], number, part))
    return sorted(found, key=lambda one: one.first), nearest


def _share(plan: Plan, chain: Hits) -> float:
    return sum(weight for *_, weight in chain) / plan.weight


def _region(plan: Plan, chain: Hits) -> Region:
    return Region(plan, {plan_row: row for row, plan_row, _ in chain}, _share(plan, chain))


def _free(chain: Hits, taken: list[tuple[int, int]]) -> list[Hits]:
    """The parts of a chain that no other form stands in or between."""
    parts: list[Hits] = []
    before = None
    for hit in chain:
        gap = bisect_left(taken, (hit[0] + 1, 0))     # forms that begin at or above this row
        if gap and taken[gap - 1][1] >= hit[0]:
            before = None
        elif before == gap:
            parts[-1].append(hit)
        else:
            parts.append([hit])
            before = gap
    return parts


def matched(anchors: Sequence[Anchor], words: Sequence[Word],
            needed: frozenset[int] = frozenset()) -> dict[int, tuple[Word, str | None]]:
    """Number of an anchor -> the word that is this label, and what stands behind it in the same cell, if anything.

    Labels that are printed twice in a row are taken from left to right; where the row has fewer of them, those that
    are `needed` to find an item.
    """
    found: dict[int, tuple[Word, str | None]] = {}
    used: set[int] = set()
    anchors = _not_more(anchors, words, needed)

    def take(fits) -> None:
        for anchor in anchors:
            for index, word in enumerate(words if anchor.number not in found else ()):
                if index not in used and (fit := fits(anchor, word)):
                    found[anchor.number] = (word, fit[0])
                    used.add(index)
                    break

    take(lambda anchor, word: (None,) if anchor.keys[0] == word.keys[0] else None)
    take(lambda anchor, word: (None,) if set(anchor.keys) & set(word.keys) else None)
    take(lambda anchor, word: next(((word.cut[key],) for key in anchor.keys if key in word.cut), None))
    take(lambda anchor, word: (None,) if anchor.weak and anchor.weak == word.weak else None)
    return found


def _not_more(anchors: Sequence[Anchor], words: Sequence[Word], needed: frozenset[int]) -> list[Anchor]:
    """Without labels that are not needed, where they are printed more often than the row has them."""
    kept = list(anchors)
    for anchor in anchors:
        same = [other for other in kept if other.keys[0] == anchor.keys[0]]
        there = sum(anchor.keys[0] in word.keys for word in words)
        if anchor.number not in needed and len(same) > max(1, there):
            kept.remove(anchor)
    return kept


# -- chains of rows -----------------------------------------------------------------------------------

Hit = tuple[int, int, float]                          # row of the stream, row of the plan, weight that is there
Hits = list[Hit]


def _hits(plan: Plan, stream: Stream) -> Hits:
    """Pairs of rows with enough labels in common, in the order of the stream."""
    alike: dict[tuple[int, int], set[Anchor]] = defaultdict(set)
    for key, anchors in plan.anchors.items():
        for word in stream.index.get(key, ()):
            for anchor in anchors:
                alike[word.row, anchor.row].add(anchor)
    weights = [sum(anchor.weight for anchor in anchors) for anchors in plan.rows]
    found = []
    for (row, plan_row), likely in sorted(alike.items(), key=lambda one: one[0]):
        if sum(anchor.weight for anchor in likely) < _HIT * weights[plan_row]:
            continue
        anchors = plan.rows[plan_row]
        there = matched(anchors, stream.rows[row].words, plan.needed)
        weight = sum(anchor.weight for anchor in anchors if anchor.number in there)
        if weight >= _HIT * weights[plan_row]:
            found.append((row, plan_row, weight))
    # A repeated header has 分值 in it too, and is no row of totals.
    most: dict[int, float] = defaultdict(float)
    for row, _, weight in found:
        most[row] = max(most[row], weight)
    return [hit for hit in found if hit[2] >= _OWN * most[hit[0]]]


class _Search:
    """Chains of hits of one form, rows of both growing, whose labels weigh most against what is skipped."""

    def __init__(self, plan: Plan, stream: Stream, titles: list[int]) -> None:
        self.plan, self.stream, self.titles = plan, stream, titles
        self.hits = _hits(plan, stream)
        self.skipped = [0.0]
        for row in plan.rows:
            self.skipped.append(self.skipped[-1] + sum(anchor.weight for anchor in row))

    def chains(self) -> list[Hits]:
        """One for every hit from which no better chain goes on."""
        scores: list[float] = []
        before: list[int] = []
        goes_on: set[int] = set()
        for index, hit in enumerate(self.hits):
            score, link = hit[2], -1
            for earlier in range(index - 1, max(-1, index - _LOOK_BACK), -1):
                other = self.hits[earlier]
                if other[0] < hit[0] and other[1] < hit[1]:
                    through = scores[earlier] + hit[2] - self._cost(other, hit)
                    if through > score:
                        score, link = through, earlier
            scores.append(score)
            before.append(link)
            if link >= 0 and score > scores[link]:
                goes_on.add(link)
        ends = [end for end in range(len(scores)) if end not in goes_on]
        return [_earliest(_chain(end, self.hits, before), self.hits) for end in ends]

    def fit(self, chain: Hits) -> float:
        """Share of the form's labels, less what is skipped."""
        costs = sum(self._cost(above, below) for above, below in pairwise(chain))
        return (sum(weight for *_, weight in chain) - costs) / self.plan.weight

    def _cost(self, above: Hit, below: Hit) -> float:
        cost = min(_FAR, _SKIPPED_ROW * (below[0] - above[0] - 1))
        cost += _SKIPPED_LABEL * (self.skipped[below[1]] - self.skipped[above[1] + 1])
        cost += _OTHER_SHEET * (self.stream.rows[below[0]].sheet != self.stream.rows[above[0]].sheet)
        crossed = bisect_left(self.titles, below[0] + 1) - bisect_left(self.titles, above[0] + 1)
        return cost + _OTHER_TITLE * crossed if crossed else cost


def _chain(end: int, hits: Hits, before: list[int]) -> Hits:
    found: Hits = []
    while end >= 0:
        found.append(hits[end])
        end = before[end]
    return found[::-1]


def _earliest(chain: Hits, hits: Hits) -> Hits:
    """Of rows that fit alike, as where a label is repeated in the row below, the first."""
    found: Hits = []
    above = chain[0][0] - 1
    at = bisect_left(hits, (chain[0][0], 0, 0.0))
    there = hits[at:bisect_left(hits, (chain[-1][0] + 1, 0, 0.0))]
    for row, plan_row, weight in chain:
        above = min((other for other, other_plan, much in there
                     if other_plan == plan_row and above < other < row and much >= weight), default=row)
        found.append((above, plan_row, weight))
    return found


def _titles(plans: Sequence[Plan], stream: Stream) -> list[int]:
    """Rows that hold the title of any form."""
    keys = {key for plan in plans for row in plan.rows for anchor in row if anchor.role == "title"
            for key in anchor.keys}
    found = {word.row for key in keys for word in stream.index.get(key, ())}
    return sorted(found)
