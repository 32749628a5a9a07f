"""Files that are wrong as zip archives: bombs, lies in the directory, names, truncation."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from hostile_case import (BASIC, CLEAN, CLEAN_OR_TOLD, ERROR, STRINGS, WORKBOOK, Hostile,
                          clean_bytes, clean_parts, edited, package, replaced,
                          told)

DIRECTORY, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
DAMAGED = told("DQ-damaged-file", "DQ-damaged-part")
BOMB = told("DQ-bomb")
FOREIGN = told("DQ-not-a-workbook")
MIB = 2**20


def cut(tenths: int) -> bytes:
    data = clean_bytes()
    return data[:len(data) * tenths // 10]


def _directory_entry(data: bytes, name: str) -> int:
    """Where the entry of a member begins in the list at the end of the archive."""
    at = data.index(DIRECTORY)
    while data[at + 46:at + 46 + len(name)] != name.encode():
        at = data.index(DIRECTORY, at + 4)
    return at


def _local_entry(data: bytes, name: str) -> int:
    return struct.unpack_from("<L", data, _directory_entry(data, name) + 42)[0]


def _patched(data: bytes, *changes: tuple[int, bytes]) -> bytes:
    result = bytearray(data)
    for at, new in changes:
        result[at:at + len(new)] = new
    return bytes(result)


def lying_size(name: str, parts: Mapping[str, bytes] | None = None, real: int = 300 * MIB) -> bytes:
    """A part of `real` bytes, said to have 5000, wherever the archive says it."""
    small = package((parts or clean_parts()) | {name: b""})
    start = _local_entry(small, name) + 30 + len(name)
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join([*(squeezer.compress(bytes(MIB)) for _ in range(real // MIB)), squeezer.flush()])
    length = struct.unpack_from("<L", small, _directory_entry(small, name) + 20)[0]
    data = small[:start] + packed + small[start + length:]
    moved = len(packed) - length
    end = data.index(b"PK\x05\x06")
    directory = struct.unpack_from("<L", data, end + 16)[0] + moved
    data = _patched(data, (end + 16, struct.pack("<L", directory)))
    here, at = _local_entry(small, name), directory
    while data[at:at + 4] == DIRECTORY:
        offset = struct.unpack_from("<L", data, at + 42)[0]
        if offset > here:
            data = _patched(data, (at + 42, struct.pack("<L", offset + moved)))
        at += 46 + sum(struct.unpack_from("<HHH", data, at + 28))
    sizes = struct.pack("<LL", len(packed), 5000)
    return _patched(data, (_directory_entry(data, name) + 20, sizes), (here + 18, sizes))


def declared(size: int) -> bytes:
    """An empty part of which the directory says that it has `size` bytes, by the fields for large files."""
    extra = struct.pack("<HHQ", 1, 8, size)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in clean_parts().items():
            archive.writestr(name, data)
        entry = zipfile.ZipInfo("xl/media/image1.png")
        entry.extra = extra
        archive.writestr(entry, b"")
    data = buffer.getvalue()
    return _patched(data, (_directory_entry(data, entry.filename) + 24, b"\xff\xff\xff\xff"))


def overlapping(copies: int) -> bytes:
    """Many entries of the directory that lead to the same 10 MB."""
    kernel = package({"[Content_Types].xml": b"", "a": bytes(10 * MIB)})
    end = kernel.index(b"PK\x05\x06")
    start = struct.unpack_from("<L", kernel, end + 16)[0]
    one = kernel[_directory_entry(kernel, "a"):end]
    head, first = kernel[:start], kernel[start:_directory_entry(kernel, "a")]
    entries = [first, *(one[:28] + struct.pack("<H", 5) + one[30:46] + f"{n:05}".encode() + one[47:]
                        for n in range(copies))]
    body = b"".join(entries)
    return head + body + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies + 1, copies + 1, len(body), len(head), 0)


def two_parts_in_one_place() -> bytes:
    """The entry of one sheet leads to the data of another."""
    data = package(clean_parts())
    other = "xl/worksheets/sheet3.xml"
    return _patched(data, (_directory_entry(data, other) + 42, struct.pack("<L", _local_entry(data, BASIC))))


def bomb_in_bombs() -> bytes:
    """Archives in an archive, the innermost of which unpacks to 100 MB each: nobody unpacks them."""
    inner = package({f"{n}.bin": bytes(MIB) for n in range(100)})
    for _ in range(4):
        inner = package({f"{n}.zip": inner for n in range(8)})
    return package(clean_parts() | {"xl/embeddings/oleObject1.zip": inner})


def wrong_sum(name: str) -> bytes:
    data = package(clean_parts())
    return _patched(data, (_directory_entry(data, name) + 16, b"\x01\x02\x03\x04"))


def method(number: int) -> bytes:
    """A sheet said to be packed by a method that is not the one it is packed by."""
    data = package(clean_parts())
    return _patched(data, (_directory_entry(data, BASIC) + 10, struct.pack("<H", number)),
                    (_local_entry(data, BASIC) + 8, struct.pack("<H", number)))


def renamed(change: Callable[[str], str]) -> bytes:
    return package([(change(name), data) for name, data in clean_parts().items()])


def twice(name: str) -> bytes:
    parts = clean_parts()
    return package([*parts.items(), (name, parts[name].replace(b"<v>15</v>", b"<v>16</v>"))])


CASES: dict[str, Hostile] = {
    **{f"cut off at {tenths} tenths": Hostile(lambda tenths=tenths: cut(tenths), DAMAGED) for tenths in range(1, 10)},
    "lying size": Hostile(lambda: lying_size(BASIC), told("DQ-damaged-part", "DQ-bomb")),
    "lying size of the strings": Hostile(lambda: lying_size(STRINGS), told("DQ-damaged-part", "DQ-bomb")),
    "lying size of the workbook part": Hostile(lambda: lying_size(WORKBOOK), told("DQ-damaged-part", "DQ-bomb")),
    "zeros packed a thousand times": Hostile(replaced(BASIC, bytes(60 * MIB)), BOMB),
    "many small parts that are large together": Hostile(
        lambda: package(clean_parts() | {f"xl/media/{n}.bin": bytes(MIB) for n in range(300)}), BOMB),
    "ten gigabytes declared": Hostile(lambda: declared(10 * 2**30), BOMB),
    "all that 64 bits can declare": Hostile(lambda: declared(2**64 - 1), BOMB),
    "overlapping entries": Hostile(lambda: overlapping(2000), BOMB),
    "two parts in one place": Hostile(two_parts_in_one_place, told("DQ-damaged-part", "DQ-damaged-file")),
    "many parts": Hostile(lambda: package(clean_parts() | {f"xl/{n}.xml": b"" for n in range(5001)}), BOMB),
    "seventy thousand parts": Hostile(
        lambda: package(clean_parts() | {f"{n}": b"" for n in range(70_000)}, zipfile.ZIP_STORED), BOMB),
    "archives in archives": Hostile(bomb_in_bombs, CLEAN),
    "sheet that is an archive": Hostile(lambda: package(clean_parts() | {BASIC: clean_bytes()}), told("DQ-broken-xml")),
    "wrong sum of a sheet": Hostile(lambda: wrong_sum(BASIC), DAMAGED),
    "wrong sum of the strings": Hostile(lambda: wrong_sum(STRINGS), DAMAGED),
    "wrong sum of a part nobody needs": Hostile(
        lambda: wrong_sum("docProps/app.xml"), CLEAN),
    **{f"packing method {number}": Hostile(lambda number=number: method(number), DAMAGED)
       for number in (9, 12, 14, 95, 99)},
    "packed by lzma": Hostile(lambda: package(clean_parts(), zipfile.ZIP_LZMA), DAMAGED),
    "packed by bzip2": Hostile(lambda: package(clean_parts(), zipfile.ZIP_BZIP2), DAMAGED),
    "not packed": Hostile(lambda: package(clean_parts(), zipfile.ZIP_STORED), CLEAN),
    "same part twice": Hostile(lambda: twice(BASIC), DAMAGED),
    "names in capitals": Hostile(lambda: renamed(lambda name: name.replace("sheet2", "Sheet2")), CLEAN),
    "names that differ only in capitals": Hostile(
        lambda: package([*clean_parts().items(), (BASIC.upper(), b"<worksheet/>")]), DAMAGED),
    "names with backslashes": Hostile(lambda: renamed(lambda name: name.replace("/", "\\")),
                                      told("DQ-missing-part", "DQ-not-a-workbook")),
    "absolute names": Hostile(lambda: renamed(lambda name: f"/{name}"), FOREIGN),
    "names that climb": Hostile(
        lambda: package([*clean_parts().items(), ("../../../../tmp/jixiao-hostile", b"x"), ("/etc/jixiao", b"x"),
                         ("..\\..\\jixiao", b"x"), ("C:\\jixiao", b"x")]), CLEAN),
    "name of ten thousand characters": Hostile(
        lambda: package([*clean_parts().items(), ("xl/" + "甲" * 10_000, b"x")]), CLEAN),
    "name with control characters": Hostile(
        lambda: package([*clean_parts().items(), ("xl/\x1b[31m\n\u202e.xml", b"x")]), CLEAN),
    "archive within other bytes": Hostile(lambda: b"MZ" + bytes(5000) + clean_bytes(), FOREIGN),
    "bytes behind the archive": Hostile(lambda: clean_bytes() + bytes(1000), CLEAN),
    "bytes missing in the middle": Hostile(lambda: (data := clean_bytes())[:100] + data[142:], CLEAN_OR_TOLD),
    "nothing but the end of an archive": Hostile(lambda: b"PK\x05\x06" + bytes(18), FOREIGN),
    "end that points beyond": Hostile(
        lambda: _patched(data := clean_bytes(), (data.index(b"PK\x05\x06") + 16, b"\xf0\xff\xff\xff")), DAMAGED),
    "relation that climbs": Hostile(
        edited("xl/_rels/workbook.xml.rels", ("worksheets/sheet2.xml", "../../../../etc/passwd")),
        told("DQ-missing-part")),
    "relation to the workbook itself": Hostile(
        edited("xl/_rels/workbook.xml.rels", ("worksheets/sheet2.xml", "workbook.xml")), ERROR),
    "relation abroad": Hostile(
        edited("xl/_rels/workbook.xml.rels",
               ('Target="worksheets/sheet2.xml"', 'Target="http://127.0.0.1:9/a.xml" TargetMode="External"')),
        told("DQ-missing-part", "DQ-damaged-part")),
    "no relations": Hostile(lambda: package({name: data for name, data in clean_parts().items()
                                             if not name.endswith("workbook.xml.rels")}),
                            told("DQ-missing-part", "DQ-damaged-part", "DQ-missing-sheet", "DQ-not-our-template")),
    "hundred megabytes of noise": Hostile(lambda: b"PK\x03\x04" + bytes(100 * MIB), told("DQ-too-large")),
}
