"""Hostile Word documents (.docx) and old workbooks (.xls)."""

from __future__ import annotations

import struct
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hostile_case import CLEAN, CLEAN_OR_TOLD, ERROR, Hostile, clean_bytes, clean_parts, package, told
from hostile_zips import lying_size

TYPES = (b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         b'<Override PartName="/word/document.xml" ContentType='
         b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
RELATIONS = (b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
             b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
             b'Target="word/document.xml"/></Relationships>')
HEAD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
NO_FORM = told("DQ-not-our-template", "DQ-no-tables")


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def word(body: str, before: str = "") -> bytes:
    """A document of one body; `before`: what stands before its first element."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>{before}{HEAD}{body}</w:body></w:document>'
    return package({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": text.encode()})


def nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph("执行数") + "</w:tc></w:tr></w:tbl>" * depth


LABELS = table(cell("部门名称") + cell("示例中心"), cell("全年预算数") + cell("505.05"))
SPAN, GOES_ON = '<w:gridSpan w:val="{}"/>', '<w:vMerge w:val="continue"/>'
LIMIT = told("DQ-too-many-tables", "DQ-too-many-cells", "DQ-too-many-merges", "DQ-long-text", "DQ-bomb", "DQ-too-slow")
DOCX: dict[str, Hostile] = {name: Hostile(make, wanted, ".docx") for name, (make, wanted) in {
    "no table": (lambda: word(paragraph("部门整体支出绩效自评报告")), NO_FORM),
    "table of another subject": (lambda: word(table(cell("星期一") + cell("数学"))), NO_FORM),
    "no document": (lambda: package({"[Content_Types].xml": TYPES, "word/styles.xml": b"<x/>"}), told("DQ-missing-part")),
    "broken document": (lambda: word("<w:p>"), told("DQ-broken-xml")),
    "entities in a document": (
        lambda: word("&l;", '<!DOCTYPE x [<!ENTITY l SYSTEM "file:///etc/passwd">]>'), told("DQ-forbidden-xml")),
    "laughs in a document": (
        lambda: word("&b;", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'), told("DQ-forbidden-xml")),
    "four hundred tables within each other": (lambda: word(nested(400) + LABELS), NO_FORM),
    "thousand tables within each other": (lambda: word(nested(1000)), LIMIT),
    "hundred thousand tables within each other": (lambda: word(nested(100_000)), LIMIT),
    "thousand tables": (lambda: word(LABELS * 1000), LIMIT),
    "cell a million columns wide": (lambda: word(table(cell("执行数", SPAN.format(10**6)) + cell("1"))), NO_FORM),
    "cell of nonsense columns": (
        lambda: word(table(*(cell("执行数", SPAN.format(n)) for n in ("-5", "0", "x", "9" * 5000, "٣")))), NO_FORM),
    "rows merged without a first": (lambda: word(table(*[cell("", GOES_ON) * 20] * 500)), NO_FORM),
    "fifty thousand rows merged into one": (
        lambda: word(table(cell("执行数", '<w:vMerge w:val="restart"/>'), *[cell("", GOES_ON)] * 50_000)), NO_FORM),
    "fifty thousand wide cells": (lambda: word(table(*[cell("1", SPAN.format(63))] * 50_000)),
                                  told("DQ-not-our-template", "DQ-too-many-merges")),
    "six hundred thousand cells": (lambda: word(table(*["<w:tc><w:p/></w:tc>" * 60] * 10_000)), LIMIT),
    "row without end": (lambda: word(table(cell("1") * 60_000)), told("DQ-not-our-template", "DQ-too-many-cells")),
    "cells and rows without tables": (lambda: word("<w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"), told("DQ-broken-xml")),
    "rows outside their table": (lambda: word("<w:tr><w:tc><w:p/></w:tc></w:tr><w:tc/>" + LABELS), NO_FORM),
    "cell in a paragraph": (lambda: word(f"<w:p><w:tc>{paragraph('1')}</w:tc></w:p>{LABELS}"), NO_FORM),
    "cell without a row": (lambda: word(f"<w:tbl>{cell('1')}</w:tbl>{LABELS}"), NO_FORM),
    "text of a million characters in a cell": (lambda: word(table(cell("履职尽责" * 250_000))), LIMIT),
    "field that calls a program": (
        lambda: word("<w:p><w:r><w:instrText>DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\"</w:instrText></w:r></w:p>"
                     + LABELS), NO_FORM),
    "lying size of a document": (lambda: lying_document(), told("DQ-damaged-part", "DQ-bomb")),
    "document in a document": (lambda: package({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS,
                                                "word/document.xml": word(LABELS)}), told("DQ-broken-xml")),
    "document and workbook in one": (
        lambda: package(clean_parts() | {"word/document.xml": f"{HEAD}{LABELS}</w:body></w:document>".encode()}),
        CLEAN),
}.items()}


def lying_document() -> bytes:
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": b""}
    return lying_size("word/document.xml", parts=parts)


# ---- .xls -----------------------------------------------------------------------------------------------------

SECTOR, FREE, END = 512, 0xFFFFFFFF, 0xFFFFFFFE
DAMAGED = told("DQ-damaged-file", "DQ-damaged-part", "DQ-not-a-workbook")


@cache
def old_workbook() -> bytes:
    """The honest workbook as a real program saves it in the old format."""
    with tempfile.TemporaryDirectory(prefix="hostile_xls_") as folder:
        source = Path(folder, "clean.xlsx")
        source.write_bytes(clean_bytes())
        subprocess.run(["soffice", "--headless", "--norestore", f"-env:UserInstallation={Path(folder, 'user').as_uri()}",
                        "--convert-to", "xls:MS Excel 97", "--outdir", folder, str(source)],
                       check=True, capture_output=True, timeout=180)
        return Path(folder, "clean.xls").read_bytes()


def _table_of_sectors(data: bytes) -> int:
    """Where the first sector of the allocation table lies."""
    return SECTOR * (1 + struct.unpack_from("<L", data, 76)[0])


def _directory(data: bytes) -> int:
    return SECTOR * (1 + struct.unpack_from("<L", data, 48)[0])


def _entry(data: bytes, name: str) -> int:
    """Where the directory speaks of a stream."""
    return data.index(name.encode("utf-16-le") + b"\0\0", _directory(data))


def patched(*changes: tuple[Callable[[bytes], int], bytes]) -> Callable[[], bytes]:
    def make() -> bytes:
        data = bytearray(old_workbook())
        for place, new in changes:
            at = place(bytes(data))
            data[at:at + len(new)] = new
        return bytes(data)
    return make


def _first_sector(data: bytes) -> int:
    """Where the allocation table says what follows the first sector of the workbook's stream."""
    first = struct.unpack_from("<L", data, _entry(data, "Workbook") + 116)[0]
    return _table_of_sectors(data) + 4 * first


def _record(data: bytes, kind: int, ordinal: int = 0) -> int:
    """Where the n-th record of a kind begins, in a stream that lies in one run."""
    at = SECTOR * (1 + struct.unpack_from("<L", data, _entry(data, "Workbook") + 116)[0])
    while at + 4 <= len(data):
        found, size = struct.unpack_from("<HH", data, at)
        if found == kind:
            if ordinal == 0:
                return at
            ordinal -= 1
        at += 4 + size
    raise AssertionError(f"no record {kind:#x}")


def record(kind: int, offset: int, new: bytes, ordinal: int = 0) -> Callable[[], bytes]:
    return patched((lambda data: _record(data, kind, ordinal) + offset, new))


def circle() -> bytes:
    """The first sector of the stream follows itself."""
    data = bytearray(old_workbook())
    at = _first_sector(bytes(data))
    data[at:at + 4] = struct.pack("<L", (at - _table_of_sectors(bytes(data))) // 4)
    return bytes(data)


BOUNDSHEET, SST, DIMENSIONS, FORMULA, LABELSST, NUMBER, NAME, MERGED = 0x85, 0xFC, 0x200, 0x06, 0xFD, 0x27E, 0x18, 0xE5
XLS: dict[str, Hostile] = {name: Hostile(make, wanted, ".xls") for name, (make, wanted) in {
    **{f"old workbook cut off at {tenths} tenths": (
        lambda tenths=tenths: old_workbook()[:len(old_workbook()) * tenths // 10], ERROR) for tenths in range(1, 10)},
    "sectors in a circle": (circle, DAMAGED),
    "sectors beyond the file": (patched((_first_sector, struct.pack("<L", 0x00FFFFFF))), DAMAGED),
    "table of sectors in itself": (patched((lambda _: 68, struct.pack("<LL", 0, 0xFFFF))), CLEAN_OR_TOLD),
    "sectors of two gigabytes": (patched((lambda _: 30, b"\x1f\x00")), CLEAN_OR_TOLD),
    "sectors of one byte": (patched((lambda _: 30, b"\x00\x00")), DAMAGED),
    "directory in a circle": (patched((lambda data: _directory(data) + 68, struct.pack("<LLL", 0, 0, 0))), CLEAN_OR_TOLD),
    "directory beyond the file": (patched((lambda _: 48, struct.pack("<L", 0x7FFFFFF0))), DAMAGED),
    "stream of four gigabytes": (patched((lambda data: _entry(data, "Workbook") + 120, b"\xff\xff\xff\xff")), CLEAN_OR_TOLD),
    "stream without bytes": (patched((lambda data: _entry(data, "Workbook") + 120, bytes(4))), CLEAN_OR_TOLD),
    "nothing but zeros behind the head": (lambda: old_workbook()[:8] + bytes(100_000), DAMAGED),
    "nothing but ones behind the head": (lambda: old_workbook()[:8] + b"\xff" * 100_000, DAMAGED),
    "record longer than the file": (record(DIMENSIONS, 2, b"\xff\xff"), CLEAN_OR_TOLD),
    "record without length": (record(SST, 2, b"\0\0"), CLEAN_OR_TOLD),
    "dimensions of all rows": (record(DIMENSIONS, 4, struct.pack("<LLHH", 0, 0xFFFFFFFF, 0, 0xFFFF)), CLEAN_OR_TOLD),
    "number in the last row": (record(NUMBER, 4, b"\xff\xff\xff\x00"), CLEAN_OR_TOLD),
    "number in column 65535": (record(NUMBER, 4, b"\xff\xff\xff\xff"), CLEAN_OR_TOLD),
    "format of a cell that is not there": (record(NUMBER, 8, b"\xff\xff"), CLEAN_OR_TOLD),
    "number that is none": (record(NUMBER, 10, b"\xff" * 4), CLEAN_OR_TOLD),
    "string that is not there": (record(LABELSST, 10, b"\xff\xff\xff\x7f"), CLEAN_OR_TOLD),
    "four thousand million strings": (record(SST, 4, b"\xff\xff\xff\xff\xff\xff\xff\xff"), CLEAN_OR_TOLD),
    "string of 65535 characters": (record(SST, 12, b"\xff\xff"), CLEAN_OR_TOLD),
    "sheet beyond the stream": (record(BOUNDSHEET, 4, b"\xff\xff\xff\x7f"), CLEAN_OR_TOLD),
    "sheet that is the workbook itself": (record(BOUNDSHEET, 4, bytes(4)), CLEAN_OR_TOLD),
    "sheet of an unknown kind": (record(BOUNDSHEET, 9, b"\x77"), CLEAN_OR_TOLD),
    "formula of 65535 tokens": (record(FORMULA, 24, b"\xff\xff"), CLEAN_OR_TOLD),
    "formula of nonsense": (record(FORMULA, 26, b"\xff" * 8), CLEAN_OR_TOLD),
    "name of 255 characters": (record(NAME, 7, b"\xff"), CLEAN_OR_TOLD),
    "sixty thousand merges said to come": (record(MERGED, 4, b"\xff\xff"), CLEAN_OR_TOLD),
    "encryption said to follow": (record(BOUNDSHEET, 0, b"\x2f\x00"), told("DQ-encrypted")),
}.items()}

CASES = {**DOCX, **XLS}
