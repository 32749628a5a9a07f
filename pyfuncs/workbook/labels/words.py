"""Printed labels as words that can be compared: spaces, line ends, brackets, numbering do not count. Pure.

Clerks' files print one label in many ways: `年度总\\n\\n体目标`, `其中：公用经费`, `产出指标（50分）`,
`部门(单位)名  称`. Each way has the same keys; two labels are alike when they share one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PLACEHOLDER = "…"                                     # key of a label that only holds a place: ……
LONGEST = 60                                          # characters that a label is told by
TOTALS = frozenset({"总分", "合计", "总计", "分值", "分值合计", "总得分", "合计含执行率"})

_ORDINAL = "[一二三四五六七八九十]{1,3}"
_NUMBERING = re.compile(rf"(?:{_ORDINAL}[、.．]|\d{{1,2}}[、.．](?!\d)|\((?:\d{{1,2}}|{_ORDINAL})\))")
_MEASURE = re.compile(r"\((?:[\d.]+分|万元|元|千元|亿元|%|分|盖章|签名|签字)\)|\([\d.]+\)$")
_BRACKETED = re.compile(r"\([^()]*\)")
_YEAR = re.compile(r"(20\d\d)年度?")
_NO_WORD = re.compile(r"[\W_]+")
_CUTS = re.compile(r":|(?<=[^\d.,:(])(?=[-≥≤=]?\d)")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SUFFIXES = ("效益指标", "指标", "效益")


def keys_of(text: str, year: str = "") -> tuple[str, ...]:
    """Keys of a label, the strictest first; () when there are no words in it.

    `year`: the fiscal year; 2022年 and 2021年 become this year and the year before.
    """
    return _keys(_start(text), year)


def _start(text: str) -> str:
    """The signs that a label is told by; spaces and line ends are none of them."""
    return "".join(text[:4 * LONGEST].split())[:LONGEST]


@lru_cache(maxsize=20_000)
def _keys(text: str, year: str) -> tuple[str, ...]:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if not _NO_WORD.sub("", plain):
        return (PLACEHOLDER,) if re.fullmatch(r"\.{2,}", plain) else ()
    plain = _YEAR.sub(lambda match: _relative(match[1], year), _MEASURE.sub("", plain))
    bare = _unnumbered(plain)
    keys = [bare, _BRACKETED.sub("", bare)]
    tail = _NUMBERING.split(plain)[-1]                # 资金来源：（1）财政拨款
    if tail != plain:
        keys.append(tail)
    return tuple(dict.fromkeys(key for one in keys if (key := _NO_WORD.sub("", one))))


def yearless(text: str) -> str:
    """The strictest key without any year; "" when nothing is left."""
    keys = keys_of(_YEAR.sub("", unicodedata.normalize("NFKC", text[:LONGEST]).replace(" ", "")))
    return keys[0] if keys else ""


def title_key(text: str) -> str:
    """What tells one form's title from another's: 评价 or 自评, 目标, the year and the place make no difference."""
    plain = "".join(unicodedata.normalize("NFKC", text[:LONGEST]).split())
    plain = _BRACKETED.sub("", _YEAR.sub("", plain))
    plain = re.sub(r"^(?:[一二三四五六七八九十]、|附件?\d*:?|.{2,10}(?:市|县|区|省)(?:本级|级)?)", "", plain)
    return re.sub(r"绩效|目标|评价|自评|续表?|[\W_]", "", plain)


def years_in(texts: list[str]) -> set[str]:
    return {year for text in texts if len(text) < LONGEST and "20" in text
            for year in _YEAR.findall("".join(text.split()))}


def level_keys(text: str) -> tuple[str, ...]:
    """Keys of a 一级 or 二级指标: 数量指标（15）, 数量指标 and 数量 are alike."""
    keys = keys_of(text)
    short = [key.removesuffix(suffix) for key in keys for suffix in _SUFFIXES if len(key) > len(suffix) + 1]
    return tuple(dict.fromkeys([*keys, *short]))


def cuts(text: str) -> list[tuple[str, str]]:
    """Label and rest of a cell that may hold both: 资金总额：505.05万元; every way to cut it, longest label first."""
    found = []
    for match in _CUTS.finditer(text[:LONGEST].translate(_HALF_WIDTH)):
        label, rest = text[:match.start()], text[match.end():]
        if keys_of(label):
            found.append((label, rest))
    return found[::-1]


def near(one: str, other: str) -> bool:
    """Alike but for a slip or two of OCR: 主管部分, 主管部门. Short words must be equal."""
    shorter = min(len(one), len(other))
    allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2
    return allowed > 0 and abs(len(one) - len(other)) <= allowed and _distance(one, other, allowed) <= allowed


def _distance(one: str, other: str, enough: int) -> int:
    """Edits between two words; anything above `enough` when there are more."""
    row = list(range(len(other) + 1))
    for index, sign in enumerate(one, 1):
        before, row[0] = row[0], index
        for at, against in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (sign != against))
        if min(row) > enough:
            return enough + 1
    return row[-1]


def _unnumbered(text: str) -> str:
    while (match := _NUMBERING.match(text) or re.match(r"其中:?", text)) and match.end() < len(text):
        text = text[match.end():]
    return _NUMBERING.sub("", text) or text


def _relative(stated: str, year: str) -> str:
    if not year:
        return f"{stated}年"
    apart = int(stated) - int(year)
    return {0: "本年度", -1: "上年度"}.get(apart, f"{stated}年")
