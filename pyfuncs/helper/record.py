"""One unit's workbook as bytes for the archive, and back: compressed JSON, one list for each field of its items.

The bytes may have been written by others: nothing in them is executed, and what is not a record is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, compress, repeat
from operator import attrgetter, ne
from typing import Any, NamedTuple, TypeVar, get_args

from pyfuncs.catalog.fields import Severity
from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item, State, Submission, Trouble
from pyfuncs.checks.finding import Finding, Kind, Place, Remark
from pyfuncs.checks.finding import State as Round
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.record_columns import (
    RecordError,
    checked_numbers,
    counts,
    counts_each,
    flags,
    lists,
    number_texts,
    numbers,
    only,
    packed,
    texts,
    unpacked,
    values,
    written_value,
)

FORMAT = 4                                            # of the bytes, those of shares too

T = TypeVar("T")


class _Field(NamedTuple):
    """How the values of a field, those of many objects in one list, become JSON and are read back."""

    read: Callable[[list], list]
    write: Callable[[list], list] = list


def encode(one: Filed) -> bytes:
    """All of it but its rule set and the texts beside its items; the printed cells of its figures are its items."""
    places = dict(zip(map(id, one.submission.items), range(len(one.submission.items))))
    figures = list(one.figures.values())
    return packed([
        FORMAT,
        [one.dated, one.dated_by],
        _written(_SUBMISSION, [one.submission]),
        _written(_ITEM, one.submission.items),
        _written(_TROUBLE, one.submission.troubles),
        _written(_FIGURE, figures),
        [[places[id(item)] for item in _printed(figure)] for figure in figures],
        [figure.printed is not None for figure in figures],
        _written(_FINDING, one.findings),
        [place for place, finding in enumerate(one.findings) if finding.remark],
        _written(_REMARK, [finding.remark for finding in one.findings if finding.remark]),
    ])


def decode(data: bytes, ruleset: RuleSet | None) -> Filed:
    """What `encode` was given, with this rule set. Raises RecordError."""
    written = unpacked(data)
    try:
        return _filed(ruleset, *written)
    except (ValueError, TypeError, LookupError, MemoryError) as error:
        raise RecordError(f"not a record of format {FORMAT}: {error}") from None


def item_columns(data: bytes) -> list[list]:
    """Of the items in a record: form, name, instance, row, value (as text), text, cell, state. Raises RecordError."""
    written = unpacked(data)
    try:
        [count], columns = counts(written[3][:1]), dict(zip(_ITEM, written[3][1:], strict=True))
        return [_column(field, *columns[name], count) for name, field in _CELL.items()]
    except (ValueError, TypeError, LookupError, MemoryError) as error:
        raise RecordError(f"not a record of format {FORMAT}: {error}") from None


def _filed(ruleset: RuleSet | None, version: int, dates: list, about: list, items: list, troubles: list,
           figures: list, cells: list, printed: list, findings: list, remarked: list, remarks: list) -> Filed:
    if version != FORMAT:
        raise ValueError(f"format {version}")
    dated, dated_by = texts(dates)
    [submission] = _read(Submission, _SUBMISSION, about)
    vars(submission).update(items=tuple(_read(Item, _ITEM, items)), troubles=tuple(_read(Trouble, _TROUBLE, troubles)),
                            texts=())
    found = _read(Figure, _FIGURE, figures)
    for figure, own, first in zip(found, counts_each(cells), flags(printed), strict=True):
        shown = [submission.items[place] for place in own]
        vars(figure).update(printed=shown[0] if first else None, again=tuple(shown[1:] if first else shown))
    told = _read(Finding, _FINDING, findings)
    said = dict(zip(counts(remarked), _read(Remark, _REMARK, remarks), strict=True))
    for place, finding in enumerate(told):
        vars(finding)["remark"] = said.get(place)
    keyed = {(figure.key, figure.instance): figure for figure in found}
    return Filed(submission, ruleset, keyed, tuple(told), dated, dated_by)


def _printed(figure: Figure) -> tuple[Item, ...]:
    return figure.again if figure.printed is None else (figure.printed, *figure.again)


def _written(fields: Mapping[str, _Field], objects: Sequence[Any]) -> list:
    return [len(objects), *(_runs(field.write(list(map(attrgetter(name), objects)))) for name, field in fields.items())]


def _runs(column: list) -> list[list]:
    """[values, how often each of them stands in a row]; [values, []] where it would not be shorter."""
    if not column:
        return [[], []]
    starts = [0, *compress(range(1, len(column)), map(ne, column, column[1:]))]
    if len(starts) * 3 > len(column):
        return [column, []]
    return [[column[at] for at in starts], [end - at for at, end in zip(starts, [*starts[1:], len(column)])]]


def _read(cls: type[T], fields: Mapping[str, _Field], written: list) -> list[T]:
    """The objects of these columns, each value checked. They are filled without __init__: it takes twice as long."""
    [count], columns = counts(written[:1]), written[1:]
    read = [_column(field, *column, count) for field, column in zip(fields.values(), columns, strict=True)]
    names, made = tuple(fields), []
    for row in zip(*read, strict=True):
        one = object.__new__(cls)
        one.__dict__.update(zip(names, row))
        made.append(one)
    return made


def _column(field: _Field, values: list, times: list, count: int) -> list:
    read = field.read(only([values], list)[0])
    if sum(counts(times)) != count if times else len(read) != count:
        raise ValueError("a column of another length")
    return list(chain.from_iterable(map(repeat, read, times))) if times else read


def _one_of(*words: str) -> _Field:
    allowed = frozenset(words)

    def read(column: list) -> list:
        if not set(column) <= allowed:
            raise ValueError("a word that is none of those known")
        return column

    return _Field(read)


def _readings(column: list) -> list:
    return [tuple(zip(texts([label for label, _ in one]), values([value for _, value in one]))) for one in column]


def _places(column: list) -> list:
    return [tuple(Place(*counts([number, start, end]), *texts([quote])) for number, start, end, quote in only([one], list)[0])
            for one in column]


_TEXT, _FLAG, _COUNT, _LIST = _Field(texts), _Field(flags), _Field(counts), _Field(lists)
_VALUE = _Field(values, lambda column: list(map(written_value, column)))
_READINGS = _Field(_readings, lambda column: [
    [(label, written_value(value)) for label, value in one] for one in column])
_PLACES = _Field(_places, lambda column: [[(one.number, one.start, one.end, one.quote) for one in places] for places in column])
_SEVERITY = _one_of(*get_args(Severity))

_SUBMISSION = {**dict.fromkeys(("path", "sha256", "ruleset", "entity", "year", "edition", "ruleset_hash",
                                "recognised"), _TEXT), "read_by": _one_of("", "names", "labels"), "consolidated": _COUNT}
_ITEM = {"form": _TEXT, "name": _TEXT, "value": _Field(numbers, number_texts), "text": _TEXT, "cell": _TEXT,
         "state": _one_of(*get_args(State)), "instance": _COUNT, "row": _COUNT, "group": _TEXT, "places": _COUNT,
         "formula": _FLAG, "notes": _LIST}
_CELL = {**{name: _ITEM[name] for name in ("form", "name", "instance", "row")}, "value": _Field(checked_numbers),
         **{name: _ITEM[name] for name in ("text", "cell", "state")}}
_TROUBLE = {"kind": _one_of("file", "structure", "input"), "code": _TEXT, "message": _TEXT, "advice": _TEXT,
            "cells": _LIST, "form": _TEXT, "severity": _SEVERITY}
_FIGURE = {"key": _TEXT, "kind": _one_of("rate", "score", "total", "grade"), "label": _TEXT, "instance": _COUNT,
           "value": _VALUE, "operands": _LIST, "cells": _LIST, "sentence": _TEXT, "status": _TEXT, "readings": _READINGS}
_FINDING = {"rule_id": _TEXT, "severity": _SEVERITY, "kind": _one_of(*get_args(Kind)), "form": _TEXT,
            "instance": _COUNT, "cells": _LIST, "message": _TEXT, "expected": _TEXT, "actual": _TEXT, "delta": _TEXT,
            "advice": _TEXT, "basis": _TEXT, "subject": _TEXT, "alike": _FLAG, "values": _LIST,
            "state": _one_of(*get_args(Round)), "places": _PLACES}
_REMARK = {"kind": _one_of("explained", "approved"), **dict.fromkeys(("reason", "by", "at", "value"), _TEXT),
           "holds": _FLAG}
