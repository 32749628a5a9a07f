"""Whether what a report tells fits together: full marks beside too many staff, two units of money."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyfuncs.catalog.words import plain
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, figures, measure, show
from pyfuncs.checks.text_scores import total_told
from pyfuncs.prose.model import Fact, Span

_POSTS = re.compile(r"(?:总编制|编制控制|核定[^，。；]{0,12}编制|人员编制|编制)(?:总?数|人数|控制数)?(?:为|共|：)?\s*$")
_STAFF = re.compile(r"(?:在编在职|在职在编|在编)(?:人员|人数|职工)?(?:为|共|有|：)?\s*$")
_ADMITTED = re.compile(r"预算编制[^，。；]{0,6}(?:不够?|欠)(?:精确|准确|精细|科学|完善)|执行率[^，。；]{0,4}(?:偏低|较低|不高)|超预算|预算完成率低")
_PROBLEMS = re.compile(r"问题|不足")
_FULL = 100
_PRICE = 10000                                        # 79 元 a head is a price, which nobody writes in 万元
_FEW = 3                                              # so many amounts of either unit are no single remark


def check_plausible(prose: Prose) -> Iterator[Finding]:
    total = total_told(prose)
    if total is not None and total.value == _FULL:
        yield from _staff(prose, total)
        yield from _admitted(prose, total)
    yield from _units(prose)


def _staff(prose: Prose, total: Fact) -> Iterator[Finding]:
    people = [fact for fact in prose.facts.figures if fact.kind == "count" and measure(fact) == "人" and fact.exact]
    posts = next((fact for fact in people if _POSTS.search(prose.clause(fact))), None)
    staff = next((fact for fact in people if _STAFF.search(prose.clause(fact))), None)
    if posts and staff and staff.value > posts.value:
        yield prose.finding(
            "ZW-20", [total.span, staff.span, posts.span],
            f"{prose.where(total.span)}：自评 100 分，但在编 {show(staff)}（{prose.where(staff.span)}）多于编制 {show(posts)}，"
            "在职人员控制率超过 100%，这一项一般要扣分。", actual=show(staff), expected=f"≤ {show(posts)}", subject="在职人员控制率",
            values=figures([staff, posts, total]))


def _admitted(prose: Prose, total: Fact) -> Iterator[Finding]:
    """Problems of the budget that the report names itself, and no mark lost for them."""
    under = ""
    for paragraph in prose.report.paragraphs:
        under = paragraph.text if paragraph.level else under
        if found := _ADMITTED.search(paragraph.text) if _PROBLEMS.search(under + paragraph.text[:12]) else None:
            span = Span(paragraph.number, *found.span())
            yield prose.finding(
                "ZW-20", [span, total.span], f"{prose.where(span)}：报告自己写了预算方面的问题，自评却是 {plain(total.value)} 分满分。",
                severity="note", actual=f"{plain(total.value)} 分", subject="自述的问题", values=figures([total]))
            return


def _units(prose: Prose) -> Iterator[Finding]:
    told: dict[str, list[Fact]] = {"元": [], "万元": []}
    for fact in prose.facts.figures:
        if fact.unit in told and fact.value >= _PRICE and not prose.sentence(fact).table:
            told[fact.unit].append(fact)
    if all(len(facts) >= _FEW for facts in told.values()):
        first = {unit: facts[0] for unit, facts in told.items()}
        yield prose.finding(
            "ZW-24", [first["元"].span, first["万元"].span],
            f"全文有 {len(told['元'])} 个金额写元、{len(told['万元'])} 个写万元，例如{prose.where(first['元'].span)}和"
            f"{prose.where(first['万元'].span)}。", subject="计量单位")
