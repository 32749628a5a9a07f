"""The result of consolidating: totals, rates, scores and ranking, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pyfuncs.catalog.model import ItemType
from pyfuncs.catalog.submission import Item
from pyfuncs.consolidate.filed import Filed
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
class Total:
    """One item over all units. `value` in 元 for amounts; None when nobody filed a number.

    `title`, `label`, `column`: printed words of the form, the row (or the cell) and the column.
    """

    form: str
    name: str
    kind: ItemType
    title: str
    label: str
    column: str
    value: Decimal | None
    parts: tuple[Part, ...]
    indent: int = 0

    @property
    def key(self) -> str:
        return f"{self.form}!{self.name}"

    @cached_property
    def _by_unit(self) -> dict[str, list[Part]]:
        found: dict[str, list[Part]] = {}
        for part in self.parts:
            found.setdefault(part.unit, []).append(part)
        return found

    def parts_of(self, unit: str) -> list[Part]:
        """The unit's cells: one per sheet of a repeated form; none where its rule set lacks the item."""
        return self._by_unit.get(unit, [])

    @property
    def unfilled(self) -> list[str]:
        """Units that left at least one cell of this item without a number, other than by 不适用 or 无."""
        return list(dict.fromkeys(part.unit for part in self.parts
                                  if part.value is None and part.state in UNFILLED))


@dataclass(frozen=True)
class LeftOut:
    unit: str
    reason: str


@dataclass(frozen=True)
class PooledRate:
    """A rate of all units together, worked out from summed amounts, never from the units' rates.

    `value`: a ratio, 不适用 or a CellError. `sums`: the operands of `args` over `units`, in 元 or heads.
    """

    key: str
    label: str
    method: str
    parameters: Mapping[str, object]
    args: tuple[str, ...]
    labels: tuple[str, ...]
    sums: tuple[Decimal | None, ...]
    value: Value
    sentence: str
    decimals: int
    status: str
    source: str
    rulesets: tuple[str, ...]
    units: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class ScoreLine:
    """One score of one unit: worked out by the rule, and as printed on its form (None: not printed)."""

    unit: str
    file: str
    key: str
    label: str
    instance: int                                     # 0: of the unit; 1..: of one project
    value: Value
    printed: Item | None
    status: str


@dataclass(frozen=True)
class Place:
    """`rank` is None when the unit has no total; `note` says why."""

    rank: int | None
    unit: str
    total: Value
    grade: str
    note: str = ""


@dataclass(frozen=True)
class Rejected:
    file: str
    unit: str
    reason: str


@dataclass(frozen=True)
class Missing:
    """A unit of the list that filed nothing; `near`: filed names that may be it."""

    unit: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unexpected:
    """A unit that filed though the list does not have it."""

    unit: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """Something the reader of the totals must know; `units`: whom it concerns, empty for all."""

    text: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consolidation:
    filed: tuple[Filed, ...]
    missing: tuple[Missing, ...]
    unexpected: tuple[Unexpected, ...]
    rejected: tuple[Rejected, ...]
    totals: tuple[Total, ...]
    rates: tuple[PooledRate, ...]
    scores: tuple[ScoreLine, ...]
    ranking: tuple[Place, ...]
    notices: tuple[Notice, ...]

    @property
    def units(self) -> list[str]:
        return [filed.unit for filed in self.filed]

    @property
    def years(self) -> list[str]:
        return sorted({filed.year for filed in self.filed})

    @property
    def complete(self) -> bool:
        """Every expected unit is in, none was turned away, none must mend its forms."""
        return not (self.missing or self.rejected) and not any(filed.must_fix for filed in self.filed)
