"""All figures of a report's prose as facts, with the lists and calculations they stand in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

from pyfuncs.catalog.model import RuleSet
from pyfuncs.prose.breakdowns import breakdowns_of
from pyfuncs.prose.expressions import expressions_in
from pyfuncs.prose.leading import is_size, leading_words, list_subject
from pyfuncs.prose.model import Expression, Fact, Facts, Paragraph, Report, Span
from pyfuncs.prose.namings import namings_of
from pyfuncs.prose.numbers import Quantity, level_text, quantities
from pyfuncs.prose.phrases import Phrases
from pyfuncs.prose.sentences import Year, sentences_of, years_in
from pyfuncs.prose.subjects import Names, generic, names_of, qualifiers_of, stage_of, subject_of
from pyfuncs.prose.vocabulary import STAGE_NAMES, STAGES

MOST_FIGURES = 20_000                                 # a hundred pages have some 3,000
_STAGE_FAR = 200                                      # signs before a figure in which its stage may be told
_STAGE_ONLY = 8                                       # signs of words that tell no more than a stage
_SPEAKS_OF = re.compile(r"(?P<budget>年初预算|预算数|预算总额|预算安排|预算为|预算资金|收入预算|支出预算|预算申请|批复)"
                        r"|(?P<spent>决算|实际|执行|支出合计|总支出|共支出)")
_OPERATORS = tuple("×÷*/+")


def read_facts(report: Report, ruleset: RuleSet | None = None) -> Facts:
    """Every figure that can be read safely. With a rule set, its labels and aliases are names too and lead to items."""
    reader = _Reader(report, names_of(ruleset) if ruleset else generic())
    for paragraph in report.paragraphs:
        if len(reader.figures) < MOST_FIGURES:
            reader.read(paragraph)
    figures, breakdowns = breakdowns_of(reader.figures, reader.sentences, reader.phrases)
    figures = [reader.with_items(fact) for fact in figures]
    notes = (f"正文里的数超过 {MOST_FIGURES} 个，后面的没有核对",) if len(figures) >= MOST_FIGURES else ()
    return Facts(reader.sentences, tuple(figures), tuple(breakdowns),
                 tuple(namings_of(figures, reader.sentences, reader.phrases)), tuple(reader.expressions), notes)


@dataclass
class _Reader:
    report: Report
    names: Names
    figures: list[Fact] = field(default_factory=list)
    expressions: list[Expression] = field(default_factory=list)
    phrases: dict[int, Phrases] = field(default_factory=dict)     # of the paragraphs that hold figures, by number

    def __post_init__(self) -> None:
        self.sentences = sentences_of(self.report)
        self._starts: dict[int, tuple[list[int], list[int]]] = {}     # paragraph -> starts and numbers of its sentences
        for number, sentence in enumerate(self.sentences):
            starts, numbers = self._starts.setdefault(sentence.span.paragraph, ([], []))
            starts.append(sentence.span.start)
            numbers.append(number)
        self._key = lru_cache(maxsize=4096)(self.names.key)

    def read(self, paragraph: Paragraph) -> None:
        text = level_text(paragraph.text)
        found = quantities(text)
        if not found:
            return
        phrases = self.phrases[paragraph.number] = Phrases(text)
        printed = [self._named(one) for one in expressions_in(text, paragraph.number)]
        self.expressions += printed
        years, facts = years_in(text), []
        for quantity, expression in islice(_spoken(found, printed, text), MOST_FIGURES):
            fact = self._fact(paragraph, phrases, quantity, facts, years)
            if facts and is_size(facts[-1], fact, phrases):
                facts.pop()
            facts.append(replace(fact, subject=expression.subject, key=expression.key) if expression else fact)
        self.figures += self._respectively(facts, phrases)

    def _sentence(self, paragraph: int, at: int) -> int:
        starts, numbers = self._starts[paragraph]
        return numbers[max(0, bisect_right(starts, at) - 1)]

    def _named(self, expression: Expression) -> Expression:
        subject = subject_of(expression.subject)
        return replace(expression, subject=subject, key=self._key(subject),
                       sentence=self._sentence(expression.span.paragraph, expression.span.start))

    def _fact(self, paragraph: Paragraph, phrases: Phrases, quantity: Quantity, before: Sequence[Fact],
              years: Sequence[Year]) -> Fact:
        sentence = self._sentence(paragraph.number, quantity.digits)
        start = self._start(paragraph, sentence)
        previous = before[-1] if before and before[-1].sentence == sentence else None
        phrase, joined = leading_words(phrases, quantity, start, previous)
        of_list = None if joined else list_subject(phrases, quantity, start, previous)
        subject = subject_of(phrase) if of_list is None else of_list
        qualifiers = qualifiers_of(phrase)
        key = self._key(subject) or (self._key(phrase) if subject and of_list is None else "")
        if previous and joined and not subject:       # 办公家具16件0.95万元: one thing
            subject, key, qualifiers = previous.subject, previous.key, qualifiers | previous.qualifiers
        elif previous and not key and _goes_on(subject, qualifiers, quantity, previous):
            key = previous.key
        year = _last_year(years, quantity.start - len(phrase), quantity.digits) or self.sentences[sentence].year
        return Fact(subject, key, (), quantity.kind, quantity.value, quantity.high, quantity.unit, quantity.measure,
                    quantity.places, quantity.step, quantity.approx, year, qualifiers,
                    Span(paragraph.number, quantity.start, quantity.end), sentence, phrases.depth(quantity.digits),
                    paragraph.text[quantity.start:quantity.end])

    def _start(self, paragraph: Paragraph, sentence: int) -> int:
        """Where the words of a sentence begin, behind the numbering of its paragraph."""
        start = self.sentences[sentence].span.start
        if paragraph.numbering and not paragraph.text[:start].strip():
            return paragraph.text.find(paragraph.numbering) + len(paragraph.numbering)
        return start

    def _respectively(self, facts: Sequence[Fact], phrases: Phrases) -> Iterator[Fact]:
        """到位率、开工率、投产率达90%、80%、75%: each figure gets its own name; none where the numbers differ."""
        start = 0
        while start < len(facts):
            end = start + 1
            while end < len(facts) and phrases.text[facts[end - 1].span.end:facts[end].span.start] == "、":
                end += 1
            run = facts[start:end]
            yield from self._each_named(run, phrases) if len(run) > 1 else run
            start = end

    def _each_named(self, run: Sequence[Fact], phrases: Phrases) -> Iterator[Fact]:
        names = phrases.listed(run[0].span.start, self.sentences[run[0].sentence].span.start)
        for number, fact in enumerate(run):
            subject = subject_of(names[number]) if len(names) == len(run) else ""
            yield replace(fact, subject=subject, key=self._key(subject))

    def with_items(self, fact: Fact) -> Fact:
        """With the items of the rule set that its words fit."""
        if not fact.key or not self.report.year or not fact.exact:
            return fact
        stage = stage_of(fact.qualifiers)
        prior = fact.year == str(int(self.report.year) - 1) or "上年" in fact.qualifiers
        if (fact.year != self.report.year and not prior) or (not stage and self._of_budget(fact)):
            return fact
        return replace(fact, items=self.names.items(fact.key, fact.kind, stage or "决算", prior))

    def _of_budget(self, fact: Fact) -> bool:
        """Whether the words before speak of a budget and not yet of what was spent: 年初预算500万元。基本支出300万元"""
        text, start = self.phrases[fact.span.paragraph].text, fact.span.start
        told = [match.lastgroup for match in _SPEAKS_OF.finditer(text, max(0, start - _STAGE_FAR), start)]
        return bool(told) and told[-1] == "budget"


def _spoken(found: Sequence[Quantity], printed: Sequence[Expression],
            text: str) -> Iterator[tuple[Quantity, Expression | None]]:
    """The quantities of running text: of a printed calculation only its result, with the calculation."""
    results = {_result(one): one for one in printed}
    at = 0
    for quantity in found:
        while at < len(printed) and printed[at].span.end <= quantity.digits:
            at += 1
        inside = at < len(printed) and printed[at].span.start <= quantity.digits
        around = text[quantity.start - 1:quantity.start], text[quantity.end:quantity.end + 1]
        if quantity.digits in results or not (inside or any(sign in _OPERATORS for sign in around)):
            yield quantity, results.get(quantity.digits)


def _result(expression: Expression) -> int:
    """Where the result of a calculation begins: behind its last sign of equality, else the side that is compared."""
    for relation, term in zip(reversed(expression.relations), reversed(expression.terms)):
        if relation in ("=", "≈") and term.single:
            return term.span.start
    return expression.terms[0].span.start if expression.terms[0].single else -1


def _goes_on(subject: str, qualifiers: frozenset[str], quantity: Quantity, previous: Fact) -> bool:
    """Whether a figure tells another stage of what the one before told: 项目支出预算为…元，决算数为…元."""
    stage_only = bool(qualifiers & STAGES) and len(subject) <= _STAGE_ONLY
    return stage_only and previous.measure == quantity.measure and previous.key not in STAGE_NAMES


def _last_year(years: Sequence[Year], start: int, end: int) -> str:
    """The last year that is named between two places, "" when none is."""
    number = bisect_right(years, end, key=lambda year: year.end)
    return years[number - 1].year if number and years[number - 1].end >= start else ""
