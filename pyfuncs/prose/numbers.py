"""Every number of a paragraph with its unit: Arabic and Chinese, full-width, 大写, ranges, approximations.

One pass over the text, in time linear to its length. Dates, ranks, sizes and the numbers of documents are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.prose.model import Approx, Kind
from pyfuncs.prose.numerals import LONGEST, capital_amount, chinese_number
from pyfuncs.prose.vocabulary import (AFTER, BEFORE, BETWEEN, CHINESE_COUNTS, COUNTS, FOREIGN, HUNDRED_MILLION,
                                      MONEY, MONEY_WORDS, NO_FIGURE, NOT_POINTS, POINTS, RATIOS, TEN_THOUSAND)

MOST_DIGITS = 18                                      # no figure of a public body is longer
_MYRIADS = {"万": TEN_THOUSAND, "亿": HUNDRED_MILLION}
_NEAR = 24                                            # signs before a bare 万 in which money must be spoken of

# One sign for one sign, so that places in the text stay what they are.
_HALF = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_ALIKE = {**_HALF, **str.maketrans({
    "％": "%", "﹪": "%", "．": ".", "＋": "+", "－": "-", "−": "-", "–": "-", "﹣": "-", "＊": "*", "／": "/", "＝": "=",
    "﹦": "=", "＜": "<", "＞": ">", "≧": ">", "≦": "<", "~": "～", "〜": "～", "(": "（", ")": "）", ";": "；", ":": "：",
    "\u00a0": " ", "\u3000": " ", "∶": "：",
})}
_ALIKE[ord("≧")], _ALIKE[ord("≦")] = "≥", "≤"
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")      # parts clauses, not thousands
_FULL_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


def _words(words: object) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))       # type: ignore[call-overload]


_NUMBER = re.compile(
    r"(?P<arabic>\d{1,9}\.\d{1,9}\.(?=[万亿]?元)|\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<capital>[零壹贰叁肆伍陆柒捌玖][零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{0,30}[元圆](?:[零壹贰叁肆伍陆柒捌玖]角)?(?:[零壹贰叁肆伍陆柒捌玖]分)?[整正]?)"
    r"|(?P<percent>百分之)"
    r"|(?P<chinese>[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*(?:点[零〇一二三四五六七八九]+)?)")
_UNIT = re.compile(
    rf" ?(?P<between>{_words(BETWEEN)})? ?(?:(?P<money>{_words(MONEY)})"
    rf"|(?P<myriad>[万亿])?(?:(?P<inner>[余多])(?=元|{_words(COUNTS)}))?"
    rf"(?:(?P<foreign>{_words(FOREIGN)})|(?P<yuan>元)|(?P<none>{_words(NO_FIGURE)})|(?P<ratio>{_words(RATIOS)})"
    rf"|(?P<count>{_words(COUNTS)})|(?P<points>{POINTS}))?)")
_AFTER = re.compile(rf"(?:{_words(AFTER)})")
_BEFORE = re.compile(rf"(?<![节签合预履续违特])(?:{_words(BEFORE)}) ?$")      # 节约43.2万元 is no 约43.2万元
_RANGE = re.compile(r" ?(?:-|—|——|～|至|到) ?")
_NO_NUMBER_BEFORE = re.compile(r"(?:第|〔|\[|附件|附表|表|图|数字|编号|年|号|No\.?|[A-Za-z]|-) ?$")
_SUBTRACTED = frozenset("0123456789%）元人个次家名项户件台辆万亿年月日级号ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-")
_LONGEST_BEFORE = 6


@dataclass(frozen=True)
class Quantity:
    """A number with its unit. `start`, `end` include the words of approximation, `digits` is where the number begins.

    `value` in `measure` (元, %, 分, 人 …), ratios as ratio; `high`: the end of a range.
    """

    kind: Kind
    value: Decimal
    high: Decimal | None
    unit: str
    measure: str
    places: int
    step: Decimal
    approx: Approx
    start: int
    digits: int
    end: int


@dataclass(frozen=True)
class Number:
    """A bare number. `start`, `end`: its signs."""

    value: Decimal
    places: int
    start: int
    end: int


@dataclass(frozen=True)
class _Unit:
    kind: Kind
    measure: str
    scale: Decimal
    text: str
    approx: str
    end: int


def level_text(text: str) -> str:
    """The same text in one writing, sign for sign: half-width digits, letters and operators."""
    return _COMMA.sub("，", _FULL_COMMA.sub(",", text).translate(_ALIKE))


def quantities(text: str) -> list[Quantity]:
    """Every number with a unit, in reading order, of a text that went through `level_text`."""
    found: list[Quantity] = []
    at = 0
    while match := _NUMBER.search(text, at):
        quantity, at = _quantity(text, match)
        if quantity:
            found.append(quantity)
    return found


def number_at(match: re.Match[str]) -> Number | None:
    """The number that the pattern found; None for one that is too long, or words that are no number."""
    if written := match["arabic"]:
        digits = written.replace(",", "").rstrip(".") # 40.3.亿元
        if len(digits) > MOST_DIGITS:
            return None
        return Number(Decimal(digits), len(digits.partition(".")[2]), match.start(), match.end())
    if match["capital"] or match["percent"] or len(match[0]) > LONGEST:
        return None
    value = chinese_number(match[0])
    return None if value is None else Number(value, len(match[0].partition("点")[2]), match.start(), match.end())


def _quantity(text: str, match: re.Match[str]) -> tuple[Quantity | None, int]:
    """What the number at `match` says, and where to read on."""
    if match["capital"]:
        return _capital(text, match), match.end()
    if match["percent"]:
        return _percent_in_words(text, match)
    number = number_at(match)
    if number is None or _is_name(text, match):
        return None, match.end()
    number, unit, high = _with_range(text, number)
    if unit is None:
        return None, number.end
    if match["chinese"] and (unit.kind == "points" or unit.kind == "count" and not _counted(number, unit)):
        return None, unit.end
    return _made(text, number, unit, high), unit.end


def _counted(number: Number, unit: _Unit) -> bool:
    """Whether a number in words counts: not 一个, 二次招商, 汽车零部件."""
    return number.value > 1 and (unit.measure in CHINESE_COUNTS or number.value > 99)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether the number is part of a name: 第三, 〔2017〕38, 表2, a Chinese digit that is a word's part."""
    before = text[max(0, match.start() - _LONGEST_BEFORE):match.start()]
    if match["arabic"]:
        if before.endswith("任务"):                    # 任务1：is a label, 年度任务3.5万平方米 is a figure
            return text[match.end():match.end() + 1] in ("：", ":")
        return bool(_NO_NUMBER_BEFORE.search(before)) and not _minus(text, match.start()) and not before.endswith("年")
    return before.endswith(("第", "“", "‘", "《", "\"")) or match[0][0] in "零〇"


def _minus(text: str, start: int) -> bool:
    """Whether a minus stands before the number and nothing it could be subtracted from, or join, before that."""
    if text[start - 1:start] not in ("-", "负"):
        return False
    return text[start - 2:start - 1] not in _SUBTRACTED


def _with_range(text: str, number: Number) -> tuple[Number, _Unit | None, Decimal | None]:
    """The number with its unit; of a range the first number, the unit that both share, and the value of the second."""
    first = _unit(text, number.end, number.start)
    joined = _RANGE.match(text, first.end if first else number.end)
    if not joined:
        return number, first, None
    second = _NUMBER.match(text, joined.end())
    end = number_at(second) if second else None
    unit = _unit(text, end.end, number.start) if end else None
    if unit is None or end is None or (first is not None and first.measure != unit.measure):
        return number, first, None
    scale = (first or unit).scale
    if end.value * unit.scale <= number.value * scale:
        return (number, first, None) if first else (number, None, None)
    low = Number(number.value * scale / unit.scale, max(number.places, end.places), number.start, end.end)
    return low, unit, end.value * unit.scale


def _unit(text: str, at: int, start: int) -> _Unit | None:
    """The unit that stands at `at`; None where there is none, or one that makes a date, a rank or a size."""
    match = _UNIT.match(text, at)
    if match is None or match["none"]:
        return None
    between = BETWEEN.get(match["between"] or match["inner"] or "", "")
    if money := match["money"]:
        return _Unit("amount", "元", MONEY[money], money, between, match.end())
    myriad = match["myriad"] or ""
    scale = _MYRIADS.get(myriad, Decimal(1))
    if match["yuan"]:                                 # 3万余元
        return _Unit("amount", "元", scale, f"{myriad}元", between, match.end())
    if foreign := match["foreign"]:
        return _Unit("foreign", foreign, scale, myriad + foreign, between, match.end())
    if (ratio := match["ratio"]) and not myriad:
        measure = "百分点" if ratio == "个百分点" else "%"
        return _Unit("ratio", measure, RATIOS[ratio], ratio, between, match.end())
    if count := match["count"]:
        return _Unit("count", count, scale, myriad + count, between, match.end())
    if match["points"]:
        points = not myriad and not text.startswith(NOT_POINTS, match.end()) and not text.startswith("分", match.end())
        return _Unit("points", POINTS, scale, POINTS, between, match.end()) if points else None
    if myriad and any(word in text[max(0, start - _NEAR):start] for word in MONEY_WORDS):
        return _Unit("amount", "元", scale, myriad, between, match.end())
    if myriad and text.startswith(("以上", "以下"), match.end()):       # 10亿以上项目: a size, never a sum
        return _Unit("amount", "元", scale, myriad, between, match.end())
    return None


def _made(text: str, number: Number, unit: _Unit, high: Decimal | None) -> Quantity:
    sign = -1 if _minus(text, number.start) else 1
    start, before = _approx_before(text, number.start - (sign < 0))
    after = _AFTER.match(text, unit.end)
    approx = unit.approx or before or (AFTER[after[0]] if after else "")
    end = after.end() if after else unit.end
    step = unit.scale.scaleb(-number.places)
    return Quantity(unit.kind, sign * number.value * unit.scale, high, unit.text, unit.measure, number.places, step,
                    approx, start, number.start - (sign < 0), end)                # type: ignore[arg-type]


def _approx_before(text: str, start: int) -> tuple[int, str]:
    window = max(0, start - _LONGEST_BEFORE)
    found = _BEFORE.search(text[window:start])
    return (window + found.start(), BEFORE[found[0].strip()]) if found else (start, "")


def _capital(text: str, match: re.Match[str]) -> Quantity | None:
    value = capital_amount(match[0]) if len(match[0]) <= LONGEST + 6 else None
    if value is None:
        return None
    start, approx = _approx_before(text, match.start())
    cent = Decimal("0.01")
    return Quantity("amount", value, None, "元", "元", 2, cent, approx, start, *match.span())    # type: ignore[arg-type]


def _percent_in_words(text: str, match: re.Match[str]) -> tuple[Quantity | None, int]:
    """百分之九十五点五, 百分之95."""
    inner = _NUMBER.match(text, match.end())
    number = number_at(inner) if inner else None
    if number is None:
        return None, match.end()
    unit = _Unit("ratio", "%", RATIOS["%"], "百分之", "", number.end)
    placed = Number(number.value, number.places, match.start(), number.end)
    return _made(text, placed, unit, None), number.end
