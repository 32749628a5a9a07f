"""Text to tokens. Full-width characters are read as their half-width twins, except inside quotes."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .errors import FormulaError, Position

NAME = r"[一-鿿A-Za-z_][一-鿿\w]*"
UNITS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}

# One character for one, so that positions stay those of the text as typed.
_HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **str.maketrans({"　": " ", "“": '"', "”": '"', "×": "*", "÷": "/", "−": "-", "≧": "≥", "≦": "≤"}),
}
_OPERATORS = {"≥": ">=", "≤": "<=", "≠": "<>"}
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:\s*(?P<unit>亿元|万元|元))?(?![一-鿿\w])
    |(?P<text>"(?:[^"]|"")*")
    |(?P<name>{NAME})
    |(?P<op><=|>=|<>|[-+*/^&=<>≤≥≠%(),.!])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """`kind` is number, text, name, op or end; `text` is normalised; `value` is in 元 for an amount."""

    kind: str
    text: str
    pos: int
    value: Decimal | None = None
    amount: bool = False


def tokens(source: str) -> list[Token]:
    """The tokens of a formula, ending with one of kind "end". Raises FormulaError."""
    text = source.translate(_HALF_WIDTH)
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, source, at)
        end = match.end()
        pos = Position(at + 1, source, end - at)
        if match["number"]:
            unit = match["unit"]
            value = Decimal(match["number"]) * UNITS.get(unit, Decimal(1))
            found.append(Token("number", match[0], pos, value, unit is not None))
        elif match["text"]:
            # Quotes may be full-width, what stands between them is kept as typed.
            typed = source[at + 1:end - 1].replace('""', '"')
            found.append(Token("text", typed, pos))
        elif match["name"]:
            found.append(Token("name", match[0], pos))
        elif match["op"]:
            found.append(Token("op", _OPERATORS.get(match[0], match[0]), pos))
        at = end
    found.append(Token("end", "", Position(len(source) + 1, source, 1)))
    return found


def _unreadable(text: str, source: str, at: int) -> FormulaError:
    if text[at] == '"':
        pos = Position(at + 1, source, len(source) - at)
        return FormulaError(pos, "没有写完的文字", "在文字末尾补上引号", '"不适用"')
    number = re.match(r"[0-9.]+", text[at:])
    if number:
        span = re.match(r"[0-9.一-鿿\w]+", text[at:])[0]
        pos = Position(at + 1, source, len(span))
        return FormulaError(pos, f"“{source[at:at + len(span)]}”",
                            "只写数字，或在数字后写 元、万元、亿元、%", "5万元")
    return FormulaError(Position(at + 1, source), f"“{source[at]}”",
                        "是数字、文字、项目名称或运算符号", "项目支出.本年决算 + 5万元")
