"""Results of ours are known by their title, and whatever else a file may be costs nothing."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from report_samples import unit_book, unit_filed

from pyfuncs.live.self_report import self_report
from pyfuncs.report.summary import TITLE
from pyfuncs.report.summary_book import Limits, summary_book
from pyfuncs.workbook.collect import collect
from pyfuncs.workbook.own_results import is_own_report, title_of


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


def test_a_report_that_we_wrote_is_no_second_filing(tmp_path: Path):
    """In a folder it is checked as a report or left out; who names it means its forms."""
    book, report, edited = (tmp_path / name for name in ("甲.xlsx", "自评报告.docx", "改过的.docx"))
    unit_book("hengyang-2022", book)
    report.write_bytes(self_report(unit_filed("hengyang-2022"), date(2023, 3, 22)))
    document = docx.Document(report)
    document.add_paragraph("补写的一段")
    document.save(edited)
    others = docx.Document()
    others.save(tmp_path / "别人的.docx")
    assert [is_own_report(path) for path in (report, edited, tmp_path / "别人的.docx", book, tmp_path / "没有.docx")] == [
        True, True, False, False, False]
    for_audit, for_sums = collect([tmp_path], reports=True), collect([tmp_path])
    assert (for_audit.reports, for_audit.files) == ((edited, report), (tmp_path / "别人的.docx", book))
    assert (for_sums.reports, for_sums.files) == ((), (tmp_path / "别人的.docx", book))
    assert for_sums.skipped == tuple(f"跳过 {path}：是本工具箱写的自评报告，数都在单位的自评表里" for path in (edited, report))
    assert collect([report], reports=True).files == collect([report]).files == (report,)
