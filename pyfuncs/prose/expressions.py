"""Calculations printed in prose: （4÷13）×100%＝30.77%, 100%＜100%, （2万元÷50万元）×100%＝4%＜10%.

A side that is words (在职人数÷编制数) has no value; a sum of words with weights (服务对象满意度×50%+…) keeps those.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException

from pyfuncs.prose.model import Expression, Relation, Span, Term
from pyfuncs.prose.numbers import MOST_DIGITS
from pyfuncs.prose.vocabulary import COUNTS, FOREIGN, MONEY, POINTS

MOST_TOKENS = 100                                     # of one side; people print a dozen
MOST_SIDES = 12
DEEPEST = 12
LONGEST_RUN = 600

_SCALES = {**MONEY, "万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}
_UNITS = "|".join(sorted({*_SCALES, *COUNTS, POINTS, *(myriad + unit for unit in FOREIGN for myriad in ("", "万", "亿"))},
                         key=len, reverse=True))
_RELATIONS: dict[str, Relation] = {"=": "=", "≈": "≈", "<": "<", ">": ">", "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">="}
_RELATION = re.compile(r"<=|>=|[=≈<>≤≥]")
_RUN = re.compile(r"[^，。；：、！？\n\t]+")              # no calculation goes over these
_TOKEN = re.compile(r" ?(?:(?P<number>\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?)"
                    rf" ?(?:(?P<percent>%)|(?P<unit>{_UNITS}))?"
                    r"|(?P<sign>[-+×xX*÷/（）])) ?")
_WEIGHT = re.compile(r"(?P<word>[^×xX*+（）=\d]{2,24})[×xX*](?P<number>\d{1,3}(?:\.\d{1,4})?)(?P<percent>%)?")
_SIGNS = {"x": "×", "X": "×", "*": "×", "/": "÷"}


@dataclass(frozen=True)
class _Token:
    """`sign`: an operator or bracket, "" for a number."""

    sign: str
    start: int
    end: int
    value: Decimal = Decimal(0)
    percent: bool = False
    unit: str = ""
    places: int = 0


class _Bad(Exception):
    """Nothing that can be worked out."""


@dataclass(frozen=True)
class _Run:
    """Text without punctuation, from `offset` in its paragraph on."""

    text: str
    offset: int
    paragraph: int

    def span(self, start: int, end: int) -> Span:
        return Span(self.paragraph, self.offset + start, self.offset + end)


@dataclass(frozen=True)
class _Side:
    """What stands between two relations. `tokens`: those that make a calculation, None where it is none."""

    start: int
    end: int
    tokens: list[_Token] | None


def expressions_in(text: str, paragraph: int) -> list[Expression]:
    """Every printed calculation and comparison of a levelled text.

    `subject` is the words on its left, as they stand; `key` and `sentence` are for the caller to fill.
    """
    found = []
    for match in _RUN.finditer(text):
        if _RELATION.search(match[0]) and len(match[0]) <= LONGEST_RUN:
            expression = _expression(_Run(match[0], match.start(), paragraph))
            found += [expression] if expression else []
    return found


def _expression(run: _Run) -> Expression | None:
    signs = list(_RELATION.finditer(run.text))
    if len(signs) >= MOST_SIDES:
        return None
    sides = _sides(run, signs)
    scaled = _own_units([token for side in sides for token in side.tokens or ()])
    terms = [_term(run, side, scaled) for side in sides]
    terms = [_per_hundred(term, side, following) for term, side, following in zip(terms, sides, [*terms[1:], None])]
    told = [number for number, term in enumerate(terms) if term.value is not None or term.weights]
    valued = [number for number, term in enumerate(terms) if term.value is not None]
    if len(told) < 2 or not valued or told[0] == valued[-1]:
        return None
    first, last = told[0], valued[-1]
    words = run.text[:terms[0].span.start - run.offset] if first == 0 else run.text[:sides[0].end]
    return Expression(words, "", tuple(terms[first:last + 1]), tuple(_RELATIONS[sign[0]] for sign in signs[first:last]),
                      Span(run.paragraph, terms[first].span.start, terms[last].span.end), -1)


def _sides(run: _Run, signs: Sequence[re.Match[str]]) -> list[_Side]:
    """Words may stand before the tokens of the first side and behind those of the last."""
    cuts = [0, *(place for sign in signs for place in sign.span()), len(run.text)]
    first, *others = zip(cuts[::2], cuts[1::2])
    *middle, last = others
    return [_Side(*first, _parsable(_tokens_before(run.text, *first))),
            *(_Side(*place, _whole(run.text, *place)) for place in middle),
            _Side(*last, _longest(_tokens(run.text, *last)[0]))]


def _whole(text: str, start: int, end: int) -> list[_Token] | None:
    tokens, at = _tokens(text, start, end)
    return _parsable(tokens) if at == end else None


def _longest(tokens: list[_Token]) -> list[_Token] | None:
    """As many of the tokens, from the first on, as make a calculation."""
    while tokens and not _parsable(tokens):
        tokens.pop()
    return tokens or None


def _tokens(text: str, start: int, end: int) -> tuple[list[_Token], int]:
    """Tokens from `start` on, and where they end."""
    found: list[_Token] = []
    while start < end and len(found) <= MOST_TOKENS and (match := _TOKEN.match(text, start, end)):
        found.append(_token(match))
        start = match.end()
    return found, start


def _token(match: re.Match[str]) -> _Token:
    if sign := match["sign"]:
        return _Token(_SIGNS.get(sign, sign), match.start("sign"), match.end("sign"))
    digits = match["number"].replace(",", "")
    value = Decimal(digits) if len(digits) <= MOST_DIGITS else Decimal("NaN")
    end = max(match.end("number"), match.end("percent"), match.end("unit"))
    return _Token("", match.start("number"), end, value, bool(match["percent"]), match["unit"] or "",
                  len(digits.partition(".")[2]))


def _tokens_before(text: str, start: int, end: int) -> list[_Token]:
    """The tokens that reach up to `end`, without the words before them."""
    found: list[_Token] = []
    while start < end:
        match = _TOKEN.match(text, start, end)
        found = [*found, _token(match)] if match and len(found) <= MOST_TOKENS else []
        start = match.end() if match else start + 1
    return found


def _parsable(tokens: list[_Token]) -> list[_Token] | None:
    try:
        _value(tokens, True)
    except (_Bad, DecimalException):
        return None
    return tokens


def _own_units(tokens: Sequence[_Token]) -> bool:
    """Whether each amount counts in its own unit; not where 万元 stands once, for all of them: 9.64+0.95＝10.59万元."""
    units = {token.unit for token in tokens if token.unit in _SCALES}
    bare = any(not token.sign and not token.percent and token.unit not in _SCALES for token in tokens)
    return len(units) > 1 or not bare


def _term(run: _Run, side: _Side, scaled: bool) -> Term:
    tokens = side.tokens
    if not tokens:
        words = run.text[side.start:side.end]
        return Term(words.strip(), None, run.span(side.start, side.end), weights=_weights(words))
    last = tokens[-1]
    figures = tuple((_number(token, True), run.span(token.start, token.end)) for token in tokens if not token.sign)
    return Term(run.text[tokens[0].start:last.end], _value(tokens, scaled), run.span(tokens[0].start, last.end),
                len(tokens) == 1, last.percent, last.places, figures)


def _per_hundred(term: Term, side: _Side, following: Term | None) -> Term:
    """12÷15×100＝80%: many leave the percent sign out on the left."""
    if term.value is None or not (following and following.single and following.percent) or len(side.tokens or ()) < 3:
        return term
    *_, sign, last = side.tokens or ()
    bare = not (last.sign or last.unit or last.percent) and last.value == 100
    return replace(term, value=term.value / 100) if bare and sign.sign == "×" else term


def _weights(text: str) -> tuple[tuple[str, Decimal], ...]:
    """满意度甲×50%+满意度乙×50%: words and their weights, () unless all of the side is that."""
    bare = text.strip().strip("（）")
    parts = [_WEIGHT.fullmatch(part.strip()) for part in bare.split("+")]
    if len(parts) < 2 or not all(parts):
        return ()
    return tuple((part["word"].strip(), Decimal(part["number"]) / (100 if part["percent"] else 1))
                 for part in parts if part)


def _number(token: _Token, scaled: bool) -> Decimal:
    if not token.value.is_finite():
        raise _Bad
    if token.percent:
        return token.value / 100
    return token.value * (_SCALES.get(token.unit, 1) if scaled else 1)


def _value(tokens: Sequence[_Token], scaled: bool) -> Decimal:
    """Worked out with brackets and the usual order. Raises _Bad, or a DecimalException for a zero denominator."""
    value, at = _sum(tokens, 0, scaled, 0)
    if at != len(tokens):
        raise _Bad
    return value


def _sum(tokens: Sequence[_Token], at: int, scaled: bool, depth: int) -> tuple[Decimal, int]:
    value, at = _product(tokens, at, scaled, depth)
    while at < len(tokens) and tokens[at].sign in ("+", "-"):
        other, behind = _product(tokens, at + 1, scaled, depth)
        value, at = (value + other if tokens[at].sign == "+" else value - other), behind
    return value, at


def _product(tokens: Sequence[_Token], at: int, scaled: bool, depth: int) -> tuple[Decimal, int]:
    value, at = _factor(tokens, at, scaled, depth)
    while at < len(tokens) and tokens[at].sign in ("×", "÷"):
        other, behind = _factor(tokens, at + 1, scaled, depth)
        value, at = (value * other if tokens[at].sign == "×" else value / other), behind
    return value, at


def _factor(tokens: Sequence[_Token], at: int, scaled: bool, depth: int) -> tuple[Decimal, int]:
    if at >= len(tokens) or depth > DEEPEST:
        raise _Bad
    token = tokens[at]
    if token.sign == "-":
        value, behind = _factor(tokens, at + 1, scaled, depth + 1)
        return -value, behind
    if token.sign == "（":
        value, behind = _sum(tokens, at + 1, scaled, depth + 1)
        if behind >= len(tokens) or tokens[behind].sign != "）":
            raise _Bad
        return value, behind + 1
    if token.sign:
        raise _Bad
    return _number(token, scaled), at + 1
