"""A formula as a spreadsheet cell carries it: A1 addresses, guarded against floats, blanks and text."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from .errors import FormulaError
from .kinds import Describe, RefInfo, kind_of
from .nodes import COMPARISONS, Binary, Call, Expr, Number, Percent, Ref, Text, Unary, is_sum, operands
from .values import comparison_places, plain, rounding_guard


@dataclass(frozen=True)
class Address:
    """Where an item stands: one range, or one per repeated sheet ("'项目1'!$E$4", "'项目2'!$E$4")."""

    ranges: tuple[str, ...]


_PRECEDENCE = {**dict.fromkeys(COMPARISONS, 1), "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_PERCENT, _UNARY, _ATOM = 6, 7, 9
_ROUNDING = ("ROUND", "ROUNDUP", "ROUNDDOWN")


def to_excel(expr: Expr, address: Callable[[Ref], Address], describe: Describe, *,
             scale: Decimal | None = None, numeric: Collection[str] = ()) -> str:
    """The native formula, without the leading "=". Raises FormulaError where there is none (上年).

    An operand that is not filled in gives #N/A. `scale` is that of the cell which receives an amount
    (10000 for a cell in 万元); by default that of the operands when they share one, else 元. `numeric` are
    keys of items the caller has made sure are numbers, so that they are not tested again.
    """
    if scale is None:
        scales = {describe(ref).scale for ref in operands(expr) if describe(ref).kind == "amount"}
        scale = scales.pop() if len(scales) == 1 else Decimal(1)
    return _Emitter(address, describe, scale).guarded(expr, frozenset(numeric))


class _Emitter:
    def __init__(self, address: Callable[[Ref], Address], describe: Describe, unit: Decimal) -> None:
        self.address, self.describe, self.unit = address, describe, unit
        self.shift = unit.adjusted()  # a unit is a power of ten

    def guarded(self, expr: Expr, known: frozenset[str]) -> str:
        """The formula of a value that is passed on, testing first the cells it can't do without."""
        if isinstance(expr, Ref):
            return self.passed_on(expr, known)
        needed = [ref for ref in dict.fromkeys(_needed(expr, self.describe)) if ref.key not in known]
        body = self.expr(expr, known | {ref.key for ref in needed})
        if isinstance(expr, Call) and expr.name == "INDEX":
            body = f'IF({body}="",NA(),{body})'  # a blank cell would be handed on as 0
        if not needed:
            return body
        cells = ",".join(self.cell(ref) for ref in needed)
        return f"IF(COUNT({cells})<{len(needed)},NA(),{body})"

    def passed_on(self, ref: Ref, known: frozenset[str]) -> str:
        cell, factor = self.cell(ref), self.factor(ref)
        if ref.key in known:
            return _times(cell, factor)
        if factor == 1:
            return f"IF(ISBLANK({cell}),NA(),{cell})"
        return f"IF(ISNUMBER({cell}),{_times(cell, factor)},NA())"

    def expr(self, expr: Expr, known: frozenset[str], outer: int = 0) -> str:
        text, inner = self.parts(expr, known)
        return f"({text})" if inner < outer else text

    def parts(self, expr: Expr, known: frozenset[str]) -> tuple[str, int]:
        """The text and how tightly it binds."""
        if isinstance(expr, Number):
            return plain(expr.value / self.unit if expr.amount else expr.value), _ATOM
        if isinstance(expr, Text):
            return '"' + expr.value.replace('"', '""') + '"', _ATOM
        if isinstance(expr, Ref):
            factor = self.factor(expr)
            return _times(self.cell(expr), factor), _ATOM if factor == 1 else _PRECEDENCE["*"]
        if isinstance(expr, Percent):
            return self.operand(expr.operand, known, _PERCENT) + "%", _PERCENT
        if isinstance(expr, Unary):
            # In brackets wherever something binds to it: programs differ about -2^2.
            return expr.op + self.operand(expr.operand, known, _ATOM), _PRECEDENCE["+"]
        if isinstance(expr, Binary):
            return self.binary(expr, known), _PRECEDENCE[expr.op]
        return self.call(expr, known), _ATOM

    def binary(self, expr: Binary, known: frozenset[str]) -> str:
        op, level = expr.op, _PRECEDENCE[expr.op]
        if op in COMPARISONS:
            return self.comparison(expr, known)
        side = {"&": self.expr, "/": self.quotient}.get(op, self.operand)
        return side(expr.left, known, level) + op + side(expr.right, known, level + 1)

    def operand(self, expr: Expr, known: frozenset[str], level: int = 0) -> str:
        """An operand that must be a number; INDEX of a blank cell would be 0."""
        text = self.expr(expr, known, level)
        if isinstance(expr, Call) and expr.name == "INDEX":
            return f"IF(ISNUMBER({text}),{text},NA())"
        return text

    def quotient(self, expr: Expr, known: frozenset[str], level: int) -> str:
        """A side of a division: the noise of a sum would be enlarged, or stand for a zero divisor."""
        if is_sum(expr):
            return f"ROUND({self.operand(expr, known)},{self.places(expr)})"
        return self.operand(expr, known, level)

    def places(self, expr: Expr) -> int:
        kind = kind_of(expr, self.describe)
        return comparison_places(kind) + (self.shift if kind == "amount" else 0)

    def comparison(self, expr: Binary, known: frozenset[str]) -> str:
        if _compares_text(expr, self.describe):
            return f"{self.expr(expr.left, known, 2)}{expr.op}{self.expr(expr.right, known, 2)}"
        if kind_of(expr.left, self.describe) == "bool":
            return f"{self.condition(expr.left, known, 2)}{expr.op}{self.condition(expr.right, known, 2)}"
        if _whole(expr.left) and _whole(expr.right):
            return f"{self.expr(expr.left, known)}{expr.op}{self.expr(expr.right, known)}"
        places = self.places(Binary("-", expr.left, expr.right))
        difference = self.operand(expr.left, known, 3)
        if not (isinstance(expr.right, Number) and expr.right.value == 0):
            difference += "-" + self.operand(expr.right, known, 4)
        return f"ROUND({difference},{places}){expr.op}0"

    def condition(self, expr: Expr, known: frozenset[str], level: int = 0) -> str:
        if isinstance(expr, Ref):
            cell = self.cell(expr)
            return f"IF(ISLOGICAL({cell}),{cell},NA())"
        return self.expr(expr, known, level)

    # -- functions ---------------------------------------------------------------------------------

    def call(self, call: Call, known: frozenset[str]) -> str:
        name, args = call.name, call.args
        if name == "IF":
            condition = self.condition(args[0], known)
            return f"IF({condition},{self.guarded(args[1], known)},{self.guarded(args[2], known)})"
        if name in ("AND", "OR", "NOT"):
            return f"{name}({','.join(self.condition(arg, known) for arg in args)})"
        if name == "IFERROR":
            return f"IFERROR({self.guarded(args[0], known)},{self.guarded(args[1], known)})"
        if name == "ISNUMBER":
            inner = self.cell(args[0]) if isinstance(args[0], Ref) else self.guarded(args[0], known)
            return f"ISNUMBER({inner})"
        if name in ("COUNT", "COUNTA"):
            return f"{name}({','.join(','.join(self.ranges(arg)) for arg in args)})"
        if name in ("SUM", "MIN", "MAX"):
            return self.aggregate(call, known)
        if name in ("SUMPRODUCT", "SUMIF"):
            return self.columns(call)
        if name in ("INDEX", "MATCH"):
            return self.search(call, known)
        if name in ("ROUND", "ROUNDUP", "ROUNDDOWN"):
            return self.rounded(call, known)
        return f"{name}({','.join(self.operand(arg, known) for arg in args)})"

    def rounded(self, call: Call, known: frozenset[str]) -> str:
        arg, digits = call.args
        kind = kind_of(arg, self.describe)
        shift = self.shift if kind == "amount" else 0
        inner = self.operand(arg, known)
        if isinstance(digits, Number):
            places, text = int(digits.value), str(int(digits.value) + shift)
        else:  # unknown before the sheet is computed: guard as for whole numbers
            places, text = 0, self.operand(digits, known, 3) + (f"+{shift}" if shift else "")
        guard = rounding_guard(call.name, places, kind)
        if guard is not None and not _rounded_already(arg, guard):
            inner = f"ROUND({inner},{guard + shift})"  # float noise must not decide a half or a step
        return f"{call.name}({inner},{text})"

    def aggregate(self, call: Call, known: frozenset[str]) -> str:
        groups: dict[Decimal, list[str]] = {}
        for arg in call.args:
            if isinstance(arg, Ref):
                groups.setdefault(self.factor(arg), []).extend(self.ranges(arg))
            else:
                text = self.operand(arg, known)
                if isinstance(arg, Call) and arg.name in ("IF", "IFERROR"):
                    text += "+0"  # these hand on a cell, in which an aggregate would pass over text
                groups.setdefault(Decimal(1), []).append(text)
        if len(groups) > 1 and call.name != "SUM":
            raise FormulaError(call.pos, f"{call.name} 里有两种计量单位的金额", "让它们的计量单位一致",
                               f"{call.name}(执行数,预算数)")
        parts = [_times(f"{call.name}({','.join(cells)})", factor) for factor, cells in groups.items()]
        if len(parts) == 1 and 1 in groups:
            return parts[0]
        return f"({'+'.join(parts)})"

    def columns(self, call: Call) -> str:
        """SUMIF and SUMPRODUCT take one range each, so repeated sheets become a sum of calls."""
        refs = [arg for arg in call.args if isinstance(arg, Ref)]
        sheets = {len(self.ranges(ref)) for ref in refs}
        if len(sheets) != 1:
            raise FormulaError(call.pos, f"{call.name} 的各列不在同样多的表上", "让各列来自同一张表", "SUMPRODUCT(调查.满意度,调查.权重)")
        criterion = [self.expr(arg, frozenset()) for arg in call.args if not isinstance(arg, Ref)]
        calls = []
        for ranges in zip(*(self.ranges(ref) for ref in refs)):
            cells = [ranges[0], *criterion, *ranges[1:]]
            calls.append(f"{call.name}({','.join(cells)})")
        weighed = refs if call.name == "SUMPRODUCT" else refs[-1:]
        factor = Decimal(1)
        for ref in weighed:
            factor *= self.factor(ref)
        if len(calls) == 1 and factor == 1:
            return calls[0]
        total = "+".join(calls)
        return f"({total})" if factor == 1 else f"({_times(f'({total})', factor)})"

    def search(self, call: Call, known: frozenset[str]) -> str:
        cells = call.args[0 if call.name == "INDEX" else 1]
        ranges = self.ranges(cells)
        if len(ranges) != 1:
            raise FormulaError(cells.pos, f"{call.name} 在多张表里查找", "只在一张表的一列里查找", "INDEX(调查.满意度,1)")
        if call.name == "MATCH":
            return f"MATCH({self.expr(call.args[0], known)},{ranges[0]},0)"
        row = self.operand(call.args[1], known)
        if not isinstance(call.args[1], (Number, Call)):
            row = f"IF({row}<1,NA(),{row})"  # row 0 would be the whole column
        text = f"INDEX({ranges[0]},{row})"
        factor = self.factor(cells)
        return text if factor == 1 else f"({_times(text, factor)})"

    # -- items -------------------------------------------------------------------------------------

    def ranges(self, ref: Ref) -> tuple[str, ...]:
        if ref.prior:
            raise FormulaError(ref.pos, f"上年({ref.key})，表里没有上年的数", "引用表上印的上年栏", "基础数据!三公经费.上年决算")
        return self.address(ref).ranges

    def cell(self, ref: Ref) -> str:
        ranges = self.ranges(ref)
        if len(ranges) != 1:
            raise FormulaError(ref.pos, f"“{ref.key}”，它在 {len(ranges)} 张表上", "放进 SUM 等汇总函数里",
                               f"SUM({ref.key})")
        return ranges[0]

    def factor(self, ref: Ref) -> Decimal:
        info: RefInfo = self.describe(ref)
        return info.scale / self.unit if info.kind == "amount" else Decimal(1)


def _times(text: str, factor: Decimal) -> str:
    if factor == 1:
        return text
    # Dividing by 10000 is exact where multiplying by 0.0001 is not.
    return f"{text}*{plain(factor)}" if factor > 1 else f"{text}/{plain(1 / factor)}"


def _compares_text(expr: Binary, describe: Describe) -> bool:
    return "text" in (kind_of(expr.left, describe), kind_of(expr.right, describe))


def _whole(expr: Expr) -> bool:
    """A count or a whole number: equal floats are equal counts, no guard needed."""
    if isinstance(expr, Number):
        return not expr.amount and expr.value == expr.value.to_integral_value()
    return isinstance(expr, Call) and expr.name in ("COUNT", "COUNTA")


def _rounded_already(expr: Expr, guard: int) -> bool:
    return (isinstance(expr, Call) and expr.name == "ROUND" and isinstance(expr.args[1], Number)
            and expr.args[1].value <= guard)


def _needed(expr: Expr, describe: Describe) -> Iterator[Ref]:
    """Items without whose number the formula has no value, whichever branch is taken."""
    if isinstance(expr, (Unary, Percent)):
        yield from _numbers((expr.operand,), describe)
    elif isinstance(expr, Binary):
        if expr.op == "&" or (expr.op in COMPARISONS and (_compares_text(expr, describe)
                                                          or kind_of(expr.left, describe) == "bool")):
            yield from _needed(expr.left, describe)
            yield from _needed(expr.right, describe)
        else:
            yield from _numbers((expr.left, expr.right), describe)
    elif isinstance(expr, Call):
        yield from _needed_in_call(expr.name, expr.args, describe)


def _needed_in_call(name: str, args: tuple[Expr, ...], describe: Describe) -> Iterator[Ref]:
    if name == "IF":
        yield from _needed(args[0], describe)
    elif name in ("AND", "OR", "NOT"):
        for arg in args:
            yield from _needed(arg, describe)
    elif name in ("SUM", "MIN", "MAX"):
        yield from _numbers(tuple(arg for arg in args if not isinstance(arg, Ref)), describe)
    elif name in ("ABS", "ROUND", "ROUNDUP", "ROUNDDOWN"):
        yield from _numbers(args, describe)
    elif name == "INDEX":
        yield from _numbers(args[1:], describe)


def _numbers(args: tuple[Expr, ...], describe: Describe) -> Iterator[Ref]:
    for arg in args:
        if isinstance(arg, Ref):
            yield arg
        else:
            yield from _needed(arg, describe)
