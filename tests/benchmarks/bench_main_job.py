"""How long the main job takes, step by step and whole: fill, read, check, mark, consolidate."""
from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from statistics import median
from unittest.mock import patch
from xml.parsers import expat

import xlsxwriter
from benchmarks.bench_udfs import ROOT, row, timed

from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.run import check
from pyfuncs.consolidate.admission import Choice
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.helper.demo import UNITS
from pyfuncs.helper.pipeline import process
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.safe_zip import Package
from pyfuncs.workbook.template import write_workbook

ROUNDS, UNIT_COUNT = 9, 30


def measure() -> list[dict]:
    """Rows for the table of benchmarks; times are medians in milliseconds, each beside its baseline's."""
    with tempfile.TemporaryDirectory(prefix="bench_") as folder:
        return [*_one_workbook(Path(folder)), _thirty_units(Path(folder)), _demo(Path(folder))]


def _one_workbook(folder: Path) -> list[dict]:
    filling = load_filling(UNITS / "hengyang-2022.yaml")
    ruleset, path, copies = load_ruleset(filling.ruleset), folder / "报送.xlsx", count()
    write_workbook(path, ruleset, "formula", filling=filling, as_filed=True)
    submission, findings, parts = read_submission(path), process(path).findings, _parts_read(path)
    texts = [(sheet.name, [(place.box.top - 1, place.box.left - 1, filling.typed.get(place.slot, place.text))
                           for place in sheet.places]) for sheet in layout(ruleset, filling.shape).sheets]

    def reading() -> object:
        return read_submission(path)

    return [
        _compared("写一个填好的工作簿", lambda: write_workbook(io.BytesIO(), ruleset, "formula", filling=filling),
                  "XlsxWriter 只写这些文字", lambda: _write_texts(texts), "≤ 200"),
        _compared("读一个工作簿", reading, "只解压、解析同样的 XML", lambda: _parse(path, parts), "≤ 2 倍"),
        _compared("审核一个（指标和全部审核）", lambda: check(ruleset, submission, figures(ruleset, submission)),
                  "读这个工作簿", reading, "≤ 50"),
        _compared("标出错误的副本", lambda: mark_copy(path, folder / f"{next(copies)}.xlsx", findings),
                  "只解压、再压缩", lambda: _repack(path), "≤ 100"),
    ]


def _thirty_units(folder: Path) -> dict:
    units = [_process(folder / f"{filling.stem}.xlsx", filling) for filling in sorted(UNITS.glob("*.yaml"))]
    filed = [_under_another_name(units[number % len(units)], number) for number in range(UNIT_COUNT)]
    numbers = [item.value for one in filed for item in one.submission.items if item.value is not None]
    return _compared(f"汇总 {UNIT_COUNT} 个单位", lambda: consolidate(Held(filed), choice=Choice(include_rejected=True)), "这些数相加",
                     lambda: sum(numbers, Decimal(0)), "≤ 200")


def _demo(folder: Path) -> dict:
    targets = (str(folder / f"演示{number}") for number in count())
    demo = ("-m", "pyfuncs.helper.cli", "demo", "-o")
    return _compared("jixiao demo（新进程）", lambda: _run(*demo, next(targets)),
                     "Python 空启动", lambda: _run("-c", "pass"), "≤ 5000", rounds=5)


def _compared(name: str, run: Callable[[], object], baseline: str, compared: Callable[[], object], aim: str,
              rounds: int = ROUNDS) -> dict:
    """Both in turns, after a first go that doesn't count; medians."""
    pairs = [(timed(run), timed(compared)) for _ in range(rounds + 1)][1:]
    mine, theirs = (median(times) for times in zip(*pairs))
    return row(name, mine, baseline, theirs, aim)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _write_texts(sheets: list[tuple[str, list[tuple[int, int, str]]]]) -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        for name, cells in sheets:
            page = book.add_worksheet(name)
            for top, left, text in cells:
                page.write_string(top, left, text)


def _parts_read(path: Path) -> list[str]:
    """The parts of a workbook that the reader looks into."""
    with patch.object(Package, "read", autospec=True, side_effect=Package.read) as read:
        read_submission(path)
    return [part for (_, part), _ in read.call_args_list]


def _parse(path: Path, parts: list[str]) -> None:
    with zipfile.ZipFile(path) as archive:
        for part in parts:
            expat.ParserCreate().Parse(archive.read(part), True)


def _repack(path: Path) -> None:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, source.read(part))


def _process(path: Path, filling: Path) -> Filed:
    loaded = load_filling(filling)
    write_workbook(path, load_ruleset(loaded.ruleset), "formula", filling=loaded, as_filed=True)
    return process(path)


def _under_another_name(one: Filed, number: int) -> Filed:
    known = {"entity": f"单位{number}", "path": f"单位{number}.xlsx", "sha256": f"{number:064x}"}
    return replace(one, submission=replace(one.submission, **known))
