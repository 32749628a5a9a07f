"""Completion, growth and other rates, recomputed from the figures of their own sentence.

Only where the sentence itself says which figure is divided by which; else nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from pyfuncs.catalog.words import half_up, plain
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import (Prose, cut_off_as, exact, figures, measure, name, printed_as, same_measure, scale,
                                       show)
from pyfuncs.prose.model import Fact

_OF = re.compile(r"^\s*[）)]?\s*的+\s*$")                 # （215.92 亿元）的 117.14%
_TARGET = re.compile(r"(?:计划|任务|目标|预算|指标|总量|总额|总数)(?:数|的)?\s*$")
_IS = re.compile(r"为|占|完成|达|是|相当于")
_RATE = re.compile(r"(?P<name>[一-鿿]{1,10}率|满意度)\s*(?:为|是|达到?|仅为|[：:＝=])?\s*$")
_GROWN = re.compile(r"(?:增长|增加|上升|提高|增幅|增速)了?(?:为|达)?\s*$")
_SHRUNK = re.compile(r"(?:下降|减少|降低|压减|减幅|降幅)了?(?:为|达)?\s*$")
MOVED = re.compile(r"(?:增长|增加|上升|提高|下降|减少|降低|压减|多|少)了?\s*$")
_THAN_YEAR = re.compile(r"[比较与同](?:20\d\d年|上年|去年|上一年|年初)(?:同期|末|底)?的?[^，。；\d]{0,8}$")
_BEYOND = re.compile(r"超额|超出|增加|减少|新增")       # a difference is neither side of a rate
_THAN = re.compile(r"^相?比较?[，,]?")
_THAN_NAMED = re.compile(r"[较比](年初预算|年初|预算|计划|上年|去年)(?:数)?[^，。；]{0,4}$")
_THAN_BASE = re.compile(r"[较比](?:20\d\d年|(?:年初)?预算)")
_DONE_OF = re.compile(r"完成[^，。；]{0,8}(?P<of>预算|计划|任务|目标)数?的\s*$")
_LAST_YEAR = re.compile(r"上年|去年|上一年|同期")
# Names of a rate's parts: numerator, denominator. Words of the sentence decide which figure is which.
_PARTS = (
    (re.compile(r"执行率|支出率|支付率|使用率"), re.compile(r"决算|执行|实际|支出|支付|使用"), re.compile(r"预算|下达|安排|指标")),
    (re.compile(r"完成率"), re.compile(r"完成|实际|实现|到位"), re.compile(r"任务|计划|目标|年初|预算")),
    (re.compile(r"结案率|办结率|审结率|执结率|化解率"), re.compile(r"结案|办结|审结|执结|审执结|化解"), re.compile(r"受理|收案|总数|收到")),
    (re.compile(r"节约率|结余率"), re.compile(r"节约|结余|节余"), re.compile(r"预算|计划|控制价")),
    (re.compile(r"控制率"), re.compile(r"在职|在编|实有|决算|实际|支出"), re.compile(r"编制|预算")),
)
_FARTHEST = 300                                       # signs before a rate in which another thing may begin
NEAREST = 12                                          # figures of a sentence that are looked at before one
_FEW = 4                                              # pairs of figures that may be meant; more is no telling


def check_ratios(prose: Prose) -> Iterator[Finding]:
    for facts in prose.by_sentence.values():
        for position, fact in enumerate(facts):
            if fact.kind == "ratio" and fact.exact and not prose.worked(fact.span):
                yield from _checked(prose, facts[max(0, position - NEAREST):position], fact)


def _checked(prose: Prose, earlier: Sequence[Fact], ratio: Fact) -> Iterator[Finding]:
    lead = prose.lead(ratio)
    if _OF.match(lead):
        yield from _of_a_target(prose, earlier, ratio)
    elif found := _DONE_OF.search(lead):
        yield from _rate(prose, earlier, ratio, "预算执行率" if found["of"] == "预算" else "完成率")
    elif _GROWN.search(lead) or _SHRUNK.search(lead):
        yield from _growth(prose, earlier, ratio, -1 if _SHRUNK.search(lead) else 1)
    elif found := _RATE.search(lead):
        yield from _rate(prose, earlier, ratio, found["name"])


def _of_a_target(prose: Prose, earlier: Sequence[Fact], ratio: Fact) -> Iterator[Finding]:
    """完成 252.94 亿元，为任务（215.92 亿元）的 117.14%; 完成 56.8 亿元，占年度计划 50 亿元的 113.6%."""
    if len(earlier) < 2:
        return
    base = earlier[-1]
    actual = next((one for one in reversed(earlier[:-1]) if one.depth == ratio.depth and one.kind != "ratio"), None)
    if actual is None or measure(actual) != measure(base) or not exact([actual, base]):
        return
    between = prose.before(base, actual)
    if _IS.search(between) and (base.depth > ratio.depth or _TARGET.search(between)):
        yield from compared(prose, actual, base, ratio, name(actual))


def _growth(prose: Prose, earlier: Sequence[Fact], ratio: Fact, sign: int) -> Iterator[Finding]:
    """实现 84.68 亿元，比上年 62.64 亿元增长 35.18%; 支出 12.6 万元，比上年减少 3.4 万元，下降 21.25%."""
    told = [one for one in earlier if one.kind != "ratio" and one.depth == ratio.depth]
    moved = MOVED.search(prose.lead(told[-1])) if told else None
    if moved and last_year_before(prose, told):
        if exact(told[-2:]) and measure(told[-1]) == measure(told[-2]) and bool(_SHRUNK.search(moved[0])) == (sign < 0):
            yield from compared(prose, told[-1], told[-2], ratio, "增减幅度")
    elif moved and (base := _base_named(prose, told)) is not None:
        if exact([told[-1], base]) and bool(_SHRUNK.search(moved[0])) == (sign < 0):
            yield from compared(prose, told[-1], base, ratio, "增减幅度")
    elif moved and told[-1].exact:
        yield from _moved(prose, told, ratio, sign, moved[0])
    elif len(told) == 2 and same_measure(told) and exact(told):
        before = [one for one in told if _LAST_YEAR.search(prose.lead(one))]
        if len(before) == 1 and before[0].value:
            last, now = before[0], told[0] if told[1] is before[0] else told[1]
            yield from _verdict(prose, ratio, [now, last], lambda this, before: sign * (this - before) / before,
                                "（{0}－{1}）÷{1}".format(*_numbers(now, last)), f"{name(now)}的增减幅度")


def _base_named(prose: Prose, told: Sequence[Fact]) -> Fact | None:
    """年初结转 312.55 万元，…，比年初增加 142.78 万元: the one figure told before of what the last is compared with."""
    than = _THAN_NAMED.search(prose.lead(told[-1]))
    found = [one for one in told[:-1] if than and than[1] in prose.clause(one) and measure(one) == measure(told[-1])]
    return found[0] if len(found) == 1 and found[0].value else None


def last_year_before(prose: Prose, told: Sequence[Fact]) -> bool:
    """比2021年的 13.20 万元减少 1.85 万元: whether the figure before the last is the one it is compared with."""
    return (len(told) > 1 and bool(_THAN_YEAR.search(prose.lead(told[-2]))) and bool(told[-2].value)
            and MOVED.fullmatch(_THAN.sub("", prose.before(told[-1], told[-2]).strip())) is not None)


def _moved(prose: Prose, told: Sequence[Fact], ratio: Fact, sign: int, way: str) -> Iterator[Finding]:
    """A change and its rate: the figure of this year stands before them, or is the one that bears the name."""
    delta, down = told[-1], bool(_SHRUNK.search(way))
    now = told[0] if len(told) == 2 else _named(prose, delta) if len(told) == 1 else None
    if now is None or down != (sign < 0) or measure(now) != measure(delta):
        return
    if not (_LAST_YEAR.search(prose.sentence(ratio).text) or _THAN_BASE.search(prose.lead(delta))):
        return
    last = now.value + (delta.value if down else -delta.value)
    if last > 0 and now.exact:
        yield from _verdict(prose, ratio, [delta, now],
                            lambda change, this: change / (this + change if down else this - change),
                            ("{0}÷（{1}＋{0}）" if down else "{0}÷（{1}－{0}）").format(*_numbers(delta, now)),
                            f"{name(now)}的增减幅度")


def _named(prose: Prose, delta: Fact) -> Fact | None:
    """与上年相比，本年支出增加 98.32 万元: this year's 支出, if the report tells one figure of it."""
    found = prose.named(MOVED.sub("", prose.clause(delta)).strip(), delta.year)
    return found[0] if len(found) == 1 else None


def _rate(prose: Prose, earlier: Sequence[Fact], ratio: Fact, words: str) -> Iterator[Finding]:
    """年初预算 100 万元，决算 90 万元，执行率 90%; 从业 1358 人，接种 1281 人，接种率 94.3%."""
    told = [one for one in _same_clauses(prose, earlier, ratio, words) if one.kind != "ratio" and one.exact
            and not _BEYOND.search(prose.clause(one))]
    parts, bases = _sides(prose, told, words)
    known = any(pattern.search(words) for pattern, _, _ in _PARTS)
    pairs = [(part, base) for part in parts for base in bases if base.value and measure(part) == measure(base)
             and (known or part.value <= base.value)]
    if not pairs or len(pairs) > _FEW or any(printed_as(part.value / base.value, ratio) for part, base in pairs):
        return
    part, base = min(pairs, key=lambda pair: abs(pair[0].value / pair[1].value - ratio.value))
    yield from compared(prose, part, base, ratio, words, "" if len(pairs) == 1 else "warning")


def _same_clauses(prose: Prose, earlier: Sequence[Fact], ratio: Fact, words: str) -> Sequence[Fact]:
    """Figures behind the last ；, where another thing begins; a budget may be told before it."""
    if "执行率" in words:
        return earlier
    text, start = prose.report.paragraph(ratio.span.paragraph).text, ratio.span.start
    cut = text.rfind("；", max(0, start - _FARTHEST), start)
    return [one for one in earlier if one.span.start > cut]


def _sides(prose: Prose, told: Sequence[Fact], words: str) -> tuple[list[Fact], list[Fact]]:
    """Figures that may be divided, and by which: by the words they are said of; where one side has words, by the rest."""
    for pattern, above, below in _PARTS:
        if pattern.search(words):
            parts = [one for one in told if above.search(prose.clause(one)) and not below.search(prose.clause(one))]
            bases = [one for one in told if below.search(prose.clause(one)) and not above.search(prose.clause(one))]
            break
    else:
        core = words[-3:-1] if words.endswith("率") else words[:-1]
        parts, bases = [one for one in told if len(core) > 1 and core in prose.clause(one)], []
    if "节约" in words and not parts:
        return [], []                                 # it is what is left of 1
    measures = {measure(one) for one in parts or bases}
    bases = [one for one in bases if measure(one) in measures]
    rest = [one for one in told if one not in parts and one not in bases and measure(one) in measures]
    if parts and not bases:
        return parts, rest
    return (parts, bases) if parts else (rest, bases)


def compared(prose: Prose, part: Fact, whole: Fact, ratio: Fact, what: str,
              severity: str = "") -> Iterator[Finding]:
    if whole.value:
        yield from _verdict(prose, ratio, [part, whole], lambda above, below: above / below,
                            "{}÷{}".format(*_numbers(part, whole)), what, severity)


def _verdict(prose: Prose, ratio: Fact, told: Sequence[Fact], work: Callable[[Decimal, Decimal], Decimal], working: str,
             what: str, severity: str = "") -> Iterator[Finding]:
    """`work`: the rate from the two figures told."""
    value = work(told[0].value, told[1].value)
    if printed_as(value, ratio):
        return
    wanted, exact_percent = show(ratio, value), half_up(value * 100, ratio.places + 2)
    severity, why, advice = severity or "error", "", ""
    if cut_off_as(value, ratio):
        severity, why, advice = "rounding", "写的数是直接舍去尾数（截尾），没有四舍五入。", "请按四舍五入改正"
    elif printed_as(half_up(value * 100, ratio.places + 1) / 100, ratio):
        severity, why, advice = "rounding", "看来是四舍五入了两次。", "请按四舍五入改正"
    elif _within_tail(told, work, ratio):
        severity, why, advice = "rounding", "只差在尾数。", "可以不改；能用更细的数请改成一致"
    elif printed_as(-value, ratio):
        why = "看来是丢了（或多了）负号。"
    yield prose.finding(
        "ZW-05", [one.span for one in (ratio, *told)],
        f"{prose.where(ratio.span)}：{what}写 {show(ratio)}，按写出的数算是 {working}＝{exact_percent:f}%，应为 {wanted}。{why}",
        severity=severity, advice=advice, expected=wanted, actual=show(ratio),
        delta=f"{(ratio.value - value) * 100:.{ratio.places}f} 个百分点", subject=what, values=figures([ratio, *told]))


def _within_tail(told: Sequence[Fact], work: Callable[[Decimal, Decimal], Decimal], ratio: Fact) -> bool:
    """Whether figures that round to the printed ones can give the printed rate. Whole numbers are what they are."""
    if not all(fact.places for fact in told):
        return False
    first, second = ([fact.value - fact.step / 2, fact.value + fact.step / 2] for fact in told)
    rates = [work(one, other) for one in first for other in second]
    return min(rates) <= ratio.value + ratio.step / 2 and ratio.value - ratio.step / 2 <= max(rates)


def _numbers(one: Fact, other: Fact) -> tuple[str, str]:
    """Two figures as they are printed; with their units where these differ: 9600万元÷1.2亿元."""
    units = (one.unit, other.unit) if scale(one) != scale(other) else ("", "")
    return f"{plain(one.value / scale(one))}{units[0]}", f"{plain(other.value / scale(other))}{units[1]}"
