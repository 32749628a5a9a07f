"""Notes on cells: the comments part and the drawing that shows them, new, added to or cut (pure)."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping

from pyfuncs.workbook.mark_xml import (
    DECLARATION, MAIN, Element, Patch, append, attribute, content, parse, patched, removal, safe_text,
)
from pyfuncs.workbook.places import Box

AUTHOR = "绩效自评工具箱"
Notes = Mapping[str, str]                             # C9 -> text

_WIDTH, _COLUMNS = 26, 3                              # characters in a line of a note; columns it covers
_NAMESPACES = ('xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
               'xmlns:x="urn:schemas-microsoft-com:office:excel"')
# Namespaces stand on every shape, as a drawing of another program may use other prefixes.
_NOTE_TYPE = (f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
              'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
              '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>')
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_SHAPE_ROW, _SHAPE_COLUMN = re.compile(rb"<x:Row>(\d+)</x:Row>"), re.compile(rb"<x:Column>(\d+)</x:Column>")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")


def comments_part(notes: Notes) -> bytes:
    """A new comments part."""
    listed = "".join(_comment(cell, text, 0, "") for cell, text in notes.items())
    return (f'{DECLARATION}<comments xmlns="{MAIN}"><authors><author>{AUTHOR}</author></authors>'
            f"<commentList>{listed}</commentList></comments>").encode()


def noted_cells(data: bytes) -> set[str]:
    """The cells that have a note in a comments part."""
    comments = parse(data).first("commentList")
    return {comment.attributes.get("ref", "") for comment in comments.all("comment")} if comments else set()


def added_comments(data: bytes, notes: Notes) -> bytes:
    """An existing comments part with our notes. A cell that has a note keeps it: ours is written below."""
    root = parse(data)
    authors, comments = root.first("authors"), root.first("commentList")
    if authors is None or comments is None:
        raise ValueError("comments without authors or list")
    p, author = root.prefix, len(authors.children)
    existing = {comment.attributes.get("ref", ""): comment for comment in comments.all("comment")}
    patches = append(authors, f"<{p}author>{AUTHOR}</{p}author>")
    new = [cell for cell in notes if cell not in existing]
    for cell in notes:
        if cell in existing:
            patches += _below(existing[cell], notes[cell])
    patches += append(comments, "".join(_comment(cell, notes[cell], author, p) for cell in new))
    return patched(data, patches)


def without_notes(data: bytes, notes: Notes) -> tuple[bytes, list[str]]:
    """A comments part without our words, and the cells that have no note any more.

    What anyone else wrote into a note, before or since, stays.
    """
    listed = parse(data).first("commentList")
    patches, gone = [], []
    for comment in listed.all("comment") if listed else ():
        cell = comment.attributes.get("ref", "")
        if cell not in notes:
            continue
        pieces = list(_pieces(data, comment))
        shown, ours = "".join(text for _, _, text in pieces), notes[cell]
        if shown.strip() == ours.strip():
            patches.append(removal(comment))
            gone.append(cell)
        elif (start := shown.find(ours)) >= 0:
            patches += _cut(pieces, start, start + len(ours))
    return patched(data, patches), gone


def without_shapes(data: bytes, cells: Collection[str]) -> bytes:
    """A drawing without the boxes of the notes on some cells."""
    wanted = {(str(box.top - 1).encode(), str(box.left - 1).encode()) for box in map(Box.at, cells)}

    def kept(shape: re.Match[bytes]) -> bytes:
        row, column = _SHAPE_ROW.search(shape[0]), _SHAPE_COLUMN.search(shape[0])
        return b"" if row and column and (row[1], column[1]) in wanted else shape[0]

    return _SHAPE.sub(kept, data)


def drawing_part(notes: Notes) -> bytes:
    """A new drawing with one hidden box per note."""
    return (f'<xml {_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
            f"{_NOTE_TYPE}{_shapes(notes, 1025)}</xml>").encode()


def added_drawing(data: bytes, notes: Notes) -> bytes:
    """An existing drawing with boxes for more notes. It need not be well-formed: Excel's own often is not."""
    first = max((int(number) for number in _SHAPE_ID.findall(data)), default=1024) + 1
    kind = "" if b"_x0000_t202" in data else _NOTE_TYPE
    end = data.rindex(b"</")
    return data[:end] + f"{kind}{_shapes(notes, first)}".encode() + data[end:]


def _comment(cell: str, text: str, author: int, prefix: str) -> str:
    p = prefix
    return (f'<{p}comment ref={attribute(cell)} authorId="{author}">'
            f"<{p}text>{_run(text, p)}</{p}text></{p}comment>")


def _run(text: str, prefix: str) -> str:
    p = prefix
    return (f'<{p}r><{p}rPr><{p}sz val="9"/><{p}rFont val="宋体"/></{p}rPr>'
            f'<{p}t xml:space="preserve">{safe_text(text)}</{p}t></{p}r>')


def _below(comment: Element, text: str) -> list[Patch]:
    """Our run behind the note's own text, which becomes a run if it was plain."""
    body = comment.first("text")
    if body is None or not body.children:
        raise ValueError("comment without text")
    p, patches = comment.prefix, []
    plain = body.first("t")
    if plain:
        patches += [Patch(plain.start, plain.start, f"<{p}r>"), Patch(plain.end, plain.end, f"</{p}r>")]
    last = [child for child in body.children if child.local in ("t", "r")][-1]
    return [*patches, Patch(last.end, last.end, _run(f"\n{text}", p))]


def _pieces(data: bytes, comment: Element) -> Iterator[tuple[Element, Element, str]]:
    """The pieces of a note's text: what goes when all of it goes, the text's element, and the text."""
    body = comment.first("text")
    for child in body.children if body else ():
        element = child.first("t") if child.local == "r" else child if child.local == "t" else None
        if element is not None:
            yield child, element, content(data, element)


def _cut(pieces: list[tuple[Element, Element, str]], start: int, end: int) -> Iterator[Patch]:
    """Take the letters start..end out of a note."""
    at = 0
    for whole, element, text in pieces:
        left, right = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if left >= right:
            continue
        rest = text[:left] + text[right:]
        yield Patch(element.inner, element.inner_end, safe_text(rest)) if rest else removal(whole)


def _shapes(notes: Notes, first: int) -> str:
    return "".join(_shape(number, cell, text) for number, (cell, text) in enumerate(notes.items(), first))


def _shape(number: int, cell: str, text: str) -> str:
    """A hidden box to the right of its cell, tall enough for the text."""
    box = Box.at(cell)
    row, column = box.top - 1, box.left - 1
    lines = sum(max(1, math.ceil(len(line) / _WIDTH)) for line in text.split("\n"))
    corners = f"{column + 1}, 15, {max(0, row - 1)}, 10, {column + 1 + _COLUMNS}, 15, {row + 2 + lines}, 4"
    return (f'<v:shape {_NAMESPACES} id="_x0000_s{number}" type="#_x0000_t202" '
            'style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
            '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
            '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
            '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
            f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{corners}</x:Anchor>"
            f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
            "</x:ClientData></v:shape>")
