"""Which units are in: the list of those expected, those that filed, those turned away."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Sequence

from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.consolidate.model import Missing, Rejected, Unexpected

NAME_COLUMN = "单位名称"


class UnitsListError(ValueError):
    """The list of units can't be used; the message says what is wanted."""


def parse_units(data: bytes) -> list[str]:
    """Names of the column 单位名称 of a CSV file (UTF-8 or GBK), in order, each once.

    Raises UnitsListError when the bytes are no such list.
    """
    rows = list(csv.reader(io.StringIO(_decode(data))))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if NAME_COLUMN not in header:
        raise UnitsListError(f"单位名单的第一行应有一列叫“{NAME_COLUMN}”，现为“{','.join(header) or '空'}”；"
                             f"请在第一行写上列名，例如：{NAME_COLUMN},联系人")
    at = header.index(NAME_COLUMN)
    names = [row[at].strip() for row in rows[1:] if len(row) > at and row[at].strip()]
    if not names:
        raise UnitsListError(f"单位名单的“{NAME_COLUMN}”一列没有单位；请一行写一个单位")
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(same_name(name), name)
    return list(first.values())


def _decode(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnitsListError("单位名单读不出来：既不是 UTF-8 也不是 GBK 编码；请在表格软件中另存为 CSV")


def admit(filed: Sequence[Filed]) -> tuple[list[Filed], list[Rejected]]:
    """Those whose figures are counted, and those that are not, with the reason; the first of a pair stays."""
    accepted: list[Filed] = []
    rejected: list[Rejected] = []
    names: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for one in filed:
        reason = _reason(one, names, hashes)
        if reason:
            rejected.append(Rejected(one.submission.path, one.unit, reason))
            continue
        accepted.append(one)
        names[same_name(one.unit)] = one.submission.path
        hashes[one.submission.sha256] = one.submission.path
    return accepted, rejected


def _reason(one: Filed, names: dict[str, str], hashes: dict[str, str]) -> str:
    if one.ruleset is None or not one.submission.items:
        troubles = [trouble.message + trouble.advice for trouble in one.submission.troubles
                    if trouble.severity == "error"]
        return "".join(troubles) or "没有读出任何数据"
    if one.submission.sha256 in hashes:
        return f"与 {hashes[one.submission.sha256]} 内容完全相同，只计一次；请删去多余的一份"
    if same_name(one.unit) in names:
        return (f"“{one.unit}”已由 {names[same_name(one.unit)]} 报送，这一份没有计入；"
                "请确认哪一份是定稿，只留一份，或改正单位名称")
    return ""


def compare_with_list(expected: Iterable[str],
                      units: Iterable[str]) -> tuple[list[Missing], list[Unexpected]]:
    """Units of the list without a workbook, and units with a workbook that the list does not have."""
    wanted = {same_name(name): name for name in expected}
    there = {same_name(name): name for name in units}
    missing = {key: name for key, name in wanted.items() if key not in there}
    surplus = {key: name for key, name in there.items() if key not in wanted}
    return ([Missing(name, _near(key, surplus)) for key, name in missing.items()],
            [Unexpected(name, _near(key, missing)) for key, name in surplus.items()])


def _near(key: str, names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names[found] for found in difflib.get_close_matches(key, names, n=2, cutoff=0.5))
