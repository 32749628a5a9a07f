"""Opening a workbook with suspicion: whatever the file is, the answer is a package or a sentence.

Nothing here writes. Sizes are judged from the zip's directory before anything is unpacked.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from pyfuncs.catalog.submission import Trouble

LARGEST_FILE = 50 * 2**20                             # a form workbook has some 50 KB
LARGEST_CONTENT = 200 * 2**20
LARGEST_RATIO = 250                                   # real workbooks pack 5 to 30 times
RATIO_JUDGED_FROM = 20 * 2**20
MOST_PARTS = 5000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再交。"
_RESEND = "请向填报单位重新要一份，或从备份中找回。"
_TEMPLATE = "请交用本工具箱的模板填好的 .xlsx 文件。"
_OTHER_PACKAGES = {"word/document.xml": "Word 文档", "ppt/presentation.xml": "演示文稿",
                   "xl/workbook.bin": "二进制工作簿（.xlsb）", "mimetype": "开放文档（.ods）"}


class Unreadable(Exception):
    """A file, or one part of it, that can't be read; carries the sentence for the clerk."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        self.trouble = Trouble("file", code, message, advice)
        super().__init__(message)


@dataclass(frozen=True)
class Package:
    """The parts of one workbook file."""

    path: Path
    sha256: str
    archive: zipfile.ZipFile

    def __contains__(self, part: str) -> bool:
        return part in self.archive.NameToInfo

    def read(self, part: str) -> bytes:
        """One part. Raises Unreadable when it is missing or damaged."""
        try:
            return self.archive.read(part)
        except KeyError:
            raise Unreadable("missing-part", f"文件“{self.path.name}”缺少组成部分 {part}，可能没有下载完整。",
                             _RESEND) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise self.damaged(part) from None

    def damaged(self, part: str) -> Unreadable:
        return Unreadable("damaged-part", f"文件“{self.path.name}”的组成部分 {part} 已损坏。", _RESEND)

    def walk(self, part: str, start: Callable[[str, dict[str, str]], object],
             end: Callable[[str], object] | None = None, text: Callable[[str], object] | None = None) -> None:
        """Feed a part to handlers that see local names only, so that strict and prefixed files read alike.

        A handler ends the walk by raising StopIteration. Raises Unreadable for broken XML and for any DTD:
        no spreadsheet program writes one, and entities are a known attack.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_dtd
        parser.StartElementHandler = lambda name, attributes: start(_local(name), _locals(attributes))
        if end:
            parser.EndElementHandler = lambda name: end(_local(name))
        if text:
            parser.CharacterDataHandler = text
        try:
            parser.Parse(self.read(part), True)
        except StopIteration:
            pass
        except expat.ExpatError as error:
            raise Unreadable("broken-xml", f"文件“{self.path.name}”的组成部分 {part} 第 {error.lineno} 行不合格式，"
                             "读不下去。", f"{_SAVE_AS}仍不行时，{_RESEND}") from None

    def _refuse_dtd(self, *_: object) -> None:
        raise Unreadable("forbidden-xml", f"文件“{self.path.name}”含有外部定义（DTD），表格软件不会写出这种内容，"
                         "为安全起见不读。", f"{_SAVE_AS}来历不明的文件请不要打开。")


def open_package(path: Path) -> Package:
    """The package of an .xlsx or .xlsm file. Raises Unreadable, and nothing else, for any other thing."""
    data = _bytes_of(path)
    _refuse_other_formats(path, data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable("damaged-file", f"文件“{path.name}”已损坏，打不开。", _RESEND) from None
    _refuse_bomb(path, archive, len(data))
    _refuse_other_packages(path, archive)
    return Package(path, hashlib.sha256(data).hexdigest(), archive)


def sha256_of(path: Path) -> str:
    """Of the file's bytes; "" when they can't be had."""
    try:
        return hashlib.sha256(_bytes_of(path)).hexdigest()
    except Unreadable:
        return ""


def _bytes_of(path: Path) -> bytes:
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
        size = path.stat().st_size
        if size == 0:
            raise Unreadable("empty-file", f"文件“{name}”是空的（0 字节）。", _RESEND)
        if size > LARGEST_FILE:
            raise Unreadable("too-large", f"文件“{name}”有 {size / 2**20:.0f} MB，超过 50 MB。",
                             "请删去其中的图片和无关的工作表，另存后再交。")
        return path.read_bytes()
    except OSError:
        raise Unreadable("no-access", f"文件“{name}”读不出来，可能没有权限，或正被别的程序占用。",
                         "请关闭正在使用它的程序，或复制一份再试。") from None


def _refuse_other_formats(path: Path, data: bytes) -> None:
    name = path.name
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable("encrypted", f"文件“{name}”设了打开密码，读不了。",
                             "请在 Excel 的“文件—信息—保护工作簿”中取消打开密码，保存后再交。")
        if any(word.encode("utf-16-le") in data for word in ("Workbook", "Book")):
            raise Unreadable("old-format", f"文件“{name}”是 Excel 97-2003 格式（.xls）。", _SAVE_AS)
        raise Unreadable("not-a-workbook", f"文件“{name}”是旧式 Office 文档，不是表格。", _TEMPLATE)
    if data.startswith(b"%PDF"):
        raise Unreadable("not-a-workbook", f"文件“{name}”是 PDF，不是表格。", _TEMPLATE)
    if not data.startswith(b"PK"):
        raise Unreadable("not-a-workbook", f"文件“{name}”不是 Excel 工作簿，只是改了扩展名或已损坏。", _SAVE_AS)


def _refuse_bomb(path: Path, archive: zipfile.ZipFile, size: int) -> None:
    members = archive.infolist()
    content = sum(member.file_size for member in members)
    absurd = content > RATIO_JUDGED_FROM and content > LARGEST_RATIO * size
    if content > LARGEST_CONTENT or absurd or len(members) > MOST_PARTS:
        raise Unreadable("bomb", f"文件“{path.name}”解开后有 {content / 2**20:.0f} MB、{len(members)} 个部分，"
                         "大得不合情理，为安全起见不读。", "请把需要的工作表复制到新的模板中再交。")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted", f"文件“{path.name}”加了密码，读不了。", "请取消密码后再交。")


def _refuse_other_packages(path: Path, archive: zipfile.ZipFile) -> None:
    for part, kind in _OTHER_PACKAGES.items():
        if part in archive.NameToInfo:
            raise Unreadable("not-a-workbook", f"文件“{path.name}”是{kind}，不是 Excel 工作簿（.xlsx）。", _SAVE_AS)
    if "[Content_Types].xml" not in archive.NameToInfo:
        raise Unreadable("not-a-workbook", f"文件“{path.name}”是压缩包，不是 Excel 工作簿。", _TEMPLATE)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _locals(attributes: dict[str, str]) -> dict[str, str]:
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}
