"""What a hostile file is, what is expected of it, and the honest workbook that most of them are made from."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filed_books import clean_book

WORKBOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
COVER, BASIC, WHOLE, IDENTITY = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3, 6))
HEADCOUNT = "B5"                                      # 编制数 15 of 基础数据表; C5 is 在职人数 12, D5 控制率 0.8


@dataclass(frozen=True)
class Wanted:
    """A finding of one of the `codes` (DQ-…; any where none is named), at least as grave as `severity`.

    `clean`: may be read as the honest workbook, without errors; must be where `severity` is "".
    """

    codes: tuple[str, ...] = ()
    severity: str = "error"
    clean: bool = False


CLEAN = Wanted(severity="", clean=True)
ERROR = Wanted()
TOLD = Wanted(severity="note")                        # whatever is told, down to a note
CLEAN_OR_TOLD = Wanted(severity="note", clean=True)   # any difference is told


def told(*codes: str, severity: str = "error") -> Wanted:
    return Wanted(codes, severity)


@dataclass(frozen=True)
class Hostile:
    make: Callable[[], bytes]
    wanted: Wanted
    suffix: str = ".xlsx"


@cache
def clean_bytes() -> bytes:
    """A workbook without a finding."""
    with tempfile.TemporaryDirectory(prefix="hostile_") as folder:
        return clean_book(Path(folder, "clean.xlsx"), "示例中心").read_bytes()


@cache
def _clean_parts() -> dict[str, bytes]:
    return unpacked(clean_bytes())


def clean_parts() -> dict[str, bytes]:
    return dict(_clean_parts())


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def package(parts: Mapping[str, bytes] | list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a zip; a list may hold the same name twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return buffer.getvalue()


def edited(part: str, *changes: tuple[str, str]) -> Callable[[], bytes]:
    """The honest workbook with texts of one part replaced; each must be there."""
    def make() -> bytes:
        parts = clean_parts()
        data = parts[part].decode()
        for old, new in changes:
            if old not in data:
                raise AssertionError(f"{part} holds no {old}")
            data = data.replace(old, new, 1)
        return package(parts | {part: data.encode("utf-8", "surrogatepass")})
    return make


def replaced(part: str, data: bytes) -> Callable[[], bytes]:
    """The honest workbook with one part put in place of its own, or added."""
    return lambda: package(clean_parts() | {part: data})


def typed(content: str, kind: str = "", cell: str = HEADCOUNT, part: str = BASIC) -> Callable[[], bytes]:
    """The honest workbook with other content, as XML, in one cell."""
    def make() -> bytes:
        parts = clean_parts()
        return package(parts | {part: with_cell(parts[part], cell, content, kind)})
    return make


def with_cell(sheet: bytes, cell: str, content: str, kind: str) -> bytes:
    """A sheet in which a cell holds other content, of a `kind` such as inlineStr, in the style it had."""
    head, found, rest = sheet.decode().partition(f'<c r="{cell}"')
    if not found:
        raise AssertionError(f"no cell {cell}")
    attributes, _, behind = rest.partition(">")
    behind = behind if attributes.endswith("/") else behind.partition("</c>")[2]
    style = attributes.partition('s="')[2].partition('"')[0]
    mark = f' t="{kind}"' if kind else ""
    return f'{head}<c r="{cell}" s="{style}"{mark}>{content}</c>{behind}'.encode("utf-8", "surrogatepass")
