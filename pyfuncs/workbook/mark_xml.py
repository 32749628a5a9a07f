"""Patching XML in place: what is not touched keeps its bytes, prefixes and order (pure).

expat says where each element begins and ends; a patch replaces the bytes between two of these places.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass
class Element:
    """An element by its bytes: `start`..`inner` is the start tag, `inner`..`inner_end` the content."""

    name: str                                         # as written, prefix included
    attributes: dict[str, str]
    start: int
    inner: int
    empty: bool                                       # <c/>
    inner_end: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """"x:" or "", for new elements beside this one."""
        return self.name[: -len(self.local)]

    def all(self, local: str) -> Iterator[Element]:
        return (child for child in self.children if child.local == local)

    def first(self, local: str) -> Element | None:
        return next(self.all(local), None)


@dataclass(frozen=True)
class Patch:
    """Replaces the bytes start..end; an insertion when they are the same place."""

    start: int
    end: int
    text: str


def parse(data: bytes) -> Element:
    """The root of a document, in UTF-8. Raises ValueError for another encoding, ExpatError for broken XML."""
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    stack: list[Element] = []
    roots: list[Element] = []

    def declared(_: str, encoding: str | None, __: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8"):
            raise ValueError(encoding)

    def start(name: str, pairs: list[str]) -> None:
        at = parser.CurrentByteIndex
        tag = _TAG.match(data, at)
        element = Element(name, dict(zip(pairs[::2], pairs[1::2])), at, tag.end(), tag[0].endswith(b"/>"))
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def end(_: str) -> None:
        element = stack.pop()
        element.inner_end = element.inner if element.empty else parser.CurrentByteIndex
        element.end = element.inner if element.empty else data.index(b">", element.inner_end) + 1

    parser.XmlDeclHandler, parser.StartElementHandler, parser.EndElementHandler = declared, start, end
    parser.Parse(data, True)
    return roots[0]


def content(data: bytes, element: Element) -> str:
    """The text of an element that holds nothing else."""
    return html.unescape(data[element.inner:element.inner_end].decode()).replace("\r\n", "\n")


def removal(element: Element) -> Patch:
    return Patch(element.start, element.end, "")


def patched(data: bytes, patches: Iterable[Patch]) -> bytes:
    """`data` with all patches; those at one place keep their order."""
    pieces, done = [], 0
    for patch in sorted(patches, key=lambda patch: patch.start):
        pieces += [data[done:patch.start], patch.text.encode()]
        done = patch.end
    return b"".join([*pieces, data[done:]])


def start_tag(element: Element, changes: dict[str, str], empty: bool | None = None) -> str:
    """The start tag with some attributes set; `empty` closes it or leaves it open."""
    attributes = {**element.attributes, **changes}
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{element.name}{written}{'/' if (element.empty if empty is None else empty) else ''}>"


def retag(element: Element, changes: dict[str, str]) -> Patch:
    return Patch(element.start, element.inner, start_tag(element, changes))


def append(element: Element, text: str, changes: dict[str, str] | None = None) -> list[Patch]:
    """Put `text` behind the last child, and set attributes of the start tag."""
    if element.empty:
        tag = start_tag(element, changes or {}, empty=False)
        return [Patch(element.start, element.end, f"{tag}{text}</{element.name}>")]
    head = [retag(element, changes)] if changes else []
    return [*head, Patch(element.inner_end, element.inner_end, text)]


def safe_text(text: str) -> str:
    """Text for an element: escaped, without characters that XML does not know."""
    return escape(_ILLEGAL.sub("", text))


def attribute(text: str) -> str:
    """Text for an attribute, with its quotes."""
    return quoteattr(_ILLEGAL.sub("", text))
