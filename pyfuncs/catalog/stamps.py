"""What tells that the files of a rule set have changed, and for how long they are taken not to."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Answer = TypeVar("Answer")
_known: ContextVar[dict | None] = ContextVar("_known", default=None)


@contextmanager
def unchanged() -> Iterator[None]:
    """Within this, files of rule sets are looked at once: for what takes a second and reads many workbooks."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(look: Callable[..., Answer], *asked: Hashable) -> Answer:
    """`look(*asked)`, within `unchanged` as it was the first time. What it raises is not kept."""
    known = _known.get()
    if known is None:
        return look(*asked)
    key = look, *asked
    if key not in known:
        known[key] = look(*asked)
    return known[key]


def times(folder: str, levels: int = 2) -> Iterator[tuple[str, int]]:
    """YAML files and when they were written, so many levels down; links to folders are not followed."""
    try:
        for entry in os.scandir(folder):
            if entry.name.endswith(".yaml"):
                yield entry.path, entry.stat(follow_symlinks=False).st_mtime_ns
            elif levels > 1 and entry.is_dir(follow_symlinks=False):
                yield from times(entry.path, levels - 1)
    except OSError:                                   # none of ours to read
        return
