"""How much of one file is read: sizes no form comes near, so that a hostile file costs bounded time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Of one file. A file beyond any of them is told as unreadable, with the limit in the sentence."""

    file: int = 50 * 2**20                            # bytes; a form workbook has some 50 KB
    content: int = 200 * 2**20                        # bytes, unpacked
    ratio: int = 250                                  # unpacked to packed; real workbooks 5 to 30
    parts: int = 5000
    sheets: int = 500
    cells: int = 500_000                              # that hold something, of the whole workbook
    merges: int = 20_000                              # of one sheet
    text: int = 40_000                                # characters of one cell; Excel itself allows 32,767
    seconds: float = 30                               # of reading one file


_current: ContextVar[Limits] = ContextVar("limits", default=Limits())


def limits() -> Limits:
    """Those that hold now."""
    return _current.get()


@contextmanager
def limited(own: Limits) -> Iterator[None]:
    """Other limits for a while."""
    token = _current.set(own)
    try:
        yield
    finally:
        _current.reset(token)
