"""Checks that need more than one workbook: each unit's of last year, and all units side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from pyfuncs.checks.annexes import annexes, without_repeated
from pyfuncs.checks.entities import check_entities
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.pairing import NEAR, likeness
from pyfuncs.checks.prior import check_prior, no_prior, two_priors
from pyfuncs.consolidate.filed import Filed, same_name

_NEAR_NAMES = 3
_MOST_COMPARED = 500                                  # names; where more are open it is the wrong folder


def with_cross_checks(filed: Sequence[Filed], prior: Sequence[Filed]) -> list[Filed]:
    """The units with the findings 上年 and 单位间 behind their own, in the same order.

    `prior`: workbooks of last year; () when none were asked for, and then none is missed.
    """
    entities = check_entities(filed, same_name)
    behind = annexes(filed, [same_name(one.unit) for one in filed])
    by_name = _by_name(prior)
    known = {same_name(one.unit) for one in filed}
    open_names = [files[0].unit for name, files in by_name.items() if name not in known]

    def together(place: int, one: Filed) -> Iterator[Finding]:
        if place in behind:                           # forms behind a report: what the workbook is told anyway
            yield from without_repeated(one.findings, filed[behind[place]].findings)
        else:
            yield from one.findings
            yield from _against(one, by_name, open_names) if prior else ()
        yield from entities.get(place, ())

    return [replace(one, findings=tuple(together(place, one))) for place, one in enumerate(filed)]


def _by_name(prior: Sequence[Filed]) -> dict[str, list[Filed]]:
    names: dict[str, list[Filed]] = defaultdict(list)
    for one in prior:
        if one.ruleset is not None:
            names[same_name(one.unit)].append(one)
    return names


def _against(one: Filed, prior: Mapping[str, list[Filed]], open_names: Sequence[str]) -> list[Finding]:
    """A unit against its own workbook of the year before. `open_names`: units of last year that no unit has now."""
    if one.ruleset is None:
        return []
    own = prior.get(same_name(one.unit), [])
    fitting = {before.submission.sha256: before for before in own if _is_year_before(before, one)}
    if len(fitting) == 1:
        before = next(iter(fitting.values()))
        return check_prior(one.ruleset, one.submission, before.ruleset, before.submission)
    if fitting:
        return [two_priors(map(_file, fitting.values()))]
    return [no_prior(one.year, () if own else _near(one, open_names), map(_file, own))]


def _is_year_before(before: Filed, one: Filed) -> bool:
    return bool(before.year and one.year) and int(before.year) == int(one.year) - 1


def _near(one: Filed, names: Sequence[str]) -> list[str]:
    """Names like the unit's, best first."""
    found = sorted(((likeness(one.unit, name), name) for name in names), reverse=True) if len(names) <= _MOST_COMPARED else []
    return [name for score, name in found if score >= NEAR][:_NEAR_NAMES]


def _file(one: Filed) -> str:
    return PurePath(one.submission.path).name
