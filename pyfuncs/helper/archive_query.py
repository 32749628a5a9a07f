"""Questions in SQL to the archive: it can only be read, its numbers are compared and added up exactly."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from pathlib import Path

from pyfuncs.helper.archive_file import ARCHIVE, ArchiveError, opened_to_read
from pyfuncs.helper.archive_views import create_views, described
from pyfuncs.helper.sqlite_file import in_words

_EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_LONGEST = 10_000_000                                 # bytes of one value: a query may ask for any
_STEPS = 100_000                                      # of SQLite between two looks at the keyboard
# What SQLite says, and what it means.
_FAULTS = (
    (r"no such column: (.+)", "没有“{}”这一列"),
    (r"no such table: (.+)", "没有“{}”这张表"),
    (r"no such function: (.+)", "没有“{}”这个函数"),
    (r"ambiguous column name: (.+)", "几张表都有“{}”这一列，要写成 表名.列名"),
    (r'near "(.+)": syntax error', "“{}”附近写得不对"),
    (r'unrecognized token: "(.+)"', "“{}”认不出来，可能少了一个引号"),
    (r"incomplete input", "没有写完"),
    (r"wrong number of arguments to function (.+)\(\)", "函数“{}”的参数个数不对"),
    (r"misuse of aggregate.*", "合计函数用错了地方；按合计筛选用 HAVING"),
    (r"(?:string or blob|result) too big", "结果里有一个值太长"),
)


_NOT_THE_QUERY = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_BUSY")


class QueryError(Exception):
    """The query can't be answered; the message says what is wrong with it."""


@dataclass(frozen=True)
class Answer:
    """`rows` can be read once, while the archive is open."""

    columns: tuple[str, ...]
    rows: Iterator[Sequence]


class _Sum:
    """The exact sum of decimal texts and whole numbers, as text; NULL of none."""

    def __init__(self) -> None:
        self.total, self.count = Decimal(0), 0

    def step(self, value: object) -> None:
        if value is not None:
            self.total, self.count = _EXACT.add(self.total, Decimal(str(value))), self.count + 1

    def inverse(self, value: object) -> None:
        if value is not None:
            self.total, self.count = _EXACT.subtract(self.total, Decimal(str(value))), self.count - 1

    def value(self) -> str | None:
        return f"{self.total:f}" if self.count else None

    finalize = value


@contextmanager
def asked(folder: Path, sql: str) -> Iterator[Answer]:
    """The answer to one SELECT over the views of the archive of a folder.

    Raises ArchiveError when it can't be read, QueryError when the query is wrong.
    """
    with closing(opened_to_read(folder / ARCHIVE)) as base:
        _made_ready(base)
        with _explained(base, folder / ARCHIVE):
            cursor = base.execute(sql)
            if cursor.description is None:
                raise QueryError("没有写查询；请写一句 SELECT …")
            yield Answer(tuple(column[0] for column in cursor.description), iter(cursor))


def _made_ready(base: sqlite3.Connection) -> None:
    base.create_collation("decimal", _compared)
    for name in ("sum", "decimal_sum"):               # SQLite's own adds binary floats
        base.create_window_function(name, 1, _Sum)
    base.create_function("wan", 1, _wan, deterministic=True)
    base.execute("PRAGMA query_only = OFF")           # for the views of this connection; the file is opened to be read
    create_views(base, comparing="decimal")
    base.execute("PRAGMA query_only = ON")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    base.set_progress_handler(lambda: 0, _STEPS)      # where Ctrl-C gets through
    base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)


def _compared(one: str, other: str) -> int:
    """Numbers by their value, before texts."""
    first, second = _sortable(one), _sortable(other)
    return (first > second) - (first < second)


def _sortable(text: str) -> tuple:
    try:
        return 0, Decimal(text), ""
    except InvalidOperation:
        return 1, Decimal(0), text


def _wan(yuan: object) -> str | None:
    """An amount in 元 in 万元."""
    return None if yuan is None else f"{_EXACT.scaleb(Decimal(str(yuan)), -4):f}"


@contextmanager
def _explained(base: sqlite3.Connection, path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise KeyboardInterrupt from None         # SQLite swallowed it
        if getattr(error, "sqlite_errorname", "").startswith(_NOT_THE_QUERY):
            raise ArchiveError(f"汇总数据 {path}：{in_words(error, '汇总数据', '没有查成', '再汇总一次')}") from None
        raise QueryError(_fault(str(error), getattr(error, "sqlite_errorname", ""))) from None


def _fault(said: str, code: str) -> str:
    if code == "SQLITE_AUTH" or any(word in said for word in ("prohibited", "not authorized", "cannot modify")):
        return "只能查询，不能改数据、设置和别的文件；请写一句 SELECT …"
    if "one statement" in said:
        return "一次只能查一句；分号后面的请另查"
    if "user-defined" in said:                        # of our own functions, given what is no number
        return "SUM、decimal_sum、wan 只能用在数上，这一列里有文字"
    for pattern, words in _FAULTS:
        if found := re.fullmatch(pattern, said):
            name = next(iter(found.groups()), "")
            return words.format(name) + (_near(name) if "no such" in pattern else "")
    return f"查询语句写得不对（{said}）"


def _near(name: str) -> str:
    known = [word for view, columns in described() for word in (view, *columns)]
    close = difflib.get_close_matches(name.rpartition(".")[2], known, n=3, cutoff=0.5)
    return f"，是不是 {'、'.join(dict.fromkeys(close))}？" if close else ""
