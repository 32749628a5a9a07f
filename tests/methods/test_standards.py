"""评价标准 in the method's own words, and the sentences of the ways of scoring that lose points both ways."""
from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.methods import METHODS, reading_words, standard_words

STEPS = {"limit": "1", "step": "0.05", "per_step": "2"}
STANDARDS = [
    ("每超扣", {**STEPS, "step_rounding": "floor"}, "不超过 100% 得满分；每超过 5 个百分点扣 2 分，扣完为止（不足一步的不算）。"),
    ("每低扣", STEPS, "不低于 100% 得满分；每低 5 个百分点扣 2 分，扣完为止（不足一步的算一步）。"),
    ("每低扣", {**STEPS, "step_rounding": {"any": ["ceil", "linear"]}},
     "不低于 100% 得满分；每低 5 个百分点扣 2 分，扣完为止（不足一步的怎样算没有写明）。"),
    ("每偏扣", {**STEPS, "step_rounding": "linear", "na": "full"},
     "等于 100% 得满分；每偏离 5 个百分点扣 2 分，扣完为止（不足一步的按比例）；不适用的得满分。"),
    ("按次扣", {"per_time": "0.5", "na": "zero"}, "没有发生得满分；每发生一次扣 0.5 分，扣完为止；不适用的不得分。"),
    ("分档", {"bands": [{"upto": "0", "points": "5"}, {"upto": "0.1", "points": "4"}]},
     "不超过 0% 得 5 分；不超过 10% 得 4 分；其余不得分。"),
    ("分档", {"bands": [{"from": "0.9", "points": "5"}], "else": "1", "na": "exclude"},
     "不低于 90% 得 5 分；其余得 1 分；不适用的不计入，其余指标折算。"),
    ("全或无", {"limit": "0.9"}, "≥ 90% 得满分，否则不得分。"), ("全或无", {"limit": "0", "op": "<="}, "≤ 0% 得满分，否则不得分。"),
    ("按率", {"cap": "1"}, "分值 × 比率，超过 100% 的按 100% 计。"), ("按率", {}, "分值 × 比率。"),
    ("评判", {"evidence": "required"}, "由评价人在 0 与分值之间评定，须附依据。"),
    ("正向", {}, ""), ("没有", {}, ""), ("每超扣", {"limit": "一"}, ""), ("分档", {"bands": "五"}, ""),
]


@pytest.mark.parametrize(("method", "parameters", "words"), STANDARDS)
def test_standard(method: str, parameters: dict, words: str):
    assert standard_words(method, parameters) == words


@pytest.mark.parametrize(("label", "words"), [
    ("step_rounding=floor", "不足一步的不算"), ("step_rounding=linear，decimals=0", "不足一步的按比例，得分取 0 位小数"),
    ("judge_on=printed", "按印出的百分数判断"), ("points=8", "分值 8 分"), ("unknown=1", "unknown=1")])
def test_reading(label: str, words: str):
    assert reading_words(label) == words


SENTENCES = [
    ("每偏扣", "1.024", "6", STEPS | {"step": "0.01", "per_step": "1"}, "3",
     "采购执行率 102.40%，偏离 100% 2.4 个百分点，每偏离 1 个百分点扣 1 分（按 3 次计），6 分扣到 3 分"),
    ("每偏扣", "0.976", "6", STEPS | {"step": "0.01", "per_step": "1"}, "3",
     "采购执行率 97.60%，偏离 100% 2.4 个百分点，每偏离 1 个百分点扣 1 分（按 3 次计），6 分扣到 3 分"),
    ("每偏扣", "1", "6", STEPS, "6", "采购执行率 100.00%，等于 100%，得 6 分"),
    ("按次扣", "2", "6", {"per_time": "1"}, "4", "采购执行率 2，每次扣 1 分，6 分扣到 4 分"),
    ("按次扣", "9", "6", {"per_time": "1"}, "0", "采购执行率 9，每次扣 1 分，6 分扣到 0 分"),
    ("按次扣", "0", "6", {"per_time": "1"}, "6", "采购执行率 0，没有发生，得满分 6 分"),
]


@pytest.mark.parametrize(("method", "value", "points", "parameters", "score", "sentence"), SENTENCES)
def test_score_and_sentence(method: str, value: str, points: str, parameters: dict, score: str, sentence: str):
    given = {"points": points, **parameters}
    result = METHODS[method].evaluate([Decimal(value)], given)
    assert result == Decimal(score)
    assert METHODS[method].sentence([Decimal(value)], given, result, ["采购执行率"]) == sentence
