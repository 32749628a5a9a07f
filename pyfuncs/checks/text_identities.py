"""Sums that hold by definition, where one paragraph tells all their figures: 基本支出＝人员经费＋公用经费.

A figure told twice in the paragraph, a part that is missing or another kind of spending beside them: nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, figures, name, scale, show, tail
from pyfuncs.prose.model import Fact

_OTHERS = re.compile(r"经营支出|上缴上级|附属单位|结转下年|债务|另有|其他支出")
_STAGES = {"年初", "预算", "追加", "调整", "决算", "实际", "目标", "上年", "年末", "结转", "结余"}
_MOVED = {"增长", "下降", "差额", "同比", "占", "比率"}


@dataclass(frozen=True)
class Identity:
    """`whole` = the sum of `plus` less `minus`: standard names, or words of the figure's own clause as a pattern."""

    whole: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


# By standard name; all of one stage and year.
BY_NAME: tuple[Identity, ...] = (
    Identity("支出合计", ("基本支出", "项目支出")),
    Identity("基本支出", ("人员经费", "公用经费")),
    Identity("三公经费", ("公务接待费", "公务用车购置费", "公务用车运行维护费", "因公出国境费")),
    Identity("三公经费", ("公务接待费", "公务用车购置及运行维护费", "因公出国境费")),
)
# By the words of the clause, in one sentence.
BY_WORDS: tuple[Identity, ...] = (
    Identity(r"调整后(?:的)?预算|调整预算数", (r"年初(?:部门)?预算", r"追加")),
    Identity(r"年末[^，。；]{0,4}(?:结转|结余)", (r"(?:年初|上年)[^，。；]{0,4}(?:结转|结余)", r"(?:本年|当年|全年)收入"),
             (r"(?:本年|当年|全年)支出",)),
)


def check_identities(prose: Prose) -> Iterator[Finding]:
    for facts in prose.by_paragraph.values():
        money = [fact for fact in facts if fact.kind == "amount" and not prose.worked(fact.span)
                 and not fact.qualifiers & _MOVED]
        if len(money) > 2 and not prose.in_table(money[0].span):
            if not _OTHERS.search(prose.report.paragraph(money[0].span.paragraph).text):
                yield from _by_name(prose, money)
    for facts in prose.by_sentence.values():
        if len(facts) > 2 and not prose.in_table(facts[0].span):
            yield from _by_words(prose, [fact for fact in facts if fact.kind == "amount" and not prose.worked(fact.span)])


def _by_name(prose: Prose, money: Sequence[Fact]) -> Iterator[Finding]:
    named: dict[str, list[Fact]] = {}
    for fact in money:
        named.setdefault(fact.key, []).append(fact)
    for identity in BY_NAME:
        parts = [named.get(key, []) for key in (identity.whole, *identity.plus)]
        if all(len(facts) == 1 for facts in parts):
            told = [facts[0] for facts in parts]
            if len({(fact.qualifiers & _STAGES, fact.year) for fact in told}) == 1:
                yield from _compared(prose, told[0], told[1:], ())


def _by_words(prose: Prose, money: Sequence[Fact]) -> Iterator[Finding]:
    for identity in BY_WORDS if len(money) > 2 else ():
        clauses = {pattern: [fact for fact in money if re.search(pattern, prose.clause(fact))]
                   for pattern in (identity.whole, *identity.plus, *identity.minus)}
        told = [facts[0] for facts in clauses.values() if len(facts) == 1]
        if len(told) == len(clauses) == len({fact.span for fact in told}):
            count = len(identity.plus)
            yield from _compared(prose, told[0], told[1:1 + count], told[1 + count:])


def _compared(prose: Prose, whole: Fact, plus: Sequence[Fact], minus: Sequence[Fact]) -> Iterator[Finding]:
    told = [whole, *plus, *minus]
    total = sum(fact.value for fact in plus) - sum(fact.value for fact in minus)
    if total == whole.value or not all(fact.exact for fact in told):
        return
    small = abs(total - whole.value) <= tail(told)
    working = "＋".join(_number(fact) for fact in plus) + "".join(f"－{_number(fact)}" for fact in minus)
    wanted = show(whole, total, max(fact.places for fact in told))
    words = "只差在尾数。" if small else f"差 {show(whole, abs(whole.value - total))}。"
    yield prose.finding(
        "ZW-04", [fact.span for fact in told],
        f"{prose.where(whole.span)}：{name(whole)}写 {show(whole)}，按同一段写的数是 {working}＝{wanted}，{words}",
        severity="rounding" if small else "error", advice="可以不改；能用更细的数请改成一致" if small else "",
        expected=wanted, actual=show(whole),
        delta=show(whole, whole.value - total), subject=f"{name(whole)}|{name(plus[0])}", values=figures(told))


def _number(fact: Fact) -> str:
    return f"{fact.value / scale(fact):f}"
