"""Which files a call takes up, and that one file never stops the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filed_books import clean_book

from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import known_ruleset, process_all
from pyfuncs.workbook import process as processing
from pyfuncs.workbook.collect import collect
from pyfuncs.workbook.process import process


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "单位"
    for name in ("乙/b.xlsx", "乙/A.XLSX", "甲/a.xlsm", "甲/旧.xls", "~$b.xlsx", "说明.docx", "说明.pdf", ".隐藏.xlsx", ".git/x.xlsx",
                 "甲/a（审核意见）.xlsx", "甲-审核结果/20230320/审核报告.xlsx"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "外面").mkdir()
    (tmp_path / "外面" / "c.xlsx").write_bytes(b"")
    (folder / "出去").symlink_to(tmp_path / "外面")
    (folder / "链接.xlsx").symlink_to(tmp_path / "外面" / "c.xlsx")
    return folder


def names(paths, folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_a_folder_is_walked_in_order_and_what_is_left_out_is_said(tree: Path):
    found = collect([tree])
    assert names(found.files, tree) == ["乙/A.XLSX", "乙/b.xlsx", "甲/a.xlsm", "甲/旧.xls", "说明.docx"]
    assert sorted(line.replace(f"{tree}{os.sep}", "") for line in found.skipped) == [
        "跳过 ~$b.xlsx：是表格软件打开文件时的临时文件；请指定原文件",
        "跳过 出去：是指向别处的链接，没有读",
        "跳过 甲-审核结果：是本工具箱的结果",
        "跳过 甲/a（审核意见）.xlsx：是审核意见副本",
        "跳过 说明.pdf：是版式文件或图片，里面的数读不出来；请交填表用的 Excel 或 Word 文件",
        "跳过 链接.xlsx：是指向别处的链接，没有读",
    ]
    assert (found.problems, found.named) == ((), frozenset())


def test_a_file_given_twice_is_read_once(tree: Path):
    found = collect([tree / "乙" / "b.xlsx", tree / "乙", tree / "甲" / ".." / "乙" / "b.xlsx"])
    assert names(found.files, tree) == ["乙/A.XLSX", "乙/b.xlsx"]


@pytest.mark.parametrize(("given", "problem"), [
    ("没有.xlsx", "没有这个文件或文件夹：{path}；请检查路径"),
    ("~$b.xlsx", "{path}：是表格软件打开文件时的临时文件；请指定原文件"),
    ("说明.txt", "{path}：不是要审核的文件（.xlsx、.xlsm、.xls、.docx）"),
    (".git/空", "没有找到可以审核的文件（.xlsx、.xlsm、.xls、.docx）：{path}"),
])
def test_a_path_that_can_not_be_used_is_a_problem(tree: Path, given: str, problem: str):
    (tree / ".git" / "空").mkdir()
    (tree / "说明.txt").write_bytes(b"")
    found = collect([tree / given])
    assert (found.files, found.problems) == ((), (problem.format(path=tree / given),))


def test_a_bug_on_one_file_is_told_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    paths = [clean_book(tmp_path / f"{name}.xlsx", name) for name in ("甲", "乙")]
    read = processing.read_filed

    def failing(path: Path, ruleset_id: str | None):
        if path.stem == "甲":
            raise ZeroDivisionError("oops")
        return read(path, ruleset_id)

    monkeypatch.setattr(processing, "read_filed", failing)
    first, second = process_all(paths)
    assert [(finding.rule_id, finding.severity, finding.message) for finding in first.findings] == [
        ("DQ-program", "error", "处理这个文件时程序出了错（ZeroDivisionError：oops），没有审核完。")]
    assert (second.unit, second.must_fix) == ("乙", False)


def test_a_good_file_comes_with_figures_and_without_findings(tmp_path: Path):
    one = process(clean_book(tmp_path / "甲.xlsx", "甲"))
    assert (one.unit, one.year, one.ruleset.id, one.findings) == ("甲", "2022", "430400/2022", ())
    assert str(one.figures["人员控制率", 0].value) == "0.8"


@pytest.mark.parametrize(("ruleset_id", "message"), [
    ("430400/2202", "没有规则集“430400/2202”；你是不是想写 430400/2022"),
    ("430000/base", "“430000/base”是各地共用的部分，不能单独使用"),
])
def test_a_rule_set_that_can_not_be_used_is_a_wrong_call(ruleset_id: str, message: str):
    with pytest.raises(WrongCall) as caught:
        known_ruleset(ruleset_id)
    assert message in caught.value.message and caught.value.exit_code == 2
