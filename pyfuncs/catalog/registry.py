"""A rule set as the rows of the registry workbook (规则登记表), and those rows as a rule set again (pure).

The data are those of `load.read_folder`, own files only, with the cases under `cases`. Writing rows and
reading them gives equal data, mappings by id in the same order; comments of the YAML files are not carried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from pyfuncs.catalog.lint_formulas import unknown
from pyfuncs.catalog.marks import MarkedDict, Problem
from pyfuncs.catalog.registry_fields import Wrong, narrow, plain, short
from pyfuncs.catalog.registry_sheets import PART, RULESET, SHEETS, Part, Sheet
from pyfuncs.catalog.registry_shapes import CellMark, gathered_text, put, spread_text

Texts = dict[str, str]                                # heading -> text of a cell
Rows = dict[str, list[Texts]]                         # sheet -> rows


@dataclass(frozen=True)
class Line:
    """A row that was read: texts by heading, each with its cell. Blank cells have no text."""

    mark: CellMark
    texts: Texts
    marks: dict[str, CellMark] = field(default_factory=dict)

    def at(self, header: str) -> CellMark:
        return self.marks.get(header, self.mark)


Lines = Mapping[str, list[Line]]
Index = dict[tuple[str, ...], list[Line]]             # sheet, part, place -> rows


# -- a rule set to rows -----------------------------------------------------------------------------


def to_rows(root: Mapping[str, Any]) -> Rows:
    """Rows of every sheet. What fits no column stands in 其他 of the row it belongs to."""
    rows = _rows_of(RULESET, RULESET.parts[0], {}, plain(root)) if root else {}
    assert rows is not None, "其他 holds whatever has no column"
    return {name: rows.get(name, []) for name in SHEETS}


def _rows_of(sheet: Sheet, part: Part, place: Texts, value: Any) -> Rows | None:
    """Rows of one part of the data and of all inside it; None when the part has another shape."""
    entries = part.shape.unfold(value)
    if entries is None:
        return None
    rows: Rows = {sheet.name: []}
    for entry in entries:
        entry = deepcopy(entry)
        here = _place(sheet, part, place, entry.get(part.shape.key, ""))
        for child, below in _children(sheet):
            found = _rows_of(child, below, here, _get(entry, below.path))
            if found is not None:
                _take(entry, below.path)
                for name, more in found.items():
                    rows.setdefault(name, []).extend(more)
        texts = _texts_of(sheet, entry)
        if texts is None:
            return None
        rows[sheet.name].append({**place, **({PART: part.word} if part.word else {}), **texts})
    problems: list[Problem] = []
    mark = CellMark(sheet.name, 0)
    lines = {sheet.name: [Line(mark, texts) for texts in rows[sheet.name]]}
    part.shape.fold([_entry(sheet, line, problems) for line in lines[sheet.name]], problems)
    return None if problems else rows


def _texts_of(sheet: Sheet, entry: dict[str, Any]) -> Texts | None:
    """The cells of an entry; None when something is left that no column can hold."""
    rest, texts = _spread(sheet, entry), Texts()
    for column in sheet.fields:
        if column.path and (text := column.show(_get(rest, column.path))):
            texts[column.header] = text
            _take(rest, column.path)
    rest = _gathered(sheet, rest)
    for column in sheet.fields:
        if not column.path:                           # 参数, then 其他: what has no column
            fitting = {key: value for key, value in rest.items() if column.show({key: value})}
            if fitting:
                texts[column.header] = column.show(fitting)
                rest = {key: value for key, value in rest.items() if key not in fitting}
    complete = not rest and all(column.header in texts for column in sheet.fields if column.required)
    return texts if complete else None


def _spread(sheet: Sheet, entry: dict[str, Any]) -> dict[str, Any]:
    """Bare texts as mappings, and a list of levels as one key per level, so that each has its column."""
    found = deepcopy(entry)
    if sheet.bare in found:
        found[sheet.bare] = spread_text(found[sheet.bare], "text")
    levels = found.get(sheet.levels)
    if isinstance(levels, list) and len(levels) in (1, 2) and all(isinstance(name, str) for name in levels):
        found[sheet.levels] = {str(index): name for index, name in enumerate(levels)}
    return found


def _gathered(sheet: Sheet, entry: Any) -> Any:
    """The opposite of `_spread`; also for what is left of an entry."""
    if sheet.bare in entry:
        entry[sheet.bare] = gathered_text(entry[sheet.bare], "text")
    levels = entry.get(sheet.levels)
    if isinstance(levels, dict) and "0" in levels and set(levels) <= {"0", "1"}:
        entry[sheet.levels] = list(levels.values())
    return entry


def _place(sheet: Sheet, part: Part, place: Texts, name: str) -> Texts:
    """The columns that the rows inside this one carry."""
    return {**place, sheet.identity[-1]: name} if sheet.inside and part.shape.key else place


def _children(sheet: Sheet) -> Iterator[tuple[Sheet, Part]]:
    for child in sheet.inside:
        for part in child.parts:
            yield child, part


def _get(entry: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    return entry


def _take(entry: dict[str, Any], path: tuple[str, ...]) -> None:
    """Remove what stands at a path, and mappings that become empty."""
    first, *rest = path
    if rest:
        _take(entry[first], tuple(rest))
    if not rest or not entry[first]:
        del entry[first]


# -- rows to a rule set -----------------------------------------------------------------------------


def from_lines(lines: Lines, broken: frozenset[str] = frozenset()) -> tuple[MarkedDict, list[Problem]]:
    """The data of the rows, every key marked with its cell, and what is wrong with them, by sheet and cell.

    `broken`: sheets that could not be read as such, of which nothing more is said.
    """
    problems: list[Problem] = []
    whole = {name: [read for line in lines.get(name, []) if (read := _placed(sheet, line, problems))]
             for name, sheet in SHEETS.items()}
    _tell_strangers(whole, broken, problems)
    index: Index = {}
    for name, sheet in SHEETS.items():
        for line in whole[name]:
            place = (line.texts[header] for header in sheet.place)
            index.setdefault((name, line.texts.get(PART, ""), *place), []).append(line)
    root = _value_of(RULESET, RULESET.parts[0], {}, index, problems)
    return root if root is not None else MarkedDict(CellMark(RULESET.name, 0)), in_order(problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by sheet, row and column, each once."""
    order = {name: number for number, name in enumerate(SHEETS)}
    return sorted(set(problems), key=lambda problem: (order.get(problem.mark.file, -1), problem))


def _placed(sheet: Sheet, line: Line, problems: list[Problem]) -> Line | None:
    """The row with the names of its place as they are meant; None, and told, when it does not say them."""
    wanted = [column.header for column in sheet.columns if column.required]
    missing = [header for header in wanted if header not in line.texts]
    if missing:
        first, names = next(iter(line.texts)), "”“".join(missing)
        problems.append(Problem(line.at(first), f"这一行没有填“{names}”；请补上" if len(line.texts) > 1 else
                                f"这一行只有这一格有内容“{short(line.texts[first])}”，没有填“{names}”；请补齐，或清空这一格"))
        return None
    placed = {header: narrow(line.texts[header]) for header in (*sheet.place, PART) if header in line.texts}
    if PART in placed and placed[PART] not in (words := [part.word for part in sheet.parts]):
        problems.append(Problem(line.at(PART), unknown(PART, short(placed[PART]), words)))
        return None
    return replace(line, texts={**line.texts, **placed})


def _tell_strangers(lines: Lines, broken: frozenset[str], problems: list[Problem]) -> None:
    """Rows that belong to a form, or to a table, that has no row of its own."""
    known = {name: {tuple(line.texts[header] for header in SHEETS[name].identity) for line in lines[name]}
             for name in ("表单", "明细表")}
    for sheet in SHEETS.values():
        strangers: dict[tuple[str, ...], list[Line]] = {}
        for line in lines[sheet.name]:
            for level, name in enumerate(sheet.place, 1):
                place = tuple(line.texts[header] for header in sheet.place[:level])
                if place not in known[name]:
                    strangers.setdefault(place, []).append(line)
                    break
        for place, there in strangers.items():
            name = sheet.place[len(place) - 1]
            if name not in broken:
                near = sorted(key[-1] for key in known[name] if key[:-1] == place[:-1])
                more = f"（下面还有 {len(there) - 1} 行）" if len(there) > 1 else ""
                problems.append(Problem(there[0].at(name), f"{unknown(name, short(place[-1]), near)}；"
                                        f"改正这里{more}，或在《{name}》里加上“{short(place[-1])}”"))


def _value_of(sheet: Sheet, part: Part, place: Texts, index: Index, problems: list[Problem]) -> Any:
    """The data of one part and all inside it; None when there are no rows."""
    own = index.get((sheet.name, part.word, *place.values()), [])
    needed = [column.path[0] for column in sheet.fields if column.required]
    entries = [entry for entry in (_entry(sheet, line, problems) for line in own)
               if all(key in entry for key in needed)]        # else it is told
    if not entries:
        return None
    value = part.shape.fold(entries, problems)
    for name, owner in value.items() if part.shape.key else [("", value)]:
        here = _place(sheet, part, place, name)
        for child, below in _children(sheet):
            found = _value_of(child, below, here, index, problems)
            if found is not None:
                _attach(owner, below.path, found, problems)
    return value


def _entry(sheet: Sheet, line: Line, problems: list[Problem]) -> MarkedDict:
    """The entry of one row, without its place."""
    entry = MarkedDict(line.mark)
    for column in sorted(sheet.columns, key=lambda column: not column.path):      # 参数 and 其他 come last
        text = line.texts.get(column.header)
        if text is None or column.header in (*sheet.place, PART):
            continue
        mark = line.at(column.header)
        try:
            value = column.kind.read(text)
        except Wrong as wrong:
            problems.append(Problem(mark, str(wrong)))
            continue
        if column.path:
            _attach(entry, column.path, value, problems, mark)
        else:
            for key, one in value.items():
                _attach(entry, (key,), one, problems, mark)
    entry = _gathered(sheet, entry)
    if isinstance(levels := entry.get(sheet.levels), MarkedDict):
        problems.append(Problem(levels.mark, "填了二级指标，没有填一级指标；请补上"))
    return entry


def _attach(owner: MarkedDict, path: tuple[str, ...], value: Any, problems: list[Problem],
            mark: CellMark | None = None) -> None:
    """Put a value where it belongs; what stands there already is told."""
    mark = mark or value.mark
    for key in path[:-1]:
        if not isinstance(owner.get(key, MarkedDict(mark)), dict):
            problems.append(Problem(mark, f"“{key}”在 {owner.marks[key]} 另外写了；请删去一处"))
            return
        if not isinstance(owner.get(key), MarkedDict):
            put(owner, key, _marked(owner.get(key, {}), mark), mark)
        owner = owner[key]
    known = owner.get(path[-1])
    if isinstance(known, MarkedDict) and isinstance(value, dict):
        for key, one in value.items():                # 其他 adds to what the columns say
            _attach(known, (key,), one, problems, mark)
    elif path[-1] in owner:
        problems.append(Problem(mark, f"“{path[-1]}”在 {owner.marks[path[-1]]} 已经写了；请删去一处"))
    else:
        put(owner, path[-1], value, mark)


def _marked(mapping: Mapping[str, Any], mark: CellMark) -> MarkedDict:
    found = MarkedDict(mark)
    for key, value in mapping.items():
        put(found, key, value, mark)
    return found
