"""The record of a project folder: rows are only added, a run whole or not at all, and what stops it is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from pyfuncs.checks.finding import Finding
from pyfuncs.helper.project import RECORD, Entry, History, Key, Project, ProjectError

ROOT = Path(__file__).resolve().parents[2]
KEY = Key("甲中心", "2022")
FINDING = Finding("R-1", "warning", "rule", "基础数据", 1, ("基础数据表!D5", "基础数据表!B5"), "超过。", "1", "98", subject="甲")


def entry(*findings: Finding, key: Key = KEY, path: str = "甲.xlsx") -> Entry:
    return Entry(key, key.unit, path, "a" * 64, "430400/2022", "b" * 64, "可以上报", findings)


def add(project: Project, *findings: Finding, at: str = "2023-03-20 09:15", key: Key = KEY) -> None:
    project.add_run(at, "张三", "0.1.0", ["甲.xlsx"], "可以上报", [entry(*findings, key=key)])


def rows(folder: Path, table: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / RECORD)) as base:
        return base.execute(f"SELECT * FROM {table}").fetchall()


def test_a_run_is_read_back(tmp_path: Path):
    project = Project(tmp_path / "新" / "项目", create=True)
    assert project.history(KEY) == History()
    add(project, FINDING)
    add(project, at="2023-04-01 10:00", key=Key("乙中心", "2022"))
    history = Project(project.path.parent, create=True).history(KEY)
    assert (history.runs, history.at, history.said) == (1, "2023-03-20 09:15", ())
    [old] = history.findings
    assert (old.key, old.unit, old.at, old.fingerprint, old.identity, old.about) == (
        KEY, "甲中心", "2023-03-20 09:15", FINDING.fingerprint, FINDING.identity, "98")
    assert old.finding() == Finding("R-1", "warning", "rule", "基础数据", 1, ("基础数据表!D5", "基础数据表!B5"), "超过。")
    assert rows(project.path.parent, "run")[0] == (1, "2023-03-20 09:15", "张三", "0.1.0", '["甲.xlsx"]', "可以上报")
    assert rows(project.path.parent, "filed")[0][1:] == (
        1, "甲中心", "2022", "甲中心", "甲.xlsx", "a" * 64, "430400/2022", "b" * 64, "可以上报")


def test_the_last_run_of_the_unit_counts(tmp_path: Path):
    project = Project(tmp_path, create=True)
    add(project, FINDING)
    add(project)
    add(project, FINDING, key=Key("甲中心", "2021"))
    history = project.history(KEY)
    assert (history.runs, history.findings) == (2, ())
    assert [one.key.year for one in project.current()] == ["2021"]
    assert [one.key.year for one in project.earlier(FINDING.fingerprint[:5])] == ["2022", "2021"]


def test_what_was_said_is_kept_in_order(tmp_path: Path):
    project = Project(tmp_path, create=True)
    add(project, FINDING)
    [old] = project.current()
    project.add_remark(old, "explained", "张三", "2023-03-21 08:00", "原因'); DROP TABLE remark;--")
    project.add_remark(old, "withdrawn", "李四", "2023-03-22 08:00", "不对")
    assert [(one.kind, one.who, one.reason, one.about) for one in project.history(KEY).said] == [
        ("explained", "张三", "原因'); DROP TABLE remark;--", "98"), ("withdrawn", "李四", "不对", "98")]


@pytest.mark.parametrize("table", ["run", "filed", "finding", "remark"])
@pytest.mark.parametrize("change", ["UPDATE {} SET rowid = 99", "DELETE FROM {}"])
def test_the_record_itself_refuses_to_be_changed(tmp_path: Path, table: str, change: str):
    project = Project(tmp_path, create=True)
    add(project, FINDING)
    project.add_remark(project.current()[0], "explained", "张三", "2023-03-21 08:00", "原因")
    before = rows(tmp_path, table)
    with closing(sqlite3.connect(tmp_path / RECORD)) as base, pytest.raises(sqlite3.IntegrityError, match="只能增加"):
        base.execute(change.format(table))
    assert rows(tmp_path, table) == before and len(before) == 1


def test_names_and_texts_that_no_database_takes(tmp_path: Path):
    project = Project(tmp_path, create=True)
    odd = Finding("R-1", "note", "rule", "", 1, ("表\udcff!A1",), "甲\ud800乙\x00丙")
    project.add_run("2023-03-20 09:15", "张\udcff三", "0.1.0", [os.fsdecode(b"\xff.xlsx")], "可以上报",
                    [entry(odd, key=Key("甲\udc00", ""), path=os.fsdecode(b"\xff.xlsx"))])
    [old] = project.history(Key("甲\udc00", "")).findings
    assert (old.message, old.cells) == ("甲?乙\x00丙", ("表?!A1",))


def test_runs_at_the_same_time_are_all_recorded(tmp_path: Path):
    def audit(number: int) -> None:
        add(Project(tmp_path, create=True), FINDING, key=Key(f"单位{number}", "2022"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(audit, range(24)))
    assert len(rows(tmp_path, "run")) == len(rows(tmp_path, "finding")) == 24


def test_a_run_that_fails_half_way_leaves_nothing(tmp_path: Path):
    project = Project(tmp_path, create=True)
    add(project, FINDING)
    with pytest.raises(AttributeError):
        project.add_run("2023-03-20 09:15", "张三", "0.1.0", [], "可以上报", [entry(FINDING), None])
    assert (len(rows(tmp_path, "run")), len(rows(tmp_path, "filed"))) == (1, 1)


def test_a_full_disk_loses_nothing_that_was_recorded(tmp_path: Path):
    """A process that may write no more to the file than it holds stands for the full disk."""
    project = Project(tmp_path, create=True)
    add(project, FINDING)
    size = project.path.stat().st_size
    script = ("import resource, signal, sys; from pathlib import Path\n"
              "from pyfuncs.checks.finding import Finding; from pyfuncs.helper.project import *\n"
              f"signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
              "many = tuple(Finding('R', 'note', 'rule', '', 1, (), '字' * 900, subject=str(n)) for n in range(200))\n"
              "one = Entry(Key('乙', '2022'), '乙', '乙.xlsx', '', '', '', '', many)\n"
              "try: Project(Path(sys.argv[1]), create=True).add_run('2023', '张三', '1', [], '', [one])\n"
              "except ProjectError as error: print(error)")
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", script, str(tmp_path)], capture_output=True, cwd=ROOT,
                          text=True, encoding="utf-8")
    assert done.stderr == "" and done.stdout.startswith(f"审核记录 {project.path}：")
    assert "磁盘满了" in done.stdout and "以前的都在" in done.stdout
    assert len(rows(tmp_path, "run")) == 1 and len(project.history(KEY).findings) == 1
    add(project)
    assert len(rows(tmp_path, "run")) == 2


def damaged(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\x5a" * (len(data) - 100))


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda path: path.write_text("不是数据库" * 300, encoding="utf-8"), "不是审核记录，或已经损坏，没有动它"),
    (damaged, "损坏，没有动它"),
    (lambda path: path.write_bytes(path.read_bytes()[:5000]), "损坏，没有动它"),
    (lambda path: (path.unlink(), path.mkdir()), "打不开；请检查文件夹"),
    (lambda path: (path.unlink(), _of_another_program(path)), "里面不是审核记录的表，没有动它"),
    (lambda path: _version(path, 99), "是用更新的程序记的；请换用新版本的程序"),
])
def test_a_record_that_can_not_be_used_is_told_and_left_alone(tmp_path: Path, spoil, said: str):
    project = Project(tmp_path, create=True)
    add(project, FINDING)
    spoil(project.path)
    before = project.path.read_bytes() if project.path.is_file() else b""
    with pytest.raises(ProjectError, match=said):
        add(Project(tmp_path, create=True), FINDING)
    assert (project.path.read_bytes() if project.path.is_file() else b"") == before


def _of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE run (name TEXT)")


def _version(path: Path, number: int) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"PRAGMA user_version = {number}")


def test_another_program_that_does_not_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pyfuncs.helper.project._WAIT", 0.1)
    project = Project(tmp_path, create=True)
    with closing(sqlite3.connect(project.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ProjectError, match="别的程序正在写"):
            add(project, FINDING)
    add(project, FINDING)
    assert len(rows(tmp_path, "run")) == 1


def test_a_folder_that_can_not_be_made(tmp_path: Path):
    (tmp_path / "文件").write_text("")
    with pytest.raises(ProjectError, match="请检查文件夹"):
        Project(tmp_path / "文件" / "项目", create=True)


def test_a_folder_without_a_record_is_not_given_one_by_a_question(tmp_path: Path):
    with pytest.raises(ProjectError, match="里没有审核记录"):
        Project(tmp_path / "项目", create=False)
    assert list(tmp_path.iterdir()) == []
