"""Amounts of a filled workbook as sentences, in 万元. Pure.

A sentence is checked against itself by whoever reads it: it prints as many decimals as it takes for its own
arithmetic to hold, two at least.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.forms import Column, Form, Row, Table
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import clean, half_up, percent, plain, tidy

WAN = Decimal(10000)
LEAST, MOST = 2, 6                                    # decimals of 万元: 6 are a cent's hundredth
_LETTERS = re.compile(r"[（(][A-Z/%％ ÷×+-]+[)）]")
_HEADS = ("编制", "人数", "在职")


Figures = tuple[str, list[str]]                       # a row of a table: its label and what stands in each column


@dataclass(frozen=True)
class Statement:
    """A sentence and the words that say what it is about."""

    about: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """One amount of this year and the year before, in 元."""

    label: str
    prior: Decimal
    current: Decimal


def said(label: str) -> str:
    """A printed label within a sentence: without numbering, line breaks and the letters of a form's arithmetic (B/A)."""
    return _LETTERS.sub("", tidy(label.replace("\n", "")))


def wan(value: Decimal, places: int = LEAST) -> str:
    """元 as 323.67万元."""
    return f"{half_up(value / WAN, places):f}万元" if value else "0万元"


def decimals_for(holds: Callable[[int], bool]) -> int:
    """The fewest decimals of 万元 at which figures agree as printed."""
    return next((places for places in range(LEAST, MOST) if holds(places)), MOST)


def printed(value: Decimal, places: int) -> Decimal:
    """The amount, in 元, that stands there once it is printed."""
    return half_up(value / WAN, places) * WAN


def change_words(current: Decimal, prior: Decimal, places: int) -> str:
    """比上年减少4.44万元，下降30.41%."""
    if current == prior:
        return "与上年持平"
    apart = current - prior
    words = f"比上年{'增加' if apart > 0 else '减少'}{wan(abs(apart), places)}"
    return words + (f"，{'增长' if apart > 0 else '下降'}{percent(abs(apart) / prior, 2)}" if prior > 0 else "")


def change_holds(current: Decimal, prior: Decimal, places: int) -> bool:
    """Whether difference and growth, worked out from the printed figures, come to what is printed."""
    now, then = printed(current, places), printed(prior, places)
    if now - then != printed(current - prior, places):
        return False
    return prior <= 0 or (then > 0 and percent(abs(now - then) / then, 2) == percent(abs(current - prior) / prior, 2))


def statements(ruleset: RuleSet, submission: Submission, form: Form, instance: int) -> list[Statement]:
    """All that one sheet says of money, in its order."""
    speaker = _Speaker(ruleset, submission, form, instance)
    return [*speaker.cells(), *speaker.grid(), *speaker.tables()]


def grid(form: Form, submission: Submission, instance: int, year: str, prior: str) -> tuple[list[str], list[Figures]]:
    """The filled rows of a sheet's amounts as a table: titles of the columns, then each row with its figures in 万元."""
    columns = staged(form)
    titles = [_dated(column, year, prior) for column in columns.values()]
    rows = []
    for row in form.all_rows().values():
        items = [submission.item(form.form, f"{row.id}.{name}", instance) for name in columns]
        if any(item is not None and item.value for item in items):
            values = [item.value if item else None for item in items]
            rows.append((said(row.label), ["" if value is None else exact(value) for value in values]))
    return titles, rows


def exact(value: Decimal) -> str:
    """元 as 万元 without the unit, two decimals at least, to the cent."""
    places = decimals_for(lambda places: printed(value, places) == value)
    return f"{half_up(value / WAN, places):f}"


def staff(form: Form, submission: Submission) -> list[tuple[str, Decimal]]:
    """Posts and people of a form: label and number."""
    found = [(said(cell.label), submission.item(form.form, name)) for name, cell in form.all_cells().items()
             if cell.type == "count" and any(word in cell.label for word in _HEADS)]
    return [(label, item.value) for label, item in found if item is not None and item.value is not None]


def comparisons(ruleset: RuleSet, now: Submission, then: Submission | None) -> list[Comparison]:
    """Rows at the left edge of the forms' grids in both years: as this year's forms print them, else from last year's
    workbook."""
    found = []
    for form in ruleset.forms.values():
        final = final_column(form)
        if form.instances == "many" or not final:
            continue
        source = prior_column(form, final)
        for row in form.rows:
            current = now.item(form.form, f"{row.id}.{final}")
            before = (now.item(form.form, f"{row.id}.{source}") if source
                      else then.item(form.form, f"{row.id}.{final}") if then else None)
            if current and before and None not in (current.value, before.value) and (current.value or before.value):
                found.append(Comparison(said(row.label), before.value, current.value))
    return found


def staged(form: Form) -> dict[str, Column]:
    """The columns of a form that are amounts of a known stage."""
    return {name: column for name, column in form.columns.items() if column.type == "amount" and column.stage}


def final_column(form: Form) -> str:
    """The column of what was spent in the year, "" where there is none."""
    return next((name for name, column in staged(form).items() if (column.period, column.stage) == ("0", "决算")), "")


def prior_column(form: Form, final: str) -> str:
    """The column that holds the same figure of the year before."""
    return next((name for name, column in staged(form).items()
                 if (column.period, column.stage) == ("-1", form.columns[final].stage)), "")


class _Speaker:
    def __init__(self, ruleset: RuleSet, submission: Submission, form: Form, instance: int) -> None:
        self.ruleset, self.submission, self.form, self.instance = ruleset, submission, form, instance
        self.columns, self.final = staged(form), final_column(form)
        self.prior = prior_column(form, self.final) if self.final else ""

    # -- single cells ------------------------------------------------------------------------------------

    def cells(self) -> Iterator[Statement]:
        amounts = [(said(cell.label), self._value(name)) for name, cell in self.form.all_cells().items()
                   if cell.type == "amount"]
        known = [(label, value) for label, value in amounts if value is not None]
        if known:
            yield Statement("收支", f"{_listed(known)}。")

    # -- rows × columns ----------------------------------------------------------------------------------

    def grid(self) -> Iterator[Statement]:
        """One sentence for each row at the left edge, and for each further down that is divided and not all 0."""
        for row, depth in _walk(self.form.rows) if self.columns else ():
            values = {name: self._value(f"{row.id}.{name}") for name in self.columns}
            known = {name: value for name, value in values.items() if value is not None}
            if known if depth == 0 else (row.rows or row.detail) and any(known.values()):
                yield Statement(row.label, self._row(row, known))

    def _row(self, row: Row, known: dict[str, Decimal]) -> str:
        parts = self._parts(row) if self.final in known else []
        current, before = known.get(self.final), known.get(self.prior)
        both = current is not None and before is not None
        places = decimals_for(lambda places: self._holds(places, row, known, parts)
                              and (not both or change_holds(current, before, places)))
        clauses = [f"{_dated(self.columns[name], self.ruleset.year, self.ruleset.prior)}{wan(value, places)}"
                   for name, value in known.items()]
        text = f"{said(row.label)}" + "，".join(clauses)
        if parts:
            between = "；" if any("、" in label for label, _ in parts) else "、"
            text += "，其中：" + between.join(f"{label}{wan(value, places)}" for label, value in parts)
        if both and (current or before):
            text += f"。{said(row.label)}决算数{change_words(current, before, places)}"
        return text + "。"

    def _holds(self, places: int, row: Row, known: dict[str, Decimal], parts: Sequence[tuple[str, Decimal]]) -> bool:
        """Parts that come to the whole come to it as printed."""
        total = sum((value for _, value in parts), Decimal(0))
        if not parts or total != known[self.final]:
            return True
        return sum(printed(value, places) for _, value in parts) == printed(total, places)

    def _parts(self, row: Row) -> list[tuple[str, Decimal]]:
        """What the row's last figure is made of, without zeros."""
        below = [(said(part.label), self._value(f"{part.id}.{self.final}")) for part in row.rows] \
            if row.parts != "none" else []
        if row.detail:
            name = next(iter(self.form.tables[row.detail].columns))
            below += [(f"“{clean(self._text(row.detail, name, item.row))}”", item.value)
                      for item in self.submission.items_of(self.form.form, f"{row.detail}.{self.final}", self.instance)]
        return [(label, value) for label, value in below if value]

    # -- tables of organisations, income and outlay ----------------------------------------------------------

    def tables(self) -> Iterator[Statement]:
        details = {row.detail for row in self.form.all_rows().values() if row.detail}
        for name, table in self.form.tables.items():
            amounts = [column for column, item in table.columns.items() if item.type == "amount"]
            if amounts and name not in details:
                yield from self._table(name, table, amounts)

    def _table(self, name: str, table: Table, amounts: Sequence[str]) -> Iterator[Statement]:
        """One sentence for each row; none for a single one, which says the same as the total."""
        first, found = next(iter(table.columns)), []
        for head in self.submission.items_of(self.form.form, f"{name}.{first}", self.instance):
            values = [(said(table.columns[column].label),
                       self._value(f"{name}.{column}", head.row)) for column in amounts]
            known = [(label, value) for label, value in values if value]
            if known and head.text.strip():
                found.append(Statement(name, f"{tidy(clean(head.text))}：{_listed(known)}。"))
        yield from found if len(found) > 1 else ()

    def _value(self, name: str, row: int = 0) -> Decimal | None:
        item: Item | None = self.submission.item(self.form.form, name, self.instance, row)
        return item.value if item else None

    def _text(self, table: str, column: str, row: int) -> str:
        item = self.submission.item(self.form.form, f"{table}.{column}", self.instance, row)
        return item.text if item and item.text.strip() else f"第 {row} 行"


def _dated(column: Column, year: str, prior: str) -> str:
    return said(column.label.replace("{year}", year).replace("{prior}", prior)).replace(" ", "")


def _listed(known: Sequence[tuple[str, Decimal]]) -> str:
    """Figures one after another, exact to the cent so that any sum of them holds."""
    places = decimals_for(lambda places: all(printed(value, places) == value for _, value in known))
    return "，".join(f"{label}{wan(value, places)}" for label, value in known)


def _walk(rows: Sequence[Row], depth: int = 0) -> Iterator[tuple[Row, int]]:
    for row in rows:
        yield row, depth
        yield from _walk(row.rows, depth + 1)


def heads_words(heads: Sequence[tuple[str, Decimal]]) -> str:
    """编制数15人，实际在职人数12人."""
    return "，".join(f"{label}{plain(number)}人" for label, number in heads)
