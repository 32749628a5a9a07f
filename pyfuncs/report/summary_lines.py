"""The tree as lines of a table: each node, then its own units, then the nodes below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.consolidate.balance import balanced_tree
from pyfuncs.consolidate.result import WAN, Consolidation, KeyFigure, NodeResult, Total, UnitLine
from pyfuncs.language import Value

SEVERAL = "口径不一"


@dataclass(frozen=True)
class Line:
    """A node or a unit. `last`: index of the last line below it, its own where there is none."""

    level: int
    name: str
    last: int
    node: NodeResult | None = None
    unit: UnitLine | None = None

    def amount(self, figure: KeyFigure) -> Decimal | None:
        """A key figure in 元 or heads."""
        if self.unit:
            return self.unit.amounts.get(figure.key)
        found = (total.value for total in self.node.totals if total.key == figure.key and total.kind == figure.kind)
        return next(found, None)

    def rate(self, figure: KeyFigure) -> Value:
        """A rate; None where there is none, words where rule sets work it out in different ways."""
        if self.unit:
            return self.unit.rates.get(figure.key)
        found = [rate.value for rate in self.node.rates if rate.key == figure.key]
        return SEVERAL if len(found) > 1 else found[0] if found else None


def tree_lines(result: Consolidation) -> list[Line]:
    """Root first; `nodes` of a consolidation are depth first already."""
    units: dict[str, list[UnitLine]] = {}
    for unit in result.units:
        units.setdefault(unit.node, []).append(unit)
    found: list[tuple[int, str, NodeResult | None, UnitLine | None]] = []
    for node in result.nodes:
        level = node.node.level
        found.append((level, node.node.name or "合计", node, None))
        found += [(level + 1, unit.unit, None, unit) for unit in units.get(node.node.id, ())]
    lasts = _lasts([level for level, *_ in found])
    return [Line(level, name, last, node, unit) for (level, name, node, unit), last in zip(found, lasts, strict=True)]


def _lasts(levels: Sequence[int]) -> list[int]:
    """For each line the last one that is deeper than it, without a line of its own level between."""
    lasts, open_ = [0] * len(levels), []
    for at, level in enumerate(levels):
        while open_ and levels[open_[-1]] >= level:
            lasts[open_.pop()] = at - 1
        open_.append(at)
    for at in open_:
        lasts[at] = len(levels) - 1
    return lasts


def units_below(lines: Sequence[Line], at: int) -> Iterator[UnitLine]:
    """The units of a line: itself, or all below its node."""
    return (line.unit for line in lines[at:lines[at].last + 1] if line.unit)


def change(units: Iterator[UnitLine], key: str) -> Decimal | None:
    """This year against last as a ratio, of the units that have both figures; None where there is nothing to compare."""
    pairs = [(unit.amounts[key], unit.prior[key]) for unit in units
             if unit.amounts.get(key) is not None and unit.prior.get(key) is not None]
    before = sum((prior for _, prior in pairs), Decimal(0))
    return sum((now for now, _ in pairs), Decimal(0)) / before - 1 if before > 0 else None


def printed_figures(result: Consolidation, rates: bool, most: int) -> list[KeyFigure]:
    """The key figures that fit on a page: those that most units have, zeros don't count; in their own order."""
    figures = [figure for figure in result.key_figures if (figure.kind == "rate") == rates]
    known = {figure.key: 0 for figure in figures}
    for unit in result.units:
        for key, value in (unit.rates if rates else unit.amounts).items():
            if key in known and isinstance(value, Decimal) and value:
                known[key] += 1
    chosen = {figure.key for figure in sorted(figures, key=lambda figure: -known[figure.key])[:most]}
    return [figure for figure in figures if figure.key in chosen]


def shown_amounts(lines: Sequence[Line], figure: KeyFigure) -> list[Decimal | None]:
    """A key figure of each line as it is printed: amounts in 万元 with two decimals that add up (舍位平衡)."""
    values = [line.amount(figure) for line in lines]
    if figure.kind != "amount":
        return values
    return balanced_tree([None if value is None else value / WAN for value in values], _parents(lines), 2)


def _parents(lines: Sequence[Line]) -> list[int | None]:
    """For each line the line of the node above it."""
    parents: list[int | None] = []
    above: list[int] = []                             # the open line of each level
    for at, line in enumerate(lines):
        del above[line.level:]
        parents.append(above[-1] if above else None)
        above.append(at)
    return parents


def compared_figures(result: Consolidation) -> list[KeyFigure]:
    """Amounts that have a figure of last year, those of most units first."""
    known: dict[str, int] = {}
    for unit in result.units:
        for key, value in unit.prior.items():
            known[key] = known.get(key, 0) + (value is not None and unit.amounts.get(key) is not None)
    amounts = [figure for figure in result.key_figures if figure.kind == "amount" and known.get(figure.key)]
    return sorted(amounts, key=lambda figure: -known[figure.key])


def figure_labels(figures: Sequence[KeyFigure]) -> list[str]:
    """Headings of these columns; figures with one label are told apart by their keys."""
    labels = Counter(figure.label for figure in figures)
    return [figure.label if labels[figure.label] == 1 else f"{figure.label}（{figure.key.rpartition('!')[2]}）"
            for figure in figures]


def row_labels(totals: Sequence[Total]) -> dict[tuple[str, str, str], str]:
    """Printed row of each item, by form, name and type; rows of a form that print alike are told apart by their ids."""
    alike = Counter((total.form, total.label, total.column) for total in totals)
    types = Counter((total.form, total.name) for total in totals)
    found = {}
    for total in totals:
        more = [total.name.partition(".")[0]] * (alike[total.form, total.label, total.column] > 1)
        more += ["个数"] * (types[total.form, total.name] > 1 and total.kind == "count")
        found[total.form, total.name, total.kind] = f"{total.label}（{'，'.join(more)}）" if more else total.label
    return found


def in_cell(value: Decimal, kind: str) -> float:
    """The number a cell holds: 万元 for amounts."""
    return float(value / WAN if kind == "amount" else value)


def percents(decimals: int) -> Mapping[str, str]:
    """Number format of a rate."""
    return {"num_format": f"0.{'0' * decimals}%" if decimals else "0%"}
