"""What a marked workbook remembers of its marks, so that they can be taken off again (pure).

The same in a copy that was marked as a file and in a workbook that was marked while it was open: a very hidden
sheet of rows, and hidden names that follow the cells when rows are inserted. A copy remembers besides how each
part of the file read before.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.mark_xml import DECLARATION, MAIN, safe_text

STATE_SHEET = "_jixiao_marks"
MARK_NAME = "_jixiao_mark_"                           # + number in the order of the findings
OPINION_NAME = "_jixiao_opinion"                      # first cell of the sheet of findings: it may be renamed
CONDITION = '"jixiao"<>""'                            # always true; the same in a program of any language
HEADERS = ("name", "blamed", "note", "had_note")
_UNDO, _ADDED = "undo", "added"
_CHUNK = 30_000                                       # letters; a cell holds 32,767
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Mark:
    """One marked cell. `note` is what we wrote, "" where nothing could be written; `blamed`: a likely culprit,
    else it only shows a contradiction."""

    name: str
    blamed: bool
    note: str
    had_note: bool

    @property
    def row(self) -> Row:
        return self.name, _flag(self.blamed), self.note, _flag(self.had_note)


@dataclass(frozen=True)
class Undo:
    """How a part read before: its first `head` and last `tail` bytes are still there, `middle` was between.

    `digest`: of the part as it was left; of any other nothing can be said.
    """

    part: str
    head: int
    tail: int
    middle: bytes
    digest: str

    @classmethod
    def between(cls, part: str, before: bytes, after: bytes) -> Undo:
        shorter = min(len(before), len(after))
        head = _alike(before, after, shorter)
        tail = _alike(before[head:][::-1], after[head:][::-1], shorter - head)
        return cls(part, head, tail, before[head:len(before) - tail], digest(after))

    def undone(self, data: bytes) -> bytes | None:
        """The part as it was; None when someone has changed it since."""
        if digest(data) != self.digest:
            return None
        return data[:self.head] + self.middle + data[len(data) - self.tail:]

    def rows(self) -> Iterator[Row]:
        text = base64.b64encode(zlib.compress(self.middle, 9)).decode()
        place = f"{self.head} {self.tail} {self.digest}"
        for start in range(0, len(text), _CHUNK):
            yield _UNDO, self.part, text[start:start + _CHUNK], place


@dataclass(frozen=True)
class State:
    """`undos` of the parts that were changed, and the digests of those that were `added`, by name."""

    marks: tuple[Mark, ...] = ()
    undos: tuple[Undo, ...] = ()
    added: Mapping[str, str] | None = None

    def rows(self) -> list[Row]:
        added = [(_ADDED, part, "", digest) for part, digest in (self.added or {}).items()]
        return [HEADERS, *(mark.row for mark in self.marks), *(row for undo in self.undos for row in undo.rows()), *added]

    @classmethod
    def of(cls, rows: Iterable[Sequence[object]]) -> State:
        """From the rows of the sheet; rows that nobody of ours wrote are passed over."""
        texts: dict[tuple[str, str], str] = {}
        marks, added = [], {}
        for name, second, third, fourth in rows:
            if name == _UNDO:
                texts[str(second), str(fourth)] = texts.get((str(second), str(fourth)), "") + str(third or "")
            elif name == _ADDED:
                added[str(second)] = str(fourth)
            elif str(name).startswith(MARK_NAME):
                marks.append(Mark(str(name), second == "1", str(third or ""), fourth == "1"))
        undos = (_undo(part, place, text) for (part, place), text in texts.items())
        return cls(tuple(marks), tuple(filter(None, undos)), added)


def state_sheet(state: State) -> bytes:
    """The sheet's XML; all of it text."""
    rows = "".join(
        f'<row r="{number}">' + "".join(f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">'
                                        f"{safe_text(text)}</t></is></c>" for letter, text in zip("ABCD", row)) + "</row>"
        for number, row in enumerate(state.rows(), 1))
    return f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _undo(part: str, place: str, text: str) -> Undo | None:
    """None for a row that was tampered with: then the part is cleaned as one that was changed."""
    try:
        head, tail, wanted = place.split(" ")
        middle = zlib.decompressobj().decompress(base64.b64decode(text), limits().content)
        return Undo(part, int(head), int(tail), middle, wanted)
    except (ValueError, zlib.error):
        return None


def _alike(one: bytes, other: bytes, most: int) -> int:
    """How many bytes both begin with."""
    low, high = 0, most
    while low < high:                                 # comparing slices is far faster than bytes one by one
        half = (low + high + 1) // 2
        low, high = (half, high) if one[:half] == other[:half] else (low, half - 1)
    return low


def _flag(value: bool) -> str:
    return "1" if value else "0"
