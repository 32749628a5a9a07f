"""The archive of a project folder: every workbook that was read, and the figures of every run that counted it.

A SQLite file that rows are only ever added to. What was read is kept by the file's content, name and the version
of the program and its rules, so that nothing is read twice; each chunk is added whole or not at all.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.consolidate.result import Consolidation, Head, UnitLine
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.helper.archive_cells import Cells
from pyfuncs.helper.archive_file import ARCHIVE as ARCHIVE
from pyfuncs.helper.archive_file import ArchiveError as ArchiveError
from pyfuncs.helper.archive_file import opened, told
from pyfuncs.helper.archive_source import ArchiveSource
from pyfuncs.helper.archive_views import LAST
from pyfuncs.helper.record import encode, item_columns
from pyfuncs.helper.ruleset_dump import dumped, loaded
from pyfuncs.helper.share_record import encode_share
from pyfuncs.helper.sqlite_file import texts, transaction
from pyfuncs.language import CellError


class Key(NamedTuple):
    """What a result depends on: the file's content, its name, and the version of the program and its rules."""

    sha256: str
    name: str
    version: str


@dataclass(frozen=True)
class Result:
    """One workbook as a worker hands it over. `ruleset`: digest of its rule set's dump, "" without one; `share`: then
    b"" too."""

    head: Head
    version: str
    ruleset: str
    share: bytes
    record: bytes

    @property
    def key(self) -> Key:
        return key_of(self.head.sha256, self.head.file, self.version)


@dataclass(frozen=True)
class RunNote:
    """When a run was (2023-03-20 09:15), whose it was, with which program, over which paths."""

    at: str
    who: str
    program: str
    paths: Sequence[str]


def key_of(sha256: str, file: str, version: str) -> Key:
    """The key of a file. Its folder does not matter, its name does: it stands in for a unit's name."""
    return Key(*texts(sha256, PurePath(file).name, version))


def result_of(one: Filed, head: Head, version: str) -> tuple[Result, bytes]:
    """A workbook for the archive, with the dump of its rule set (b"" without one). For a worker."""
    if one.ruleset is None:
        return Result(head, version, "", b"", encode(one)), b""
    digest, dump = dumped(one.ruleset)
    return Result(head, version, digest, encode_share(share_of(one)), encode(one)), dump


class Archive:
    """The archive of one folder, made where there is none. Every method raises ArchiveError."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / ARCHIVE
        self.base = opened(self.path)
        self._forget()
        self._temporary: tempfile.TemporaryDirectory | None = None

    @classmethod
    def temporary(cls) -> Archive:
        """An archive that is gone when it is closed; nothing in it need outlive a power cut."""
        folder = tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True)
        archive = cls(Path(folder.name))
        archive._temporary = folder
        archive.base.execute("PRAGMA synchronous = OFF")
        return archive

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.base.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def known(self, keys: Iterable[Key]) -> set[Key]:
        """Those of them that need not be read again."""
        with self._told():
            return {key for key in keys if self._find(key) is not None}

    def add(self, results: Iterable[Result], rulesets: Mapping[str, bytes]) -> None:
        """Keep a chunk of results with their long form. `rulesets`: dumps by digest; those that the archive has may be left out."""
        try:
            with self._told(), transaction(self.base):
                self._add_all(results, rulesets)
        except BaseException:
            self._forget()
            raise

    def source(self, files: Iterable[tuple[str, Key]]) -> ArchiveSource:
        """These files, in this order, as consolidating reads them. All their keys must be known."""
        with self._told():
            return self.of_results({file: self._find(key) for file, key in files})

    def of_results(self, results: Mapping[str, int]) -> ArchiveSource:
        """As `source`, by the archive's own numbers."""
        with self._told():
            return ArchiveSource(self.base, self._told, self._ruleset, results)

    def counted(self, year: str) -> list[tuple[str, int]]:
        """The units that runs counted for this year, by same_name, each with what was counted last."""
        with self._told():
            return self.base.execute(f"SELECT unit_key, result FROM member WHERE year = ? AND {LAST}",
                                     texts(year)).fetchall()

    def close_run(self, note: RunNote, source: ArchiveSource, result: Consolidation) -> int:
        """Append a run with the units that it counted: what it says of their cells is there already. Its number."""
        nodes = {found.node.id: found.node.name for found in result.nodes}
        with self._told(), transaction(self.base):
            run = self.base.execute("INSERT INTO run (at, who, program, paths, partial) VALUES (?, ?, ?, ?, ?)", texts(
                note.at, note.who, note.program, json.dumps(list(note.paths), ensure_ascii=False),
                result.partial)).lastrowid
            self.base.executemany(
                "INSERT INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(run, place, *_member(line, source.result(line.file), nodes)) for place, line in enumerate(result.units)])
        return run

    def rows(self, sql: str, run: int) -> tuple[list[str], Iterator[tuple]]:
        """The columns and rows of a query of ours about a run."""
        with self._told():
            cursor = self.base.execute(sql, (run,))
        return [column[0] for column in cursor.description], self._fetched(cursor)

    def _fetched(self, cursor: sqlite3.Cursor) -> Iterator[tuple]:
        with self._told():
            yield from cursor

    def _told(self) -> AbstractContextManager:
        return told(self.path)

    def _find(self, key: Key) -> int | None:
        found = self.base.execute("SELECT id FROM result WHERE sha256 = ? AND name = ? AND version = ?",
                                  key).fetchone()
        return found[0] if found else None

    def _forget(self) -> None:
        """What is remembered by number: numbers given in a transaction that failed are given again."""
        self._cells = Cells(self.base)
        self._ruleset = lru_cache(maxsize=64)(self._loaded)

    def _add_all(self, results: Iterable[Result], rulesets: Mapping[str, bytes]) -> None:
        self.base.executemany("INSERT OR IGNORE INTO ruleset (digest, dump) VALUES (?, ?)", rulesets.items())
        numbers: dict[str, int | None] = {"": None}
        for result in results:
            if result.ruleset not in numbers:
                [numbers[result.ruleset]] = self.base.execute("SELECT id FROM ruleset WHERE digest = ?",
                                                              (result.ruleset,)).fetchone()
            self._add(result, numbers[result.ruleset])

    def _add(self, result: Result, ruleset: int | None) -> None:
        head = result.head
        added = self.base.execute(
            "INSERT OR IGNORE INTO result (sha256, name, version, unit, year, ruleset_name, dated, dated_by, reason, "
            "must_fix, ruleset, share, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*result.key, *texts(head.unit, head.year, head.ruleset, head.dated, head.dated_by, head.reason),
             head.must_fix, ruleset, result.share, result.record))
        if added.rowcount and ruleset is not None:
            self._cells.append(added.lastrowid, self._ruleset(ruleset), item_columns(result.record))

    def _loaded(self, ruleset: int) -> RuleSet:
        [dump] = self.base.execute("SELECT dump FROM ruleset WHERE id = ?", (ruleset,)).fetchone()
        return loaded(dump)


def _member(line: UnitLine, result: int, nodes: Mapping[str, str]) -> tuple:
    region, _, _ = line.ruleset.partition("/")
    file, unit_key, unit, code, node, year, region, total, grade = texts(
        line.file, same_name(line.unit), line.unit, line.code, nodes.get(line.node, ""), line.year, region,
        "" if line.total is None or isinstance(line.total, CellError) else str(line.total), line.grade)
    return (file, result, unit_key, unit, code, node, year, region, total or None, grade, line.rank, line.must_fix,
            line.late)
