"""The list of units (单位名单): who should file, under whom, until when. Rows of texts in, units out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pyfuncs.catalog.registry_fields import UNPRINTABLE, short
from pyfuncs.consolidate.filed import same_name
from pyfuncs.consolidate.near_names import NearNames

MOST_ROWS = 200_000
MOST_LEVELS = 20
LONGEST = 200                                         # characters of a name or a code
_HEADER_WITHIN = 10                                   # rows; a title and notes may stand above the header
_TOLD = 10                                            # problems of one list; the others are counted
_COLUMNS = {
    "code": ("单位代码", "代码", "code"),
    "name": ("单位名称", "name"),
    "parent": ("上级", "上级单位", "主管部门", "parent"),
    "expected": ("应报", "是否应报", "expected"),
    "deadline": ("报送期限", "deadline"),
    "kind": ("类型", "kind"),
}
_FIELDS = {word: column for column, words in _COLUMNS.items() for word in words}
_EXPECTED = {**dict.fromkeys(("", "是", "1", "yes", "true", "√"), True), **dict.fromkeys(("否", "0", "no", "false"), False)}
_SUMMARY = {"": False, "本级": False, "汇总表": True}
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))")
_ERRORS = {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"}
_NO_CODE = " "                                        # no name that blanks are taken out of


class UnitsListError(ValueError):
    """The list of units can't be used; the message says, a line for each problem, where, what, and what to do."""


@dataclass(frozen=True)
class ListedUnit:
    """`parent`: the `key` of the unit above it, "" at the top. `deadline`: 2023-03-31 or "".

    `summary`: the workbook it files is a summary of its units, to be compared with them and not added.
    """

    code: str
    name: str
    parent: str = ""
    expected: bool = True
    deadline: str = ""
    summary: bool = False

    @property
    def key(self) -> str:
        """What tells it from all others of the list."""
        return self.code or self.name


@dataclass(frozen=True)
class UnitsList:
    """`notes`: what the reader of the list should be told, a line each."""

    listed: tuple[ListedUnit, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def by_key(self) -> Mapping[str, ListedUnit]:
        return {unit.key: unit for unit in self.listed}

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[ListedUnit]]:
        """Units by the `same_name` of their names."""
        return _grouped(self.listed, lambda unit: same_name(unit.name))

    @cached_property
    def below(self) -> Mapping[str, Sequence[ListedUnit]]:
        """The units right below a key, in order; those at the top below ""."""
        return _grouped(self.listed, lambda unit: unit.parent)

    def above(self, unit: ListedUnit) -> Iterator[ListedUnit]:
        """Those above it, the nearest first."""
        while unit.parent:
            unit = self.by_key[unit.parent]
            yield unit


@dataclass(frozen=True)
class _Row:
    number: int                                       # as the spreadsheet counts
    unit: ListedUnit                                  # at first with `parent` as it was written

    def __str__(self) -> str:
        return f"“{short(self.unit.name)}”（第 {self.number} 行）"


def parse_units(rows: Sequence[Sequence[str]]) -> UnitsList:
    """The list that stands in a table: columns 单位代码, 单位名称, 上级, 应报, 报送期限, 类型 in any order, others ignored.

    Only 单位名称 is needed. 上级 is the code or the name of another row; blank 应报 means yes. A row that says the same
    as one before it is taken once. Units of one name need codes and different parents. Raises UnitsListError.
    """
    start, columns = _header(rows)
    if len(rows) - start > MOST_ROWS:
        raise UnitsListError(f"单位名单超过 {MOST_ROWS} 行；请核对是不是选错了文件，或删去多余的空行")
    problems: list[str] = []
    read = [row for number, cells in enumerate(rows[start:], start=start + 1)
            if (row := _row(number, _texts(cells, columns), problems))]
    _refuse(problems)
    if not read:
        raise UnitsListError("单位名单的“单位名称”一列没有单位；请一行写一个单位")
    for step in (_told_apart, _with_parents, _in_a_tree):
        read = step(read, problems)
        _refuse(problems)
    return UnitsList(tuple(row.unit for row in read))


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """The index of the row with the names of the columns, -1 without one."""
    return next((index for index, cells in enumerate(rows[:_HEADER_WITHIN])
                 if any(_FIELDS.get(_heading(cell)) == "name" for cell in cells)), -1)


def iso_date(text: str) -> str | None:
    """2023-03-31 for 2023-3-31, 2023/3/31, 2023.3.31, 2023年3月31日 and 20230331; None for anything else."""
    found = _DATE.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])).isoformat()
    except ValueError:
        return None


# -- cells --------------------------------------------------------------------------------------------------------

def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """How many rows there are down to the header, and where its columns are."""
    index = header_row(rows)
    if index < 0:
        found = next((cells for cells in rows if any(map(str.strip, cells))), [])
        raise UnitsListError(f"单位名单的第一行应有一列叫“单位名称”，现为“{short(','.join(found).strip()) or '空'}”；"
                             "请在第一行写上列名，例如：单位代码,单位名称,上级,应报")
    columns: dict[str, int] = {}
    for at, cell in enumerate(rows[index]):
        column = _FIELDS.get(_heading(cell))
        if column in columns:
            first = rows[index][columns[column]].strip()
            raise UnitsListError(f"单位名单第 {index + 1} 行有两列都是“{_COLUMNS[column][0]}”："
                                 f"“{first}”和“{cell.strip()}”；请只留一列")
        if column:
            columns[column] = at
    return index + 1, columns


def _heading(cell: str) -> str:
    return same_name(cell).rstrip("*")


def _texts(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {column: cells[at].strip() if at < len(cells) else "" for column, at in columns.items()}


def _row(number: int, texts: Mapping[str, str], problems: list[str]) -> _Row | None:
    if not any(texts.values()):
        return None
    wrong = list(_unfit_cells(texts))
    problems += [f"第 {number} 行“{_COLUMNS[column][0]}”{problem}" for column, problem in wrong]
    if wrong:
        return None
    return _Row(number, ListedUnit(
        texts.get("code", ""), texts["name"], texts.get("parent", ""), _EXPECTED[same_name(texts.get("expected", ""))],
        iso_date(texts.get("deadline", "")) or "", _SUMMARY[same_name(texts.get("kind", ""))]))


def _unfit_cells(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Columns, and what is wrong with what stands in them."""
    for column, text in texts.items():
        if UNPRINTABLE.search(text) or "\n" in text or "\r" in text:
            yield column, "里有换行或看不见的控制字符，多半是从别处粘贴来的；请清空这一格，重新输入"
        elif text.startswith("="):
            yield column, f"写的是公式“{short(text)}”，程序不计算公式；请改成文字"
        elif text in _ERRORS:
            yield column, f"是错误值 {text}；请重新输入"
        elif len(text) > LONGEST:
            yield column, f"有 {len(text)} 个字，超过 {LONGEST} 个；请核对这一格"
        elif column == "name" and not text:
            yield column, "是空的；请填上单位名称，或删去这一行"
        elif column == "expected" and same_name(text) not in _EXPECTED:
            yield column, f"写的是“{short(text)}”；请写 是 或 否，空着就是 是"
        elif column == "kind" and same_name(text) not in _SUMMARY:
            yield column, f"写的是“{short(text)}”；请写 本级 或 汇总表，空着就是 本级"
        elif column == "deadline" and text and iso_date(text) is None:
            yield column, f"写的是“{short(text)}”，不是日期；请写成 2023-03-31 这样"


# -- rows against each other --------------------------------------------------------------------------------------

def _told_apart(rows: Sequence[_Row], problems: list[str]) -> list[_Row]:
    """The rows without repetitions; a code stands for one unit, and units of one name can be told apart."""
    different: dict[ListedUnit, _Row] = {}
    for row in rows:
        different.setdefault(row.unit, row)
    own = list(different.values())
    by_code = {row.unit.code: row for row in reversed(own) if row.unit.code}
    namesakes: dict[str, dict[str, _Row]] = {}        # name -> parent, or _NO_CODE -> row
    for row in own:
        unit, first = row.unit, by_code.get(row.unit.code)
        others = namesakes.setdefault(same_name(unit.name), {})
        other = others.get(_NO_CODE) or others.get(same_name(unit.parent)) or (None if unit.code else _first(others))
        if first and first is not row:
            problems.append(_same_code(first, row))
        elif other:
            problems.append(
                f"第 {other.number}、{row.number} 行的单位名称都是“{short(unit.name)}”，分不清谁是谁；不是同一单位的，"
                "请给两行各写单位代码和不同的上级；同一上级下面的，请把名称写得能分清，例如加“（本级）”")
        elif not unit.code and unit.name in by_code:
            problems.append(f"第 {row.number} 行的单位名称与第 {by_code[unit.name].number} 行的单位代码都是“{short(unit.name)}”，"
                            "分不清指的是谁；请给这一行也写上单位代码")
        others.setdefault(same_name(unit.parent) if unit.code else _NO_CODE, row)
    return own


def _first(rows: Mapping[str, _Row]) -> _Row | None:
    return next(iter(rows.values()), None)


def _same_code(first: _Row, row: _Row) -> str:
    where = f"第 {first.number}、{row.number} 行的单位代码都是 {short(row.unit.code)}"
    if same_name(first.unit.name) == same_name(row.unit.name) and first.unit.parent != row.unit.parent:
        above = "和".join(f"“{short(one.unit.parent) or '（空）'}”" for one in (first, row))
        return f"{where}，上级却有两个：{above}；一个单位只能有一个上级，请删去一行，或改正代码"
    if same_name(first.unit.name) == same_name(row.unit.name):
        return f"{where}，其他各列却不相同；请只留一行"
    return f"{where}，却是“{short(first.unit.name)}”和“{short(row.unit.name)}”；请改正其中一个代码"


def _with_parents(rows: Sequence[_Row], problems: list[str]) -> list[_Row]:
    """The rows with the keys of their parents."""
    known = UnitsList(tuple(row.unit for row in rows))
    above = [_parents(known, row.unit.parent) for row in rows]
    lost = [(row, found) for row, found in zip(rows, above, strict=True) if row.unit.parent and len(found) != 1]
    if lost:
        names = NearNames(unit.name for unit in known.listed)
        problems += [_no_parent(row, names, found) for row, found in lost[:_TOLD]]
        problems += [""] * (len(lost) - _TOLD)        # counted, not told
    return [_Row(row.number, replace(row.unit, parent=found[0].key if found else ""))
            for row, found in zip(rows, above, strict=True)]


def _parents(known: UnitsList, written: str) -> Sequence[ListedUnit]:
    """The units that 上级 may mean: the one of that code, else those of that name."""
    by_code = known.by_key.get(written)
    if by_code:
        return [by_code]
    return known.by_name.get(same_name(written), ()) if written else ()


def _no_parent(row: _Row, names: NearNames, found: Sequence[ListedUnit]) -> str:
    start = f"第 {row.number} 行的上级“{short(row.unit.parent)}”"
    if found:
        codes = "、".join(unit.code for unit in found[:_TOLD])
        return f"{start}，名单里有 {len(found)} 个单位叫这个名字；请改写它的单位代码（{codes}）"
    close = names.of(row.unit.parent)
    hint = f"，是不是“{'”“'.join(close)}”？" if close else "；"
    return f"{start}不在名单里{hint}请改正，或给上级单位也写一行"


def _in_a_tree(rows: list[_Row], problems: list[str]) -> list[_Row]:
    """The rows themselves: nobody stands above himself, and a summary has units to sum up."""
    by_key = {row.unit.key: row for row in rows}
    parents, levels = {row.unit.parent for row in rows}, {"": 0}
    for row in rows:
        way: dict[str, None] = {}
        key = row.unit.key
        while key not in levels and key not in way:
            way[key] = None
            key = by_key[key].unit.parent
        if key in way:
            problems.append(_circle([by_key[one] for one in list(way)[list(way).index(key):]]))
        elif way and levels[key] + len(way) > MOST_LEVELS:
            problems.append(f"第 {row.number} 行“{short(row.unit.name)}”在第 {levels[key] + len(way)} 级，"
                            f"超过 {MOST_LEVELS} 级；请核对“上级”一列")
        for level, one in enumerate(reversed(way), start=levels.get(key, 0) + 1):
            levels[one] = level
        if row.unit.summary and row.unit.key not in parents:
            problems.append(f"第 {row.number} 行“类型”写的是“汇总表”，却没有单位以“{short(row.unit.name)}”为上级；"
                            "请改为 本级，或给它下面的单位写上“上级”")
    return rows


def _circle(rows: Sequence[_Row]) -> str:
    shown = [*map(str, rows[:_TOLD]), *(["……"] if len(rows) > _TOLD else []), str(rows[0])]
    return f"上级绕成了圈：{' → '.join(shown)}；请改正其中一行的“上级”"


def _grouped(units: Sequence[ListedUnit], key: Callable[[ListedUnit], str]) -> dict[str, list[ListedUnit]]:
    found: dict[str, list[ListedUnit]] = {}
    for unit in units:
        found.setdefault(key(unit), []).append(unit)
    return found


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        more = [f"……另有 {len(problems) - _TOLD} 处"] if len(problems) > _TOLD else []
        raise UnitsListError("\n".join(["单位名单不能用，请改正：", *problems[:_TOLD], *more]))
