"""The functions a cell can call, in plain Python: a spreadsheet's values in, a value or CellFailure out.

They need the standard library alone and read the compiled rule sets, so any interpreter can serve them.
"""
from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any

from . import __version__
from .catalog.compiled import UnknownRuleSet, load_compiled
from .language import (NOT_APPLICABLE, CellError, Value, evaluate, from_cell, operands, parse,
                       round_decimal)
from .methods import METHODS, Method, default, grade, indicator_score
from .methods.explanation import rate_node, score_node, total_node, value_node
from .methods.tree import Node, draw
from .methods.wording import STATUS_WORDS

log = logging.getLogger("jixiao.udfs")

# Excel passes an error cell through COM as one of these; its numbers come as floats.
COM_ERRORS = {-2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!",
               -2146826259: "#NAME?", -2146826252: "#NUM!", -2146826246: "#N/A"}
_REASONS = {"#N/A": "有的数没有填，或不是数", "#VALUE!": "读不懂填写的内容", "#DIV/0!": "除数为 0",
            "#NUM!": "数超出范围", "#NAME?": "没有这个名称"}


CELL_LIMIT = 32767                                    # characters that a cell of Excel holds


class CellFailure(ValueError):
    """A function has no answer. `code` is the error the cell should show, `reason` says why in Chinese."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class Argument:
    """`help` in Chinese, at most 255 characters; `repeated`: takes all further values, as many as are given."""

    name: str
    help: str
    optional: bool
    repeated: bool


@dataclass(frozen=True)
class CellFunction:
    """A function with its Chinese help (at most 255 characters). Each bridge to a spreadsheet reads this."""

    name: str
    call: Callable[..., Any]
    help: str
    arguments: tuple[Argument, ...]


FUNCTIONS: dict[str, CellFunction] = {}


def cell_function(**arguments: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function with the help of its arguments; it gets our values and may return CellError."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*cells: Any) -> Any:
            try:
                return _out(function(*map(_in, cells)))
            except CellFailure as failure:
                log.warning("%s%r: %s", function.__name__, cells, failure)
                raise
            except Exception as error:
                log.exception("%s%r", function.__name__, cells)
                raise CellFailure("#VALUE!", "计算中出错，详情见日志") from error

        name = function.__name__
        taken = tuple(Argument(parameter.name, arguments[parameter.name], parameter.default is None,
                               parameter.kind is parameter.VAR_POSITIONAL)
                      for parameter in inspect.signature(function).parameters.values())
        FUNCTIONS[name] = CellFunction(name, call, inspect.getdoc(function), taken)
        return call

    return register


@cell_function(actual="实际数：在职人数、实际支出等", limit="限额：编制数、预算数等")
def JX_CONTROL_RATE(actual, limit):
    """控制率＝实际数÷限额。限额为 0 时为“不适用”。"""
    return _rate("控制率", actual, limit)


@cell_function(current="本年数", prior="上年数")
def JX_CHANGE_RATE(current, prior):
    """变动率＝（本年数－上年数）÷上年数，减少为负。两年都是 0 时为 0，只有上年为 0 时为“不适用”。"""
    return _rate("变动率", current, prior)


@cell_function(carried_over="上年结转", initial="年初预算", added="本年追加", closing="年末结余")
def JX_COMPLETION_RATE(carried_over, initial, added, closing):
    """预算完成率＝（上年结转＋年初预算＋本年追加－年末结余）÷（上年结转＋年初预算＋本年追加）。"""
    return _rate("完成率", carried_over, initial, added, closing)


@cell_function(added="本年追加（追减填负数）", initial="年初预算", excluded="按规定剔除的政策性追加，没有可不填")
def JX_ADJUSTMENT_RATE(added, initial, excluded=None):
    """预算调整率＝（本年追加－剔除数）÷年初预算。年初预算为 0 时为“不适用”。"""
    return _rate("调整率", added, initial, excluded)


@cell_function(executed="全年执行数", budget="全年预算数（调整后）")
def JX_EXECUTION_RATE(executed, budget):
    """预算执行率＝全年执行数÷全年预算数（调整后）。预算数为 0 时为“不适用”。"""
    return _rate("执行率", executed, budget)


@cell_function(in_use="实际在用固定资产总额", total="所有固定资产总额")
def JX_UTILISATION_RATE(in_use, total):
    """固定资产利用率＝实际在用固定资产总额÷所有固定资产总额。"""
    return _rate("利用率", in_use, total)


@cell_function(values="各类对象的满意度，一列单元格", weights="各类对象的权重，同样多的单元格")
def JX_SATISFACTION(values, weights):
    """满意度＝各类满意度按权重平均。有一方没有填时为“不适用”。"""
    return _rate("满意度", values, weights)


@cell_function(ruleset="规则集，如 430400/2022", rate="比率的名称，见规则集说明", operands="按规则集说明的次序填各数")
def JX_RATE(ruleset, rate, *operands):
    """规则集中任一比率的值，各数按规则集说明的次序填。"""
    return _rate(_entry(ruleset, "rates", rate)["method"], *operands)


@cell_function(ruleset="规则集，如 430400/2022", item="评分项目，一个或一列单元格", value="完成情况，与评分项目同样多的单元格")
def JX_SCORE(ruleset, item, value):
    """按规则集给一个或一列评分项目打分。"""
    if isinstance(item, list) or isinstance(value, list):
        return _scores(ruleset, item, value)
    return _score(ruleset, item, value)


@cell_function(target="年度指标值，如 ≥3次、=100%、≤90万元", actual="全年完成值", points="分值")
def JX_INDICATOR_SCORE(target, actual, points):
    """指标得分＝分值×完成值÷指标值（越小越好的指标反过来），最多为分值。"""
    return indicator_score(target, actual, points)


@cell_function(points="各项分值，一列单元格", scores="各项得分，同样多的单元格；不适用的不计入")
def JX_WEIGHTED_SCORE(points, scores):
    """折算总分＝100×得分之和÷有得分各项的分值之和。"""
    columns = {"points": _flat(points), "scores": _flat(scores)}
    return evaluate(_WEIGHTED, lambda ref: columns[ref.key])


@cell_function(ruleset="规则集，如 430400/2022", total="总分")
def JX_GRADE(ruleset, total):
    """按规则集的等级标准给总分定等级。总分不先取整。"""
    if isinstance(total, Decimal):
        return grade(total, _bands(ruleset))
    return total if total == NOT_APPLICABLE or isinstance(total, CellError) else CellError("#N/A")


@cell_function(ruleset="规则集，如 430400/2022", check="审核公式的编号", operands="按公式中出现的次序填各数，金额以元为单位")
def JX_CHECK(ruleset, check, *operands):
    """一条审核公式是否成立：成立为 TRUE，不成立为 FALSE。"""
    return _check(_entry(ruleset, "checks", check)["formula"], operands)


@cell_function(ruleset="规则集，如 430400/2022", item="比率、评分项目或总分的名称",
               operands="可以不填；填完成情况一个数，或按次序填比率所用的各数，金额都用元或都用万元")
def JX_EXPLAIN(ruleset, item, *operands):
    """说明一个比率或得分怎样算出来：先是代入数的一句话，以下各行是所用的数、算法、几种读法、可靠程度和依据。单元格请设为自动换行。"""
    return "\n".join(draw(_explanation(ruleset, item, operands)))[:CELL_LIMIT]


@cell_function(yuan="以元为单位的金额")
def JX_WAN(yuan):
    """把元换算成万元。"""
    return evaluate(_WAN, lambda ref: yuan)


@cell_function()
def JX_VERSION():
    """工具箱的版本号；能显示版本号就说明已装好。"""
    return __version__


# -- rules ------------------------------------------------------------------------------------------

_WAN = parse("yuan/10000")
_WEIGHTED = parse('IF(SUMIF(scores,">=0",points)=0,"不适用",100*SUM(scores)/SUMIF(scores,">=0",points))')


def _rate(name: str, *args: Any) -> Value:
    method = METHODS[name]
    return method.evaluate([_in_any_unit(arg) for arg in _shaped(method, args)], {})


def _in_any_unit(value: Any) -> Any:
    """A rate is the same in 元 and in 万元, and a function can't see which its cells hold. Times a hundred, the
    guard of four places keeps a cent in 万元 (0.000001) and drops what floats leave in 元 (up to 0.0000002)."""
    return value * 100 if isinstance(value, Decimal) else value


def _shaped(method: Method, args: Sequence[Any]) -> list[Any]:
    """Ranges as columns where the method takes columns."""
    vectors = [argument.kind == "vector" for argument in method.arguments]
    return [_flat(arg) if vector else arg for arg, vector in zip_longest(args, vectors[:len(args)])]


def _load(ruleset: Value) -> dict[str, Any]:
    try:
        return load_compiled(str(ruleset))
    except UnknownRuleSet as error:
        raise CellFailure("#NAME?", str(error)) from None


def _entry(ruleset: Value, section: str, name: Value) -> dict[str, Any]:
    entries = _load(ruleset)[section]
    if name not in entries:
        raise CellFailure("#NAME?", _unknown(ruleset, name, entries))
    return entries[name]


def _unknown(ruleset: Value, name: Value, known: Iterable[str]) -> str:
    near = get_close_matches(str(name), known, 3, 0.3)
    return f"规则集 {ruleset} 里没有“{name}”" + (f"，是不是“{'”“'.join(near)}”？" if near else "")


def _bands(ruleset: Value) -> list[tuple[str, Decimal]]:
    if not (bands := _load(ruleset)["grades"]):
        raise CellFailure("#VALUE!", f"规则集 {ruleset} 只含部分指标，没有等级标准")
    return [(label, Decimal(least)) for label, least in bands]


def _score(ruleset: Value, item: Value, value: Value) -> Value:
    entry = _entry(ruleset, "scores", item)
    method = METHODS.get(entry["method"])
    if method is None or len(method.arguments) != 1:
        raise CellFailure("#VALUE!", f"“{item}”不是按一个数打分的项目")
    return method.evaluate([value], default(entry["parameters"]))


def _scores(ruleset: Value, items: Any, values: Any) -> list[list[Value]]:
    items, values = _rows(items), _rows(values)
    if list(map(len, items)) != list(map(len, values)):
        raise CellFailure("#VALUE!", "评分项目与完成情况的单元格不一样多")
    return [[_one_of_many(ruleset, *pair) for pair in zip(*rows)] for rows in zip(items, values)]


def _one_of_many(ruleset: Value, item: Value, value: Value) -> Value:
    """A score, "" beside a row without an item; one failure does not take the others with it."""
    if item is None:
        return ""
    try:
        score = _score(ruleset, item, value)
    except CellFailure as failure:
        score = CellError(failure.code)
    if isinstance(score, CellError):
        log.warning("JX_SCORE %s %s %r: %s", ruleset, item, value, score.code)
    return score


def _explanation(ruleset: Value, item: Value, cells: Sequence[Any]) -> Node:
    rules = _load(ruleset)
    rates, scores = rules["rates"], rules["scores"]
    if item not in rates and item not in scores:
        raise CellFailure("#NAME?", _unknown(ruleset, item, [*scores, *rates]))
    entry = rates.get(item) or scores[item]
    if item in rates:
        node, _ = _rate_explained(item, entry, cells)
    elif entry["formula"]:
        node = _total_explained(item, entry, cells)
    else:
        node = _score_explained(item, entry, rates.get(entry["value"]), cells)
    lines = [f"可靠程度：{STATUS_WORDS[entry['status']]}", f"来源：{entry['source']}" if entry["source"] else "",
             *(f"依据：{basis}" for basis in rules["basis"])]
    return replace(node, children=(*node.children, *map(Node, filter(None, lines))))


def _rate_explained(name: Value, entry: dict[str, Any], cells: Sequence[Any]) -> tuple[Node, Value]:
    """A rate and its value, None without operands."""
    method = METHODS[entry["method"]]
    least = sum(not argument.optional for argument in method.arguments)
    if cells and not least <= len(cells) <= len(method.arguments):
        raise _miscounted(name, [argument.label for argument in method.arguments[:least]], cells)
    args = _shaped(method, cells)
    value = _rate(method.name, *cells) if cells else None
    return rate_node(name, method, entry["parameters"], entry["labels"], args, value), value


def _score_explained(name: Value, entry: dict[str, Any], rate: dict[str, Any] | None,
                     cells: Sequence[Any]) -> Node:
    """A score of the one value that is given, or of the rate that is worked out from several."""
    method, label = METHODS[entry["method"]], entry["value_label"]
    args, branch = list(cells), value_node(method, label, cells)
    if rate and len(cells) != 1:
        branch, value = _rate_explained(entry["value"], rate, cells)
        args, branch = ([value], replace(branch, text=f"{label}：{branch.text}")) if cells else ([], branch)
    elif len(cells) > 1:
        raise _miscounted(name, [label or method.arguments[0].label], cells)
    return score_node(name, method, entry["parameters"], label, branch, args)


def _total_explained(name: Value, entry: dict[str, Any], cells: Sequence[Any]) -> Node:
    flat = [_flat(cell) if isinstance(cell, list) else cell for cell in cells]
    value = _check(entry["formula"], cells) if cells else None
    return total_node(name, parse(entry["formula"]), entry["labels"], flat, value)


def _miscounted(name: Value, labels: Sequence[str], cells: Sequence[Any]) -> CellFailure:
    return CellFailure("#VALUE!", f"“{name}”要填 {len(labels)} 个数（{'、'.join(labels)}），现在填了 {len(cells)} 个")


def _check(formula: str, cells: tuple[Any, ...]) -> Value:
    if not formula:
        raise CellFailure("#VALUE!", "这条审核不是公式，只能由审核程序执行")
    expr = parse(formula)
    names = operands(expr)
    if len(names) != len(cells):
        raise CellFailure("#VALUE!", f"这条公式要填 {len(names)} 个数，现在填了 {len(cells)} 个")
    values = {name: _flat(cell) if isinstance(cell, list) else _fifteen(cell)
              for name, cell in zip(names, cells)}
    return evaluate(expr, values.__getitem__)


def _fifteen(value: Value) -> Value:
    """A number at the 15 digits a sheet compares: 16.26*10000 is 162600, not 162600.00000000003."""
    return round_decimal(value, 14 - value.adjusted()) if isinstance(value, Decimal) else value


# -- what a spreadsheet gives and takes -------------------------------------------------------------

def _in(cell: Any) -> Any:
    """A cell's value, a range as rows of values; a range of one cell is that cell."""
    if isinstance(cell, (list, tuple)):
        rows = [[_in(value) for value in (row if isinstance(row, (list, tuple)) else [row])] for row in cell]
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
    if type(cell) is int and cell in COM_ERRORS:
        return CellError(COM_ERRORS[cell])
    if isinstance(cell, str) and cell in COM_ERRORS.values():
        return CellError(cell)  # as xlwings passes an error cell when asked to
    return from_cell(cell)


def _out(value: Any) -> Any:
    """A float, text, bool, or rows of them; in rows an error stays a CellError for the bridge to show."""
    if isinstance(value, list):
        return [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in value]
    if isinstance(value, CellError):
        raise CellFailure(value.code, _REASONS.get(value.code, "引用的单元格有错误"))
    return float(value) if isinstance(value, Decimal) else value


def _rows(cells: Any) -> list[list[Value]]:
    return cells if isinstance(cells, list) else [[cells]]


def _flat(cells: Any) -> list[Value]:
    return [value for row in _rows(cells) for value in row]
