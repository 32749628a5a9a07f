"""What is remembered of a rule set: answered once, for that very rule set, and not for ever."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.kept import MOST, kept, kept_by_word
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import Basis
from pyfuncs.catalog.refs import inputs, resolve
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.language import FormulaError

RULESET = load_ruleset("430400/2022")


class Counted:
    """A function that counts how often it is worked out."""

    def __init__(self) -> None:
        self.asked: list[tuple] = []

    def __call__(self, model: Basis, *words: str) -> str:
        self.asked.append((model.title, *words))
        if "坏" in words:
            raise ValueError("坏")
        return "/".join((model.title, *words))

    __name__ = __qualname__ = "counted"


def test_an_answer_is_worked_out_once_for_each_model_and_words():
    counted = Counted()
    remembered, one, other = kept(counted), Basis(title="甲"), Basis(title="乙")
    assert [remembered(one, "子"), remembered(other, "子"), remembered(one, "丑"), remembered(one, "子")] == [
        "甲/子", "乙/子", "甲/丑", "甲/子"]
    assert counted.asked == [("甲", "子"), ("乙", "子"), ("甲", "丑")]


def test_the_answers_for_one_model_are_a_mapping_by_word():
    counted = Counted()
    answers, one, other = kept_by_word(counted), Basis(title="甲"), Basis(title="甲")
    assert [answers(one)["子"], answers(one)["丑"], answers(one)["子"], answers(other)["子"]] == ["甲/子", "甲/丑", "甲/子", "甲/子"]
    assert counted.asked == [("甲", "子"), ("甲", "丑"), ("甲", "子")]


def test_an_equal_model_is_another_model():
    counted = Counted()
    remembered, models = kept(counted), [Basis(title="甲"), Basis(title="甲")]
    assert [remembered(model) for model in models] == ["甲", "甲"] and len(counted.asked) == 2


def test_what_went_wrong_is_asked_again():
    counted = Counted()
    remembered, one = kept(counted), Basis(title="甲")
    for _ in range(2):
        with pytest.raises(ValueError):
            remembered(one, "坏")
    assert counted.asked == [("甲", "坏")] * 2


def test_the_model_that_came_first_is_forgotten_first():
    counted = Counted()
    remembered, models = kept(counted), [Basis(title=str(number)) for number in range(MOST + 1)]
    for model in models:
        remembered(model)
    remembered(models[-1])
    assert len(counted.asked) == MOST + 1             # the last is still known
    remembered(models[0])
    assert counted.asked[-1] == ("0",) and len(counted.asked) == MOST + 2


def test_a_changed_copy_of_a_rule_set_has_its_own_answers():
    key, rate = next((key, rate) for key, rate in RULESET.rates.items() if len(rate.args) == 2)
    turned = RULESET.model_copy(update={"rates": {**RULESET.rates, key: rate.model_copy(
        update={"args": rate.args[::-1]})}})
    assert [ref.key for ref in inputs(RULESET, key)] == rate.args
    assert [ref.key for ref in inputs(turned, key)] == rate.args[::-1]
    form = RULESET.forms["基础数据"].model_copy(update={"unit": "元"})
    other = RULESET.model_copy(update={"forms": {**RULESET.forms, "基础数据": form}})
    place = "基础数据!公用经费.本年决算"
    assert [resolve(ruleset, place).scale for ruleset in (RULESET, other)] == [Decimal(10000), Decimal(1)]


def test_a_wrong_reference_is_told_each_time_where_it_stands():
    for _ in range(2):
        with pytest.raises(FormulaError, match="没有“公用经废”"):
            resolve(RULESET, "基础数据!公用经废.本年决算")


def test_figures_are_those_of_the_submission_not_of_the_one_before():
    """Two units one after the other: nothing of a unit is remembered with the rule set."""
    def filed(executed: str) -> Submission:
        args = RULESET.rates["公用经费控制率"].args
        return Submission("", "", RULESET.id, "", "2022", tuple(
            Item(*arg.split("!"), Decimal(value), value, f"表!A{row}", "number")
            for row, (arg, value) in enumerate(zip(args, (executed, "100")), 1)))

    assert [figures(RULESET, filed(executed))["公用经费控制率", 0].value for executed in ("50", "80")] == [
        Decimal("0.5"), Decimal("0.8")]
