"""A workbook opened at a cell: in a LibreOffice that runs, and where no program can be told the cell."""

from __future__ import annotations

import os
import time
from pathlib import Path

import openpyxl
import pytest
from libreoffice_office import office, virtual_screen

from pyfuncs.helper import opening

SHEET = "表 (一)'s"


@pytest.fixture(autouse=True)
def no_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of this process may have put something in its place."""
    monkeypatch.setattr("pyfuncs.udfs_excel.xw.engines.active", None)


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.create_sheet(SHEET)["D30"] = "这里"
    book.save(path)
    return path


def stand_in(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def noted(path: Path, patience: float = 10) -> str:
    end = time.monotonic() + patience
    while not path.exists() or not path.read_text(encoding="utf-8"):
        assert time.monotonic() < end
        time.sleep(0.02)
    return path.read_text(encoding="utf-8").strip()


def test_libreoffice_shows_the_cell_in_the_window_that_is_open(tmp_path: Path, monkeypatch):
    """A second start hands the workbook to the office that runs on the same profile."""
    first, second = workbook(tmp_path / "先 开的.xlsx"), workbook(tmp_path / "单位 #1甲.xlsx")
    profile = tmp_path / "profile"
    real = stand_in(tmp_path / "bin", "soffice", f'exec soffice -env:UserInstallation={profile.as_uri()} "$@"')
    monkeypatch.setattr(opening, "find_soffice", lambda: real)
    with virtual_screen() as display, office(recalculate=False, files=[first], display=display, profile=profile,
                                             extensions=False) as calc:
        monkeypatch.setenv("DISPLAY", display)
        assert opening.open_at(second, f"{SHEET}!D30") == f"已在 LibreOffice 中打开 单位 #1甲.xlsx 的《{SHEET}》D30。"
        end = time.monotonic() + 60
        while not (found := [book for book in calc.opened() if book["url"] == second.as_uri()]):
            assert time.monotonic() < end
            time.sleep(0.2)
        assert found[0]["selected"] == "$'表 (一)''s'.$D$30"


def test_without_a_spreadsheet_program_that_can_be_told_the_cell_is_said(tmp_path: Path, monkeypatch):
    path = workbook(tmp_path / "甲.xlsx")
    stand_in(tmp_path / "bin", "xdg-open", f'echo "$1" > "{tmp_path / "opened"}"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(opening, "find_soffice", lambda: None)
    assert opening.open_at(path, f"{SHEET}!D30") == f"已打开 甲.xlsx；这里的表格软件不能直接转到单元格，请看《{SHEET}》D30。"
    assert noted(tmp_path / "opened") == str(path)


@pytest.mark.parametrize(("name", "place", "said"), [
    ("报告.docx", "表2!C9", "已打开 报告.docx，请看表2 C9。"), ("报告.docx", "第3段", "已打开 报告.docx，请看第3段。"),
    ("报告.txt", "", "已打开 报告.txt。"),
])
def test_what_has_no_cells_is_opened_as_it_is(tmp_path: Path, monkeypatch, name: str, place: str, said: str):
    (tmp_path / name).write_text("x", encoding="utf-8")
    stand_in(tmp_path / "bin", "xdg-open", f'echo "$1" > "{tmp_path / "opened"}"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    assert opening.open_at(tmp_path / name, place) == said
    assert noted(tmp_path / "opened") == str(tmp_path / name)


def test_a_file_that_is_gone_and_a_machine_that_opens_nothing(tmp_path: Path, monkeypatch):
    assert opening.open_at(tmp_path / "甲.xlsx", "表!C9") == f"没有找到 {tmp_path / '甲.xlsx'}，可能移走或改名了；请重新添加。"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(opening, "find_soffice", lambda: None)
    with pytest.raises(OSError, match="没有找到打开文件的程序，请自己打开："):
        opening.open_at(workbook(tmp_path / "甲.xlsx"), "封面!A1")
