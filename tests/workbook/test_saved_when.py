"""When a workbook was saved: what it says itself, whatever wrote it, and the disk's word where it says nothing."""

from __future__ import annotations

import os
import time
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from filed_books import clean_book
from test_read_xls import saved_as_xls

from pyfuncs.catalog.submission import Submission
from pyfuncs.consolidate.filed import Filed
from pyfuncs.workbook.process import process
from pyfuncs.workbook.saved_when import INSIDE, ON_DISK, saved_when, with_date

NOON = datetime(2023, 3, 20, 4, 0, 0, tzinfo=timezone.utc).timestamp()        # 12:00 in Beijing
ON_THE_DISK = "2023-03-20T12:00:00", ON_DISK
CORE = ('<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:created>2001-01-01T00:00:00Z</dcterms:created>'
        '<dcterms:modified>{}</dcterms:modified></cp:coreProperties>')


def touched(path: Path) -> Path:
    os.utime(path, (NOON, NOON))
    return path


def package(path: Path, core: str | None, part: str = "docProps/core.xml") -> Path:
    """A workbook with these core properties, or none."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("_rels/.rels", '<Relationships><Relationship Id="a" Type="http://x/metadata/core-properties" '
                                        f'Target="{part}"/></Relationships>')
        if core is not None:
            archive.writestr(part, core)
    return touched(path)


def test_every_writer_is_understood(tmp_path: Path):
    when = datetime(2023, 3, 19, 20, 30, 59)
    book = openpyxl.Workbook()
    book.properties.modified = when
    book.save(tmp_path / "openpyxl.xlsx")             # overwritten with the moment of saving
    with xlsxwriter.Workbook(tmp_path / "xlsxwriter.xlsx") as other:
        other.set_properties({"created": when})
    document = docx.Document()
    document.core_properties.modified = when
    document.save(tmp_path / "表.docx")
    now = datetime.now(timezone(timedelta(hours=8))).replace(tzinfo=None)
    said, by = saved_when(touched(tmp_path / "openpyxl.xlsx"))
    assert by == INSIDE and abs(datetime.fromisoformat(said) - now) < timedelta(minutes=2)
    for name in ("xlsxwriter.xlsx", "表.docx"):
        assert saved_when(touched(tmp_path / name)) == ("2023-03-20T04:30:59", INSIDE)


def test_an_old_workbook_says_it_too_and_a_damaged_one_is_dated_by_the_disk(tmp_path: Path):
    with xlsxwriter.Workbook(tmp_path / "表.xlsx") as book:
        book.add_worksheet().write(0, 0, "甲")
    before = datetime.now(timezone(timedelta(hours=8))).replace(tzinfo=None)
    path = touched(saved_as_xls(tmp_path / "表.xlsx", tmp_path))
    said, by = saved_when(path)
    assert by == INSIDE and timedelta(0) <= datetime.fromisoformat(said) - before.replace(microsecond=0) < timedelta(minutes=3)
    data = path.read_bytes()
    path.write_bytes(data.replace("SummaryInformation".encode("utf-16-le"), "SummaryInformatiox".encode("utf-16-le")))
    assert saved_when(touched(path)) == ON_THE_DISK
    path.write_bytes(data[:1500])
    assert saved_when(touched(path)) == ON_THE_DISK


@pytest.fixture
def tokyo(monkeypatch):
    with monkeypatch.context() as context:
        context.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(("written", "said"), [
    ("2023-03-19T20:30:59Z", "2023-03-20T04:30:59"), ("2023-03-19T20:30:59.123Z", "2023-03-20T04:30:59"),
    ("2023-03-20T04:30:59+08:00", "2023-03-20T04:30:59"), ("2023-03-19T20:30:59", "2023-03-20T04:30:59"),
    (" 2023-03-19 ", "2023-03-19T08:00:00")])
def test_dates_of_the_format_are_read_with_their_zone_wherever_the_machine_stands(tmp_path, tokyo, written: str, said: str):
    assert saved_when(package(tmp_path / "表.xlsx", CORE.format(written))) == (said, INSIDE)


@pytest.mark.parametrize("core", [
    None, "", "不是 XML", CORE.format(""), CORE.format("昨天"), CORE.format("1980-01-01T00:00:00Z"), CORE.format("9999-12-31T23:59:59Z"),
    CORE.format("2023-01-01T00:00:00Z").replace("modified", "changed"),
    '<!DOCTYPE a [<!ENTITY e "2023-01-01T00:00:00Z">]>' + CORE.format("&e;"), CORE.format("2023-01-01T00:00:00Z") + " " * 70_000])
def test_what_says_nothing_sensible_is_dated_by_the_disk(tmp_path: Path, core: str | None):
    assert saved_when(package(tmp_path / "表.xlsx", core)) == ON_THE_DISK


def test_the_part_is_found_by_its_relationship_too(tmp_path: Path):
    core = CORE.format("2023-03-19T20:30:59Z")
    assert saved_when(package(tmp_path / "表.xlsx", core, "package/services/core.psmdcp")) == ("2023-03-20T04:30:59", INSIDE)


def test_a_workbook_that_was_read_is_given_its_date(tmp_path: Path):
    path = package(tmp_path / "表.xlsx", CORE.format("2023-03-19T20:30:59Z"))
    one = with_date(Filed(Submission(str(path), "", "", "甲", "2022")))
    assert (one.unit, one.dated, one.dated_by) == ("甲", "2023-03-20T04:30:59", INSIDE)


@pytest.mark.parametrize("core", [CORE.format("2023-03-19T20:30:59Z"), CORE.format("1899-12-30T00:00:00Z"), "<not", None])
def test_the_reader_sees_the_date_in_passing(tmp_path: Path, core: str | None):
    """A file need not be opened twice; where the reader saw none, what else is known of it counts."""
    path = clean_book(tmp_path / "表.xlsx")
    with zipfile.ZipFile(path) as filed, zipfile.ZipFile(tmp_path / "改.xlsx", "w") as archive:
        for part in filed.namelist():
            if part != "docProps/core.xml":
                archive.writestr(part, filed.read(part))
        if core is not None:
            archive.writestr("docProps/core.xml", core)
    read = with_date(process(touched(tmp_path / "改.xlsx")))
    assert read.submission.items and (read.dated, read.dated_by) == saved_when(tmp_path / "改.xlsx")
    os.remove(tmp_path / "改.xlsx")                    # what was read is not looked for again
    assert with_date(read).dated_by == (INSIDE if read.dated_by == INSIDE else "")


def test_other_files_are_dated_by_the_disk_and_none_at_all_by_nobody(tmp_path: Path):
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "图.xlsx").write_bytes(b"\x89PNG")
    assert saved_when(touched(tmp_path / "空.xlsx")) == saved_when(touched(tmp_path / "图.xlsx")) == ON_THE_DISK
    assert saved_when(tmp_path / "没有.xlsx") == ("", "")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<&"), max_size=30))
def test_no_text_in_place_of_a_date_is_an_error(tmp_path_factory, text: str):
    path = package(tmp_path_factory.getbasetemp() / "任何.xlsx", CORE.format(text))
    said, by = saved_when(path)
    assert datetime.fromisoformat(said).tzinfo is None and by in (INSIDE, ON_DISK)
