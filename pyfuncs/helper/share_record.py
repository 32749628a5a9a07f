"""A unit's share as bytes for the archive, and back: what consolidating reads of a workbook instead of all its items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pyfuncs.catalog.model import RuleSet
from pyfuncs.checks.finding import GROUP_WORDS
from pyfuncs.consolidate.deductions import deduction_keys
from pyfuncs.consolidate.share import Share
from pyfuncs.consolidate.sums import listed, pooled, summed
from pyfuncs.consolidate.unit_line import last_year
from pyfuncs.helper.record_columns import (
    RecordError,
    counts,
    flags,
    number_texts,
    numbers,
    packed,
    texts,
    unpacked,
    values,
    written_value,
)


def encode_share(one: Share) -> bytes:
    """All of it but its file, the file's content and its rule set, which the archive has anyway."""
    return packed([
        [one.unit, one.year, one.grade, *one.assumed],
        [one.named, one.must_fix],
        *_given(one),
        one.gaps,
        one.answers,
        number_texts([*one.last_year, one.printed]),
        [key for key, _ in one.points], number_texts([value for _, value in one.points]),
        list(one.rates), [written_value(value) for value in (*one.rates.values(), one.total)],
        list(one.counts), list(one.counts.values()),
        list(one.deductions), number_texts(list(one.deductions.values())),
    ])


def decode_share(data: bytes, file: str, sha256: str, ruleset: RuleSet) -> Share:
    """What `encode_share` was given, with these. Raises RecordError."""
    written = unpacked(data)
    try:
        return _share(file, sha256, ruleset, *written)
    except (ValueError, TypeError, LookupError, MemoryError) as error:
        raise RecordError(f"not a share: {error}") from None


def _given(one: Share) -> list[list]:
    sums, filed, unfilled = zip(*one.given) if one.given else ((), (), ())
    return [number_texts(sums), list(filed), list(unfilled)]


def _share(file: str, sha256: str, ruleset: RuleSet, words: list, yes: list, sums: list, filed: list, unfilled: list,
           gaps: list, answers: list, last: list, point_keys: list, points: list, rate_keys: list, rates: list,
           groups: list, times: list, deducted: list, deductions: list) -> Share:
    unit, year, grade, *assumed = texts(words)
    named, must_fix = flags(yes)
    given = list(zip(numbers(sums), _bits(filed), _bits(unfilled), strict=True))
    *before, printed = numbers(last)
    *worth, total = values(rates)
    return Share(
        file, sha256, ruleset, unit, year, named, must_fix,
        _each(given, summed(ruleset)), _each(texts(gaps), pooled(ruleset)),
        _each(flags(answers), listed(ruleset)), _each(before, last_year(ruleset)),
        tuple(zip(_among(point_keys, ruleset.scores), _amounts(points), strict=True)),
        tuple(_among(assumed, ruleset.scores)), total, printed, grade,
        dict(zip(_among(rate_keys, ruleset.rates), worth, strict=True)),
        Counter(dict(zip(_among(groups, GROUP_WORDS), counts(times), strict=True))),
        dict(zip(_among(deducted, deduction_keys(ruleset)), _amounts(deductions), strict=True)))


def _each(column: Sequence, expected: Iterable) -> tuple:
    """One for each of what the rule set has."""
    if len(column) != len(list(expected)):
        raise ValueError("a column of another length")
    return tuple(column)


def _among(column: list, known: Iterable[str]) -> list:
    if not set(texts(column)) <= set(known):
        raise ValueError("a name that is not known")
    return column


def _bits(column: list) -> list:
    if max(counts(column), default=0) > 1:
        raise ValueError("neither 0 nor 1")
    return column


def _amounts(column: list) -> list:
    return numbers(texts(column))
