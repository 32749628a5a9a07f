"""Which files of a folder are taken up, how what is left out is told, and reports in prose beside the forms."""

from __future__ import annotations

import os
from pathlib import Path

import docx
import pytest
from filed_books import clean_book

from pyfuncs.helper.pipeline import process_all
from pyfuncs.workbook.collect import collect, shown, without_reports


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_bytes(b"x")
    return folder


def told(folder: Path, lines: tuple[str, ...] | list[str]) -> list[str]:
    return sorted(line.replace(f"{folder}{os.sep}", "") for line in lines)


def test_workbooks_and_word_documents_are_taken_up_the_rest_is_told_how_to_hand_in(tmp_path: Path):
    found = collect([put(tmp_path, "a.xlsx", "b.XLSM", "c.xls", "d.et", "e.docx", "f.ods", "g.xlsb", "h.doc", "i.WPS", "j.pdf",
                         "k.jpg", "l.zip", "m.txt", "没有扩展名")])
    assert [path.name for path in found.files] == ["a.xlsx", "b.XLSM", "c.xls", "d.et", "e.docx", "f.ods", "g.xlsb"]
    old, picture = "是旧格式的文字文档；请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”后再交", "是版式文件或图片，里面的数读不出来；请交填表用的 Excel 或 Word 文件"
    other = "不是要审核的文件（.xlsx、.xlsm、.xls、.docx）"
    assert told(tmp_path, found.skipped) == [
        f"跳过 h.doc：{old}", f"跳过 i.WPS：{old}", f"跳过 j.pdf：{picture}", f"跳过 k.jpg：{picture}",
        "跳过 l.zip：是压缩包；请先解压，再指定解压出来的文件夹", f"跳过 m.txt：{other}", f"跳过 没有扩展名：{other}"]


def test_marked_copies_are_left_out_those_with_a_number_too(tmp_path: Path):
    found = collect([put(tmp_path, "甲.xlsx", "甲（审核意见）.xlsx", "甲（审核意见） (12).docx", "乙（审核意见）稿.xlsx")])
    assert [path.name for path in found.files] == ["乙（审核意见）稿.xlsx", "甲.xlsx"]
    assert told(tmp_path, found.skipped) == ["跳过 甲（审核意见） (12).docx：是审核意见副本", "跳过 甲（审核意见）.xlsx：是审核意见副本"]


@pytest.mark.parametrize(("name", "line"), [
    ("旧.doc", "旧.doc：是旧格式的文字文档；请用 Word 或 WPS 打开，另存为“Word 文档（*.docx）”后再交"),
    ("~$甲.docx", "~$甲.docx：是表格软件打开文件时的临时文件；请指定原文件"),
])
def test_what_is_given_by_itself_and_can_not_be_read_is_a_problem(tmp_path: Path, name: str, line: str):
    found = collect([put(tmp_path, name) / name])
    assert (found.files, told(tmp_path, found.problems)) == ((), [line])


def test_a_name_too_long_for_the_system_is_not_there():
    name = "长" * 300
    assert collect([Path(name)]).problems == (f"没有这个文件或文件夹：{name}；请检查路径",)


def test_a_folder_without_anything_to_check_is_a_problem(tmp_path: Path):
    assert collect([tmp_path]).problems == (f"没有找到可以审核的文件（.xlsx、.xlsm、.xls、.docx）：{tmp_path}",)


@pytest.mark.parametrize(("name", "line"), [
    ("甲\n乙\t.txt", "甲<000A>乙<0009>.txt"),
    ("\x1b[2J\u202etxt.甲", "<001B>[2J<202E>txt.甲"),
    (os.fsdecode(b"\xff.txt"), "<DCFF>.txt"),
    ("两　字 é e\u0301.txt", "两　字 é e\u0301.txt"),
])
def test_a_name_is_shown_on_one_line_as_it_reads(tmp_path: Path, name: str, line: str):
    put(tmp_path, name)
    assert told(tmp_path, collect([tmp_path]).skipped) == [f"跳过 {line}：不是要审核的文件（.xlsx、.xlsm、.xls、.docx）"]
    assert shown(name) == line


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A workbook, a report without a table, one with a table of another subject, and one that is damaged."""
    clean_book(tmp_path / "甲.xlsx", "甲中心")
    report = docx.Document()
    report.add_paragraph("甲中心部门整体支出绩效自评报告")
    report.save(tmp_path / "报告.docx")
    report.add_table(2, 2).cell(0, 0).text = "星期一"
    report.save(tmp_path / "课表.docx")
    (tmp_path / "坏.docx").write_bytes((tmp_path / "报告.docx").read_bytes()[:3000])
    return tmp_path


def test_reports_in_prose_beside_the_forms_are_set_aside(unit: Path):
    collected = collect([unit])
    kept, lines = without_reports(process_all(collected.files), collected)
    assert [Path(one.submission.path).name for one in kept] == ["坏.docx", "甲.xlsx"]
    reason = "这份 Word 文档里没有认得出的自评表；要审核它，请单独指定"
    assert told(unit, lines) == [f"跳过 报告.docx：{reason}", f"跳过 课表.docx：{reason}"]


def test_a_report_given_by_itself_is_judged(unit: Path):
    collected = collect([unit / "报告.docx", unit])
    kept, lines = without_reports(process_all(collected.files), collected)
    assert sorted(Path(one.submission.path).name for one in kept) == ["坏.docx", "报告.docx", "甲.xlsx"]
    assert len(lines) == 1


def test_a_folder_of_reports_alone_lacks_its_forms(unit: Path):
    for name in ("甲.xlsx", "坏.docx"):
        (unit / name).unlink()
    collected = collect([unit])
    kept, lines = without_reports(process_all(collected.files), collected)
    assert (len(kept), lines, all(one.must_fix for one in kept)) == (2, [], True)
