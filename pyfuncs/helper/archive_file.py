"""The file of the archive: its tables, how it is opened, and its errors in a clerk's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyfuncs.helper.archive_views import create_views
from pyfuncs.helper.record_columns import RecordError
from pyfuncs.helper.sqlite_file import WAIT, create_tables, in_words, transaction

ARCHIVE = "汇总数据.db"
VERSION = 1                                           # of the tables below
_REFUSAL = "汇总数据只能增加，不能修改和删除"
_TABLES = {
    "ruleset": "id INTEGER PRIMARY KEY, digest TEXT UNIQUE, dump BLOB",
    "result": "id INTEGER PRIMARY KEY, sha256 TEXT, name TEXT, version TEXT, unit TEXT, year TEXT, ruleset_name TEXT, "
              "must_fix INTEGER, dated TEXT, dated_by TEXT, reason TEXT, ruleset INTEGER REFERENCES ruleset, "
              "share BLOB, record BLOB, UNIQUE (sha256, name, version)",
    "run": "id INTEGER PRIMARY KEY, at TEXT, who TEXT, program TEXT, paths TEXT, partial TEXT",
    "member": "run INTEGER REFERENCES run, place INTEGER, file TEXT, result INTEGER REFERENCES result, unit_key TEXT, "
              "unit TEXT, code TEXT, node TEXT, year TEXT, region TEXT, total TEXT, grade TEXT, rank INTEGER, "
              "must_fix INTEGER, late INTEGER",
    "item": "id INTEGER PRIMARY KEY, form TEXT, name TEXT, kind TEXT, title TEXT, label TEXT, heading TEXT, "
            "UNIQUE (form, name, kind)",
    "cell": "result INTEGER REFERENCES result, item INTEGER REFERENCES item, instance INTEGER, row INTEGER, value TEXT, "
            "text TEXT, cell TEXT, state TEXT",
    # Which results have their cells, and between which rows of that table they are.
    "filled": "result INTEGER PRIMARY KEY REFERENCES result, first INTEGER, last INTEGER",
}
_INDEX = "member_unit ON member (unit_key, year, run)"
# Of all cells that there are it is made several times as fast as with each of them, so whoever needs it first makes it.
ITEM_INDEX = "CREATE INDEX IF NOT EXISTS cell_item ON cell (item, result)"


class ArchiveError(Exception):
    """The archive can't be read or written; the message says why and what to do."""


def opened(path: Path) -> sqlite3.Connection:
    """The archive at this path, made where there is none. Raises ArchiveError."""
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    return _checked(base, path, _prepare)


def opened_to_read(path: Path) -> sqlite3.Connection:
    """The archive at this path, which can't be changed through this connection. Raises ArchiveError."""
    if not path.is_file():
        folder = path.parent
        raise ArchiveError(f"{folder} 里没有汇总数据（{ARCHIVE}）；请先用 jixiao consolidate … --project {folder} 汇总一次")
    with told(path):
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT, isolation_level=None)
        base.execute("PRAGMA query_only = ON")
    return _checked(base, path, _check)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Errors of SQLite, of the disk and of damaged records in a clerk's words."""
    try:
        yield
    except (sqlite3.Error, OSError, RecordError) as error:
        words = in_words(error, "汇总数据", "这一批没有存上", "再汇总一次")
        raise ArchiveError(f"汇总数据 {path}：{words}") from None


def _checked(base: sqlite3.Connection, path: Path, check: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    try:
        with told(path):
            base.execute("PRAGMA trusted_schema = OFF")   # it may have been made by others
            [version] = base.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise ArchiveError(f"{path} 是用更新的程序存的；请换用新版本的程序")
            check(base)
    except BaseException:
        base.close()
        raise
    return base


def _prepare(base: sqlite3.Connection) -> None:
    """Make the tables where there are none. It writes in either case: better refused now than after the reading."""
    with transaction(base):
        if not base.execute("SELECT 1 FROM sqlite_master").fetchone():
            create_tables(base, _TABLES, _REFUSAL)
            base.execute(f"CREATE INDEX {_INDEX}")
            create_views(base)
        _check(base)
        base.execute(f"PRAGMA user_version = {VERSION}")


def _check(base: sqlite3.Connection) -> None:
    """Raises sqlite3.Error where the file is damaged or has other tables."""
    for name in _TABLES:
        base.execute(f"SELECT MAX(rowid) FROM {name}").fetchone()
