"""What a unit lost points for: each score below its points, and the indicators of a form by their 二级指标."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.forms import Form
from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.exact import EXACT


@kept
def deduction_keys(ruleset: RuleSet) -> frozenset[str]:
    """All that points can be lost for: keys of scores, 整体自评·数量指标 for indicators; 整体自评·指标 for those of no group."""
    return frozenset((*ruleset.scores, *(_key(form, leaf) for form in ruleset.forms.values()
                                         for table, _, _ in _judged(form) for leaf in (table, *form.leaf_groups(table)))))


def deductions(one: Filed) -> dict[str, Decimal]:
    """Points below full marks, by `deduction_keys`; labels of scores repeat themselves. It must have a rule set."""
    found: dict[str, Decimal] = {}
    for key, lost in (*_of_scores(one), *_of_indicators(one)):
        found[key] = EXACT.add(found.get(key, Decimal(0)), lost)
    return found


def _of_scores(one: Filed) -> Iterator[tuple[str, Decimal]]:
    for figure in one.figures.values():
        points = one.ruleset.scores[figure.key].points if figure.kind == "score" else None
        if points is not None and isinstance(figure.value, Decimal) and figure.value < points:
            yield figure.key, EXACT.subtract(points, figure.value)


def _of_indicators(one: Filed) -> Iterator[tuple[str, Decimal]]:
    submission = one.submission
    for form in one.ruleset.forms.values():
        for table, column, points in _judged(form):
            for item in submission.items_of(form.form, f"{table}.{column}"):
                full = submission.item(form.form, f"{table}.{points}", item.instance, item.row)
                if item.value is not None and full is not None and full.value is not None and item.value < full.value:
                    yield _key(form, item.group or table), EXACT.subtract(full.value, item.value)


def _judged(form: Form) -> Iterator[tuple[str, str, str]]:
    """Tables whose rows are scored, with the column of the score and that of its points."""
    for name, table in form.tables.items():
        yield from ((name, column, model.max) for column, model in table.columns.items() if model.type == "score" and model.max)


def _key(form: Form, leaf: str) -> str:
    return f"{form.form}·{leaf}"
