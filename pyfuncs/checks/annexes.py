"""Forms that a unit's written report has behind it, against the unit's workbook (单位间 DW-07). Pure.

Rows of a table and sheets of a form are paired by their names: the empty ones of a workbook are not printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import Protocol

from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item, Submission, in_word
from pyfuncs.catalog.words import clean
from pyfuncs.checks.context import Context
from pyfuncs.checks.cross import cross_finding
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.intervals import HALF
from pyfuncs.checks.pairing import letters

_SHOWN = 3                                            # differences told in one message

_Pair = tuple[Item, Item]                             # the annex's and the workbook's


class Unit(Protocol):
    """A unit's workbook with what was worked out about it; `ruleset` is None when it could not be judged."""

    submission: Submission
    ruleset: RuleSet | None
    figures: Mapping[tuple[str, int], Figure]

    @property
    def unit(self) -> str: ...

    @property
    def year(self) -> str: ...


def annexes(units: Sequence[Unit], names: Sequence[str]) -> dict[int, int]:
    """Word documents beside the only workbook of their unit, year and rule set, by position, with that workbook's.

    `names`: of each unit, as they are compared. Only what was judged counts.
    """
    of_unit: dict[Hashable, list[int]] = defaultdict(list)
    for place, one in enumerate(units):
        if one.ruleset is not None:
            of_unit[names[place], one.year, one.submission.ruleset].append(place)
    found: dict[int, int] = {}
    for same in of_unit.values():
        books = [place for place in same if not in_word(units[place].submission.path)]
        if len(books) == 1:
            found.update((place, books[0]) for place in same if place != books[0])
    return found


def without_repeated(annex: Sequence[Finding], book: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings on a Word document without those that the workbook has too, and a word on them."""
    known = {(finding.rule_id, finding.instance, finding.subject) for finding in book if not finding.places}
    left = tuple(finding for finding in annex if finding.places
                 or (finding.rule_id, finding.instance, finding.subject) not in known)
    if len(left) == len(annex):
        return left
    told = Finding("DQ-annex", "note", "file", "", 0, (),
                   f"文档里附的表与单位的工作簿有 {len(annex) - len(left)} 条意见相同，只列在工作簿下面。",
                   advice="请先改工作簿，再把改好的表重新附到报告后面。", subject="annex")
    return (*left, told)


def check_annex(annex: Context, book: Context) -> Iterator[Finding]:
    """One finding for each form with other numbers than the workbook's of the same rule set, as far as both are filled."""
    differ: dict[tuple[str, int], list[_Pair]] = defaultdict(list)
    known = _by_words(book)
    for place, item in _by_words(annex).items():
        if place in known and abs(item.value - known[place].value) > _half_print(annex, item):
            differ[item.form, item.instance].append((item, known[place]))
    file = clean(PurePath(book.submission.path).name)
    for pairs in differ.values():
        yield _finding(annex, book, file, pairs)


def _finding(annex: Context, book: Context, file: str, pairs: list[_Pair]) -> Finding:
    shown = "；".join(f"{annex.place(item)}是 {annex.show(item)}，工作簿《{other.cell.partition('!')[0]}》"
                      f"{other.cell.partition('!')[2]} 是 {book.show(other)}" for item, other in pairs[:_SHOWN])
    more = " 等" if len(pairs) > _SHOWN else ""
    first, other = pairs[0]
    return cross_finding(
        "DW-07", "entities", f"文档里附的表有 {len(pairs)} 处与单位的工作簿（{file}）不同：{shown}{more}。", annex,
        [item for item, _ in pairs], expected=book.show(other), actual=annex.show(first),
        delta=annex.show(first, first.value - other.value))


def _by_words(context: Context) -> dict[Hashable, Item]:
    """The numbers of a submission by what stands for their place in any file; what two have in common is none's."""
    found: dict[Hashable, list[Item]] = defaultdict(list)
    for item in context.submission.items:
        sheet, row = _sheet_words(context, item.form, item.instance), _row_words(context, item)
        if item.value is not None and item.cell and None not in (sheet, row):
            found[item.form, item.name, item.group, sheet, row].append(item)
    return {place: items[0] for place, items in found.items() if len(items) == 1}


def _sheet_words(context: Context, form: str, instance: int) -> str | None:
    """What names a sheet of a repeated form; None where nothing does."""
    model = context.ruleset.forms[form]
    if model.instances == "one":
        return ""
    return _text_of(context.submission, form, model.key, instance, 0) if model.key else None


def _row_words(context: Context, item: Item) -> str | None:
    """What names a row of a table, "" outside; None where nothing does."""
    if not item.row:
        return ""
    table = item.name.partition(".")[0]
    first = next(iter(context.ruleset.forms[item.form].tables[table].columns))
    return _text_of(context.submission, item.form, f"{table}.{first}", item.instance, item.row)


def _text_of(submission: Submission, form: str, name: str, instance: int, row: int) -> str | None:
    item = submission.item(form, name, instance, row)
    return (letters(item.text) or None) if item is not None and item.state == "text" else None


def _half_print(context: Context, item: Item) -> Decimal:
    """Half a unit of the last place that the annex prints, in the item's own unit: what rounding explains."""
    kind = context.kind(item)
    half = HALF.scaleb(-(item.places + 2 if kind == "rate" else item.places))
    return half * context.form(item).scale if kind == "amount" else half
