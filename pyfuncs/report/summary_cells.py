"""A row of cells as the XML of a sheet: XlsxWriter's own way costs ten times as much for a million cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from xlsxwriter.format import Format

from pyfuncs.report.excel import column_letters
from pyfuncs.report.naming import clean_text


@dataclass(frozen=True)
class Formula:
    """A formula of ours with the value that it computes."""

    text: str
    value: float | str


@dataclass(frozen=True)
class Link:
    """A link; its text alone where the address is "" or links are used up."""

    address: str
    text: str


Value = str | float | Formula | Link | None
Cell = tuple[Value, Format]

_letters = lru_cache(maxsize=16_384)(column_letters)
_CODED = re.compile(r"_x[0-9a-fA-F]{4}_")             # Excel would read _x0041_ as A


def row_xml(row: int, cells: Sequence[Cell], height: float = 0) -> str:
    """The row, counted from 0, with its cells from column A on; text stays text whatever it says. No height: the sheet's."""
    number = row + 1
    high = f' ht="{height:.1f}" customHeight="1"' if height else ""
    written = "".join([_cell(f'<c r="{_letters(column)}{number}" s="{style._get_xf_index()}"', value)
                       for column, (value, style) in enumerate(cells)])
    return f'<row r="{number}"{high}>{written}</row>'


def _cell(start: str, value: Value) -> str:
    if isinstance(value, str):
        return f'{start} t="inlineStr">{_inline(value)}</c>' if value else f"{start}/>"
    if isinstance(value, (int, float)):
        return f"{start}><v>{value!r}</v></c>"
    if value is None:
        return f"{start}/>"
    if isinstance(value, Link):
        return _cell(start, value.text)
    kind, stored = (' t="str"', escape(value.value)) if isinstance(value.value, str) else ("", repr(value.value))
    return f"{start}{kind}><f>{escape(value.text.removeprefix('='))}</f><v>{stored}</v></c>"


@lru_cache(maxsize=8192)
def _inline(text: str) -> str:
    shown = escape(_CODED.sub(lambda code: f"_x005F{code.group()}", clean_text(text)))
    space = ' xml:space="preserve"' if shown != shown.strip() else ""
    return f"<is><t{space}>{shown}</t></is>"
