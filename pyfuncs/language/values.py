"""Values, and the one place where numbers are rounded."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from math import isfinite
from typing import Literal, Union

NOT_APPLICABLE = "不适用"

Kind = Literal["amount", "count", "ratio", "points", "number", "text", "bool"]


@dataclass(frozen=True)
class CellError:
    """An error as a spreadsheet cell shows it: #N/A #DIV/0! #VALUE! #NUM! #NAME? #REF!"""

    code: str


Value = Union[Decimal, str, bool, None, CellError]
"""What one cell holds. None is a blank cell. Amounts are in 元, rates are ratios (0.85 for 85%)."""

NA = CellError("#N/A")
DIV0 = CellError("#DIV/0!")
VALUE = CellError("#VALUE!")
NUM = CellError("#NUM!")
REF = CellError("#REF!")

# Guards. A spreadsheet computes with binary floats, we with Decimals; a comparison or a step may only
# see a difference that both see. For amounts up to 10^9 元 in whole cents:
#   amount  4 places: a float near 10^9 is off by 10^-7 at most, a real difference is 0.01 at least.
#   ratio  13 places: a quotient of two such amounts that is not equal to a whole percent differs from it
#          by at least 0.01 cent / 10^11 cents = 10^-13 (12 places would take it for equal), while float
#          noise stays below 3.4 * 2^-53 per unit of ratio, under 5 * 10^-14 up to a ratio of 100.
#   other  12 places: points and counts up to a few hundred carry noise of 10^-13.
# Rounding to cents needs a finer guard than comparing: 6 places of 元 is all a float near 10^9 can hold.
AMOUNT_PLACES = 4
AMOUNT_ROUNDING_PLACES = 6
RATIO_PLACES = 13
OTHER_PLACES = 12
GRADE_PLACES = 9
FINE_PLACES = 10

# No traps: a result beyond all bounds becomes Infinity or NaN, which `finite` turns into #NUM!.
CONTEXT = Context(prec=40, traps=[])
_ROUNDINGS = {"ROUND": ROUND_HALF_UP, "ROUNDUP": ROUND_UP, "ROUNDDOWN": ROUND_DOWN}


def comparison_places(kind: Kind | None) -> int:
    """Decimals (in base units) at which two values of this kind are compared."""
    return {"amount": AMOUNT_PLACES, "ratio": RATIO_PLACES}.get(kind, OTHER_PLACES)


def rounding_guard(how: str, places: int, kind: Kind | None) -> int | None:
    """Decimals (in base units) to which noise is removed before ROUND, ROUNDUP or ROUNDDOWN to `places`.

    None where nothing hangs on it: so fine a ROUND is itself a guard, its halves are noise, not figures.
    """
    if how == "ROUND" and places >= (AMOUNT_PLACES if kind == "amount" else FINE_PLACES):
        return None
    guard = AMOUNT_ROUNDING_PLACES if kind == "amount" else comparison_places(kind)
    return guard if places < guard else None


def round_decimal(number: Decimal, places: int, how: str = "ROUND") -> Decimal:
    """Round as Excel's ROUND (half away from zero), ROUNDUP or ROUNDDOWN; places may be negative."""
    if not number.is_finite() or -number.as_tuple().exponent <= places or number.adjusted() + places > 35:
        return number  # already that coarse, or too large for the places to matter
    return number.quantize(Decimal(1).scaleb(-places), _ROUNDINGS[how], CONTEXT)


def finite(number: Decimal) -> Decimal | CellError:
    """The number, or #NUM! where a spreadsheet would overflow."""
    return number if number.is_finite() and number.adjusted() < 308 else NUM


def from_cell(raw: object) -> Value:
    """A value as a spreadsheet or a file gives it; a float enters by its shortest notation."""
    if raw is None or isinstance(raw, (bool, str, Decimal, CellError)):
        return raw
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        return Decimal(repr(raw)) if isfinite(raw) else NUM
    return str(raw)


def plain(number: Decimal) -> str:
    """Digits without exponent and without trailing zeros: 1E+2 -> 100, 0.50 -> 0.5."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
