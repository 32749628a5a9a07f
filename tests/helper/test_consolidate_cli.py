"""The command consolidate as a script would call it: its files, its choices, its ends."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from filed_books import clean_book
from own_clean import corrected

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper.archive import ARCHIVE
from pyfuncs.helper.cli import main
from pyfuncs.helper.demo import UNITS
from pyfuncs.helper.self_report import write_self_report
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.process import process
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Two departments of two units, one of them with an error that must be fixed."""
    folder = tmp_path / "2022"
    for name in ("教育/甲", "教育/乙", "卫生/丙"):
        clean_book(folder / f"{name}.xlsx", f"{name[-1]}中心")
    clean_book(folder / "卫生" / "丁.xlsx", "丁中心", {"基础数据表!编制数": "十五"})
    return folder


def called(folder: Path, *arguments: str | Path, name: str = "汇总") -> tuple[int, dict]:
    """Exit status, and the JSON it wrote."""
    target = folder / f"{name}.json"
    status = main(["consolidate", *map(os.fspath, arguments), "-o", os.fspath(folder / f"{name}.xlsx"), "--json", os.fspath(target)])
    return status, json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}


def names(lines: list[dict]) -> list[str]:
    return [line["unit"] for line in lines]


def test_units_are_counted_in_order_and_those_with_errors_are_not(units: Path, tmp_path: Path, capsys):
    status, data = called(tmp_path, units)
    assert (status, names(data["units"]), names(data["rejected"])) == (1, ["丙中心", "乙中心", "甲中心"], ["丁中心"])
    assert capsys.readouterr().out.startswith("结论：须修改\n2022年度　已汇总 3 个单位，其中 0 个须修改；未报送 0 个，没有计入 1 个文件")
    assert openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames[0] == "汇总"


def test_status_0_when_all_is_well_and_nothing_is_overwritten(units: Path, tmp_path: Path, capsys):
    call = ["consolidate", os.fspath(units / "教育"), "-o", os.fspath(tmp_path / "汇总.xlsx")]
    assert main(call) == 0
    before = (tmp_path / "汇总.xlsx").read_bytes()
    assert main(call) == 2
    assert "已经存在，没有覆盖" in capsys.readouterr().err and (tmp_path / "汇总.xlsx").read_bytes() == before


def test_the_same_unit_twice_is_counted_once_by_what_was_saved_last(units: Path, tmp_path: Path):
    again = clean_book(tmp_path / "又一份.xlsx", "甲中心", {"基础数据表!编制数": 15})  # saved now, the other long ago
    status, data = called(tmp_path, units / "教育", again)
    assert (status, sorted(names(data["units"]))) == (1, ["乙中心", "甲中心"])
    [other] = data["rejected"]
    assert (other["duplicate"], other["file"]) == (os.fspath(again), os.fspath(units / "教育" / "甲.xlsx"))


def test_forms_behind_a_report_are_listed_and_change_nothing(units: Path, tmp_path: Path, capsys):
    book = units / "教育" / "甲.xlsx"
    assert write_self_report(process(book), tmp_path / "甲" / "自评报告.docx").path
    report = docx.Document(tmp_path / "甲" / "自评报告.docx")
    report.core_properties.category = ""              # as if the unit had written it itself
    report.save(tmp_path / "甲" / "自评报告.docx")
    assert (called(tmp_path, units / "教育")[0], called(tmp_path, tmp_path / "甲", name="只有报告")[0]) == (0, 0)
    capsys.readouterr()
    status, data = called(tmp_path, units / "教育", tmp_path / "甲", name="都有")
    assert (status, sorted(names(data["units"])), data["rejected"]) == (0, ["乙中心", "甲中心"], [])
    assert [(one["unit"], one["file"], one["duplicate"]) for one in data["annexes"]] == [
        ("甲中心", os.fspath(tmp_path / "甲" / "自评报告.docx"), os.fspath(book))]
    assert "没有计入 0 个文件，报告后面附的表 1 份不另计" in capsys.readouterr().out
    rows = list(openpyxl.load_workbook(tmp_path / "都有.xlsx")["未计入"].values)
    assert [(row[0], row[1], row[-1]) for row in rows if row[0] == "报告附表"] == [("报告附表", "甲中心", "不用处理")]


def test_nothing_that_can_be_added_up(tmp_path: Path, capsys):
    (tmp_path / "表").mkdir()
    (tmp_path / "表" / "坏.xlsx").write_bytes(b"PK")
    assert called(tmp_path, tmp_path / "表")[0] == 1
    assert "没有可以汇总的单位，没有写" in capsys.readouterr().err and not (tmp_path / "汇总.xlsx").exists()


@pytest.mark.parametrize(("named", "status"), [("坏.xlsx", 2), (".", 1)])
def test_a_file_that_was_named_and_can_not_be_read_is_status_2(units: Path, tmp_path: Path, named: str, status: int):
    (units / "坏.xlsx").write_bytes(b"PK")
    assert called(tmp_path, units / "教育", units / named)[0] == status


def test_reports_in_prose_among_the_forms_are_left_out(units: Path, tmp_path: Path, capsys):
    docx.Document().save(units / "教育" / "报告.docx")
    status, data = called(tmp_path, units / "教育")
    assert (status, data["rejected"]) == (0, []) and "这份 Word 文档里没有认得出的自评表" in capsys.readouterr().err


def test_include_rejected_counts_them_and_marks_them(units: Path, tmp_path: Path):
    status, data = called(tmp_path, units, "--include-rejected")
    assert (status, sorted(names(data["units"])), data["rejected"]) == (1, ["丁中心", "丙中心", "乙中心", "甲中心"], [])
    assert [unit["unit"] for unit in data["units"] if unit["verdict"] == "须修改"] == ["丁中心"]


def test_only_a_unit_or_a_department(units: Path, tmp_path: Path, capsys):
    status, data = called(tmp_path, units, "--only", "教育")
    assert (status, names(data["units"]), data["not_chosen"]) == (0, ["乙中心", "甲中心"], 2)
    assert called(tmp_path, units, "--only", "没有", name="又一次") == (2, {})
    assert "没有" in capsys.readouterr().err and not (tmp_path / "又一次.xlsx").exists()


def test_a_list_of_units_names_the_missing_and_the_late(units: Path, tmp_path: Path):
    listed = units / "单位名单.csv"
    listed.write_text("单位代码,单位名称,上级,报送期限\n1,教育局,,\n11,甲中心,教育局,2000-01-01\n12,乙中心,1,\n13,戊中心,1,\n",
                      encoding="utf-8")
    status, data = called(tmp_path, units, "--units", listed, "--deadline", "2099-12-31")
    assert (status, names(data["missing"]), names(data["late"])) == (1, ["教育局", "戊中心"], ["甲中心"])
    assert [node["name"] for node in data["nodes"]] == ["教育局"]


def test_a_list_of_units_in_the_folder_is_no_unit(units: Path, tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["单位名称"])
    book.active.append(["甲中心"])
    book.save(units / "单位名单.xlsx")
    _, data = called(tmp_path, units, "--units", units / "单位名单.xlsx")
    assert "单位名单.xlsx" not in "".join(one["file"] for one in data["rejected"])


def test_a_project_folder_reads_nothing_twice_and_takes_what_was_sent_again(units: Path, tmp_path: Path):
    project = tmp_path / "项目"
    _, first = called(tmp_path, units, "--project", project)
    clean_book(units / "卫生" / "丁.xlsx", "丁中心")
    status, second = called(tmp_path, units, "--project", project, name="第二次")
    assert (status, names(second["units"])) == (0, ["丁中心", "丙中心", "乙中心", "甲中心"])
    base = sqlite3.connect(project / ARCHIVE)
    assert base.execute("SELECT COUNT(*) FROM result").fetchone() == (5,)
    assert base.execute("SELECT COUNT(*) FROM run").fetchone() == (2,)
    base.close()


def test_many_by_several_processes_are_the_same_to_the_byte(tmp_path: Path):
    for number in range(12):
        clean_book(tmp_path / "表" / f"{number:02}.xlsx", f"{number}中心")
    for jobs in ("1", "2"):
        assert called(tmp_path, tmp_path / "表", "--jobs", jobs, name=jobs)[0] == 0
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_last_year_from_its_workbooks_its_project_folder_or_the_same_one(units: Path, tmp_path: Path):
    before, old, same = tmp_path / "上年", tmp_path / "上年项目", tmp_path / "项目"
    before.mkdir()
    filling = replace(corrected("liuyang", load_filling(UNITS / "liuyang-2021.yaml")), entity="甲中心")
    with (before / "甲.xlsx").open("wb") as file:
        write_workbook(file, load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    for number, project in enumerate((old, same)):
        assert called(tmp_path, before, "--project", project, name=f"上年{number}")[0] == 0
    calls = {"工作簿": ("--prior", before), "上年的项目": ("--prior", old), "同一个项目": ("--project", same), "没有": ()}
    found = {name: called(tmp_path, units, *options, name=name)[1]["units"] for name, options in calls.items()}
    assert {name: [unit["prior_total"] for unit in lines] for name, lines in found.items()} == {
        **dict.fromkeys(("工作簿", "上年的项目", "同一个项目"), [None, None, "90"]), "没有": [None] * 3}
    assert found["工作簿"] == found["上年的项目"] == found["同一个项目"]


@pytest.mark.parametrize(("arguments", "message"), [
    (("--deadline", "三月底"), "--deadline 要写日期，例如 2023-03-31；现为“三月底”"),
    (("--units", "没有.csv"), "没有.csv"),
    (("--jobs", "0"), "应是整数，不小于 1"),
    (("--csv", "满"), "已经存在，没有覆盖"),
    (("--forms", "满"), "已经存在，没有覆盖"),
    (("--json", "满/a"), "已经存在，没有覆盖"),
])
def test_a_wrong_call_is_told_before_anything_is_read(tmp_path: Path, monkeypatch, capsys, arguments, message: str):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "满").mkdir()
    (tmp_path / "满" / "a").write_text("原来的", encoding="utf-8")
    assert main(["consolidate", ".", "-o", "汇总.xlsx", *arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.out == "" and "Traceback" not in said.err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "满"]


def test_details_and_the_forms_of_every_department_are_written_beside(units: Path, tmp_path: Path):
    """The forms say what their node's units say together, and are read as forms again."""
    (tmp_path / "明细").mkdir()
    assert called(tmp_path, units, "--csv", tmp_path / "明细", "--forms", tmp_path / "部门表")[0] == 1
    assert sorted(path.name for path in (tmp_path / "明细").iterdir()) == ["单位表.csv", "明细.csv"]
    forms = {path.stem: read_submission(path) for path in (tmp_path / "部门表").iterdir()}
    assert {name: one.item("基础数据", "编制数").value for name, one in forms.items()} == {
        "2022-部门汇总自评表": 45, "教育-部门汇总自评表": 30, "卫生-部门汇总自评表": 15}


def test_the_temporary_archive_is_removed(units: Path, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path / "临时"))
    (tmp_path / "临时").mkdir()
    called(tmp_path, units)
    called(tmp_path, units, "--only", "没有", name="错")
    assert list((tmp_path / "临时").iterdir()) == []


def test_a_damaged_archive_is_told_and_left_as_it_is(units: Path, tmp_path: Path, capsys):
    project = tmp_path / "项目"
    project.mkdir()
    (project / ARCHIVE).write_bytes(b"no archive" * 1000)
    assert called(tmp_path, units, "--project", project) == (2, {})
    assert "汇总数据" in capsys.readouterr().err and (project / ARCHIVE).read_bytes() == b"no archive" * 1000


# -- broken off ------------------------------------------------------------------------------------------------------

COUNT = 500                                           # seconds of work for two workers


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough files to break off in the middle."""
    folder = tmp_path_factory.mktemp("许多")
    data = clean_book(folder / "000.xlsx").read_bytes()
    for number in range(1, COUNT):
        (folder / f"{number:03}.xlsx").write_bytes(data)
    return folder


@pytest.fixture
def started(many: Path, tmp_path: Path) -> Iterator[subprocess.Popen]:
    """A run that has kept some of its files and goes on."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pyfuncs.helper.cli", "consolidate", os.fspath(many), "-o", os.fspath(tmp_path / "汇总.xlsx"),
         "--json", os.fspath(tmp_path / "汇总.json"), "--project", os.fspath(tmp_path / "项目"), "--jobs", "2"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)
    deadline = time.monotonic() + 60
    while not kept(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def kept(folder: Path) -> int:
    """How many files the archive has."""
    try:
        base = sqlite3.connect(f"{(folder / '项目' / ARCHIVE).as_uri()}?mode=ro", uri=True)
        try:
            return base.execute("SELECT COUNT(*) FROM result").fetchone()[0]
        finally:
            base.close()
    except sqlite3.Error:
        return 0


def test_ctrl_c_writes_what_is_done_under_another_name_and_resumes(started, many: Path, tmp_path: Path, capsys):
    os.killpg(started.pid, signal.SIGINT)             # a terminal sends it to the workers too
    out, err = started.communicate(timeout=100)
    assert (started.returncode, "Traceback" in err) == (1, False), err
    assert out.startswith("结论：须修改（未完成）\n未完成：中途停止，还有 ")
    assert sorted(path.name for path in tmp_path.glob("汇总*")) == ["汇总（未完成）.json", "汇总（未完成）.xlsx"]
    done = kept(tmp_path)
    assert 0 < done < COUNT
    assert main(["consolidate", os.fspath(many), "-o", os.fspath(tmp_path / "汇总.xlsx"), "--project", os.fspath(tmp_path / "项目")]) == 1
    assert kept(tmp_path) == COUNT and not capsys.readouterr().out.startswith("结论：须修改（未完成）")


def test_killed_in_the_middle_it_loses_nothing_and_leaves_no_workers(started, many: Path, tmp_path: Path):
    workers = [int(pid) for pid in Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()]
    started.kill()
    started.communicate(timeout=30)                   # ends when nobody holds the other end of the pipes
    done = kept(tmp_path)
    assert 0 < done < COUNT and workers
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert main(["consolidate", os.fspath(many), "-o", os.fspath(tmp_path / "汇总.xlsx"), "--project", os.fspath(tmp_path / "项目")]) == 1
    assert kept(tmp_path) == COUNT
