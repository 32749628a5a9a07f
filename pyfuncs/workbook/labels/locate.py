"""Where in a region each label and each single item of its form stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pyfuncs.catalog import model
from pyfuncs.workbook.labels.align import Region, matched
from pyfuncs.workbook.labels.plan import Anchor, Plan, Spot
from pyfuncs.workbook.labels.stream import Stream, Word
from pyfuncs.workbook.labels.words import PLACEHOLDER, near
from pyfuncs.workbook.places import Box

_BELOW = 4                                            # rows below a heading in which its value is looked for


@dataclass(frozen=True)
class Found:
    """A cell that holds an item. `text`: what stands behind its label in the same cell; None: a cell of its own."""

    name: str
    item: model.Item
    label: str
    sheet: int
    row: int
    column: int
    rank: int                                         # orders the items of a row, wherever a unit puts the columns
    text: str | None = None
    ordinal: int = 0
    leaf: str = ""


@dataclass
class Labels:
    """The labels of a form as they were found in a region.

    `words`: anchor number -> (word, rest of its cell); `rows`: row of the plan -> row of the stream.
    `slips`: labels taken as near matches; `doubtful`: texts that might be one of several labels.
    """

    plan: Plan
    stream: Stream
    first: int
    end: int                                          # of the stream: the next form begins here
    rows: dict[int, int]
    words: dict[int, tuple[Word, str | None]] = field(default_factory=dict)
    slips: list[tuple[Anchor, Word]] = field(default_factory=list)
    doubtful: list[tuple[Word, list[Anchor]]] = field(default_factory=list)

    def box(self, anchor: Anchor | None) -> Box | None:
        return self.words[anchor.number][0].box if anchor and anchor.number in self.words else None

    @property
    def taken(self) -> set[Word]:
        return {word for word, _ in self.words.values()}

    def between(self, row: int) -> tuple[int, int]:
        """Rows of the stream in which a row of the plan must stand: from the one before it to the one after it."""
        before = max((at for plan_row, at in self.rows.items() if plan_row < row), default=self.first - 1)
        after = min((at for plan_row, at in self.rows.items() if plan_row > row), default=self.end)
        return before, after


def labels_of(region: Region, stream: Stream, first: int, end: int) -> Labels:
    """All labels of a region: in their own row, in a row nearby, split over rows, and those with a slip."""
    labels = Labels(region.plan, stream, first, end, dict(region.rows))
    for plan_row, row in region.rows.items():
        labels.words |= matched(region.plan.rows[plan_row], stream.rows[row].words, region.plan.needed)
    _nearby(labels)
    _placeholders(labels)
    _slips(labels)
    return labels


def _missing(labels: Labels) -> Iterator[Anchor]:
    for number, anchors in enumerate(labels.plan.rows):
        if number not in labels.plan.inside:
            yield from (anchor for anchor in anchors if anchor.number not in labels.words)


def _nearby(labels: Labels) -> None:
    for anchor in list(_missing(labels)):
        if anchor.role == "line" or PLACEHOLDER in anchor.keys:
            continue
        words = _free(labels, anchor)
        found = matched([anchor], words) or _joined(labels, anchor, words)
        if found:
            labels.words |= found
            labels.rows.setdefault(anchor.row, found[anchor.number][0].row)


def _free(labels: Labels, anchor: Anchor) -> list[Word]:
    """Texts that stand where a label must stand and are no other label."""
    before, after = labels.between(anchor.row)
    taken = labels.taken
    return [word for row in range(max(before, labels.first), min(after + 1, labels.end))
            for word in labels.stream.rows[row].words if word not in taken]


def _joined(labels: Labels, anchor: Anchor, words: Sequence[Word]) -> dict[int, tuple[Word, str | None]]:
    """A heading that is printed in two rows: 全年 over 预算数."""
    rows: dict[int, list[Word]] = {}
    for word in words:
        rows.setdefault(word.row, []).append(word)
    for lower in words if anchor.role == "label" else ():
        for upper in [*rows.get(lower.row - 1, ()), *rows.get(lower.row - 2, ())]:
            if upper.box.left <= lower.box.left <= upper.box.right \
                    and {above + below for above in upper.keys for below in lower.keys} & set(anchor.keys):
                return {anchor.number: (lower, None)}
    return {}


def _placeholders(labels: Labels) -> None:
    """A row that the form prints as …… is the row that stands in its place, whatever the unit calls it."""
    used = set(labels.rows.values())
    for anchor in list(_missing(labels)):
        if anchor.role == "head" and PLACEHOLDER in anchor.keys and anchor.row not in labels.rows:
            before, after = labels.between(anchor.row)
            row = next((row for row in range(before + 1, after) if row not in used
                        and labels.stream.rows[row].words), None)
            if row is not None:
                labels.rows[anchor.row] = row
                labels.words[anchor.number] = (labels.stream.rows[row].words[0], None)
                used.add(row)


def _slips(labels: Labels) -> None:
    """Labels that differ by a sign or two, where there is one such text for one such label."""
    known = set(labels.plan.anchors)
    pairs: list[tuple[Anchor, Word]] = []
    for anchor in _missing(labels):
        if anchor.role in ("line", "note"):
            continue
        pairs += [(anchor, word) for word in _free(labels, anchor) if not known.intersection(word.keys)
                  and any(near(key, other) for key in anchor.keys for other in word.keys)]
    for anchor, word in pairs:
        anchors = [other for other, text in pairs if text is word]
        words = [text for other, text in pairs if other is anchor]
        if len(anchors) == 1 and len(words) == 1:
            labels.slips.append((anchor, word))
            labels.words[anchor.number] = (word, None)
            labels.rows.setdefault(anchor.row, word.row)
        elif len(anchors) > 1 and anchor is anchors[0]:
            labels.doubtful.append((word, anchors))


# -- single items -------------------------------------------------------------------------------------


def spots_of(labels: Labels) -> tuple[list[Found], list[Spot]]:
    """Where the single items stand, and those of which there is no place."""
    found: dict[str, Found] = {}
    waiting: list[Spot] = []
    for spot in labels.plan.spots:
        place = _under(labels, spot)
        if place:
            found[spot.name] = place
        else:
            waiting.append(spot)
    stops = {(one.sheet, one.row, one.column) for one in found.values()}
    stops |= {(labels.stream.rows[word.row].sheet, row, word.box.left)
              for word in labels.taken for row in range(word.box.top, word.box.bottom + 1)}
    for spot in waiting:
        place = _beside(labels, spot, stops)
        if place:
            found[spot.name] = place
    return list(found.values()), [spot for spot in waiting if spot.name not in found]


def _under(labels: Labels, spot: Spot) -> Found | None:
    """The cell under a heading, in the row of the item's own label or in the first filled row below."""
    head = labels.words.get(spot.column.number) if spot.column else None
    if head is None or (spot.row >= 0 and spot.row not in labels.rows):
        return None
    word, stream = head[0], labels.stream
    sheet = stream.rows[word.row].sheet
    if spot.row >= 0:
        at = stream.rows[labels.rows[spot.row]]
        sheet, row = at.sheet, at.row
    elif head[1] is not None:                         # 编制数：15
        return Found(spot.name, spot.item, spot.label, sheet, word.box.top, word.box.left, spot.rank,
                     head[1])
    else:
        row = _value_row(labels, spot.column.row, word)
    return Found(spot.name, spot.item, spot.label, sheet, row, filled(labels, sheet, row, word.box), spot.rank)


def _value_row(labels: Labels, plan_row: int, word: Word) -> int:
    """The row of values below a row of headings: the first with anything under one of them."""
    sheet = labels.stream.rows[word.row].sheet
    heads = [labels.words[anchor.number][0].box for spot in labels.plan.spots if spot.row < 0
             and (anchor := spot.column) and anchor.row == plan_row and anchor.number in labels.words]
    bottom = max(box.bottom for box in heads) if heads else word.box.bottom
    _, after = labels.between(plan_row)
    last = bottom + _BELOW
    if after < len(labels.stream.rows) and labels.stream.rows[after].sheet == sheet:
        last = min(last, labels.stream.rows[after].row - 1)
    for row in range(bottom + 1, last + 1):
        if any(labels.stream.filled(sheet, row, column) for box in heads
               for column in range(box.left, box.right + 1)):
            return row
    return bottom + 1


def filled(labels: Labels, sheet: int, row: int, box: Box) -> int:
    """The column that holds something, of those a heading covers; else the first."""
    columns = range(box.left, box.right + 1)
    return next((column for column in columns if labels.stream.filled(sheet, row, column)), box.left)


def _beside(labels: Labels, spot: Spot, stops: set[tuple[int, int, int]]) -> Found | None:
    """What stands behind a label in its own cell, or in the first filled cell to its right before the next label."""
    there = labels.words.get(spot.left.number) if spot.left else None
    if there is None:
        return None
    (word, rest), stream = there, labels.stream
    at, box = stream.rows[word.row], word.box
    if rest is not None or not at.row:
        return Found(spot.name, spot.item, spot.label, at.sheet, max(at.row, 1), box.left, spot.rank, rest or "")
    first, filled_columns = box.right + 1, stream.columns(at.sheet, box.top)
    stop = min((column for sheet, row, column in stops if (sheet, row) == (at.sheet, box.top) and column >= first),
               default=None)
    column = next((column for column in filled_columns if column >= first), None)
    if column is not None and (stop is None or column < stop):
        return Found(spot.name, spot.item, spot.label, at.sheet, box.top, column, spot.rank)
    if stop == first or (not any(column >= first for column in filled_columns) and _says_rest(labels)):
        return Found(spot.name, spot.item, spot.label, at.sheet, box.top, box.left, spot.rank, "")
    return Found(spot.name, spot.item, spot.label, at.sheet, box.top, first, spot.rank)


def _says_rest(labels: Labels) -> bool:
    """This form is one that prints label and number in one cell."""
    beside = (labels.words.get(spot.left.number) for spot in labels.plan.spots if spot.left)
    return any(there[1] for there in beside if there)
