"""Formulas as texts of a file: the same formula in several spellings, and what inserted rows make of it (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

# What may stand before a function of the add-in: the path of a file, [1]!, _xll., a name of LibreOffice's own.
_PREFIX = r"""(?:'(?:[^']|'')*'!|[^\s"'()+\-*/^&=<>,;{}!]*!)?(?:\w+\.)*"""
_REFERENCE = r"\$?[A-Z]{1,3}\$?\d{1,7}(?![\w.(])"
_TOKEN = re.compile(rf"""
    (?P<text>"(?:[^"]|"")*")
  | {_PREFIX}(?P<own>JX_\w+)(?=\s*\()
  | (?:'(?P<quoted>(?:[^']|'')+)'|(?P<bare>[^\s"'()+\-*/^&=<>,;{{}}!:$]+))!
  | (?P<reference>(?<![\w.]){_REFERENCE})
  | (?P<constant>TRUE|FALSE)(?:\(\s*\))?(?![\w.(])
  | (?P<number>(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?(?![\w.]))
  | (?P<word>[^\W\d][\w.]*)
  | (?P<space>\s+)
  | (?P<sign>.)""", re.VERBOSE | re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"(\$?[A-Z]+\$?)(\d+)", re.IGNORECASE)

RowOf = Callable[[str, int], int | None]              # sheet ("" for the formula's own), row -> row now
NameOf = Callable[[str], str]


class Lost(LookupError):
    """A formula refers to a row that is no longer to be found."""


@lru_cache(4096)                                      # units of one template have the same formulas
def normalised(formula: str) -> str:
    """One spelling of a formula, without "=": programs differ in quotes, spaces, the case of functions, the way
    they write numbers, and what they put before a function of an add-in."""
    return "".join(map(_alike, _TOKEN.finditer(formula.removeprefix("="))))


def _alike(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "text" | "sign":
            return token[0]
        case "own":
            return token["own"].upper()
        case "quoted":
            return f"'{token['quoted']}'!"
        case "bare":
            return f"'{token['bare']}'!"
        case "constant":
            return token["constant"].upper()
        case "number":
            return str(Decimal(token[0]).normalize())
        case "space":
            return ""
    return token[0].upper()


def calls_add_in(formula: str) -> bool:
    """Whether a function of the add-in is called, in any spelling."""
    return any(token["own"] for token in _TOKEN.finditer(formula))


def moved(formula: str, row_of: RowOf, name_of: NameOf) -> str:
    """A formula of a fresh template as it reads after rows were inserted and sheets renamed.

    Raises Lost when it refers to a row that `row_of` does not know.
    """
    pieces, sheet = [], ""
    for token in _TOKEN.finditer(formula):
        if token.lastgroup in ("quoted", "bare"):
            sheet = (token["quoted"] or token["bare"]).replace("''", "'")
            pieces.append(f"{quoted(name_of(sheet))}!")
            continue
        pieces.append(_moved_cell(token[0], sheet, row_of) if token.lastgroup == "reference" else token[0])
        if token[0] != ":" and not (token.lastgroup == "reference" and formula[token.end():token.end() + 1] == ":"):
            sheet = ""                                # a sheet's name holds for both ends of a range
    return "".join(pieces)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    inner = sheet.replace("'", "''")
    return f"'{inner}'"


def _moved_cell(reference: str, sheet: str, row_of: RowOf) -> str:
    column, row = _CELL.fullmatch(reference).groups()
    now = row_of(sheet, int(row))
    if now is None:
        raise Lost(reference)
    return f"{column}{now}"
