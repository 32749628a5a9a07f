"""Paragraphs cut into sentences, each under its headings and with the year it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pyfuncs.prose.model import Report, Sentence, Span

_END = re.compile(r"[。！？\n\t]+|$")
# A year, and neither a date nor one end of 2019—2021年.
_YEAR = re.compile(r"(?<![\d.\-—–～至])(20\d\d)(?=\s?年(?!\s?\d{1,2}\s?月|度?[-—–～至]))")


class Year(NamedTuple):
    """A year that is named, and where its digits stand."""

    year: str
    start: int
    end: int


def sentences_of(report: Report) -> tuple[Sentence, ...]:
    """Every sentence in reading order; a heading is one too. Sentences end at 。！？ and where a line ends."""
    return tuple(_sentences(report))


def _sentences(report: Report) -> Iterator[Sentence]:
    above: list[tuple[int, str]] = []
    for paragraph in report.paragraphs:
        titles = tuple(title for level, title in above if not paragraph.level or level < paragraph.level)
        for start, end in _cuts(paragraph.text):
            text = paragraph.text[start:end]
            yield Sentence(Span(paragraph.number, start, end), text, titles, _year(text, report.year), paragraph.table)
        if paragraph.level:
            above = [(level, title) for level, title in above if level < paragraph.level]
            above.append((paragraph.level, paragraph.title))


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if text[start:match.start()].strip():
            yield start, match.end()
        start = match.end()


def _year(text: str, otherwise: str) -> str:
    """The one year that a sentence names; the report's where it names none or several."""
    years = {match[1] for match in _YEAR.finditer(text)}
    return years.pop() if len(years) == 1 else otherwise


def years_in(text: str) -> list[Year]:
    """Years that are named; a date's year is none."""
    return [Year(match[1], *match.span(1)) for match in _YEAR.finditer(text)]


