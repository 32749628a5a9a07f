"""A workbook opened in Excel at a cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from filed_books import clean_book
from xlwings_engine import ENGINE, open_book

from pyfuncs.live.opening import show_cell
from pyfuncs.udfs_excel import xw


@pytest.fixture
def books(tmp_path: Path) -> tuple[Path, Path]:
    return clean_book(tmp_path / "甲.xlsx", "甲中心"), clean_book(tmp_path / "乙.xlsx", "乙中心")


def test_the_cell_is_selected_in_the_excel_that_runs(books: tuple[Path, Path]):
    open_book(books[0])
    [app] = ENGINE.apps.running
    for path, place in ((books[1], ("整体自评表", "D9")), (books[0], ("基础数据表", "C5")), (books[1], ("基础数据表", "D5"))):
        assert show_cell(path, *place)
        assert (app.selection.sheet.name, app.selection.address) == (place[0], f"${place[1][0]}${place[1][1]}")
        assert app.selection.sheet.book.path == path and app.in_front
    assert [book.path for book in app.books] == [*books]          # none was opened twice


def test_a_sheet_that_is_gone_or_no_excel_is_no_success(books: tuple[Path, Path], monkeypatch):
    open_book(books[0])
    assert not show_cell(books[0], "没有这张表", "C5")
    monkeypatch.setattr(xw.engines, "active", None)
    assert not show_cell(books[0], "基础数据表", "C5")
