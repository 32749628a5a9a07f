"""One unit's workbook as bytes for the archive, and back: compressed JSON, one list for each field of its items.

The bytes may have been written by others: nothing in them is executed, and what is not a record is refused.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import chain, compress, repeat
from operator import attrgetter, ne
from typing import Any, NamedTuple, TypeVar, get_args

from pyfuncs.catalog.fields import Severity
from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item, State, Submission, Trouble
from pyfuncs.checks.finding import Finding, Kind, Remark
from pyfuncs.checks.finding import State as Round
from pyfuncs.consolidate.filed import Filed
from pyfuncs.language import CellError, Value

FORMAT = 1                                            # of the bytes
_MOST_BYTES = 256 * 2**20                             # unpacked; more than the largest workbook that is read
_MOST_COUNT = 1_048_576                               # rows of a sheet; items of a workbook are fewer
_NUMBER = re.compile(r"-?\d{1,1000}(\.\d{1,1000})?(E[+-]\d{1,4})?", re.ASCII)

T = TypeVar("T")


class RecordError(ValueError):
    """These bytes are no record of this format; the workbook has to be read again."""


class _Field(NamedTuple):
    """How the values of a field, those of many objects in one list, become JSON and are read back."""

    read: Callable[[list], list]
    write: Callable[[list], list] = list


def packed(data: Any) -> bytes:
    """Data as compressed JSON, in the order it has."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpacked(data: bytes) -> Any:
    """What was packed. Raises RecordError."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, _MOST_BYTES)
        if not unpacker.eof:
            raise RecordError("cut short, or too large")
        return json.loads(text.decode("utf-8", "surrogatepass"))
    except (zlib.error, ValueError, TypeError, RecursionError, MemoryError) as error:
        raise RecordError(f"not packed data: {error}") from None


def encode(one: Filed) -> bytes:
    """All of it but its rule set and the texts beside its items; the printed cells of its figures are its items."""
    places = {id(item): place for place, item in enumerate(one.submission.items)}
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


def _filed(ruleset: RuleSet | None, version: int, dates: list, about: list, items: list, troubles: list,
           figures: list, cells: list, printed: list, findings: list, remarked: list, remarks: list) -> Filed:
    if version != FORMAT:
        raise ValueError(f"format {version}")
    dated, dated_by = _texts(dates)
    [submission] = _read(Submission, _SUBMISSION, about)
    vars(submission).update(items=tuple(_read(Item, _ITEM, items)), troubles=tuple(_read(Trouble, _TROUBLE, troubles)),
                            texts=())
    found = _read(Figure, _FIGURE, figures)
    for figure, own, first in zip(found, _counts_each(cells), _flags(printed), strict=True):
        shown = [submission.items[place] for place in own]
        vars(figure).update(printed=shown[0] if first else None, again=tuple(shown[1:] if first else shown))
    told = _read(Finding, _FINDING, findings)
    said = dict(zip(_counts(remarked), _read(Remark, _REMARK, remarks), strict=True))
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
    starts = [0, *compress(range(1, len(column)), map(ne, column, column[1:]))]
    if len(starts) * 3 > len(column):
        return [column, []]
    return [[column[at] for at in starts], [end - at for at, end in zip(starts, [*starts[1:], len(column)])]]


def _read(cls: type[T], fields: Mapping[str, _Field], written: list) -> list[T]:
    """The objects of these columns, each value checked. They are filled without __init__: it takes twice as long."""
    [count], columns = _counts(written[:1]), written[1:]
    read = [_column(field, *column, count) for field, column in zip(fields.values(), columns, strict=True)]
    names, made = tuple(fields), []
    for row in zip(*read, strict=True):
        one = object.__new__(cls)
        one.__dict__.update(zip(names, row))
        made.append(one)
    return made


def _column(field: _Field, values: list, times: list, count: int) -> list:
    read = field.read(_only([values], list)[0])
    if sum(_counts(times)) != count if times else len(read) != count:
        raise ValueError("a column of another length")
    return list(chain.from_iterable(map(repeat, read, times))) if times else read


def _only(column: list, *types: type) -> list:
    if not set(map(type, column)) <= set(types):
        raise TypeError(f"not {types}")
    return column


def _texts(column: list) -> list:
    return _only(column, str)


def _flags(column: list) -> list:
    return _only(column, bool)


def _counts(column: list) -> list:
    if column and not 0 <= min(_only(column, int)) <= max(column) <= _MOST_COUNT:
        raise ValueError("a count out of bounds")
    return column


def _counts_each(column: list) -> list:
    return [_counts(one) for one in _only(column, list)]


def _lists(column: list) -> list:
    _texts(list(chain.from_iterable(_only(column, list))))
    return list(map(tuple, column))


def _one_of(*words: str) -> _Field:
    allowed = frozenset(words)

    def read(column: list) -> list:
        if not set(column) <= allowed:
            raise ValueError("a word that is none of those known")
        return column

    return _Field(read)


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Decimal(text)


def _numbers(column: list) -> list:
    return [None if text is None else _number(text) for text in column]


def _number_texts(column: list) -> list:
    return [None if value is None else str(value) for value in column]


def _value(written: Any) -> Value:
    """None, yes or no as they are; others are texts that begin with the letter of their type."""
    if written is None or isinstance(written, bool):
        return written
    kind, text = written[0], written[1:]
    return {"n": _number, "t": str, "e": CellError}[kind](text)


def _written_value(value: Value) -> Any:
    if isinstance(value, Decimal):
        return f"n{value}"
    if isinstance(value, CellError):
        return f"e{value.code}"
    return f"t{value}" if isinstance(value, str) else value


def _values(column: list) -> list:
    return list(map(_value, _only(column, str, bool, type(None))))


def _readings(column: list) -> list:
    return [tuple(zip(_texts([label for label, _ in one]), _values([value for _, value in one]))) for one in column]


_TEXT, _FLAG, _COUNT, _LIST = _Field(_texts), _Field(_flags), _Field(_counts), _Field(_lists)
_VALUE = _Field(_values, lambda column: list(map(_written_value, column)))
_READINGS = _Field(_readings, lambda column: [
    [(label, _written_value(value)) for label, value in one] for one in column])
_SEVERITY = _one_of(*get_args(Severity))

_SUBMISSION = {**dict.fromkeys(("path", "sha256", "ruleset", "entity", "year", "edition", "ruleset_hash",
                                "recognised"), _TEXT), "read_by": _one_of("", "names", "labels"), "consolidated": _COUNT}
_ITEM = {"form": _TEXT, "name": _TEXT, "value": _Field(_numbers, _number_texts), "text": _TEXT, "cell": _TEXT,
         "state": _one_of(*get_args(State)), "instance": _COUNT, "row": _COUNT, "group": _TEXT, "places": _COUNT,
         "formula": _FLAG, "notes": _LIST}
_TROUBLE = {"kind": _one_of("file", "structure", "input"), "code": _TEXT, "message": _TEXT, "advice": _TEXT,
            "cells": _LIST, "form": _TEXT, "severity": _SEVERITY}
_FIGURE = {"key": _TEXT, "kind": _one_of("rate", "score", "total", "grade"), "label": _TEXT, "instance": _COUNT,
           "value": _VALUE, "operands": _LIST, "cells": _LIST, "sentence": _TEXT, "status": _TEXT, "readings": _READINGS}
_FINDING = {"rule_id": _TEXT, "severity": _SEVERITY, "kind": _one_of(*get_args(Kind)), "form": _TEXT,
            "instance": _COUNT, "cells": _LIST, "message": _TEXT, "expected": _TEXT, "actual": _TEXT, "delta": _TEXT,
            "advice": _TEXT, "basis": _TEXT, "subject": _TEXT, "alike": _FLAG, "values": _LIST,
            "state": _one_of(*get_args(Round))}
_REMARK = {"kind": _one_of("explained", "approved"), **dict.fromkeys(("reason", "by", "at", "value"), _TEXT),
           "holds": _FLAG}
