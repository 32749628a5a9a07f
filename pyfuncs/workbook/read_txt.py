"""A report saved as plain text: its encoding, its lines, and what tabs make a table of (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyfuncs.prose.model import Paragraph, Table
from pyfuncs.workbook.watch import Unreadable

MOST_CHARACTERS = 1_000_000                           # a hundred pages have some 80,000
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAVE_AS = "请用记事本打开，另存为 UTF-8 编码的文本，或交 Word 文档（*.docx）。"


def decoded(name: str, data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or GB 18030, which holds GBK and GB 2312. Raises Unreadable."""
    encodings = [encoding for mark, encoding in _MARKS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        if len(text) > MOST_CHARACTERS:
            raise Unreadable("long-text", f"文件“{name}”有 {len(text)} 个字，超过上限 {MOST_CHARACTERS} 个字，没有读取。",
                             "请只交自评报告本身。")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Unreadable("not-text", f"文件“{name}”不是文本，或者用了认不出的编码。", _SAVE_AS)


def lines(text: str) -> tuple[Paragraph, ...]:
    """Every line by its number; one that holds a tab is a line of a table."""
    return tuple(Paragraph(number, line, table="\t" in line.strip(" \u3000"))
                 for number, line in enumerate(text.split("\n"), 1))


def tables(paragraphs: Sequence[Paragraph]) -> tuple[Table, ...]:
    """Runs of lines with tabs: a row for each line, its cells between the tabs."""
    return tuple(_runs(paragraphs))


def _runs(paragraphs: Sequence[Paragraph]) -> Iterator[Table]:
    rows: list[tuple[str, ...]] = []
    for paragraph in (*paragraphs, Paragraph(len(paragraphs) + 1, "")):
        if paragraph.table:
            rows.append(tuple(cell.strip() for cell in paragraph.text.split("\t")))
        elif rows:
            yield Table(paragraph.number - len(rows), tuple(rows))
            rows = []
