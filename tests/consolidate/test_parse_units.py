"""The list of units: columns in any order and language, and a sentence for everything that can't be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.consolidate.units_list import (MOST_LEVELS, MOST_ROWS, ListedUnit, UnitsList, UnitsListError, iso_date,
                                            parse_units)

HEAD = ["单位代码", "单位名称", "上级", "应报", "报送期限", "类型"]


def table(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.split("\n")]


def refusal(text: str) -> str:
    with pytest.raises(UnitsListError) as caught:
        parse_units(table(text))
    return str(caught.value).removeprefix("单位名单不能用，请改正：\n")


def test_every_column_is_read_in_any_order_and_language():
    chinese = parse_units([HEAD, ["101", "市民政局", "", "否", "", "汇总表"],
                           ["101001", " 福利中心 ", "101", "", "2023年3月31日", ""], ["101002", "救助站", "市民政局", "0", "", "本级"]])
    english = parse_units([["kind", "备注", "expected", "Parent", "deadline", "name", "code"],
                           ["汇总表", "x", "no", "", "", "市民政局", "101"], ["", "", "1", "101", "2023/3/31", "福利中心", "101001"],
                           ["", "", "否", "101", "", "救助站", "101002"]])
    assert chinese == english == UnitsList((
        ListedUnit("101", "市民政局", "", False, "", True),
        ListedUnit("101001", "福利中心", "101", True, "2023-03-31"),
        ListedUnit("101002", "救助站", "101", False)))


def test_names_alone_are_a_list_and_a_title_blank_lines_and_repetitions_do_not_matter():
    units = parse_units(table("某市报送单位名单\n\n序号,单位名称*,联系人\n1,甲中心,某人\n\n2, 乙中心 ,\n3,甲中心,又一次\n4"))
    assert units.listed == (ListedUnit("", "甲中心"), ListedUnit("", "乙中心"))


def test_who_is_above_whom_can_be_asked():
    units = parse_units(table("单位名称,上级\n省,\n市,省\n县,市\n乡,市"))
    assert [one.name for one in units.above(units.by_key["县"])] == ["市", "省"]
    assert {key: [one.name for one in below] for key, below in units.below.items()} == {
        "": ["省"], "省": ["市"], "市": ["县", "乡"]}


def test_units_of_one_name_are_allowed_where_codes_and_parents_tell_them_apart():
    units = parse_units(table("单位代码,单位名称,上级\n1,甲县,\n2,乙县,\n11,办公室,1\n21,办公室,乙县"))
    assert [(one.key, one.parent) for one in units.by_name["办公室"]] == [("11", "1"), ("21", "2")]


ALIKE = "不是同一单位的，请给两行各写单位代码和不同的上级；同一上级下面的，请把名称写得能分清，例如加“（本级）”"


@pytest.mark.parametrize(("text", "message"), [
    ("", "单位名单的第一行应有一列叫“单位名称”，现为“空”；请在第一行写上列名，例如：单位代码,单位名称,上级,应报"),
    ("名称,电话\n甲中心,1", "单位名单的第一行应有一列叫“单位名称”，现为“名称,电话”；请在第一行写上列名，例如：单位代码,单位名称,上级,应报"),
    ("单位名称,name\n甲,乙", "单位名单第 1 行有两列都是“单位名称”：“单位名称”和“name”；请只留一列"),
    ("单位名称\n \n", "单位名单的“单位名称”一列没有单位；请一行写一个单位"),
    ("单位代码,单位名称\n1,\n2,甲", "第 2 行“单位名称”是空的；请填上单位名称，或删去这一行"),
    ("单位名称,应报\n甲,也许", "第 2 行“应报”写的是“也许”；请写 是 或 否，空着就是 是"),
    ("单位名称,类型\n甲,下级", "第 2 行“类型”写的是“下级”；请写 本级 或 汇总表，空着就是 本级"),
    ("单位名称,报送期限\n甲,2023-02-30", "第 2 行“报送期限”写的是“2023-02-30”，不是日期；请写成 2023-03-31 这样"),
    ("单位名称\n=HYPERLINK(1)", "第 2 行“单位名称”写的是公式“=HYPERLINK(1)”，程序不计算公式；请改成文字"),
    ("单位名称\n#REF!", "第 2 行“单位名称”是错误值 #REF!；请重新输入"),
    ("单位名称\n甲\x07", "第 2 行“单位名称”里有换行或看不见的控制字符，多半是从别处粘贴来的；请清空这一格，重新输入"),
    ("单位名称\n" + "甲" * 201, "第 2 行“单位名称”有 201 个字，超过 200 个；请核对这一格"),
    ("单位代码,单位名称,上级\n1,局,\n2,厅,\n3,甲,局\n3,甲,厅",
     "第 4、5 行的单位代码都是 3，上级却有两个：“局”和“厅”；一个单位只能有一个上级，请删去一行，或改正代码"),
    ("单位代码,单位名称\n3,甲\n3,乙", "第 2、3 行的单位代码都是 3，却是“甲”和“乙”；请改正其中一个代码"),
    ("单位代码,单位名称,应报\n3,甲,是\n3,甲,否", "第 2、3 行的单位代码都是 3，其他各列却不相同；请只留一行"),
    ("单位名称,应报\n甲（本级）,是\n甲(本级),否", f"第 2、3 行的单位名称都是“甲(本级)”，分不清谁是谁；{ALIKE}"),
    ("单位代码,单位名称\n1,甲\n2,甲", f"第 2、3 行的单位名称都是“甲”，分不清谁是谁；{ALIKE}"),
    ("单位代码,单位名称,上级\n1,局,\n2,甲,局\n,甲,", f"第 3、4 行的单位名称都是“甲”，分不清谁是谁；{ALIKE}"),
    ("单位代码,单位名称,上级\n1,局,\n,甲,\n2,甲,局", f"第 3、4 行的单位名称都是“甲”，分不清谁是谁；{ALIKE}"),
    ("单位代码,单位名称\n甲,局\n,甲", "第 3 行的单位名称与第 2 行的单位代码都是“甲”，分不清指的是谁；请给这一行也写上单位代码"),
    ("单位名称,上级\n市民政事务局,\n甲,市民政局", "第 3 行的上级“市民政局”不在名单里，是不是“市民政事务局”？请改正，或给上级单位也写一行"),
    ("单位名称,上级\n甲,某某", "第 2 行的上级“某某”不在名单里；请改正，或给上级单位也写一行"),
    ("单位代码,单位名称,上级\n1,东,\n2,西,\n3,处,东\n4,处,西\n5,甲,处",
     "第 6 行的上级“处”，名单里有 2 个单位叫这个名字；请改写它的单位代码（3、4）"),
    ("单位名称,上级\n甲,乙\n乙,丙\n丙,甲\n丁,甲",
     "上级绕成了圈：“甲”（第 2 行） → “乙”（第 3 行） → “丙”（第 4 行） → “甲”（第 2 行）；请改正其中一行的“上级”"),
    ("单位名称,上级\n甲,甲", "上级绕成了圈：“甲”（第 2 行） → “甲”（第 2 行）；请改正其中一行的“上级”"),
    ("单位名称,类型\n甲,汇总表", "第 2 行“类型”写的是“汇总表”，却没有单位以“甲”为上级；请改为 本级，或给它下面的单位写上“上级”"),
])
def test_what_is_wrong_is_told_with_the_row_and_what_to_do(text: str, message: str):
    assert refusal(text) == message


def test_every_fault_is_told_at_once_and_many_are_counted():
    rows = "\n".join(["单位名称,应报", *(f"甲{number},x" for number in range(30))])
    assert refusal(rows).split("\n")[-2:] == ["第 11 行“应报”写的是“x”；请写 是 或 否，空着就是 是", "……另有 20 处"]
    lost = refusal("\n".join(["单位名称,上级", *(f"甲{number},无" for number in range(30))]))
    assert lost.split("\n")[-1] == "……另有 20 处" and len(lost.split("\n")) == 11


def test_too_many_rows_and_too_many_levels_are_refused():
    with pytest.raises(UnitsListError, match=f"单位名单超过 {MOST_ROWS} 行"):
        parse_units([["单位名称"], *([["甲"]] * (MOST_ROWS + 1))])
    chain = "\n".join(["单位名称,上级", "级0,", *(f"级{level},级{level - 1}" for level in range(1, MOST_LEVELS + 1))])
    assert refusal(chain) == f"第 {MOST_LEVELS + 2} 行“级{MOST_LEVELS}”在第 {MOST_LEVELS + 1} 级，超过 {MOST_LEVELS} 级；请核对“上级”一列"
    assert parse_units(table(chain.rpartition("\n")[0]))


def test_a_long_circle_is_shortened():
    rows = ["单位名称,上级", *(f"甲{number},甲{(number + 1) % 50}" for number in range(50))]
    assert refusal("\n".join(rows)).startswith("上级绕成了圈：“甲0”（第 2 行） → ")
    assert refusal("\n".join(rows)).endswith("“甲9”（第 11 行） → …… → “甲0”（第 2 行）；请改正其中一行的“上级”")


@pytest.mark.parametrize(("text", "day"), [
    ("2023-3-31", "2023-03-31"), ("2023/03/31", "2023-03-31"), ("2023.3.1", "2023-03-01"), (" 2023 年 3 月 1 日", "2023-03-01"),
    ("２０２３－３－１", "2023-03-01"), ("20230331", "2023-03-31"), ("2023-02-29", None), ("23-3-1", None), ("三月底", None), ("", None)])
def test_days_are_read_as_clerks_write_them(text: str, day: str | None):
    assert iso_date(text) == day


@given(st.lists(st.lists(st.text(max_size=5), max_size=5), max_size=6), st.permutations(HEAD))
def test_whatever_stands_in_the_table_the_answer_is_a_list_or_a_sentence(rows, head):
    try:
        units = parse_units([list(head), *rows])
    except UnitsListError as error:
        assert str(error)
    else:
        assert units.listed and {one.parent for one in units.listed} - {""} <= units.by_key.keys()


@given(st.lists(st.integers(min_value=0, max_value=11), min_size=1, max_size=12))
def test_parents_are_a_tree_or_are_refused(above):
    """Each unit names any unit as its parent, itself included: 11 and beyond the list means none."""
    rows = [[f"甲{number}", f"甲{parent}" if parent < len(above) else ""] for number, parent in enumerate(above)]
    try:
        units = parse_units([["单位名称", "上级"], *rows])
    except UnitsListError as error:
        assert "上级绕成了圈" in str(error)
        assert any(_runs_in_a_circle(above, start) for start in range(len(above)))
    else:
        assert all(len(list(units.above(one))) < len(above) for one in units.listed)


def _runs_in_a_circle(above: list[int], start: int) -> bool:
    for _ in range(len(above) + 1):
        if start >= len(above):
            return False
        start = above[start]
    return True
