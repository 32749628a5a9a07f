"""A number of things against the names that are listed for it, and a satisfaction against its questionnaires."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.words import clean
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, figures, name, show
from pyfuncs.prose.model import Fact, Naming

_COUNTED = re.compile(r"\d\s*(?:人|名|个|家|项|次|所)")   # 局长1人、副局长4人: no names
_OPEN = re.compile(r"等|为代表|为主|之类")
_BODIES = re.compile(r"科室|处室|机构|部门|科|处|股|部|中心|单位")


def check_counts(prose: Prose) -> Iterator[Finding]:
    for naming in prose.facts.namings:
        count = prose.facts.figures[naming.count]
        are_names = len(naming.names) > 1 and not any(map(_COUNTED.search, naming.names))
        if count.exact and are_names and _differs(naming, count):
            yield _told(prose, naming, count)
    for facts in prose.by_paragraph.values():
        yield from _questionnaires(prose, facts)


def _differs(naming: Naming, count: Fact) -> bool:
    """A list that ends in 等 may hold fewer names, one that stands before its number may begin with other things."""
    listed = len(naming.names)
    if naming.open or _OPEN.search(naming.names[-1]):
        return listed > count.value
    return listed < count.value if _stands_before(naming, count) else listed != count.value


def _stands_before(naming: Naming, count: Fact) -> bool:
    return naming.span.end == count.span.end


def _told(prose: Prose, naming: Naming, count: Fact) -> Finding:
    """Of the unit's own bodies it is sure; elsewhere a name may hold several, or a bracket may explain one."""
    said = f"{count.subject}{prose.after(count, 6)}{count.unit}"
    sure = not _stands_before(naming, count) and bool(_BODIES.search(said))
    names = "、".join(clean(one, 16) for one in naming.names[:4])
    return prose.finding(
        "ZW-08", [count.span, naming.span],
        f"{prose.where(count.span)}：{name(count)}写 {show(count)}，列出的名称有 {len(naming.names)} 个"
        f"（{names}{'……' if len(naming.names) > 4 else ''}）。",
        severity="error" if sure else "warning", expected=str(len(naming.names)), actual=show(count),
        subject=name(count), values=(*figures([count]), str(len(naming.names))))


def _questionnaires(prose: Prose, facts: list[Fact]) -> Iterator[Finding]:
    """各 10 份问卷 can give 90% or 100%, and no 96.2%, if each answer counts as one."""
    papers = [fact for fact in facts if fact.unit == "份" and fact.exact and fact.value > 0
              and "问卷" in prose.before(fact) + prose.after(fact)]
    if len(papers) != 1 or "各" not in prose.clause(papers[0])[-4:] + prose.report.quote(papers[0].span)[:2]:
        return
    shares = [fact for fact in facts if fact.kind == "ratio" and fact.exact and not prose.worked(fact.span)
              and "满意度" in prose.before(fact) and fact.span.start > papers[0].span.end]
    odd = [fact for fact in shares if fact.value <= 1 and (fact.value * papers[0].value) % 1 != Decimal(0)]
    if odd:
        yield prose.finding(
            "ZW-23", [odd[0].span, papers[0].span],
            f"{prose.where(odd[0].span)}：每类问卷 {show(papers[0])}，按满意的份数算，满意度不会是 {show(odd[0])}。",
            actual=show(odd[0]), subject="满意度", values=figures([papers[0], odd[0]]))
