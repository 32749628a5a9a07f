"""Figures and sentences of each method, from real reports where there are any."""
from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.language import CellError
from pyfuncs.methods import METHODS, default, emit_grade, grade, grade_sentence, readings

NA = CellError("#N/A")


def D(*numbers):
    """Decimals of what looks like a number, the rest as it is."""
    return [Decimal(number) if isinstance(number, str) and number[-1].isdigit() else number
            for number in numbers]


def test_the_methods_are_these_and_no_more():
    assert {kind: [name for name, method in METHODS.items() if method.kind == kind]
            for kind in ("rate", "score")} == {
        "rate": ["控制率", "变动率", "完成率", "调整率", "执行率", "利用率", "满意度", "占比"],
        "score": ["每超扣", "每低扣", "每偏扣", "按次扣", "分档", "全或无", "按率", "正向", "反向", "加权", "定性", "评判"]}


@pytest.mark.parametrize(("name", "args", "percent", "sentence"), [
    ("控制率", D("12", "15"), "80", "实际数 12 ÷ 限额 15 ＝ 80.00%"),
    ("控制率", D("16", "11"), "145.45", "实际数 16 ÷ 限额 11 ＝ 145.45%"),
    ("执行率", D("346.17", "505.05"), "68.54", "执行数 346.17 ÷ 预算数 505.05 ＝ 68.54%"),
    ("变动率", D("1", "3"), "-66.67", "（本年数 1 － 上年数 3）÷ 上年数 3 ＝ -66.67%"),
    ("变动率", D("0", "0"), "0", "本年数与上年数都是 0，没有变动"),
    ("完成率", D("99.11", "19.83", "28", "22.01"), "85.02",
     "（上年结转 99.11 ＋ 年初预算 19.83 ＋ 本年追加 28 － 年末结余 22.01）÷"
     "（上年结转 99.11 ＋ 年初预算 19.83 ＋ 本年追加 28）＝ 85.02%"),
    ("调整率", D("45", "99"), "45.45", "本年追加 45 ÷ 年初预算 99 ＝ 45.45%"),
    ("调整率", D("45", "99", None), "45.45", "本年追加 45 ÷ 年初预算 99 ＝ 45.45%"),
    ("调整率", D("45", "99", "44"), "1.01", "（本年追加 45 － 剔除数 44） ÷ 年初预算 99 ＝ 1.01%"),
    ("利用率", D("50", "50"), "100", "在用数 50 ÷ 总数 50 ＝ 100.00%"),
    ("满意度", [D("0.962", "0.96", "0.96"), D("50", "40", "10")], "96.1",
     "（96.20% × 50 ＋ 96.00% × 40 ＋ 96.00% × 10）÷ 权重之和 ＝ 96.10%"),
    ("占比", D("1", "3"), "33.33", "部分 1 ÷ 合计 3 ＝ 33.33%"),
])
def test_rates(name, args, percent, sentence):
    method = METHODS[name]
    rate = method.evaluate(args, {})
    assert round(rate * 100, 2) == Decimal(percent)
    assert method.sentence(args, {}, rate) == sentence


@pytest.mark.parametrize(("name", "args", "result", "sentence"), [
    ("执行率", D("1", "0"), "不适用", "按“执行率”算不出（除数为 0，或各列填的个数不一致），结果为“不适用”"),
    ("执行率", D("0", "0"), "不适用", "按“执行率”算不出（除数为 0，或各列填的个数不一致），结果为“不适用”"),
    ("执行率", D("1", "不适用"), "不适用", "预算数为“不适用”，结果为“不适用”"),
    ("执行率", D(None, "不适用"), "不适用", "预算数为“不适用”，结果为“不适用”"),
    ("执行率", D("——", "3"), "不适用", "执行数为“不适用”，结果为“不适用”"),
    ("执行率", D("1", "—"), "不适用", "预算数为“不适用”，结果为“不适用”"),
    ("执行率", D("1", "/"), NA, "预算数不是数，没有计算"),
    ("执行率", D(None, "3"), NA, "执行数没有填，没有计算"),
    ("执行率", D("约三成", "3"), NA, "执行数不是数，没有计算"),
    ("执行率", [True, Decimal(3)], NA, "执行数不是数，没有计算"),
    ("执行率", [CellError("#DIV/0!"), "不适用"], CellError("#DIV/0!"), None),
    ("变动率", D("1", "0"), "不适用", None),
    ("完成率", D("1", "2", "-3", "0"), "不适用", None),
    ("调整率", D("1", "2", "不适用"), "不适用", None),
    ("调整率", D("1", "2", "无"), NA, "剔除数不是数，没有计算"),
    ("满意度", [D("0.9", None), D("1", "1")], "不适用", None),
    ("满意度", [D("0.9", None), D(None, "1")], "不适用", None),
    ("满意度", [D("0.9"), D("0")], "不适用", None),
])
def test_where_there_is_no_rate(name, args, result, sentence):
    method = METHODS[name]
    assert method.evaluate(args, {}) == result
    if sentence:
        assert method.sentence(args, {}, result) == sentence


STEPS = {"points": "5", "limit": "1", "step": "0.05", "per_step": "2"}
OVER = {"points": "5", "limit": "1", "step": "0.01", "per_step": "0.5"}
YUHUA = {"points": "5", "bands": [{"upto": bound, "points": score} for bound, score in
                                  [("0", "5"), ("0.1", "4"), ("0.2", "3"), ("0.3", "2")]]}
YUEYANG = {"points": "5", "bands": [{"from": bound, "points": score} for bound, score in
                                    [("0.9", "5"), ("0.8", "4"), ("0.7", "3"), ("0.6", "2")]]}


@pytest.mark.parametrize(("name", "value", "parameters", "score", "sentence"), [
    ("每低扣", "0.8502", STEPS, "0", "完成率 85.02%，低于 100% 14.98 个百分点，每低 5 个百分点扣 2 分（按 3 次计），5 分扣到 0 分"),
    ("每低扣", "0.8502", STEPS | {"step_rounding": "floor"}, "1",
     "完成率 85.02%，低于 100% 14.98 个百分点，每低 5 个百分点扣 2 分（按 2 次计），5 分扣到 1 分"),
    ("每低扣", "0.9", STEPS | {"step_rounding": "linear"}, "1",
     "完成率 90.00%，低于 100% 10 个百分点，每低 5 个百分点扣 2 分（按比例计），5 分扣到 1 分"),
    ("每低扣", "1.2", STEPS, "5", "完成率 120.00%，不低于 100%，得 5 分"),
    ("每超扣", "0.8818", OVER, "5", "完成率 88.18%，没有超过 100%，得 5 分"),
    ("每超扣", "1.09", OVER, "0.5", "完成率 109.00%，超过 100% 9 个百分点，每超 1 个百分点扣 0.5 分（按 9 次计），5 分扣到 0.5 分"),
    ("每超扣", "1.00000000001", OVER, "4.5", None),
    ("每超扣", "1.00004", OVER, "4.5", None),
    ("每超扣", "1.00004", OVER | {"judge_on": "printed"}, "5", "完成率 100.00%，没有超过 100%，得 5 分"),
    ("每超扣", "1.0004", OVER | {"judge_on": "printed", "rate_decimals": "0"}, "5", None),
    ("每超扣", "9", OVER, "0", None),
    ("分档", "0", YUHUA, "5", "完成率 0.00%，在“不超过 0%”一档，得 5 分"),
    ("分档", "0.0114", YUHUA, "4", "完成率 1.14%，在“不超过 10%”一档，得 4 分"),
    ("分档", "0.1", YUHUA, "4", None), ("分档", "0.10001", YUHUA, "3", None), ("分档", "0.31", YUHUA, "0", None),
    ("分档", "0.9", YUEYANG, "5", "完成率 90.00%，在“不低于 90%”一档，得 5 分"),
    ("分档", "0.89999", YUEYANG, "4", None), ("分档", "0.8", YUEYANG, "4", None),
    ("分档", "0.3", YUEYANG | {"else": "0.5"}, "0.5", "完成率 30.00%，不在任何得分档内，得 0.5 分"),
    ("分档", "0.8", {"points": "5", "bands": [{"above": "0.8", "points": "5"}]}, "0", None),
    ("分档", "0.8", {"points": "5", "bands": [{"below": "0.8", "points": "5"}]}, "0", None),
    ("全或无", "1", {"points": "6", "limit": "1"}, "6", "完成率 100.00%，达到“≥ 100%”的要求，得 6 分"),
    ("全或无", "0.1", {"points": "6", "limit": "0", "op": "≤"}, "0", "完成率 10.00%，没有达到“≤ 0%”的要求，得 0 分"),
    ("按率", "0.6854", {"points": "10", "cap": "1"}, "6.854", "完成率 68.54%，按 10 分 × 68.54% 计 6.85 分"),
    ("按率", "0.6854", {"points": "10", "cap": "1", "decimals": "0"}, "7", "完成率 68.54%，按 10 分 × 68.54% 计 7 分"),
    ("按率", "1.87", {"points": "10", "cap": "1"}, "10", "完成率 187.00%，按 10 分 × 100% 计 10 分"),
    ("按率", "1.87", {"points": "10"}, "18.7", None), ("按率", "-0.1", {"points": "10"}, "0", None),
    ("定性", "0.75", {"points": "10"}, "7.5", "完成率评为“部分达成”，按 10 分 × 75.00% 计 7.5 分"),
    ("定性", "0.8", {"points": "10"}, "8", "完成率评为“达成”，按 10 分 × 80.00% 计 8 分"),
    ("定性", "0.55", {"points": "10", "partly": "0.5"}, "5.5", "完成率评为“部分达成”，按 10 分 × 55.00% 计 5.5 分"),
    ("定性", "0.55", {"points": "10"}, "5.5", "完成率评为“未达成”，按 10 分 × 55.00% 计 5.5 分"),
    ("评判", "5.5", {"points": "6"}, "5.5", "由评价人在 0 至 6 分之间评定，得 5.5 分"),
])
def test_scores(name, value, parameters, score, sentence):
    method = METHODS[name]
    assert method.validate(parameters) == []
    result = method.evaluate(D(value), parameters)
    assert result == Decimal(score)
    if sentence:
        assert method.sentence(D(value), parameters, result, ["完成率"]) == sentence


@pytest.mark.parametrize(("name", "args", "parameters", "score", "sentence"), [
    ("正向", D("3", "4"), {"points": "10"}, "7.5", "完成值 3，指标值 4，按 10 分 × 3 ÷ 4 计 7.5 分"),
    ("正向", D("5", "4"), {"points": "10"}, "10", "完成值 5，指标值 4，已达到，得满分 10 分"),
    ("正向", D("-1", "4"), {"points": "10"}, "0", None),
    ("反向", D("5", "4"), {"points": "10"}, "8", "完成值 5，指标值 4，按 10 分 × 4 ÷ 5 计 8 分"),
    ("反向", D("0", "0"), {"points": "10"}, "10", None), ("反向", D("1", "0"), {"points": "10"}, "0", None),
    ("加权", [D("8", "9"), D("1", "3")], {}, "8.75", "（8 × 1 ＋ 9 × 3）÷ 权重之和，得 8.75 分"),
    ("加权", [D("0.8", "0.9"), D("1", "3")], {"points": "10", "decimals": "1"}, "8.8", None),
])
def test_scores_of_several_values(name, args, parameters, score, sentence):
    method = METHODS[name]
    result = method.evaluate(args, parameters)
    assert result == Decimal(score)
    if sentence:
        assert method.sentence(args, parameters, result) == sentence


@pytest.mark.parametrize(("na", "score"), [("full", Decimal(5)), ("zero", Decimal(0)), ("exclude", "不适用"),
                                           ("ask", "不适用"), (None, "不适用")])
def test_what_not_applicable_scores(na, score):
    parameters = OVER if na is None else OVER | {"na": na}
    assert METHODS["每超扣"].evaluate(["不适用"], parameters) == score
    sentence = METHODS["每超扣"].sentence(["不适用"], parameters, score, ["控制率"])
    outcome = "结果为“不适用”" if score == "不适用" else f"得 {score} 分"
    assert sentence == f"控制率为“不适用”，{outcome}"
    assert METHODS["正向"].evaluate(D("3", "0"), {"points": "5"} | ({"na": na} if na else {})) == score


@pytest.mark.parametrize(("name", "value"), [("定性", "1.01"), ("定性", "-0.01"), ("评判", "6.01"), ("评判", "-1")])
def test_a_persons_score_out_of_range_is_no_score(name, value):
    parameters = {"points": "6"}
    assert METHODS[name].evaluate(D(value), parameters) == NA
    assert METHODS[name].sentence(D(value), parameters, NA) == f"按“{name}”算不出：填的数超出范围，请核对"


@pytest.mark.parametrize(("name", "parameters", "problems"), [
    ("每超扣", {}, ["方法“每超扣”缺少参数 points（分值）；例如 points: \"10\"",
                 "方法“每超扣”缺少参数 limit（满分的界限）；例如 limit: \"1\"",
                 "方法“每超扣”缺少参数 step（每多少扣一次）；例如 step: \"0.01\"",
                 "方法“每超扣”缺少参数 per_step（每次扣几分）；例如 per_step: \"0.5\""]),
    ("每超扣", OVER | {"steps": "1"}, ["方法“每超扣”没有参数 steps；是不是想写 step？"]),
    ("执行率", {"上限": "1"}, ["方法“执行率”没有参数 上限；可以写：decimals"]),
    ("每超扣", OVER | {"step": "0"}, ["参数 step（每多少扣一次）写的是“0”，应大于 0；例如 step: \"0.01\""]),
    ("每超扣", OVER | {"step": "1%"}, ["参数 step（每多少扣一次）写的是“1%”，应是写成文字的数，比率写成小数；例如 step: \"0.01\""]),
    ("每超扣", OVER | {"limit": 1}, ["参数 limit（满分的界限）写的是“1”，应是写成文字的数，比率写成小数；例如 limit: \"1\""]),
    ("每超扣", OVER | {"limit": "-0.3", "step_rounding": {"any": ["ceil", "up"]}},
     ["参数 step_rounding（不足一步的：ceil 算一步，floor 不算，linear 按比例）写的是“up”，"
      "应是 ceil、floor、linear 之一；例如 step_rounding: ceil"]),
    ("按率", {"points": "10", "decimals": {"any": []}},
     ["参数 decimals 的几种读法应写成一列，例如 decimals: {any: [\"2\", \"0\"]}"]),
    ("按率", {"points": "10", "decimals": "2.5"},
     ["参数 decimals（得分四舍五入到几位小数，不写为不取整）写的是“2.5”，应是 0 到 9 的整数，写成文字；例如 decimals: \"2\""]),
])
def test_problems_with_parameters(name, parameters, problems):
    assert METHODS[name].validate(parameters) == problems


@pytest.mark.parametrize(("bands", "problem"), [
    ("0.1", "应是一列分档"), ([], "应是一列分档"),
    ([{"upto": "0.1"}], "第 1 档应写 upto（不超过）、below（低于）、from（不低于）、above（高于）中的一个和 points（得分）"),
    ([{"upto": "10%", "points": "5"}], "第 1 档的界限和得分应是写成文字的数"),
    ([{"upto": "0.1", "points": "5"}, {"from": "0.2", "points": "4"}], "各档不能一部分写上限、一部分写下限"),
    ([{"upto": "0.2", "points": "5"}, {"upto": "0.1", "points": "4"}], "第 2 档永远用不上，应由小到大写"),
    ([{"from": "0.8", "points": "5"}, {"from": "0.9", "points": "4"}], "第 2 档永远用不上，应由大到小写"),
    ([{"upto": "0.2", "points": "5"}, {"below": "0.2", "points": "4"}], "第 2 档永远用不上，应由小到大写"),
])
def test_problems_with_bands(bands, problem):
    example = 'bands: [{upto: "0", points: "5"}, {upto: "0.1", points: "4"}]'
    assert METHODS["分档"].validate({"points": "5", "bands": bands}) == [
        f"参数 bands（各档界限与得分）：{problem}；例如 {example}"]


def test_a_bound_may_belong_to_the_next_band():
    bands = [{"below": "0.2", "points": "5"}, {"upto": "0.2", "points": "4"}]
    assert METHODS["分档"].validate({"points": "5", "bands": bands}) == []


def test_readings():
    parameters = {"points": "5", "step_rounding": {"any": ["ceil", "floor"]}, "decimals": {"any": ["2", "0"]}}
    assert readings(parameters) == [
        ("step_rounding=ceil，decimals=2", {"points": "5", "step_rounding": "ceil", "decimals": "2"}),
        ("step_rounding=ceil，decimals=0", {"points": "5", "step_rounding": "ceil", "decimals": "0"}),
        ("step_rounding=floor，decimals=2", {"points": "5", "step_rounding": "floor", "decimals": "2"}),
        ("step_rounding=floor，decimals=0", {"points": "5", "step_rounding": "floor", "decimals": "0"})]
    assert default(parameters) == readings(parameters)[0][1]
    assert readings({"points": "5"}) == [("", {"points": "5"})]


@pytest.mark.parametrize(("name", "cells", "parameters", "scales", "formula"), [
    ("执行率", ["C4", "D4"], {}, [], 'IF(COUNT(C4,D4)=2,IF(ROUND(D4,4)=0,"不适用",ROUND(C4/D4,13)),'
                                  'IF(OR(C4="不适用",C4="——",C4="—",D4="不适用",D4="——",D4="—"),"不适用",NA()))'),
    ("执行率", ["C4", "D4"], {}, [Decimal(10_000)] * 2,
     'IF(COUNT(C4,D4)=2,IF(ROUND(D4,8)=0,"不适用",ROUND(C4/D4,13)),'
     'IF(OR(C4="不适用",C4="——",C4="—",D4="不适用",D4="——",D4="—"),"不适用",NA()))'),
    ("执行率", ["C4", "D4"], {}, [Decimal(10_000), Decimal(1)],
     'IF(COUNT(C4,D4)=2,IF(ROUND(D4,4)=0,"不适用",ROUND(C4*10000/D4,13)),'
     'IF(OR(C4="不适用",C4="——",C4="—",D4="不适用",D4="——",D4="—"),"不适用",NA()))'),
    ("每超扣", ["F2"], OVER, [], 'IF(ISNUMBER(F2),MAX(0,5-0.5*MAX(0,ROUNDUP(ROUND(ROUND(F2-1,13)/0.01,11),0))),'
                               'IF(OR(F2="不适用",F2="——",F2="—"),"不适用",NA()))'),
    ("每低扣", ["F2"], STEPS, [], 'IF(ISNUMBER(F2),MAX(0,5-2*MAX(0,ROUNDUP(ROUND(ROUND(1-F2,13)/0.05,12),0))),'
                               'IF(OR(F2="不适用",F2="——",F2="—"),"不适用",NA()))'),
    ("按率", ["F2"], {"points": "10", "cap": "1", "decimals": "2", "na": "full"}, [],
     'IF(ISNUMBER(F2),ROUND(ROUND(10*MAX(0,MIN(F2,1)),12),2),IF(OR(F2="不适用",F2="——",F2="—"),10,NA()))'),
    ("调整率", ["A1", "B1", "C1"], {}, [],
     'IF(AND(COUNT(A1,B1)=2,COUNT(C1)=COUNTA(C1)),IF(ROUND(B1,4)=0,"不适用",ROUND(ROUND(A1-SUM(C1),4)/B1,13)),'
     'IF(OR(A1="不适用",A1="——",A1="—",B1="不适用",B1="——",B1="—",C1="不适用",C1="——",C1="—"),"不适用",NA()))'),
])
def test_native_formula(name, cells, parameters, scales, formula):
    assert METHODS[name].emit(cells, parameters, scales) == formula


def test_a_method_knows_how_many_arguments_it_takes():
    with pytest.raises(TypeError, match="执行率 takes 2 to 2 arguments, not 1"):
        METHODS["执行率"].evaluate(D("1"), {})


BANDS = [("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", Decimal(0))]


@pytest.mark.parametrize(("total", "label", "sentence"), [
    ("100", "优", "总分 100，90 分（含）以上为优"), ("90", "优", "总分 90，90 分（含）以上为优"),
    ("89.6", "良", "总分 89.6，80（含）至 90 分为良"), ("89.99999", "良", "总分 90，80（含）至 90 分为良"),
    ("60", "中", "总分 60，60（含）至 80 分为中"), ("59.99", "差", "总分 59.99，不足 60 分为差"), ("0", "差", "总分 0，不足 60 分为差"),
])
def test_grades(total, label, sentence):
    assert grade(Decimal(total), BANDS) == label
    assert grade_sentence(Decimal(total), BANDS) == sentence


def test_the_grade_as_a_formula():
    assert emit_grade("H9", BANDS) == ('IF(ISNUMBER(H9),IF(ROUND(H9-90,9)>=0,"优",IF(ROUND(H9-80,9)>=0,"良",'
                                       'IF(ROUND(H9-60,9)>=0,"中","差"))),IF(H9="不适用","不适用",NA()))')
