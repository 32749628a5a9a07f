"""File names from texts, and texts for cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.report.naming import LONGEST_CELL, clean_text, free_path, one_line, safe_stem


@pytest.mark.parametrize(("name", "stem"), [
    ("衡阳市投资促进事务中心", "衡阳市投资促进事务中心"),
    ("甲/乙\\丙:丁*戊?己\"庚<辛>壬|癸", "甲_乙_丙_丁_戊_己_庚_辛_壬_癸"),
    ("../../etc/passwd", "_.._etc_passwd"),
    ("..", "未命名"), ("", "未命名"), ("   ", "未命名"), ("\u3000", "未命名"),
    ("CON", "_CON"), ("nul.txt", "_nul.txt"), ("COM1", "_COM1"), ("LPT¹", "_LPT¹"), ("CONTRACT", "CONTRACT"),
    ("名称. ", "名称"), ("甲\n乙\t丙\x00", "甲乙丙"),
    ("报表\u202egpj.xlsx", "报表gpj.xlsx"), ("零\u200b宽", "零宽"),
    ("甲" * 200, "甲" * 60),
])
def test_a_name_becomes_a_file_name(name: str, stem: str):
    assert safe_stem(name) == stem


@given(st.text())
def test_any_name_stays_in_its_folder_and_fits(name: str):
    path = Path("folder") / f"{safe_stem(name)}.xlsx"
    assert path.parent == Path("folder") and path.name not in (".xlsx", "..xlsx")
    assert len(path.name.encode("utf-8")) <= 250
    assert safe_stem(safe_stem(name)) == safe_stem(name)


def test_an_existing_file_gets_a_number(tmp_path: Path):
    for expected in ("表.xlsx", "表 (2).xlsx", "表 (3).xlsx"):
        path = free_path(tmp_path, "表", ".xlsx")
        assert path.name == expected
        path.write_bytes(b"")


def test_text_for_a_cell_holds_no_control_characters_and_fits():
    assert clean_text("甲\x00\x1f乙\ufffe\ud800丙\r\n丁\t") == "甲乙丙\n丁\t"
    assert clean_text("报表\u202egpj.xlsx\u2066") == "报表gpj.xlsx"
    assert len(clean_text("字" * 40_000)) == LONGEST_CELL


def test_text_for_a_console_is_one_line_that_can_not_act():
    assert one_line("甲\x1b[2J\n乙\r\n丙\u2028丁\x85戊\u202e　155%\ud800") == "甲[2J 乙 丙 丁 戊　155%"
