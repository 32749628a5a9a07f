"""What reading costs, each beside unpacking and parsing the same XML with nobody listening: processor time."""
from __future__ import annotations

import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from unittest.mock import patch
from xml.parsers import expat

import openpyxl
import xlsxwriter
from benchmarks.bench_udfs import row
from python_calamine import CalamineWorkbook

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper.demo import UNITS
from pyfuncs.workbook import read_book
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.process import process
from pyfuncs.workbook.read_fast import Unusual
from pyfuncs.workbook.safe_zip import Package
from pyfuncs.workbook.source import open_source
from pyfuncs.workbook.template import write_workbook

ROUNDS = 25
SHEETS, ROWS, COLUMNS = 8, 30, 9


def measure() -> list[dict]:
    """Rows for the table of benchmarks; times are medians of processor time in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="bench_") as folder:
        filed, dense = _filed(Path(folder, "报送.xlsx")), _dense(Path(folder, "密.xlsx"))
        floor = "只解压、解析同样的 XML"
        return [
            _row("读我们的模板", lambda: open_source(filed), floor, _parsing(filed), "≤ 2 倍"),
            _row(f"读一个 {SHEETS} 张表、格格有字的工作簿", lambda: open_source(dense), floor, _parsing(dense), "≤ 2 倍"),
            _row("同上，不用快读", lambda: _by_parser(dense), floor, _parsing(dense), "—"),
            _row("同上", lambda: open_source(dense), "openpyxl 读两遍（值、公式）", lambda: _by_openpyxl(dense), "≤ 0.05 倍"),
            _row("同上", lambda: open_source(dense), "calamine 只读值", lambda: _by_calamine(dense), "≤ 2.5 倍"),
            _row("读一个工作簿并全部审核", lambda: process(filed), floor, _parsing(filed), "≤ 6 倍，10 毫秒"),
        ]


def _row(name: str, run: Callable[[], object], baseline: str, compared: Callable[[], object], aim: str) -> dict:
    """Both in turns, after a first go that doesn't count."""
    pairs = [(_spent(run), _spent(compared)) for _ in range(ROUNDS + 1)][1:]
    mine, theirs = (median(times) for times in zip(*pairs))
    return row(name, mine, baseline, theirs, aim)


def _spent(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return (time.process_time() - start) * 1000


def _filed(path: Path) -> Path:
    filling = load_filling(UNITS / "hengyang-2022.yaml")
    write_workbook(path, load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    return path


def _dense(path: Path) -> Path:
    """Texts, numbers, formulas with their values, merges and blanks with a frame: 8 sheets, some 1,700 cells."""
    with xlsxwriter.Workbook(path) as book:
        framed, percent = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "0.00%"})
        for sheet in range(SHEETS):
            page = book.add_worksheet(f"表{sheet + 1}")
            page.merge_range(0, 0, 0, COLUMNS, f"第 {sheet + 1} 张表", framed)
            for line in range(1, ROWS):
                page.write_string(line, 0, f"{sheet + 1}.{line} 项目支出绩效目标及完成情况", framed)
                page.write_string(line, 1, f"第 {line % 7} 类", framed)
                for column in range(2, COLUMNS - 2):
                    page.write_number(line, column, line * 1.25 + column, framed)
                page.write_formula(line, COLUMNS - 2, f"=D{line + 1}/C{line + 1}", percent, 1.1)
                page.write_blank(line, COLUMNS - 1, None, framed)
    return path


def _parsing(path: Path) -> Callable[[], None]:
    """Unpacks and parses the parts that the reader looks into, and does nothing with them."""
    with patch.object(Package, "read", autospec=True, side_effect=Package.read) as read:
        open_source(path)
    parts = [part for (_, part), _ in read.call_args_list]

    def parse() -> None:
        with zipfile.ZipFile(path) as archive:
            for part in parts:
                expat.ParserCreate().Parse(archive.read(part), True)

    return parse


def _by_parser(path: Path) -> None:
    with ExitStack() as stack:
        for name in ("fast_sheet", "fast_strings", "fast_formats", "fast_workbook"):
            stack.enter_context(patch.object(read_book, name, side_effect=Unusual))
        open_source(path)


def _by_openpyxl(path: Path) -> None:
    for only in (True, False):
        for sheet in openpyxl.load_workbook(path, data_only=only):
            list(sheet.iter_rows(values_only=True))


def _by_calamine(path: Path) -> None:
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
