"""A file of any kind is told by its content and becomes grids, or a sentence says why not."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter
from spellings import respelled

from pyfuncs.workbook.grid import Grid
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.watch import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook(path: Path, sheets: tuple[str, ...] = ("甲", "乙")) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name in sheets:
            page = book.add_worksheet(name)
            page.write(0, 0, name)
            page.merge_range("A2:B2", 1.5)
    return path


def compound(*streams: str) -> bytes:
    """The start of an Office 97-2003 file whose directory lists these streams."""
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62)
                       for name in streams)
    return OLE + bytes(504) + entries


def package(*parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in parts:
            archive.writestr(part, "<a/>")
    return buffer.getvalue()


def test_sheets_of_a_workbook(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    source = open_source(path)
    assert [(grid.name, grid.at(1, 1).value, grid.at(2, 2).value, grid.merges) for grid in source.grids] == [
        ("甲", "甲", 1.5, (Box(2, 1, 2, 2),)), ("乙", "乙", 1.5, (Box(2, 1, 2, 2),))]
    assert (source.kind, source.troubles, source.path) == ("xlsx", (), path)
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.book and [sheet.name for sheet in source.book.sheets] == ["甲", "乙"]


@pytest.mark.parametrize("name", ["a.xls", "a.docx", "a.csv", "a", "a.et"])
def test_the_name_does_not_decide(tmp_path: Path, name: str):
    workbook(tmp_path / "a.xlsx").rename(tmp_path / name)
    assert open_source(tmp_path / name).kind == "xlsx"


def test_tables_of_a_word_document(tmp_path: Path):
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "甲"
    document.save(tmp_path / "a.xlsx")
    source = open_source(tmp_path / "a.xlsx")
    assert (source.kind, source.book, [grid.name for grid in source.grids]) == ("docx", None, ["表1"])


def test_a_sheet_that_is_damaged_does_not_lose_the_others(tmp_path: Path):
    path = respelled(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx",
                     {r"xl/worksheets/sheet1\.xml": lambda text: text[:400]})
    source = open_source(path)
    assert [grid.name for grid in source.grids] == ["乙"]
    assert [(trouble.code, trouble.severity) for trouble in source.troubles] == [("broken-xml", "error")]
    assert "xl/worksheets/sheet1.xml" in source.troubles[0].message


def test_names_of_parts_may_be_in_capitals(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("sheet1", "Sheet1").replace("sharedStrings", "SHAREDSTRINGS"), old.read(name))
    assert open_source(tmp_path / "b.xlsx").grids == open_source(path).grids


def test_two_sheets_of_one_name_are_told(tmp_path: Path):
    path = respelled(workbook(tmp_path / "a.xlsx", ("a", "乙")), tmp_path / "b.xlsx",
                     {r"xl/workbook\.xml": lambda text: text.replace('name="乙"', 'name="A"')})
    with pytest.raises(Unreadable, match="两张工作表都叫《A》") as caught:
        open_source(path)
    assert caught.value.trouble.code == "same-sheet-name"


def test_when_no_sheet_can_be_read_the_file_can_not(tmp_path: Path):
    path = respelled(workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx",
                     {r"xl/worksheets/.*": lambda text: text[:400]})
    with pytest.raises(Unreadable, match="不合格式"):
        open_source(path)


FOREIGN = {
    "PDF": (b"%PDF-1.7", "not-a-workbook", "PDF"),
    "page saved as xls": (b"\xef\xbb\xbf\n<HTML><body><table>", "not-a-workbook", "网页"),
    "fragment of a page": (b"<meta><table border=1>", "not-a-workbook", "网页"),
    "XML of Excel 2003": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
                          "not-a-workbook", "XML 表格"),
    "other XML": (b'<?xml version="1.0"?><a/>', "not-a-workbook", "XML 文件"),
    "csv": ("单位,金额\n甲,1\n".encode("gbk"), "not-a-workbook", "文本文件"),
    "RTF": (b"{\\rtf1 a}", "not-a-workbook", ".rtf"),
    "rar": (b"Rar!\x1a\x07\0", "not-a-workbook", ".rar"),
    "7z": (b"7z\xbc\xaf'\x1c\0", "not-a-workbook", ".7z"),
    "picture": (b"\x89PNG\r\n", "not-a-workbook", "图片"),
    "photo": (b"\xff\xd8\xff\xe0", "not-a-workbook", "图片"),
    "anything": (b"\x01\0\x02", "not-a-workbook", "已损坏"),
    "encrypted": (compound("EncryptionInfo", "EncryptedPackage"), "encrypted", "打开密码"),
    "doc or wps": (compound("WordDocument"), "not-a-workbook", ".wps"),
    "doc that speaks of a Workbook": (compound("WordDocument") + "\x01Workbook".encode("utf-16-le"),
                                      "not-a-workbook", ".wps"),
    "ppt": (compound("PowerPoint Document"), "not-a-workbook", "Office"),
    "mail": (compound("__properties"), "not-a-workbook", "Office"),
    "xls without anything in it": (compound("Workbook"), "damaged-file", "97-2003"),
    "cut off": (b"PK\x03\x04abc", "damaged-file", "已损坏"),
    "ods": (package("mimetype", "content.xml"), "not-a-workbook", ".ods"),
    "xlsb": (package("[Content_Types].xml", "xl/workbook.bin"), "not-a-workbook", ".xlsb"),
    "pptx": (package("[Content_Types].xml", "ppt/presentation.xml"), "not-a-workbook", "演示文稿"),
    "zip": (package("甲.txt"), "not-a-workbook", "压缩包"),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_what_can_not_be_read_is_told_with_a_sentence(tmp_path: Path, case: str):
    data, code, words = FOREIGN[case]
    (tmp_path / "甲.xls").write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        open_source(tmp_path / "甲.xls")
    trouble = caught.value.trouble
    assert (trouble.code, trouble.severity) == (code, "error")
    assert words in trouble.message and "甲.xls" in trouble.message and trouble.advice.startswith("请")


# -- grids --------------------------------------------------------------------------------------------


def test_a_merge_of_whole_columns_is_looked_up_too():
    whole, small = Box(1, 1, 1048576, 2), Box(3, 4, 4, 5)
    grid = Grid("甲", {}, (whole, small))
    assert [grid.box(row, column) for row, column in ((9, 2), (1048576, 1), (4, 5), (4, 6))] == [
        whole, whole, small, Box(4, 6, 4, 6)]
