"""Load a rule set from its folder, with its parent, as a typed `RuleSet`.

The only module of the catalogue (with `compiled`) that touches files.
"""

from __future__ import annotations

import difflib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pyfuncs.catalog.compile import compile_ruleset
from pyfuncs.catalog.compiled import FOLDERS
from pyfuncs.catalog.marks import (Mark, MarkedDict, MarkedList, Problem, RuleSetError, load_marked, mark_of,
                                   merge)
from pyfuncs.catalog.messages import chinese
from pyfuncs.catalog.model import RuleSet

PARTS = {"rates.yaml": "rates", "scoring.yaml": "scores"}


def ruleset_ids() -> list[str]:
    """Ids of all rule sets found in the search path, abstract parents included."""
    found = {f"{path.parent.parent.name}/{path.parent.name}"
             for folder in FOLDERS for path in folder.glob("*/*/ruleset.yaml")}
    return sorted(found)


def ruleset_folder(ruleset_id: str) -> Path:
    """The folder of a rule set. Raises RuleSetError with near matches when there is none."""
    for folder in FOLDERS:
        path = folder / ruleset_id
        if (path / "ruleset.yaml").is_file():
            return path
    near = difflib.get_close_matches(ruleset_id, ruleset_ids(), n=3, cutoff=0.5)
    hint = f"；你是不是想写 {'、'.join(near)}" if near else f"；现有：{'、'.join(ruleset_ids())}"
    raise RuleSetError([Problem(Mark(ruleset_id, 1), f"没有规则集“{ruleset_id}”{hint}")])


def load_ruleset(ruleset_id: str) -> RuleSet:
    """The typed rule set. Raises RuleSetError carrying every problem with file and line."""
    return _load_cached(ruleset_id, _stamp(ruleset_id))


def _stamp(ruleset_id: str) -> tuple:
    """Changes when a file of the rule set, or of one it may extend, does."""
    ruleset_folder(ruleset_id)
    return tuple(sorted((os.fspath(path), path.stat().st_mtime_ns)
                        for folder in FOLDERS for path in folder.rglob("*.yaml")))


@lru_cache(maxsize=32)
def _load_cached(ruleset_id: str, _stamp: tuple) -> RuleSet:
    ruleset = build(load_raw(ruleset_id))
    return ruleset.model_copy(update={"hash": compile_ruleset(ruleset, ruleset.codes)["hash"]})


def load_raw(ruleset_id: str, seen: tuple[str, ...] = ()) -> MarkedDict:
    """The rule set's data merged over its parent's, each entry knowing its line."""
    folder = ruleset_folder(ruleset_id)
    raw = read_folder(folder)
    head = Mark(shown(folder / "ruleset.yaml"), 1)
    if raw.get("id") != ruleset_id:
        raise RuleSetError([Problem(raw.marks.get("id", head),
                                    f"id 应与文件夹一致，写 id: {ruleset_id}（现为“{raw.get('id', '')}”）")])
    parent = raw.get("extends", "")
    if not parent:
        return raw
    if parent in (*seen, ruleset_id):
        circle = " → ".join((*seen, ruleset_id, parent))
        raise RuleSetError([Problem(raw.marks["extends"], f"extends 绕成了圈：{circle}")])
    try:
        base = load_raw(parent, (*seen, ruleset_id))
    except RuleSetError as error:
        if any(problem.mark.file == parent for problem in error.problems):   # no such folder: told at extends
            raise RuleSetError([Problem(raw.marks["extends"], p.message) for p in error.problems]) from None
        raise
    for key in ("abstract", "codes"):                 # a parent's own affair
        base.pop(key, None)
    return merge(base, raw)


def read_cases(ruleset_id: str) -> list[MarkedDict]:
    """The worked cases of a rule set, one file each."""
    paths = sorted((ruleset_folder(ruleset_id) / "cases").glob("*.yaml"))
    return [read_marked(path, shown(path)) for path in paths]


def read_folder(folder: Path) -> MarkedDict:
    """One folder's files as one mapping; several files' problems are told together."""
    problems: list[Problem] = []

    def read(path: Path) -> Any:
        try:
            return read_marked(path, shown(path))
        except RuleSetError as error:
            problems.extend(error.problems)
            return MarkedDict(Mark(shown(path), 1))

    raw = read(folder / "ruleset.yaml")
    if not isinstance(raw, MarkedDict):
        problems.append(Problem(Mark(shown(folder / "ruleset.yaml"), 1), "这里应是“键: 值”，例如 id: 430400/2022"))
        raise RuleSetError(problems)
    problems += _stray(folder)
    for name, key in PARTS.items():
        if (folder / name).is_file():
            raw[key] = read(folder / name)
            raw.marks[key] = Mark(shown(folder / name), 1)
    raw_forms = MarkedDict(Mark(shown(folder), 1))
    for path in sorted((folder / "forms").glob("*.yaml")):
        form = read(path)
        name = form.get("form", path.stem) if isinstance(form, dict) else path.stem
        if name in raw_forms:
            problems.append(Problem(Mark(shown(path), 1), f"表单“{name}”在 {raw_forms.marks[name].file} 里已经有了；"
                                    "请改 form: 后面的名字"))
        raw_forms[name] = form
        raw_forms.marks[name] = Mark(shown(path), 1)
    if raw_forms:
        raw["forms"], raw.marks["forms"] = raw_forms, raw_forms.mark
    if (folder / "checks.yaml").is_file():
        checks = read(folder / "checks.yaml")
        raw["checks"] = _by_id(checks, problems)
        raw.marks["checks"] = Mark(shown(folder / "checks.yaml"), 1)
    if (folder / "codes.yaml").is_file():
        raw["codes"] = read(folder / "codes.yaml")
        raw.marks["codes"] = Mark(shown(folder / "codes.yaml"), 1)
    if problems:
        raise RuleSetError(problems)
    return raw


def _stray(folder: Path) -> list[Problem]:
    """Files that nothing reads: most likely a name with a slip, whose rules would be missing in silence."""
    known = ["ruleset.yaml", *PARTS, "checks.yaml", "codes.yaml"]
    return [Problem(Mark(shown(path), 1),
                    f"不认识的文件“{path.name}”；{_hint(path.name, known)}可以有 {'、'.join(known)}")
            for path in sorted(folder.glob("*.y*ml")) if path.name not in known]


def _hint(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=2, cutoff=0.5)
    return f"是不是 {'、'.join(near)}？" if near else ""


def _by_id(checks: Any, problems: list[Problem]) -> MarkedDict:
    """checks.yaml is a list for its reader; by id here, so that a child overrides one check."""
    keyed = MarkedDict(checks.mark)
    if not isinstance(checks, MarkedList):
        problems.append(Problem(checks.mark, "这里应是一条条审核公式，每条以“- ”开头，例如 - {id: KB-01, …}"))
        return keyed
    for check, mark in zip(checks, checks.marks):
        name = check.get("id") if isinstance(check, dict) else None
        if not name:
            problems.append(Problem(mark, "每条审核公式要有 id，例如 - {id: KB-01, …}"))
        elif name in keyed:
            problems.append(Problem(mark, f"审核公式 {name} 重复，第一次在第 {keyed.marks[name].line} 行"))
        else:
            keyed[name], keyed.marks[name] = check, mark
    return keyed


def build(raw: MarkedDict) -> RuleSet:
    """Typed model of raw data. Raises RuleSetError, one problem per mistake, in Chinese."""
    _order_forms(raw)
    try:
        return RuleSet.model_validate(raw)
    except ValidationError as error:
        default = getattr(raw, "mark", Mark("ruleset.yaml", 1))
        raise RuleSetError([Problem(mark_of(raw, detail["loc"], default), chinese(detail))
                            for detail in error.errors() if not _is_copy(raw, detail["loc"])]) from None


def _is_copy(raw: MarkedDict, location: tuple) -> bool:
    """Whether a problem is that of a grid column repeated for a detail table: told once, at the column."""
    match location:
        case ("forms", form, "tables", table, "columns", column, *_):
            return column not in raw["forms"][form]["tables"][table].get("columns", {})
    return False


def _order_forms(raw: MarkedDict) -> None:
    """Forms as `order` binds them (a parent's would come first otherwise); unnamed ones stay behind."""
    forms, order = raw.get("forms"), raw.get("order")
    if isinstance(forms, MarkedDict) and isinstance(order, list):
        named = [name for name in order if isinstance(name, str) and name in forms]
        for name in [*named, *(name for name in forms if name not in order)]:
            forms[name] = forms.pop(name)


def shown(path: Path) -> str:
    """How messages name a file: from the region's folder on."""
    for folder in FOLDERS:
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name


def read_marked(path: Path, shown: str) -> Any:
    """Load a file; `shown` is how messages name it. Raises RuleSetError when it can't be read as UTF-8."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RuleSetError([Problem(Mark(shown, 1), "不是 UTF-8 编码；请另存为 UTF-8")]) from None
    return load_marked(text, shown)
