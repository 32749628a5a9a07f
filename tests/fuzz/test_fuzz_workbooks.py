"""Thousands of workbooks with something wrong in them: each is answered, none ends or stops the reader."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import openpyxl
import pytest
from filed_books import clean_book
from fuzz_mutants import Mutate, package_mutant, unpacked
from fuzz_run import fuzz

IN_CI = bool(os.environ.get("CI"))
SECONDS, LEAST, GROWN = 40, 2000, 600                 # at least so many files; MiB that the process may grow by


def saved_by_libreoffice(source: Path) -> bytes:
    folder = source.parent / "saved"
    subprocess.run(["soffice", "--headless", "--norestore", f"-env:UserInstallation={(source.parent / 'user').as_uri()}",
                    "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(source)],
                   check=True, capture_output=True, timeout=180)
    return (folder / source.name).read_bytes()


def saved_by_openpyxl(source: Path) -> bytes:
    buffer = io.BytesIO()
    openpyxl.load_workbook(source).save(buffer)
    return buffer.getvalue()


def handmade() -> bytes:
    """The least that is a workbook, with labels of a form and inline texts."""
    book = openpyxl.Workbook()
    for row in (["部门整体支出绩效自评表"], ["部门（单位）名称", "示例中心"], ["资金总额：505.05万元", "执行数", 346.17],
                ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"], ["产出指标", "数量指标", "次数", "≥3次", "4次", 10, 10]):
        book.active.append(row)
    book.active.merge_cells("A1:G1")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def mutants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Mutate]]:
    source = clean_book(tmp_path_factory.mktemp("honest") / "clean.xlsx", "示例中心")
    files = {"template": source.read_bytes(), "LibreOffice": saved_by_libreoffice(source), "openpyxl": saved_by_openpyxl(source),
             "handmade": handmade()}
    return {name: (".xlsx", lambda random, parts=unpacked(data): package_mutant(parts, random)) for name, data in files.items()}


def test_no_mutant_of_a_workbook_stops_the_reader(mutants: dict[str, tuple[str, Mutate]], tmp_path: Path, capsys):
    result = fuzz(mutants, tmp_path, SECONDS, LEAST, "ci" if IN_CI else "")
    with capsys.disabled():
        print(f"\n{result.line()}")
    assert result.failures == [], result.line()       # the line printed above is not seen from a worker
    assert result.grown < GROWN
    assert result.read > result.count / 4             # most mutants get past the first door
