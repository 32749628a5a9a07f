"""The record of a project folder: every audit of every unit, and what was said of its findings.

A SQLite file that rows are only ever added to; the file itself refuses to change or delete one. A run is added
in one transaction, whole or not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyfuncs.checks.finding import Finding
from pyfuncs.helper.sqlite_file import WAIT as _WAIT
from pyfuncs.helper.sqlite_file import create_tables, in_words, texts, transaction

RECORD = "审核记录.db"
_VERSION = 1                                          # of the tables below
_TABLES = {
    "run": "id INTEGER PRIMARY KEY, at TEXT, who TEXT, program TEXT, paths TEXT, verdict TEXT",
    "filed": "id INTEGER PRIMARY KEY, run INTEGER REFERENCES run, unit_key TEXT, year TEXT, unit TEXT, path TEXT, "
             "sha256 TEXT, ruleset TEXT, ruleset_hash TEXT, verdict TEXT",
    "finding": "filed INTEGER REFERENCES filed, fingerprint TEXT, identity TEXT, rule_id TEXT, severity TEXT, kind TEXT, "
               "form TEXT, instance INTEGER, cells TEXT, message TEXT, about TEXT, state TEXT",
    "remark": "id INTEGER PRIMARY KEY, at TEXT, who TEXT, unit_key TEXT, year TEXT, fingerprint TEXT, identity TEXT, "
              "kind TEXT, reason TEXT, about TEXT",
}
_INDEXES = ("filed_unit ON filed (unit_key, year, run)", "finding_filed ON finding (filed)",
            "remark_unit ON remark (unit_key, year)")
RemarkKind = Literal["explained", "approved", "withdrawn"]


class ProjectError(Exception):
    """The record can't be read or written; the message says why and what to do."""


@dataclass(frozen=True)
class Key:
    """Which unit: its name as compared, and the fiscal year."""

    unit: str
    year: str


@dataclass(frozen=True)
class Recorded:
    """A finding of an earlier run. `about`: the figures it was about."""

    key: Key
    unit: str
    at: str
    fingerprint: str
    identity: str
    rule_id: str
    severity: str
    kind: str
    form: str
    instance: int
    cells: tuple[str, ...]
    message: str
    about: str

    def finding(self) -> Finding:
        """As a report shows it."""
        return Finding(self.rule_id, self.severity, self.kind, self.form, self.instance, self.cells, self.message)


@dataclass(frozen=True)
class Said:
    """Something said of a finding: an explanation, an approved exception, or that either is withdrawn."""

    fingerprint: str
    identity: str
    kind: RemarkKind
    reason: str
    who: str
    at: str
    about: str


@dataclass(frozen=True)
class Entry:
    """One file of a run, as it is recorded."""

    key: Key
    unit: str
    path: str
    sha256: str
    ruleset: str
    ruleset_hash: str
    verdict: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class History:
    """What is known of a unit: how many runs, when the last one was, what it found, what was said, oldest first."""

    runs: int = 0
    at: str = ""
    findings: tuple[Recorded, ...] = ()
    said: tuple[Said, ...] = ()


class Project:
    """The record of one folder. Every method raises ProjectError."""

    def __init__(self, folder: Path, create: bool) -> None:
        self.path = folder / RECORD
        if create:
            with self._told():
                folder.mkdir(parents=True, exist_ok=True)
            self._prepare()
        elif not self.path.is_file():
            raise ProjectError(f"{folder} 里没有审核记录（{RECORD}）；请先用 jixiao validate … --project {folder} 审核一次")

    def history(self, key: Key) -> History:
        """What was found in the unit's last run, and all that was said."""
        with self._open() as base:
            runs, last = base.execute("SELECT COUNT(DISTINCT run), MAX(run) FROM filed WHERE unit_key = ? AND year = ?",
                                      texts(key.unit, key.year)).fetchone()
            if not runs:
                return History()
            [at] = base.execute("SELECT at FROM run WHERE id = ?", (last,)).fetchone()
            said = base.execute("SELECT fingerprint, identity, kind, reason, who, at, about FROM remark "
                                "WHERE unit_key = ? AND year = ? ORDER BY id", texts(key.unit, key.year))
            found = _recorded(base, "filed.run = ? AND filed.unit_key = ? AND filed.year = ?",
                              (last, *texts(key.unit, key.year)))
            return History(runs, at, tuple(found), tuple(Said(*row) for row in said))

    def current(self) -> list[Recorded]:
        """The findings of every unit's last run."""
        with self._open() as base:
            return list(_recorded(base, _LAST, ()))

    def earlier(self, prefix: str) -> list[Recorded]:
        """Findings of any run whose fingerprint begins so."""
        with self._open() as base:
            return list(_recorded(base, "finding.fingerprint LIKE ? || '%'", (prefix,)))

    def add_run(self, at: str, who: str, program: str, paths: Sequence[str], verdict: str,
                entries: Sequence[Entry]) -> None:
        """Record a run."""
        with self._open() as base, transaction(base):
            run = base.execute("INSERT INTO run (at, who, program, paths, verdict) VALUES (?, ?, ?, ?, ?)", texts(
                at, who, program, json.dumps(list(paths), ensure_ascii=False), verdict)).lastrowid
            for entry in entries:
                _add_entry(base, run, entry)

    def add_remark(self, finding: Recorded, kind: RemarkKind, who: str, at: str, reason: str) -> None:
        """Record what was said of a finding."""
        with self._open() as base, transaction(base):
            base.execute("INSERT INTO remark (at, who, unit_key, year, fingerprint, identity, kind, reason, about) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", texts(
                             at, who, finding.key.unit, finding.key.year, finding.fingerprint, finding.identity, kind,
                             reason, finding.about))

    def _prepare(self) -> None:
        """Make the tables where there are none. It writes in either case: better refused now than after the audit."""
        with self._open() as base, transaction(base):
            if base.execute("PRAGMA user_version").fetchone() == (0,):
                create_tables(base, _TABLES, "审核记录只能增加，不能修改和删除")
                for index in _INDEXES:
                    base.execute(f"CREATE INDEX {index}")
            for name in _TABLES:                      # a damaged one is not written to
                base.execute(f"SELECT MAX(rowid) FROM {name}").fetchone()
            base.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._told(), closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as base:
            [version] = base.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise ProjectError(f"{self.path} 是用更新的程序记的；请换用新版本的程序")
            yield base

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's errors in a clerk's words."""
        try:
            yield
        except (sqlite3.Error, OSError, json.JSONDecodeError) as error:
            raise ProjectError(f"审核记录 {self.path}：{in_words(error, '审核记录', '这一次没有记上', '再审核一次')}") from None


_LAST = ("filed.run = (SELECT MAX(later.run) FROM filed AS later "
         "WHERE later.unit_key = filed.unit_key AND later.year = filed.year)")


def _add_entry(base: sqlite3.Connection, run: int | None, entry: Entry) -> None:
    filed = base.execute(
        "INSERT INTO filed (run, unit_key, year, unit, path, sha256, ruleset, ruleset_hash, verdict) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (run, *texts(
            entry.key.unit, entry.key.year, entry.unit, entry.path, entry.sha256, entry.ruleset, entry.ruleset_hash,
            entry.verdict))).lastrowid
    base.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
        (filed, *texts(one.fingerprint, one.identity, one.rule_id, one.severity, one.kind, one.form), one.instance,
         *texts(json.dumps(one.cells, ensure_ascii=False), one.message, one.about, one.state))
        for one in entry.findings])


def _recorded(base: sqlite3.Connection, where: str, values: Sequence[object]) -> Iterator[Recorded]:
    rows = base.execute(
        "SELECT filed.unit_key, filed.year, filed.unit, run.at, finding.fingerprint, finding.identity, finding.rule_id, "
        "finding.severity, finding.kind, finding.form, finding.instance, finding.cells, finding.message, finding.about "
        "FROM finding JOIN filed ON finding.filed = filed.id JOIN run ON filed.run = run.id "
        f"WHERE {where} ORDER BY finding.rowid", values)
    for unit_key, year, *rest, cells, message, about in rows:
        yield Recorded(Key(unit_key, year), *rest, tuple(json.loads(cells)), message, about)
