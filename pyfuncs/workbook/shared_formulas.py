"""Shared formulas: a file writes one once, and each further cell only says which one it shares (pure)."""

from __future__ import annotations

import re
from functools import lru_cache

from pyfuncs.workbook.places import column_letters, column_number

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_END = r"(?![\w.(!])"
_TOKEN = re.compile(rf"""
    "(?:[^"]|"")*" | '(?:[^']|'')*'!
  | (?<![\w.$])(?:
        (?P<column>\$?)(?P<letters>[A-Z]{{1,3}})(?P<row>\$?)(?P<number>[0-9]{{1,7}}){_END}
      | (?P<columns>\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}){_END}
      | (?P<rows>\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}){_END})""", re.VERBOSE)


@lru_cache(4096)
def shifted(formula: str, down: int, right: int) -> str:
    """`formula` as a cell further down and to the right shares it: its relative references move along.

    A reference that would leave the sheet becomes #REF!, as in spreadsheet programs.
    """
    return _TOKEN.sub(lambda token: _moved(token, down, right), formula)


def _moved(token: re.Match[str], down: int, right: int) -> str:
    if token["letters"]:
        column = _column(token["column"], token["letters"], right)
        row = _row(token["row"], token["number"], down)
        return f"{column}{row}" if column and row else "#REF!"
    if token["columns"]:
        ends = [_column(*_parted(end), right) for end in token["columns"].split(":")]
    elif token["rows"]:
        ends = [_row(*_parted(end), down) for end in token["rows"].split(":")]
    else:
        return token[0]
    return ":".join(ends) if all(ends) else "#REF!"


def _parted(end: str) -> tuple[str, str]:
    """$B -> ("$", "B")."""
    return ("$", end[1:]) if end.startswith("$") else ("", end)


def _column(fixed: str, letters: str, right: int) -> str:
    """"" beyond the edge of the sheet."""
    number = column_number(letters) + (0 if fixed else right)
    return f"{fixed}{column_letters(number)}" if 1 <= number <= LAST_COLUMN else ""


def _row(fixed: str, digits: str, down: int) -> str:
    number = int(digits) + (0 if fixed else down)
    return f"{fixed}{number}" if 1 <= number <= LAST_ROW else ""
