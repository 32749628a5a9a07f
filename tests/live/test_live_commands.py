"""Every command answers in Chinese, whatever it is given; and what the program says of itself."""

from __future__ import annotations

import ast
import re
import webbrowser
from pathlib import Path
from urllib.parse import unquote

import pytest
from live_books import real_book
from xlwings_engine import open_book

from pyfuncs import __version__
from pyfuncs.live import COMMANDS, command, program

LIVE = Path(command.__file__).parent
ON_A_BOOK = ("audit_book", "clear_audit", "next_finding", "explain_cell", "write_report")


def test_the_commands_are_those_that_the_ribbon_was_promised():
    assert sorted(COMMANDS) == ["about", "audit_book", "audit_folder", "clear_audit", "consolidate_folder", "convert_book",
                                "explain_cell", "new_template", "next_finding", "open_help", "ruleset_list", "write_report"]


@pytest.mark.parametrize(("name", "texts"), [*((name, ()) for name in ON_A_BOOK), ("convert_book", ("addin",))])
def test_without_a_workbook_it_asks_for_one(name: str, texts: tuple[str, ...]):
    assert COMMANDS[name](None, *texts).startswith("没有打开的工作簿（在“受保护的视图”里的要先点“启用编辑”）。")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_fault_of_ours_is_told_in_chinese_and_logged(name: str, caplog):
    answer = COMMANDS[name](object(), "甲", "乙", "丙")
    assert re.fullmatch(r"没有完成：程序出了错，[^A-Za-z]+", answer)
    assert caplog.records[-1].name == "jixiao.live" and "Traceback" in caplog.text


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path, monkeypatch):
    (tmp_path / "用户").write_text("是文件")
    monkeypatch.setenv("HOME", str(tmp_path / "用户"))
    assert COMMANDS["new_template"](None, "430400/2022", "甲").startswith("写不了 ")


def test_about(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("JIXIAO_LOG", str(tmp_path / "a.log"))
    lines = COMMANDS["about"](open_book(real_book(tmp_path))).split("\n")
    assert (lines[0], lines[3:7]) == (f"绩效自评工具箱 {__version__}", ["表格软件：16.0", "规则集：19 个可用", f"日志：{tmp_path / 'a.log'}", ""])
    assert not COMMANDS["about"](None).split("\n")[3].startswith("表格软件")


def test_about_ends_with_what_is_to_be_done(tmp_path: Path, monkeypatch):
    (tmp_path / "文件").write_text("")
    monkeypatch.setenv("JIXIAO_LOG", str(tmp_path / "文件" / "a.log"))
    _, diagnosis = COMMANDS["about"](None).split("\n\n")
    assert diagnosis.startswith(f"绩效自评工具箱 {__version__} 诊断，")
    assert f"\n[请处理] 日志：写不了 {tmp_path / '文件'}：" in diagnosis and "[正常]" not in diagnosis


@pytest.mark.parametrize(("helper", "told"), [
    ("", "没有能诊断：启动不了 {folder}/jixiao，它可能被杀毒软件隔离了，请重新运行安装程序。"),
    ("exit 1", "诊断没有做完，请把日志交给维护人员。"),
    ("exec sleep 9", "诊断没有做完：等的时间太长，请从开始菜单打开“绩效自评工具箱”，在那里诊断。"),
    ("[ \"$*\" = 'doctor --todo' ] && echo 头 && echo 尾", "头\n尾"),
])
def test_a_helper_that_does_not_tell(tmp_path: Path, monkeypatch, helper: str, told: str):
    monkeypatch.setattr(program.sys, "frozen", True, raising=False)
    monkeypatch.setattr(program.sys, "executable", str(tmp_path / "jixiao-server"))
    monkeypatch.setattr(program, "PATIENCE", 1)
    if helper:
        (tmp_path / "jixiao").write_text(f"#!/bin/sh\n{helper}\n")
        (tmp_path / "jixiao").chmod(0o755)
    assert COMMANDS["about"](None).split("\n\n")[1] == told.format(folder=tmp_path)


def test_help_is_a_page_of_the_manual(monkeypatch):
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open_new", shown.append)
    assert COMMANDS["open_help"](None) == ""
    page = Path(unquote(shown[0].removeprefix("file://")))
    text = page.read_text(encoding="utf-8")
    assert "<title>绩效自评工具箱 使用手册</title>" in text and "<script" not in text and "加载项版" in text
    page.unlink()
    page.parent.rmdir()


def test_help_beside_the_packaged_program_that_is_missing_is_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(program.sys, "frozen", True, raising=False)
    monkeypatch.setattr(program.sys, "executable", str(tmp_path / "jixiao-server"))
    manual = tmp_path / "手册" / "使用手册.html"
    assert COMMANDS["open_help"](None).startswith(f"没有找到使用手册 {manual}")


def test_help_beside_the_packaged_program_is_shown_where_it_lies(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(program.sys, "frozen", True, raising=False)
    monkeypatch.setattr(program.sys, "executable", str(tmp_path / "jixiao-server"))
    (tmp_path / "手册").mkdir()
    (tmp_path / "手册" / "使用手册.html").touch()
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open_new", shown.append)
    assert COMMANDS["open_help"](None) == ""
    assert unquote(shown[0]) == f"file://{tmp_path}/手册/使用手册.html"


def test_only_one_module_speaks_to_the_program_past_xlwings():
    """And none imports xlwings by itself: it would load what the function server keeps out."""
    for path in sorted(LIVE.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert "api" not in used or path.name == "excel.py", path.name
        imported = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert not [node for node in imported if "xlwings" in ast.dump(node)], path.name
