"""`remove:` of a rule set: what of its parent does not hold in it, and who still speaks of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pyfuncs.catalog.marks import Mark, MarkedDict, MarkedList, Problem, RuleSetError
from pyfuncs.catalog.refs import near
from pyfuncs.language import FormulaError, Ref, operands, parse

EXAMPLES = "scores/项目总分、checks/KB-01、forms/基础数据/rows/印刷费"
SECTIONS = ("rows", "cells", "columns", "tables", "groups", "tail")


@dataclass(frozen=True)
class Removal:
    """One path of `remove`: where it is written, and the ids that are gone with it (of the form, if any)."""

    path: str
    mark: Mark
    names: frozenset[str]

    @property
    def steps(self) -> list[str]:
        return self.path.split("/")

    @property
    def form(self) -> str:
        return self.steps[1] if self.steps[0] == "forms" and len(self.steps) > 1 else ""

    def is_named(self, ref: Ref, form: str) -> bool:
        """Whether a reference that stands in `form` ("": in none) is one to what is gone."""
        if not self.form:
            return ref.form is None and ".".join(ref.path) in self.names
        if len(self.steps) == 2:
            return self.form == ref.form or ref.form is None and ref.path == (self.form,)
        return (ref.form or form) == self.form and not self.names.isdisjoint(ref.path)


def removals(raw: MarkedDict, parent: MarkedDict) -> list[Removal]:
    """What `remove` of a rule set names in its parent. Raises RuleSetError for paths that name nothing."""
    found, problems = [], []
    for path, mark in _paths(raw):
        try:
            holder, key = _locate(parent, path)
            found.append(Removal(path, mark, frozenset(_ids(path.rpartition("/")[2], holder[key]))))
        except _Nothing as nothing:
            problems.append(Problem(mark, f"上级规则集 {raw['extends']} 里没有“{path}”；{nothing.hint(path)}"))
    if problems:
        raise RuleSetError(problems)
    return found


def without(parent: MarkedDict, gone: list[Removal]) -> MarkedDict:
    """The parent's data less what is gone; changes `parent` itself, which belongs to this rule set alone."""
    places = [_locate(parent, removal.path) for removal in gone]
    for holder, key, entry in [(holder, key, holder[key]) for holder, key in places]:
        _drop(holder, key, entry)
    order = parent.get("order")
    for removal in gone:                              # a form that is gone has no place in the order
        if isinstance(order, MarkedList) and len(removal.steps) == 2 and removal.form in order:
            _drop(order, 0, order[order.index(removal.form)])
    return parent


def not_restored(gone: Iterable[Removal], raw: MarkedDict) -> list[Removal]:
    """What is gone from the merged data; a rule set may remove a thing to write it anew."""
    return [removal for removal in gone if not _exists(raw, removal.path)]


def still_named(data: MarkedDict, path: tuple, gone: Iterable[Removal]) -> Removal | None:
    """What the entry at `path` (of merged data or of a case) speaks of though it is gone."""
    form = str(path[1]) if path[:1] == ("forms",) and len(path) > 1 else ""
    refs = list(_references(data, path))
    return next((removal for removal in gone for ref in refs if removal.is_named(ref, form)), None)


def removable(raw: MarkedDict, path: tuple) -> str:
    """How `remove` would name what the place `path` belongs to: the cell, row, column, rate or check."""
    match path:
        case ("forms", form, "rows", *rest):
            rows, name = raw["forms"][form]["rows"], ""
            for step in rest:
                if isinstance(rows, MarkedList) and isinstance(step, int):
                    name, rows = rows[step].get("id", ""), rows[step].get("rows")
            return f"forms/{form}/rows/{name}"
        case ("forms", form, "tables", table, "columns", item, *_):
            return f"forms/{form}/tables/{table}/columns/{item}"
        case ("forms", form, "tail", "cells", item, *_):
            return f"forms/{form}/tail/cells/{item}"
        case ("forms", form, kind, item, *_):
            return f"forms/{form}/{kind}/{item}"
        case (first, name, *_) if first != "order":
            return f"{first}/{name}"
    return str(path[0]) if path else ""


class _Nothing(Exception):
    """A path names nothing: `known` are the names at its step `number`."""

    def __init__(self, number: int, known: list[str]) -> None:
        super().__init__(number, known)
        self.number, self.known = number, known

    def hint(self, path: str) -> str:
        steps = path.split("/")
        close = ["/".join([*steps[:self.number], name, *steps[self.number + 1:]])
                 for name in near(steps[self.number], self.known)]
        if close:
            return f"是不是想写 {'、'.join(close)}？写法例如 {EXAMPLES}"
        return f"这一层有：{'、'.join(self.known) or '（没有下级）'}；写法例如 {EXAMPLES}"


def _paths(raw: MarkedDict) -> Iterator[tuple[str, Mark]]:
    paths = raw.get("remove")
    if isinstance(paths, MarkedList):                 # anything else: the model tells it
        yield from ((path, mark) for path, mark in zip(paths, paths.marks) if isinstance(path, str))


def _locate(data: Any, path: str) -> tuple[Any, Any]:
    """The mapping or list that holds what a path names, and its key there. Raises _Nothing."""
    holder, key = None, None
    for number, step in enumerate(path.split("/")):
        places = ({name: (data, name) for name in data} if isinstance(data, MarkedDict) else
                  dict(_rows(data)) if isinstance(data, MarkedList) else {})
        if step not in places:
            raise _Nothing(number, list(places))
        holder, key = places[step]
        data = holder[key]
    return holder, key


def _rows(rows: MarkedList) -> Iterator[tuple[str, tuple[MarkedList, int]]]:
    """Rows at every depth by id, with the list they stand in."""
    for index, row in enumerate(rows):
        if isinstance(row, MarkedDict):
            if isinstance(row.get("id"), str):
                yield row["id"], (rows, index)
            if isinstance(row.get("rows"), MarkedList):
                yield from _rows(row["rows"])


def _exists(raw: MarkedDict, path: str) -> bool:
    try:
        _locate(raw, path)
    except _Nothing:
        return False
    return True


def _drop(holder: Any, key: Any, entry: Any) -> None:
    """Take an entry and its mark out, unless that is done: in a list the places of later ones have moved."""
    if isinstance(holder, MarkedDict):
        holder.pop(key, None)
        holder.marks.pop(key, None)
    elif (at := next((index for index, other in enumerate(holder) if other is entry), None)) is not None:
        del holder[at], holder.marks[at]


def _ids(name: str, data: Any) -> Iterator[str]:
    """Names that go with an entry: its own, and those below it in rows, groups and whole sections."""
    yield name
    if isinstance(data, MarkedList):
        for row in data:
            if isinstance(row, MarkedDict) and isinstance(row.get("id"), str):
                yield from _ids(row["id"], row.get("rows"))
    elif isinstance(data, MarkedDict) and name in SECTIONS:
        for key, entry in data.items():
            yield from _ids(key, entry)
    elif isinstance(data, MarkedDict):
        for section in ("rows", "groups"):
            if section in data:
                yield from _ids(section, data[section])


def _references(raw: MarkedDict, path: tuple) -> Iterator[Ref]:
    """Whatever in the entry at `path` can be a name: its text as a formula, and its own key."""
    data: Any = raw
    for step in path:
        inside = step in data if isinstance(data, MarkedDict) else isinstance(data, MarkedList)
        data = data[step] if inside else None
    texts = [data, path[-1] if path else None]
    if path[:1] == ("inputs",) and len(path) > 2:     # a worked case: form, sheet, item
        texts.append(f"{path[1]}!{path[-1]}")
    refs = [ref for text in texts if isinstance(text, str) for ref in _parsed(text)]
    yield from refs
    if path[:1] == ("checks",) and len(path) > 1:     # each: columns puts its columns behind every row
        columns = raw["checks"][path[1]].get("columns", [])
        yield from (replace(ref, path=(*ref.path, column)) for ref in refs for column in columns)


def _parsed(text: str) -> tuple[Ref, ...]:
    try:
        return operands(parse(text))
    except FormulaError:
        return ()
