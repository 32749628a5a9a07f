"""A text as the report that a .txt file of it would be."""

from __future__ import annotations

from pyfuncs.catalog.model import RuleSet
from pyfuncs.prose.facts import read_facts
from pyfuncs.prose.headings import entity_of, structured, year_of
from pyfuncs.prose.model import Facts, Paragraph, Report


def report_of(text: str, year: str = "2022") -> Report:
    """`year`: where the text names none."""
    paragraphs = structured(Paragraph(number, line, table="\t" in line) for number, line in enumerate(text.split("\n"), 1))
    return Report("报告.txt", "", "txt", paragraphs, (), entity_of(paragraphs), year_of(paragraphs) or year)


def facts_of(text: str, ruleset: RuleSet | None = None) -> Facts:
    return read_facts(report_of(text), ruleset)
