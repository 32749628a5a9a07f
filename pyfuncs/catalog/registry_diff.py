"""What a registry workbook would change in a rule set, cell by cell (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pyfuncs.catalog.registry import Rows, Texts
from pyfuncs.catalog.registry_sheets import SHEETS, Sheet

Key = tuple[str, ...]
_LONGEST = 60


def changes(old: Rows, new: Rows) -> list[str]:
    """A line for every cell that differs, every row that is new or gone, every sheet in another order."""
    return [line for name, sheet in SHEETS.items()
            for line in _of_sheet(sheet, old.get(name, []), new.get(name, []))]


def _of_sheet(sheet: Sheet, old: Sequence[Texts], new: Sequence[Texts]) -> Iterator[str]:
    before, after = _keyed(sheet, old), _keyed(sheet, new)
    for key, row in after.items():
        if key not in before:
            yield f"《{sheet.name}》{_named(key)}增加一行：{_said(sheet, row)}"
            continue
        for column in sheet.columns:
            was, becomes = before[key].get(column.header, ""), row.get(column.header, "")
            if was != becomes:
                yield f"《{sheet.name}》{_named(key)}“{column.header}”：{_quoted(was)} 改为 {_quoted(becomes)}"
    for key, row in before.items():
        if key not in after:
            yield f"《{sheet.name}》{_named(key)}去掉一行：{_said(sheet, row)}"
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield f"《{sheet.name}》各行的次序变了"


def _keyed(sheet: Sheet, rows: Sequence[Texts]) -> dict[Key, Texts]:
    """Rows by what tells them apart; those that nothing tells apart by their number."""
    seen: Counter[Key] = Counter()
    found = {}
    for row in rows:
        key = tuple(row.get(header, "") for header in sheet.identity)
        seen[key] += 1
        ordinal = seen[key] if seen[key] > 1 or not sheet.identity and not sheet.upright else 0
        found[(*key, f"第 {ordinal} 行") if ordinal else key] = row
    return found


def _named(key: Key) -> str:
    return f"“{' · '.join(filter(None, key))}”" if any(key) else ""


def _said(sheet: Sheet, row: Texts) -> str:
    said = "，".join(text for header, text in row.items() if header not in sheet.identity)
    return _short(said) or "（没有别的内容）"


def _quoted(text: str) -> str:
    return f"“{_short(text)}”" if text else "（空）"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
