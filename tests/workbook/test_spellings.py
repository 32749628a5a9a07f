"""Every legal spelling of a workbook reads alike, by the fast reader, by the parser, and by openpyxl."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from engines import libreoffice_recalc_all
from openpyxl.worksheet.formula import ArrayFormula
from spellings import SPELLINGS, respelled

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper import demo_units
from pyfuncs.workbook import read_book
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.grid import Grid
from pyfuncs.workbook.read_fast import Unusual
from pyfuncs.workbook.sheet_content import SHARED
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.template import write_workbook

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = Path(next(iter(demo_units.__path__)))
TEMPLATES = sorted((ROOT / "workbook_templates").rglob("*.xlsx"))
FAST = ("fast_sheet", "fast_strings", "fast_formats", "fast_workbook")


def everything(path: Path) -> Path:
    """A workbook with all kinds of cells, as XlsxWriter writes them, and shared formulas put in by hand."""
    with xlsxwriter.Workbook(path) as book:
        bold, percent, money = (book.add_format(look) for look in (
            {"bold": True}, {"num_format": "0.00%"}, {"num_format": '#,##0.00"万元";[红色]-0'}))
        page = book.add_worksheet("甲 & '乙' 丙")
        page.write_row(0, 0, ["项目", " 前后有空格 ", "一\n二", "<三> & “四”", "a_x000D_b", "\u3000缩进"], bold)
        page.write_row(1, 0, [0.1, 1e-7, 12345678901234567, -0.5], percent)
        page.write_rich_string(2, 0, "其中：", bold, "项目", " 支出")
        page.write_boolean(2, 1, True)
        page.write_formula(2, 2, "=1/0", money, "#DIV/0!")
        page.write_formula(2, 3, '=IF(A2>0,"是 & 否","")', None, "是 & 否")
        page.write_formula(2, 4, '=""', None, "")
        page.write_array_formula("F3:F3", "{=SUM(A2:B2*2)}", money, 0.2)
        page.write_blank(3, 0, None, bold)
        page.merge_range("A6:C8", "合并", bold)
        page.merge_range("E6:F6", "", bold)
        page.set_row(1, None, None, {"hidden": True})
        page.set_column("D:E", 3, None, {"hidden": True})
        for row in range(10, 16):
            page.write_row(row, 0, [row, row * 2])
            page.write_formula(row, 2, "=0", money, row * 3)
        other = book.add_worksheet("隐藏的")
        other.hide()
        other.write(0, 100, "右")
        other.write(300, 0, "下")
        book.add_worksheet("空表").very_hidden()
        book.define_name("'隐藏的'!本表的", "='隐藏的'!$A$1")
        book.define_name("全局的", "=隐藏的!$A$1")
    return respelled(path, path.with_stem("全"), {r"xl/worksheets/sheet1\.xml": _share})


def _share(text: str) -> str:
    """The formulas of one column as Excel writes them when they were filled down."""
    master = '<f t="shared" ref="C11:C16" si="0">IF(A11&gt;0,SUM(A$11:B11)+\'隐藏的\'!A1,"A11")</f>'
    first, *others = text.split("<f>0</f>")
    return first + master + '<f t="shared" si="0"/>'.join(others)


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> dict[str, Path]:
    """The filled books of all units, one with everything, and what LibreOffice makes of them."""
    folder = tmp_path_factory.mktemp("books")
    found = {"everything": everything(folder / "a.xlsx")}
    for unit in sorted(UNITS.glob("*.yaml")):
        filling = load_filling(unit)
        write_workbook(folder / f"{unit.stem}.xlsx", load_ruleset(filling.ruleset), "formula", filling=filling,
                       as_filed=True)
        found[unit.stem] = folder / f"{unit.stem}.xlsx"
    saved = libreoffice_recalc_all(list(found.values()), folder / "saved")
    return found | {f"{name} saved by LibreOffice": path for name, path in zip(list(found), saved)}


def seen(path: Path) -> list[Grid]:
    source = open_source(path)
    assert source.troubles == ()
    return list(source.grids)


# -- openpyxl -----------------------------------------------------------------------------------------


def ours(grid: Grid) -> dict[str, object]:
    cells = {place: (cell.value or None, cell.formula, cell.format) for place, cell in grid.cells.items()
             if cell.value not in (None, "") or cell.formula}
    return {"cells": cells, "merges": {(box.top, box.left, box.bottom, box.right) for box in grid.merges},
            "visible": grid.visible, "rows": grid.hidden_rows, "columns": grid.hidden_columns}


def theirs(values, formulas) -> dict[str, object]:
    last = max((cell.row for row in formulas.iter_rows() for cell in row if cell.value is not None), default=0)
    return {
        "cells": {(cell.row, cell.column): (values.cell(cell.row, cell.column).value or None, _formula(cell),
                                            cell.number_format)
                  for row in formulas.iter_rows() for cell in row if cell.value not in (None, "")},
        "merges": {(box.min_row, box.min_col, box.max_row, box.max_col) for box in formulas.merged_cells.ranges},
        "visible": formulas.sheet_state == "visible",
        "rows": {row for row, look in formulas.row_dimensions.items() if look.hidden and row <= last},
        "columns": {column for look in formulas.column_dimensions.values() if look.hidden
                    for column in range(look.min, look.max + 1)},
    }


def _formula(cell) -> str:
    if cell.data_type != "f":
        return ""
    text = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
    return text.removeprefix("=") or SHARED


def differences(path: Path) -> list[str]:
    values, formulas = (openpyxl.load_workbook(path, data_only=only) for only in (True, False))
    grids = seen(path)
    assert [grid.name for grid in grids] == values.sheetnames
    return [f"{grid.name} {what}: {mine} / {other[what]}" for grid in grids
            for other in [theirs(values[grid.name], formulas[grid.name])]
            for what, mine in ours(grid).items() if mine != other[what]]


def test_all_is_as_openpyxl_reads_it(books: dict[str, Path]):
    assert {name: differences(path) for name, path in books.items()} == {name: [] for name in books}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name + path.stem[-4:])
def test_our_templates_are_as_openpyxl_reads_them(path: Path):
    assert differences(path) == []


# -- spellings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_legal_spelling_says_the_same(books: dict[str, Path], tmp_path: Path, name: str):
    path = books["everything"]
    expected = seen(path)
    respelled(path, tmp_path / "a.xlsx", SPELLINGS[name])
    assert _unstyled(seen(tmp_path / "a.xlsx")) == _unstyled(expected) if name == "without addresses" else \
        seen(tmp_path / "a.xlsx") == expected


def _unstyled(grids: list[Grid]) -> list[dict]:
    return [ours(grid) for grid in grids]


@pytest.mark.parametrize("name", [name for name in SPELLINGS if name != "as it is"])
def test_a_spelling_is_really_another(books: dict[str, Path], tmp_path: Path, name: str):
    path = respelled(books["everything"], tmp_path / "a.xlsx", SPELLINGS[name])
    with zipfile.ZipFile(books["everything"]) as old, zipfile.ZipFile(path) as new:
        assert any(old.read(part) != new.read(part) for part in old.namelist())


# -- the two readers ----------------------------------------------------------------------------------


def refused(*_: object) -> None:
    raise Unusual


def walked(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Grid]:
    with monkeypatch.context() as patched:
        for name in FAST:
            patched.setattr(read_book, name, refused)
        return seen(path)


def test_the_parser_reads_the_same(books: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    paths = [*books.values(), *TEMPLATES]
    assert [path for path in paths if seen(path) != walked(path, monkeypatch)] == []


def test_what_office_programs_write_needs_no_parser(books: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    for name in ("SheetReader", "StringsReader", "StylesReader", "WorkbookReader"):
        reader: Callable = getattr(read_book, name)
        monkeypatch.setattr(read_book, name, lambda *given, reader=reader, name=name: (
            asked.append(name), reader(*given))[1])
    for path in [*books.values(), *TEMPLATES]:
        seen(path)
    assert asked == []
