"""What the window shows, without a window."""

from __future__ import annotations

from typing import get_args

from pyfuncs.checks.finding import GROUP_WORDS
from pyfuncs.helper.window import look
from pyfuncs.helper.window.messages import Found, Unit, UnitState
from pyfuncs.helper.window.state import Filter, State, filtered


def found(path: str, rule: str, group: str, message: str = "填 90%") -> Found:
    word, rank = {"error": ("必须修改", 0), "note": ("提示", 3)}[group]
    return Found(path, f"单位{path}", rule, group, word, rank, "表!C9", message)


NOTE_A, ERROR_A = found("/a/甲.xlsx", "R-02", "note"), found("/a/甲.xlsx", "R-01", "error")
ERROR_B = found("/a/乙.xlsx", "R-03", "error", "填 12 人")
STATE = State(("/a",), units=(Unit("/a/甲.xlsx", "甲", "须修改", (NOTE_A, ERROR_A)), Unit("/a/乙.xlsx", "乙", "须修改", (ERROR_B,)),
                              Unit("/a/丙.xlsx", "丙")))


def test_the_gravest_come_first_and_are_counted():
    assert STATE.found() == [ERROR_A, ERROR_B, NOTE_A]
    assert STATE.groups() == {"error": ("必须修改", 2), "note": ("提示", 1)}
    assert STATE.rules() == ["R-01", "R-02", "R-03"]
    assert STATE.verdict() == "3 个文件：2 个须修改，1 个未审核"


def test_filters_are_combined():
    assert filtered(STATE, group="error", text="９０%".replace("９０", "90")).found() == [ERROR_A]
    assert filtered(STATE, rule="R-03").found() == [ERROR_B]
    assert filtered(STATE, text="c9").found() == STATE.found()
    assert filtered(STATE, path="/a/甲.xlsx").found() == [ERROR_A, NOTE_A]


def test_a_filter_that_another_leaves_nothing_of_is_lifted():
    notes = filtered(filtered(STATE, rule="R-01"), group="note")
    assert notes.filter == Filter(group="note") and notes.found() == [NOTE_A]
    other = filtered(notes, path="/a/乙.xlsx")
    assert other.filter == Filter(path="/a/乙.xlsx") and other.found() == [ERROR_B]


def test_what_is_known_of_a_file_stays_when_the_list_is_looked_up_again():
    again = STATE.listed([Unit("/a/甲.xlsx", "甲"), Unit("/a/丁.xlsx", "丁")])
    assert again.units == (STATE.units[0], Unit("/a/丁.xlsx", "丁"))
    audited = STATE.listed([Unit("/a/甲.xlsx", "甲中心", "可以上报")])
    assert audited.units == (Unit("/a/甲.xlsx", "甲中心", "可以上报"),)
    assert filtered(STATE, path="/a/乙.xlsx").listed(audited.units).filter == Filter()


def test_files_are_taken_off_the_list_and_put_on_it_again():
    less = STATE.without(["/a/甲.xlsx"])
    assert (less.sources, less.excluded, [unit.name for unit in less.units]) == (("/a",), {"/a/甲.xlsx"}, ["乙", "丙"])
    assert less.added(["/a/甲.xlsx"]).excluded == frozenset() == less.added(["/a"]).excluded
    assert less.added(["/b"]).excluded == {"/a/甲.xlsx"}
    single = State(("/c/戊.xlsx", "/a"), units=(Unit("/c/戊.xlsx", "戊"), *STATE.units)).without(["/c/戊.xlsx"])
    assert (single.sources, single.excluded) == (("/a",), frozenset())
    assert STATE.without([unit.path for unit in STATE.units]) == State()


def test_what_is_asked_for_names_sources_and_folders():
    asked = STATE.without(["/a/丙.xlsx"]).request("/上年", "/结果")
    assert (asked.paths, asked.excluded, asked.prior_folder, asked.output_folder) == (("/a",), {"/a/丙.xlsx"}, "/上年", "/结果")


def test_every_group_and_state_has_its_colour():
    assert set(look.GROUPS) == set(GROUP_WORDS) and set(look.STATES) == set(get_args(UnitState))
