"""The long form: one row for each cell of a workbook, and where a run finds them again, item by item."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence, Set
from itertools import repeat
from typing import NamedTuple

from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import form_items
from pyfuncs.consolidate.sums import printed
from pyfuncs.helper.sqlite_file import texts

_KEPT = 64                                            # rule sets whose items are remembered


class _Words(NamedTuple):
    """An item as the archive names it: form, name and type, and the printed words of its form, row and column."""

    form: str
    name: str
    kind: str
    title: str
    label: str
    heading: str


class Cells:
    """Appends the cells of workbooks to the archive behind `base`, those of a workbook side by side."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._ids: dict[tuple[str, str, str], int] = {}
        self._of: dict[int, tuple[RuleSet, dict[tuple[str, str], int]]] = {}

    def append(self, result: int, ruleset: RuleSet, columns: Sequence[list]) -> None:
        """A workbook's, as helper/record.item_columns gives them. Within a transaction."""
        forms, names, *rest, texts_, cells, states = columns
        places = list(zip(forms, names))
        items = map(self._items(ruleset, set(places)).__getitem__, places)
        [last] = self._base.execute("SELECT COALESCE(MAX(rowid), 0) FROM cell").fetchone()
        self._base.executemany("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                               zip(repeat(result), items, *rest, *_whole(texts_, cells), states))
        self._base.execute("INSERT INTO filled VALUES (?, ?, ?)", (result, last + 1, last + len(places)))

    def _items(self, ruleset: RuleSet, places: Set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Ids of a rule set's items by form and name, and of what a form prints itself and is read all the same."""
        if id(ruleset) not in self._of:
            if len(self._of) > _KEPT:
                self._of.clear()
            self._of[id(ruleset)] = ruleset, {(one.form, one.name): self._id(one) for one in _items(ruleset)}
        ids = self._of[id(ruleset)][1]
        for form, name in places - ids.keys():
            ids[form, name] = self._id(_printed(ruleset, form, name))
        return ids

    def _id(self, one: _Words) -> int:
        key = one.form, one.name, one.kind
        if key not in self._ids:
            self._base.execute("INSERT OR IGNORE INTO item (form, name, kind, title, label, heading) "
                               "VALUES (?, ?, ?, ?, ?, ?)", texts(*one))
            self._ids[key] = item_id(self._base, *key)
        return self._ids[key]


def item_id(base: sqlite3.Connection, form: str, name: str, kind: str) -> int | None:
    """The archive's number of an item, None when it has none."""
    found = base.execute("SELECT id FROM item WHERE form = ? AND name = ? AND kind = ?",
                         texts(form, name, kind)).fetchone()
    return found[0] if found else None


def _whole(*columns: list[str]) -> Sequence[Sequence[str]]:
    """These texts, without halves of characters."""
    try:
        "".join(map("".join, columns)).encode()
    except UnicodeEncodeError:
        return [texts(*column) for column in columns]
    return columns


def _items(ruleset: RuleSet) -> Iterator[_Words]:
    for form in ruleset.forms.values():
        title, rows = printed(form.title, "").removeprefix("本年"), form.all_rows()
        for name, item in form_items(form):
            row = rows.get(name.partition(".")[0])
            label, heading = (row.label.strip(), item.label or name) if row else (item.label or name, "")
            yield _Words(form.form, name, item.type, title, printed(label, ""), printed(heading, ""))


def _printed(ruleset: RuleSet, form: str, name: str) -> _Words:
    """A fixed weight or a dash, by the row it stands in."""
    known = ruleset.forms.get(form)
    row = known.all_rows().get(name.partition(".")[0]) if known else None
    title = printed(known.title, "").removeprefix("本年") if known else form
    return _Words(form, name, "text", title, printed(row.label.strip(), "") if row else name, "")
