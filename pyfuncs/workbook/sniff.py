"""What a file is by its content, whatever its name says, and the sentence for what can't be read (pure)."""

from __future__ import annotations

import re
from collections.abc import Collection

SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后再交。"
_SAVE_AS_WORD = "请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”后再交。"
_TEMPLATE = "请交用本工具箱的模板填好的 .xlsx 文件。"
_EXPORT = "请把原来的表格另存为 .xlsx 再交；没有原表时，请用本工具箱的模板填报。"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR, _WORKBOOK = 512, b"\x09\x08\x10\x00"          # of a compound file; how the stream of a workbook begins
_DIRECTORY_STEP = 128                                 # entries of a compound file's directory
_HEAD = 4096
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF", _EXPORT), (b"{\\rtf", "富文本文档（.rtf）", _SAVE_AS_WORD),
    (b"Rar!", "压缩包（.rar）", "请解压后交其中的表格。"), (b"7z\xbc\xaf'\x1c", "压缩包（.7z）", "请解压后交其中的表格。"),
    (b"\x89PNG", "图片", _EXPORT), (b"\xff\xd8\xff", "图片", _EXPORT),
)
_MARKUP: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet"), "XML 表格（2003）"),
    (re.compile(rb"<(?:html|table|!doctype\s+html)\b", re.IGNORECASE), "网页"),
    (re.compile(rb"\s*<\?xml"), "XML 文件"),
)
Sentence = tuple[str, str, str]                       # code, message, advice


def old_kind(data: bytes) -> str:
    """Of a compound file, as Office 97-2003 wrote them: xls | encrypted | doc | ppt | other; else ""."""
    if not data.startswith(_OLE):
        return ""
    if _has_stream(data, "EncryptedPackage"):
        return "encrypted"
    for kind, streams in {"xls": ("Workbook", "Book"), "doc": ("WordDocument",),
                          "ppt": ("PowerPoint Document",)}.items():
        if any(_has_stream(data, stream) for stream in streams):
            return kind
    # A file that was cut off has lost its directory, not its streams.
    return "xls" if any(data.startswith(_WORKBOOK, at) for at in range(0, len(data), _SECTOR)) else "other"


def foreign_sentence(name: str, data: bytes) -> Sentence | None:
    """Why a file is no package of a workbook or a Word document; None when it may be one."""
    if data.startswith(b"PK"):
        return None
    match old_kind(data):
        case "encrypted":
            return ("encrypted", f"文件“{name}”设了打开密码，读不了。",
                    "请在 Excel 的“文件—信息—保护工作簿”中取消打开密码，保存后再交。")
        case "xls":
            return "old-format", f"文件“{name}”是 Excel 97-2003 格式（.xls）。", SAVE_AS
        case "doc":
            return "not-a-workbook", f"文件“{name}”是旧式 Word 文档（.doc、.wps），不是表格。", _SAVE_AS_WORD
        case "ppt" | "other":
            return "not-a-workbook", f"文件“{name}”是旧式 Office 文档，不是表格。", _TEMPLATE
    for start, kind, advice in _STARTS:
        if data.startswith(start):
            return "not-a-workbook", f"文件“{name}”是{kind}，不是 Excel 工作簿。", advice
    return _text_sentence(name, data[:_HEAD])


def foreign_package(name: str, parts: Collection[str]) -> Sentence | None:
    """Why a zip archive is no workbook and no Word document; None when it may be one."""
    if "mimetype" in parts:
        return "not-a-workbook", f"文件“{name}”是开放文档（.ods、.odt），不是 Excel 工作簿（.xlsx）。", SAVE_AS
    if "xl/workbook.bin" in parts:
        return "not-a-workbook", f"文件“{name}”是二进制工作簿（.xlsb），读不了。", SAVE_AS
    if "ppt/presentation.xml" in parts:
        return "not-a-workbook", f"文件“{name}”是演示文稿，不是 Excel 工作簿（.xlsx）。", _TEMPLATE
    if "[Content_Types].xml" not in parts:
        return "not-a-workbook", f"文件“{name}”是压缩包，不是 Excel 工作簿。", "请解压后交其中的表格。"
    return None


def _text_sentence(name: str, head: bytes) -> Sentence:
    for pattern, kind in _MARKUP:
        if pattern.search(head):
            return "not-a-workbook", f"文件“{name}”是{kind}，不是 Excel 工作簿，只是改了扩展名。", SAVE_AS
    if b"\0" not in head:
        return "not-a-workbook", f"文件“{name}”是文本文件（如 .csv），不是 Excel 工作簿。", SAVE_AS
    return "not-a-workbook", f"文件“{name}”不是 Excel 工作簿，只是改了扩展名或已损坏。", SAVE_AS


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the directory of a compound file lists a stream: a text in it may say the same words anywhere."""
    wanted, at = name.encode("utf-16-le"), -1
    while (at := data.find(wanted, at + 1)) >= 0:
        after = at + len(wanted)
        if at % _DIRECTORY_STEP == 0 and data[after:after + 2] in (b"\0\0", b""):
            return True
    return False
