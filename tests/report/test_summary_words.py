"""What is said of units that are missing, late or many."""

from __future__ import annotations

import pytest

from pyfuncs.consolidate.result import Consolidation, Late, Missing, Node, NodeResult, Rejected
from pyfuncs.report.summary_text import consolidation_text
from pyfuncs.report.summary_words import late_why, missing_why, named

RESULT = Consolidation((NodeResult(Node("", "市直"), 0, (), ()), NodeResult(Node("101", "教育局", "", 1), 0, (), ())), ())


@pytest.mark.parametrize(("one", "why"), [
    (Missing("市直", (), "001", ""), "是上级单位；自己不用报的，请在单位名单的“应报”写 否"),
    (Missing("教育局", ("市教育局",), "101", "101"), "是上级单位；自己不用报的，请在单位名单的“应报”写 否；名称相近的有：市教育局"),
    (Missing("一中", (), "1", "101"), ""), (Missing("教育局", (), "2", ""), ""),
])
def test_a_parent_that_filed_nothing_may_be_one_that_need_not(one: Missing, why: str):
    assert missing_why(one, RESULT) == why


@pytest.mark.parametrize(("by", "why"), [
    ("文件里记的保存时间", "文件里记的保存时间 2023-04-01 08:00，期限 2023-03-31"),
    ("磁盘上的修改时间", "磁盘上的修改时间 2023-04-01 08:00，复制、下载会改变它，期限 2023-03-31"),
    ("", "保存时间 2023-04-01 08:00，复制、下载会改变它，期限 2023-03-31"),
])
def test_who_says_that_it_is_late_and_how_sure_that_is(by: str, why: str):
    assert late_why(Late("甲", "a.xlsx", "2023-04-01T08:00:59", "2023-03-31", by)) == why


def test_of_many_names_the_first_are_told():
    assert [named(names, 2) for names in ((), ("甲",), ("甲", "乙"), ("甲", "乙", "丙"))] == [
        "", "：甲", "：甲、乙", "：甲、乙等 3 个单位"]


def test_one_reason_is_told_once_with_its_files_and_not_at_full_length():
    many = Consolidation(RESULT.nodes, (), rejected=(
        *(Rejected(f"{number}.xlsx", "甲", "报了 12 份") for number in range(12)), Rejected("z.xlsx", "乙", "坏" * 500)))
    lines = consolidation_text(many).splitlines()[2:]
    assert lines == [f"  没有计入：{'、'.join(f'{number}.xlsx' for number in range(10))} 等 12 个文件（报了 12 份）",
                     f"  没有计入：z.xlsx（{'坏' * 149}…）"]
