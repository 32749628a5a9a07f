"""How a cell function is declared, what a spreadsheet hands to it, and what it gets back.

One docstring carries everything: its first paragraph is the help of the function wizard, the lines below
that begin with a word of `_SECTIONS` and "：" make the page of the manual.
"""
from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, wraps
from typing import Any

from . import __version__
from .language import CellError, Value, from_cell

log = logging.getLogger("jixiao.udfs")

# Excel passes an error cell through COM as one of these; its numbers come as floats.
COM_ERRORS = {-2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!",
               -2146826259: "#NAME?", -2146826252: "#NUM!", -2146826246: "#N/A"}
_REASONS = {"#N/A": "有的数没有填，或不是数", "#VALUE!": "读不懂填写的内容", "#DIV/0!": "除数为 0",
            "#NUM!": "数超出范围", "#NAME?": "没有这个名称"}
_SECTIONS = ("公式", "结果", "示例", "注意", "来源")


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
class Example:
    """A formula as it is typed into a cell, and what the cell shows; `case` says what the figures are."""

    case: str
    formula: str
    result: str


@dataclass(frozen=True)
class Page:
    """What the manual says of a function, all in Chinese. `result`: what the figure is and its unit."""

    formula: str
    result: str
    examples: tuple[Example, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CellFunction:
    """A function with its Chinese help (at most 255 characters). Each bridge to a spreadsheet reads this."""

    name: str
    call: Callable[..., Any]
    help: str
    arguments: tuple[Argument, ...]

    @cached_property
    def page(self) -> Page:
        """The page of the manual, read when it is asked for: a cell never needs it."""
        return _page(self.call.__doc__ or "")


FUNCTIONS: dict[str, CellFunction] = {}


def cell_function(**arguments: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function with the help of its arguments; it gets our values and may return CellError."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*cells: Any) -> Any:
            try:
                values = [_in(cell) for cell in cells]
                return _out(function(*values), values)
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
        FUNCTIONS[name] = CellFunction(name, call, _first_paragraph(function.__doc__ or ""), taken)
        return call

    return register


def rows(cells: Any) -> list[list[Value]]:
    return cells if isinstance(cells, list) else [[cells]]


def flat(cells: Any) -> list[Value]:
    """The cells of a range, row by row."""
    return [value for row in rows(cells) for value in row]


def passed_on(error: CellError) -> CellFailure:
    """An error value among the arguments is the answer."""
    return CellFailure(error.code, f"引用的单元格本身是错误值 {error.code}")


def because(error: CellError, given: list[Any]) -> CellFailure:
    """The reason of an error that a function came to with these values."""
    if any(error in flat(value) for value in given):
        return passed_on(error)
    return CellFailure(error.code, _REASONS[error.code])


# -- what a spreadsheet gives and takes -------------------------------------------------------------

def _in(cell: Any) -> Any:
    """A cell's value, a range as rows of values; a range of one cell is that cell."""
    if isinstance(cell, (list, tuple)):
        found = [[_in(value) for value in (row if isinstance(row, (list, tuple)) else [row])] for row in cell]
        return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found
    if type(cell) is int and cell in COM_ERRORS:
        return CellError(COM_ERRORS[cell])
    if isinstance(cell, str) and cell in COM_ERRORS.values():
        return CellError(cell)  # as xlwings passes an error cell when asked to
    return from_cell(cell)


def _out(result: Any, given: list[Any]) -> Any:
    """A float, text, bool, or rows of them; in rows an error stays a CellError for the bridge to show."""
    if isinstance(result, list):
        return [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in result]
    if isinstance(result, CellError):
        raise because(result, given)
    return float(result) if isinstance(result, Decimal) else result


# -- the page of the manual -------------------------------------------------------------------------

def _first_paragraph(text: str) -> str:
    return "".join(line.strip() for line in text.partition("\n\n")[0].splitlines())


def _page(text: str) -> Page:
    found: dict[str, list[str]] = {name: [] for name in _SECTIONS}
    for name, lines in _sections(text.partition("\n\n")[2]):
        # An example's result may be lines of a tree; other lines are broken only to keep the source narrow.
        found[name].append(("\n" if name == "示例" else "").join(lines))
    formula, result = ("".join(found[name]) for name in ("公式", "结果"))
    return Page(formula, result, tuple(map(_example, found["示例"])), tuple(found["注意"]), tuple(found["来源"]))


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """(section, its lines), as they come."""
    name, lines = "", []
    for line in filter(None, map(str.strip, text.splitlines())):
        head, colon, rest = line.partition("：")
        if colon and head in _SECTIONS:
            if name:
                yield name, lines
            name, lines = head, [rest]
        else:
            lines.append(line)
    if name:
        yield name, lines


def _example(text: str) -> Example:
    """情况：=JX_…(…) → result; {version} stands for the version, which changes with every release."""
    call, _, result = text.partition(" →")
    case, _, formula = call.partition("=")
    shown = result.strip().replace("{version}", __version__)
    return Example(case.replace("\n", "").rstrip("："), f"={formula}", shown)
