"""What one unit gives to a consolidation: its part of the sums and of the list of units, whatever its workbook weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.model import RuleSet
from pyfuncs.language import Value

# A unit's own sum of an item, 1 where it has a number, 1 where a cell of it is without one.
Given = tuple[Decimal | None, int, int]


@dataclass(frozen=True)
class Share:
    """Of a workbook that can be counted. `given`: of each of `summed(ruleset)`, amounts in 元. `gaps`: of each of
    `pooled(ruleset)`, why the unit can't count there, "" where it does. `answers`: of each of `listed(ruleset)`, whether
    the unit filled it. `last_year`: of each of `last_year(ruleset)`, what the form's own column of last year says.

    `points`: of each score and total that has a value, (key, value). `named`: the cover has the unit's name. The rest
    as in UnitLine.
    """

    file: str
    sha256: str
    ruleset: RuleSet
    unit: str
    year: str
    named: bool
    must_fix: bool
    given: tuple[Given, ...]
    gaps: tuple[str, ...]
    answers: tuple[bool, ...]
    last_year: tuple[Decimal | None, ...]
    points: tuple[tuple[str, Decimal], ...]
    assumed: tuple[str, ...]
    total: Value
    printed: Decimal | None
    grade: str
    rates: Mapping[str, Value]
    counts: Mapping[str, int]
    deductions: Mapping[str, Decimal]
