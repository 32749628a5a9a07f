"""Files changed at random, but with knowledge of what they are made of: parts, elements, attributes, records."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from random import Random

Parts = dict[str, bytes]

VALUES = (
    "", "0", "-1", "1", "-0", "00", "1.5", "1e5", "1e308", "1e400", "NaN", "INF", "-INF", "99999999999999999", "9" * 400,
    "9" * 5000, "2147483648", "4294967295", "18446744073709551616", "0x10", "1_0", "１２", "٣", "²", "true", "false", "x", " ", "\t\n", "—", "/",
    "无", "不适用", "=1+1", "=HYPERLINK(&quot;http://127.0.0.1:9&quot;)", "#REF!", "#N/A", "甲" * 100, "甲" * 50_000, "_x0000_",
    "_xD800_", "_x001B_[2J", "\u202e", "\ufeff", "A1", "$A$1", "A0", "XFD1048576", "ZZZ9999999", "A1:XFD1048576", "B5:A1", "A1:A1:A1", "A:A", "1:1",
    "'基础数据表'!$B$5", "'基础数据表'!$A$1:$XFD$1048576", "[1]Sheet1!$A$1", "../../../etc/passwd", "/", "xl/workbook.xml",
    "worksheets/sheet3.xml", "http://127.0.0.1:9/", "s", "n", "b", "e", "d", "str", "inlineStr", "shared", "array", "veryHidden",
    "External", "rId1", "rId9", "505.05万元", "≥95%", "1.12（查预算数）", "7.50.", "２０２２", "2023", "430400/2022", "430181/2021", "continue",
    "restart",
)
_TAG = re.compile(r"(<[^<>]*>)")
_ATTRIBUTE = re.compile(r'\s([\w:]+)="([^"]*)"')


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Not compressed: a mutant is read once, and soon."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


# -- bytes ------------------------------------------------------------------------------------------------------


def shaken(data: bytes, random: Random) -> bytes:
    """A few bytes changed, taken out, put in or doubled, or the end cut off."""
    result = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5, 30))):
        at = random.randrange(len(result) + 1)
        length = random.choice((1, 1, 2, 4, 8, 64, 1000))
        match random.randrange(7):
            case 0 | 1:
                result[at:at + length] = random.randbytes(length)
            case 2:
                del result[at:at + length]
            case 3:
                result[at:at] = random.randbytes(length)
            case 4:
                result[at:at] = result[at:at + length]
            case 5:
                result[at:at + length] = random.choice((b"\0", b"\xff", b"\x7f", b"<", b"&", b"\x80")) * length
            case _ if random.random() < 0.1:
                del result[at:]
    return bytes(result)


# -- XML --------------------------------------------------------------------------------------------------------


def retyped(data: bytes, random: Random) -> bytes:
    """Elements, attributes and texts of an XML part changed, dropped, doubled or moved."""
    pieces = _TAG.split(data.decode("utf-8", "replace"))
    for _ in range(random.choice((1, 1, 1, 2, 4, 10))):
        _change(pieces, random)
        pieces = pieces or [""]
    return "".join(pieces).encode("utf-8", "replace")


def _change(pieces: list[str], random: Random) -> None:
    at = _place(pieces, random)
    match random.randrange(9):
        case 0 | 1 | 2:
            pieces[at] = _attribute_changed(pieces[at], random)
        case 3 | 4 if at + 1 < len(pieces):
            pieces[at + 1] = random.choice(VALUES)
        case 5:
            last = min(len(pieces), at + random.choice((1, 2, 4, 20)))
            del pieces[at:last]
        case 6:
            pieces[at:at] = pieces[at:at + random.choice((1, 2, 4, 20))]
        case 7:
            length = random.choice((1, 3, 4, 20))
            moved = pieces[at:at + length]
            del pieces[at:at + length]
            to = random.randrange(len(pieces) + 1)
            pieces[to:to] = moved
        case _:
            element = random.choice(("c", "row", "v", "t", "is", "f", "si", "r", "x", "w:tc"))
            pieces[at] = re.sub(r"[\w:]+", element, pieces[at], count=1)


def _place(pieces: list[str], random: Random) -> int:
    """Where a tag stands, as long as tags and the texts between them alternate."""
    return random.randrange(len(pieces) // 2) * 2 + 1 if len(pieces) > 2 else 0


def _attribute_changed(tag: str, random: Random) -> str:
    found = list(_ATTRIBUTE.finditer(tag))
    if not found:
        return tag.replace(">", f' {random.choice(("r", "t", "s", "ref", "hidden", "w:val"))}="{random.choice(VALUES)}">', 1)
    one = random.choice(found)
    new = random.choice((
        "", f' {one[1]}="{random.choice(VALUES)}"', f' {one[1]}="{random.choice(VALUES)}"', one[0] * 2,
        f' {random.choice(found)[1]}="{one[2]}"', f' x:{one[1].rpartition(":")[2]}="{one[2]}"'))
    return tag[:one.start()] + new + tag[one.end():]


# -- packages ---------------------------------------------------------------------------------------------------


def package_mutant(parts: Parts, random: Random) -> bytes:
    """A workbook or Word document with something wrong in one or several of its parts, or in the archive."""
    mutant = dict(parts)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        name = _part(mutant, random)
        match random.randrange(20):
            case 0:
                del mutant[name]
            case 1:
                new = random.choice((name.upper(), f"/{name}", name.replace("/", "\\"), f"{name}x", "xl/workbook.xml"))
                mutant[new] = mutant.pop(name)
            case 2:
                mutant[name] = mutant[_part(mutant, random)]
            case 3:
                mutant[name] = random.choice((b"", b"<x/>", b"\0" * 100, b"<?xml version='1.0'?>"))
            case 4 | 5 | 6:
                mutant[name] = shaken(mutant[name], random)
            case _:
                mutant[name] = retyped(mutant[name], random)
    data = packed(mutant)
    return shaken(data, random) if random.random() < 0.05 else data


def _part(parts: Parts, random: Random) -> str:
    """One of the parts, those that are read more often."""
    names = sorted(parts) or [""]
    read = [name for name in names if "theme" not in name and "docProps" not in name]
    return random.choice(read if read and random.random() < 0.95 else names)


# -- old workbooks ----------------------------------------------------------------------------------------------

SECTOR = 512


def old_mutant(data: bytes, random: Random) -> bytes:
    """An .xls with bytes changed at random, or in its head, its tables of sectors or its records."""
    if random.random() < 0.2:
        return shaken(data, random)
    result = bytearray(data)
    starts = _records(data)
    for _ in range(random.choice((1, 1, 2, 4, 10))):
        match random.randrange(6):
            case 0:
                at = random.randrange(SECTOR)
            case 1:
                at = SECTOR + random.randrange(len(data) // SECTOR - 1) * SECTOR + random.randrange(SECTOR)
            case 2 | 3:
                at = random.choice(starts) + random.choice((0, 1, 2, 3))
            case _:
                at = random.choice(starts) + 4 + random.randrange(24)
        new = random.choice((b"\0", b"\xff", b"\x7f", b"\x01", b"\x80", random.randbytes(1))) * random.choice((1, 1, 2, 4, 8))
        result[at:at + len(new)] = new
    return bytes(result[:len(data)])


def _records(data: bytes) -> list[int]:
    """Where records begin, in a file whose workbook stream lies in one run behind the head."""
    starts, at = [], SECTOR
    while at + 4 <= len(data) and len(starts) < 5000:
        starts.append(at)
        at += 4 + int.from_bytes(data[at + 2:at + 4], "little")
    return starts


Mutate = Callable[[Random], bytes]
