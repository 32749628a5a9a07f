"""合计 and its parts as sentences tell them: 其中, 包括, 分别, in brackets, and lists that end in a sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from decimal import Decimal

from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, exact, figures, measure, name, printed_as, same_measure, scale, show, tail
from pyfuncs.prose.model import Breakdown, Fact

# Parts that make up the whole by definition: said after 其中 too, they leave nothing out.
_WHOLE = (
    ((r"支出|决算", r"基本支出"), (r"项目支出",)),
    ((r"基本支出", r"人员(?:经费|支出)"), (r"公用(?:经费|支出)",)),
    ((r"三公", r"接待"), (r"公务?用?车", r"(?:出国|公务?用?车)")),
)
_NEAR = Decimal("0.01")                               # 其中 that misses less than this share is a slip, not a part left out
_WORN, _GROSS = re.compile(r"折旧|净值|净资产|净额"), re.compile(r"折旧|原值")
_CHANGES = {"增长", "下降", "差额", "同比"}
_THAN = re.compile(r"[较比]\s*(?:20\d\d年|上年|去年|年初|预算)")
_OPENING = 40                                         # signs before the first part in which the list is announced
_BACK = 8                                             # figures before the parts that may be their whole
_SURE = ("amount", "points")                          # people and things may be counted under two heads
_CLOSED = ("包括", "分别", "合计")


def check_sums(prose: Prose) -> Iterator[Finding]:
    for breakdown in prose.facts.breakdowns:
        whole = prose.facts.figures[breakdown.whole]
        parts = _listed(prose, breakdown, [prose.facts.figures[index] for index in breakdown.parts])
        parts = _outermost(_own_parts(parts))
        told = [whole, *parts]
        sums = parts and whole.kind != "ratio" and not _WORN.search(whole.subject) and not prose.in_table(whole.span)
        inside = parts and whole.depth > parts[0].depth    # 得 97 分（满分 100 分）。其中：…: not of what is in brackets
        if sums and not inside and same_measure(told) and exact(told) and whole not in parts:
            yield from _compared(prose, breakdown, whole, parts)


def _listed(prose: Prose, breakdown: Breakdown, parts: list[Fact]) -> list[Fact]:
    """Without what a ；parts from the list: 收入 2356，其中补贴 1884.8，占80%；赔付 1256. Behind 其中： it parts the list itself."""
    text = prose.report.paragraph(parts[0].span.paragraph).text
    opening = text[max(0, parts[0].span.start - _OPENING):parts[0].span.start]
    if breakdown.how != "其中" or re.search(r"其中\s*[:：]", opening) or "其中" not in opening:
        return parts
    end = text.find("；", parts[0].span.end)
    return [part for part in parts if end < 0 or part.span.start < end]


def _own_parts(parts: list[Fact]) -> list[Fact]:
    """Without what is told of a part: its 累计折旧 and 净值; of 原值、累计折旧、净值 the 净值 counts."""
    no_part = _GROSS if any("原值" in part.subject for part in parts) else _WORN
    return [part for part in parts if not no_part.search(part.subject)]


def _outermost(parts: list[Fact]) -> list[Fact]:
    """Without what is in brackets behind a part: 在编 16 人（含雇员 2 人）、编外 7 人."""
    least = min((part.depth for part in parts), default=0)
    return [part for part in parts if part.depth == least]


def _compared(prose: Prose, breakdown: Breakdown, whole: Fact, parts: Sequence[Fact]) -> Iterator[Finding]:
    total = sum(part.value for part in parts)
    delta = whole.value - total
    if not delta or (breakdown.how != "合计" and _of_another(prose, whole, parts)):
        return
    if _slipped(whole, parts, total):
        yield _unit(prose, whole, parts)
    elif abs(delta) <= tail([whole, *parts]) or (whole.places and printed_as(total, whole)):
        yield _told(prose, whole, parts, total, "rounding", "只差在尾数。", "可以不改；能用更细的数请改成一致")
    elif delta < 0:
        yield _told(prose, whole, parts, total, "error" if whole.kind in _SURE else "warning",
                    f"各部分多出 {show(whole, -delta)}。")
    elif _complete(breakdown, whole, parts):
        yield _told(prose, whole, parts, total, "error" if whole.kind in _SURE else "warning",
                    f"各部分少了 {show(whole, delta)}。")
    elif whole.kind == "points" and len(parts) > 2 and delta <= whole.value / 10:
        yield _told(prose, whole, parts, total, "warning", f"各部分少了 {show(whole, delta)}。")
    elif len(parts) > 1 and whole.kind == "amount" and delta <= whole.value * _NEAR:
        yield _told(prose, whole, parts, total, "warning", f"各部分少了 {show(whole, delta)}，可能写错一个数或漏了一项。")


def _of_another(prose: Prose, whole: Fact, parts: Sequence[Fact]) -> bool:
    """Whether the first parts make up the whole (what follows them is none), or are parts of a figure told before it.

    捐赠 362，其中资金 298、物资 64，支出 280; 决算 705.36，比预算增加 24.86，其中人员 618.2，公用 87.16.
    """
    changed = whole.qualifiers & _CHANGES and "新增" not in prose.clause(whole)
    if changed or _THAN.search(prose.clause(whole)):
        return True
    told = {fact.value for fact in prose.told_before(parts[0].span)[-_BACK:] if measure(fact) == measure(whole)}
    sums = list(accumulate(part.value for part in parts))
    return whole.value in sums or bool(told & set(sums[1:]))


def _complete(breakdown: Breakdown, whole: Fact, parts: Sequence[Fact]) -> bool:
    """Whether the parts are said to be all, or are all by definition."""
    if breakdown.how in _CLOSED:
        return len(parts) > 1
    subjects = [f"{part.key}{part.subject}" for part in parts]
    return any(re.search(first, f"{whole.key}{whole.subject}") and len(subjects) == len(rest) + 1
               and all(any(re.search(pattern, subject) for subject in subjects) for pattern in (second, *rest))
               for (first, second), rest in _WHOLE)


def _slipped(whole: Fact, parts: Sequence[Fact], total: Decimal) -> bool:
    """Whether the same number in the unit of the parts would be right: 17.58 万元 + 11.83 万元 = 29.41 元."""
    units = {scale(part) for part in parts if part.value}
    if whole.kind != "amount" or len(units) != 1 or units == {scale(whole)}:
        return False
    return abs(whole.value / scale(whole) * units.pop() - total) <= tail([*parts, parts[0]])


def _unit(prose: Prose, whole: Fact, parts: Sequence[Fact]) -> Finding:
    like = next(part for part in parts if part.value)
    right = f"{whole.value / scale(whole):f} {like.unit}"
    return prose.finding(
        "ZW-07", [whole.span, *(part.span for part in parts)],
        f"{prose.where(whole.span)}：{name(whole)}写 {show(whole)}，各部分之和是 {_sum(parts)}＝{right}，单位写错了。",
        advice=f"请核对，把“{whole.unit}”改成“{like.unit}”", expected=right, actual=show(whole), subject=name(whole),
        values=figures([whole, *parts]))


def _told(prose: Prose, whole: Fact, parts: Sequence[Fact], total: Decimal, severity: str, words: str,
          advice: str = "") -> Finding:
    most = max([whole, *parts], key=lambda fact: fact.places)
    wanted = show(whole, total, max(whole.places, _digits(whole, most)))
    return prose.finding(
        "ZW-04", [whole.span, *(part.span for part in parts)],
        f"{prose.where(whole.span)}：{name(whole)}写 {show(whole)}，各部分之和是 {_sum(parts)}＝{wanted}，{words}",
        severity=severity, advice=advice, expected=wanted, actual=show(whole), delta=show(whole, whole.value - total),
        subject=f"{name(whole)}|{name(parts[0])}", values=figures([whole, *parts]))


def _digits(whole: Fact, most: Fact) -> int:
    """Decimals that show the sum in the unit of the whole without loss."""
    return max(0, (scale(whole) / most.step).adjusted()) if most.step else whole.places


def _sum(parts: Sequence[Fact]) -> str:
    shown = [f"{part.value / scale(part):f}" for part in parts]
    return "＋".join(shown if len(shown) <= 8 else [*shown[:7], "…"])
