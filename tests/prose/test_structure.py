"""Headings, numbering, the year and the unit of a report."""

from __future__ import annotations

import pytest
from prose.reading import report_of


@pytest.mark.parametrize(("line", "level", "numbering", "title"), [
    ("一、部门概况", 1, "一、", "部门概况"), ("（一）基本支出", 2, "（一）", "基本支出"), ("(二) 项目支出", 2, "(二)", "项目支出"),
    ("1、人员情况", 3, "1、", "人员情况"), ("2．资产", 3, "2．", "资产"), ("（3）成效", 4, "（3）", "成效"), ("①投入", 5, "①", "投入"),
    ("第二部分 支出情况", 1, "第二部分", "支出情况"),
    ("一、负责全市投资促进工作，承办交办的其他事项。", 0, "一、", ""), ("1．招商工作18万元", 0, "1．", ""), ("1.5万元", 0, "", ""),
    ("基本支出情况", 0, "", ""), ("一、", 0, "一、", ""), ("", 0, "", ""),
])
def test_headings(line: str, level: int, numbering: str, title: str):
    [paragraph] = report_of(line).paragraphs
    assert (paragraph.level, paragraph.numbering, paragraph.title) == (level, numbering, title)


@pytest.mark.parametrize(("text", "year"), [
    ("2021年度部门整体支出绩效自评报告\n2020年、2020年、2020年", "2021"), ("部门整体支出绩效自评报告\n(2022 年度)\n2021年", "2022"),
    ("二〇二二年度部门整体支出绩效自评报告\n2021年", "2022"), ("二O二一年部门整体支出绩效自评报告", "2021"),
    ("绩效自评报告\n2021年支出3万元，2021年收入。2020年", "2021"), ("绩效自评报告\n2023年3月22日", "旧"), ("2020年与2021年", "旧"),
])
def test_the_year(text: str, year: str):
    assert report_of(text, year="旧").year == year


@pytest.mark.parametrize(("text", "entity"), [
    ("部门整体支出绩效自评报告\n单位名称（盖章）：\n甲市服务中心", "甲市服务中心"), ("填报单位：甲市财政局\n正文", "甲市财政局"),
    ("2020年度甲市投资促进中心 部门整体支出绩效自评报告", "甲市投资促进中心"), ("正文\n甲市商务局\n2021年3月19日", "甲市商务局"),
    ("部门整体支出绩效自评报告\n正文写到甲市商务局的工作。", ""),
])
def test_whose_it_is(text: str, entity: str):
    assert report_of(text).entity == entity
