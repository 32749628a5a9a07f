"""Whatever is handed in as a workbook, the answer is a sentence."""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def good(path: Path) -> Path:
    write_workbook(path, load_ruleset("430400/2022"), "values")
    return path


def content(data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / "甲.xlsx").write_bytes(data)
        return folder / "甲.xlsx"
    return make


def package(parts: dict[str, bytes | str]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "甲.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                archive.writestr(name, text)
        return folder / "甲.xlsx"
    return make


def changed(part: str, change: Callable[[bytes], bytes | None]) -> Callable[[Path], Path]:
    """A good workbook with one part changed, or left out."""
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(good(folder / "原.xlsx")) as old, zipfile.ZipFile(folder / "甲.xlsx", "w") as new:
            for name in old.namelist():
                data = change(old.read(name)) if name == part else old.read(name)
                if data is not None:
                    new.writestr(name, data)
        return folder / "甲.xlsx"
    return make


def truncated(folder: Path) -> Path:
    path = good(folder / "甲.xlsx")
    path.write_bytes(path.read_bytes()[:-400])
    return path


def corrupt(folder: Path) -> Path:
    """The list of members is whole, the bytes of the workbook part are not."""
    path = good(folder / "甲.xlsx")
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/workbook.xml").header_offset + 60
    data = bytearray(path.read_bytes())
    data[start:start + 40] = b"\xff" * 40
    path.write_bytes(data)
    return path


def encrypted_zip(folder: Path) -> Path:
    path = package({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})(folder)
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 8:directory + 10] = struct.pack("<H", 1)
    path.write_bytes(data)
    return path


def link(folder: Path) -> Path:
    os.symlink(good(folder / "原.xlsx"), folder / "甲.xlsx")
    return folder / "甲.xlsx"


def folder_named_so(folder: Path) -> Path:
    (folder / "甲.xlsx").mkdir()
    return folder / "甲.xlsx"


def lock_file(folder: Path) -> Path:
    path = folder / "~$甲.xlsx"
    path.write_bytes(b"\x05user")
    return path


def too_large(folder: Path) -> Path:
    with (folder / "甲.xlsx").open("wb") as file:
        file.truncate(limits().file + 1)
    return folder / "甲.xlsx"


DTD = (b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
       b"<workbook><sheets>&a;</sheets></workbook>")
LAUGHS = (b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
          b"<workbook><sheets>&b;</sheets></workbook>")
BAD_FILES = {
    "no file": (lambda folder: folder / "甲.xlsx", "no-file", "没有找到文件“甲.xlsx”"),
    "folder": (folder_named_so, "folder", "文件夹"),
    "link": (link, "link", "链接"),
    "lock file of Excel": (lock_file, "lock-file", "临时文件"),
    "empty": (content(b""), "empty-file", "0 字节"),
    "too large": (too_large, "too-large", "超过 50 MB"),
    "text": (content("单位,金额\n甲,1\n".encode("gbk")), "not-a-workbook", "不是 Excel 工作簿"),
    "page saved as xls": (content(b"<html><table></table></html>"), "not-a-workbook", "不是 Excel 工作簿"),
    "PDF": (content(b"%PDF-1.7 ..."), "not-a-workbook", "PDF"),
    "encrypted": (content(OLE + wide("EncryptedPackage")), "encrypted", "密码"),
    "xls": (content(OLE + wide("Workbook")), "damaged-file", "Excel 97-2003"),
    "doc": (content(OLE + wide("WordDocument")), "not-a-workbook", "不是表格"),
    "archive": (package({"甲.txt": "甲"}), "not-a-workbook", "压缩包"),
    "docx": (package({"[Content_Types].xml": "", "word/document.xml": ""}), "broken-xml", "word/document.xml"),
    "xlsb": (package({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "not-a-workbook", "xlsb"),
    "ods": (package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "not-a-workbook", "ods"),
    "encrypted archive": (encrypted_zip, "encrypted", "密码"),
    "bomb": (package({"[Content_Types].xml": "", "xl/workbook.xml": bytes(60 * 2**20)}), "bomb", "大得不合情理"),
    "many parts": (package({f"xl/{n}.xml": "" for n in range(5001)}), "bomb", "5001 个部分"),
    "cut off": (truncated, "damaged-file", "已损坏"),
    "corrupt": (corrupt, "damaged-part", "xl/workbook.xml"),
    "no workbook part": (changed("xl/workbook.xml", lambda _: None), "missing-part", "xl/workbook.xml"),
    "no sheets": (changed("xl/workbook.xml", lambda _: b"<workbook/>"), "no-sheets", "没有工作表"),
    "broken XML": (changed("xl/workbook.xml", lambda data: data[:300]), "broken-xml", "不合格式"),
    "external entity": (changed("xl/workbook.xml", lambda _: DTD), "forbidden-xml", "DTD"),
    "billion laughs": (changed("xl/workbook.xml", lambda _: LAUGHS), "forbidden-xml", "DTD"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_told_and_nothing_is_raised(tmp_path: Path, case: str):
    make, code, words = BAD_FILES[case]
    path = make(tmp_path)
    submission = read_submission(path)
    [trouble] = submission.troubles
    assert (trouble.kind, trouble.code, trouble.severity) == ("file", code, "error")
    assert words in trouble.message and path.name in trouble.message
    assert trouble.advice.startswith("请")
    assert (submission.path, submission.items) == (str(path), ())


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = good(tmp_path / "甲.xlsx")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [trouble.code for trouble in read_submission(path).troubles] == ["no-access"]


@pytest.mark.parametrize(("part", "codes"), [
    ("xl/worksheets/sheet1.xml", ["missing-part"]),
    ("xl/worksheets/sheet2.xml", ["missing-part"]),
    ("xl/sharedStrings.xml", ["missing-part"]),
    ("docProps/app.xml", []),
])
def test_a_missing_part_costs_what_it_held(tmp_path: Path, part: str, codes: list[str]):
    submission = read_submission(changed(part, lambda _: None)(tmp_path))
    assert [trouble.code for trouble in submission.troubles] == codes


def test_the_hash_of_a_bad_file_is_known(tmp_path: Path):
    assert read_submission(content(b"%PDF-1.7")(tmp_path)).sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
