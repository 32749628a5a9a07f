"""A formula as a clerk would say it."""
from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .nodes import COMPARISONS, Binary, Expr, Number, Percent, Ref, Text, Unary
from .values import plain

_SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷", "&": "接", "=": "＝", "<>": "≠", "<": "＜",
          "<=": "≤", ">": "＞", ">=": "≥"}
_LEVELS = {**dict.fromkeys(COMPARISONS, 1), "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_ROUNDED = {"ROUND": "四舍五入", "ROUNDUP": "只进不舍", "ROUNDDOWN": "只舍不进"}


def to_chinese(expr: Expr, label: Callable[[Ref], str], show: Callable[[Ref], str] | None = None) -> str:
    """A part of a sentence, such as `项目支出（25.50 万元）＝ 项目支出之和（22.50 万元）`.

    `label` gives an item's printed name; `show` its value as text, for a column of cells that of their sum.
    """
    return _Speaker(label, show).say(expr)


class _Speaker:
    def __init__(self, label: Callable[[Ref], str], show: Callable[[Ref], str] | None) -> None:
        self.label, self.show = label, show

    def say(self, expr: Expr, outer: int = 0) -> str:
        if isinstance(expr, Number):
            return _amount(expr.value) if expr.amount else plain(expr.value)
        if isinstance(expr, Text):
            return f"“{expr.value}”"
        if isinstance(expr, Ref):
            return self.name(expr) + self.shown(expr)
        if isinstance(expr, Percent):
            return self.say(expr.operand, 9) + "%"
        if isinstance(expr, Unary):
            return ("－" if expr.op == "-" else "") + self.say(expr.operand, 9)
        if isinstance(expr, Binary):
            return self.binary(expr, outer)
        return self.call(expr.name, expr.args)

    def binary(self, expr: Binary, outer: int) -> str:
        if expr.op == "^":
            return f"{self.say(expr.left, 9)}的 {self.say(expr.right, 9)} 次方"
        level = _LEVELS[expr.op]
        text = f"{self.say(expr.left, level)}{_space(expr.op)}{self.say(expr.right, level + 1)}"
        return f"（{text}）" if level < outer else text

    def name(self, ref: Ref) -> str:
        return ("上年" if ref.prior else "") + self.label(ref)

    def shown(self, ref: Ref) -> str:
        return f"（{self.show(ref)}）" if self.show else ""

    def call(self, name: str, args: tuple[Expr, ...]) -> str:
        if name in ("SUM", "COUNT", "COUNTA") and len(args) == 1 and isinstance(args[0], Ref):
            ref = args[0]
            if name == "SUM":
                return f"{self.name(ref)}之和{self.shown(ref)}"
            return f"{self.name(ref)}{'填了数' if name == 'COUNT' else '已填'}的个数"
        if name in ("INDEX", "SUMIF", "SUMPRODUCT", "MATCH"):
            return self.columns(name, args)
        said = [self.say(arg) for arg in args]
        if name == "IF":
            return f"（如果{said[0]}，则{said[1]}，否则{said[2]}）"
        if name == "AND":
            return "，并且".join(said)
        if name == "OR":
            return f"（{'，或者'.join(said)}）"
        if name == "NOT":
            return f"并非（{said[0]}）"
        if name == "SUM":
            return f"{'、'.join(said)}之和"
        if name in ("MIN", "MAX"):
            return f"{'、'.join(said)}中的{'最小' if name == 'MIN' else '最大'}数"
        if name == "ABS":
            return f"（{said[0]}）的绝对值"
        if name in _ROUNDED:
            return f"{self.say(args[0], 9)}（{_ROUNDED[name]}，保留 {said[1]} 位小数）"
        if name == "IFERROR":
            return f"{said[0]}（算不出时取 {said[1]}）"
        if name == "ISNUMBER":
            return f"{said[0]}是数"
        if name in ("COUNT", "COUNTA"):
            return f"{'、'.join(said)}中{'填了数' if name == 'COUNT' else '已填'}的个数"
        return "无法计算"

    def columns(self, name: str, args: tuple[Expr, ...]) -> str:
        said = [self.name(arg) if isinstance(arg, Ref) else self.say(arg) for arg in args]
        if name == "INDEX":
            return f"{said[0]}的第 {said[1]} 行"
        if name == "MATCH":
            return f"{said[0]}在{said[1]}中的行次"
        if name == "SUMPRODUCT":
            return f"{'与'.join(said)}逐行相乘之和"
        return f"{said[-1] if len(said) == 3 else said[0]}之和（只算{said[0]}为{said[1]}的行）"


def _space(op: str) -> str:
    """Comparison signs stand apart, as they part the sentence in two."""
    return f"{_SIGNS[op]} " if op in COMPARISONS else f" {_SIGNS[op]} "


def _amount(value: Decimal) -> str:
    for name, unit in (("亿元", Decimal(100_000_000)), ("万元", Decimal(10_000))):
        if value and value % (unit / 100) == 0 and value >= unit:
            return f"{plain(value / unit)} {name}"
    return f"{plain(value)} 元"
