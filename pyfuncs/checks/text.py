"""All checks of a written report's words (正文): pure, in the order a clerk reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.finding import Finding, Place
from pyfuncs.checks.text_counts import check_counts
from pyfuncs.checks.text_differences import check_differences
from pyfuncs.checks.text_identities import check_identities
from pyfuncs.checks.text_outline import check_outline
from pyfuncs.checks.text_plausible import check_plausible
from pyfuncs.checks.text_prose import Prose
from pyfuncs.checks.text_ratios import check_ratios
from pyfuncs.checks.text_repeats import check_repeats
from pyfuncs.checks.text_scores import check_scores_told
from pyfuncs.checks.text_shares import check_shares
from pyfuncs.checks.text_sums import check_sums
from pyfuncs.checks.text_tables import check_tables
from pyfuncs.checks.text_workings import check_workings
from pyfuncs.checks.text_years import check_years
from pyfuncs.prose.model import Facts, Report

TEXT_RUNS: tuple[Callable[[Prose], Iterator[Finding]], ...] = (
    check_workings, check_sums, check_identities, check_ratios, check_shares, check_differences, check_counts,
    check_repeats, check_tables, check_years, check_scores_told, check_plausible, check_outline)
_RANK = {"error": 0, "warning": 1, "rounding": 2, "note": 3}


def text_findings(report: Report, facts: Facts, ruleset: RuleSet | None = None,
                  submission: Submission | None = None) -> tuple[Finding, ...]:
    """What is wrong in the words of a report, by severity and place.

    `submission`: what the unit filed in its workbook, for the relations between text and tables; without it these are
    not looked at. A figure that could not be read safely has no fact, so nothing is claimed of it.
    """
    prose = Prose(report, facts, ruleset, submission)
    found = _once(finding for run in TEXT_RUNS for finding in run(prose))
    return tuple(sorted(found, key=lambda one: (_RANK[one.severity], _place(one))))


def _once(found: Iterable[Finding]) -> list[Finding]:
    """One fault that is written in several places is told once, with all of them."""
    seen: dict[tuple, tuple[Finding, dict[Place, None]]] = {}
    for finding in found:
        mark = (finding.rule_id, finding.severity, finding.subject, finding.expected, finding.actual, finding.values)
        _, places = seen.setdefault(mark, (finding, {}))
        places.update(dict.fromkeys(finding.places))
    return [replace(finding, places=tuple(places)) for finding, places in seen.values()]


def _place(finding: Finding) -> tuple[int, int]:
    first = finding.places[0] if finding.places else None
    return (first.number, first.start) if first else (0, 0)
