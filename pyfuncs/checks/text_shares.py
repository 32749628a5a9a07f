"""Shares: 基本支出 865.40 万元，占总支出的 57.76%. Of the whole that is named, or that the figure is told as a part of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, measure, name, printed_as
from pyfuncs.checks.text_ratios import NEAREST, compared
from pyfuncs.prose.model import Fact

_SHARE = re.compile(r"占比(?:为|达)?\s*$|占(?P<of>[^，。；占]{0,14}?)(?:的|的?比重|的?比例)?(?:为|达|是)?\s*$")


def check_shares(prose: Prose) -> Iterator[Finding]:
    for facts in prose.by_sentence.values():
        for position, fact in enumerate(facts):
            found = _SHARE.search(prose.clause(fact)) if fact.kind == "ratio" and fact.exact else None
            if found and not prose.worked(fact.span):
                yield from _share(prose, facts[max(0, position - NEAREST):position], fact, (found["of"] or "").strip())


def _share(prose: Prose, earlier: Sequence[Fact], ratio: Fact, of: str) -> Iterator[Finding]:
    part = next((one for one in reversed(earlier) if one.kind != "ratio" and one.exact), None)
    if part is None:
        return
    wholes = [one for one in _wholes(prose, earlier, part, of) if one.exact and one.value and one.value >= part.value
              and measure(one) == measure(part)]
    if len({one.value for one in wholes}) == 1 and not printed_as(part.value / wholes[0].value, ratio):
        yield from compared(prose, part, wholes[0], ratio, f"{name(part)}占比")


def _wholes(prose: Prose, earlier: Sequence[Fact], part: Fact, of: str) -> list[Fact]:
    """What the part may be a share of; where the whole is named, only what bears that name."""
    told = [whole for one, whole in prose.parts_told.get((part.value, part.measure), ())
            if one.sentence == part.sentence or one.subject == part.subject]
    told += [one for one in earlier if one is not part and "其中" in prose.after(one)]
    if not of:
        return told
    same = [one for one in earlier if one is not part and of in prose.clause(one)]
    key = prose.names.key(of)
    near = [one for one in prose.told_before(part.span) if key and one.key == key and one.year == part.year]
    return same or near or prose.named(of, part.year) or [one for one in told if _alike(of, one.subject)]


def _alike(of: str, subject: str) -> bool:
    """资产总体 and 资产总计."""
    return bool(subject) and (of in subject or subject in of or (len(of) > 2 and subject.startswith(of[:2])))
