"""A rule set that was read from a registry workbook, as files, and lines of those files as its cells."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pyfuncs.catalog.compiled import OWN
from pyfuncs.catalog.draft import CODES_HEADING
from pyfuncs.catalog.load import beside, read_folder, read_marked, shown
from pyfuncs.catalog.marks import MarkedDict, MarkedList, Problem, RuleSetError, load_marked
from pyfuncs.catalog.registry_fields import Field, short
from pyfuncs.catalog.registry_sheets import SHEETS
from pyfuncs.catalog.registry_shapes import CellMark
from pyfuncs.catalog.yaml_text import block

FILES = {"rates": "rates.yaml", "scores": "scoring.yaml", "checks": "checks.yaml", "codes": "codes.yaml"}
FOLDERS = {"forms": "表单", "cases": "案例"}            # one file for each entry; what an entry is called
LONGEST_NAME = 40
_ID = re.compile(r"[0-9]{6}/[0-9A-Za-z]\w{0,30}")
_NAME = re.compile(r"[一-鿿\w][一-鿿\w（）()－-]*")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)      # of Windows, with any extension
_KEY = re.compile(r"[a-z_]+")                          # of a YAML file; columns may have keys of their own
_PATH = re.compile(r"\A(?:forms|rates|scores|checks|basis|grades|codes)\.[^：]*：")  # the cell says it better
T = TypeVar("T")


@dataclass(frozen=True)
class Draft:
    """The files of a rule set by name, and the cell that each of their lines came from."""

    id: str
    texts: Mapping[str, str]
    cells: Mapping[tuple[str, int], CellMark] = field(default_factory=dict)

    def at_cell(self, problem: Problem) -> Problem:
        """A problem of these files at its cell, with the headings of the keys it names; others unchanged."""
        name = problem.mark.file.removeprefix(f"{self.id}/")
        mark = self.cells.get((name, problem.mark.line))
        if mark is None:
            return problem
        words = [_said(column) for column in SHEETS[mark.file].fields
                 if column.path and _KEY.fullmatch(column.path[-1])
                 and re.search(rf"\b{column.path[-1]}\b", _PATH.sub("", problem.message), re.ASCII)]
        said = f"（在登记表里，{'；'.join(words)}）" if words else ""
        return replace(problem, mark=mark, message=_PATH.sub("", problem.message) + said)


def _said(column: Field) -> str:
    """A key as the column it stands in, with what may be chosen there."""
    words = "、".join(column.kind.words.values())
    return f"{column.path[-1]} 是“{column.header}”" + (f"，可以填 {words}" if words else "")


def read_root(folder: Path) -> MarkedDict:
    """A rule set as it lies in its folder, its cases under `cases`. Raises RuleSetError."""
    root = read_folder(folder)
    cases = {path.stem: read_marked(path, shown(path), folder)
             for path in sorted((folder / "cases").glob("*.yaml"))}
    if cases:
        root["cases"] = cases
    return root


def draft_of(root: MarkedDict) -> Draft:
    """The files that say what a workbook says. Raises RuleSetError for names that can't be file names."""
    problems = list(_name_problems(root))
    if problems:
        raise RuleSetError(problems)
    head = _part(root, [key for key in root if key not in FILES and key not in FOLDERS])
    texts, cells = {}, {}
    for name, data in [("ruleset.yaml", head), *_parts(root)]:
        texts[name] = (CODES_HEADING if name == FILES["codes"] else "") + block(data)
        marked = _read_again(texts[name], name, data.mark if isinstance(data, MarkedDict) else root.mark)
        assert marked == data, f"{name} is not read as it was written"
        for line, mark in _cells(marked, data):
            cells[name, line] = mark
    return Draft(root["id"], texts, cells)


def _read_again(text: str, name: str, mark: CellMark) -> Any:
    """The file as it will be read, with its lines. Raises RuleSetError, at a cell, for too deep a nesting."""
    try:
        return load_marked(text, name)
    except RuleSetError as error:
        raise RuleSetError([Problem(mark, problem.message) for problem in error.problems]) from None


def store(draft: Draft, folder: Path) -> Path:
    """Write a draft to folder/<id>, which must not exist, all files at once or none. Raises OSError."""
    target = folder / draft.id
    _refuse_existing(target)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".jixiao-", ignore_cleanup_errors=True) as stage:
        made = _write(draft, Path(stage))
        target.parent.mkdir(exist_ok=True)
        _refuse_existing(target)
        made.rename(target)
    return target


def looked_at(draft: Draft, look: Callable[[Path], T]) -> T:
    """What `look` finds in a draft that is written to a temporary folder, where its parents are found too."""
    with tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True) as stage, \
            beside(Path(stage, "登记表.xlsx")):
        return look(_write(draft, Path(stage, OWN)))


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise FileExistsError(f"{target} 已经存在，没有覆盖；请先把它移走")


def _write(draft: Draft, folder: Path) -> Path:
    for name, text in draft.texts.items():
        path = folder / draft.id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder / draft.id


def _name_problems(root: MarkedDict) -> Iterator[Problem]:
    """Ids and names become paths: what could lead elsewhere, or what Windows takes for something else."""
    ruleset_id = root.get("id")
    if not isinstance(ruleset_id, str) or not _ID.fullmatch(ruleset_id):
        written = f"编号“{short(str(ruleset_id))}”" if ruleset_id else "没有填编号，"
        yield Problem(root.marks.get("id", root.mark), f"{written}应是六位行政区划代码/年度，例如 430400/2022")
    for key, what in FOLDERS.items():
        entries, seen = root.get(key), dict[str, str]()
        if key in root and not isinstance(entries, MarkedDict):
            yield Problem(root.marks[key], f"“{key}”不能写在这里；请填在《{what}》里")
        for name in entries if isinstance(entries, MarkedDict) else ():
            first = seen.setdefault(name.casefold(), name)
            if not _is_name(name):
                yield Problem(entries.marks[name], f"{what}的名字“{short(name)}”要用作文件名：由汉字、字母、数字组成，"
                              f"不超过 {LONGEST_NAME} 个字，也不能是 CON、NUL 这类系统名称；请改名")
            elif first != name:
                yield Problem(entries.marks[name], f"“{name}”与“{first}”只有大小写不同，文件会互相覆盖；请改其中一个")


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and len(text) <= LONGEST_NAME and not _RESERVED.fullmatch(text)


def _parts(root: MarkedDict) -> Iterator[tuple[str, Any]]:
    """File names and what is in them."""
    for key, name in FILES.items():
        if key in root:
            data = root[key]
            yield name, _values(data) if key == "checks" and isinstance(data, MarkedDict) else data
    for key in FOLDERS:
        for name, data in root.get(key, {}).items():
            yield f"{key}/{name}.yaml", data


def _part(root: MarkedDict, keys: list[str]) -> MarkedDict:
    part = MarkedDict(root.mark)
    for key in keys:
        part[key], part.marks[key] = root[key], root.marks[key]
    return part


def _values(data: MarkedDict) -> MarkedList:
    """checks.yaml is a list, for its reader."""
    values = MarkedList(data.mark)
    values += data.values()
    values.marks = [data.marks[key] for key in data]
    return values


def _cells(node: Any, data: Any, inherited: CellMark | None = None) -> Iterator[tuple[int, CellMark]]:
    """Lines of a file, parsed as `node`, with the cells that the same place of `data` came from."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []
    for key, child in steps:
        mark = data.marks[key] if isinstance(data, (MarkedDict, MarkedList)) else inherited
        if mark is not None:
            yield node.marks[key].line, mark
        yield from _cells(child, data[key], mark)
