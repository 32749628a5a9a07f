"""A SQLite file that rows are only ever added to, and what SQLite says of it in a clerk's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

WAIT = 30.0                                           # seconds for another program to finish its own entry

# Extended codes begin with the plain ones. {what}: what the file is, {lost}: what was not recorded, {again}: to do.
_REASONS = {
    "SQLITE_FULL": "磁盘满了，{lost}，以前的都在；请腾出空间{again}",
    "SQLITE_IOERR": "写不进去（磁盘满了，或网络盘断了），{lost}，以前的都在；请检查磁盘后{again}",
    "SQLITE_BUSY": "别的程序正在写，等了很久也没有轮到，{lost}；请稍后{again}",
    "SQLITE_READONLY": "是只读的，记不上；请检查文件夹有没有写的权限",
    "SQLITE_CANTOPEN": "打不开；请检查文件夹是否存在、有没有写的权限",
    "SQLITE_PERM": "没有读写的权限；请检查文件夹的权限",
    "SQLITE_NOTADB": "不是{what}，或已经损坏，没有动它；请把它改名留存，{again}，会新建一份",
    "SQLITE_CORRUPT": "已经损坏，没有动它；请把它改名留存（可以请技术人员恢复），{again}，会新建一份",
    "SQLITE_ERROR": "里面不是{what}的表，没有动它；请换一个项目文件夹",
}


def in_words(error: Exception, what: str, lost: str, again: str) -> str:
    """Why the file can't be read or written. What is no error of SQLite or the disk is damage in what it holds."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if not isinstance(error, (sqlite3.Error, OSError)):
        name = "SQLITE_CORRUPT"
    for start, words in _REASONS.items():
        if name.startswith(start):
            return words.format(what=what, lost=lost, again=again)
    return f"读写不了（{error}）；请检查文件夹是否存在、有没有写的权限"


def create_tables(base: sqlite3.Connection, tables: Mapping[str, str], refusal: str) -> None:
    """Tables of which no row can be changed or deleted; `refusal` is what the file says to one who tries."""
    for name, columns in tables.items():
        base.execute(f"CREATE TABLE {name} ({columns})")
        for action in ("UPDATE", "DELETE"):
            base.execute(f"CREATE TRIGGER {name}_{action.lower()} BEFORE {action} ON {name} BEGIN "
                         f"SELECT RAISE(ABORT, '{refusal}'); END")


@contextmanager
def transaction(base: sqlite3.Connection) -> Iterator[None]:
    """Whole or not at all; other runs wait."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:                       # a full disk has rolled back already
            base.execute("ROLLBACK")
        raise


def texts(*given: str) -> tuple[str, ...]:
    """Texts as SQLite takes them: a file name may hold half of a character."""
    return tuple(text.encode("utf-8", errors="replace").decode("utf-8") for text in given)
