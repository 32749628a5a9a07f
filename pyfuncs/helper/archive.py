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
from pathlib import Path, PurePath
from typing import NamedTuple

from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.consolidate.result import Consolidation, Head, UnitLine
from pyfuncs.helper.archive_file import ARCHIVE as ARCHIVE
from pyfuncs.helper.archive_file import ArchiveError as ArchiveError
from pyfuncs.helper.archive_file import opened, told
from pyfuncs.helper.archive_source import ArchiveSource
from pyfuncs.helper.archive_views import LAST
from pyfuncs.helper.record import encode
from pyfuncs.helper.ruleset_dump import dumped
from pyfuncs.helper.sqlite_file import texts, transaction
from pyfuncs.language import CellError


class Key(NamedTuple):
    """What a result depends on: the file's content, its name, and the version of the program and its rules."""

    sha256: str
    name: str
    version: str


@dataclass(frozen=True)
class Result:
    """One workbook as a worker hands it over. `ruleset`: digest of its rule set's dump, "" without one."""

    head: Head
    version: str
    ruleset: str
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
    digest, dump = dumped(one.ruleset) if one.ruleset else ("", b"")
    return Result(head, version, digest, encode(one)), dump


class Archive:
    """The archive of one folder, made where there is none. Every method raises ArchiveError."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / ARCHIVE
        self.base = opened(self.path)
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
        """Keep a chunk of results. `rulesets`: dumps by digest; those that the archive has may be left out."""
        with self._told(), transaction(self.base):
            self.base.executemany(
                "INSERT OR IGNORE INTO ruleset (digest, dump) VALUES (?, ?)", rulesets.items())
            numbers: dict[str, int | None] = {"": None}
            for result in results:
                if result.ruleset not in numbers:
                    [numbers[result.ruleset]] = self.base.execute("SELECT id FROM ruleset WHERE digest = ?",
                                                                  (result.ruleset,)).fetchone()
                self._add(result, numbers[result.ruleset])

    def source(self, files: Iterable[tuple[str, Key]], keep: bool = False) -> ArchiveSource:
        """These files, in this order, as consolidating reads them. All their keys must be known.

        `keep`: the long form of those that are read goes into the archive on the way.
        """
        with self._told():
            return self.of_results({file: self._find(key) for file, key in files}, keep)

    def of_results(self, results: Mapping[str, int], keep: bool = False) -> ArchiveSource:
        """As `source`, by the archive's own numbers."""
        with self._told():
            return ArchiveSource(self.base, self._told, results, keep)

    def counted(self, year: str) -> list[tuple[str, int]]:
        """The units that runs counted for this year, by same_name, each with what was counted last."""
        with self._told():
            return self.base.execute(f"SELECT unit_key, result FROM member WHERE year = ? AND {LAST}",
                                     texts(year)).fetchall()

    def close_run(self, note: RunNote, source: ArchiveSource, result: Consolidation) -> int:
        """Append the long form of the units that a run counted, and the run. Its number.

        A run that is cut off in the middle has appended cells, and is no run: the next one goes on from there.
        """
        source.append_cells(result.files)
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

    def _add(self, result: Result, ruleset: int | None) -> None:
        head = result.head
        self.base.execute(
            "INSERT OR IGNORE INTO result (sha256, name, version, unit, year, ruleset_name, dated, dated_by, reason, "
            "must_fix, ruleset, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*result.key, *texts(head.unit, head.year, head.ruleset, head.dated, head.dated_by, head.reason),
             head.must_fix, ruleset, result.record))


def _member(line: UnitLine, result: int, nodes: Mapping[str, str]) -> tuple:
    region, _, _ = line.ruleset.partition("/")
    file, unit_key, unit, code, node, year, region, total, grade = texts(
        line.file, same_name(line.unit), line.unit, line.code, nodes.get(line.node, ""), line.year, region,
        "" if line.total is None or isinstance(line.total, CellError) else str(line.total), line.grade)
    return (file, result, unit_key, unit, code, node, year, region, total or None, grade, line.rank, line.must_fix,
            line.late)
