"""A method: one formula, from which the value, the cell formula and the sentence all come."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Literal

from ..language import (NOT_APPLICABLE, Address, CellError, Expr, Ref, RefInfo, Value, parse, prepared,
                        to_excel)
from .parameters import Parameter, problems

Parameters = "Mapping[str, Any]"
Formula = "Callable[[Parameters, frozenset[str]], str]"
Labels = "Mapping[str, str]"
Lookup = "Callable[[Ref], Value | list[Value]]"
Words = "Callable[[dict[str, Value], Parameters, Decimal, Labels], str]"
NA = CellError("#N/A")
# What a clerk types for it, and what printed forms have in such a cell.
ABSENT_WORDS = (NOT_APPLICABLE, "——", "—")


@dataclass(frozen=True, eq=False)                     # known by identity: formulas are kept by their arguments
class Argument:
    """An operand. `kind` is amount, count, ratio, points, number or vector; an optional one may be blank."""

    name: str
    label: str
    kind: Literal["amount", "count", "ratio", "points", "number", "vector"]
    optional: bool = False


@dataclass(frozen=True)
class Method:
    """A rate or a way of scoring.

    `formula(parameters, given)` is the one definition, in our formula language over argument names; `given`
    are the names of the arguments that are supplied. `words` makes the sentence of a computed result.
    """

    name: str
    kind: Literal["rate", "score"]
    function: str
    help: str
    arguments: tuple[Argument, ...]
    parameters: tuple[Parameter, ...]
    formula: Formula = field(repr=False)
    words: Words = field(repr=False)

    def evaluate(self, args: Sequence[Value | list[Value]], parameters: Parameters) -> Value:
        """The rate as a ratio, or the score; amounts in 元.

        An error among the arguments is the result; else 不适用 (or a dash) gives 不适用 (a score: what `na`
        says); else anything that is not a number, blank or text, gives #N/A.
        """
        given = self._given(args)
        missing = self._missing(given, parameters)
        if missing is not None:
            return missing
        run = _prepared(self.formula(parameters, frozenset(given)), self.arguments)
        return run(lambda ref: given[ref.key])

    def emit(self, cells: Sequence[str], parameters: Parameters, scales: Sequence[Decimal] = ()) -> str:
        """The same as a native formula, without "=". `cells` are addresses (for a vector a range).

        `scales` are those of the cells that hold amounts (10000 for 万元), in the order of the arguments.
        """
        given = self._given(cells)
        describe = _describer(self.arguments, dict(zip(given, scales)))
        core = to_excel(self._expr(parameters, given), lambda ref: Address((given[ref.key],)), describe,
                        numeric=frozenset(given))
        if self._has_vectors:
            return core
        absent = _literal(self._policy(parameters))
        if len(given) == 1:
            cell = cells[0]
            return f"IF(ISNUMBER({cell}),{core},IF({_any_absent([cell])},{absent},NA()))"
        required = [given[argument.name] for argument in self.arguments if not argument.optional]
        test = f"COUNT({','.join(required)})={len(required)}"
        for argument in self.arguments:
            if argument.optional and argument.name in given:
                cell = given[argument.name]
                test = f"AND({test},COUNT({cell})=COUNTA({cell}))"
        return f"IF({test},{core},IF({_any_absent(cells)},{absent},NA()))"

    def sentence(self, args: Sequence[Value | list[Value]], parameters: Parameters, result: Value,
                 labels: Sequence[str] = ()) -> str:
        """How `result` came about, with the numbers in it; `labels` are the printed names of the arguments.

        Amounts are printed as they are passed: pass them in the unit of the form (a rate has none).
        """
        given = self._given(args)
        if isinstance(result, Decimal) and self._missing(given, parameters) is None:
            return self.words(given, parameters, result, self._labels(labels))
        return self._why_not(given, parameters, result, self._labels(labels))

    def validate(self, parameters: Parameters) -> list[str]:
        """What is wrong with the parameters, in Chinese, with an example each; empty when nothing is."""
        return problems(self.name, self.parameters, parameters)

    # ----------------------------------------------------------------------------------------------

    def _given(self, args: Sequence[Any]) -> dict[str, Any]:
        names, least = self._names, len(self._names) - len(self._optional)
        if not least <= len(args) <= len(names):
            raise TypeError(f"{self.name} takes {least} to {len(names)} arguments, not {len(args)}")
        return dict(zip(names, args))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(argument.name for argument in self.arguments)

    @cached_property
    def _optional(self) -> frozenset[str]:
        return frozenset(argument.name for argument in self.arguments if argument.optional)

    def _expr(self, parameters: Parameters, given: Mapping[str, Any]) -> Expr:
        return parse(self.formula(parameters, frozenset(given)))

    @cached_property
    def _has_vectors(self) -> bool:
        return any(argument.kind == "vector" for argument in self.arguments)

    def _policy(self, parameters: Parameters) -> Value:
        return absent_value(parameters) if self.kind == "score" else NOT_APPLICABLE

    def _missing(self, given: Mapping[str, Any], parameters: Parameters) -> Value:
        """The result where the arguments do not allow one, else None; vectors speak for themselves."""
        if self._has_vectors:
            return None
        for value in given.values():
            if isinstance(value, CellError):
                return value
        if all(isinstance(value, Decimal) or (value is None and name in self._optional)
               for name, value in given.items()):
            return None
        return self._policy(parameters) if any(map(_is_absent, given.values())) else NA

    def _labels(self, printed: Sequence[str]) -> Labels:
        """Argument name -> how it is printed, else its own label."""
        own = {argument.name: argument.label for argument in self.arguments}
        return {**own, **{name: label for name, label in zip(own, printed) if label}}

    def _why_not(self, given: Mapping[str, Any], parameters: Parameters, result: Value, labels: Labels) -> str:
        blank = [labels[name] for name, value in given.items() if value is None]
        absent = [labels[name] for name, value in given.items() if _is_absent(value)]
        wrong = [labels[name] for name, value in given.items()
                 if isinstance(value, (bool, str, CellError)) and not _is_absent(value)]
        if absent and not isinstance(result, CellError):
            return f"{'、'.join(absent)}为“不适用”，{_outcome(result)}"
        if isinstance(result, str):
            return f"按“{self.name}”算不出（除数为 0，或各列填的个数不一致），{_outcome(result)}"
        if blank or wrong:
            parts = [f"{'、'.join(blank)}没有填"] * bool(blank) + [f"{'、'.join(wrong)}不是数"] * bool(wrong)
            return f"{'，'.join(parts)}，没有计算"
        return f"按“{self.name}”算不出：填的数超出范围，请核对"


@lru_cache(maxsize=256)
def _prepared(formula: str, arguments: tuple[Argument, ...]) -> Callable[[Lookup], Value]:
    return prepared(parse(formula), _describer(arguments, {}))


def _describer(arguments: Sequence[Argument], scales: Mapping[str, Decimal]) -> Callable[[Ref], RefInfo]:
    kinds = {argument.name: argument.kind for argument in arguments}

    def describe(ref: Ref) -> RefInfo:
        kind = kinds[ref.key]
        scale = scales.get(ref.key, Decimal(1))
        return RefInfo("number", vector=True) if kind == "vector" else RefInfo(kind, scale=scale)

    return describe


def absent_value(parameters: Parameters) -> Value:
    """What 不适用 scores: `na: full` the points, `zero` 0, `exclude` and `ask` 不适用 (decided elsewhere)."""
    policy = parameters.get("na", "ask")
    if policy == "full":
        return Decimal(parameters.get("points", "1"))
    return Decimal(0) if policy == "zero" else NOT_APPLICABLE


def _is_absent(value: object) -> bool:
    return isinstance(value, str) and value in ABSENT_WORDS


def _any_absent(cells: Sequence[str]) -> str:
    """`_is_absent` of any of the cells, natively."""
    tests = [f'{cell}="{word}"' for cell in cells for word in ABSENT_WORDS]
    return f"OR({','.join(tests)})"


def _outcome(result: Value) -> str:
    return f"得 {_literal(result)} 分" if isinstance(result, Decimal) else "结果为“不适用”"


def _literal(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else f'"{value}"'
