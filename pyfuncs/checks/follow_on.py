"""Follow-on errors: one wrong figure breaks every relation it stands in; the clerk is told once.

If one other figure in one cell would mend several findings and break nothing, these have one cause: the first of
them is told, with the cell and the figure, and the others are not executed until it is put right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from pyfuncs.catalog.environment import with_items
from pyfuncs.catalog.figures import complete
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.paused import key_of, words_of

MOST_TRIALS = 16                                      # a workbook full of mistakes costs no more than this
_DELTA = re.compile(r"(-?[\d,]+(?:\.\d+)?) (万元|元|分)\Z")
_SCALES = {"万元": Decimal(10000), "元": Decimal(1), "分": Decimal(1)}
_FIRST = ("type", "parts", "total")                   # the findings that say most about where the cause is
_NO_RELATION = {"reason", "required", "filled", "met", "fixed", "blank-parent", "unspent", "inflated", "year", "prompt"}
Run = Callable[[Submission], Sequence[Finding]]


@dataclass(frozen=True)
class Cause:
    """A figure that would put a cell right, and the identities of the findings that would be left."""

    item: Item
    value: Decimal
    left: frozenset[str]

    def mends(self, found: Sequence[Finding]) -> list[Finding]:
        return [one for one in found if _counts(one) and one.identity not in self.left]


def folded(context: Context, found: Sequence[Finding], run: Run) -> list[Finding]:
    """Findings with those of one cause told as one. `run`: all findings of a submission, unfolded."""
    wrong, kept = [one for one in found if _counts(one)], list(found)
    if len(wrong) < 2:
        return kept
    known = {one.identity for one in wrong}
    causes = [cause for item, value in islice(_corrections(context, wrong), MOST_TRIALS)
              if (cause := _tried(context, item, value, run)).left <= known]
    told: set[int] = set()                            # a finding has one cause: what was told is not told again
    while causes:
        rest = [one for one in kept if id(one) not in told]
        best = max(causes, key=lambda cause: len(cause.mends(rest)))
        mended = best.mends(rest)
        if len(mended) < 2:
            break
        changed = _told_once(context, mended, best)
        told |= {id(one) for one in changed.values()}
        kept = [changed.get(id(one), one) for one in kept]
    return kept


def _counts(finding: Finding) -> bool:
    return finding.severity in ("error", "warning") and finding.kind in ("rule", "input")


def _corrections(context: Context, wrong: Sequence[Finding]) -> Iterator[tuple[Item, Decimal]]:
    """Figures worth trying: in a cell that several findings name, by as much as one of them is off."""
    items = {item.cell: item for item in context.submission.items
             if item.cell and item.value is not None and not item.formula}
    named = Counter(cell for finding in wrong for cell in set(finding.cells)
                    if key_of(finding).partition(":")[0] not in _NO_RELATION)
    seen: set[tuple[str, Decimal]] = set()
    for finding in wrong:
        off = _DELTA.match(finding.delta)
        for cell in finding.cells if off else ():
            item = items.get(cell)
            if item is None or named[cell] < 2 or context.form(item).printed_text(item.name):
                continue
            delta = Decimal(off[1].replace(",", "")) * _SCALES[off[2]]
            for value in (item.value - delta, item.value + delta):
                if (cell, value) not in seen:
                    seen.add((cell, value))
                    yield item, value


def _tried(context: Context, item: Item, value: Decimal, run: Run) -> Cause:
    """What is found with another figure in this cell, and in the formulas that rest on it."""
    changed = with_items(context.submission, [replace(one, value=value) if one.cell == item.cell else one
                                              for one in context.submission.items])
    if any(one.formula for one in changed.items):
        changed = complete(context.ruleset, changed)
    return Cause(item, value, frozenset(one.identity for one in run(changed) if _counts(one)))


def _told_once(context: Context, mended: Sequence[Finding], cause: Cause) -> dict[int, Finding]:
    """What becomes of each finding (by its `id`) of a cause: the first in rank told with it, the others not executed."""
    first = min(mended, key=lambda one: _rank(one, cause))
    return {id(one): _with_cause(context, one, cause, len(mended) - 1) if one is first else
            _waiting(context, one, first, cause) for one in mended}


def _rank(finding: Finding, cause: Cause) -> tuple[bool, bool, int]:
    """An error before a warning, one at the very cell before one elsewhere, a sum before other relations."""
    kind = key_of(finding).partition(":")[0]
    return (finding.severity != "error", finding.cells[0] != cause.item.cell,
            _FIRST.index(kind) if kind in _FIRST else len(_FIRST))


def _with_cause(context: Context, finding: Finding, cause: Cause, others: int) -> Finding:
    cells = tuple(dict.fromkeys([cause.item.cell, *finding.cells]))
    likely = (f"很可能是{context.place(cause.item)}填错：改成 {context.show(cause.item, cause.value)}，"
              f"另外 {others} 处不符也就对上了。")
    return replace(finding, cells=cells, message=f"{finding.message}{likely}")


def _waiting(context: Context, finding: Finding, first: Finding, cause: Cause) -> Finding:
    return replace(finding, severity="note", kind="not-run", delta="",
                   message=f"没有核对「{words_of(context, key_of(finding))}」：要等{context.place(cause.item)}改正以后再核对"
                           f"（见 {first.rule_id}）。", advice="请先改正这一格，改正后会自动核对。")
