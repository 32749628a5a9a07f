"""What a unit filed, in the rule set's terms (报送). Built by the readers, consumed by figures, checks, totals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

# Six kinds of empty are six different things; `text` is words where a number or words may stand.
State = Literal["number", "blank", "not_applicable", "not_scored", "placeholder", "none", "text", "error"]


@dataclass(frozen=True)
class Item:
    """One cell of a form as it was filed.

    `value`: amounts in 元, rates as ratio, points and scores in 分, counts as they are; None when there is
    no number. `text`: as shown in the cell. `places`: printed decimals (of the percent for rates, of the
    form's unit for amounts). `row`: ordinal in a table, 1-based, 0 outside. `group`: leaf 二级指标 of a
    table row. `cell`: "sheet!C9", empty when the form does not print it (fixed weights).
    """

    form: str
    name: str                                         # row.column | cell | table.column
    value: Decimal | None
    text: str
    cell: str
    state: State
    instance: int = 1
    row: int = 0
    group: str = ""
    places: int = 0
    formula: bool = False
    notes: tuple[str, ...] = ()                       # how a dialect was read: 含“✓”，按 2.46 理解

    @property
    def key(self) -> str:
        return f"{self.form}!{self.name}"

    @property
    def left_blank(self) -> bool:
        """Nobody filled it; a formula that was never calculated is not left blank."""
        return self.state == "blank" and not self.formula


@dataclass(frozen=True)
class Trouble:
    """Something the reader met that is not a number's fault: a missing sheet or name, a foreign file."""

    kind: Literal["file", "structure", "input"]
    code: str                                         # stable short name, e.g. missing-sheet
    message: str
    advice: str
    cells: tuple[str, ...] = ()
    form: str = ""
    severity: Literal["error", "warning", "note"] = "error"


@dataclass(frozen=True)
class Text:
    """A text that was read with a form and is no item of it: title, heading, label, line above or below.

    `form` is "" on a sheet that belongs to none, such as the cover.
    """

    form: str
    cell: str                                         # "sheet!C9"
    text: str


@dataclass(frozen=True)
class Submission:
    """One workbook as read. `items` are in printed order.

    `read_by`: how its cells were found, by defined names or by their labels; "" when nothing was read.
    `recognised`: why this rule set was taken, in words, where the workbook does not name one.
    """

    path: str
    sha256: str
    ruleset: str                                      # region/year, "" when unknown
    entity: str
    year: str
    items: tuple[Item, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    edition: str = ""
    ruleset_hash: str = ""                            # as stored in the workbook
    texts: tuple[Text, ...] = ()
    read_by: Literal["", "names", "labels"] = ""
    recognised: str = ""

    @cached_property
    def _index(self) -> dict[tuple[str, str], list[Item]]:
        index: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in self.items:
            index[item.form, item.name].append(item)
        return index

    @cached_property
    def _instances(self) -> dict[str, list[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for item in self.items:
            found[item.form].add(item.instance)
        return {form: sorted(instances) for form, instances in found.items()}

    def items_of(self, form: str, name: str, instance: int = 0) -> list[Item]:
        """All items of that name: rows of a table, sheets of a repeated form; one instance if given."""
        found = self._index.get((form, name), [])
        return [item for item in found if instance in (0, item.instance)]

    def item(self, form: str, name: str, instance: int = 1, row: int = 0) -> Item | None:
        for item in self._index.get((form, name), ()):
            if item.row == row and instance in (0, item.instance):
                return item
        return None

    def instances(self, form: str) -> list[int]:
        return list(self._instances.get(form, ()))
