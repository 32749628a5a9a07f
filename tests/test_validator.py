from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from validator import xml_errors


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "完好.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("基础数据").write("A1", 1)
    return path


def test_a_sound_workbook_has_no_errors(sound: Path):
    assert xml_errors(sound) == []


def test_a_broken_workbook_is_told_with_its_part(sound: Path, tmp_path: Path):
    broken = tmp_path / "损坏.xlsx"
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<sheetData>", b"<cells/><sheetData>"))
    [error] = xml_errors(broken)
    assert error.startswith("/xl/worksheets/sheet1.xml: ")
    assert "cells" in error


def test_what_is_no_package_is_an_error(tmp_path: Path):
    path = tmp_path / "文本.xlsx"
    path.write_text("表", encoding="utf-8")
    assert xml_errors(path) == ["文本.xlsx: File contains corrupted data."]
