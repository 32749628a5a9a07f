"""The JSON of `consolidate`: the contract of docs/json.md, written piece by piece, one element a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.result import Consolidation, NodeResult, PooledRate, Source, Total, UnitLine
from pyfuncs.language import round_decimal
from pyfuncs.report.json_report import number, row_of, value
from pyfuncs.report.output import new_file
from pyfuncs.report.summary_ratios import rated_units
from pyfuncs.report.summary_scored import ranking, scored

Json = dict[str, Any]


def write_consolidation_json(path: Path, result: Consolidation, source: Source) -> None:
    """Write the file, which must not exist yet; the same result gives the same bytes. Raises what write_new raises."""
    with new_file(path) as temporary, temporary.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.writelines(consolidation_json(result, source))


def consolidation_json(result: Consolidation, source: Source) -> Iterator[str]:
    """Pieces of the text. Numbers are decimal strings, amounts in 元; keys in the order of the contract."""
    yield "{\n"
    for key, elements in _lists(result, source):
        yield f"{_text(key)}: ["
        yield from _joined(elements)
        yield "],\n"
    yield f'"not_chosen": {result.not_chosen},\n"partial": {_text(result.partial)}\n}}\n'


def _lists(result: Consolidation, source: Source) -> Iterator[tuple[str, Iterator[Iterator[str]]]]:
    plain: dict[str, Iterable[Json]] = {
        "units": _units(result),
        "missing": ({"unit": one.unit, "near": list(one.near), "code": one.code, "node": one.node} for one in result.missing),
        "rejected": ({"unit": one.unit, "file": one.file, "reason": one.reason, "node": one.node,
                      "duplicate": one.duplicate or None, "must_fix": one.must_fix} for one in result.rejected)}
    for key, elements in plain.items():
        yield key, (iter([_text(one)]) for one in elements)
    yield "totals", (_total(total, result, source) for total in result.root.totals)
    rest: dict[str, Iterable[Json]] = {
        "rates": (_rate(result, rate) for rate in result.root.rates),
        "scores": _scores(result, source),
        "ranking": ({"rank": unit.rank, "unit": unit.unit, "total": value(unit.total), "grade": unit.grade,
                     "note": unit.note} for unit in ranking(result)),
        "nodes": (_node(one) for one in result.nodes),
        "listed": ({"form": one.form, "row": row_of(one.name), "item": one.name, "reason": one.reason, "filed": one.filed}
                   for one in result.listed),
        "late": ({"unit": one.unit, "file": one.file, "dated": one.dated, "dated_by": one.dated_by, "deadline": one.deadline}
                 for one in result.late),
        "annexes": ({"unit": one.unit, "file": one.file, "reason": one.reason, "node": one.node, "duplicate": one.duplicate or None}
                    for one in result.annexes),
        "unexpected": ({"unit": one.unit, "near": list(one.near)} for one in result.unexpected),
        "notices": ({"text": one.text, "units": list(one.units)} for one in result.notices)}
    for key, elements in rest.items():
        yield key, (iter([_text(one)]) for one in elements)


def _joined(elements: Iterator[Iterator[str]]) -> Iterator[str]:
    mark = "\n"
    for pieces in elements:
        yield mark
        yield from pieces
        mark = ",\n"
    if mark != "\n":
        yield "\n"


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def _units(result: Consolidation) -> Iterator[Json]:
    notices: dict[str, list[str]] = {}
    for notice in result.notices:
        for unit in notice.units:
            notices.setdefault(unit, []).append(notice.text)
    return (_unit(unit, notices.get(unit.unit, [])) for unit in result.units)


def _unit(unit: UnitLine, notices: list[str]) -> Json:
    return {
        "unit": unit.unit, "file": unit.file, "sha256": unit.sha256, "ruleset": unit.ruleset, "year": unit.year,
        "verdict": VERDICT_FAIL if unit.must_fix else VERDICT_PASS, "notices": notices, "code": unit.code, "node": unit.node,
        "total": value(unit.total), "grade": unit.grade, "rank": unit.rank, "note": unit.note, "printed": number(unit.printed),
        "late": unit.late, "rates": {key: value(rate) for key, rate in unit.rates.items()},
        "amounts": {key: number(amount) for key, amount in unit.amounts.items()},
        "prior": {key: number(amount) for key, amount in unit.prior.items()}, "prior_total": number(unit.prior_total),
        "counts": dict(sorted(unit.counts.items())),
        "deductions": {label: number(lost) for label, lost in unit.deductions.items()}}


def _total(total: Total, result: Consolidation, source: Source) -> Iterator[str]:
    head = {"form": total.form, "row": row_of(total.name), "item": total.name, "value": number(total.value),
            "kind": total.kind, "filed": total.filed, "unfilled": total.unfilled}
    yield f'{_text(head)[:-1]}, "parts": ['
    parts = source.parts(result.files, total.form, total.name, total.kind)
    yield from _joined(iter([_text({
        "unit": part.unit, "file": part.file, "cell": part.cell, "value": number(part.value), "state": part.state,
        "instance": part.instance})]) for part in parts)
    yield "]}"


def _rate(result: Consolidation, rate: PooledRate) -> Json:
    return {**_rate_head(rate), "operands": [{"item": arg, "value": number(total)}
                                             for arg, total in zip(rate.args, rate.sums, strict=True)],
            "units": [result.units[at].unit for at in rated_units(result.units, rate)],
            "left_out": [{"unit": one.unit, "reason": one.reason} for one in rate.left_out]}


def _rate_head(rate: PooledRate) -> Json:
    return {"rate": rate.key, "label": rate.label, "rulesets": list(rate.rulesets), "value": value(rate.value),
            "sentence": rate.sentence}


def _scores(result: Consolidation, source: Source) -> Iterator[Json]:
    for unit, one in zip(result.units, source.filed(result.files), strict=True):
        for figure in scored(one.figures.values()):
            printed = figure.printed.value if figure.printed else None
            yield {"unit": unit.unit, "file": unit.file, "score": figure.key, "label": figure.label,
                   "instance": figure.instance, "value": value(figure.value), "printed": number(printed)}


def _node(one: NodeResult) -> Json:
    return {
        "id": one.node.id, "name": one.node.name, "parent": one.node.parent, "level": one.node.level, "units": one.units,
        "ruleset": one.ruleset.id if one.ruleset else "", "total": value(one.total), "grade": one.grade,
        "totals": [{"form": total.form, "item": total.name, "kind": total.kind, "value": number(total.value),
                    "filed": total.filed, "unfilled": total.unfilled} for total in one.totals],
        "rates": [{**_rate_head(rate), "units": rate.units, "left_out": len(rate.left_out)} for rate in one.rates],
        "scores": [{"score": score.key, "label": score.label, "points": number(score.points), "value": value(score.value),
                    "why_listed": score.why_listed, "count": score.count, "lowest": number(score.lowest),
                    "highest": number(score.highest), "mean": _mean(score.mean)} for score in one.scores],
        "differences": [{"what": gap.what, "title": gap.title, "label": gap.label, "column": gap.column, "kind": gap.kind,
                         "total": number(gap.total), "parts": number(gap.parts), "difference": number(gap.difference),
                         "where": gap.where} for gap in one.differences]}


def _mean(mean: Decimal | None) -> str | None:
    """An aid for the eye: two decimals are enough."""
    return number(None if mean is None else round_decimal(mean, 2))
