"""Workbooks of Excel 97-2003, saved by LibreOffice from ours: cell by cell what the .xlsx said."""

from __future__ import annotations

import os
import re
import struct
import subprocess
from pathlib import Path

import pytest
import xlrd
import xlsxwriter
from engines import _ALWAYS_RECALCULATE, libreoffice_recalc

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper import demo_units
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.formula_text import normalised
from pyfuncs.workbook.grid import Grid
from pyfuncs.workbook.limits import Limits, limited
from pyfuncs.workbook.places import Box
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.template import write_workbook
from pyfuncs.workbook.watch import Unreadable

_ONE_CELL = re.compile(r"(?<=!)(\$?[A-Z]+\$?[0-9]+):\1(?![0-9])")    # xlrd writes 乙!A1:A1 for 乙!A1
UNIT = Path(next(iter(demo_units.__path__))) / "hengyang-2022.yaml"


def everything(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        bold, percent, money = (book.add_format(look) for look in (
            {"bold": True}, {"num_format": "0.00%"}, {"num_format": "#,##0.00"}))
        page = book.add_worksheet("甲 乙")
        page.write_row(0, 0, ["项目", " 前后有空格 ", "一\n二", "<三>", "\u3000缩进"], bold)
        page.write_row(1, 0, [0.1, 1e-7, -0.5], percent)
        page.write_row(1, 3, [3, 1234567.89], money)
        page.write_rich_string(2, 0, "其中：", bold, "项目", " 支出")
        page.write_boolean(2, 1, True)
        for row, formula in enumerate(("1/0", "NA()", 'IF(A2>0,"是","")', '""', "SUM(A2:B2)*2%", "$A$2&B2", "SQRT(-1)",
                                       "ROUND(乙!A1,2)"), 3):
            page.write_formula(row, 2, f"={formula}", money if row != 6 else None)
        page.write_blank(3, 0, None, bold)
        page.merge_range("A13:C15", "合并", bold)
        page.set_row(1, None, None, {"hidden": True})
        page.set_column("E:F", 3, None, {"hidden": True})
        for row in range(20, 26):
            page.write_row(row, 0, [row, row * 2])
            page.write_formula(row, 2, f"=A{row + 1}+B{row + 1}", money)
        other = book.add_worksheet("乙")
        other.hide()
        other.write(0, 255, "最右")
        other.write(65535, 0, "最下")
        book.add_worksheet("空表")
        book.define_name("'乙'!本表的", "='乙'!$A$1")


def saved_as_xls(path: Path, folder: Path) -> Path:
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")      # else texts that formulas give become 0
    environment = {**os.environ, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    for name in ("PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    subprocess.run(["soffice", "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                    "--convert-to", "xls", "--outdir", str(folder), str(path)],
                   check=True, capture_output=True, timeout=180, env=environment)
    return folder / f"{path.stem}.xls"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory) -> dict[str, tuple[Path, Path]]:
    """The same workbook as .xlsx, computed by LibreOffice, and as the .xls it made of that."""
    folder = tmp_path_factory.mktemp("xls")
    everything(folder / "everything.xlsx")
    filling = load_filling(UNIT)
    write_workbook(folder / "unit.xlsx", load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    found = {}
    for name in ("everything", "unit"):
        computed = libreoffice_recalc(folder / f"{name}.xlsx", folder / "computed")
        found[name] = computed, saved_as_xls(computed, folder)
    return found


def _digits(value: object) -> object:
    return float(f"{value:.15g}") if isinstance(value, float) else value


def texts_in_number_cells(grid: Grid) -> set[tuple[int, int]]:
    """Where a formula with a number format gives a text: LibreOffice writes 0 there into an .xls."""
    return {place for place, cell in grid.cells.items()
            if cell.formula and cell.format != "General"
            and isinstance(cell.value, str) and not cell.value.startswith("#")}


def formulas(grid: Grid) -> dict[tuple[int, int], str]:
    return {place: _ONE_CELL.sub(r"\1", normalised(cell.formula).replace("'", ""))
            for place, cell in grid.cells.items() if cell.formula}


def told(grid: Grid, without: set[tuple[int, int]]) -> dict[str, object]:
    return {"name": grid.name, "visible": grid.visible, "merges": set(grid.merges), "rows": grid.hidden_rows,
            "columns": grid.hidden_columns,
            "cells": {place: (_digits(cell.value), bool(cell.formula), cell.format)
                      for place, cell in grid.cells.items() if place not in without},
            "names": {name: target.replace("'", "") for name, target in grid.names.items() if "_xlnm" not in name
                      and not name.startswith("Print_")}}


@pytest.mark.parametrize("name", ["everything", "unit"])
def test_a_workbook_says_in_xls_what_it_said_in_xlsx(pairs: dict[str, tuple[Path, Path]], name: str):
    xlsx, xls = (open_source(path) for path in pairs[name])
    assert (xls.kind, xls.book, xls.troubles) == ("xls", None, ())
    lost = [texts_in_number_cells(grid) for grid in xlsx.grids]
    assert list(map(told, xls.grids, lost)) == list(map(told, xlsx.grids, lost))
    assert sum(map(len, lost)) < 5


@pytest.mark.parametrize("name", ["everything", "unit"])
def test_formulas_are_in_words(pairs: dict[str, tuple[Path, Path]], name: str):
    xlsx, xls = (open_source(path) for path in pairs[name])
    assert list(map(formulas, xls.grids)) == list(map(formulas, xlsx.grids))


def test_formatted_blanks_are_struck_out_before_they_are_built(pairs: dict[str, tuple[Path, Path]],
                                                               monkeypatch: pytest.MonkeyPatch):
    built: list[int] = []
    monkeypatch.setattr(xlrd.sheet.Sheet, "put_cell_ragged", lambda sheet, row, column, kind, *rest, put=(
        xlrd.sheet.Sheet.put_cell_ragged): (built.append(kind), put(sheet, row, column, kind, *rest)))
    open_source(pairs["unit"][1])
    assert built and xlrd.XL_CELL_BLANK not in built


@pytest.mark.parametrize(("limits", "code"), [
    (Limits(sheets=2), "too-many-sheets"), (Limits(cells=10), "too-many-cells"), (Limits(merges=0), "too-many-merges"),
    (Limits(text=3), "long-text"), (Limits(seconds=0), "too-slow"), (Limits(file=1000), "too-large")])
def test_limits_are_met(pairs: dict[str, tuple[Path, Path]], limits: Limits, code: str):
    with limited(limits), pytest.raises(Unreadable) as caught:
        open_source(pairs["everything"][1])
    assert caught.value.trouble.code == code


@pytest.mark.parametrize("kept", [3000, 9000, -600])
def test_a_file_cut_off_is_told(pairs: dict[str, tuple[Path, Path]], tmp_path: Path, kept: int):
    (tmp_path / "甲.xls").write_bytes(pairs["unit"][1].read_bytes()[:kept])
    with pytest.raises(Unreadable) as caught:
        open_source(tmp_path / "甲.xls")
    assert caught.value.trouble.code == "damaged-file" and "甲.xls" in caught.value.trouble.message


def test_a_password_is_told(pairs: dict[str, tuple[Path, Path]], tmp_path: Path):
    """FILEPASS is the record that stands behind the first one of an encrypted workbook."""
    data = bytearray(pairs["everything"][1].read_bytes())
    start = data.index(struct.pack("<HH", 0x809, 16))
    following = start + 20
    data[following:following + 2] = struct.pack("<H", 0x2F)
    (tmp_path / "甲.xls").write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        open_source(tmp_path / "甲.xls")
    assert caught.value.trouble.code == "encrypted"


def test_a_merge_is_where_it_was(pairs: dict[str, tuple[Path, Path]]):
    grid = open_source(pairs["everything"][1]).grids[0]
    assert Box(13, 1, 15, 3) in grid.merges and grid.at(15, 3).value == "合并"


def test_xlrd_prints_nothing(pairs: dict[str, tuple[Path, Path]], capfd: pytest.CaptureFixture[str]):
    open_source(pairs["unit"][1])
    assert capfd.readouterr() == ("", "") and xlrd.__version__.startswith("2.")
