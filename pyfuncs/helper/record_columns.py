"""Values that others may have written: unpacked within bounds, checked a column at a time, and refused as a whole."""

from __future__ import annotations

import json
import re
import zlib
from decimal import Decimal
from itertools import chain
from typing import Any

from pyfuncs.language import CellError, Value

_MOST_BYTES = 256 * 2**20                             # unpacked; more than the largest workbook that is read
_MOST_COUNT = 1_048_576                               # rows of a sheet; items of a workbook are fewer
_NUMBER = re.compile(r"-?\d{1,1000}(\.\d{1,1000})?(E[+-]\d{1,4})?", re.ASCII)


class RecordError(ValueError):
    """These bytes are no record of this format; the workbook has to be read again."""


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


def only(column: list, *types: type) -> list:
    if not set(map(type, column)) <= set(types):
        raise TypeError(f"not {types}")
    return column


def texts(column: list) -> list:
    return only(column, str)


def flags(column: list) -> list:
    return only(column, bool)


def counts(column: list) -> list:
    if column and not 0 <= min(only(column, int)) <= max(column) <= _MOST_COUNT:
        raise ValueError("a count out of bounds")
    return column


def counts_each(column: list) -> list:
    return [counts(one) for one in only(column, list)]


def lists(column: list) -> list:
    texts(list(chain.from_iterable(only(column, list))))
    return list(map(tuple, column))


def number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Decimal(text)


def numbers(column: list) -> list:
    return [None if text is None else Decimal(text) for text in checked_numbers(column)]


def checked_numbers(column: list) -> list:
    """Still as texts."""
    if not all(text is None or _NUMBER.fullmatch(text) for text in column):
        raise ValueError("not a number")
    return column


def number_texts(column: list) -> list:
    return [None if value is None else str(value) for value in column]


def value_of(written: Any) -> Value:
    """None, yes or no as they are; others are texts that begin with the letter of their type."""
    if written is None or isinstance(written, bool):
        return written
    kind, text = written[0], written[1:]
    return {"n": number, "t": str, "e": CellError}[kind](text)


def written_value(value: Value) -> Any:
    if isinstance(value, Decimal):
        return f"n{value}"
    if isinstance(value, CellError):
        return f"e{value.code}"
    return f"t{value}" if isinstance(value, str) else value


def values(column: list) -> list:
    return list(map(value_of, only(column, str, bool, type(None))))
