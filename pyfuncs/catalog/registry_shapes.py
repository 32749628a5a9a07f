"""How a part of a rule set becomes rows of a sheet (`unfold`) and rows become that part again (`fold`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyfuncs.catalog.lint_formulas import unknown
from pyfuncs.catalog.marks import Mark, MarkedDict, MarkedList, Problem
from pyfuncs.catalog.registry_fields import short

LIKE_PARENT = "样式照上级"
DEEPEST = 8                                           # levels of rows, of groups; the forms have four
Entries = list[dict[str, Any]]


@dataclass(frozen=True, order=True)
class CellMark(Mark):
    """A cell of the registry workbook: `file` is its sheet, `line` its row; 0 for the whole sheet or row."""

    column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        return f"《{self.file}》{self.cell}"


@dataclass(frozen=True)
class Shape:
    """`unfold`: the entries of the rows, None for data of another shape. `fold`: the data, its keys marked
    with their cells; problems are told. `key`: what names an entry, "" when nothing does."""

    unfold: Callable[[Any], Entries | None]
    fold: Callable[[list[MarkedDict], list[Problem]], Any]
    key: str = ""


def mapped(key: str, keep: bool = False, text: str = "") -> Shape:
    """A mapping, a row per entry. `keep`: the entry holds its key too; `text`: it may be this text alone."""

    def unfold(value: Any) -> Entries | None:
        if not isinstance(value, dict) or not value:
            return None
        found: Entries = []
        for name, entry in value.items():
            if text and entry == {}:
                return None
            if text:
                entry = {} if entry == "" else spread_text(entry, text)
            if not isinstance(entry, dict) or (entry.get(key, name) != name if keep else key in entry):
                return None
            found.append({key: name, **entry})
        return found

    def fold(entries: list[MarkedDict], problems: list[Problem]) -> MarkedDict:
        found = MarkedDict(entries[0].mark)
        for entry in _unrepeated(entries, key, problems):
            name, mark = entry[key], entry.marks[key]
            if not keep:
                _drop(entry, key)
            put(found, name, gathered_text(entry, text) if text else entry, mark)
        return found

    return Shape(unfold, fold, key)


def pairs(key: str, value: str) -> Shape:
    """A mapping of texts, a row per entry."""

    def unfold(texts: Any) -> Entries | None:
        fits = isinstance(texts, dict) and texts and all(isinstance(text, str) for text in texts.values())
        if not fits:
            return None
        return [{key: name, value: text} if text else {key: name} for name, text in texts.items()]

    def fold(entries: list[MarkedDict], problems: list[Problem]) -> MarkedDict:
        found = MarkedDict(entries[0].mark)
        for entry in _unrepeated(entries, key, problems):
            put(found, entry[key], entry.get(value, ""), entry.marks.get(value, entry.marks[key]))
        return found

    return Shape(unfold, fold, key)


def listed() -> Shape:
    """A list of mappings in order."""

    def unfold(value: Any) -> Entries | None:
        fits = isinstance(value, list) and value and all(isinstance(entry, dict) and entry for entry in value)
        return list(value) if fits else None

    def fold(entries: list[MarkedDict], problems: list[Problem]) -> MarkedList:
        return marked_list(entries)

    return Shape(unfold, fold)


def single() -> Shape:
    """One mapping: one row at most."""

    def unfold(value: Any) -> Entries | None:
        return [value] if isinstance(value, dict) and value else None

    def fold(entries: list[MarkedDict], problems: list[Problem]) -> MarkedDict:
        problems += [Problem(entry.mark, f"这里只能有一行，第一行在 {entries[0].mark}；请删去一行") for entry in entries[1:]]
        return entries[0]

    return Shape(unfold, fold)


def rows(parent: str, key: str) -> Shape:
    """A tree of lists: what stands under `rows` has its own rows, each naming its parent."""

    def unfold(value: Any, above: str = "") -> Entries | None:
        if not isinstance(value, list) or not value:
            return None
        found: Entries = []
        for row in value:
            if not isinstance(row, dict) or not isinstance(row.get(key), str) or parent in row:
                return None
            own = {name: entry for name, entry in row.items() if name != "rows"}
            found.append({parent: above, **own} if above else own)
            if "rows" in row:
                below = unfold(row["rows"], row[key])
                if below is None:
                    return None
                found += below
        return found

    def fold(entries: list[MarkedDict], problems: list[Problem]) -> MarkedList:
        top: list[MarkedDict] = []
        for entry, above in _under(_unrepeated(entries, key, problems), parent, key, problems):
            if above is None:
                top.append(entry)
            elif "rows" in above:
                above["rows"].append(entry)
                above["rows"].marks.append(entry.mark)
            else:
                put(above, "rows", marked_list([entry]), entry.mark)
        return marked_list(top)

    return Shape(unfold, fold)


def groups(parent: str, key: str) -> Shape:
    """A tree of mappings: what stands under `groups` has its own rows, each naming its parent."""

    def unfold(value: Any, above: str = "") -> Entries | None:
        if not isinstance(value, dict) or not value:
            return None
        found: Entries = []
        for name, group in value.items():
            if not isinstance(group, dict) or parent in group or key in group:
                return None
            own = {key: name, **{inner: entry for inner, entry in group.items() if inner != "groups"}}
            found.append({parent: above, **own} if above else own)
            if "groups" in group:
                below = unfold(group["groups"], name)
                if below is None:
                    return None
                found += below
        return found

    def fold(entries: list[MarkedDict], problems: list[Problem]) -> MarkedDict:
        top = MarkedDict(entries[0].mark)
        for entry, above in _under(_unrepeated(entries, key, problems), parent, key, problems):
            if above is not None and "groups" not in above:
                put(above, "groups", MarkedDict(entry.mark), entry.mark)
            put(top if above is None else above["groups"], entry[key], entry, entry.marks[key])
        for entry in entries:
            _drop(entry, key)
        return top

    return Shape(unfold, fold)


def spread_text(value: Any, key: str) -> Any:
    """A text that may have a look of its own, as a mapping. A mapping with the text alone (which keeps the
    parent's look, while a bare text does not) says so."""
    if isinstance(value, str):
        return {key: value}
    return {**value, LIKE_PARENT: "true"} if isinstance(value, dict) and set(value) == {key} else value


def gathered_text(value: Any, key: str) -> Any:
    """The opposite of `spread_text`."""
    if not isinstance(value, dict):
        return value
    like_parent = value.get(LIKE_PARENT) == "true"
    _drop(value, LIKE_PARENT)
    return value if like_parent or not set(value) <= {key} else value.get(key, "")


def put(mapping: MarkedDict, key: str, value: Any, mark: Mark) -> None:
    mapping[key], mapping.marks[key] = value, mark


def _drop(entry: dict[str, Any], key: str) -> None:
    entry.pop(key, None)
    if isinstance(entry, MarkedDict):
        entry.marks.pop(key, None)


def marked_list(entries: list[MarkedDict]) -> MarkedList:
    found = MarkedList(entries[0].mark if entries else CellMark("", 0))
    found += entries
    found.marks = [entry.mark for entry in entries]
    return found


def _unrepeated(entries: list[MarkedDict], key: str, problems: list[Problem]) -> list[MarkedDict]:
    seen: dict[str, MarkedDict] = {}
    for entry in entries:
        first = seen.setdefault(entry[key], entry)
        if first is not entry:
            problems.append(Problem(entry.marks[key], f"“{short(entry[key])}”重复，第一次在 {first.marks[key]}；"
                                    "请改其中一个"))
    return list(seen.values())


def _under(entries: list[MarkedDict], parent: str, key: str,
           problems: list[Problem]) -> Iterator[tuple[MarkedDict, MarkedDict | None]]:
    """Each entry with the one it stands under. A parent that is unknown, or below its own child, is told."""
    known = {entry[key]: entry for entry in entries}
    above = {entry[key]: entry.get(parent, "") for entry in entries}
    for entry in entries:
        name, seen = entry.get(parent, ""), {entry[key]}
        if name and name not in known:
            problems.append(Problem(entry.marks[parent], unknown(parent, short(name), known)))
            continue
        while name in above and name not in seen and len(seen) < DEEPEST:
            seen.add(name)
            name = above[name]
        if name:
            if len(seen) == DEEPEST and name not in seen:
                problems.append(Problem(entry.marks[parent], f"“{short(entry[key])}”在第 {DEEPEST} 级以下；"
                                        "请核对各行的上级"))
            elif name in seen:
                problems.append(Problem(entry.marks[parent], f"“{short(entry[key])}”的上级绕成了圈；请核对各行的上级"))
            continue                                  # or below an unknown parent, told there
        yield entry, known.get(entry.get(parent, ""))
    for entry in entries:
        _drop(entry, parent)
