"""加载项版, 公式版, 数值版: the open workbook becomes what its file would have been converted to."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from live_books import parts, protections, real_book, saved
from xlwings_engine import open_book

from pyfuncs.live import COMMANDS
from pyfuncs.workbook.convert_file import convert_copy


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_book(tmp_path_factory.mktemp("加载项版"), edition="addin", as_filed=False)


def cells(path: Path, values: bool = False) -> dict[tuple[str, str], object]:
    return {(sheet.title, cell.coordinate): cell.value for sheet in openpyxl.load_workbook(path, data_only=values)
            for row in sheet.iter_rows() for cell in row if cell.value is not None}


def same(one: object, other: object) -> bool:
    return one == pytest.approx(other, rel=1e-12) if isinstance(other, (int, float)) else one == other


@pytest.mark.parametrize(("edition", "said"), [("formula", "已经是公式版（转换 5 格）。"), ("values", "已经是数值版（转换 19 格）。")])
def test_the_open_workbook_is_converted_as_its_file_is(addin: Path, tmp_path: Path, edition: str, said: str):
    convert_copy(addin, tmp_path / "filed.xlsx", edition)
    book = open_book(addin)
    assert COMMANDS["convert_book"](book, edition) == said
    live = saved(book, tmp_path / "live.xlsx")
    assert cells(live) == cells(tmp_path / "filed.xlsx")
    shown, wanted = cells(live, values=True), cells(tmp_path / "filed.xlsx", values=True)
    assert {address: value for address, value in shown.items() if not same(value, wanted[address])} == {}
    assert protections(live) == protections(addin)


def test_there_and_back_is_what_it_was(addin: Path, tmp_path: Path):
    book = open_book(addin)
    for edition in ("formula", "addin"):
        COMMANDS["convert_book"](book, edition)
    assert cells(saved(book, tmp_path / "back.xlsx")) == cells(addin)
    assert COMMANDS["convert_book"](book, "addin") == "本来就是加载项版，没有要转换的格。"


def test_a_name_that_looks_like_a_formula_stays_a_text(addin: Path, tmp_path: Path):
    book = open_book(addin)
    book.sheets["封面"].range("C4").value = "'=1+1"
    COMMANDS["convert_book"](book, "values")
    sheet = openpyxl.load_workbook(saved(book, tmp_path / "a.xlsx"))["基础数据表"]
    found = [(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row if "=1+1" in str(cell.value)]
    assert found and {kind for _, kind in found} == {"s"}


def test_all_or_nothing(addin: Path, tmp_path: Path):
    book = open_book(addin)
    book.sheets["计算过程"].impl.sheet.protection.set_password("1")
    before = parts(saved(book, tmp_path / "before.xlsx"))
    assert COMMANDS["convert_book"](book, "formula") == "工作表“计算过程”设了密码，没有转换；请先在“审阅”中取消保护。"
    assert parts(saved(book, tmp_path / "after.xlsx")) == before


def test_a_changed_formula_is_told_and_left(addin: Path, tmp_path: Path):
    book = open_book(addin)
    book.sheets["计算过程"].impl.sheet.protection.sheet = False
    book.sheets["计算过程"].range("B5").value = "=JX_CONTROL_RATE(1,2)"
    said = COMMANDS["convert_book"](book, "formula").split("\n")
    assert said[1:] == ["有 1 格没有转换，请核对：", "《计算过程》B5：公式与表样的不同，没有动；它仍然要用加载项计算"]
    assert cells(saved(book, tmp_path / "a.xlsx"))["计算过程", "B5"] == "=JX_CONTROL_RATE(1,2)"


def test_cells_that_can_not_be_matched_are_not_guessed(addin: Path, tmp_path: Path):
    book = open_book(addin)
    book.sheets["整体自评表"].delete()
    before = parts(saved(book, tmp_path / "before.xlsx"))
    assert COMMANDS["convert_book"](book, "formula").startswith("没有找到工作表“整体自评表”。没有转换，文件没有动。")
    assert parts(saved(book, tmp_path / "after.xlsx")) == before


def test_an_edition_that_there_is_not(addin: Path):
    assert COMMANDS["convert_book"](open_book(addin), "pdf") == "没有“pdf”这一版。"
