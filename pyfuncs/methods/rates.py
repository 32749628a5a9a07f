"""The rates. Each is a quotient rounded at the places that floats and Decimals share; a zero denominator
is 不适用. Names and formulas: 财预〔2013〕53号 annex 2 and the forms that repeat them."""
from __future__ import annotations

from decimal import Decimal

from ..language import Value
from .method import Argument, Formula, Labels, Method, Parameters
from .parameters import Parameter
from .wording import number, percent

_DECIMALS = (Parameter("decimals", "印出的百分数保留几位小数", "whole", '"2"', default="2"),)


def _printed(result: Decimal, parameters: Parameters) -> str:
    return percent(result, int(parameters.get("decimals", "2")))


def _quotient(name: str, function: str, help_: str, over: Argument, under: Argument) -> Method:
    def words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
        return f"{_said(over.name, given, labels)} ÷ {_said(under.name, given, labels)} ＝ {_printed(result, parameters)}"

    formula = f'IF({under.name}=0,"不适用",ROUND({over.name}/{under.name},13))'
    return Method(name, "rate", function, help_, (over, under), _DECIMALS, _always(formula), words)


def _said(name: str, given: dict[str, Value], labels: Labels) -> str:
    """An operand in a sentence: 执行数 346.17."""
    return f"{labels[name]} {number(given[name])}"


def _change_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    current, prior = (_said(name, given, labels) for name in ("current", "prior"))
    if given["prior"] == 0:
        return f"{labels['current']}与{labels['prior']}都是 0，没有变动"
    return f"（{current} － {prior}）÷ {prior} ＝ {_printed(result, parameters)}"


def _completion_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    available = " ＋ ".join(_said(name, given, labels) for name in ("carried_over", "initial", "added"))
    return f"（{available} － {_said('closing', given, labels)}）÷（{available}）＝ {_printed(result, parameters)}"


def _adjustment(parameters: Parameters, given: frozenset[str]) -> str:
    changed = "(added-SUM(excluded))" if "excluded" in given else "added"
    return f'IF(initial=0,"不适用",ROUND({changed}/initial,13))'


def _adjustment_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    added = _said("added", given, labels)
    if given.get("excluded") is not None:
        added = f"（{added} － {_said('excluded', given, labels)}）"
    return f"{added} ÷ {_said('initial', given, labels)} ＝ {_printed(result, parameters)}"


def _satisfaction_words(given: dict[str, Value], parameters: Parameters, result: Decimal, labels: Labels) -> str:
    pairs = zip(given["values"], given["weights"])
    terms = " ＋ ".join(f"{percent(value)} × {number(weight)}" for value, weight in pairs
                       if isinstance(value, Decimal))
    return f"（{terms}）÷ 权重之和 ＝ {_printed(result, parameters)}"


_FUND = "carried_over+initial+added"


def _amount(name: str, label: str, optional: bool = False) -> Argument:
    return Argument(name, label, "amount", optional)


# Every weight stands beside a number and every number beside a weight; equal counts alone don't say so. COUNT and
# SUMIF pass over an error in the range; a sum compared with itself does not.
PAIRED = 'AND(SUM(values)=SUM(values),COUNT(values)=COUNT(weights),SUMIF(values,">=0",weights)=SUM(weights))'


def _always(formula: str) -> Formula:
    return lambda parameters, given: formula


RATES: tuple[Method, ...] = (
    _quotient("控制率", "JX_CONTROL_RATE", "实际数 ÷ 限额（编制数或预算数）；不超过 100% 为好",
              _amount("actual", "实际数"), _amount("limit", "限额")),
    Method("变动率", "rate", "JX_CHANGE_RATE",
           "（本年数 － 上年数）÷ 上年数，减少为负；两年都是 0 为 0，只有上年为 0 时不适用",
           (_amount("current", "本年数"), _amount("prior", "上年数")), _DECIMALS,
           _always('IF(prior=0,IF(current=0,0,"不适用"),ROUND((current-prior)/prior,13))'), _change_words),
    Method("完成率", "rate", "JX_COMPLETION_RATE",
           "（上年结转 ＋ 年初预算 ＋ 本年追加 － 年末结余）÷（上年结转 ＋ 年初预算 ＋ 本年追加）",
           (_amount("carried_over", "上年结转"), _amount("initial", "年初预算"), _amount("added", "本年追加"),
            _amount("closing", "年末结余")), _DECIMALS,
           _always(f'IF({_FUND}=0,"不适用",ROUND(({_FUND}-closing)/({_FUND}),13))'),
           _completion_words),
    Method("调整率", "rate", "JX_ADJUSTMENT_RATE", "（本年追加 － 按规定剔除的数）÷ 年初预算；剔除数可以不填",
           (_amount("added", "本年追加"), _amount("initial", "年初预算"), _amount("excluded", "剔除数", True)),
           _DECIMALS, _adjustment, _adjustment_words),
    _quotient("执行率", "JX_EXECUTION_RATE", "执行数 ÷ 预算数（调整后）", _amount("executed", "执行数"),
              _amount("budget", "预算数")),
    _quotient("利用率", "JX_UTILISATION_RATE", "在用数 ÷ 总数", _amount("in_use", "在用数"), _amount("total", "总数")),
    Method("满意度", "rate", "JX_SATISFACTION", "按权重平均的满意度；有一方没有填时不适用",
           (Argument("values", "各类满意度", "vector"), Argument("weights", "权重", "vector")), _DECIMALS,
           _always(f'IF({PAIRED},IF(SUM(weights)=0,"不适用",'
                   'ROUND(SUMPRODUCT(values,weights)/SUM(weights),13)),"不适用")'), _satisfaction_words),
    _quotient("占比", "JX_RATE", "部分 ÷ 合计", _amount("part", "部分"), _amount("total", "合计")),
)
