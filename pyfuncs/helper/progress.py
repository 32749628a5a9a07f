"""How far the work is: one line on the error stream that is written over, when that is a terminal; or told to who hears."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from types import TracebackType
from typing import TextIO

from pyfuncs.report.naming import one_line
from pyfuncs.report.text_table import display_width, shorten

_EVERY = 0.1                                          # seconds between two lines

# Given what is done, how many, of how many, and the last of them.
Hearer = Callable[[str, int, int, str], None]
_hearer: ContextVar[Hearer | None] = ContextVar("hearer", default=None)


@contextmanager
def heard(by: Hearer) -> Iterator[None]:
    """Within this, progress is told to `by` too, as often as it is shown."""
    token = _hearer.set(by)
    try:
        yield
    finally:
        _hearer.reset(token)


class Progress:
    """`正在审核 120/1000 12% 95 个/秒 还要 9 秒 甲单位.xlsx`, until the block is left, then nothing."""

    def __init__(self, doing: str, total: int, stream: TextIO | None = None) -> None:
        self._doing, self._total = doing, total
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream is not None and self._stream.isatty()      # a program without a console has none
        self._since, self._next, self._last = monotonic(), 0.0, 0
        self.done = 0

    def __enter__(self) -> Progress:
        self._show("")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._write("")

    def add(self, count: int, current: str) -> None:
        """So many more are done; `current` is the last of them."""
        self.done += count
        if monotonic() >= self._next:
            self._show(current)

    def _show(self, current: str) -> None:
        self._next = monotonic() + _EVERY
        if hearer := _hearer.get():
            hearer(self._doing, self.done, self._total, one_line(current))
        self._write(line(self._doing, self.done, self._total, monotonic() - self._since, current))

    def _write(self, text: str) -> None:
        if not self._shown:
            return
        text = shorten(text, shutil.get_terminal_size().columns - 1)
        blanks = " " * (self._last - display_width(text))
        self._stream.write(f"\r{text}{blanks}" if text else f"\r{blanks}\r")
        self._stream.flush()
        self._last = display_width(text)


def line(doing: str, done: int, total: int, seconds: float, current: str) -> str:
    """Count, share, rate, time left and what was done last."""
    parts = [f"{doing} {done}/{total} {100 * done // total if total else 100}%"]
    if done and seconds > 0:
        rate = done / seconds
        parts += [f"{rate:.{0 if rate >= 10 else 1}f} 个/秒", f"还要{_duration((total - done) / rate)}"]
    return " ".join([*parts, one_line(current)] if current else parts)


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f" {hours} 小时 {minutes} 分"
    return f" {minutes} 分 {seconds} 秒" if minutes else f" {seconds} 秒"
