"""The workbooks of one run, as consolidating reads them from the archive: little of them is held at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from pyfuncs.catalog.model import ItemType, RuleSet
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import MISSING, Head, Part
from pyfuncs.consolidate.sums import Key as Summed
from pyfuncs.consolidate.sums import summed
from pyfuncs.helper.archive_cells import Cells, item_id
from pyfuncs.helper.record import decode
from pyfuncs.helper.ruleset_dump import loaded
from pyfuncs.helper.sqlite_file import transaction

_PASSING = 25                                         # workbooks whose cells are appended in one transaction


class _Member(NamedTuple):
    result: int
    ruleset: int | None
    unit: str


class ArchiveSource:
    """A Source (pyfuncs/consolidate/result.py) of these files; `results`: the number of each one's result.

    `keep`: the long form of what passes by is appended, so that no record need be taken apart again for it.
    Its methods raise ArchiveError.
    """

    def __init__(self, base: sqlite3.Connection, told: Callable[[], AbstractContextManager],
                 results: Mapping[str, int], keep: bool = False) -> None:
        self._base, self._told, self._cells, self._keep = base, told, Cells(base), keep
        self._ruleset = lru_cache(maxsize=64)(self._loaded)
        self._has: dict[int, frozenset[Summed]] = {}  # what is summed, by number of the rule set …
        self._same: dict[frozenset[Summed], frozenset[Summed]] = {}   # … of which many have the same
        self._members = {file: self._member(result) for file, result in results.items()}

    def heads(self) -> list[Head]:
        with self._told():
            return [self._head(file, member.result) for file, member in self._members.items()]

    def filed(self, files: Sequence[str]) -> Iterator[Filed]:
        known, passing = self._filled() if self._keep else set(), []
        try:
            for file in files:
                with self._told():
                    one = self._filed(file)
                if self._keep and (result := self._members[file].result) not in known:
                    known.add(result)
                    passing.append((result, one))
                if len(passing) >= _PASSING:
                    self._append(passing)
                yield one
        finally:
            self._append(passing)

    def parts(self, files: Sequence[str], form: str, name: str, kind: ItemType) -> Iterator[Part]:
        """Appends the cells of workbooks that the archive does not have yet."""
        having = [file for file in files if (form, name, kind) in self._summed(self._members[file].ruleset)]
        self.append_cells(having)
        with self._told():
            cells = self._cells_of(having, item_id(self._base, form, name, kind))
        for file in having:
            result, _, unit = self._members[file]
            for instance, value, text, cell, state in cells.get(result, ((1, None, "", "", MISSING),)):
                yield Part(unit, file, cell, None if value is None else Decimal(value), state, text, instance)

    def result(self, file: str) -> int:
        """The archive's number of what was read from this file."""
        return self._members[file].result

    def append_cells(self, files: Sequence[str]) -> None:
        """The long form of those that have none: each workbook's once, in whichever run."""
        known = self._filled()
        new = {self._members[file].result: file for file in files if self._members[file].result not in known}
        waiting = iter(new.items())
        while chunk := list(islice(waiting, _PASSING)):
            with self._told():
                passing = [(result, self._filed(file)) for result, file in chunk]
            self._append(passing)

    def _filled(self) -> set[int]:
        """Results whose cells are there already."""
        with self._told():
            return {result for [result] in self._base.execute("SELECT result FROM filled")}

    def _append(self, passing: list[tuple[int, Filed]]) -> None:
        """Their cells, all of them or none; the list is emptied."""
        if passing:
            with self._told(), transaction(self._base):
                for result, one in passing:
                    self._cells.append(result, one)
            passing.clear()

    def _member(self, result: int) -> _Member:
        found = self._base.execute("SELECT ruleset, unit FROM result WHERE id = ?", (result,)).fetchone()
        return _Member(result, *found)

    def _head(self, file: str, result: int) -> Head:
        sha256, unit, year, ruleset, must_fix, dated, dated_by, reason = self._base.execute(
            "SELECT sha256, unit, year, ruleset_name, must_fix, dated, dated_by, reason FROM result WHERE id = ?",
            (result,)).fetchone()
        return Head(file, sha256, unit, year, ruleset, bool(must_fix), dated, dated_by, reason)

    def _filed(self, file: str) -> Filed:
        result, ruleset, _ = self._members[file]
        [record] = self._base.execute("SELECT record FROM result WHERE id = ?", (result,)).fetchone()
        one = decode(record, None if ruleset is None else self._ruleset(ruleset))
        return replace(one, submission=replace(one.submission, path=file))

    def _loaded(self, ruleset: int) -> RuleSet:
        [dump] = self._base.execute("SELECT dump FROM ruleset WHERE id = ?", (ruleset,)).fetchone()
        return loaded(dump)

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
        for result, *cell in self._base.execute(
                "SELECT result, instance, value, text, cell, state FROM cell WHERE item = ? ORDER BY result, rowid",
                (item,)):
            if result in wanted:
                found.setdefault(result, []).append(cell)
        return found
