"""The value of a formula, in exact Decimals; the answer a spreadsheet gives to the emitted formula."""
from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal

from .kinds import Describe, joint_kind, kind_of
from .nodes import COMPARISONS, Binary, Call, Expr, Number, Percent, Ref, Text, is_sum
from .values import (CONTEXT, DIV0, NA, NUM, REF, VALUE, CellError, Kind, Value, comparison_places, finite, plain,
                     round_decimal, rounding_guard)

_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

Lookup = "Callable[[Ref], Value | list[Value]]"


def evaluate(expr: Expr, lookup: Lookup, describe: Describe | None = None) -> Value:
    """The value of `expr`; `lookup` gives an item's value, or a list for a column of cells.

    Amounts go in and come out in 元. A blank where a number is needed is #N/A (未执行), text there is
    #VALUE!. With `describe` amounts are compared at the places the emitted formula uses; without it every
    comparison is made as between plain numbers. (A text operand shows #N/A in a sheet: an error as well.)
    """
    return prepared(expr, describe)(lookup)


def prepared(expr: Expr, describe: Describe | None = None) -> Callable[[Lookup], Value]:
    """`evaluate` of one formula for many a lookup: the kinds of its parts are found out once."""
    kinds: dict[int, Kind | None] = {}                # by the identity of a part: `expr` holds them all

    def kind(part: Expr) -> Kind | None:
        if id(part) not in kinds:
            kinds[id(part)] = kind_of(part, describe)
        return kinds[id(part)]

    return lambda lookup: _Evaluator(lookup, kind).shown(expr)


class _Evaluator:
    def __init__(self, lookup: Lookup, kind: Callable[[Expr], Kind | None]) -> None:
        self.lookup, self.kind = lookup, kind

    def shown(self, expr: Expr) -> Value:
        """The value where it is passed on as it is: a blank has not been filled in."""
        value = self.value(expr)
        if isinstance(value, list):
            return VALUE
        return NA if value is None else value

    def value(self, expr: Expr) -> Value | list[Value]:
        sort = type(expr)
        if sort is Ref:
            return self.lookup(expr)
        if sort is Binary:
            return self.binary(expr)
        if sort is Number or sort is Text:
            return expr.value
        if sort is Call:
            return _CALLS[expr.name](self, *expr.args)
        number = self.number(expr.operand)
        if isinstance(number, CellError):
            return number
        if sort is Percent:
            return CONTEXT.divide(number, Decimal(100))
        return number if expr.op == "+" else CONTEXT.minus(number)

    def number(self, expr: Expr) -> Decimal | CellError:
        value = self.value(expr)
        if isinstance(value, (Decimal, CellError)):
            return value
        return NA if value is None else VALUE

    def truth(self, expr: Expr) -> bool | CellError:
        value = self.value(expr)
        if isinstance(value, (bool, CellError)):
            return value
        return NA if value is None else VALUE

    def binary(self, expr: Binary) -> Value:
        if expr.op in COMPARISONS:
            return self.compare(expr)
        if expr.op == "&":
            left, right = self.text(expr.left), self.text(expr.right)
            return next((side for side in (left, right) if isinstance(side, CellError)), None) or left + right
        sides = []
        for side in (expr.left, expr.right):
            number = self.number(side)
            if isinstance(number, CellError):
                return number
            if expr.op == "/" and is_sum(side):
                number = round_decimal(number, comparison_places(self.kind(side)))
            sides.append(number)
        return _arithmetic(expr.op, *sides)

    def text(self, expr: Expr) -> str | CellError:
        value = self.value(expr)
        if isinstance(value, (CellError, str)):
            return value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal):
            return plain(round_decimal(value, 14 - value.adjusted()))  # 15 digits, as a sheet shows them
        return VALUE

    def compare(self, expr: Binary) -> bool | CellError:
        if expr.op in ("=", "<>"):
            same = self.same(expr.left, expr.right)
            return same if isinstance(same, CellError) else same == (expr.op == "=")
        difference = self.difference(expr.left, expr.right)
        if isinstance(difference, CellError):
            return difference
        return _ORDER[expr.op](difference, 0)

    def same(self, left: Expr, right: Expr) -> bool | CellError:
        """Equality: of numbers guarded, of text without regard to case; a blank equals empty text."""
        values = one, other = self.value(left), self.value(right)
        for value in values:
            if isinstance(value, CellError):
                return value
            if isinstance(value, list):
                return VALUE
        kinds = self.kind(left), self.kind(right)
        if kinds == ("bool", "bool") or (isinstance(one, bool) and isinstance(other, bool)):
            return NA if None in values else one == other
        if "text" in kinds or (None in kinds and isinstance(one, str) and isinstance(other, str)):
            one, other = ["" if value is None else value for value in values]
            return isinstance(one, str) and isinstance(other, str) and one.casefold() == other.casefold()
        difference = self.difference(left, right)
        return difference if isinstance(difference, CellError) else difference == 0

    def difference(self, left: Expr, right: Expr) -> Decimal | CellError:
        one, other = self.number(left), self.number(right)
        for side in (one, other):
            if isinstance(side, CellError):
                return side
        difference = CONTEXT.subtract(one, other)
        if difference >= 1 or difference <= -1:       # no rounding brings it to nought
            return difference
        return round_decimal(difference, comparison_places(joint_kind(self.kind(left), self.kind(right))))

    # -- functions ---------------------------------------------------------------------------------

    def do_if(self, condition: Expr, yes: Expr, no: Expr) -> Value:
        truth = self.truth(condition)
        return truth if isinstance(truth, CellError) else self.shown(yes if truth else no)

    def truths(self, args: tuple[Expr, ...]) -> list[bool] | CellError:
        values = [self.truth(arg) for arg in args]  # all of them: a sheet does not stop at the first
        return next((value for value in values if isinstance(value, CellError)), values)

    def do_and(self, *args: Expr) -> bool | CellError:
        values = self.truths(args)
        return values if isinstance(values, CellError) else all(values)

    def do_or(self, *args: Expr) -> bool | CellError:
        values = self.truths(args)
        return values if isinstance(values, CellError) else any(values)

    def do_not(self, arg: Expr) -> bool | CellError:
        value = self.truth(arg)
        return value if isinstance(value, CellError) else not value

    def numbers(self, args: tuple[Expr, ...]) -> list[Decimal] | CellError:
        """The numbers among cells (blanks, text and TRUE are passed over) and of computed arguments."""
        found: list[Decimal] = []
        for arg in args:
            values = self.cells(arg) if isinstance(arg, Ref) else [self.number(arg)]
            for value in values:
                if isinstance(value, CellError):
                    return value
                if isinstance(value, Decimal):
                    found.append(value)
        return found

    def cells(self, arg: Expr) -> list[Value]:
        value = self.value(arg)
        return value if isinstance(value, list) else [value]

    def do_sum(self, *args: Expr) -> Decimal | CellError:
        values = self.numbers(args)
        return values if isinstance(values, CellError) else _total(values)

    def do_min(self, *args: Expr) -> Decimal | CellError:
        values = self.numbers(args)
        return values if isinstance(values, CellError) else min(values, default=Decimal(0))

    def do_max(self, *args: Expr) -> Decimal | CellError:
        values = self.numbers(args)
        return values if isinstance(values, CellError) else max(values, default=Decimal(0))

    def do_abs(self, arg: Expr) -> Decimal | CellError:
        number = self.number(arg)
        return number if isinstance(number, CellError) else abs(number)

    def rounded(self, arg: Expr, digits: Expr, how: str) -> Decimal | CellError:
        number, places = self.number(arg), self.number(digits)
        for side in (number, places):
            if isinstance(side, CellError):
                return side
        guard = rounding_guard(how, int(places), self.kind(arg))
        return round_decimal(number if guard is None else round_decimal(number, guard), int(places), how)

    def do_round(self, arg: Expr, digits: Expr) -> Decimal | CellError:
        return self.rounded(arg, digits, "ROUND")

    def do_roundup(self, arg: Expr, digits: Expr) -> Decimal | CellError:
        return self.rounded(arg, digits, "ROUNDUP")

    def do_rounddown(self, arg: Expr, digits: Expr) -> Decimal | CellError:
        return self.rounded(arg, digits, "ROUNDDOWN")

    def do_iferror(self, arg: Expr, otherwise: Expr) -> Value:
        value = self.shown(arg)
        return self.shown(otherwise) if isinstance(value, CellError) else value

    def do_isnumber(self, arg: Expr) -> bool:
        return isinstance(self.value(arg), Decimal)

    def do_na(self) -> CellError:
        return NA

    def do_count(self, *args: Expr) -> Decimal:
        return Decimal(sum(isinstance(value, Decimal) for arg in args for value in self.cells(arg)))

    def do_counta(self, *args: Expr) -> Decimal:
        return Decimal(sum(value is not None for arg in args for value in self.cells(arg)))

    def do_sumif(self, cells: Expr, criterion: Expr, total: Expr | None = None) -> Decimal | CellError:
        tested, summed = self.cells(cells), self.cells(cells if total is None else total)
        if len(tested) != len(summed):
            return VALUE
        meets = _criterion(self.value(criterion))
        chosen = [value for test, value in zip(tested, summed) if meets(test)]
        for value in chosen:
            if isinstance(value, CellError):
                return value
        return _total([value for value in chosen if isinstance(value, Decimal)])

    def do_sumproduct(self, *args: Expr) -> Decimal | CellError:
        columns = [self.cells(arg) for arg in args]
        if len({len(column) for column in columns}) != 1:
            return VALUE
        total = Decimal(0)
        for row in zip(*columns):
            product = Decimal(1)
            for value in row:
                if isinstance(value, CellError):
                    return value
                product = CONTEXT.multiply(product, value if isinstance(value, Decimal) else Decimal(0))
            total = CONTEXT.add(total, product)
        return finite(total)

    def do_index(self, cells: Expr, row: Expr) -> Value:
        column, number = self.cells(cells), self.number(row)
        if isinstance(number, CellError):
            return number
        if number < 1:
            return VALUE
        return column[int(number) - 1] if number < len(column) + 1 else REF

    def do_match(self, wanted: Expr, cells: Expr, mode: Expr) -> Decimal | CellError:
        value = self.value(wanted)
        if isinstance(value, CellError):
            return value
        meets = _equals(value)
        found = (at for at, cell in enumerate(self.cells(cells), 1) if cell is not None and meets(cell))
        return Decimal(next(found, 0)) or NA


# By the name of the function, each with the evaluator before its arguments.
_CALLS = {name[3:].upper(): call for name, call in vars(_Evaluator).items() if name.startswith("do_")}


def _total(values: list[Decimal]) -> Decimal | CellError:
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, value)
    return finite(total)


def _arithmetic(op: str, left: Decimal, right: Decimal) -> Decimal | CellError:
    if op == "/":
        return DIV0 if right == 0 else finite(CONTEXT.divide(left, right))
    if op == "^":
        if left == 0 and right <= 0:
            return NUM if right == 0 else DIV0
        return finite(CONTEXT.power(left, right))
    return finite({"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply}[op](left, right))


def _criterion(condition: Value) -> Callable[[Value], bool]:
    """SUMIF's condition: a number, or text such as ">=0", "<>不适用", "数量*"."""
    if not isinstance(condition, str):
        return _equals(condition)
    op, operand = re.match(r"(<=|>=|<>|=|<|>)?(.*)", condition, re.DOTALL).groups()
    number = Decimal(operand) if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", operand.strip()) else None
    if op in _ORDER:
        if number is None:
            return lambda cell: False
        return lambda cell: isinstance(cell, Decimal) and _ORDER[op](cell, number)
    equal = _equals(operand if number is None else number)
    return (lambda cell: not equal(cell)) if op == "<>" else equal


def _equals(wanted: Value) -> Callable[[Value], bool]:
    """Equal as SUMIF and MATCH see it: text by pattern (* and ?) and without regard to case."""
    if not isinstance(wanted, str):
        return lambda cell: type(cell) is type(wanted) and cell == wanted
    pattern = re.escape(wanted).replace(r"\*", ".*").replace(r"\?", ".")
    return lambda cell: isinstance(cell, str) and re.fullmatch(pattern, cell, re.I | re.S) is not None
