"""Parameters and readings in a clerk's words, and how a tree of text is drawn."""
from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.methods import METHODS
from pyfuncs.methods.explanation import reading_lines, result_words, shown
from pyfuncs.methods.parameter_words import parameter_words, with_defaults
from pyfuncs.methods.tree import Node, draw


def test_every_parameter_of_every_method_has_a_name_and_every_choice_a_word():
    bands = [{"upto": "0", "points": "5"}]
    for method in METHODS.values():
        for parameter in method.parameters if method.kind == "score" else ():
            for value in [bands] if parameter.kind == "bands" else parameter.choices or ["1"]:
                [(label, words)] = parameter_words({parameter.name: value}).items()
                assert label != parameter.name and words != str(value), (method.name, parameter.name)


def test_parameters_in_words():
    assert parameter_words({
        "points": "5", "limit": "0.9", "step": "0.05", "per_step": "0.50",
        "step_rounding": {"any": ["ceil", "linear"]}, "else": "0", "op": ">=", "cap": "1",
        "bands": [{"upto": "0", "points": "5"}, {"below": "0.1", "points": "4.0"}], "judge_on": "printed",
        "rate_decimals": "1", "na": "exclude", "decimals": {"any": ["2", "0"]}, "evidence": "required",
        "per_time": "1",
    }) == {
        "分值": "5 分", "满分界限": "90%", "一步": "5 个百分点", "每步扣": "0.5 分", "不足一步": "算一步 或 按比例",
        "各档": "不超过 0% 得 5 分，低于 10% 得 4 分", "不在各档内": "得 0 分", "与界限比": "不低于",
        "比率最多按": "100%", "判断时": "按印出的百分数", "印出的百分数": "保留 1 位小数", "不适用时": "不计入，其余折算",
        "得分取整": "到 2 位小数 或 到 0 位小数", "附依据": "必须", "每次扣": "1 分"}


@pytest.mark.parametrize(("name", "value"), [
    ("points", "五"), ("bands", "没有"), ("bands", [{"points": "5"}]), ("na", "half"), ("limit", None)])
def test_what_is_malformed_stays_as_it_is_written(name: str, value: object):
    assert list(parameter_words({name: value}).values()) == [str(value)]
    assert parameter_words({"没有的": "甲"}) == {"没有的": "甲"}


def test_defaults_are_filled_in_where_they_decide():
    method = METHODS["每低扣"]
    given = {"points": "5", "limit": "1", "step": "0.05", "per_step": "2"}
    filled = {**given, "step_rounding": "ceil", "judge_on": "exact", "na": "ask"}
    assert with_defaults(method, given) == filled
    assert with_defaults(method, {**given, "judge_on": "printed"})["rate_decimals"] == "2"


def test_readings_with_and_without_their_scores():
    parameters = {"points": "5", "limit": "1", "step": "0.05", "per_step": "2",
                  "step_rounding": {"any": ["ceil", "floor"]}}

    def score(concrete):
        return METHODS["每低扣"].evaluate([Decimal("0.96")], concrete)

    assert reading_lines(parameters) == ["不足一步的算一步", "不足一步的不算"]
    assert reading_lines(parameters, score) == ["不足一步的算一步得 3 分", "不足一步的不算得 5 分"]
    assert reading_lines({**parameters, "step_rounding": "ceil"}, score) == []


def test_results_and_operands():
    assert [result_words(value) for value in (Decimal("6.85000"), "不适用", None)] == [
        "得 6.85 分", "为“不适用”", "算不出来"]
    assert [shown(value) for value in (Decimal("346.170"), None, "无", "长" * 41, [Decimal(1), None])] == [
        "346.17", "没有填", "“无”", f"“{'长' * 39}…”", "2 格，1 格是数"]


def test_a_tree_is_drawn_with_notes_beside_its_stem():
    leaf = Node("丁", ("丁注",))
    tree = Node("甲\n一", ("甲注\n二",), (Node("乙", ("乙注",), (Node("丙"), leaf)), Node("戊", (), (Node("己"),))))
    assert list(draw(tree)) == [
        "甲 一",
        "│  甲注 二",
        "├─ 乙",
        "│  │  乙注",
        "│  ├─ 丙",
        "│  └─ 丁",
        "│        丁注",
        "└─ 戊",
        "   └─ 己"]
