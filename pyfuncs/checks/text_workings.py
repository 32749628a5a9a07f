"""Printed calculations: what they come to, whether an inequality holds, whether they use the figures of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from pyfuncs.catalog.words import half_up, plain, truncated
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, show
from pyfuncs.prose.model import Expression, Fact, Span, Term

_TRUE: Mapping[str, tuple[int, ...]] = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
_SIGNS = {"<": "＜", "<=": "≤", ">": "＞", ">=": "≥"}
_MIXED = re.compile(r"[÷×+＋*/]|\d[^，。；]{0,12}[-－−—]")
_OPERAND = re.compile(r"[^+＋\-－—−÷/×*（）()=＝\s]*[一-鿿][^+＋\-－—−÷/×*（）()=＝\s]*")
_CORE = re.compile(r"(?:的?满意度|综合|[度数额的]|总数|总额)")
_LAST, _THIS = re.compile(r"上年|上一年|去年"), re.compile(r"本年|当年|今年")
_STAGES = ("预算", "决算", "实际", "结转", "结余", "追加")


def check_workings(prose: Prose) -> Iterator[Finding]:
    for expression in prose.facts.expressions:
        if _MIXED.search(prose.words_before(expression)):
            continue                                  # 在职人数 12÷编制数 15＝80%: begins among words, is not read whole
        known: Decimal | None = None                  # what the terms so far come to, unrounded
        for left, relation, right in zip(expression.terms, expression.relations, expression.terms[1:]):
            value = _weighted(prose, expression, left) if left.value is None else left.value
            if relation in ("=", "≈"):
                known = value if value is not None and not _is_printed(left) else known if known is not None else value
                if known is not None and right.value is not None:
                    yield from _result(prose, expression, known, right, relation)
                    known = None if _is_printed(right) and not _agrees(known, right) else known
            elif value is not None and right.value is not None:
                yield from _inequality(prose, expression, left, relation, right, value)
        yield from _operands(prose, expression)


# -- results ----------------------------------------------------------------------------------------------


def _result(prose: Prose, expression: Expression, value: Decimal, right: Term, relation: str) -> Iterator[Finding]:
    if not _is_printed(right):
        if half_up(value, 12) != half_up(right.value, 12):
            yield _wrong(prose, expression, right, _shown(right, value), "两个算式算出的数不一样。")
        return
    places, factor = right.places, 100 if right.percent else 1
    exact, printed = value * factor, right.value * factor
    wanted = half_up(exact, places)
    if wanted == printed:
        return
    if relation == "≈" and abs(exact - printed) <= Decimal(1).scaleb(-places):
        return
    shown = f"{wanted:f}{'%' if right.percent else ''}"
    if truncated(exact, places) == printed:
        yield _wrong(prose, expression, right, shown, "写的数是直接舍去尾数（截尾），没有四舍五入。", "rounding",
                     "请按四舍五入改正")
    elif half_up(half_up(exact, places + 1), places) == printed:
        yield _wrong(prose, expression, right, shown, "看来是四舍五入了两次。", "rounding", "请按四舍五入改正")
    elif wanted == -printed:
        yield _wrong(prose, expression, right, shown, "看来是丢了（或多了）负号。")
    else:
        yield _wrong(prose, expression, right, shown, "")


def _is_printed(term: Term) -> bool:
    """One number with no arithmetic, a sign before it allowed: -66.67%."""
    return term.single or (len(term.figures) == 1 and term.value is not None and abs(term.value) == term.figures[0][0])


def _agrees(value: Decimal, term: Term) -> bool:
    factor = 100 if term.percent else 1
    return half_up(value * factor, term.places) == half_up(term.value * factor, term.places)


def _wrong(prose: Prose, expression: Expression, right: Term, expected: str, why: str, severity: str | None = None,
           advice: str = "") -> Finding:
    what = expression.subject or expression.key or "算式"
    return prose.finding(
        "ZW-01", [right.span, expression.span],
        f"{prose.where(right.span)}：{what}算出来是 {expected}，写的是 {right.text.strip()}。{why}",
        severity=severity, advice=advice, expected=expected, actual=right.text.strip(), subject=what)


def _shown(term: Term, value: Decimal) -> str:
    return f"{half_up(value * 100, 2):f}%" if term.percent else plain(half_up(value, 4))


def _weighted(prose: Prose, expression: Expression, term: Term) -> Decimal | None:
    """服务对象满意度×50%＋社会公众满意度×40%＋…, with the figures that the same paragraph states for these words."""
    if sum(weight for _, weight in term.weights) != 1:
        return None
    stated = [fact for fact in prose.told_before(expression.span) if fact.kind == "ratio"]
    total = Decimal(0)
    for words, weight in term.weights:
        core = _CORE.sub("", words)
        fits = {fact.value for fact in stated if core and core in prose.lead(fact)}
        if len(fits) != 1:
            return None
        total += fits.pop() * weight
    return total


# -- inequalities -----------------------------------------------------------------------------------------


def _inequality(prose: Prose, expression: Expression, left: Term, relation: str, right: Term,
                value: Decimal) -> Iterator[Finding]:
    order = (value > right.value) - (value < right.value)
    if order in _TRUE[relation]:
        return
    words = f"{left.text.strip()}{_SIGNS[relation]}{right.text.strip()}"
    right_sign = "＝" if not order else "＞" if order > 0 else "＜"
    advice = "请改成“≤”，或核对两边的数" if not order and relation == "<" else "请改成“≥”，或核对两边的数" if not order else ""
    yield prose.finding(
        "ZW-02", [Span(left.span.paragraph, left.span.start, right.span.end)],
        f"{prose.where(left.span)}：写着“{words}”，这个关系不成立，两边是“{right_sign}”。",
        advice=advice, expected=right_sign, actual=_SIGNS[relation], subject=f"{expression.subject}|{words}")


# -- operands ---------------------------------------------------------------------------------------------


def _operands(prose: Prose, expression: Expression) -> Iterator[Finding]:
    """Figures of a calculation against what the paragraph says of the words that stand in the word formula before it."""
    names = _OPERAND.findall(prose.word_formula(expression))
    used = [(value, span) for value, span in expression.terms[0].figures if prose.report.quote(span)[-1:] not in "%％"]
    told: set[tuple[str, Decimal]] = set()
    for operand, (value, span) in zip(names, used) if len(names) == len(used) else ():
        stated = _stated(prose, expression, operand)
        if stated is not None and stated.value != value and (operand, value) not in told:
            told.add((operand, value))
            yield prose.finding(
                "ZW-03", [span, stated.span],
                f"{prose.where(span)}：“{operand}”在算式里用 {show(stated, value)}，前面的文字写的是 {show(stated)}。",
                expected=show(stated), actual=show(stated, value), subject=f"{expression.subject}|{operand}",
                values=(plain(value), plain(stated.value)))


def _stated(prose: Prose, expression: Expression, operand: str) -> Fact | None:
    """The one figure that the paragraph states of an operand's year, subject and stage; None when that is not sure."""
    year = prose.report.year
    wanted = str(int(year) - 1) if year and _LAST.search(operand) else year if _THIS.search(operand) else ""
    stages = [stage for stage in _STAGES if stage in operand]
    found = [fact for fact in prose.told_before(expression.span)
             if fact.exact and _speaks_of(prose, fact, wanted, stages)]
    return found[0] if wanted and len({fact.value for fact in found}) == 1 else None


def _speaks_of(prose: Prose, fact: Fact, year: str, stages: list[str]) -> bool:
    """Said of that year (in its own clause) and in the same stage of the budget."""
    clause = prose.clause(fact)
    return bool(stages) and fact.depth == 0 and f"{year}年" in clause and all(stage in clause for stage in stages)
