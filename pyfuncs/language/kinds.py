"""What kind of value a formula gives, and whether its parts fit together."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .errors import FormulaError
from .functions import FUNCTIONS
from .nodes import COMPARISONS, Binary, Call, Expr, Number, Percent, Ref, Text, Unary, children, walk
from .values import Kind, plain


@dataclass(frozen=True)
class RefInfo:
    """What a name stands for. A cell's number times `scale` is in base units (万元 cell: 10000)."""

    kind: Kind
    vector: bool = False
    scale: Decimal = Decimal(1)


Describe = "Callable[[Ref], RefInfo]"

_BOOLEAN = {"AND", "OR", "NOT", "ISNUMBER"}
_COUNTING = {"COUNT", "COUNTA", "MATCH"}


def kind_of(expr: Expr, describe: Describe | None) -> Kind | None:
    """The kind of a value; None where it can't be told (no description, NA())."""
    if isinstance(expr, Number):
        return "amount" if expr.amount else "number"
    if isinstance(expr, Text):
        return "text"
    if isinstance(expr, Ref):
        return describe(expr).kind if describe else None
    if isinstance(expr, Percent):
        return "ratio" if isinstance(expr.operand, Number) else kind_of(expr.operand, describe)
    if isinstance(expr, Unary):
        return kind_of(expr.operand, describe)
    if isinstance(expr, Binary):
        return _binary_kind(expr.op, kind_of(expr.left, describe), kind_of(expr.right, describe))
    return _call_kind(expr.name, [kind_of(arg, describe) for arg in expr.args])


def _binary_kind(op: str, left: Kind | None, right: Kind | None) -> Kind | None:
    if op in COMPARISONS:
        return "bool"
    if op == "&":
        return "text"
    if op == "/":
        return "ratio" if left == right and left not in (None, "number") else left
    if op == "^":
        return left
    if op == "*":
        return joint_kind(left, right) if "ratio" not in (left, right) else (right if left == "ratio" else left)
    return joint_kind(left, right)


def joint_kind(*kinds: Kind | None) -> Kind | None:
    """The telling one among several: amount before the rest, a plain number or text last."""
    known = [kind for kind in kinds if kind is not None]
    special = [kind for kind in known if kind not in ("number", "text")]
    if "amount" in special:
        return "amount"
    return (special or [kind for kind in known if kind == "number"] or known or [None])[0]


def _call_kind(name: str, args: list[Kind | None]) -> Kind | None:
    if name in _BOOLEAN:
        return "bool"
    if name in _COUNTING:
        return "count"
    if name == "NA":
        return None
    if name == "IF":
        return joint_kind(*args[1:])
    if name == "SUMIF":
        return args[-1] if len(args) == 3 else args[0]
    if name == "SUMPRODUCT":
        kinds = [kind for kind in args if kind != "ratio"]
        return joint_kind(*kinds) if kinds else "ratio"
    if name in ("ROUND", "ROUNDUP", "ROUNDDOWN", "INDEX"):
        return args[0]
    return joint_kind(*args)


def check(expr: Expr, describe: Describe) -> Kind | None:
    """The kind of a formula's value. Raises FormulaError where its parts don't fit together."""
    _refuse_vector(expr, describe)
    for node in walk(expr):
        allowed = isinstance(node, Call) and FUNCTIONS[node.name].vectors
        for child in children(node):
            if not allowed:
                _refuse_vector(child, describe)
        if isinstance(node, Binary):
            _check_binary(node, describe)
        elif isinstance(node, (Unary, Percent)):
            _numeric(node.operand, describe)
        elif isinstance(node, Call):
            _check_call(node, describe)
    return kind_of(expr, describe)


def _refuse_vector(expr: Expr, describe: Describe) -> None:
    if isinstance(expr, Ref) and describe(expr).vector:
        raise FormulaError(expr.pos, f"“{expr.key}”，它是一列（或多张表）的数",
                           "放进 SUM、COUNT、COUNTA、MIN、MAX、SUMIF、SUMPRODUCT、INDEX、MATCH 里",
                           f"SUM({expr.key})")


def _numeric(expr: Expr, describe: Describe) -> Kind | None:
    kind = kind_of(expr, describe)
    if kind in ("text", "bool"):
        what = "文字" if kind == "text" else "判断（成立或不成立）"
        raise FormulaError(expr.pos, what, "是数", "执行数/预算数")
    return kind


def _check_binary(node: Binary, describe: Describe) -> None:
    if node.op == "&":
        return
    left, right = kind_of(node.left, describe), kind_of(node.right, describe)
    if node.op in ("=", "<>") and left == right == "bool":
        return
    if node.op in ("=", "<>") and "text" in (left, right):
        literal = isinstance(node.left, Text) or isinstance(node.right, Text)
        if not literal and None not in (left, right) and left != right:
            raise FormulaError(node.pos, "文字与数相比", "两边都是数，或都是文字", '执行率="不适用"')
        return
    if node.op in COMPARISONS and "text" in (left, right):
        raise FormulaError(node.pos, f"文字用“{node.op}”比大小", "两边都是数；文字只能用 = 或 <>", "执行率>=90%")
    _numeric(node.left, describe)
    _numeric(node.right, describe)
    if node.op in ("+", "-", *COMPARISONS):
        _same_dimension(node.left, node.right, node.pos, describe)
    elif node.op == "*" and left == right == "amount":
        raise FormulaError(node.pos, "金额乘金额", "金额乘以比率或个数", "预算数*90%")
    elif node.op == "/" and right == "amount" and left not in ("amount", None):
        raise FormulaError(node.pos, "用金额去除不是金额的数", "金额除以金额", "执行数/预算数")
    elif node.op == "^":
        power = node.right
        whole = isinstance(power, Number) and power.value >= 1 and power.value % 1 == 0
        if left == "amount" or not whole:
            raise FormulaError(node.pos, "乘方", "底数不是金额、指数是正整数", "(1+增长率)^2")


def _same_dimension(left: Expr, right: Expr, pos: int, describe: Describe) -> None:
    for one, other in ((left, right), (right, left)):
        kind, against = kind_of(one, describe), kind_of(other, describe)
        if kind is None or against is None or kind == against or _is_zero(one) or _is_zero(other):
            return
        if kind == "amount":
            if isinstance(other, Number):
                raise FormulaError(other.pos, f"没有单位的“{plain(other.value)}”，它在和金额一起用",
                                   "给金额写上单位", f"{plain(other.value)}万元")
            raise FormulaError(pos, "金额与不是金额的数相加、相减或相比", "两边都是金额", "执行数<=预算数+5万元")
    if "number" not in (kind_of(left, describe), kind_of(right, describe)):
        raise FormulaError(pos, f"{_NAMES[kind_of(left, describe)]}与{_NAMES[kind_of(right, describe)]}一起用",
                           "两边是同一种数", "执行率>=90%")


_NAMES = {"amount": "金额", "count": "个数", "ratio": "比率", "points": "分数", "number": "数",
          "text": "文字", "bool": "判断"}


def _is_zero(expr: Expr) -> bool:
    return isinstance(expr, Number) and expr.value == 0


def _check_call(node: Call, describe: Describe) -> None:
    name, args = node.name, node.args
    if name in ("AND", "OR", "NOT"):
        for arg in args:
            _condition(arg, describe)
    elif name == "IF":
        _condition(args[0], describe)
        _alike([branch for branch in args[1:] if kind_of(branch, describe) != "text"], node, describe)
    elif name in ("SUM", "MIN", "MAX", "ABS", "ROUND", "ROUNDUP", "ROUNDDOWN"):
        for arg in args:
            _numeric(arg, describe)
        if name in ("SUM", "MIN", "MAX"):
            _alike(list(args), node, describe)
    elif name in ("COUNT", "COUNTA"):
        _references(node, args)
    elif name in ("SUMPRODUCT", "SUMIF", "INDEX", "MATCH"):
        _check_columns(node, describe)


def _check_columns(node: Call, describe: Describe) -> None:
    name, args = node.name, node.args
    if name == "SUMPRODUCT":
        _references(node, args)
        if [kind_of(arg, describe) for arg in args].count("amount") > 1:
            raise FormulaError(node.pos, "金额乘金额", "金额乘以比率或个数", FUNCTIONS["SUMPRODUCT"].example)
    elif name == "SUMIF":
        _references(node, (args[0], *args[2:]))
        _criterion(node, args[0], args[1], describe)
    elif name == "INDEX":
        cells, row = args
        _references(node, (cells,))
        _numeric(row, describe)
        if isinstance(row, Number) and row.value < 1:
            raise FormulaError(row.pos, f"第 {plain(row.value)} 行", "从第 1 行数起", FUNCTIONS["INDEX"].example)
    else:
        wanted, cells, mode = args
        _references(node, (cells,))
        if not _is_zero(mode) or kind_of(wanted, describe) == "amount":
            raise FormulaError(node.pos, "MATCH", "按名称或编号查找，最后一个参数写 0", FUNCTIONS["MATCH"].example)


def _condition(expr: Expr, describe: Describe) -> None:
    if kind_of(expr, describe) not in ("bool", None):
        raise FormulaError(expr.pos, "一个数或文字", "是判断（比较大小或相等）", "预算数=0")


def _alike(args: list[Expr], node: Call, describe: Describe) -> None:
    for other in args[1:]:
        _same_dimension(args[0], other, node.pos, describe)


def _references(node: Call, args: tuple[Expr, ...]) -> None:
    for arg in args:
        if not isinstance(arg, Ref):
            raise FormulaError(arg.pos, "一个算式", f"是项目名称（{node.name} 只接受单元格）",
                               FUNCTIONS[node.name].example)


def _criterion(node: Call, cells: Expr, criterion: Expr, describe: Describe) -> None:
    if not isinstance(criterion, (Number, Text)):
        raise FormulaError(criterion.pos, "一个算式", "是写定的条件", FUNCTIONS["SUMIF"].example)
    digits = str(criterion.value).lstrip("<>= ")
    if kind_of(cells, describe) == "amount" and digits.strip("0.") != "":
        # The condition is text inside the sheet: it can't follow the sheet's unit.
        raise FormulaError(criterion.pos, f"条件“{criterion.value}”", "让金额只与 0 相比", 'SUMIF(项目.执行数,">0",项目.预算数)')
