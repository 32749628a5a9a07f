"""What the cell functions look up and work out: rates, scores and checks of compiled rule sets."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any

from .catalog.compiled import UnknownRuleSet, load_compiled
from .language import CellError, Value, evaluate, operands, parse, plain, round_decimal, straight
from .methods import ABSENT_WORDS, METHODS, Method, default
from .methods.explanation import rate_node, score_node, total_node, value_node
from .methods.tree import Node, draw
from .methods.wording import STATUS_WORDS
from .udfs_declare import CellFailure, because, flat, log, passed_on, rows

CELL_LIMIT = 32767                                    # characters that a cell of Excel holds
_WEIGHTED = parse('IF(SUMIF(scores,">=0",points)=0,"不适用",100*SUM(scores)/SUMIF(scores,">=0",points))')


class UnknownName(CellFailure):
    """A rule set, or something in it, that is not there; the reason proposes what is."""

    def __init__(self, reason: str) -> None:
        super().__init__("#NAME?", reason)


def rate(name: str, *args: Any) -> Value:
    """A rate by one of the methods."""
    method = METHODS[name]
    return method.evaluate([_in_any_unit(arg) for arg in _shaped(method, args)], {})


def rate_of(ruleset: Value, name: Value, args: Sequence[Any]) -> Value:
    """A rate by the method that a rule set gives it. Raises CellFailure where operands are missing."""
    method = METHODS[_entry(ruleset, "rates", name)["method"]]
    _counted(name, method, args)
    return rate(method.name, *args)


def check_of(ruleset: Value, name: Value, cells: Sequence[Any]) -> Value:
    """Whether a check of a rule set holds of the cells, in the order in which its operands appear."""
    return _check(_entry(ruleset, "checks", name)["formula"], cells)


def single(label: str, value: Any) -> Value:
    """The value of one cell. Raises CellFailure for a range: which of its cells would be a guess."""
    if isinstance(value, list):
        raise CellFailure("#VALUE!", f"“{label}”只能是一个单元格，现在是 {len(value)} 行 {len(value[0])} 列")
    return value


def weighted_score(points: Any, got: Any) -> Value:
    """A total out of 100 of the items that have a score; the others' points are left out."""
    columns = dict(zip(("points", "scores"), _equal_columns(("分值", "得分"), points, got)))
    pairs = zip(columns["points"], columns["scores"])
    counted = [pair for pair in pairs if pair[1] is not None and pair[1] not in ABSENT_WORDS]
    if not all(isinstance(value, Decimal) for pair in counted for value in pair):
        return CellError("#N/A")                      # SUMIF would pass over a text, and the total be too high
    return evaluate(_WEIGHTED, lambda ref: columns[ref.key])


def bands(ruleset: Value) -> list[tuple[str, Decimal]]:
    """The grades of a rule set. Raises CellFailure where it has none."""
    if not (found := _load(ruleset)["grades"]):
        raise CellFailure("#VALUE!", f"规则集 {ruleset} 只含部分指标，没有等级标准")
    return [(label, Decimal(least)) for label, least in found]


def score(ruleset: Value, item: Value, value: Value) -> Value:
    """The score of one item for one value."""
    rule = _entry(ruleset, "scores", item)
    method = METHODS.get(rule["method"])
    if method is None or len(method.arguments) != 1:
        raise CellFailure("#VALUE!", f"“{item}”不是按一个数打分的项目")
    return method.evaluate([value], default(rule["parameters"]))


def scores(ruleset: Value, items: Any, values: Any) -> list[list[Value]]:
    """The scores of a range of items, in its shape."""
    items, values = rows(items), rows(values)
    if list(map(len, items)) != list(map(len, values)):
        raise CellFailure("#VALUE!", "评分项目与完成情况的单元格不一样多")
    return [[_one_of_many(ruleset, *pair) for pair in zip(*pairs)] for pairs in zip(items, values)]


def explanation(ruleset: Value, item: Value, cells: Sequence[Any]) -> str:
    """The rule of a rate or score as a tree, with the cells in it; of an unknown name what is near it."""
    try:
        return "\n".join(draw(_explained(ruleset, item, cells)))[:CELL_LIMIT]
    except UnknownName as unknown:                    # to explain is to say this; a figure would be an error
        log.warning("JX_EXPLAIN %s %s: %s", ruleset, item, unknown)
        return unknown.reason


def _load(ruleset: Value) -> dict[str, Any]:
    try:
        return load_compiled(_name("规则集", ruleset))
    except UnknownRuleSet as error:
        raise UnknownName(str(error)) from None


def _name(label: str, value: Any) -> str:
    """What a cell names. Raises UnknownName for a blank one, CellFailure for an error and a range."""
    value = single(label, value)
    if isinstance(value, CellError):
        raise passed_on(value)
    if value in (None, ""):
        raise UnknownName(f"没有填{label}")
    return plain(value) if isinstance(value, Decimal) else str(value)


def _unknown(ruleset: Value, name: str, known: Iterable[str]) -> UnknownName:
    near = get_close_matches(name, known, 3, 0.3)
    return UnknownName(f"规则集 {ruleset} 里没有“{name}”" + (f"，是不是“{'”“'.join(near)}”？" if near else ""))


def _entry(ruleset: Value, section: str, name: Value) -> dict[str, Any]:
    """A rate, score or check of a rule set. Raises UnknownName."""
    entries, key = _load(ruleset)[section], _name("名称", name)
    if key not in entries:
        raise _unknown(ruleset, key, entries)
    return entries[key]


def _equal_columns(labels: Sequence[str], *ranges: Any) -> list[list[Value]]:
    """Ranges as columns. Raises CellFailure where they have not equally many cells, or one is an error."""
    columns = [flat(cells) for cells in ranges]
    if len(set(map(len, columns))) > 1:
        told = "，".join(f"“{label}”{len(column)} 个" for label, column in zip(labels, columns))
        raise CellFailure("#VALUE!", f"单元格不一样多：{told}")
    for error in (cell for column in columns for cell in column if isinstance(cell, CellError)):
        raise passed_on(error)
    return columns


def _in_any_unit(value: Any) -> Any:
    """A rate is the same in 元 and in 万元, and a function can't see which its cells hold. Times a hundred, the
    guard of four places keeps a cent in 万元 (0.000001) and drops what floats leave in 元 (up to 0.0000002)."""
    return value * 100 if isinstance(value, Decimal) else value


def _shaped(method: Method, args: Sequence[Any]) -> list[Any]:
    """Ranges as columns of equal length where the method takes columns, else single cells."""
    labels = [argument.label for argument in method.arguments]
    if method.arguments[0].kind == "vector":
        return _equal_columns(labels, *args)
    return [single(label, arg) for arg, label in zip_longest(args, labels[:len(args)])]


def _check(formula: str, cells: Sequence[Any]) -> Value:
    if not formula:
        raise CellFailure("#VALUE!", "这条审核不是公式，只能由审核程序执行")
    expr = parse(formula)
    names = operands(expr)
    if len(names) != len(cells):
        raise CellFailure("#VALUE!", f"这条公式要填 {len(names)} 个数，现在填了 {len(cells)} 个")
    for name in straight(expr):
        single(f"第 {names.index(name) + 1} 个数", cells[names.index(name)])
    values = {name: flat(cell) if isinstance(cell, list) else _fifteen(cell)
              for name, cell in zip(names, cells)}
    return evaluate(expr, values.__getitem__)


def _one_of_many(ruleset: Value, item: Value, value: Value) -> Value:
    """A score, "" beside a row without an item; one failure does not take the others with it."""
    if item is None:
        return ""
    try:
        found = score(ruleset, item, value)
        if not isinstance(found, CellError):
            return found
        failure = because(found, [value])
    except CellFailure as raised:
        failure = raised
    log.warning("JX_SCORE %s %s %r: %s", ruleset, item, value, failure)
    return CellError(failure.code)


def _explained(ruleset: Value, item: Value, cells: Sequence[Any]) -> Node:
    rules = _load(ruleset)
    rates, scored, item = rules["rates"], rules["scores"], _name("名称", item)
    if item not in rates and item not in scored:
        raise _unknown(ruleset, item, [*scored, *rates])
    rule = rates.get(item) or scored[item]
    if item in rates:
        node, _ = _rate_explained(item, rule, cells)
    elif rule["formula"]:
        node = _total_explained(item, rule, cells)
    else:
        node = _score_explained(item, rule, rates.get(rule["value"]), cells)
    lines = [f"可靠程度：{STATUS_WORDS[rule['status']]}", f"来源：{rule['source']}" if rule["source"] else "",
             *(f"依据：{basis}" for basis in rules["basis"])]
    return replace(node, children=(*node.children, *map(Node, filter(None, lines))))


def _rate_explained(name: Value, rule: dict[str, Any], cells: Sequence[Any]) -> tuple[Node, Value]:
    """A rate and its value, None without operands."""
    method = METHODS[rule["method"]]
    if cells:
        _counted(name, method, cells)
    args = _shaped(method, cells) if cells else []
    value = rate(method.name, *cells) if cells else None
    return rate_node(name, method, rule["parameters"], rule["labels"], args, value), value


def _score_explained(name: Value, rule: dict[str, Any], of_rate: dict[str, Any] | None,
                     cells: Sequence[Any]) -> Node:
    """A score of the one value that is given, or of the rate that is worked out from several."""
    method = METHODS[rule["method"]]
    label = rule["value_label"] or method.arguments[0].label
    if len(cells) == 1 and method.arguments[0].kind != "vector":
        single(label, cells[0])
    args, branch = list(cells), value_node(method, label, cells)
    if of_rate and len(cells) != 1:
        branch, value = _rate_explained(rule["value"], of_rate, cells)
        args, branch = ([value], replace(branch, text=f"{label}：{branch.text}")) if cells else ([], branch)
    elif len(cells) > 1:
        raise _miscounted(name, [label], cells)
    return score_node(name, method, rule["parameters"], rule["value_label"], branch, args)


def _total_explained(name: Value, rule: dict[str, Any], cells: Sequence[Any]) -> Node:
    columns = [flat(cell) if isinstance(cell, list) else cell for cell in cells]
    value = _check(rule["formula"], cells) if cells else None
    return total_node(name, parse(rule["formula"]), rule["labels"], columns, value)


def _counted(name: Value, method: Method, cells: Sequence[Any]) -> None:
    least = sum(not argument.optional for argument in method.arguments)
    if not least <= len(cells) <= len(method.arguments):
        raise _miscounted(name, [argument.label for argument in method.arguments[:least]], cells)


def _miscounted(name: Value, labels: Sequence[str], cells: Sequence[Any]) -> CellFailure:
    return CellFailure("#VALUE!", f"“{name}”要填 {len(labels)} 个数（{'、'.join(labels)}），现在填了 {len(cells)} 个")


def _fifteen(value: Value) -> Value:
    """A number at the 15 digits a sheet compares: 16.26*10000 is 162600, not 162600.00000000003."""
    return round_decimal(value, 14 - value.adjusted()) if isinstance(value, Decimal) else value
