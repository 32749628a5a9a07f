"""The tree a formula is parsed into. Positions take no part in equality."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Union


@dataclass(frozen=True)
class Number:
    """A number; with `amount` its value is in 元 (5万元 is 50000)."""

    value: Decimal
    amount: bool = False
    pos: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Text:
    value: str
    pos: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Ref:
    """An item: form!row.column, form!cell, form!table.column; without a form a rate, parameter or column."""

    form: str | None
    path: tuple[str, ...]
    prior: bool = False
    pos: int = field(default=1, compare=False)

    def __hash__(self) -> int:
        """Found out once: what an item means is looked up by its reference, again for every workbook."""
        known = vars(self)
        if "_hash" not in known:
            known["_hash"] = hash((self.form, self.path, self.prior))
        return known["_hash"]

    def __reduce__(self) -> tuple[type[Ref], tuple[object, ...]]:
        return Ref, (self.form, self.path, self.prior, self.pos)      # a hash is another one in another process

    @property
    def key(self) -> str:
        """The item's key as it is written, without 上年()."""
        return (f"{self.form}!" if self.form else "") + ".".join(self.path)


@dataclass(frozen=True)
class Unary:
    op: str
    operand: "Expr"
    pos: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Percent:
    operand: "Expr"
    pos: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Binary:
    op: str
    left: "Expr"
    right: "Expr"
    pos: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Call:
    name: str
    args: tuple["Expr", ...]
    pos: int = field(default=1, compare=False)


Expr = Union[Number, Text, Ref, Unary, Percent, Binary, Call]

COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def children(expr: Expr) -> tuple[Expr, ...]:
    if isinstance(expr, (Unary, Percent)):
        return (expr.operand,)
    if isinstance(expr, Binary):
        return (expr.left, expr.right)
    return expr.args if isinstance(expr, Call) else ()


def is_sum(expr: Expr) -> bool:
    """A sum or difference: where floats leave noise that a quotient would enlarge."""
    if isinstance(expr, Call):
        return expr.name == "SUM"
    return isinstance(expr, Binary) and expr.op in ("+", "-")


def walk(expr: Expr) -> Iterator[Expr]:
    """The node and all below it, left to right."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def operands(expr: Expr) -> tuple[Ref, ...]:
    """The items a formula speaks of, in order, each once."""
    return tuple(dict.fromkeys(node for node in walk(expr) if isinstance(node, Ref)))


_OVER_RANGES = {"SUM", "COUNT", "COUNTA", "MIN", "MAX", "SUMIF", "SUMPRODUCT", "INDEX", "MATCH"}


def straight(expr: Expr) -> Iterator[Ref]:
    """References that stand outside SUM and its like: without their number there is no result."""
    if isinstance(expr, Ref):
        yield expr
        return
    over_ranges = isinstance(expr, Call) and expr.name in _OVER_RANGES
    for child in children(expr):
        if not (over_ranges and isinstance(child, Ref)):
            yield from straight(child)
