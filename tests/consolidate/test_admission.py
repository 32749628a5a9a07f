"""Who is in: one workbook for each unit, and a list with a reason for everything else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_units import unit_a

from pyfuncs.catalog.submission import Submission
from pyfuncs.consolidate.admission import UNNAMED, Admission, Choice, ChoiceError, admit
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.result import Head, Late, Missing, Rejected, Unexpected
from pyfuncs.consolidate.tree import tree_of
from pyfuncs.consolidate.units_list import parse_units

INSIDE = "文件里记的保存时间"


def head(file: str, unit: str, dated: str = "2023-03-20T09:15:00", **changes) -> Head:
    return replace(Head(file, f"hash of {file}", unit, "2022", "430400/2022", False, dated, INSIDE), **changes)


def listed(text: str):
    return parse_units([line.split(",") for line in text.split("\n")])


def admitted(heads, units=None, **choice) -> Admission:
    return admit(heads, tree_of(units, heads), units, Choice(**choice))


def files(heads) -> list[str]:
    return [one.file for one in heads]


LIST = listed("单位代码,单位名称,上级,应报,报送期限,类型\n1,市民政局,,是,,汇总表\n11,福利中心,1,是,2023-03-31,\n"
              "12,救助站,1,是,,\n13,老龄办,1,否,,\n2,市财政局,,,,")


def test_order_is_that_of_the_tree_then_of_the_list_then_of_paths_whatever_the_order_of_the_files():
    heads = [head("9.xlsx", "福利中心"), head("1.xlsx", "救助站"), head("5.xlsx", "市财政局"), head("3.xlsx", "乙公司"),
             head("2.xlsx", "甲公司"), head("7.xlsx", "老龄办")]
    for order in (heads, heads[::-1]):
        assert files(admitted(order, LIST).accepted) == ["5.xlsx", "2.xlsx", "3.xlsx", "9.xlsx", "1.xlsx", "7.xlsx"]
        assert files(admitted(order).accepted) == sorted(files(heads))


def test_missing_units_and_strangers_are_told_with_names_that_may_be_meant():
    heads = [head("a.xlsx", "市福利中心"), head("b.xlsx", "某公司"), head("救助站.xlsx", f"{UNNAMED}救助站"),
             head("c.xlsx", "市财政局", reason="打不开")]
    found = admitted(heads, LIST)
    assert found.missing == (Missing("市民政局", (), "1", "1"), Missing("福利中心", ("市福利中心",), "11", "1"),
                             Missing("救助站", (f"{UNNAMED}救助站",), "12", "1"))   # 财政局 filed something: it is turned away
    assert found.unexpected == (Unexpected("市福利中心", ("福利中心",)), Unexpected("某公司"),
                                Unexpected(f"{UNNAMED}救助站", ("救助站",)))
    assert admitted(heads).missing == admitted(heads).unexpected == ()


def test_what_stands_for_a_name_is_what_a_unit_without_one_is_called():
    assert Filed(Submission("x/甲.xlsx", "", "", " ", "")).unit == f"{UNNAMED}甲"


def test_a_workbook_that_cannot_be_read_keeps_its_own_reason():
    assert admitted([head("坏.xlsx", "甲", reason="文件已损坏。")]).rejected == (Rejected("坏.xlsx", "甲", "文件已损坏。"),)


def test_of_two_workbooks_of_a_unit_the_one_saved_last_counts():
    old, new = head("a/甲.xlsx", "甲", "2023-03-18T08:00:00"), head("b/甲.xlsx", " 甲", "2023-03-20T09:15:59")
    found = admitted([old, new])
    assert files(found.accepted) == ["b/甲.xlsx"]
    assert found.rejected == (Rejected(
        "a/甲.xlsx", "甲", "“甲”报了 2 份，以后保存的 b/甲.xlsx 为准（文件里记的保存时间：2023-03-20 09:15），"
        "这一份（文件里记的保存时间：2023-03-18 08:00）没有计入；不对的，请只留定稿；是同名的两个单位的，请用单位名单写明各自的上级和代码",
        "", "b/甲.xlsx"),)
    assert "b/甲.xlsx（2021 年度，这一份是 2022 年度） 为准" in admitted([old, replace(new, year="2021")]).rejected[0].reason


def test_beside_a_workbook_the_forms_behind_a_report_are_no_second_filing():
    report, book = head("b/甲报告.docx", "甲", "2023-03-25T08:00:00"), head("a/甲.xlsx", "甲", "2023-03-20T09:15:59")
    found = admitted([report, book])
    assert files(found.accepted) == ["a/甲.xlsx"]
    assert found.rejected == () and found.annexes == (Rejected(
        "b/甲报告.docx", "甲", "“甲”报了工作簿 a/甲.xlsx，以工作簿为准；要以 Word 文档为准的，请只交它", "", "a/甲.xlsx"),)
    must_fix = admitted([report, replace(book, must_fix=True)])
    assert (must_fix.accepted, [one.file for one in must_fix.rejected], len(must_fix.annexes)) == ((), ["a/甲.xlsx"], 1)
    assert files(admitted([report, replace(book, reason="打不开")]).accepted) == ["b/甲报告.docx"]
    assert files(admitted([report]).accepted) == files(admitted([report, head("乙.xlsx", "乙")]).accepted)[:1] == ["b/甲报告.docx"]


def test_forms_in_word_of_another_year_or_beside_two_workbooks_come_by_date():
    newer, book = head("甲.docx", "甲", "2023-03-25T08:00:00"), head("甲.xlsx", "甲")
    assert files(admitted([replace(newer, year="2023"), book]).accepted) == ["甲.docx"]
    assert files(admitted([newer, book, head("甲2.xlsx", "甲", "2023-03-21T08:00:00")]).accepted) == ["甲2.xlsx"]


@pytest.mark.parametrize("dated", ["2023-03-20T09:15:00", ""])
def test_where_it_cannot_be_told_which_came_last_none_is_guessed(dated):
    found = admitted([head("a.xlsx", "甲", dated), head("b.xlsx", "甲"), head("c.xlsx", "甲", "2022-01-01T00:00:00"), head("d.xlsx", "乙")])
    first = f"a.xlsx（{INSIDE}：2023-03-20 09:15）" if dated else "a.xlsx（没有保存时间）"
    reason = (f"“甲”报了 3 份，内容不同，看不出哪一份是后保存的，都没有计入：{first}、b.xlsx（{INSIDE}：2023-03-20 09:15）、"
              f"c.xlsx（{INSIDE}：2022-01-01 00:00）；请确认哪一份是定稿，只留一份；是同名的两个单位的，请用单位名单写明各自的上级和代码")
    assert files(found.accepted) == ["d.xlsx"]
    assert found.rejected == tuple(Rejected(file, "甲", reason) for file in ("a.xlsx", "b.xlsx", "c.xlsx"))


def test_a_date_that_nobody_vouches_for_is_told_as_one():
    [one] = admitted([head("a.xlsx", "甲", dated_by=""), head("b.xlsx", "甲", "2023-03-21T00:00:00", dated_by="")]).rejected
    assert "b.xlsx 为准（保存时间：2023-03-21 00:00），这一份（保存时间：2023-03-20 09:15）没有计入" in one.reason


@pytest.mark.parametrize(("ours", "others", "counted"), [
    ("卫生局/卫生局-部门汇总自评表.xlsx", "卫生局/甲.xlsx", False), ("卫生局-部门汇总自评表 (2).xlsx", "卫生局/甲.xlsx", False),
    ("卫生局/卫生局-部门汇总自评表.xlsx", "教育局/甲.xlsx", True), ("卫生局/部门汇总自评表说明.xlsx", "卫生局/甲.xlsx", True),
])
def test_forms_of_ours_with_a_departments_sums_are_not_added_to_what_they_sum_up(ours: str, others: str, counted: bool):
    found = admitted([head(ours, "卫生局"), head(others, "甲"), head("教育局/坏.xlsx", "坏", reason="打不开")])
    assert (ours in files(found.accepted)) == counted
    assert [one.file for one in found.rejected if "里面已经有下属各单位的数" in one.reason] == ([] if counted else [ours])


def test_the_list_says_what_the_forms_of_a_department_are():
    ours = head("市民政局-部门汇总自评表.xlsx", "市民政局")
    units = [head("甲.xlsx", "福利中心"), ours]
    assert [file.file for _, file in admitted(units, LIST).summaries] == [ours.file]
    own = listed("单位代码,单位名称,上级\n1,市民政局,\n11,福利中心,1")
    assert [one.file for one in admitted(units, own).rejected] == [ours.file]
    leaf = listed("单位代码,单位名称\n1,市民政局\n11,福利中心")
    assert files(admitted(units, leaf).accepted) == [ours.file, "甲.xlsx"]


def test_only_those_that_can_be_let_in_by_choice_are_said_to_have_findings():
    heads = [head("坏.xlsx", "丙", reason="打不开", must_fix=True), head("a.xlsx", "甲", must_fix=True),
             head("b.xlsx", "甲", "2023-03-01T00:00:00", must_fix=True), head("c.xlsx", "乙", must_fix=True)]
    assert {one.file: one.must_fix for one in admitted(heads).rejected} == {
        "a.xlsx": True, "b.xlsx": False, "c.xlsx": True, "坏.xlsx": False}


def test_many_copies_are_not_all_named():
    reason = admitted([head(f"{number}.xlsx", "甲") for number in range(9)]).rejected[8].reason
    assert "“甲”报了 9 份" in reason and "4.xlsx" in reason and "5.xlsx" not in reason and "09:15） 等；" in reason


def test_one_content_counts_once_whatever_the_unit_is_called():
    heads = [head("b.xlsx", "甲"), head("a.xlsx", "甲", sha256="hash of b.xlsx"), head("c.xlsx", "乙", sha256="hash of b.xlsx")]
    found = admitted(heads)
    assert files(found.accepted) == ["a.xlsx"]
    assert found.rejected == tuple(Rejected(file, unit, "与 a.xlsx 内容完全相同，只计一次；请删去多余的一份", "", "a.xlsx")
                                   for file, unit in (("b.xlsx", "甲"), ("c.xlsx", "乙")))


def test_files_of_one_name_without_a_units_name_are_different_units():
    assert len(admitted([head("甲/表.xlsx", f"{UNNAMED}表"), head("乙/表.xlsx", f"{UNNAMED}表")]).accepted) == 2


def test_units_that_must_mend_their_forms_count_only_when_asked_for():
    heads = [head("a.xlsx", "甲", must_fix=True), head("b.xlsx", "乙")]
    found = admitted(heads)
    assert (files(found.accepted), found.rejected) == (["b.xlsx"], (
        Rejected("a.xlsx", "甲", "有必须修改的错误，没有计入；请改正后重新报送，或选择仍然计入", "", "", True),))
    found = admitted(heads, include_rejected=True)
    assert ([(one.file, one.must_fix) for one in found.accepted], found.rejected) == ([("a.xlsx", True), ("b.xlsx", False)], ())


def test_no_older_workbook_steps_in_for_one_that_must_be_mended():
    heads = [head("a.xlsx", "甲", "2023-03-01T00:00:00"), head("b.xlsx", "甲", must_fix=True)]
    found = admitted(heads)
    assert found.accepted == ()
    assert [(one.file, one.duplicate, one.must_fix) for one in found.rejected] == [("a.xlsx", "", False), ("b.xlsx", "", True)]
    assert [(one.file, one.duplicate) for one in admitted(heads, include_rejected=True).rejected] == [("a.xlsx", "b.xlsx")]


def test_a_summary_is_compared_and_never_counted():
    heads = [head("a.xlsx", "市民政局", must_fix=True), head("b.xlsx", "福利中心")]
    found = admitted(heads, LIST)
    assert (files(found.accepted), found.summaries, found.rejected) == (["b.xlsx"], (("1", heads[0]),), ())


def test_namesakes_in_no_telling_folder_are_turned_away_and_not_missing():
    units = listed("单位代码,单位名称,上级,应报\n1,甲县,,否\n2,乙县,,否\n11,办公室,1,\n21,办公室,2,")
    found = admitted([head("x.xlsx", "办公室"), head("乙县/y.xlsx", "办公室")], units)
    assert (files(found.accepted), found.missing, found.unexpected) == (["乙县/y.xlsx"], (), ())
    assert [(one.file, one.reason[:18]) for one in found.rejected] == [("x.xlsx", "名单里有 2 个单位叫“办公室”（1")]


def test_late_is_a_day_after_the_units_own_deadline_else_after_that_of_all():
    heads = [head("a.xlsx", "福利中心", "2023-03-31T23:59:59"), head("b.xlsx", "救助站", "2023-04-01T00:00:00"),
             head("c.xlsx", "老龄办", ""), head("d.xlsx", "市财政局", "2023-04-11T00:00:00", must_fix=True)]
    assert admitted(heads, LIST).late == ()
    assert admitted(heads, LIST, deadline="2023-03-30").late == (
        Late("市财政局", "d.xlsx", "2023-04-11T00:00:00", "2023-03-30", INSIDE),
        Late("救助站", "b.xlsx", "2023-04-01T00:00:00", "2023-03-30", INSIDE))
    heads[0] = replace(heads[0], dated="2023-04-01T00:00:00")
    assert [one.unit for one in admitted(heads, LIST, deadline="2023-04-10").late] == ["市财政局", "福利中心"]


@pytest.mark.parametrize(("only", "chosen"), [
    (("福利 中心",), ["a.xlsx"]), (("11", "市财政局"), ["d.xlsx", "a.xlsx"]), (("市民政局",), ["a.xlsx", "b.xlsx"]),
    (("1",), ["a.xlsx", "b.xlsx"]), (("某公司",), ["e.xlsx"]), (("全部单位",), ["d.xlsx", "e.xlsx", "a.xlsx", "b.xlsx"]),
    (("老龄办",), [])])
def test_a_choice_names_units_codes_and_nodes_with_all_below(only, chosen):
    heads = [head("a.xlsx", "福利中心"), head("b.xlsx", "救助站"), head("d.xlsx", "市财政局"), head("e.xlsx", "某公司")]
    found = admitted(heads, LIST, only=only)
    assert (files(found.accepted), found.not_chosen) == (chosen, 4 - len(chosen))


def test_what_was_not_chosen_is_neither_missing_nor_unexpected_nor_turned_away():
    heads = [head("a.xlsx", "救助站"), head("b.xlsx", "某公司"), head("c.xlsx", "市财政局", must_fix=True)]
    found = admitted(heads, LIST, only=("福利中心", "救助站"))
    assert (found.missing, found.unexpected, found.rejected, found.not_chosen) == (
        (Missing("福利中心", (), "11", "1"),), (), (), 2)


def test_folders_can_be_chosen_too_with_those_below_them():
    heads = [head(f"x/{file}.xlsx", file) for file in ("民政局/救助处/东", "民政局/救助处/西", "民政局/老龄办", "丙")]
    assert files(admitted(heads, only=("民政局",)).accepted) == files([heads[2], *heads[:2]])
    assert files(admitted(heads, only=("民政局/救助处",)).accepted) == files(heads[:2])


def test_a_choice_of_nobody_is_refused_with_near_names():
    with pytest.raises(ChoiceError) as caught:
        admitted([head("a.xlsx", "福利中心")], LIST, only=("市福利中心", "福利中心", " ", "甲"))
    assert str(caught.value).split("\n") == [
        "没有叫“市福利中心”的单位或上级，是不是“福利中心”？请写单位名称、单位代码或上级的名称",
        "没有叫“ ”的单位或上级；请写单位名称、单位代码或上级的名称", "没有叫“甲”的单位或上级；请写单位名称、单位代码或上级的名称"]


def test_heads_of_units_held_in_memory_are_admitted():
    held = Held([replace(unit_a(), findings=()), Filed(Submission("坏.xlsx", "", "", "", ""))])
    found = admitted(held.heads())
    assert (files(found.accepted), [one.reason for one in found.rejected]) == (["甲中心.xlsx"], ["没有读出任何数据"])


UNITS = ("福利中心", "救助站", "市民政局", "市财政局", "某公司", f"{UNNAMED}表")
some_heads = st.lists(st.builds(
    lambda number, unit, day, content, must_fix, reason: head(
        f"{number}.xlsx", unit, day and f"2023-03-{day:02}T00:00:00", sha256=f"{unit} {content}", must_fix=must_fix, reason=reason),
    st.integers(0, 99), st.sampled_from(UNITS), st.sampled_from(["", 1, 2, 31]), st.integers(0, 2), st.booleans(),
    st.sampled_from(["", "", "打不开"])), max_size=10, unique_by=lambda one: one.file)


@given(some_heads, st.booleans(), st.booleans(), st.sets(st.sampled_from(UNITS[:4])), st.randoms())
def test_every_workbook_is_somewhere_once_no_unit_counts_twice_and_order_changes_nothing(heads, with_list, included, only, order):
    units = LIST if with_list else None
    chosen = tuple(sorted(only & {one.unit for one in heads}))
    found = admitted(heads, units, include_rejected=included, only=chosen, deadline="2023-03-15")
    told = [*files(found.accepted), *files(found.rejected), *(one.file for _, one in found.summaries)]
    assert len(told) == len(set(told)) == len(heads) - found.not_chosen
    counted = [one.unit for one in found.accepted if not one.unit.startswith(UNNAMED)]
    assert len(counted) == len(set(counted))
    assert all(one.duplicate in files(found.accepted) for one in found.rejected if one.duplicate)
    assert not any(one.must_fix and not included or one.reason for one in found.accepted)
    shuffled = list(heads)
    order.shuffle(shuffled)
    assert admitted(shuffled, units, include_rejected=included, only=chosen, deadline="2023-03-15") == found
