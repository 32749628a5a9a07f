"""Where the text of a Word document stands in its XML: every paragraph by its number, every piece by its bytes. Pure.

Counts what `read_docx` counts, in the same order; a test holds the two together.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from pyfuncs.workbook.mark_xml import Element
from pyfuncs.workbook.read_docx import NOT_SHOWN, SIGNS

_ONE = re.compile(r"&[^;]{1,12};|\r\n|.", re.DOTALL)  # one character as XML may write it
_WHOLE = {"txbxContent", "ruby"}                      # what lies in these can't be taken apart


@dataclass(frozen=True)
class Piece:
    """A run of text: of `element` (w:t, w:tab …) in `run`; characters start..end of the paragraph.

    `whole`: nothing may be put between its characters, but before and after `run`.
    """

    start: int
    end: int
    element: Element
    run: Element
    whole: bool


@dataclass
class ParagraphText:
    """`number` counts from 1 in reading order; a paragraph in a text box comes before the one it lies in."""

    element: Element
    number: int = 0
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""


def paragraphs(data: bytes, root: Element) -> list[ParagraphText]:
    """The paragraphs of a document's main part, as they are numbered."""
    walker = _Walker(data)
    walker.walk(root)
    return walker.done


def offset_in(data: bytes, element: Element, characters: int) -> int:
    """The byte at which so many characters of an element's text have passed."""
    raw = data[element.inner:element.inner_end].decode()
    matches = _ONE.finditer(raw)
    passed = 0
    for _ in range(characters):
        passed = next(matches).end()
    return element.inner + len(raw[:passed].encode())


def _text(raw: str) -> str:
    """What XML means by a text, with the CDATA and comments that hardly anybody writes."""
    parts = re.split(r"<!\[CDATA\[(.*?)\]\]>", re.sub(r"<!--.*?-->|<\?.*?\?>", "", raw, flags=re.DOTALL), flags=re.DOTALL)
    text = "".join(part if number % 2 else html.unescape(part) for number, part in enumerate(parts))
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Walker:
    """Without recursion: a hostile document nests as deep as it likes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.done = data, []
        self._open: list[ParagraphText] = []

    def walk(self, root: Element) -> None:
        waiting: list[tuple[Element, Element | None, bool, bool]] = [(root, None, False, False)]
        while waiting:
            element, run, whole, closing = waiting.pop()
            if closing:
                self._close()
                continue
            if element.local in NOT_SHOWN:
                continue
            if element.local == "p":
                self._open.append(ParagraphText(element))
                waiting.append((element, None, False, True))
            elif element.local == "r" and run is None:
                run = element
            elif self._open and (element.local == "t" or element.local in SIGNS):
                self._take(element, run, whole)
            whole = whole or element.local in _WHOLE
            waiting += [(child, run, whole, False) for child in reversed(element.children)]

    def _take(self, element: Element, run: Element | None, whole: bool) -> None:
        paragraph = self._open[-1]
        raw = self.data[element.inner:element.inner_end].decode()
        text = SIGNS.get(element.local) or _text(raw)
        start = len(paragraph.text)
        paragraph.text += text
        if run is not None and text:
            paragraph.pieces.append(Piece(start, len(paragraph.text), element, run, whole or "<" in raw))

    def _close(self) -> None:
        paragraph = self._open.pop()
        self.done.append(paragraph)
        paragraph.number = len(self.done)
