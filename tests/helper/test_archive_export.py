"""A run as files for other programs."""

from __future__ import annotations

import csv
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pyarrow import parquet

from archive_runs import run
from pyfuncs.helper import archive_export
from pyfuncs.helper.archive import Archive
from pyfuncs.helper.archive_export import export_csv, export_parquet
from pyfuncs.helper.archive_file import ArchiveError
from pyfuncs.report.output import TargetExists
from sample_units import filed, unit_a, unit_b


@pytest.fixture
def archive(tmp_path: Path):
    with Archive(tmp_path / "项目") as archive:
        run(archive, unit_a(), unit_b())
        run(archive, filed("430400/2022", "=1+1", {"基础数据": {"编制数": "1"}}, path="丙.xlsx"))
        yield archive


def view(archive: Archive, name: str, number: int) -> list[tuple]:
    with closing(sqlite3.connect(archive.path)) as base:
        return base.execute(f"SELECT * FROM {name} WHERE run = ?", (number,)).fetchall()


def test_a_run_as_csv(archive: Archive, tmp_path: Path):
    files = export_csv(archive, 1, tmp_path / "表")
    assert [path.name for path in files] == ["明细.csv", "单位表.csv"] == sorted(
        (path.name for path in (tmp_path / "表").iterdir()), reverse=True)
    for path, name in zip(files, ("all_items", "all_units"), strict=True):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        assert rows == [["" if value is None else str(value) for value in row] for row in view(archive, name, 1)]
    assert head == ["年度", "地区", "单位", "单位代码", "上级", "总分", "等级", "名次", "有必须修改", "迟报", "文件", "文件校验码", "批次"]


def test_words_of_a_unit_are_no_formula(archive: Archive, tmp_path: Path):
    _, units = export_csv(archive, 2, tmp_path)
    assert units.read_text(encoding="utf-8-sig").splitlines()[1].startswith("2022,430400,'=1+1,")


def test_a_run_as_parquet(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pyfuncs.helper.output_parquet._ROWS", 100)   # several row groups, the first without a rank
    files = export_parquet(archive, 1, tmp_path / "表")
    assert [path.name for path in files] == ["items.parquet", "units.parquet"]
    for path, name in zip(files, ("all_items", "all_units"), strict=True):
        table = parquet.read_table(path)
        assert list(zip(*(column.to_pylist() for column in table.columns), strict=True)) == view(archive, name, 1)


def test_without_pyarrow_it_says_so(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ArchiveError, match=r"写 Parquet 要用 pyarrow，这台电脑上没有.*请运行 pip install jixiao\[cluster\]"):
        export_parquet(archive, 1, tmp_path / "表")
    assert not (tmp_path / "表").exists()


def test_an_existing_file_is_not_overwritten_and_nothing_is_left_beside_it(archive: Archive, tmp_path: Path):
    (tmp_path / "单位表.csv").write_text("我的")
    with pytest.raises(TargetExists):
        export_csv(archive, 1, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["单位表.csv", "项目"]


def test_an_export_that_fails_half_way_leaves_nothing(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def write(path: Path, *table: object) -> None:
        if path.name == "单位表.csv":
            raise OSError(28, "No space left on device", str(path))
        path.write_text("x")

    monkeypatch.setattr(archive_export, "write_csv", write)
    with pytest.raises(OSError, match="No space"):
        export_csv(archive, 1, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["项目"]
