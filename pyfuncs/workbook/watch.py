"""The limits of one file while it is read, and the sentence for a file that can't be."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

from pyfuncs.catalog.submission import Trouble
from pyfuncs.workbook.limits import limits

_SMALLER = "请把要交的表复制到新的文件里（不要整行整列地复制），保存后再交。"


class Unreadable(Exception):
    """A file, or one part of it, that can't be read; carries the sentence for the clerk."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        self.trouble = Trouble("file", code, message, advice)
        super().__init__(message)


@dataclass(frozen=True)
class Watch:
    """Counts nothing itself: says what is too much of one file, and when it has taken too long."""

    name: str                                         # of the file
    since: float = field(default_factory=monotonic)

    def check_time(self) -> None:
        """Raises Unreadable when reading has taken longer than the limit."""
        if monotonic() - self.since > limits().seconds:
            raise Unreadable("too-slow", f"文件“{self.name}”读了 {limits().seconds:g} 秒还没有读完，"
                             "超过时限，没有再读。", _SMALLER)

    def check_text(self, text: str) -> str:
        """`text` itself. Raises Unreadable when it is longer than a cell may be."""
        self.check_length(len(text))
        return text

    def check_length(self, length: int) -> None:
        """Raises Unreadable when a text of that many characters is longer than a cell may be."""
        if length > limits().text:
            raise self.beyond("long-text", f"有一格的文字长达 {length} 个字", f"{limits().text} 个字")

    def beyond(self, code: str, what: str, limit: str) -> Unreadable:
        """The error for something that exceeds a limit: `what` was found, `limit` is allowed."""
        return Unreadable(code, f"文件“{self.name}”{what}，超过上限 {limit}，没有读取。", _SMALLER)
