"""Hostile and broken files among the workbooks of fifty units: a line on each of them, and no figure of the others
changes; the same of results of ours that were left among them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import hostile_documents
import hostile_sheets
import hostile_texts
import hostile_zips
import openpyxl
import pytest
from benchmarks.unit_books import unit_books
from hostile_case import clean_bytes

ROOT = Path(__file__).resolve().parents[2]
CASES = {**hostile_zips.CASES, **hostile_sheets.CASES, **hostile_documents.CASES, **hostile_texts.CASES}
GOOD, SECONDS = 50, 120                               # as told by the clock of the machine, under its usual load
# One of each kind that can't be counted: a part of the reason that must be given.
KINDS = {
    "cut off at 5 tenths": "已损坏，打不开",
    "lying size of the strings": "已损坏",
    "zeros packed a thousand times": "大得不合情理",
    "ten gigabytes declared": "大得不合情理",
    "packed by lzma": "已损坏",
    "names with backslashes": "缺少组成部分",
    "archive within other bytes": "不是 Excel 工作簿",
    "nothing but the end of an archive": "是压缩包",
    "no relations": "可能没有下载完整",
    "hundred megabytes of noise": "超过 50 MB",
    "billion laughs in the workbook": "含有外部定义",
    "no sheets": "没有工作表",
    "two sheets of one name": "分不清哪张是哪张",
    "half a million strings": "文字太多",
    "six hundred sheets": "张工作表",
    "rule set '/etc/passwd'": "没有规则集",
    "broken document": "不合格式",
    "hundred thousand tables within each other": "表格太多",
    "six hundred thousand cells": "单元格太多",
    "old workbook cut off at 5 tenths": "读不出来",
    "encryption said to follow": "打开密码",
}
ODD = {"空的.xlsx": b"", "改了名的.xlsx": b"%PDF-1.7\n", "=HYPERLINK(A1).xlsx": b"\0" * 512, "残缺\u202e的.xls": b"\xd0\xcf\x11\xe0" * 9}


@dataclass(frozen=True)
class Run:
    folder: Path
    status: int
    said: str
    told: str
    result: dict


def consolidated(folder: Path, out: Path, *arguments: str | Path) -> Run:
    """`jixiao consolidate` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "pyfuncs.helper.cli", "consolidate", os.fspath(folder.name), "-o", os.fspath(out / "汇总.xlsx"),
         "--json", os.fspath(out / "a.json"), *map(os.fspath, arguments)], cwd=folder.parent, capture_output=True,
        env=os.environ | {"PYTHONPATH": os.fspath(ROOT)}, timeout=SECONDS)
    return Run(folder, done.returncode, done.stdout.decode(), done.stderr.decode(),
               json.loads((out / "a.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Run:
    base = tmp_path_factory.mktemp("好的")
    unit_books(base / "单位", GOOD)
    return consolidated(base / "单位", base / "结果")


@pytest.fixture(scope="module")
def mixed(clean: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same units with a file of each kind beside them, and the summary of the first run."""
    base = tmp_path_factory.mktemp("混着坏的")
    shutil.copytree(clean.folder, base / "单位")
    [department] = (base / "单位").iterdir()
    for name in KINDS:
        (department / f"{place(name)}{CASES[name].suffix}").write_bytes(CASES[name].make())
    for name, data in ODD.items():
        (department / name).write_bytes(data)
    shutil.copy(clean.folder.parent / "结果" / "汇总.xlsx", department / "上次的汇总.xlsx")
    return consolidated(base / "单位", base / "结果")


def place(name: str) -> str:
    """The name of a case's file."""
    return f"坏{list(KINDS).index(name):02}"


def test_every_kind_costs_a_line_that_says_why(mixed: Run):
    assert mixed.status == 1 and "Traceback" not in mixed.told
    reasons = {Path(one["file"]).stem: one["reason"] for one in mixed.result["rejected"]}
    assert {name: KINDS[name] for name in KINDS if KINDS[name] not in reasons.get(place(name), "")} == {}
    assert {name for name in ODD if Path(name).stem not in reasons} == set()
    assert [one["file"] for one in mixed.result["rejected"] if one["must_fix"] and "必须修改" not in one["reason"]] == []


def test_no_figure_of_the_others_changes(clean: Run, mixed: Run):
    without_files = [{**unit, "file": Path(unit["file"]).name} for unit in mixed.result["units"]]
    assert without_files == [{**unit, "file": Path(unit["file"]).name} for unit in clean.result["units"]]
    assert 30 < len(without_files) <= GOOD
    for key in ("rates", "scores", "ranking", "missing", "late", "listed", "notices"):
        assert mixed.result[key] == clean.result[key], key
    assert mixed.result["totals"] == clean.result["totals"]


def test_a_summary_of_ours_among_the_units_is_told_and_left_out(mixed: Run):
    line = next(line for line in mixed.told.splitlines() if "上次的汇总.xlsx" in line)
    assert line.endswith("上次的汇总.xlsx：是本工具箱写出的汇总表，不是单位的自评表")
    assert not [one for one in mixed.result["rejected"] if "上次的汇总" in one["file"]]


def test_what_was_turned_away_stands_on_its_sheet_as_text(mixed: Run):
    """In full, none as one to be let in by choice that can't be, and no name of a file as a formula."""
    sheet = openpyxl.load_workbook(mixed.folder.parent / "结果" / "汇总.xlsx")["未计入"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in ("没有计入", "须修改", "重复")]
    assert len(rows) == len(mixed.result["rejected"])
    assert {row[0] for row in rows if Path(row[3]).stem.startswith("坏")} == {"没有计入"}
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_an_honest_unit_counts_though_it_is_called_like_a_summary(tmp_path: Path):
    (tmp_path / "单位").mkdir()
    (tmp_path / "单位" / "某局汇总.xlsx").write_bytes(clean_bytes())
    assert [one["unit"] for one in consolidated(tmp_path / "单位", tmp_path).result["units"]] == ["示例中心"]
