"""Numbers written in Chinese: 二十三, 一百二十三点四, and the capitals of vouchers 叁佰贰拾万元整."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2,
          **{sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}}
_STEPS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10 ** 4, "亿": 10 ** 8}
_LARGE = ("百", "千", "佰", "仟", "万", "亿")
_CENTS = {"角": Decimal("0.1"), "分": Decimal("0.01")}
LONGEST = 24                                          # signs of a number: 9999亿9999万9999 and some 零


def chinese_number(text: str) -> Decimal | None:
    """A number in words, None when it is none: 二三 and 一百二 are said for something else."""
    whole, point, places = text.partition("点")
    number = _whole(whole) if 0 < len(whole) <= LONGEST else None
    if number is None or (point and not (places and all(sign in DIGITS for sign in places))):
        return None
    return Decimal(f"{number}.{''.join(str(DIGITS[sign]) for sign in places)}") if point else Decimal(number)


def _whole(text: str) -> int | None:
    total, section, digit, last = 0, 0, None, ""
    for sign in text:
        if sign in DIGITS:
            if digit:
                return None
            digit = DIGITS[sign]
        elif sign in _STEPS:
            section += (1 if digit is None and not section else digit or 0) * _STEPS[sign]
            digit = None
        elif sign in _MYRIADS:
            value = section + (digit or 0)
            if not value and not (sign == "亿" and last == "万"):
                return None
            total = (total + value) * _MYRIADS[sign] if sign == "亿" else total + value * _MYRIADS[sign]
            section, digit = 0, None
        else:
            return None
        last = sign
    if digit and text[-2:-1] in _LARGE:               # 一百二 is said for 120
        return None
    return total + section + (digit or 0)


def capital_amount(text: str) -> Decimal | None:
    """An amount in the capitals of vouchers, in 元: 叁佰贰拾万元整, 壹仟零伍元叁角贰分. None when it is none."""
    whole, mark, rest = text.replace("圆", "元").partition("元")
    number = chinese_number(whole)
    if number is None or not mark:
        return None
    digit: int | None = None
    for sign in rest.rstrip("整正"):
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in _CENTS and digit is not None:
            number, digit = number + digit * _CENTS[sign], None
        else:
            return None
    return number if not digit else None
