"""Who is in: the list of units, double entries, near names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample_units import filed, unit_a, unit_b, unit_c

from pyfuncs.catalog.submission import Submission, Trouble
from pyfuncs.consolidate.consolidate import consolidate
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.consolidate.model import Missing, Rejected, Unexpected
from pyfuncs.consolidate.units import UnitsListError, compare_with_list, parse_units

LIST = "单位名称,联系人\n甲中心,某人\n\n 乙中心 ,\n甲中心,又一次\n"


@pytest.mark.parametrize("data", [
    LIST.encode("utf-8"), LIST.encode("utf-8-sig"), LIST.encode("gbk"), LIST.replace("\n", "\r\n").encode("gb18030"),
    "序号,单位名称\n1,甲中心\n2,乙中心\n".encode(), '单位名称\n"甲中心"\n乙中心'.encode(),
])
def test_a_list_is_read_whatever_program_saved_it(data: bytes):
    assert parse_units(data) == ["甲中心", "乙中心"]


@pytest.mark.parametrize(("data", "message"), [
    (b"", "单位名单的第一行应有一列叫“单位名称”，现为“空”；请在第一行写上列名，例如：单位名称,联系人"),
    ("名称\n甲中心".encode(), "单位名单的第一行应有一列叫“单位名称”，现为“名称”；请在第一行写上列名，例如：单位名称,联系人"),
    ("单位名称\n \n".encode(), "单位名单的“单位名称”一列没有单位；请一行写一个单位"),
    (b"\xff\xff\xff", "单位名单读不出来：既不是 UTF-8 也不是 GBK 编码；请在表格软件中另存为 CSV"),
])
def test_what_is_no_list_is_refused_with_words(data: bytes, message: str):
    with pytest.raises(UnitsListError) as caught:
        parse_units(data)
    assert str(caught.value) == message


def test_missing_and_unexpected_units_come_with_near_names():
    missing, unexpected = compare_with_list(
        ["衡阳市投资促进事务中心", "市财政局", "市民政局（本级）"], ["衡阳市投资促进中心", "市民政局(本级)", "某公司"])
    assert missing == [Missing("衡阳市投资促进事务中心", ("衡阳市投资促进中心",)), Missing("市财政局")]
    assert unexpected == [Unexpected("衡阳市投资促进中心", ("衡阳市投资促进事务中心",)), Unexpected("某公司")]


def test_two_spellings_of_one_name_are_one_unit():
    assert same_name(" 甲（本级）　中心") == same_name("甲(本级)中心")


def test_double_and_unreadable_files_are_turned_away_with_the_reason():
    broken = Filed(Submission("坏.xlsx", "", "", "", "", troubles=(
        Trouble("file", "damaged-file", "文件“坏.xlsx”已损坏，打不开。", "请重新要一份。"),)))
    twice = renamed(unit_b(path="副本/乙.xlsx", sha256=unit_b().submission.sha256), "另一名称")
    result = consolidate([unit_a(), unit_b(), broken, unit_a(path="定稿/甲.xlsx"), twice])
    assert result.units == ["甲中心", "乙中心"]
    assert result.rejected == (
        Rejected("坏.xlsx", "（未填单位名称）坏", "文件“坏.xlsx”已损坏，打不开。请重新要一份。"),
        Rejected("定稿/甲.xlsx", "甲中心", "“甲中心”已由 甲中心.xlsx 报送，这一份没有计入；请确认哪一份是定稿，只留一份，或改正单位名称"),
        Rejected("副本/乙.xlsx", "另一名称", "与 乙中心.xlsx 内容完全相同，只计一次；请删去多余的一份"))
    assert not result.complete


def test_everything_the_reader_must_know_is_noticed():
    nameless = renamed(unit_b(path="无名.xlsx"), " ")
    result = consolidate([unit_a(), unit_c(), nameless], ["甲中心", "丙中心局"])
    assert [(notice.text, notice.units) for notice in result.notices] == [
        ("会计年度不一致，合计把不同年度的数加在一起；其余单位为 2022", ("丙中心（2021）",)),
        ("用的规则集不一致，每个项目只加有这一项的单位，得分口径可能不同；其余单位为 430400/2022", ("丙中心（430181/2021）",)),
        ("有必须修改的错误，数已计入合计，改正后请重新汇总", ("甲中心", "丙中心", "（未填单位名称）无名")),
        ("没有填单位名称，暂用文件名代替", ("（未填单位名称）无名",)),
        ("不在单位名单里，数已计入合计；名单里的“丙中心局”没有报送，是不是同一单位？", ("丙中心",)),
        ("不在单位名单里，数已计入合计", ("（未填单位名称）无名",)),
    ]


def test_a_score_on_an_assumed_rule_is_told():
    assumed = filed("430181/2021", "丙中心", {"项目": [{"资金.全年预算": "5", "资金.全年执行": "5"}]})
    [notice] = [one for one in consolidate([assumed]).notices if "推定" in one.text]
    assert (notice.text, notice.units) == ("“项目资金得分”的评分办法是推定的，没有文件依据", ("丙中心",))


def renamed(one: Filed, name: str) -> Filed:
    return replace(one, submission=replace(one.submission, entity=name))


def test_nobody_filed():
    result = consolidate([], ["甲中心"])
    assert (result.units, result.totals, result.rates, result.ranking) == ([], (), (), ())
    assert result.missing == (Missing("甲中心"),)
