"""Results of ours are known by their title, and whatever else a file may be costs nothing."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from pyfuncs.report.summary import TITLE
from pyfuncs.report.summary_book import Limits, summary_book
from pyfuncs.workbook.own_results import title_of


def test_the_title_of_a_summary_is_read(tmp_path: Path):
    with summary_book(tmp_path / "汇总.xlsx", TITLE, date(2023, 3, 20), Limits()) as book:
        book.page("汇总", [10])
    assert title_of(tmp_path / "汇总.xlsx") == TITLE


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\0" * 5000, "文字".encode()])
def test_what_is_no_workbook_has_none(tmp_path: Path, data: bytes):
    (tmp_path / "汇总.xlsx").write_bytes(data)
    assert title_of(tmp_path / "汇总.xlsx") == title_of(tmp_path / "没有.xlsx") == ""


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_or_huge_part_has_none(tmp_path: Path, method: int):
    path = tmp_path / "汇总.xlsx"
    with zipfile.ZipFile(path, "w", method) as package:
        package.writestr("docProps/core.xml", b" " * 10**6 + b"<dc:title>a</dc:title>")
    assert title_of(path) == ""
    data = bytearray(path.read_bytes())
    data[55:75] = b"\xff" * 20
    path.write_bytes(data)
    assert title_of(path) == ""
