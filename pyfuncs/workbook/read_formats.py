"""Number formats: how a stored number looks in its cell, and with how many decimals (pure)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
} | {number: "yyyy/m/d" for number in (*range(27, 37), *range(50, 59))}      # dates of the Chinese editions

_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
                    r'|\[[^\]]*\]|(?P<digit>[0#?.,])|(?P<percent>%)|(?P<other>.)', re.DOTALL)
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)      # a format may ask for up to 255 characters
_SECTION = re.compile(r'(?:"[^"]*"|[\\!].|[^;"\\!])*', re.DOTALL)
_SPECIAL = re.compile(r"[eE/@]|G/|General", re.IGNORECASE)
_DATE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_FORMATS = 1024                                       # kept as taken apart: files share a few dozen


class Shown(NamedTuple):
    """A number as its cell shows it; `places` = printed decimals, of the percent when `percent`."""

    text: str
    places: int
    percent: bool = False
    literal: str = ""                                 # words the format adds behind the number: 万元


class _Pattern(NamedTuple):
    """A section of a format, taken apart. `factor`: what percent signs and ending commas stand for, None for 1.

    `least`: digits before the point, noughts among them; `decimals`: the signs behind it; `last`: one of the last
    decimal; `literal`: the words behind the number, without its percent sign.
    """

    before: str
    least: int
    thousands: bool
    decimals: str
    after: str
    factor: Decimal | None
    percent: bool
    last: Decimal
    literal: str


@lru_cache(_FORMATS)
def is_date(number_format: str) -> bool:
    """Does the format show a date or a time? Words in quotes and colours do not count."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|General', "", number_format, flags=re.IGNORECASE)
    return bool(_DATE.search(bare)) and not re.search(r"[0#?]", bare.replace(".0", ""))


def show(value: Decimal, number_format: str) -> Shown:
    """`value` as Excel shows it under `number_format`; formats beyond plain numbers show as General."""
    patterns = _patterns(number_format)
    if len(patterns) > 2 and value == 0:              # the accountant's "-" is a zero of as many decimals
        return _shown(value, patterns[0])._replace(text=_shown(value, patterns[2]).text)
    if len(patterns) > 1 and value < 0:
        return _shown(-value, patterns[1])
    return _shown(value, patterns[0])


def plain(value: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(_FORMATS)
def _patterns(number_format: str) -> tuple[_Pattern | None, ...]:
    """For positive numbers, negative ones and zero, as far as the format has them; None: shows as General."""
    sections = list(filter(None, _SECTION.findall(number_format))) or ["General"]
    return tuple(None if _is_special(section) else _pattern(section) for section in sections)


def _shown(value: Decimal, pattern: _Pattern | None) -> Shown:
    return _by_pattern(value, pattern) if pattern else _general(value)


def _is_special(section: str) -> bool:
    """Whether a section asks for more than digits and words."""
    bare = re.sub(r'"[^"]*"|[\\!].|\[[^\]]*\]|_.|\*.', "", section)
    return bool(_SPECIAL.search(bare))


def _general(value: Decimal) -> Shown:
    """Excel's General leaves eleven characters for digits and the point."""
    whole = len(plain(abs(value)).split(".")[0])
    text = plain(_rounded(value, max(0, 10 - whole)))
    return Shown(text, len(text.partition(".")[2]))


def _by_pattern(value: Decimal, pattern: _Pattern) -> Shown:
    if pattern.factor is not None:
        value = _WIDE.multiply(value, pattern.factor)
    digits, places = _digits(value.copy_abs(), pattern)
    text = f"{'-' if value < 0 else ''}{pattern.before}{digits}{pattern.after}".strip()
    return Shown(text, places, pattern.percent, pattern.literal)


def _pattern(section: str) -> _Pattern:
    before, core, after, percents = "", "", "", 0
    for match in _TOKEN.finditer(section):
        kinds = match.groupdict()
        if kinds["digit"] and (not after or not core):
            core += kinds["digit"]
            continue
        percents += kinds["percent"] is not None
        words = next((kinds[name] for name in ("quoted", "escaped", "currency", "percent", "other")
                      if kinds[name] is not None), "")
        if core:
            after += words
        else:
            before += words
    digits = core.rstrip(",")
    whole, _, decimals = digits.partition(".")
    shift = 2 * percents - 3 * (len(core) - len(digits))
    return _Pattern(before, whole.count("0"), "," in whole, decimals, after, Decimal(10) ** shift if shift else None,
                    percents > 0, Decimal(1).scaleb(-len(decimals)), after.strip().rstrip("%"))


def _digits(value: Decimal, pattern: _Pattern) -> tuple[str, int]:
    """The digits of a value of no sign under a pattern such as #,##0.00, and how many decimals they have."""
    rounded = value.quantize(pattern.last, context=_WIDE)
    integer, _, fraction = (f"{rounded:,f}" if pattern.thousands else f"{rounded:f}").partition(".")
    if pattern.least == 0:
        integer = integer.lstrip("0")
    elif pattern.least > 1 and not pattern.thousands:
        integer = integer.zfill(pattern.least)
    while fraction and pattern.decimals[len(fraction) - 1] in "#?" and fraction.endswith("0"):
        fraction = fraction[:-1]
    return (f"{integer}.{fraction}" if fraction else integer), len(fraction)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
