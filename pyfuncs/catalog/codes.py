"""Codes of the checks: a key says what is checked, a number for life is what people quote.

Checks derived from forms, rates and scores have a key `<kind>:<form>!<id>` and a number within their form,
kept in the rule set's codes.yaml; numbers are only ever added. A check of checks.yaml is its own key.
Shown: `430400-2022-JCSJ-012`, `430400-2022-KB-01`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyfuncs.catalog.model import RANGE_PATTERN, Cell, Column, Form, Row, RuleSet, TableColumn
from pyfuncs.catalog.outlays import asks_to_be_filled, completion, executions, outlays, scored_tables
from pyfuncs.catalog.refs import all_groups, placements

NUMERIC = ("amount", "count", "points", "score")
WHOLE, COVER = "全表", "封面"                           # in the keys of checks that look at a whole sheet
NO_FORM = "QT"                                        # letters in the code of a check that stands on no form

_BELOW = 10**6


def code(ruleset: RuleSet, key: str) -> str:
    """What users see and quote for a check. A key without a number is a bug: KeyError."""
    if key in ruleset.checks:
        return f"{ruleset.prefix}-{key}"
    number = ruleset.codes[key]
    form = form_of(key)
    letters = ruleset.forms[form].code if form else NO_FORM
    return f"{ruleset.prefix}-{letters}-{number}"


def form_of(key: str) -> str:
    """The form a derived check stands on, "" for one that stands on none."""
    place = key.partition(":")[2]
    return place.partition("!")[0] if "!" in place else ""


def derived_keys(ruleset: RuleSet) -> list[tuple[str, str]]:
    """(form, key) of every check that forms, rates and scores imply, in printed order."""
    found = [(form.form, f"{kind}:{form.form}!{name}")
             for form in ruleset.forms.values()
             for _, kind, name in sorted(_of_form(ruleset, form), key=lambda entry: entry[0])]
    asked = [("", f"ask:{name}") for name, rate in ruleset.rates.items()
             if rate.ask_above is not None and name not in placements(ruleset)]
    whole = [(form.form, f"{kind}:{form.form}!{WHOLE}") for form in ruleset.forms.values()
             for kind in _of_whole_form(ruleset, form)]
    return [*found, *asked, *whole, ("", f"year:{COVER}")]


def assign(existing: Mapping[str, str], keys: Iterable[tuple[str, str]]) -> dict[str, str]:
    """`existing` with the next free number of the form for every new key; old ones stay, unused ones too."""
    numbers = dict(existing)
    last: dict[str, int] = {}
    for key, number in existing.items():
        last[form_of(key)] = max(last.get(form_of(key), 0), int(number))
    for form, key in keys:
        if key not in numbers:
            last[form] = last.get(form, 0) + 1
            numbers[key] = f"{last[form]:03}"
    return numbers


def _of_whole_form(ruleset: RuleSet, form: Form) -> Iterator[str]:
    """Checks that look at a form as a whole: they come last, so that the others keep their numbers."""
    if asks_to_be_filled(form):
        yield "filled"
    if (scored_tables(form) and executions(ruleset, form.form)) or (form.indicators and completion(ruleset, form.form)):
        yield "inflated"
    if outlays(ruleset, form.form):
        yield "unspent"
    yield from ("year", "prompt")


Entry = tuple[tuple[int, int], str, str]              # place on the form, kind, name


def _of_form(ruleset: RuleSet, form: Form) -> Iterator[Entry]:
    for name, cell in form.cells.items():
        for kind in _of_cell(ruleset, cell):
            yield _place(cell.at), kind, name
    for name, column in form.columns.items():
        if column.type in NUMERIC:
            yield (form.start or 1, 0), "type", name
        if column.type == "rate" and any(name not in row.rates and name not in row.fixed for row in form.all_rows().values()):
            yield (form.start or 1, 0), "percent", name
        if column.max:
            yield (form.start or 1, 0), "range", name
        if column.required_if:
            yield (form.start or 1, 0), "reason", name
    for line, row in enumerate(form.all_rows().values(), form.start or 1):
        for kind, name in _of_row(ruleset, form.columns, row):
            yield (line, 1), kind, name
    for name, table in form.tables.items():
        place = (table.start or _BELOW, 0)
        types = {column.type for column in table.columns.values()}
        for column_name, column in table.columns.items():
            for kind in _of_table_column(column, types):
                yield place, kind, f"{name}.{column_name}"
        for group_name, group in all_groups(form, name).items():
            if group.points is not None:
                yield place, "group", group_name
    for name, cell in form.tail.cells.items():
        line, column_number = _place(cell.at)
        for kind in _of_cell(ruleset, cell):
            yield (2 * _BELOW + line, column_number), kind, name


def _of_cell(ruleset: RuleSet, cell: Cell) -> Iterator[str]:
    if cell.required:
        yield "required"
    if cell.type in NUMERIC:
        yield "type"
    if cell.fixed:
        yield "fixed"
    if cell.formula:
        yield "total"
    if cell.equals is not None:
        yield "equals"
    if cell.type == "rate":
        yield "percent"
    if cell.rate:
        yield from _of_rate(ruleset, cell.rate)
    if cell.score:
        yield "score"
    if cell.max:
        yield "range"
    if cell.grade:
        yield "grade"


def _of_rate(ruleset: RuleSet, rate: str) -> Iterator[str]:
    yield "rate"
    if ruleset.rates[rate].ask_above is not None:
        yield "ask"


def _of_row(ruleset: RuleSet, columns: Mapping[str, Column], row: Row) -> Iterator[tuple[str, str]]:
    if row.parts != "none" or row.detail:
        yield "parts", row.id
        yield "blank-parent", row.id
    if row.fixed:
        yield "fixed", row.id
    for column in row.scores:
        yield "score", f"{row.id}.{column}"
    for column, rate in row.rates.items():
        yield "percent", f"{row.id}.{column}"
        for kind in _of_rate(ruleset, rate):
            yield kind, f"{row.id}.{column}"


def _of_table_column(column: TableColumn, types: set[str]) -> Iterator[str]:
    if column.required:
        yield "required"
    if column.type in NUMERIC:
        yield "type"
    if column.type == "rate":
        yield "percent"
    if column.formula:
        yield "total"
    if column.max:
        yield "range"
    if column.type == "score" and {"target", "actual", "points"} <= types:
        yield "met"
    if column.required_if:
        yield "reason"


def _place(at: str) -> tuple[int, int]:
    """Row and column of a cell's first corner, for sorting."""
    letters, row = RANGE_PATTERN.match(at).group(1, 2)
    return int(row), int(letters, 36)
