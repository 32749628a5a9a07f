"""A formula as a clerk would say it."""
from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .nodes import COMPARISONS, Binary, Call, Expr, Number, Percent, Ref, Text, Unary
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
        match expr:
            case Number(value, amount):
                return _amount(value) if amount else plain(value)
            case Text(value):
                return f"“{value}”"
            case Ref():
                return self.name(expr) + self.shown(expr)
            case Percent(operand):
                return self.say(operand, 9) + "%"
            case Unary(op, operand):
                return ("－" if op == "-" else "") + self.say(operand, 9)
            case Binary("^", left, right):
                return f"{self.say(left, 9)}的 {self.say(right, 9)} 次方"
            case Binary(op, left, right):
                level = _LEVELS[op]
                text = f"{self.say(left, level)}{_space(op)}{self.say(right, level + 1)}"
                return f"（{text}）" if level < outer else text
            case Call(name, args):
                return self.call(name, args)

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
        match name:
            case "IF":
                return f"（如果{said[0]}，则{said[1]}，否则{said[2]}）"
            case "AND":
                return "，并且".join(said)
            case "OR":
                return f"（{'，或者'.join(said)}）"
            case "NOT":
                return f"并非（{said[0]}）"
            case "SUM":
                return f"{'、'.join(said)}之和"
            case "MIN" | "MAX":
                return f"{'、'.join(said)}中的{'最小' if name == 'MIN' else '最大'}数"
            case "ABS":
                return f"（{said[0]}）的绝对值"
            case "ROUND" | "ROUNDUP" | "ROUNDDOWN":
                return f"{self.say(args[0], 9)}（{_ROUNDED[name]}，保留 {said[1]} 位小数）"
            case "IFERROR":
                return f"{said[0]}（算不出时取 {said[1]}）"
            case "ISNUMBER":
                return f"{said[0]}是数"
            case "COUNT" | "COUNTA":
                return f"{'、'.join(said)}中{'填了数' if name == 'COUNT' else '已填'}的个数"
        return "无法计算"

    def columns(self, name: str, args: tuple[Expr, ...]) -> str:
        said = [self.name(arg) if isinstance(arg, Ref) else self.say(arg) for arg in args]
        match name:
            case "INDEX":
                return f"{said[0]}的第 {said[1]} 行"
            case "MATCH":
                return f"{said[0]}在{said[1]}中的行次"
            case "SUMPRODUCT":
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
