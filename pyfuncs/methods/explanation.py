"""A rate or a score explained as a tree: its sentence, what it comes from, its method, its readings."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..language import CellError, Expr, Ref, Value, operands, to_chinese
from .method import Method
from .parameter_words import parameter_words, with_defaults
from .parameters import default, readings
from .standards import standard_words
from .tree import Node
from .wording import number, percent, reading_words

SEVERAL_READINGS = "几种读法（规定有几种理解；格里按第一种，符合其他几种的只作提示）"
LONGEST = 40                                          # characters of a text that are shown

Cells = "Sequence[Value | list[Value]]"


def rate_node(name: str, method: Method, parameters: Mapping[str, Any], labels: Sequence[str], args: Cells,
              value: Value) -> Node:
    """A rate with the items it is worked out from; without `args` the rule alone."""
    inputs = [f"{argument.label} ＝ {label}" for argument, label in zip(method.arguments, labels)]
    if not args:
        return Node(f"{name}：{method.help}", children=tuple(map(Node, inputs)))
    sentence = method.sentence(args, default(parameters), value)
    filled = (Node(f"{text}：{shown(arg)}") for text, arg in zip(inputs, args))
    return Node(sentence, children=(*filled, Node(f"算法：{method.name}，{method.help}")))


def value_node(method: Method, label: str, args: Cells) -> Node:
    """The value that a score is given for, as it stands."""
    label = label or method.arguments[0].label
    if args and method.arguments[0].kind == "ratio" and isinstance(args[0], Decimal):
        return Node(f"{label}：{percent(args[0])}")
    return Node(f"{label}：{shown(args[0])}" if args else label)


def score_node(name: str, method: Method, parameters: Mapping[str, Any], label: str, branch: Node,
               args: Cells) -> Node:
    """A score by a method of one argument, whose value is told by `branch`; without `args` the rule alone."""
    def score(concrete: Mapping[str, Any]) -> Value:
        return method.evaluate(args, concrete)

    text, first = f"{name}：{_rule(method, parameters)}", default(parameters)
    if args:
        text = method.sentence(args, first, score(first), [label])
    lines = reading_lines(parameters, score if args else None)
    several = [Node(SEVERAL_READINGS, children=tuple(map(Node, lines)))] if lines else []
    return Node(text, children=(branch, method_node(method, parameters), *several))


def total_node(name: str, expr: Expr, labels: Sequence[str], args: Cells, value: Value) -> Node:
    """A total by a formula over labelled items; without `args` the formula alone."""
    names, given = dict(zip(operands(expr), labels)), dict(zip(operands(expr), args))

    def show(ref: Ref) -> str:
        arg = given[ref]
        if not isinstance(arg, list):
            return shown(arg)
        return number(sum((one for one in arg if isinstance(one, Decimal)), Decimal(0)))

    if not args:
        return Node(f"{name}：{to_chinese(expr, names.__getitem__)}", children=tuple(map(Node, labels)))
    result = f"{number(value)} 分" if isinstance(value, Decimal) else "算不出来"
    return Node(f"{to_chinese(expr, names.__getitem__, show)} ＝ {result}",
                children=tuple(Node(f"{label}：{shown(arg)}") for label, arg in zip(labels, args)))


def method_node(method: Method, parameters: Mapping[str, Any]) -> Node:
    """A way of scoring and its parameters, defaults included."""
    given = parameter_words(with_defaults(method, parameters))
    said = (Node(f"{name}：{words}") for name, words in given.items())
    return Node(f"算法：{method.name}，{_rule(method, parameters)}", children=tuple(said))


def reading_lines(parameters: Mapping[str, Any],
                  score: Callable[[Mapping[str, Any]], Value] | None = None) -> list[str]:
    """Each reading a document allows, the one a cell shows first, with what `score` gives by it; none when
    there is only one."""
    found = readings(parameters)
    if len(found) == 1:
        return []
    results = [result_words(score(concrete)) if score else "" for _, concrete in found]
    return [reading_words(label) + result for (label, _), result in zip(found, results)]


def result_words(value: Value) -> str:
    """得 6.85 分, or why there is no number."""
    if isinstance(value, Decimal):
        return f"得 {number(value)} 分"
    return f"为“{value}”" if isinstance(value, str) else "算不出来"


def shown(cell: Value | list[Value]) -> str:
    """An operand as it stands in its cell: the unit of an amount is not known there."""
    if isinstance(cell, list):
        return f"{len(cell)} 格，{sum(isinstance(one, Decimal) for one in cell)} 格是数"
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, Decimal):
        return number(cell)
    text = str(cell)
    return "没有填" if cell is None else f"“{text if len(text) <= LONGEST else text[:LONGEST - 1] + '…'}”"


def _rule(method: Method, parameters: Mapping[str, Any]) -> str:
    return standard_words(method.name, parameters).rstrip("。") or method.help
