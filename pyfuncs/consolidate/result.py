"""What consolidating gives back: a tree of nodes with totals, rates and scores, its units, and who is not in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from pyfuncs.catalog.model import ItemType, RuleSet
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.share import Share
from pyfuncs.language import Value

WAN = Decimal(10000)                                  # 元 in one 万元
MISSING = "missing"                                   # state of a part: the unit's workbook lacks the cell
# A number is wanted and there is none; 不适用, 不计分 and 无 are answers.
UNFILLED = frozenset({"blank", "placeholder", "text", "error", MISSING})


@dataclass(frozen=True)
class Part:
    """One cell behind a total. `value` in 元 (amounts), None when the unit filed no number there."""

    unit: str
    file: str
    cell: str
    value: Decimal | None
    state: str                                        # a submission's state, or MISSING
    text: str = ""
    instance: int = 1


@dataclass(frozen=True)
class Head:
    """What admission needs to know of a workbook; `reason`: why it can't be counted at all, "" when it can.

    `dated`: when it was last saved, as the workbook says, else as the disk says: 2023-03-20T09:15:00.
    """

    file: str
    sha256: str
    unit: str
    year: str
    ruleset: str
    must_fix: bool
    dated: str = ""
    dated_by: str = ""                                # 文件里记的保存时间 | 磁盘上的修改时间
    reason: str = ""


class Source(Protocol):
    """Where the units' workbooks are kept, in memory or on disk. Consolidating reads it and holds little of it."""

    def heads(self) -> Sequence[Head]:
        """One for each workbook, in the order of their paths."""

    def filed(self, files: Sequence[str]) -> Iterator[Filed]:
        """These workbooks, one after the other in this order."""

    def shares(self, files: Sequence[str]) -> Iterator[Share]:
        """What each of these gives to the sums, in this order; all of them have a rule set."""

    def parts(self, files: Sequence[str], form: str, name: str, kind: ItemType) -> Iterator[Part]:
        """The cells behind a total: of the workbooks whose rule set has this item, in this order."""


@dataclass(frozen=True)
class Node:
    """A department, bureau or folder that units belong to. `id` is "" for the root; `level` 0 is the root."""

    id: str
    name: str
    parent: str | None = None
    level: int = 0


@dataclass(frozen=True)
class Total:
    """One item over all units of a node. `value` in 元 for amounts; None when nobody filed a number.

    `title`, `label`, `column`: printed words of the form, the row (or the cell) and the column.
    `filed`, `unfilled`: how many units have a number, and how many left a cell of it without one.
    """

    form: str
    name: str
    kind: ItemType
    title: str
    label: str
    column: str
    value: Decimal | None
    filed: int
    unfilled: int
    indent: int = 0

    @property
    def key(self) -> str:
        return f"{self.form}!{self.name}"


@dataclass(frozen=True)
class LeftOut:
    unit: str
    reason: str


@dataclass(frozen=True)
class PooledRate:
    """A rate of all units of a node together, from summed amounts, never from the units' rates.

    `value`: a ratio, 不适用 or a CellError. `sums`: the operands of `args` over the `units` that count, in 元 or
    heads. `kinds`: of the operands.
    """

    key: str
    label: str
    method: str
    parameters: Mapping[str, object]
    args: tuple[str, ...]
    labels: tuple[str, ...]
    kinds: tuple[ItemType, ...]
    sums: tuple[Decimal | None, ...]
    value: Value
    sentence: str
    decimals: int
    status: str
    source: str
    rulesets: tuple[str, ...]
    units: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class NodeScore:
    """A score of a node. `value` by the rule from the node's own sums and rates; None where a person judged or the
    rule can't be worked out from sums: then `count`, `lowest`, `highest` and `mean` tell what the units gave it.
    """

    key: str
    label: str
    points: Decimal | None
    value: Value
    sentence: str
    status: str
    why_listed: str = ""                              # "" when `value` is by the rule
    count: int = 0
    lowest: Decimal | None = None
    highest: Decimal | None = None
    mean: Decimal | None = None                       # shown as an aid, never as the node's score


@dataclass(frozen=True)
class Difference:
    """A total against the sum of its parts (差额表). `total`, `parts` in 元 for amounts; difference = total − parts."""

    node: str                                         # id
    what: str                                         # 本表加总 | 上下级
    title: str
    label: str
    column: str
    total: Decimal | None
    parts: Decimal | None
    kind: ItemType = "amount"
    where: str = ""                                   # the cell of the total where a unit filed it, "file sheet!C9"

    @property
    def difference(self) -> Decimal | None:
        return None if self.total is None or self.parts is None else self.total - self.parts


@dataclass(frozen=True)
class NodeResult:
    """A node with all that is below it. `units`: how many workbooks are counted. `scores` are by `ruleset`, the one
    that most of its units use; `total` and `grade` are of the node where they can be worked out."""

    node: Node
    units: int
    totals: tuple[Total, ...]
    rates: tuple[PooledRate, ...]
    ruleset: RuleSet | None = None
    scores: tuple[NodeScore, ...] = ()
    total: Value = None
    grade: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class UnitLine:
    """A counted unit in a few figures: kept for all units at once.

    `rates`: by key, ratios. `amounts`: the operands of its rates, by form!name, in 元 or heads. `prior`: the same
    of last year, from last year's workbook or archive, else from the column of last year on its own form.
    `scores`: by (key, instance). `printed`: the total on its form. `counts`: findings by group (GROUP_WORDS).
    `deductions`: points below full marks by key of the score. `rank` is None without a total; `note` says why.
    """

    unit: str
    code: str
    node: str                                         # id
    file: str
    sha256: str
    ruleset: str
    year: str
    total: Value
    grade: str
    rank: int | None = None
    note: str = ""
    printed: Decimal | None = None
    must_fix: bool = False
    late: bool = False
    rates: Mapping[str, Value] = field(default_factory=dict)
    amounts: Mapping[str, Decimal | None] = field(default_factory=dict)
    prior: Mapping[str, Decimal | None] = field(default_factory=dict)
    prior_total: Decimal | None = None                # last year's score, when last year's workbook is known
    counts: Mapping[str, int] = field(default_factory=dict)
    deductions: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class KeyFigure:
    """A column of the first sheet: an operand of a rate, or a rate. `kind`: its type, "rate" for rates."""

    key: str                                          # form!name, or the rate's key
    label: str
    kind: str
    decimals: int = 2


@dataclass(frozen=True)
class Rejected:
    """A workbook that is not counted; `duplicate`: the file of the same unit that is counted in its place.

    `must_fix`: for findings that must be fixed, and for nothing else: it can be let in by choice.
    """

    file: str
    unit: str
    reason: str
    node: str = ""
    duplicate: str = ""
    must_fix: bool = False


@dataclass(frozen=True)
class Missing:
    """A unit of the list that filed nothing; `near`: filed names that may be it."""

    unit: str
    near: tuple[str, ...] = ()
    code: str = ""
    node: str = ""


@dataclass(frozen=True)
class Unexpected:
    """A unit that filed though the list does not have it."""

    unit: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Late:
    """`dated_by`: who says when it was saved. The disk says so weakly: copying a file changes its date."""

    unit: str
    file: str
    dated: str
    deadline: str
    dated_by: str = ""


@dataclass(frozen=True)
class Notice:
    """Something the reader of the totals must know; `units`: whom it concerns, empty for all."""

    text: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """An item that can't be added up, over all units: where to find it, and how many units answered."""

    form: str
    name: str
    title: str
    label: str
    column: str
    reason: str                                       # 文字 | 比率，按合计重算 | 得分，按规则重评 | 逐项填列，不能相加 …
    filed: int


@dataclass(frozen=True)
class Consolidation:
    """`nodes`: the root first, then depth first. `units`: in the order of the tree. `not_chosen`: how many were left
    out by 选择汇总. `partial`: "" or what is still to be read, in words. `annexes`: forms behind the report of a unit
    that filed its workbook too."""

    nodes: tuple[NodeResult, ...]
    units: tuple[UnitLine, ...]
    key_figures: tuple[KeyFigure, ...] = ()
    missing: tuple[Missing, ...] = ()
    unexpected: tuple[Unexpected, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    late: tuple[Late, ...] = ()
    listed: tuple[Listed, ...] = ()
    notices: tuple[Notice, ...] = ()
    not_chosen: int = 0
    partial: str = ""
    annexes: tuple[Rejected, ...] = ()

    @property
    def root(self) -> NodeResult:
        return self.nodes[0]

    @property
    def files(self) -> list[str]:
        return [line.file for line in self.units]

    @property
    def years(self) -> list[str]:
        return sorted({line.year for line in self.units})

    @property
    def complete(self) -> bool:
        """Every expected unit is in, none was turned away, none must mend its forms."""
        return not (self.missing or self.rejected or self.partial) and not any(line.must_fix for line in self.units)
