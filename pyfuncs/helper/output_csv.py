"""Rows as a CSV file that Excel opens as it is, and takes no text of it for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyfuncs.report.output import new_file

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(E[+-]?\d+)?", re.ASCII)
_STARTS = frozenset("=+-@＝＋－＠")                     # of a formula, blanks before it or not


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a file that must not exist yet, UTF-8 with a mark by which Excel knows it; how many rows it has.

    Raises as report.output.write_new does.
    """
    with new_file(path) as temporary, temporary.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer, count = csv.writer(file), 0
        writer.writerow(map(harmless, columns))
        for count, row in enumerate(rows, start=1):
            writer.writerow(map(harmless, row))
    return count


def harmless(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are left alone."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str) and value.lstrip()[:1] in _STARTS and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
