"""Totals of every item that is summed, in 元, with the cells each is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.catalog.model import Item as ItemModel
from pyfuncs.catalog.refs import form_items
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.model import MISSING, Part, Total


@dataclass(frozen=True)
class _Line:
    """An item that is summed, in the words of the first rule set that has it."""

    form: Form
    name: str
    item: ItemModel
    rulesets: frozenset[str]


def totals(filed: Sequence[Filed]) -> list[Total]:
    """One total per `form!row.column` or `form!cell` with `consolidate: sum`, matched by id across rule sets.

    A unit whose rule set lacks the item has no part in it; one that left the cell blank has a part
    without value. Items of repeated forms have one part per sheet.
    """
    year = filed[0].year if len({one.year for one in filed}) == 1 else ""
    return [_total(line, filed, year) for line in _lines(filed)]


def summed_items(ruleset: RuleSet) -> Iterator[tuple[Form, str, ItemModel]]:
    for form in ruleset.forms.values():
        for name, item in form_items(form):
            if item.consolidation == "sum":
                yield form, name, item


def _lines(filed: Sequence[Filed]) -> list[_Line]:
    """Form by form, repeated forms last; what only a later rule set has comes at the end of its form."""
    forms: dict[str, dict[tuple[str, str], _Line]] = {}
    for ruleset in {one.ruleset.id: one.ruleset for one in filed}.values():
        for form, name, item in summed_items(ruleset):
            lines = forms.setdefault(form.form, {})
            known = lines.get((name, item.type))      # an amount here, a head count there: two totals
            lines[name, item.type] = _Line(known.form if known else form, name, known.item if known else item,
                                           (known.rulesets if known else frozenset()) | {ruleset.id})
    found = [line for lines in forms.values() for line in lines.values()]
    return sorted(found, key=lambda line: line.form.instances == "many")


def _total(line: _Line, filed: Sequence[Filed], year: str) -> Total:
    parts = [part for one in filed if one.ruleset.id in line.rulesets for part in _parts(one, line)]
    numbers = [part.value for part in parts if part.value is not None]
    label, column, indent = _words(line)
    title = printed(line.form.title, year).removeprefix("本年")
    value = sum(numbers, Decimal(0)) if numbers else None
    return Total(line.form.form, line.name, line.item.type, title, printed(label, year),
                 printed(column, year), value, tuple(parts), indent)


def _parts(one: Filed, line: _Line) -> list[Part]:
    unit, file = one.unit, one.submission.path
    items = one.submission.items_of(line.form.form, line.name)
    if not items:
        return [Part(unit, file, "", None, MISSING)]
    return [Part(unit, file, item.cell, item.value, item.state, item.text, item.instance) for item in items]


def _words(line: _Line) -> tuple[str, str, int]:
    """Printed label of the row or cell, of the column, and the row's indent."""
    row_id, _, _ = line.name.partition(".")
    row = line.form.all_rows().get(row_id)
    if row is None:
        return line.item.label or line.name, "", 0
    return row.label.strip(), line.item.label or line.name, row.indent


def printed(text: str, year: str) -> str:
    """A label with its year filled in; over several years it says 本年 and 上年."""
    if not year:
        for mark, word in (("{year}", "本年"), ("{prior}", "上年")):
            text = text.replace(f"{mark} 年", word).replace(f"{mark}年", word).replace(mark, word)
        return text
    return text.replace("{year}", year).replace("{prior}", str(int(year) - 1))
