"""The commands validate and template, called as a script would call them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import openpyxl
import pytest
from filed_books import clean_book

from pyfuncs.helper.cli import main
from pyfuncs.helper.limit_option import WORDS, described
from pyfuncs.report.audit import compared
from pyfuncs.workbook.originals import seals
from pyfuncs.workbook.limits import Limits, limited
from pyfuncs.workbook.read import read_submission

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("单位 与空格")
    clean_book(folder / "甲.xlsx", "甲中心")
    clean_book(folder / "乙.xlsx", "乙中心", {"基础数据表!编制数": 12, "基础数据表!控制率": (1, "0%")})
    return folder


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_validate_writes_all_it_is_asked_for_and_leaves_the_originals_alone(units: Path, tmp_path: Path, capsys):
    before = hashes(units)
    status = main(["validate", str(units), "--json", str(tmp_path / "a.json"), "--xlsx", str(tmp_path / "新" / "审核报告.xlsx"),
                   "--html", str(tmp_path / "a.html"), "--mark", str(tmp_path / "标注")])
    said = capsys.readouterr()
    assert status == 0 and said.out.startswith("结论：可以上报\n共审核 2 个文件：2 个可以上报，0 个须修改；")
    assert hashes(units) == before
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["verdict"] == "可以上报"
    assert openpyxl.load_workbook(tmp_path / "新" / "审核报告.xlsx")["审核结论"]["A2"].value == "结论：可以上报"
    assert "结论：可以上报" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "标注").iterdir()) == ["乙（审核意见）.xlsx", "甲（审核意见）.xlsx"]
    assert said.err.count("已写出：") == 5 and "正在审核" not in said.err


def test_marked_copies_are_numbered_and_not_validated_again(units: Path, tmp_path: Path, capsys):
    for _ in range(2):
        main(["validate", str(units / "甲.xlsx"), "--mark", str(tmp_path)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["甲（审核意见） (2).xlsx", "甲（审核意见）.xlsx"]


@pytest.mark.parametrize("option", ["--json", "--xlsx", "--html"])
def test_an_existing_target_is_refused_before_anything_is_done(units: Path, tmp_path: Path, option: str, capsys):
    target = tmp_path / "已有"
    target.write_text("原来的", encoding="utf-8")
    assert main(["validate", str(units), option, str(target)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{target} 已经存在，没有覆盖；请换一个文件名，或先把它移走\n")
    assert target.read_text(encoding="utf-8") == "原来的"


@pytest.mark.parametrize(("arguments", "message"), [
    (["validate"], "缺少参数"),
    (["validate", "没有这个文件夹"], "没有这个文件或文件夹：没有这个文件夹；请检查路径"),
    (["validate", ".", "--ruleset", "430400/2202"], "没有规则集“430400/2202”；你是不是想写 430400/2022"),
    (["validate", ".", "--jsn", "x"], "没有 --jsn 这个选项"),
    (["consolidate", "."], "缺少选项 --output"),
    (["consolidate", ".", "-o", "汇总.xls"], "-o 要写 .xlsx 文件，例如 汇总.xlsx；现为 汇总.xls"),
    (["consolidate", ".", "-o", "汇总.xlsx", "--units", "没有.csv"], "没有.csv：没有找到文件“没有.csv”。请核对文件名和所在的文件夹。"),
    (["template", "430400/2202", "-o", "."], "没有规则集“430400/2202”"),
    (["template", "430000/base", "-o", "."], "是各地共用的部分，不能单独使用"),
    (["template", "430400/2022"], "缺少选项 --output"),
    (["template", "430400/2022", "-o", ".", "--projects", "0"], "应是整数，不小于 1，不大于 200"),
    (["template", "430400/2022", "-o", ".", "--edition", "wps"], "只能写 addin、formula"),
])
def test_a_wrong_call_is_status_2_and_says_what_to_write(tmp_path: Path, monkeypatch, capsys, arguments, message: str):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert message in said.err and "Traceback" not in said.err
    assert (said.out, list(tmp_path.iterdir())) == ("", [])


def test_a_missing_path_does_not_stop_the_others(units: Path, capsys):
    assert main(["validate", str(units), "没有.xlsx"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("结论：可以上报") and "没有这个文件或文件夹：没有.xlsx" in said.err


@pytest.mark.parametrize(("edition", "word"), [("addin", "加载项版"), ("formula", "公式版")])
def test_template_writes_a_workbook_that_is_read_back(tmp_path: Path, capsys, edition: str, word: str):
    call = ["template", "430400/2022", "-o", str(tmp_path / "新"), "--edition", edition, "--unit", "甲/乙:中心", "--projects", "3"]
    assert main(call) == main(call) == 0
    names = sorted(path.name for path in (tmp_path / "新").iterdir())
    assert names == [f"甲_乙_中心2022年度绩效自评表-{word} (2).xlsx", f"甲_乙_中心2022年度绩效自评表-{word}.xlsx"]
    submission = read_submission(tmp_path / "新" / names[1])
    assert (submission.entity, submission.ruleset, submission.edition, submission.instances("项目")) == (
        "甲/乙:中心", "430400/2022", word, [1, 2, 3])


def test_a_folder_that_can_not_be_written(tmp_path: Path, capsys):
    (tmp_path / "文件").write_text("")
    assert main(["template", "430400/2022", "-o", str(tmp_path / "文件" / "里面")]) == 2
    assert "写不了" in (said := capsys.readouterr().err) and "Traceback" not in said


def test_output_is_utf8_whatever_the_console_says(units: Path):
    done = subprocess.run([sys.executable, "-m", "pyfuncs.helper.cli", "validate", str(units)], cwd=ROOT, capture_output=True,
                          env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert (done.returncode, done.stdout.decode("utf-8").splitlines()[0], done.stderr) == (0, "结论：可以上报", b"")


# -- what validate tells of its files, limits and last year -------------------------------------------------

def test_originals_are_sealed_before_and_after(units: Path, tmp_path: Path, capsys):
    assert main(["validate", str(units), "--json", str(tmp_path / "a.json"), "--xlsx", str(tmp_path / "a.xlsx")]) == 0
    files = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["files"]
    known = hashes(units)
    assert [(Path(file["path"]).name, file["sha256"], file["sha256_after"], file["unchanged"]) for file in files] == [
        (name, known[name], known[name], True) for name in ("乙.xlsx", "甲.xlsx")]
    assert capsys.readouterr().out.endswith("\n原文件未改动（已核对 2 个文件的校验值）。\n")
    rows = [row[9:] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["文件与规则集"].iter_rows(values_only=True)]
    assert rows == [("原文件", "校验值（审核前）", "校验值（审核后）"), *(("未改动", known[name], known[name]) for name in ("乙.xlsx", "甲.xlsx"))]


def test_an_original_that_somebody_changes_meanwhile_is_told(units: Path, tmp_path: Path, capsys, monkeypatch):
    path = clean_book(tmp_path / "单位" / "甲.xlsx", "甲中心")

    def touched(filed, folder):
        path.write_bytes(path.read_bytes() + b"x")
        return [], []

    monkeypatch.setattr("pyfuncs.helper.audit_run.marked_copies", touched)
    assert main(["validate", str(path), "--mark", str(tmp_path / "标注"), "--json", str(tmp_path / "a.json")]) == 2
    assert f"原文件在审核期间被改动：{path}；可能有人正在编辑，请关闭后重新审核。" in capsys.readouterr().out
    [file] = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["files"]
    assert (file["unchanged"], file["sha256"] == file["sha256_after"]) == (False, False)


def test_a_file_that_is_no_plain_file_or_too_large_is_sealed_without_being_read(tmp_path: Path):
    os.mkfifo(tmp_path / "管道.xlsx")
    (tmp_path / "大.xlsx").write_bytes(b"x" * 2000)
    paths = [tmp_path / "管道.xlsx", tmp_path / "大.xlsx", tmp_path / "没有.xlsx"]
    with limited(Limits(file=1000)):
        before = seals(paths)
        assert compared(before, seals(paths)).changed == frozenset()
        assert set(compared(before, before).after.values()) == {""}
        (tmp_path / "大.xlsx").write_bytes(b"x" * 2001)
        (tmp_path / "没有.xlsx").write_bytes(b"")
        assert compared(before, seals(paths)).changed == {str(paths[1]), str(paths[2])}


def test_a_page_for_each_unit(units: Path, tmp_path: Path, capsys):
    for _ in range(2):
        assert main(["validate", str(units), "--per-unit", str(tmp_path / "退回")]) == 0
    names = sorted(path.name for path in (tmp_path / "退回").iterdir())
    assert names == ["乙中心（审核意见） (2).html", "乙中心（审核意见）.html", "甲中心（审核意见） (2).html", "甲中心（审核意见）.html"]
    page = (tmp_path / "退回" / names[3]).read_text(encoding="utf-8")
    assert "<h1>甲中心　绩效自评审核意见</h1>" in page and "文件：甲.xlsx" in page and str(units) not in page


def test_a_limit_is_set_and_told(units: Path, capsys):
    assert main(["validate", str(units / "甲.xlsx"), "--limit", "file=10K", "--limit", "sheets=3"]) == 2
    said = capsys.readouterr().out
    assert "结论：须修改" in said and "必须修改 1 条" in said
    assert main(["validate", str(units / "甲.xlsx"), "--limit", "file=100M"]) == 0


@pytest.mark.parametrize(("given", "said"), [
    ("file", "--limit file= 后面要写大于 0 的数，可以带 K、M、G，例如 file=50M；现为“”"),
    ("file=0", "例如 file=50M；现为“0”"), ("file=-1", "现为“-1”"), ("file=1T", "现为“1T”"), ("cells=1M", "后面要写大于 0 的数，例如 cells="),
    ("rows=5", "--limit 没有“rows”这一项；可以写：file=50M（文件大小）"),
])
def test_a_limit_that_is_none_is_a_wrong_call(units: Path, capsys, given: str, said: str):
    assert main(["validate", str(units), "--limit", given]) == 2
    assert said in (told := capsys.readouterr()).err and told.out == ""


def test_the_help_lists_every_limit_with_its_value(capsys):
    assert set(WORDS) == {field.name for field in fields(Limits)}
    main(["validate", "--help"])
    told = "".join(capsys.readouterr().out.split())
    assert all("".join(line.split()) in told for line in described(Limits()))


def test_last_year_is_compared_and_not_taken_for_this_year(tmp_path: Path, capsys):
    clean_book(tmp_path / "今年" / "甲.xlsx", "甲中心")
    clean_book(tmp_path / "今年" / "上年" / "甲.xlsx", "甲中心")
    assert main(["validate", str(tmp_path / "今年"), "--prior", str(tmp_path / "今年" / "上年")]) == 0
    said = capsys.readouterr().out
    assert "共审核 1 个文件" in said and "SN-" in said and "（已核对 2 个文件的校验值）" in said


def test_last_years_folder_must_hold_something(units: Path, tmp_path: Path, capsys):
    assert main(["validate", str(units), "--prior", str(tmp_path)]) == 2
    assert (said := capsys.readouterr()).out == "" and "没有找到" in said.err
    assert main(["validate", str(units), "--prior", str(tmp_path / "没有")]) == 2
    assert "选项 --prior 写得不对" in capsys.readouterr().err


def test_a_name_that_acts_is_shown_as_text(tmp_path: Path, capsys):
    path = clean_book(tmp_path / "甲\n\x1b[31m\u202e.xlsx", "甲\u202e中心", {"基础数据表!控制率": (0.9, "0%")})
    assert main(["validate", str(path), "--mark", str(tmp_path / "标"), "--per-unit", str(tmp_path / "页"), "--html",
                 str(tmp_path / "a.html")]) == 1
    said = capsys.readouterr()
    assert not {"\x1b", "\u202e"} & set(said.out + said.err) and "甲 [31m.xlsx" in said.out


def test_what_was_written_before_a_failure_is_told(units: Path, tmp_path: Path, capsys):
    (tmp_path / "文件").write_text("")
    assert main(["validate", str(units), "--json", str(tmp_path / "a.json"), "--html", str(tmp_path / "文件" / "a.html")]) == 2
    said = capsys.readouterr()
    assert f"已写出：{tmp_path / 'a.json'}\n写不了 " in said.err and said.out.startswith("结论：可以上报")


# -- unmark -------------------------------------------------------------------------------------------------

def test_unmark_takes_the_marks_off_and_leaves_the_copy_alone(tmp_path: Path, capsys):
    path = clean_book(tmp_path / "甲.xlsx", "甲中心", {"基础数据表!控制率": (0.9, "0%")})
    main(["validate", str(path), "--mark", str(tmp_path / "标注")])
    copy, target = tmp_path / "标注" / "甲（审核意见）.xlsx", tmp_path / "新" / "干净.xlsx"
    before = copy.read_bytes()
    target.parent.mkdir()
    assert main(["unmark", str(copy), "-o", str(target)]) == 0
    assert f"已写出：{target}\n" in capsys.readouterr().out and copy.read_bytes() == before
    sheets = openpyxl.load_workbook(target).sheetnames
    assert sheets == openpyxl.load_workbook(path).sheetnames != openpyxl.load_workbook(copy).sheetnames
    assert main(["unmark", str(copy), "-o", str(target)]) == 2
    assert "已经存在，没有覆盖" in capsys.readouterr().err


@pytest.mark.parametrize(("made", "said"), [
    (lambda path: clean_book(path), "里没有审核标注"), (lambda path: path.write_bytes(b"PK"), "甲.xlsx：")])
def test_unmark_says_what_is_no_marked_copy(tmp_path: Path, capsys, made, said: str):
    path = tmp_path / "甲.xlsx"
    made(path)
    assert main(["unmark", str(path), "-o", str(tmp_path / "新.xlsx")]) == 2
    assert said in (told := capsys.readouterr()).err and told.out == "" and not (tmp_path / "新.xlsx").exists()


def test_unmark_of_no_file_is_a_wrong_call(tmp_path: Path, capsys):
    assert main(["unmark", str(tmp_path / "没有.xlsx"), "-o", str(tmp_path / "新.xlsx")]) == 2
    assert "参数“file”写得不对" in capsys.readouterr().err.replace("FILE", "file")
