"""Reports for tests of the checks of words: a text read as a file would be, and what is found in it."""

from __future__ import annotations

from collections.abc import Sequence

from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text import text_findings
from pyfuncs.prose.facts import read_facts
from pyfuncs.prose.headings import entity_of, structured, year_of
from pyfuncs.prose.model import Paragraph, Report


def report_of(text: str, year: str = "") -> Report:
    """`year`: the one it is about, where it does not say."""
    paragraphs = structured(Paragraph(number, line) for number, line in enumerate(text.split("\n"), 1))
    return Report("报告.txt", "", "txt", paragraphs, (), entity_of(paragraphs), year or year_of(paragraphs))


def told(text: str, ruleset: RuleSet | None = None, submission: Submission | None = None,
         year: str = "") -> Sequence[Finding]:
    report = report_of(text, year)
    return text_findings(report, read_facts(report, ruleset), ruleset, submission)


def codes(text: str) -> list[str]:
    """ZW-04 error, in the order they are told."""
    return [f"{one.rule_id} {one.severity}" for one in told(text, year="2021")]
