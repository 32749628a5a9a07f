"""`jixiao convert` as a script would call it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.convert_cli import convert
from pyfuncs.workbook.template import write_workbook


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "甲.xlsx"
    write_workbook(path, load_ruleset("430400/2022"), "addin", entity="甲中心")
    return path


def run(capsys: pytest.CaptureFixture, *arguments: object) -> tuple[int, str, str]:
    status = convert.main([str(argument) for argument in arguments], prog_name="jixiao convert", standalone_mode=False)
    out, err = capsys.readouterr()
    return status, out, err


def test_a_copy_in_another_edition(source: Path, tmp_path: Path, capsys):
    target = tmp_path / "新" / "乙.xlsx"
    assert run(capsys, source, "-o", target, "--to", "formula") == (0, f"已写出公式版：{target}（转换 10 格）\n", "")
    assert openpyxl.load_workbook(target)["_jixiao"]["B2"].value == "公式版"


def test_what_is_the_edition_already_is_copied_and_said(source: Path, tmp_path: Path, capsys):
    target = tmp_path / "乙.xlsx"
    assert run(capsys, source, "-o", target, "--to", "addin") == (
        0, f"已写出加载项版：{target}（转换 0 格）\n", "原文件本来就是加载项版。\n")


def test_a_formula_that_somebody_changed_is_status_1(source: Path, tmp_path: Path, capsys):
    book = openpyxl.load_workbook(source)
    book["基础数据表"]["D5"] = "=1/3"
    book.save(source)
    status, out, err = run(capsys, source, "-o", tmp_path / "乙.xlsx", "--to", "formula")
    assert (status, out.count("已写出公式版")) == (1, 1)
    assert err == "有 1 格没有转换，请核对：\n  《基础数据表》D5：公式与表样的不同，没有动\n"


def test_a_call_that_can_not_be_served_is_status_2(source: Path, tmp_path: Path, capsys):
    for name, content in (("有.xlsx", "别人的"), ("不是.xlsx", "不是表格")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    book = openpyxl.load_workbook(source)
    del book["整体自评表"]
    book.save(tmp_path / "缺.xlsx")
    calls = {"有.xlsx": (source, tmp_path / "有.xlsx"), "不是": (tmp_path / "不是.xlsx", tmp_path / "b.xlsx"),
             "没有": (tmp_path / "没有.xlsx", tmp_path / "b.xlsx"), "缺": (tmp_path / "缺.xlsx", tmp_path / "b.xlsx")}
    said = {name: run(capsys, source, "-o", target, "--to", "formula") for name, (source, target) in calls.items()}
    assert {name: (status, out) for name, (status, out, _) in said.items()} == {name: (2, "") for name in calls}
    assert said["有.xlsx"][2].endswith("有.xlsx 已经存在，没有覆盖；请换一个文件名，或先把它移走\n")
    assert said["不是"][2].startswith("文件“不是.xlsx”是文本文件（如 .csv），不是 Excel 工作簿。")
    assert said["没有"][2].startswith("没有找到文件“没有.xlsx”。")
    assert "没有找到工作表“整体自评表”。没有转换" in said["缺"][2]
    assert not (tmp_path / "b.xlsx").exists() and (tmp_path / "有.xlsx").read_text(encoding="utf-8") == "别人的"


def test_the_extension_stays(source: Path, tmp_path: Path):
    with pytest.raises(WrongCall, match="-o 的扩展名要与原文件的相同（.xlsx）"):
        convert.main([str(source), "-o", str(tmp_path / "乙.xls"), "--to", "formula"], standalone_mode=False)
