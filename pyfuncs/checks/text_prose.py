"""What the checks of a report's words need: its facts by sentence, words around a figure, a way to make a finding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pyfuncs.catalog.fields import Severity
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission
from pyfuncs.catalog.words import clean, half_up, plain, truncated
from pyfuncs.checks.finding import Finding, Place
from pyfuncs.checks.text_kinds import TEXT_CHECKS
from pyfuncs.prose.model import Expression, Fact, Facts, Report, Sentence, Span
from pyfuncs.prose.subjects import Names, generic, names_of

_VAGUE = re.compile(r"(?:年终|年末|年初|全年|当年|本年度?|其中)?(?:决算|预算|实际|累计|共)*(?:支出|收入)?(?:数|额|总额)?$")
_COMPARED = re.compile(r"[比较与].{1,12}(?:[少多增减低高超差]|节约|下降|上升)")
_PARTED = re.compile(r"[=＝，,；;。：:]")
_STOPS = re.compile(r"[，,；;。！？!?：:]")
_NOT_ITSELF = {"增长", "下降", "差额", "占", "目标", "上年", "同比", "平均", "剩余", "比率", "追加"}
_FARTHEST = 300                                       # no words that a figure is said of begin further before it
_AROUND = 28                                          # characters of the sentence quoted on either side


@dataclass(frozen=True)
class Prose:
    """One report and what it says. `ruleset`, `submission`: of the workbook it belongs to, where there is one."""

    report: Report
    facts: Facts
    ruleset: RuleSet | None = None
    submission: Submission | None = None

    @cached_property
    def by_sentence(self) -> dict[int, list[Fact]]:
        """Figures in the order they are written."""
        found: dict[int, list[Fact]] = defaultdict(list)
        for fact in sorted(self.facts.figures, key=lambda one: (one.span.paragraph, one.span.start)):
            found[fact.sentence].append(fact)
        return dict(found)

    @cached_property
    def by_paragraph(self) -> dict[int, list[Fact]]:
        found: dict[int, list[Fact]] = defaultdict(list)
        for facts in self.by_sentence.values():
            found[facts[0].span.paragraph] += facts
        return {number: sorted(facts, key=lambda one: one.span.start) for number, facts in found.items()}

    def told_before(self, span: Span, most: int = 60) -> list[Fact]:
        """Figures that the same paragraph tells before a place, outside its calculations."""
        facts = self.by_paragraph.get(span.paragraph, [])
        upto = bisect_right(facts, span.start, key=lambda one: one.span.end - 1)
        return [fact for fact in facts[max(0, upto - most):upto] if not self.worked(fact.span)]

    @cached_property
    def parts_told(self) -> dict[tuple[Decimal, str], list[tuple[Fact, Fact]]]:
        """Parts of breakdowns with their wholes, by value and measure."""
        found: dict[tuple[Decimal, str], list[tuple[Fact, Fact]]] = defaultdict(list)
        for breakdown in self.facts.breakdowns:
            for part in map(self.facts.figures.__getitem__, breakdown.parts):
                found[part.value, part.measure].append((part, self.facts.figures[breakdown.whole]))
        return dict(found)

    def named(self, words: str, year: str) -> list[Fact]:
        """What the report tells of a name in a year: the first figure of each value, three at most."""
        key = self.names.key(words)
        return [] if _other_way(words, key) else self._by_name.get((key, year), [])

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Fact]]:
        found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in self.facts.figures:
            itself = fact.key and fact.exact and not fact.qualifiers & _NOT_ITSELF
            if itself and not self.worked(fact.span) and not vague(self, fact):
                told = found[fact.key, fact.year]
                if len(told) < 3 and all(one.value != fact.value for one in told):
                    told.append(fact)
        return dict(found)

    @cached_property
    def names(self) -> Names:
        return names_of(self.ruleset) if self.ruleset is not None else generic()

    @cached_property
    def inner(self) -> set[Span]:
        """Figures that have the name of the whole they are a part of: 编制 11 名, 其中 事业编制 3 名."""
        return {part.span for told in self.parts_told.values() for part, whole in told if part.key == whole.key}

    @cached_property
    def _calculations(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for expression in self.facts.expressions:
            found[expression.span.paragraph].append((expression.span.start, expression.span.end))
        return {number: sorted(spans) for number, spans in found.items()}

    def worked(self, span: Span) -> bool:
        """Whether a figure stands in a printed calculation, where it is checked as such."""
        spans = self._calculations.get(span.paragraph, [])
        position = bisect_right(spans, (span.start, len(self.report.paragraph(span.paragraph).text)))
        return position > 0 and span.end <= spans[position - 1][1]

    @cached_property
    def _previous(self) -> dict[Span, Fact | None]:
        return {fact.span: earlier for facts in self.by_sentence.values()
                for earlier, fact in zip((None, *facts), facts)}

    def in_table(self, span: Span) -> bool:
        """In a table's cell, or in a line of a .txt that tabs make a row of a table."""
        paragraph = self.report.paragraph(span.paragraph)
        return paragraph.table or "\t" in paragraph.text.strip()

    def word_formula(self, expression: Expression) -> str:
        """The words that stand between two signs of equality before the figures: （在职人数÷编制数）×100%."""
        before = self._before(expression)
        return _PARTED.split(before[:-1])[-1] if before[-1:] in ("=", "＝") else ""

    def words_before(self, expression: Expression) -> str:
        """The words that the first figures of a calculation are joined to."""
        return _PARTED.split(self._before(expression))[-1]

    def _before(self, expression: Expression) -> str:
        text = self.report.paragraph(expression.span.paragraph).text
        return text[max(0, expression.span.start - _FARTHEST):expression.span.start].rstrip()

    def sentence(self, fact: Fact) -> Sentence:
        return self.facts.sentences[fact.sentence]

    def before(self, fact: Fact, since: Fact | None = None) -> str:
        """The words between an earlier figure (or the start of the sentence) and this one."""
        start = self.sentence(fact).span.start if since is None else since.span.end
        return self.report.paragraph(fact.span.paragraph).text[max(start, fact.span.start - _FARTHEST):fact.span.start]

    def after(self, fact: Fact, length: int = 12) -> str:
        text = self.report.paragraph(fact.span.paragraph).text
        return text[fact.span.end:min(self.sentence(fact).span.end, fact.span.end + length)]

    def previous(self, fact: Fact) -> Fact | None:
        """The figure before it in its sentence."""
        return self._previous[fact.span]

    def lead(self, fact: Fact) -> str:
        """The words between the figure before it in the sentence and this one."""
        return self.before(fact, self._previous[fact.span])

    def clause(self, fact: Fact) -> str:
        """The words of its own clause before the figure: after the last stop."""
        return _STOPS.split(self.lead(fact))[-1]

    def where(self, span: Span) -> str:
        """第 12 行“…”: the words around a place."""
        kind = "行" if self.report.kind == "txt" else "段"
        return f"第 {span.paragraph} {kind}“{self.excerpt(span)}”"

    def excerpt(self, span: Span) -> str:
        text = self.report.paragraph(span.paragraph).text
        start, end = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND // 2)
        for stop in _STOPS.finditer(text, start, span.start):
            start = stop.end()
        words = clean(text[start:end], 90)
        return ("…" if start else "") + words + ("…" if end < len(text) else "")

    def place(self, span: Span) -> Place:
        return Place(span.paragraph, span.start, span.end, self.report.quote(span))

    def finding(self, code: str, spans: Sequence[Span], message: str, *, severity: Severity | None = None,
                expected: str = "", actual: str = "", delta: str = "", advice: str = "", subject: str = "",
                basis: str = "", cells: Iterable[str] = (), values: Iterable[str] = ()) -> Finding:
        """A finding about places of the report, the likely culprit first."""
        kind = TEXT_CHECKS[code]
        quote = self.report.quote(spans[0]) if spans else ""
        return Finding(code, severity or kind.severity, "text", "", 0, tuple(cells), message, expected, actual, delta,
                       f"{advice or kind.advice}。", basis or kind.basis, f"{code}|{subject or quote}",
                       values=tuple(values), places=tuple(map(self.place, spans)))


def scale(fact: Fact) -> Decimal:
    """What one of its printed unit is in its measure: 10000 for 万元, 0.01 for %."""
    return fact.step.scaleb(fact.places)


def show(fact: Fact, value: Decimal | None = None, places: int | None = None) -> str:
    """A value as this figure is printed, unit included: 29.41 万元, 117.14%."""
    number = half_up((fact.value if value is None else value) / scale(fact), fact.places if places is None else places)
    unit = "%" if fact.kind == "ratio" else f" {fact.unit}" if fact.unit else ""
    return f"{number:f}{unit}"


def name(fact: Fact) -> str:
    """What the figure is said of, to be shown."""
    otherwise = "合计" if "合计" in fact.qualifiers else "这个数"
    return clean(re.sub(r"^\d{1,2}[.．、]", "", fact.subject) or fact.key, 24) or otherwise


def measure(fact: Fact) -> str:
    """What it counts; people are people, 名 or 人."""
    return "人" if fact.measure in ("人", "名", "位") else fact.measure


def _other_way(words: str, key: str) -> bool:
    """Spending that is named like an income, or the reverse."""
    return any(one in words and other not in words and other in key for one, other in (("支出", "收入"), ("收入", "支出")))


def unnamed(prose: Prose, fact: Fact) -> bool:
    """全年支出: of the unit, or of whatever was spoken of before; 决算比预算少: a difference, not the figure named."""
    return (bool(_VAGUE.match(fact.subject)) or _other_way(fact.subject, fact.key)
            or bool(_COMPARED.search(prose.clause(fact))))


def vague(prose: Prose, fact: Fact) -> bool:
    """Not surely of what its standard name says: 年初预算 17.5 万元，决算支出 10.16 万元; 财政拨款支出 under 财政拨款收入."""
    return _other_way(fact.subject, fact.key) or (prose.previous(fact) is not None and bool(_VAGUE.match(fact.subject)))


def exact(facts: Iterable[Fact]) -> bool:
    return all(fact.exact for fact in facts)


def same_measure(facts: Sequence[Fact]) -> bool:
    return len(set(map(measure, facts))) == 1


def tail(facts: Sequence[Fact]) -> Decimal:
    """The largest difference that rounding alone explains. A whole number is taken as it stands: nobody rounded it."""
    fine: dict[Decimal, list[Decimal]] = defaultdict(list)
    for fact in facts:
        if fact.places and fact.value:
            fine[scale(fact)].append(fact.step)
    return sum((min(steps) * len(steps) / 2 for steps in fine.values()), Decimal(0))


def printed_as(value: Decimal, fact: Fact) -> bool:
    """Whether a worked-out value, rounded half up, is what is printed."""
    return half_up(value / scale(fact), fact.places) == half_up(fact.value / scale(fact), fact.places)


def cut_off_as(value: Decimal, fact: Fact) -> bool:
    """Whether the printed figure is the value with its last digits cut off."""
    return truncated(value / scale(fact), fact.places) == half_up(fact.value / scale(fact), fact.places)


def figures(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(plain(fact.value) for fact in facts)
