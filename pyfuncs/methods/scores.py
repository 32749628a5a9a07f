"""The ways of scoring. Steps differ from city to city, so they are parameters, never code."""
from __future__ import annotations

from decimal import Decimal
from typing import Literal

from ..language import Ref, RefInfo, Value, evaluate, parse, plain
from .method import Argument, Formula, Labels, Method, Parameters, Words, absent_value
from .parameters import Parameter, band_bound, band_words
from .rates import PAIRED
from .wording import limit, number, percent, points

_POINTS = Parameter("points", "分值", "positive", '"10"')
_NA = Parameter("na", "不适用时怎样计分", "choice", "full", default="ask", choices=("full", "zero", "exclude", "ask"))
_DECIMALS = Parameter("decimals", "得分四舍五入到几位小数，不写为不取整", "whole", '"2"', optional=True)
_JUDGE = (
    Parameter("judge_on", "按准确值（exact）还是印出的百分数（printed）判断", "choice", "exact", default="exact",
              choices=("exact", "printed")),
    Parameter("rate_decimals", "印出的百分数保留几位小数", "whole", '"2"', default="2"),
)
_STEPS = (
    Parameter("limit", "满分的界限", "number", '"1"'),
    Parameter("step", "每多少扣一次", "positive", '"0.01"'),
    Parameter("per_step", "每次扣几分", "positive", '"0.5"'),
    Parameter("step_rounding", "不足一步的：ceil 算一步，floor 不算，linear 按比例", "choice", "ceil", default="ceil",
              choices=("ceil", "floor", "linear")),
)
_BAND_EXAMPLE = '[{upto: "0", points: "5"}, {upto: "0.1", points: "4"}]'
_OPERATORS = (">=", ">", "<=", "<", "=", "≥", "≤")

_VALUE = Argument("value", "完成情况", "ratio")


def _judged(parameters: Parameters) -> str:
    """The value a rule looks at: the exact rate, or the rate as printed."""
    if parameters.get("judge_on", "exact") == "exact":
        return "value"
    return f"ROUND(value,{_rate_decimals(parameters) + 2})"


def _rate_decimals(parameters: Parameters) -> int:
    return int(parameters.get("rate_decimals", "2"))


def _rounded(formula: str, parameters: Parameters) -> str:
    return f"ROUND({formula},{parameters['decimals']})" if "decimals" in parameters else formula


def _policy(parameters: Parameters) -> str:
    value = absent_value(parameters)
    return f"{value:f}" if isinstance(value, Decimal) else f'"{value}"'


def _rate(given: dict[str, Value], parameters: Parameters) -> str:
    return percent(given["value"], _rate_decimals(parameters))


def _number(formula: str, given: dict[str, Value]) -> Value:
    """The value of a part of a rule, for its sentence."""
    return evaluate(parse(formula), lambda ref: given[ref.key], _ratio)


def _ratio(ref: Ref) -> RefInfo:
    return RefInfo("ratio")


def _score(name: str, help_: str, parameters: tuple[Parameter, ...], formula: Formula, words: Words,
           arguments: tuple[Argument, ...] = (_VALUE,)) -> Method:
    declared = (_POINTS, *parameters, _NA, _DECIMALS)
    return Method(name, "score", "JX_SCORE", help_, arguments, declared, formula, words)


# -- 每超扣, 每低扣, 每偏扣 ---------------------------------------------------------------------------

Side = Literal["over", "under", "either"]             # of the limit, where points are lost


def _excess(parameters: Parameters, side: Side) -> str:
    value, bound = _judged(parameters), parameters["limit"]
    if side == "either":
        return f"ABS({value}-({bound}))"
    return f"({bound}-{value})" if side == "under" else f"({value}-({bound}))"


def _step_count(parameters: Parameters, side: Side) -> str:
    """Steps beyond the limit, negative or zero within it.

    The quotient is guarded so that 9 steps of 0.01 are 9 in floats too, and so finely that the least
    excess (10^-13) is still a step: 13 places less the magnitude of the step.
    """
    step = Decimal(parameters["step"])
    quotient = f"{_excess(parameters, side)}/{plain(step)}"
    if parameters.get("step_rounding", "ceil") == "linear":
        return quotient
    magnitude = step.normalize()
    places = 13 + magnitude.adjusted() + (magnitude.as_tuple().digits != (1,))
    function = "ROUNDUP" if parameters.get("step_rounding", "ceil") == "ceil" else "ROUNDDOWN"
    return f"{function}(ROUND({quotient},{places}),0)"


def _steps_formula(side: Side) -> Formula:
    def formula(parameters: Parameters, given: frozenset[str]) -> str:
        deduction = f"{parameters['per_step']}*MAX(0,{_step_count(parameters, side)})"
        return _rounded(f"MAX(0,{parameters['points']}-{deduction})", parameters)

    return formula


_STEP_WORDS = {"over": ("超过", "超", "没有超过"), "under": ("低于", "低", "不低于"), "either": ("偏离", "偏离", "等于")}


def _steps_words(side: Side) -> Words:
    verb, short, within = _STEP_WORDS[side]

    def words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
        rate, bound = _rate(given, parameters), limit(parameters["limit"])
        excess = _number(f"ROUND({_excess(parameters, side)},13)", given)
        if excess <= 0:
            return f"{labels['value']} {rate}，{within} {bound}，得 {points(result)} 分"
        steps = _number(_step_count(parameters, side), given)
        step, per_step = Decimal(parameters["step"]) * 100, Decimal(parameters["per_step"])
        each = f"每{short} {plain(step)} 个百分点扣 {plain(per_step)} 分"
        beyond = plain(Decimal(percent(excess, _rate_decimals(parameters))[:-1])) or "0"
        times = f"按 {points(steps)} 次计" if parameters.get("step_rounding", "ceil") != "linear" else "按比例计"
        return (f"{labels['value']} {rate}，{verb} {bound} {beyond} 个百分点，{each}（{times}），"
                f"{points(Decimal(parameters['points']))} 分扣到 {points(result)} 分")

    return words


# -- 按次扣 -----------------------------------------------------------------------------------------

def _times_formula(parameters: Parameters, given: frozenset[str]) -> str:
    return _rounded(f"MAX(0,{parameters['points']}-{parameters['per_time']}*MAX(0,value))", parameters)


def _times_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    full, each = points(Decimal(parameters["points"])), plain(Decimal(parameters["per_time"]))
    if given["value"] <= 0:
        return f"{labels['value']} 0，没有发生，得满分 {full} 分"
    return f"{labels['value']} {number(given['value'])}，每次扣 {each} 分，{full} 分扣到 {points(result)} 分"


# -- 分档, 全或无, 按率 ------------------------------------------------------------------------------

def _bands_formula(parameters: Parameters, given: frozenset[str]) -> str:
    formula = parameters.get("else", "0")
    for band in reversed(parameters["bands"]):
        sign, bound = band_bound(band)
        formula = f"IF({_judged(parameters)}{sign}({bound}),{band['points']},{formula})"
    return _rounded(formula, parameters)


def _bands_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    said = f"{labels['value']} {_rate(given, parameters)}"
    for band in parameters["bands"]:
        sign, bound = band_bound(band)
        if _number(f"{_judged(parameters)}{sign}({bound})", given):
            return f"{said}，在“{band_words(band, limit(bound))}”一档，得 {points(result)} 分"
    return f"{said}，不在任何得分档内，得 {points(result)} 分"


def _all_formula(parameters: Parameters, given: frozenset[str]) -> str:
    return _rounded(f"IF({_judged(parameters)}{parameters.get('op', '>=')}({parameters['limit']}),"
                    f"{parameters['points']},0)", parameters)


def _all_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    met = "达到" if result else "没有达到"
    op = parameters.get("op", ">=").replace(">=", "≥").replace("<=", "≤")
    wanted = f"{op} {limit(parameters['limit'])}"
    return f"{labels['value']} {_rate(given, parameters)}，{met}“{wanted}”的要求，得 {points(result)} 分"


def _share_formula(parameters: Parameters, given: frozenset[str]) -> str:
    value = _judged(parameters)
    capped = f"MIN({value},{parameters['cap']})" if "cap" in parameters else value
    return _rounded(f"{parameters['points']}*MAX(0,{capped})", parameters)


def _share_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    rate, full = _rate(given, parameters), points(Decimal(parameters["points"]))
    counted = rate
    if "cap" in parameters and given["value"] > Decimal(parameters["cap"]):
        counted = limit(parameters["cap"])
    elif given["value"] < 0:
        counted = "0%"
    return f"{labels['value']} {rate}，按 {full} 分 × {counted} 计 {points(result)} 分"


# -- 正向, 反向, 加权, 定性, 评判 ----------------------------------------------------------------------

_ACTUAL = (Argument("actual", "完成值", "number"), Argument("target", "指标值", "number"))


def _upward(parameters: Parameters, given: frozenset[str]) -> str:
    score = _rounded(f"{parameters['points']}*MAX(0,MIN(actual/target,1))", parameters)
    return f"IF(target=0,{_policy(parameters)},{score})"


def _downward(parameters: Parameters, given: frozenset[str]) -> str:
    # Nothing at all is never more than what was allowed, even where 0 was allowed.
    score = _rounded(f"{parameters['points']}*MAX(0,MIN(target/actual,1))", parameters)
    return f"IF(actual<=0,{parameters['points']},{score})"


def _ratio_words(upward: bool) -> Words:
    def words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
        actual, target = number(given["actual"]), number(given["target"])
        full = points(Decimal(parameters["points"]))
        if result == Decimal(parameters["points"]):
            return f"{labels['actual']} {actual}，{labels['target']} {target}，已达到，得满分 {full} 分"
        over, under = (actual, target) if upward else (target, actual)
        return f"{labels['actual']} {actual}，{labels['target']} {target}，按 {full} 分 × {over} ÷ {under} 计 {points(result)} 分"

    return words


def _weighted_formula(parameters: Parameters, given: frozenset[str]) -> str:
    full = parameters.get("points", "1")
    mean = "SUMPRODUCT(values,weights)/SUM(weights)"
    score = _rounded(mean if full == "1" else f"{full}*({mean})", parameters)
    policy = _policy(parameters)
    return f"IF({PAIRED},IF(SUM(weights)=0,{policy},{score}),{policy})"


def _weighted_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    pairs = zip(given["values"], given["weights"])
    terms = " ＋ ".join(f"{number(value)} × {number(weight)}" for value, weight in pairs
                       if isinstance(value, Decimal))
    return f"（{terms}）÷ 权重之和，得 {points(result)} 分"


_LEVELS = (
    # 财预〔2020〕10号: 达成 100–80%（含）, 部分达成 80–60%（含）, 未达成 60–0%.
    Parameter("achieved", "“达成”的下限（含）", "positive", '"0.8"', default="0.8"),
    Parameter("partly", "“部分达成”的下限（含）", "positive", '"0.6"', default="0.6"),
)


def _qualitative_formula(parameters: Parameters, given: frozenset[str]) -> str:
    score = _rounded(f"{parameters['points']}*value", parameters)
    return f"IF(AND(value>=0,value<=1),{score},NA())"


def _qualitative_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    share = given["value"]
    level = "未达成"
    if share >= Decimal(parameters.get("achieved", "0.8")):
        level = "达成"
    elif share >= Decimal(parameters.get("partly", "0.6")):
        level = "部分达成"
    full = points(Decimal(parameters["points"]))
    return f"{labels['value']}评为“{level}”，按 {full} 分 × {percent(share)} 计 {points(result)} 分"


def _judgement_formula(parameters: Parameters, given: frozenset[str]) -> str:
    return f"IF(AND(value>=0,value<={parameters['points']}),{_rounded('value', parameters)},NA())"


def _judgement_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    return f"由评价人在 0 至 {points(Decimal(parameters['points']))} 分之间评定，得 {points(result)} 分"


_VECTORS = (Argument("values", "各项得分或比率", "vector"), Argument("weights", "权重", "vector"))

SCORES: tuple[Method, ...] = (
    _score("每超扣", "不超过界限得满分，每超过一步扣若干分，扣完为止", (*_STEPS, *_JUDGE), _steps_formula("over"),
           _steps_words("over")),
    _score("每低扣", "不低于界限得满分，每低一步扣若干分，扣完为止", (*_STEPS, *_JUDGE), _steps_formula("under"),
           _steps_words("under")),
    _score("每偏扣", "等于界限得满分，不论高低，每偏离一步扣若干分，扣完为止", (*_STEPS, *_JUDGE), _steps_formula("either"),
           _steps_words("either")),
    _score("按次扣", "没有发生得满分，每发生一次扣若干分，扣完为止",
           (Parameter("per_time", "每次扣几分", "positive", '"1"'),), _times_formula, _times_words,
           (Argument("value", "发生次数", "count"),)),
    _score("分档", "按所在的档得分；各档依次判断，先符合的为准，都不符合的得 else 分",
           (Parameter("bands", "各档界限与得分", "bands", _BAND_EXAMPLE),
            Parameter("else", "不在任何一档时的得分", "number", '"0"', default="0"), *_JUDGE),
           _bands_formula, _bands_words),
    _score("全或无", "达到要求得满分，否则不得分",
           (Parameter("limit", "要求的界限", "number", '"1"'),
            Parameter("op", "完成情况与界限怎样比", "choice", '">="', default=">=", choices=_OPERATORS), *_JUDGE),
           _all_formula, _all_words),
    _score("按率", "分值 × 比率，比率超过 cap 的按 cap 计，低于 0 的按 0 计",
           (Parameter("cap", "比率的上限，不写为没有上限", "positive", '"1"', optional=True), *_JUDGE),
           _share_formula, _share_words),
    _score("正向", "完成值越大越好：分值 × 完成值 ÷ 指标值，最多满分", (), _upward, _ratio_words(upward=True), _ACTUAL),
    _score("反向", "完成值越小越好：分值 × 指标值 ÷ 完成值，最多满分", (), _downward, _ratio_words(upward=False), _ACTUAL),
    Method("加权", "score", "JX_SCORE", "各项按权重平均，再乘分值；有一方没有填时按不适用处理", _VECTORS,
           (Parameter("points", "分值；各项已是得分的写 1", "positive", '"1"', default="1"), _NA, _DECIMALS),
           _weighted_formula, _weighted_words),
    _score("定性", "评价人按达成程度给比率（0 至 100%），得分为分值 × 比率", _LEVELS, _qualitative_formula,
           _qualitative_words),
    _score("评判", "评价人直接打分，在 0 与分值之间",
           (Parameter("evidence", "是否必须附依据", "choice", "required", default="optional",
                      choices=("required", "optional")),),
           _judgement_formula, _judgement_words, (Argument("value", "评定得分", "points"),)),
)
