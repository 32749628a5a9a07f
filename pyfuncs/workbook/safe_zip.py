"""Opening a file with suspicion: whatever it is, the answer is a package or a sentence.

Nothing here writes. Sizes are judged from the zip's directory before anything is unpacked.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from struct import error as StructError
from struct import unpack_from
from xml.parsers import expat

from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.sniff import SAVE_AS, foreign_package, foreign_sentence
from pyfuncs.workbook.watch import Unreadable, Watch

RATIO_JUDGED_FROM = 20 * 2**20                        # a small sheet of blanks may pack a thousand times
_RESEND = "请向填报单位重新要一份，或从备份中找回。"
_TEMPLATE = "请交用本工具箱的模板填好的 .xlsx 文件。"
_HEADER = 30                                          # bytes before the name of a part
_ENCODING = re.compile(rb"""\s*<\?xml[^<>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN_ENCODINGS = {"utf-8", "utf-16", "iso-8859-1", "us-ascii"}
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # office programs write no other, and others cost memory


@dataclass(frozen=True)
class Package:
    """The parts of one workbook or Word document."""

    path: Path
    sha256: str
    archive: zipfile.ZipFile
    watch: Watch
    data: bytes                                       # the whole file

    @cached_property
    def _members(self) -> dict[str, zipfile.ZipInfo]:
        """By name in small letters: names of parts differ in nothing else."""
        return {member.filename.lower(): member for member in self.archive.infolist()}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._members

    @property
    def is_word(self) -> bool:
        folders = {name.partition("/")[0] for name in self._members}
        return "word" in folders and "xl" not in folders

    def read(self, part: str) -> bytes:
        """One part. Raises Unreadable when it is missing or damaged."""
        self.watch.check_time()
        try:
            member = self._members[part.lower()]
        except KeyError:
            raise Unreadable("missing-part", f"文件“{self.path.name}”缺少组成部分 {part}，可能没有下载完整。",
                             _RESEND) from None
        if member.compress_type not in _PACKED:
            raise self.damaged(part)
        try:
            return self._inflated(member) or self._streamed(member)
        except (zipfile.BadZipFile, zlib.error, StructError, EOFError, OSError, NotImplementedError,
                RuntimeError, ValueError):
            raise self.damaged(part) from None

    def _inflated(self, member: zipfile.ZipInfo) -> bytes | None:
        """A part that is packed as usual: three times as fast as zipfile, with its checks. None for others."""
        start = member.header_offset
        if member.compress_type != zipfile.ZIP_DEFLATED or self.data[start:start + 4] != b"PK\3\4":
            return None
        name, extra = unpack_from("<HH", self.data, start + 26)
        start += _HEADER + name + extra
        packed = memoryview(self.data)[start:start + member.compress_size]
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size + 1)
        return content if len(content) == member.file_size and zlib.crc32(content) == member.CRC else None

    def _streamed(self, member: zipfile.ZipInfo) -> bytes:
        """Any other part. Never more is unpacked than the directory says: it may lie, and ZipFile.read believes it."""
        with self.archive.open(member) as stream:
            return stream.read(member.file_size + 1)

    def damaged(self, part: str) -> Unreadable:
        return Unreadable("damaged-part", f"文件“{self.path.name}”的组成部分 {part} 已损坏。", _RESEND)

    def walk(self, part: str, start: Callable[[str, dict[str, str]], object],
             end: Callable[[str], object] | None = None, text: Callable[[str], object] | None = None) -> None:
        """Feed a part to handlers that see local names only, so that strict and prefixed files read alike.

        A handler ends the walk by raising StopIteration. Raises Unreadable for broken XML and for any DTD:
        no spreadsheet program writes one, and entities are a known attack.
        """
        data, encoding = self._known_encoding(part)
        parser = expat.ParserCreate(encoding, namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_dtd
        parser.StartElementHandler = lambda name, attributes: start(_local(name), _locals(attributes))
        if end:
            parser.EndElementHandler = lambda name: end(_local(name))
        if text:
            parser.CharacterDataHandler = text
        try:
            parser.Parse(data, True)
        except StopIteration:
            pass
        except expat.ExpatError as error:
            raise self._broken(part, error.lineno) from None

    def _known_encoding(self, part: str) -> tuple[bytes, str | None]:
        """A part, turned into UTF-8 where it is in an encoding that the parser does not know, such as GBK."""
        data = self.read(part)
        declared = _ENCODING.match(data)
        name = declared[1].decode("ascii").lower() if declared else "utf-8"
        if name in _KNOWN_ENCODINGS:
            return data, None
        try:
            return data.decode(name).encode(), "utf-8"
        except (LookupError, UnicodeError):
            raise self._broken(part, 1) from None

    def _broken(self, part: str, line: int) -> Unreadable:
        return Unreadable("broken-xml", f"文件“{self.path.name}”的组成部分 {part} 第 {line} 行不合格式，读不下去。",
                          f"{SAVE_AS}仍不行时，{_RESEND}")

    def _refuse_dtd(self, *_: object) -> None:
        raise Unreadable("forbidden-xml", f"文件“{self.path.name}”含有外部定义（DTD），表格软件不会写出这种内容，"
                         "为安全起见不读。", f"{SAVE_AS}来历不明的文件请不要打开。")


def open_package(path: Path) -> Package:
    """The package of an .xlsx or .xlsm file. Raises Unreadable, and nothing else, for any other thing."""
    package = package_of(path, file_bytes(path))
    if package.is_word:
        raise Unreadable("not-a-workbook", f"文件“{path.name}”是 Word 文档，不是 Excel 工作簿（.xlsx）。", SAVE_AS)
    return package


def package_of(path: Path, data: bytes) -> Package:
    """The package of a workbook or a Word document. Raises Unreadable for any other thing."""
    sentence = foreign_sentence(path.name, data)
    if sentence:
        raise Unreadable(*sentence)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise _damaged_file(path) from None
    _refuse_bomb(path, archive, len(data))
    if len({name.lower() for name in archive.NameToInfo}) < len(archive.infolist()):
        raise _damaged_file(path)                     # one part twice: programs differ in which they show
    sentence = foreign_package(path.name, archive.NameToInfo)
    if sentence:
        raise Unreadable(*sentence)
    return Package(path, hashlib.sha256(data).hexdigest(), archive, Watch(path.name), data)


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Of the relationships of `part` ("": of the package) that lead to other parts: id -> (type, part)."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[attributes.get("Id", "")] = attributes.get("Type", ""), posixpath.normpath(path)

    if rels in package:
        package.walk(rels, start)
    return found


def related(package: Package, part: str, kind: str = "") -> dict[str, str]:
    """Relationship id -> part, of the relationships of `part` whose type ends with `kind`."""
    return {id: path for id, (type, path) in relations(package, part).items() if type.endswith(kind)}


def sha256_of(path: Path) -> str:
    """Of the file's bytes; "" when they can't be had."""
    try:
        return hashlib.sha256(file_bytes(path)).hexdigest()
    except Unreadable:
        return ""


def file_bytes(path: Path) -> bytes:
    """What is in a file. Raises Unreadable for what is no file, can't be opened or is too large."""
    name = path.name
    if name.startswith("~$"):
        raise Unreadable("lock-file", f"“{name}”是 Excel 打开表格时留下的临时文件，不是表格。",
                         "请关闭 Excel，交不带“~$”的那个文件。")
    if path.is_symlink():
        raise Unreadable("link", f"“{name}”是指向别处的链接，不是文件本身。", "请把原文件复制到这里。")
    if path.is_dir():
        raise Unreadable("folder", f"“{name}”是文件夹，不是表格文件。", "请指定其中的 .xlsx 文件。")
    if not path.exists():
        raise Unreadable("no-file", f"没有找到文件“{name}”。", "请核对文件名和所在的文件夹。")
    if not path.is_file():
        raise Unreadable("no-file", f"“{name}”不是普通文件。", _TEMPLATE)
    try:
        size, largest = path.stat().st_size, limits().file
        if size == 0:
            raise Unreadable("empty-file", f"文件“{name}”是空的（0 字节）。", _RESEND)
        if size > largest:
            raise Unreadable("too-large", f"文件“{name}”有 {size / 2**20:.0f} MB，超过 {largest / 2**20:.0f} MB。",
                             "请删去其中的图片和无关的工作表，另存后再交。")
        return path.read_bytes()
    except OSError:
        raise Unreadable("no-access", f"文件“{name}”读不出来，可能没有权限，或正被别的程序占用。",
                         "请关闭正在使用它的程序，或复制一份再试。") from None


def _refuse_bomb(path: Path, archive: zipfile.ZipFile, size: int) -> None:
    members, allowed = archive.infolist(), limits()
    content = sum(member.file_size for member in members)
    absurd = content > RATIO_JUDGED_FROM and content > allowed.ratio * size
    if content > allowed.content or absurd or len(members) > allowed.parts:
        raise Unreadable("bomb", f"文件“{path.name}”解开后有 {content / 2**20:.0f} MB、{len(members)} 个部分，"
                         f"大得不合情理（上限 {allowed.content / 2**20:.0f} MB、压缩 {allowed.ratio} 倍、"
                         f"{allowed.parts} 个部分），为安全起见不读。", "请把需要的工作表复制到新的模板中再交。")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted", f"文件“{path.name}”加了密码，读不了。", "请取消密码后再交。")


def _damaged_file(path: Path) -> Unreadable:
    return Unreadable("damaged-file", f"文件“{path.name}”已损坏，打不开。", _RESEND)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _locals(attributes: dict[str, str]) -> dict[str, str]:
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}
