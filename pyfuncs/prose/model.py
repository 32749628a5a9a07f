"""What a written report says, as facts. Read by `facts.read_facts`, judged by checks.

A number in a form has a cell; a number in prose has a place: the paragraph and the characters in it. Whatever
can't be read safely has no fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

# amount: money in 元. foreign: other money. ratio: 1 is 100%. points: 分. count: people, things, times, areas.
Kind = Literal["amount", "foreign", "ratio", "points", "count"]
# about: 约、左右. above: 余、多、超、逾. below: 近、不足. at_least: 以上、不少于、≥. at_most: 以内、不超过、≤.
Approx = Literal["", "about", "above", "below", "at_least", "at_most"]
Relation = Literal["=", "≈", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of one paragraph's text. `paragraph` is its number, 1-based, not its index."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True)
class Paragraph:
    """`number`: 1-based, the line of a .txt, or the paragraph of a .docx, counted where it ends: those in tables and
    boxes too, one in a box before the one that the box lies in. `level`: of a heading, 1 is the outermost, 0 is none.
    `numbering`: as printed (“一、”, “（二）”, “1．”, “①”), of headings and of running text that begins with one.
    `title`: a heading without it. `table`: lies in a table, or is a line with tabs. `automatic`: Word numbers it by
    itself, so nothing is printed in its text.
    """

    number: int
    text: str
    level: int = 0
    numbering: str = ""
    title: str = ""
    table: bool = False
    automatic: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is printed: texts by row. `paragraph`: number of the first paragraph in it."""

    paragraph: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """A written report as it was read. `notes`: what could not be read, in words (pictures, scanned pages)."""

    path: str
    sha256: str
    kind: Literal["txt", "docx"]
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...] = ()
    entity: str = ""                                  # whose report it is, "" when it does not say
    year: str = ""                                    # the fiscal year it is about, "" when it does not say
    notes: tuple[str, ...] = ()

    def paragraph(self, number: int) -> Paragraph:
        """By its number: paragraphs are numbered from 1 without a gap."""
        return self.paragraphs[number - 1]

    def quote(self, span: Span) -> str:
        return self.paragraph(span.paragraph).text[span.start:span.end]


@dataclass(frozen=True)
class Sentence:
    """`headings`: titles it stands under, the outermost first. `year`: the one it speaks of, else the report's.

    `table`: it is the text of a table's cell.
    """

    span: Span
    text: str
    headings: tuple[str, ...] = ()
    year: str = ""
    table: bool = False


@dataclass(frozen=True)
class Fact:
    """One figure of the prose.

    `subject`: words it is said of, as written; `key`: the standard name of that (a label of the rule set, or a generic
    subject), "" when it is none; `item`: the id `form!row.column` when the words fit one item alone.
    `value`: amounts in 元, ratios as ratio (1 is 100%), points in 分, all others in `measure`; `high`: end of a range.
    `unit`: as written, "" when none is. `measure`: what the value counts: 元, 美元, %, 分, 人, 个, 家, 次 …; only facts of
    one measure can be compared. `places`: printed decimals; `step`: one unit of the last printed place, in `measure`.
    `year`: of the figure, else the sentence's. `qualifiers`: closed list, QUALIFIERS of vocabulary.py.
    `span`: number, unit and the words of approximation. `sentence`: index in Facts.sentences. `depth`: brackets around.
    """

    subject: str
    key: str
    items: tuple[str, ...]
    kind: Kind
    value: Decimal
    high: Decimal | None
    unit: str
    measure: str
    places: int
    step: Decimal
    approx: Approx
    year: str
    qualifiers: frozenset[str]
    span: Span
    sentence: int
    depth: int
    text: str

    @property
    def exact(self) -> bool:
        """Stated to the last printed place: no range, no approximation."""
        return not self.approx and self.high is None


@dataclass(frozen=True)
class Breakdown:
    """A figure and the parts it is said to be made of. `whole`, `parts`: indices in Facts.figures.

    `how`: the words that say so: "其中" (parts may leave something out), "包括" and "分别" (they are all), "合计" (the
    sum is told after its parts), "（" (the parts follow in brackets).
    """

    whole: int
    parts: tuple[int, ...]
    how: Literal["其中", "包括", "分别", "合计", "（"]
    span: Span


@dataclass(frozen=True)
class Naming:
    """A count and the names listed for it. `count`: index in Facts.figures. `open`: the list ends in 等, perhaps cut."""

    count: int
    names: tuple[str, ...]
    open: bool
    span: Span


@dataclass(frozen=True)
class Term:
    """One side of a printed calculation. `value`: worked out exactly, ratios as ratio, amounts in 元 (in the
    printed unit where that stands once, for all: 9.64+0.95＝10.59万元); None when it is a word formula.

    `single`: one printed number and no arithmetic; then `places` and `percent` are how it is printed.
    `figures`: the numbers in it, as (value, span), amounts in 元. `weights`: of a word formula that is a weighted sum
    (服务对象满意度×50%+社会公众满意度×50%), each word with its weight as ratio.
    """

    text: str
    value: Decimal | None
    span: Span
    single: bool = False
    percent: bool = False
    places: int = 0
    figures: tuple[tuple[Decimal, Span], ...] = ()
    weights: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Expression:
    """Terms joined by relations: （4÷13）×100%＝30.77%. `relations[i]` stands between terms i and i + 1.

    `subject`, `key`: what is worked out, as for a fact.
    """

    subject: str
    key: str
    terms: tuple[Term, ...]
    relations: tuple[Relation, ...]
    span: Span
    sentence: int


@dataclass(frozen=True)
class Facts:
    """Everything read from one report, in reading order."""

    sentences: tuple[Sentence, ...] = ()
    figures: tuple[Fact, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    namings: tuple[Naming, ...] = ()
    expressions: tuple[Expression, ...] = ()
    notes: tuple[str, ...] = ()                       # what of the text was left out, and why
