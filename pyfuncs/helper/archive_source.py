"""The workbooks of one run, as consolidating reads them from the archive: little of them is held at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from pyfuncs.catalog.model import ItemType, RuleSet
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import MISSING, Head, Part
from pyfuncs.consolidate.share import Share
from pyfuncs.consolidate.sums import Key as Summed
from pyfuncs.consolidate.sums import summed
from pyfuncs.helper.archive_cells import item_id
from pyfuncs.helper.archive_file import ITEM_INDEX
from pyfuncs.helper.record import decode
from pyfuncs.helper.share_record import decode_share


class _Member(NamedTuple):
    result: int
    ruleset: int | None
    head: Head


class ArchiveSource:
    """A Source (pyfuncs/consolidate/result.py) of these files; `results`: the number of each one's result; `ruleset`:
    gives one by its number. Its methods raise ArchiveError.
    """

    def __init__(self, base: sqlite3.Connection, told: Callable[[], AbstractContextManager],
                 ruleset: Callable[[int], RuleSet], results: Mapping[str, int]) -> None:
        self._base, self._told, self._ruleset = base, told, ruleset
        self._has: dict[int, frozenset[Summed]] = {}  # what is summed, by number of the rule set …
        self._same: dict[frozenset[Summed], frozenset[Summed]] = {}   # … of which many have the same
        self._members = {file: self._member(file, result) for file, result in results.items()}

    def heads(self) -> list[Head]:
        return [member.head for member in self._members.values()]

    def filed(self, files: Sequence[str]) -> Iterator[Filed]:
        for file in files:
            with self._told():
                one = self._filed(file)
            yield one

    def shares(self, files: Sequence[str]) -> Iterator[Share]:
        for file in files:
            with self._told():
                one = self._share(file)
            yield one

    def parts(self, files: Sequence[str], form: str, name: str, kind: ItemType) -> Iterator[Part]:
        having = [file for file in files if (form, name, kind) in self._summed(self._members[file].ruleset)]
        with self._told():
            cells = self._cells_of(having, item_id(self._base, form, name, kind))
        for file in having:
            result, _, head = self._members[file]
            for instance, value, text, cell, state in cells.get(result, ((1, None, "", "", MISSING),)):
                yield Part(head.unit, file, cell, None if value is None else Decimal(value), state, text, instance)

    def result(self, file: str) -> int:
        """The archive's number of what was read from this file."""
        return self._members[file].result

    def _member(self, file: str, result: int) -> _Member:
        ruleset, sha256, unit, year, name, must_fix, dated, dated_by, reason = self._base.execute(
            "SELECT ruleset, sha256, unit, year, ruleset_name, must_fix, dated, dated_by, reason FROM result WHERE id = ?",
            (result,)).fetchone()
        return _Member(result, ruleset, Head(file, sha256, unit, year, name, bool(must_fix), dated, dated_by, reason))

    def _filed(self, file: str) -> Filed:
        result, ruleset, _ = self._members[file]
        [record] = self._base.execute("SELECT record FROM result WHERE id = ?", (result,)).fetchone()
        one = decode(record, None if ruleset is None else self._ruleset(ruleset))
        return replace(one, submission=replace(one.submission, path=file))

    def _share(self, file: str) -> Share:
        result, ruleset, head = self._members[file]
        [share] = self._base.execute("SELECT share FROM result WHERE id = ?", (result,)).fetchone()
        return decode_share(share, file, head.sha256, self._ruleset(ruleset))

    def _summed(self, ruleset: int | None) -> frozenset[Summed]:
        if ruleset is None:
            return frozenset()
        if ruleset not in self._has:
            with self._told():
                items = frozenset(summed(self._ruleset(ruleset)))
            self._has[ruleset] = self._same.setdefault(items, items)
        return self._has[ruleset]

    def _cells_of(self, files: Sequence[str], item: int | None) -> dict[int, list[tuple]]:
        wanted = {self._members[file].result for file in files}
        found: dict[int, list[tuple]] = {}
        self._base.execute(ITEM_INDEX)
        for result, *cell in self._base.execute(
                "SELECT result, instance, value, text, cell, state FROM cell WHERE item = ? ORDER BY result, rowid",
                (item,)):
            if result in wanted:
                found.setdefault(result, []).append(cell)
        return found
