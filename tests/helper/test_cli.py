"""The program as a user calls it: output, exit status, and no word of English."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from pyfuncs.catalog import load
from pyfuncs.catalog.load import ruleset_ids
from pyfuncs.helper.chinese_click import Group, message
from pyfuncs.helper.cli import COMMANDS, jixiao, main

ROOT = Path(__file__).resolve().parents[2]


def run(capsys: pytest.CaptureFixture, *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    out, err = capsys.readouterr()
    return status, out, err


def test_without_arguments_it_prints_help(capsys):
    status, out, err = run(capsys)
    assert (status, err) == (0, "")
    assert out.startswith("用法：jixiao [选项] 命令 [参数]…") and "rulesets" in out


@pytest.mark.parametrize("arguments", [["--help"], ["rulesets", "--help"], ["rulesets", "lint", "--help"],
                                       ["rulesets", "explain", "--help"]])
def test_help_is_chinese(capsys, arguments: list[str]):
    status, out, _ = run(capsys, *arguments)
    assert status == 0 and out.startswith("用法：jixiao")
    for english in ("Usage", "Options:", "Commands", "Show this", "[OPTIONS]"):
        assert english not in out


def test_every_command_is_named_as_it_is_called():
    with jixiao.make_context("jixiao", []) as ctx:
        assert [jixiao.get_command(ctx, name).name for name in COMMANDS] == list(COMMANDS)


def test_the_list_is_aligned_for_a_terminal(capsys):
    status, out, _ = run(capsys, "rulesets", "list")
    assert status == 0 and out == run(capsys, "rulesets")[1]
    assert sorted(line.split()[0] for line in out.splitlines() if "/" in line.split()[0]) == ruleset_ids()
    named = next(line for line in out.splitlines() if line.startswith("430400/2022"))
    assert named.split()[1] == "衡阳市" and "内置" in named


def test_lint_of_right_rule_sets(capsys):
    assert run(capsys, "rulesets", "lint", "430400/2022") == (0, "检查了 1 个规则集，没有错误。\n", "")


def test_lint_of_a_wrong_rule_set(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "990000" / "2022"
    folder.mkdir(parents=True)
    (folder / "ruleset.yaml").write_text("id: 990000/2022\nnme: 甲\n", encoding="utf-8")
    monkeypatch.setattr(load, "FOLDERS", (tmp_path,))
    status, out, err = run(capsys, "rulesets", "lint")
    assert (status, err) == (1, "")
    assert "990000/2022/ruleset.yaml 第 2 行：nme：不认识的键“nme”。是不是想写 name？" in out
    assert out.splitlines()[-1] == "查出 6 处错误。"
    status, out, _ = run(capsys, "rulesets", "list")
    assert status == 0 and "有 6 处错误，请运行 lint" in out


def test_explain(capsys):
    status, out, _ = run(capsys, "rulesets", "explain", "430400/2022", "KB-01")
    assert status == 0 and out.startswith("430400-2022-KB-01〔必须修改〕")


@pytest.mark.parametrize(("arguments", "expected"), [
    (["ruleset"], "没有“ruleset”这个命令；是不是 rulesets？\n运行 jixiao --help 查看写法。\n"),
    (["--colour"], "没有 --colour 这个选项。\n运行 jixiao --help 查看写法。\n"),
    (["rulesets", "lint", "430400/2202"], "没有规则集“430400/2202”；你是不是想写 430400/2022、"),
    (["rulesets", "explain", "430400/2022"], "缺少参数“名称”。\n运行 jixiao rulesets explain --help 查看写法。\n"),
    (["rulesets", "explain", "430400/2022", "KB-013"], "规则集 430400/2022 里没有“KB-013”；是不是想查 KB-"),
    (["rulesets", "list", "x"], "参数写得不对，可能多写了一个。\n运行 jixiao rulesets list --help 查看写法。\n"),
])
def test_a_wrong_call_is_told_on_stderr_with_status_2(capsys, arguments: list[str], expected: str):
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(expected) and "Traceback" not in err


@pytest.mark.parametrize(("arguments", "expected"), [
    (["--number", "0"], "选项 --number 写得不对：应是整数，不小于 1。"),
    (["--number"], "选项 --number 后面要写它的值。"),
    (["--kind", "c"], "选项 --kind 写得不对：只能写 a、b。"),
    (["--file", "没有的文件"], "选项 --file 写得不对：没有这个文件或文件夹，或者不能读写。"),
    (["--numbr", "1"], "没有 --numbr 这个选项；是不是 --number？"),
])
def test_wrong_options_in_chinese(arguments: list[str], expected: str):
    @click.command()
    @click.option("--number", type=click.IntRange(min=1))
    @click.option("--kind", type=click.Choice(["a", "b"]))
    @click.option("--file", type=click.Path(exists=True))
    def command(number, kind, file):
        pass

    with pytest.raises(click.ClickException) as error:
        Group("g", commands={"command": command}).main(["command", *arguments], standalone_mode=False)
    assert message(error.value).splitlines()[0] == expected


def test_output_is_utf8_whatever_the_console_says():
    environment = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "gbk", "PATH": ""}
    result = subprocess.run([sys.executable, "-m", "pyfuncs.helper.cli", "rulesets", "list"], env=environment,
                            capture_output=True)
    assert (result.returncode, result.stderr) == (0, b"")
    assert "衡阳市 2022 年度" in result.stdout.decode("utf-8")
