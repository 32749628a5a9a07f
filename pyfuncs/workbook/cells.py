"""What a cell means: its dialect read as a number, or as one of six kinds of empty (pure).

Clerks write `2.46 ✓`, `7.50.`, `505.05万元`, `　155%`. Such text is read as what it means, with a note that
says so. What could mean two things is not read: it becomes a proposal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from pyfuncs.catalog.model import ItemType
from pyfuncs.catalog.submission import State
from pyfuncs.workbook.grid import UNKNOWN_FORMAT
from pyfuncs.workbook.read_formats import is_date, plain, show

CellValue = str | int | float | bool | None

ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}
MONEY = {"元": Decimal(1), "千元": Decimal(10) ** 3, "万元": Decimal(10) ** 4, "万": Decimal(10) ** 4,
         "百万元": Decimal(10) ** 6, "亿元": Decimal(10) ** 8, "亿": Decimal(10) ** 8}
LARGEST = Decimal(10) ** 15                           # no amount, count or score of a public body is larger
MOST_PLACES = 20                                      # decimals that somebody may have typed or pasted
_WHOLE = 1e15                                         # the same as a float: floats tell whole numbers apart up to 2**53
NOISE = Decimal("1e-12")                              # what binary subtraction leaves of an exact zero
PERCENT_TYPED_FROM = 10                               # 1000%: no rate is as large, 94 was meant as 94%
LAST_DATE = Decimal(2958465)                          # 9999-12-31, Excel's last serial

_EMPTY: tuple[tuple[State, re.Pattern[str]], ...] = (
    ("not_applicable", re.compile(r"[-—–―─－]{1,6}|不适用")),
    ("not_scored", re.compile(r"[/／]")),
    ("placeholder", re.compile(r"…+|[.．。·]{2,}")),
    ("none", re.compile(r"无")),
)
_EMPTY_BEGINS = frozenset("-—–―─－不/／….．。·无")     # most texts are none of them, and a pattern is slow to say so
_ONLY_TEXT = re.compile("(?:文本型数字|文本型百分数|含“(?:元|千元|万元?|亿元?|分)”)，按")
_TICKS = "✓✔√☑"
_NUMBER = re.compile(rf"""
    (?P<relation>>=|<=|[≥≤≧≦═=<>])?\s*
    (?P<currency>¥)?\s*
    (?P<number>[+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|[+-]?\.\d+)
    (?P<dot>[.。])?\s*
    (?P<unit>%|[一-鿿]{{1,3}})?
    (?P<last>[.。])?\s*
    (?P<tick>[{_TICKS}]+)?\s*
    (?P<remark>\([^()]*\))?""", re.VERBOSE)
_LETTERS = str.maketrans("OoＯ〇○IlＩ", "00000111")
# Not unicodedata's NFKC: that would turn 5² into 52.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = str.maketrans({"￥": "¥", "−": "-", "﹣": "-", "﹦": "=", "﹪": "%", "\u00a0": " ", "\u3000": " "})
_SPACES = " \t\r\n\u00a0\u3000\u200b\ufeff"
# Excel keeps 15 digits; what a formula leaves behind them is binary noise.
_EXCEL_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Proposal:
    """“你是不是想填 94%？”: what the cell may have meant; a finding, never a silent guess."""

    code: str                                         # percent-typed | letters-for-digits | bracketed-number
    meant: str


class Reading(NamedTuple):
    """A cell read. `value`: amounts in 元, rates as ratio. `text`: as shown in the cell. `places`: printed
    decimals, of the percent for rates, of the sheet's unit for amounts."""

    value: Decimal | None
    state: State
    text: str
    places: int = 0
    notes: tuple[str, ...] = ()
    proposal: Proposal | None = None


def read_number(value: CellValue, kind: ItemType, number_format: str = "General", unit: str = "元") -> Reading:
    """What a cell of an item of type `kind` means.

    `value` as the spreadsheet holds it; `number_format` UNKNOWN_FORMAT: from a file or a cell that knows texts
    only, so that a number written out is nothing to note. `unit`: 元 or 万元, what the sheet counts amounts in.
    Text where a number belongs is state "text" with no value; nothing is raised for any content.
    """
    if value is None:
        return Reading(None, "blank", "")
    if isinstance(value, bool):
        return Reading(None, "text", "TRUE" if value else "FALSE")
    if isinstance(value, str):
        reading = _read_text(value, kind, unit)
        return _as_written(reading) if number_format == UNKNOWN_FORMAT else reading
    number = to_decimal(value)
    if number is None or abs(number) >= LARGEST:
        return Reading(None, "error", str(value), notes=("数值大得不合情理",))
    if is_date(number_format):
        return _date(number, kind)
    if kind == "text":
        return Reading(None, "text", show(number, number_format).text)
    if kind == "rate":
        return _typed_rate(number, number_format)
    return _typed_number(number, kind, number_format, unit)


def _as_written(reading: Reading) -> Reading:
    """Without the notes that only say that a number stands there as a text."""
    return reading._replace(notes=tuple(note for note in reading.notes if not _ONLY_TEXT.match(note)))


def to_decimal(value: int | float) -> Decimal | None:
    """The decimal a spreadsheet means by a stored number; None for NaN and infinity."""
    if isinstance(value, int):
        return Decimal(value)
    if value.is_integer() and -_WHOLE < value < _WHOLE:
        return Decimal(int(value))
    written = repr(value)
    number = Decimal(written)
    if not number.is_finite():
        return None
    if len(written) <= _EXCEL_DIGITS.prec + 1 and "e" not in written:     # digits and a point: nothing to cut
        return number
    return Decimal(plain(_EXCEL_DIGITS.plus(number))) if abs(number) >= NOISE else Decimal(0)


def _date(serial: Decimal, kind: ItemType) -> Reading:
    days = int(max(Decimal(0), min(serial, LAST_DATE)))
    notes = () if kind in ("text", "target", "actual") else ("单元格是日期，不是数",)
    return Reading(None, "text", str(date(1899, 12, 30) + timedelta(days)), notes=notes)


def _typed_number(number: Decimal, kind: ItemType, number_format: str, unit: str) -> Reading:
    """A stored number that is no rate."""
    shown = show(number, number_format)
    if kind != "amount":
        return Reading(number, "number", shown.text, shown.places)
    if shown.percent:
        return Reading(None, "text", shown.text, shown.places, ("金额格里是百分数",))
    written = shown.literal if shown.literal in MONEY else ""
    return _amount(number, written, unit, shown.text, shown.places, [])


def _typed_rate(number: Decimal, number_format: str) -> Reading:
    """A stored number in a cell of a rate: 0.94 is 94%; 94 is kept, and asked about."""
    shown = show(number, number_format)
    if abs(number) >= PERCENT_TYPED_FROM:
        return Reading(number, "number", shown.text, shown.places if shown.percent else 0,
                       proposal=Proposal("percent-typed", f"{plain(number)}%"))
    if shown.percent:
        return Reading(number, "number", shown.text, shown.places)
    notes = (_note(["没有百分号"], f"{plain(number * 100)}%"),) if number_format != UNKNOWN_FORMAT else ()
    return Reading(number, "number", shown.text, max(0, shown.places - 2), notes)


def _read_text(text: str, kind: ItemType, unit: str) -> Reading:
    bare = text.strip(_SPACES)
    if not bare:
        return Reading(None, "blank", text)
    if bare[0] == "#" and bare.upper() in ERRORS:
        return Reading(None, "error", bare.upper())
    if bare[0] in _EMPTY_BEGINS:
        for state, pattern in _EMPTY:
            if pattern.fullmatch(bare):
                return Reading(None, state, text)
    if kind in ("text", "target", "actual"):          # ≥95% keeps its relation: the method reads the words
        return Reading(None, "text", text)
    found = _number_in(text, bare, kind, unit)
    return found or Reading(None, "text", text, proposal=_proposal(bare, kind, unit))


def _number_in(text: str, bare: str, kind: ItemType, unit: str) -> Reading | None:
    """The number that a text means, or None when it means none, or more than one."""
    match = _NUMBER.fullmatch(_normalised(bare))
    written = match["unit"] or "" if match else ""
    if match is None or not _unit_fits(written, kind):
        return None
    number = Decimal(match["number"].replace(",", ""))
    if abs(number) >= LARGEST:
        return Reading(None, "error", text, notes=("数值大得不合情理",))
    if _places(match["number"]) > MOST_PLACES:
        return Reading(None, "error", text, notes=("小数位数多得不合情理",))
    oddities, places = _oddities(text, bare, match), _places(match["number"])
    if kind == "rate" and written:
        note = _note(oddities or ["文本型百分数"], f"{number}%")
        return Reading(number / 100, "number", text, places, (note,))
    if kind == "rate":
        typed = _typed_rate(number, "General")
        reasons = [*(oddities or ["文本型数字"]), "没有百分号"]
        notes = () if typed.proposal else (_note(reasons, f"{plain(number * 100)}%"),)
        return typed._replace(text=text, notes=notes)
    reasons = [*oddities, f"含“{written}”"] if written else oddities or ["文本型数字"]
    if kind == "amount":
        return _amount(number, written, unit, text, places, reasons)
    return Reading(number, "number", text, places, (_note(reasons, plain(number)),))


def _amount(number: Decimal, written: str, unit: str, text: str, places: int, oddities: list[str]) -> Reading:
    """An amount in 元; `written` is the unit that stands in the cell itself, "" when none does."""
    factor, own = MONEY[written or unit], MONEY[unit]
    if factor == own:
        notes = (_note(oddities, plain(number)),) if oddities else ()
        return Reading(number * factor, "number", text, places, notes)
    note = f"写的是“{written}”，本表单位是{unit}，按 {plain(number * factor / own)} {unit}理解"
    places = max(0, places - factor.adjusted() + own.adjusted())
    return Reading(number * factor, "number", text, places, (note,))


def _unit_fits(written: str, kind: ItemType) -> bool:
    if not written:
        return True
    match kind:
        case "amount":
            return written in MONEY
        case "rate":
            return written in ("%", "百分比")
        case "points" | "score":
            return written == "分"
    return written != "%" and written not in MONEY    # 15人, 3辆


def _oddities(text: str, bare: str, match: re.Match[str]) -> list[str]:
    """What stands in the cell besides the number, in words."""
    found = []
    if text != bare:
        found.append("前后有空格")
    if any(sign in bare for sign in "\r\n"):
        found.append("数字中间换了行")
    if any(ord(sign) in _HALF_WIDTH and sign not in "（）" for sign in bare):
        found.append("含全角字符")
    found += [f"含“{match[name]}”" for name in ("relation", "currency", "tick") if match[name]]
    if match["dot"] or match["last"]:
        found.append("多一个点")
    if match["remark"]:
        found.append(f"带说明“{match['remark'][1:-1]}”")
    return found


def _proposal(bare: str, kind: ItemType, unit: str) -> Proposal | None:
    """What a text that is no number may have meant: letters for digits, a bracketed negative."""
    accounting = re.fullmatch(r"\(([\d.,]+)\)", _normalised(bare))
    if accounting and _number_in("", f"-{accounting[1]}", kind, unit):
        return Proposal("bracketed-number", f"-{accounting[1]}")
    digits = bare.translate(_LETTERS)
    if digits == bare or not (re.search(r"\d", bare) or re.fullmatch(r"[OoIl]{2,}", bare)):
        return None
    return Proposal("letters-for-digits", digits) if _number_in("", digits, kind, unit) else None


def _normalised(bare: str) -> str:
    """Half-width digits and signs, line breaks removed."""
    return re.sub(r"[\r\n]+", "", bare).translate(_HALF_WIDTH).translate(_ALIKE)


def _note(reasons: list[str], meaning: str) -> str:
    return f"{'、'.join(reasons)}，按 {meaning} 理解"


def _places(number: str) -> int:
    return len(number.partition(".")[2])
