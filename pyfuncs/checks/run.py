"""All checks of one submission, in the order a clerk reads the forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pyfuncs.catalog.figures import Figure, figures
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.pauses import suspended
from pyfuncs.catalog.submission import Submission, Trouble
from pyfuncs.checks.context import Context
from pyfuncs.checks.declared import check_declared
from pyfuncs.checks.entries import check_entries
from pyfuncs.checks.filled import check_filled
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.follow_on import folded
from pyfuncs.checks.indicators import check_indicators
from pyfuncs.checks.leftovers import check_leftovers
from pyfuncs.checks.paused import key_of, with_pauses
from pyfuncs.checks.rates import check_rates
from pyfuncs.checks.scores import check_scores
from pyfuncs.checks.spending import check_spending
from pyfuncs.checks.sums import check_sums

CHECKS: tuple[Callable[[Context], Iterator[Finding]], ...] = (
    check_entries, check_filled, check_sums, check_rates, check_scores, check_indicators, check_spending, check_leftovers,
    check_declared)
_ASKED = ("filled", "required", "reason")              # kinds of checks that ask for what a person has to write
_RANK = {"error": 0, "warning": 1, "rounding": 2, "note": 3}


def check(ruleset: RuleSet, submission: Submission,
          known: Mapping[tuple[str, int], Figure] | None = None) -> list[Finding]:
    """Findings of one submission: what the reader met first, then by severity, form and place. Pure.

    `known`: its figures, where they have been worked out already.
    """
    context = Context(ruleset, submission, figures(ruleset, submission) if known is None else known)
    found = with_pauses(context, folded(context, _executed(context), lambda changed: _executed(
        Context(ruleset, changed, figures(ruleset, changed)))))
    if submission.consolidated:
        found = list(map(_left_to_department, found))
    return [trouble_finding(trouble) for trouble in submission.troubles] + _in_order(found, submission)


def _in_order(found: list[Finding], submission: Submission) -> list[Finding]:
    if len(found) < 2:
        return found
    place = {item.cell: position for position, item in enumerate(submission.items)}
    return sorted(found, key=lambda finding: (
        _RANK[finding.severity], place.get(finding.cells[0], 0) if finding.cells else 0))


def _executed(context: Context) -> list[Finding]:
    """What the checks find, suspended ones left out: they are no cause of anything."""
    stopped = suspended(context.ruleset)
    return [finding for run in CHECKS for finding in run(context) if key_of(finding) not in stopped]


def _left_to_department(finding: Finding) -> Finding:
    """A department's workbook, made from its units', is blank where a person judges: asked for, no mistake."""
    asked = key_of(finding).partition(":")[0] in _ASKED and finding.severity == "error"
    return replace(finding, severity="warning", advice=f"这是汇总生成的部门表，请部门填写。{finding.advice}") if asked else finding


def trouble_finding(trouble: Trouble) -> Finding:
    """What the reader met, as a finding; its code is the reader's, the same for every rule set."""
    return Finding(f"DQ-{trouble.code}", trouble.severity, trouble.kind, trouble.form, 0, trouble.cells,
                   trouble.message, advice=trouble.advice, subject=trouble.code + "|".join(trouble.cells), alike=True)
