"""Rows and sheets of all units, carried over into a department's forms one by one, or summed where there are many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Key(NamedTuple):
    """A cell within what is carried: `name` as in a slot; `row`: 1.. within its 二级指标 or table, 0 outside."""

    name: str
    row: int = 0
    group: str = ""


Held = Decimal | str                                  # amounts in 元, other numbers as they are, words


@dataclass(frozen=True)
class Entry:
    """One row of a table, or one sheet of a repeated form. `of`: how many it stands for."""

    unit: str
    name: str
    values: Mapping[Key, Held]
    group: str = ""
    of: int = 1


@dataclass
class Entries:
    """What all units have of one kind: single entries while there are at most `limit`, else one for each unit, and
    where there are too many units one for all the others. `sums`: whether a cell can be added up."""

    limit: int
    sums: Callable[[Key], bool]
    single: list[Entry] = field(default_factory=list)
    by_unit: list[Entry] = field(default_factory=list)
    rest: Entry | None = None
    count: int = 0
    units: int = 0

    def add(self, unit: str, entries: Sequence[Entry], first: bool = False) -> None:
        """The entries of one unit; `first`: they go before those of the other units."""
        if not entries:
            return
        self.count += len(entries)
        self.units += 1
        if self.count <= self.limit:
            self.single[:] = [*entries, *self.single] if first else [*self.single, *entries]
        self.by_unit.insert(0 if first else len(self.by_unit), together(unit, entries, self.sums))
        if len(self.by_unit) >= self.limit:           # the last place is for all the others
            self.rest = together("", [self.by_unit.pop(), *([self.rest] if self.rest else [])], self.sums)

    @property
    def whole(self) -> bool:
        """Whether every entry stands by itself."""
        return self.count <= self.limit

    @property
    def kept(self) -> list[Entry]:
        return list(self.single) if self.whole else [*self.by_unit, *([self.rest] if self.rest else [])]

    @property
    def others(self) -> int:
        """How many units share the last entry; 0 where each has its own."""
        return 0 if self.whole or self.rest is None or self.rest.unit else self.units - len(self.by_unit)


def together(unit: str, entries: Sequence[Entry], sums: Callable[[Key], bool]) -> Entry:
    """Several entries as one: amounts added up; words and judgements are of single things, they go."""
    if len(entries) == 1:
        return entries[0]
    keys = dict.fromkeys(key for one in entries for key in one.values if sums(key))
    values = {key: total for key in keys if (total := added(one.values.get(key) for one in entries)) is not None}
    return Entry(unit, "", values, of=sum(one.of for one in entries))


def added(values: Iterable[Held | None]) -> Decimal | None:
    """The sum of those that are numbers, None where none is."""
    numbers = [value for value in values if isinstance(value, Decimal)]
    return sum(numbers, Decimal(0)) if numbers else None
