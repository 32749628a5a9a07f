"""The rows of a table in a region: headings give the columns, labels of 一级, 二级指标 the groups. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from pyfuncs.catalog.model import TableColumn
from pyfuncs.workbook.labels.align import matched
from pyfuncs.workbook.labels.locate import Found, Labels, filled
from pyfuncs.workbook.labels.plan import Anchor, Leaf, TablePlan
from pyfuncs.workbook.labels.stream import Word
from pyfuncs.workbook.labels.words import level_keys, near
from pyfuncs.workbook.places import Box

MOST_ROWS = 5000
_HEADINGS = 0.6                                       # share of the headings that makes a row a repeated header
_NUMERIC = ("amount", "count", "rate", "points", "score")
_NUMBER = re.compile(r"\s*[-+]?[\d,.]+\s*[%％✓分]?\s*|[-—–/\s]*")
_PAGE = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,3}(?:\.0)?(?:\s*页)?[-—–\s]*")
_WEIGHT = re.compile(r"[(（]\s*(\d+(?:\.\d+)?)\s*分?\s*[)）]")


@dataclass(frozen=True)
class Stated:
    """Points of a group that the form prints in no column: those in its label, else those of the rule set."""

    name: str
    value: Decimal
    sheet: int
    row: int
    column: int                                       # 0: not printed
    ordinal: int
    leaf: str


@dataclass
class Body:
    """What a table gave. `unknown`: labels that are no 二级指标 of the form; `slips`: taken as near matches."""

    found: list[Found] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    unknown: list[Word] = field(default_factory=list)
    slips: list[tuple[str, Word]] = field(default_factory=list)
    too_long: bool = False
    headless: bool = False                            # not one heading was found


@dataclass(frozen=True)
class _Row:
    sheet: int
    row: int
    leaf: str
    boxes: dict[str, Box]                             # column -> its cells in this row
    label: Word | None                                # of the 二级指标, where it stands in this row


def body_of(labels: Labels, plan: TablePlan) -> Body:
    """The items of a table."""
    return _Table(labels, plan).read()


class _Table:
    def __init__(self, labels: Labels, plan: TablePlan) -> None:
        self.labels, self.plan, self.stream = labels, plan, labels.stream
        self.body = Body()
        self.boxes = self._columns()
        self.levels = self._levels()

    def read(self) -> Body:
        if not self.boxes:
            self.body.headless = True
            return self.body
        rows = self._without_narrow(list(self._rows()))
        if len(rows) > MOST_ROWS:
            self.body.too_long = True
            rows = rows[:MOST_ROWS]
        seen: set[str] = set()
        for ordinal, row in enumerate(rows, 1):
            for name, item in self.plan.table.columns.items():
                if item.per == "row" or row.leaf not in seen:
                    self._cell(name, item, row, ordinal, rows)
            seen.add(row.leaf)
        return self.body

    # -- columns --------------------------------------------------------------------------------------

    def _columns(self) -> dict[str, Box]:
        boxes = {name: box for name, anchor in self.plan.columns.items()
                 if (box := self._part(name, anchor, self.labels.box(anchor)))}
        if self.plan.detail_of:
            head = self.labels.box(self.plan.detail_of)
            names = [name for name, anchor in self.plan.columns.items() if anchor is None]
            boxes |= {name: head for name in names if head}
        return boxes

    def _part(self, name: str, anchor: Anchor | None, box: Box | None) -> Box | None:
        """The cells of a column under its heading: a part of it, where one heading stands over several columns."""
        sharing = [other for other in self.plan.table.columns
                   if anchor and self.plan.columns.get(other) is anchor]
        if box is None or len(sharing) < 2:
            return box
        starts = [box.left + Box.span(self.plan.table.columns[other].at, 1).left - anchor.box.left
                  for other in sharing]
        at = sharing.index(name)
        last = starts[at + 1] - 1 if at + 1 < len(starts) else max(starts[at], box.right)
        return Box(box.top, starts[at], box.bottom, last)

    def _levels(self, header: Mapping[int, Box] | None = None) -> list[int]:
        """Columns of 一级 and 二级指标. `header`: boxes of headings in a repeated header."""
        first = min((box.left for box in self.boxes.values()), default=1)
        columns = []
        for level, (anchor, span) in enumerate(zip(self.plan.levels, self.plan.table.levels)):
            box = self.labels.box(anchor) if header is None else header.get(anchor.number) if anchor else None
            beside = Box.span(span, 1).left - anchor.box.left if anchor else 0    # one heading may stand over both
            columns.append(box.left + beside if box else max(1, first - len(self.plan.levels) + level))
        return columns

    # -- rows -----------------------------------------------------------------------------------------

    def _span(self) -> Iterator[tuple[int, int]]:
        """(sheet, row) of all rows between the header and the row below the table."""
        heads = [self.labels.words[anchor.number][0] for anchor in (self.plan.detail_of, *self.plan.columns.values())
                 if anchor and anchor.number in self.labels.words
                 and (self.plan.detail_of is None or anchor is self.plan.detail_of)]
        sheet, top = max((self.stream.rows[word.row].sheet, word.box.bottom) for word in heads)
        after = min((at for row, at in self.labels.rows.items() if row > self.plan.last), default=self.labels.end)
        numbers = [number for number, row in enumerate(self.stream.rows[:after])
                   if (row.sheet, row.row) > (sheet, top)]
        if not numbers and after >= len(self.stream.rows):
            return
        last_sheet = self.stream.rows[after].sheet if after < self.labels.end else \
            self.stream.rows[max(self.labels.rows.values())].sheet
        for number in range(sheet, last_sheet + 1):
            content = [self.stream.rows[at].row for at in numbers if self.stream.rows[at].sheet == number]
            first = top + 1 if number == sheet else min(content, default=1)
            ends_here = after < len(self.stream.rows) and self.stream.rows[after].sheet == number
            last = self.stream.rows[after].row - 1 if ends_here else max(content, default=0)
            for row in range(max(1, first), min(last, first + MOST_ROWS) + 1):
                yield number, row

    def _rows(self) -> Iterator[_Row]:
        leaf = ""
        for sheet, row in self._span():
            number = self.stream.at.get((sheet, row))
            words = self.stream.rows[number].words if number is not None else ()
            if self._is_header(words):
                continue
            leaf_word = None
            if self.plan.leaves:
                leaf, leaf_word = self._leaf(sheet, row, words, leaf)
            boxes = {name: Box(row, box.left, row, box.right) for name, box in self.boxes.items()}
            if number is not None and self._is_stray(sheet, row, boxes, leaf_word):
                continue
            yield _Row(sheet, row, leaf, boxes, leaf_word)

    def _is_header(self, words: tuple[Word, ...]) -> bool:
        """A repeated header, which may have moved; or a repeated title."""
        if any(key.startswith("#") for word in words for key in word.keys if key in self.labels.plan.anchors):
            return True
        anchors = [anchor for anchor in self.plan.columns.values() if anchor]
        there = matched(anchors, words) if words else {}
        if not anchors or len(there) < max(2, _HEADINGS * len(anchors)):
            return False
        if self.plan.detail_of:                       # the headings are those of the rows around it
            return True
        self.boxes = {name: self._part(name, anchor, there[anchor.number][0].box)
                      if anchor and anchor.number in there else self.boxes[name]
                      for name, anchor in self.plan.columns.items() if name in self.boxes}
        levels = matched([anchor for anchor in self.plan.levels if anchor], words)
        self.levels = self._levels({number: word.box for number, (word, _) in levels.items()})
        return True

    def _is_stray(self, sheet: int, row: int, boxes: dict[str, Box], label: Word | None) -> bool:
        """A page number, a note over several columns: one thing in the row, which no column of the table holds."""
        columns = self.stream.columns(sheet, row)
        if label or len(columns) != 1:
            return False
        box = self.stream.grids[sheet].box(row, columns[0])
        under = [name for name, own in boxes.items() if box.left <= own.left <= box.right]
        names = [name for name, own in boxes.items() if own.left <= columns[0] <= own.right]
        number = _PAGE.fullmatch(str(self.stream.cell(sheet, row, columns[0]).value))
        words = all(self.plan.table.columns[name].type not in _NUMERIC for name in names)
        return not names or len(under) > 1 or bool(number and words)

    def _without_narrow(self, rows: list[_Row]) -> list[_Row]:
        """Without the narrow blank row that our templates end a 一级指标 or a table with."""
        kept: list[_Row] = []
        for index, row in enumerate(rows):
            following = rows[index + 1] if index + 1 < len(rows) else None
            ends = following is None or self._top(following.leaf) != self._top(row.leaf)
            alone = bool(row.leaf) and (index == 0 or rows[index - 1].leaf != row.leaf)
            if not (ends and not alone and row.label is None and self._blank(row)):
                kept.append(row)
        return kept

    def _top(self, leaf: str) -> str:
        return self.plan.leaves[leaf].path[0] if leaf else ""

    def _blank(self, row: _Row) -> bool:
        return not any(self.stream.filled(row.sheet, row.row, column)
                       for box in row.boxes.values() for column in range(box.left, box.right + 1))

    # -- groups ---------------------------------------------------------------------------------------

    def _leaf(self, sheet: int, row: int, words: tuple[Word, ...], leaf: str) -> tuple[str, Word | None]:
        """The 二级指标 of a row, and its label if it stands there."""
        fits, shift, there = max((self._known_at(shift, words) for shift in (0, -1, 1)), key=lambda one: one[0])
        if not fits:
            return self._unlabelled(words, leaf)
        if shift:
            self._shift_by(shift, sheet, row)
        top, own = there[0], there[-1]
        own_keys, top_keys = (set(level_keys(word.text)) if word else set() for word in (own, top))
        found = [name for name, one in self.plan.leaves.items() if own_keys & set(one.keys)]
        tops = [name for name, one in self.plan.leaves.items() if top_keys & set(one.top_keys)]
        if found:
            within = [name for name in found if name in tops]
            return (within or ([leaf] if leaf in found else found))[0], own
        if own in (None, top) and len(tops) == 1:     # 满意度指标 over both columns
            return tops[0], top
        return self._slip(own, tops or list(self.plan.leaves), leaf)

    def _known_at(self, shift: int, words: tuple[Word, ...]) -> tuple[int, int, list[Word | None]]:
        """How many labels of this row are known ones, if they stand so many columns beside their headings."""
        there = [next((word for word in words if word.box.left <= column + shift <= word.box.right), None)
                 for column in self.levels]
        return sum(word is not None and self._knows(level, word) for level, word in enumerate(there)), shift, there

    def _knows(self, level: int, word: Word) -> bool:
        keys = set(level_keys(word.text))
        return any(keys & set(one.keys if level == len(self.levels) - 1 else one.top_keys)
                   for one in self.plan.leaves.values())

    def _unlabelled(self, words: tuple[Word, ...], leaf: str) -> tuple[str, Word | None]:
        column = self.levels[-1]
        own = next((word for word in words if word.box.left == column), None)
        if own is None or own.box.right > column and own.box.right >= min(box.left for box in self.boxes.values()):
            return leaf, None
        return self._slip(own, list(self.plan.leaves), leaf)

    def _slip(self, own: Word | None, among: list[str], leaf: str) -> tuple[str, Word | None]:
        """A label with a slip, or one that says a little more: 服务对象满意度 for 社会公众或服务对象满意度."""
        if own is None:
            return leaf, None
        keys = level_keys(own.text)
        for alike in (near, _within):
            close = [name for name in among if any(alike(key, other) for key in keys
                                                   for other in self.plan.leaves[name].keys)]
            if len(close) > 1:                        # 敉量指标 is no 质量指标 where that stands elsewhere
                close = [name for name in close if name not in self._spelt_right]
            if len(close) == 1:
                if alike is near:
                    self.body.slips.append((self.plan.leaves[close[0]].group.label or close[0], own))
                return close[0], own
        self.body.unknown.append(own)
        return "", own

    @cached_property
    def _spelt_right(self) -> frozenset[str]:
        """二级指标 whose labels stand in the table without a slip."""
        numbers = [self.stream.at[place] for place in self._span() if place in self.stream.at]
        keys = {key for number in numbers for word in self.stream.rows[number].words for key in level_keys(word.text)}
        return frozenset(name for name, leaf in self.plan.leaves.items() if keys & set(leaf.keys))

    def _shift_by(self, shift: int, sheet: int, row: int) -> None:
        """Labels stand a column beside their heading: so do the figures, unless they fit better where they were."""
        def fits(by: int) -> int:
            good = 0
            for name, box in self.boxes.items():
                value = self.stream.cell(sheet, row, max(1, box.left + by)).value
                if self.plan.table.columns[name].type in _NUMERIC and value is not None:
                    good += 1 if not isinstance(value, str) or _NUMBER.fullmatch(value) else -1
            return good

        self.levels = [column + shift for column in self.levels]
        if fits(shift) >= fits(0):
            self.boxes = {name: Box(box.top, box.left + shift, box.bottom, box.right + shift)
                          for name, box in self.boxes.items()}

    # -- cells ----------------------------------------------------------------------------------------

    def _cell(self, name: str, item: TableColumn, row: _Row, ordinal: int, rows: list[_Row]) -> None:
        full = f"{self.plan.name}.{name}"
        if item.at is None:
            self._points(full, row, ordinal)
            return
        box = row.boxes.get(name)
        if box is None or name in self.plan.covered(row.leaf):
            return
        rank = Box.span(item.at, 1).left
        if item.type == "points" and (weight := self._weight_of(row, rows, name)):
            word, text = weight
            self.body.found.append(Found(full, item, item.label or name, row.sheet, word.box.top, word.box.left,
                                         rank, text, ordinal, row.leaf))
            return
        at = row
        if item.per == "group" and not self._filled(row, box):
            at = next((other for other in rows if other.leaf == row.leaf and self._filled(other, box)), row)
        column = filled(self.labels, at.sheet, at.row, at.boxes[name])
        self.body.found.append(Found(full, item, f"第 {ordinal} 行{item.label or name}", at.sheet, at.row, column,
                                     rank, None, ordinal, row.leaf))

    def _filled(self, row: _Row, box: Box) -> bool:
        return any(self.stream.filled(row.sheet, row.row, column) for column in range(box.left, box.right + 1))

    def _weight_of(self, row: _Row, rows: list[_Row], name: str) -> tuple[Word, str] | None:
        """数量指标（15）: the points of a group whose rows leave their column blank, told on its first row."""
        printed = _WEIGHT.search(row.label.text) if row.label and row.leaf else None
        if printed is None or _WEIGHT.search(self.plan.leaves[row.leaf].group.label):
            return None
        blank = not any(self._filled(other, other.boxes[name]) for other in rows if other.leaf == row.leaf)
        return (row.label, printed[1]) if blank else None

    def _points(self, name: str, row: _Row, ordinal: int) -> None:
        """Points that no column prints: the label's own where they differ from the rule set's."""
        leaf: Leaf | None = self.plan.leaves.get(row.leaf)
        known = leaf.group.readings[:1] if leaf else []
        label = next((word for word in [row.label] if word), None)
        printed = _WEIGHT.search(label.text) if label else None
        if printed and Decimal(printed[1]) not in known:
            self.body.stated.append(Stated(name, Decimal(printed[1]), row.sheet, row.row, label.box.left, ordinal,
                                           row.leaf))
        elif known:
            self.body.stated.append(Stated(name, known[0], row.sheet, row.row, 0, ordinal, row.leaf))


def _within(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 3 and (one in other or other in one)
