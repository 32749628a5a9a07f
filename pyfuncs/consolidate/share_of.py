"""A unit's workbook → its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pyfuncs.catalog.figures import GRADE, Figure
from pyfuncs.catalog.submission import Item
from pyfuncs.consolidate.deductions import deductions
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.share import Share
from pyfuncs.consolidate.sums import Line, line_label, listed, of_unit, pooled, summed
from pyfuncs.consolidate.unit_line import last_year

Found = Mapping[tuple[str, str], Sequence[Item]]


def share_of(one: Filed) -> Share:
    """It must have a rule set."""
    ruleset, submission = one.ruleset, one.submission
    found = submission.by_name
    total, grade = one.figures.get((ruleset.total, 0)), one.figures.get((GRADE, 0))
    return Share(
        submission.path, submission.sha256, ruleset, one.unit, one.year, bool(submission.entity.strip()), one.must_fix,
        tuple(of_unit(found.get(key[:2], ())) for key in summed(ruleset)),
        tuple(_gap(operands, found, one.year) for operands in pooled(ruleset).values()),
        tuple(any(item.state != "blank" for item in found.get(place, ())) for place in listed(ruleset)),
        tuple(of_unit(found.get(place, ()))[0] for place in last_year(ruleset).values()),
        tuple(_points(one)), one.assumed,
        total.value if total else None, total.printed.value if total and total.printed else None,
        grade.value if grade and isinstance(grade.value, str) else "",
        {figure.key: figure.value for figure in one.figures.values() if figure.kind == "rate" and figure.instance == 0},
        Counter(finding.group for finding in one.findings), deductions(one))


def _gap(operands: Sequence[Line], found: Found, year: str) -> str:
    """Why a unit can't count: an operand without a number; a sheet nobody touched does not matter."""
    sheets: dict[int, list[tuple[Line, Item | None]]] = {}
    for line in operands:
        for item in found.get(line.key[:2]) or (None,):
            sheets.setdefault(item.instance if item else 1, []).append((line, item))
    touched = [pairs for pairs in sheets.values() if any(item and item.value is not None for _, item in pairs)]
    if not touched:
        return "没有填这个比率要用的数"
    return "；".join(f"“{line_label(line, year)}”没有数字" + (f"（{item.cell}）" if item and item.cell else "")
                    for pairs in touched for line, item in pairs if item is None or item.value is None)


def _points(one: Filed) -> Iterator[tuple[str, Decimal]]:
    for figure in one.figures.values():
        value = _scored(figure)
        if figure.kind in ("score", "total") and value is not None:
            yield figure.key, value


def _scored(figure: Figure) -> Decimal | None:
    """A score as the rule gives it, else as the form prints it."""
    if isinstance(figure.value, Decimal):
        return figure.value
    return figure.printed.value if figure.printed else None
