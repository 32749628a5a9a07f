"""A marked copy of a Word document: every finding on its words is a comment at that place. The original stays as it is.

As with workbooks, parts of the package are patched: what is not touched keeps its bytes. Runs are taken apart where a
place begins or ends within them, and keep their properties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

from pyfuncs.catalog.words import clean
from pyfuncs.checks.finding import Finding, verdict
from pyfuncs.workbook.docx_text import ParagraphText, Piece, offset_in, paragraphs
from pyfuncs.workbook.mark_opinion import summary
from pyfuncs.workbook.mark_xml import (DECLARATION, Element, Patch, attribute, parse, patched,
                                       retag, safe_text)
from pyfuncs.workbook.package_copy import write_copy
from pyfuncs.workbook.package_parts import Parts
from pyfuncs.workbook.read_docx import DOCUMENT
from pyfuncs.workbook.safe_zip import Package, Unreadable, file_bytes, package_of, related

AUTHOR, INITIALS = "绩效自评工具箱", "审核"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_QUOTED = 30                                          # characters
_SPACE = {"xml:space": "preserve"}

Cut = tuple[Element, Element, int]                    # run, the element in it, characters of it that stand before


def mark_report(source: Path, target: Path, findings: Sequence[Finding]) -> None:
    """Write the copy. Raises Unreadable when the document can't be marked, FileExistsError, OSError."""
    package = package_of(source, file_bytes(source))
    try:
        parts = _Marker(package, findings).parts()
    except (ValueError, ExpatError, StopIteration):   # another encoding, or parts that contradict each other
        raise Unreadable("not-markable", f"文件“{source.name}”的内部结构特别，不能在副本上标注。",
                         "请用 Word 或 WPS 打开，另存为 .docx 后再审核。") from None
    write_copy(package, target, parts)


class _Marker:
    def __init__(self, package: Package, findings: Sequence[Finding]) -> None:
        self.package, self.findings = package, findings
        self.part = next(iter(related(package, "", "/officeDocument").values()), DOCUMENT)
        self.data = package.read(self.part)
        if b"purl.oclc.org/ooxml" in self.data:
            raise ValueError("strict OOXML")
        self.root = parse(self.data)
        bound = self.root.attributes.get("xmlns:w") == MAIN
        self.bound = "" if bound else f' xmlns:w="{MAIN}"'
        self.by_number = {paragraph.number: paragraph for paragraph in paragraphs(self.data, self.root)}
        self.edits = _Edits(self.data)
        self.texts: list[str] = []                    # of the comments, the first one on the whole report

    def parts(self) -> dict[str, bytes]:
        """The parts that differ from the original's."""
        comments = next(iter(related(self.package, self.part, "/comments").values()), "")
        first = _next_number(self.package.read(comments)) if comments else 0
        pieces = [piece for paragraph in self.by_number.values() for piece in paragraph.pieces]
        if not pieces:
            raise ValueError("a document without text")
        self._place(first, pieces[0], pieces[0], 0, pieces[0].end - pieces[0].start)
        unplaced = self._place_all(first + 1)
        self.texts.insert(0, _opening(self.findings, unplaced))
        parts = Parts(self.package)
        parts.changed[self.part] = patched(self.data, self.edits.patches())
        listed = "".join(_comment(number, text) for number, text in enumerate(self.texts, first))
        if comments:
            parts.append(comments, listed)
        else:
            comments = parts.free("word/comments", ".xml")
            parts.changed[comments] = f'{DECLARATION}<w:comments xmlns:w="{MAIN}">{listed}</w:comments>'.encode()
            parts.relate(self.part, comments, "comments")
            parts.declare(comments, _COMMENTS_TYPE)
        return parts.changed

    def _place_all(self, number: int) -> list[Finding]:
        """A comment at every place of every finding; those that have none in the text."""
        unplaced = []
        for finding in self.findings:
            spans = list(self._spans(finding))
            for index, (start, end, before, upto) in enumerate(spans):
                self._place(number + len(self.texts) + index, start, end, before, upto)
            self.texts += [finding.line(), *([_elsewhere(finding)] * (len(spans) - 1))] if spans else []
            if not spans:
                unplaced.append(finding)
        return unplaced

    def _spans(self, finding: Finding) -> Iterator[tuple[Piece, Piece, int, int]]:
        """First and last piece of each place, with the characters of them that stand before its start and end."""
        for place in finding.places:
            paragraph = self.by_number.get(place.number)
            pieces = _between(paragraph, place.start, place.end) if paragraph else []
            if pieces:
                yield (pieces[0], pieces[-1], max(0, place.start - pieces[0].start),
                       min(place.end, pieces[-1].end) - pieces[-1].start)

    def _place(self, number: int, first: Piece, last: Piece, before: int, upto: int) -> None:
        self.edits.put(first, before, f'<w:commentRangeStart{self.bound} w:id="{number}"/>', opening=True)
        self.edits.put(last, upto, f'<w:commentRangeEnd{self.bound} w:id="{number}"/>'
                       f'<w:r{self.bound}><w:commentReference w:id="{number}"/></w:r>', opening=False)


class _Edits:
    """Marks by the byte they go to; several at one place keep their order, ends before beginnings."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.outside: dict[int, list[list[str]]] = defaultdict(lambda: [[], []])
        self.cuts: dict[tuple[int, int], tuple[Cut, list[list[str]]]] = {}

    def put(self, piece: Piece, characters: int, mark: str, opening: bool) -> None:
        """A mark between two characters of a piece; beside its run where it can't be taken apart."""
        run, length = piece.run, piece.end - piece.start
        at_start, at_end = self._edge(run, piece, characters == 0), self._edge(run, piece, characters == length, last=True)
        if piece.whole or at_start or at_end:
            before = opening if piece.whole else at_start
            self.outside[run.start if before else run.end][opening].append(mark)
            return
        if characters in (0, length):                 # between two elements of the run
            characters = -1 if characters == 0 else length
        key = (piece.element.start, characters)
        self.cuts.setdefault(key, ((run, piece.element, characters), [[], []]))[1][opening].append(mark)

    def _edge(self, run: Element, piece: Piece, touches: bool, last: bool = False) -> bool:
        """Whether a place at an end of the piece is the run's own end: nothing but properties lies beyond."""
        children = [child for child in run.children if child.local != "rPr"]
        return touches and bool(children) and children[-1 if last else 0] is piece.element

    def patches(self) -> list[Patch]:
        found = [Patch(at, at, "".join([*ends, *begins])) for at, (ends, begins) in self.outside.items()]
        parted: dict[int, Element] = {}
        for (run, element, characters), (ends, begins) in self.cuts.values():
            found.append(self._cut(run, element, characters, "".join([*ends, *begins])))
            if element.local == "t" and characters > 0:
                parted[element.start] = element
        # Behind what is put before the element, at the same byte.
        return [*found, *(retag(element, _SPACE) for element in parted.values())]

    def _cut(self, run: Element, element: Element, characters: int, marks: str) -> Patch:
        """Ends the run here and begins it again, with the same properties, behind the marks."""
        properties = run.first("rPr")
        again = self.data[properties.start:properties.end].decode() if properties else ""
        end, begin = f"</{run.name}>", f"<{run.name}>{again}"
        if characters < 0:
            return Patch(element.start, element.start, f"{end}{marks}{begin}")
        if element.local != "t" or element.empty or offset_in(self.data, element, characters) == element.inner_end:
            return Patch(element.end, element.end, f"{end}{marks}{begin}")
        at = offset_in(self.data, element, characters)
        return Patch(at, at, f'</{element.name}>{end}{marks}{begin}<{element.name} xml:space="preserve">')


def _between(paragraph: ParagraphText, start: int, end: int) -> list[Piece]:
    """The pieces of a paragraph that have characters of a place."""
    return [piece for piece in paragraph.pieces if piece.start < end and piece.end > start]


def _next_number(comments: bytes) -> int:
    known = [value for element in parse(comments).children for name, value in element.attributes.items()
             if name.rpartition(":")[2] == "id"]
    return max((int(value) for value in known if value.isdecimal()), default=-1) + 1


def _opening(findings: Sequence[Finding], unplaced: Sequence[Finding]) -> str:
    """What the first comment says: the verdict, and what has no place in the text."""
    lines = [f"审核意见：{verdict(tuple(findings))}", f"{summary(findings)}。"]
    if unplaced:
        lines += ["下面各条在正文里没有对应的位置：", *(f"（{number}）{finding.line()}" for number, finding in enumerate(unplaced, 1))]
    return "\n".join(lines)


def _elsewhere(finding: Finding) -> str:
    """At the further places of a finding: the whole of it stands at the first."""
    return f"{finding.rule_id}：与“{clean(finding.places[0].quote, _QUOTED)}”对照的一处，意见写在那里。"


def _comment(number: int, text: str) -> str:
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{safe_text(line)}</w:t></w:r></w:p>'
                         for line in text.split("\n"))
    by = f"w:author={attribute(AUTHOR)} w:initials={attribute(INITIALS)}"
    return f'<w:comment xmlns:w="{MAIN}" w:id="{number}" {by}>{paragraphs}</w:comment>'
