"""Reading a written report: .docx and .txt, and through LibreOffice .doc and .pdf. The file is only read."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal
from xml.parsers import expat

from pyfuncs.prose.headings import entity_of, structured, year_of
from pyfuncs.prose.model import Paragraph, Report, Table
from pyfuncs.workbook.pdf_lines import Frame, inches, paragraphs
from pyfuncs.workbook.read_prose import Prose, read_prose
from pyfuncs.workbook.read_txt import decoded, lines, tables
from pyfuncs.workbook.safe_zip import Package, file_bytes, package_of
from pyfuncs.workbook.sniff import old_kind
from pyfuncs.workbook.soffice import converted
from pyfuncs.workbook.watch import Unreadable

LEAST_TEXT = 20                                       # characters on all pages of a PDF; fewer are stamps on scans
_ABOUT = re.compile(r"自评|绩效评价|绩效目标|整体支出")
_PROSE = 100                                          # characters of sentences outside tables: less is a form with its notes
_NOTE = re.compile(r"\s*(?:注|说明|备注)\s?[：:]")


def read_report(path: Path) -> Report:
    """Every paragraph with its number. Raises Unreadable when it can't be read, or holds no text to read."""
    data = file_bytes(path)
    digest, ending = hashlib.sha256(data).hexdigest(), path.suffix.lower()
    if data.startswith(b"%PDF"):
        return _pdf(path, data, digest)
    if old_kind(data) == "doc":
        return _word(path, package_of(path, converted(path, data, ".doc", "docx")), digest)
    if ending == ".txt":
        found = lines(decoded(path.name, data))
        return _report(path, digest, "txt", found, tables(found), ())
    package = package_of(path, data)
    if not package.is_word:
        raise Unreadable("not-a-report", f"文件“{path.name}”不是文字报告。", "请交 Word 文档（*.docx）或文本文件（*.txt）。")
    return _word(path, package, digest)


def is_report(report: Report) -> bool:
    """Whether it is a report on performance in sentences, written or still to be, not a form alone and not something
    else."""
    written = [paragraph.text for paragraph in report.paragraphs if not paragraph.table]
    told = sum(len(text) for text in written if ("。" in text or "【请填写" in text) and not _NOTE.match(text))
    return told >= _PROSE and any(map(_ABOUT.search, written))


def _word(path: Path, package: Package, digest: str) -> Report:
    prose = read_prose(package)
    if not any(paragraph.text.strip() for paragraph in prose.paragraphs):
        what = "里只有图片" if prose.pictures else "里没有文字"
        raise Unreadable("no-text", f"文件“{path.name}”{what}，没有可以核对的内容。", "请交打字的 Word 文档，不要交扫描或截图。")
    return _report(path, digest, "docx", prose.paragraphs, prose.tables, _notes(prose))


def _notes(prose: Prose) -> tuple[str, ...]:
    return (f"有 {prose.pictures} 张图片，图片里的文字和数没有核对",) if prose.pictures else ()


def _pdf(path: Path, data: bytes, digest: str) -> Report:
    frames = _frames(path, converted(path, data, ".pdf", "fodt", "writer_pdf_import"))
    texts = paragraphs(frames)
    if sum(map(len, texts)) < LEAST_TEXT:
        raise Unreadable("no-text", f"文件“{path.name}”是扫描件：每页都是图片，没有文字，读不出来。",
                         "请交生成它的 Word 文档（*.docx）。")
    found = tuple(Paragraph(number, text, table="\t" in text) for number, text in enumerate(texts, 1))
    note = "由 PDF 转换而来，段落按版面拼接，表格没有读；以 Word 文档审核更可靠"
    return _report(path, digest, "docx", found, (), (note,))


def _frames(path: Path, document: bytes) -> list[Frame]:
    """The pieces of text in a flat OpenDocument text that was made from a PDF."""
    frames: list[Frame] = []
    place: list[dict[str, str]] = []
    words: list[str] = []
    pictures: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "draw:frame":
            place.append(attributes)
            words.clear()
        elif element == "text:s":
            words.append(" ")
        elif element == "office:binary-data":
            pictures.append(element)

    def end(element: str) -> None:
        if element == "draw:frame" and place:
            own, text = place.pop(), "".join(words).strip()
            page = own.get("text:anchor-page-number", "1")
            if text and page.isdecimal():
                x, y, width, height = (inches(own.get(f"svg:{name}", "")) for name in ("x", "y", "width", "height"))
                frames.append(Frame(int(page), x, y, width, height, text))
            words.clear()
        elif element == "office:binary-data":
            pictures.pop()

    def text(data: str) -> None:
        if place and not pictures:
            words.append(data)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(document, True)
    except expat.ExpatError:
        raise Unreadable("not-converted", f"LibreOffice 转换文件“{path.name}”的结果读不出来。",
                         "请交生成它的 Word 文档（*.docx）。") from None
    return frames


def _report(path: Path, digest: str, kind: Literal["txt", "docx"], found: tuple[Paragraph, ...],
            printed: tuple[Table, ...], notes: tuple[str, ...]) -> Report:
    whole = structured(found)
    return Report(str(path), digest, kind, whole, printed, entity_of(whole), year_of(whole), notes)
