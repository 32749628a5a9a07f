"""Codes of derived checks: every check has one, numbers are for life."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pyfuncs.catalog import load
from pyfuncs.catalog.codes import assign, code, derived_keys, form_of
from pyfuncs.catalog.kinds import KINDS
from pyfuncs.catalog.load import load_ruleset

SMALL = Path(__file__).parent / "ruleset"


def test_keys_of_a_small_rule_set_in_printed_order(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(load, "FOLDERS", (SMALL,))
    assert [key for _, key in derived_keys(load_ruleset("990000/2022"))] == [
        "type:基础!编制数", "type:基础!在职人数", "percent:基础!控制率", "rate:基础!控制率",
        "type:基础!满分", "fixed:基础!满分", "type:基础!执行得分", "score:基础!执行得分", "range:基础!执行得分",
        "type:基础!预算", "type:基础!决算", "percent:基础!比率",
        "parts:基础!支出", "blank-parent:基础!支出", "percent:基础!支出.比率", "rate:基础!支出.比率",
        "ask:基础!支出.比率", "fixed:基础!基本", "parts:基础!项目支出", "blank-parent:基础!项目支出",
        "type:基础!指标.分值", "type:基础!指标.得分", "range:基础!指标.得分", "reason:基础!指标.原因",
        "group:基础!产出", "group:基础!数量", "group:基础!质量", "group:基础!效益",
        "type:基础!明细.预算", "type:基础!明细.决算", "percent:基础!明细.比率",
        "type:基础!分值合计", "total:基础!分值合计", "equals:基础!分值合计",
        "type:基础!总分", "score:基础!总分", "grade:基础!等级",
        "required:项目!项目名称", "type:项目!预算数", "type:项目!执行数", "percent:项目!执行率", "rate:项目!执行率",
        "filled:基础!全表", "inflated:基础!全表", "unspent:基础!全表", "year:基础!全表", "prompt:基础!全表",
        "filled:项目!全表", "unspent:项目!全表", "year:项目!全表", "prompt:项目!全表", "year:封面",
    ]


@pytest.mark.parametrize("ruleset_id", ["430400/2022", "430181/2021"])
def test_every_derived_check_has_one_code_of_its_own(ruleset_id: str):
    ruleset = load_ruleset(ruleset_id)
    keys = [key for _, key in derived_keys(ruleset)]
    shown = [code(ruleset, key) for key in [*keys, *ruleset.checks]]
    assert len(set(keys)) == len(keys) and len(set(shown)) == len(shown)
    assert {key.partition(":")[0] for key in keys} <= KINDS.keys()
    assert all(form == form_of(key) for form, key in derived_keys(ruleset))


def test_what_users_see():
    ruleset = load_ruleset("430400/2022").model_copy(update={"codes": {
        "parts:基础数据!公用经费": "012", "ask:政府采购执行率": "001"}})
    assert [code(ruleset, key) for key in ("parts:基础数据!公用经费", "ask:政府采购执行率", "KB-01")] == [
        "430400-2022-JCSJ-012", "430400-2022-QT-001", "430400-2022-KB-01"]
    with pytest.raises(KeyError):
        code(ruleset, "parts:基础数据!三公经费")


def test_new_keys_get_the_next_number_of_their_form():
    old = {"parts:甲!a": "001", "rate:甲!b": "007", "parts:乙!a": "001"}
    new = [("甲", "total:甲!c"), ("乙", "total:乙!c"), ("甲", "parts:甲!a"), ("甲", "score:甲!d"), ("", "grade:总分")]
    assert assign(old, new) == {**old, "total:甲!c": "008", "total:乙!c": "002", "score:甲!d": "009",
                                "grade:总分": "001"}


KEYS = st.lists(st.tuples(st.sampled_from(["甲", "乙"]), st.sampled_from("abcdefgh")), max_size=8).map(
    lambda pairs: [(form, f"parts:{form}!{name}") for form, name in pairs])


@given(st.lists(KEYS, min_size=1, max_size=6))
def test_numbers_are_never_changed_dropped_or_given_twice(generations: list):
    codes: dict[str, str] = {}
    for keys in generations:                          # each generation forgets some keys and adds others
        later = assign(codes, keys)
        assert list(later.items())[:len(codes)] == list(codes.items())
        assert all(key in later for _, key in keys)
        assert len({(form_of(key), number) for key, number in later.items()}) == len(later)
        codes = later
