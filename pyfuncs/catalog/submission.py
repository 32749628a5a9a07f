"""What a unit filed, in the rule set's terms (报送). Built by the readers, consumed by figures, checks, totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from pathlib import PurePath
from typing import Literal

_BY_NAME, _BY_SHEET = attrgetter("form", "name"), attrgetter("form", "instance")
_BY_PLACE = attrgetter("form", "name", "instance", "row")

# Six kinds of empty are six different things; `text` is words where a number or words may stand.
State = Literal["number", "blank", "not_applicable", "not_scored", "placeholder", "none", "text", "error"]


@dataclass(frozen=True, init=False)
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

    def __init__(self, form: str, name: str, value: Decimal | None, text: str, cell: str, state: State,
                 instance: int = 1, row: int = 0, group: str = "", places: int = 0, formula: bool = False,
                 notes: tuple[str, ...] = ()) -> None:
        # A workbook has hundreds of them: what is made for a frozen class takes three times as long.
        object.__setattr__(self, "__dict__", {
            "form": form, "name": name, "value": value, "text": text, "cell": cell, "state": state, "instance": instance,
            "row": row, "group": group, "places": places, "formula": formula, "notes": notes})

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
    `consolidated`: how many units' workbooks it was made of, 0 for a unit's own.
    `saved`: when the reader saw the file say that it was last saved, 2023-03-20T09:15:00; no part of what was filed.
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
    consolidated: int = 0
    saved: str = field(default="", compare=False, repr=False)

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], list[Item]]:
        """All items of each form and name, in printed order."""
        found: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for name, item in zip(map(_BY_NAME, self.items), self.items):
            found[name].append(item)
        return dict(found)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str, int, int], Item]:
        """The first where several stand for one: it is put in last."""
        last_first = self.items[::-1]
        return dict(zip(map(_BY_PLACE, last_first), last_first))

    @cached_property
    def _by_sheet(self) -> dict[str, dict[int, list[Item]]]:
        found: dict[str, dict[int, list[Item]]] = {}
        for (form, instance), items in groupby(self.items, _BY_SHEET):
            found.setdefault(form, {}).setdefault(instance, []).extend(items)
        return found

    def items_of(self, form: str, name: str, instance: int = 0) -> list[Item]:
        """All items of that name: rows of a table, sheets of a repeated form; one instance if given."""
        found = self.by_name.get((form, name), ())
        return [item for item in found if item.instance == instance] if instance else list(found)

    def item(self, form: str, name: str, instance: int = 1, row: int = 0) -> Item | None:
        if instance:
            return self._by_place.get((form, name, instance, row))
        return next((item for item in self.items_of(form, name) if item.row == row), None)

    def first(self, form: str, name: str, instance: int, row: int) -> Item | None:
        """The first item of that name: of any sheet where `instance` is 0, of any row where `row` is 0."""
        if instance and row:
            return self._by_place.get((form, name, instance, row))
        for item in self.by_name.get((form, name), ()):
            if (not instance or item.instance == instance) and (not row or item.row == row):
                return item
        return None

    def items_on(self, form: str, instance: int) -> list[Item]:
        """All items of one sheet."""
        return list(self._by_sheet.get(form, {}).get(instance, ()))

    def instances(self, form: str) -> list[int]:
        return sorted(self._by_sheet.get(form, ()))


def in_word(path: str) -> bool:
    """Whether what was filed is a Word document: a form by itself, or the forms behind a written report."""
    return PurePath(path).suffix.lower() == ".docx"
