"""Load a rule set from its folder, with its parent, as a typed `RuleSet`.

The only module of the catalogue (with `compiled`) that touches files. Folders of rule sets that were added by
hand are hostile until proven otherwise: links out of them, huge and foreign files are told, not followed.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pyfuncs.catalog.compile import compile_ruleset
from pyfuncs.catalog.compiled import FOLDERS, OWN, UnknownRuleSet, is_id, read_compiled, told_twice
from pyfuncs.catalog.indicators import place_indicators
from pyfuncs.catalog.marks import (Mark, MarkedDict, MarkedList, Problem, RuleSetError, load_marked, mark_of,
                                   merge, monstrous_numbers)
from pyfuncs.catalog.messages import chinese, is_other_reading
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.removal import Removal, removals, without
from pyfuncs.catalog.stamps import once, times

PARTS = {"rates.yaml": "rates", "scoring.yaml": "scores"}
FOLDER_PARTS = ("forms", "cases")
ELSEWHERE = {"forms": "forms 文件夹，一张表一个文件，例如 forms/基础数据.yaml", "rates": "rates.yaml", "scores": "scoring.yaml",
             "checks": "checks.yaml", "codes": "codes.yaml（由程序写）", "hash": "别处（由程序计算），这里删去"}
PARENTS_OWN = ("abstract", "codes", "draft", "remove")           # keys that no child inherits
MOST_BYTES, MOST_FILES = 256 * 1024, 200              # of one file, of one folder: twenty times what there is

_beside: ContextVar[tuple[Path, ...]] = ContextVar("_beside", default=())


@contextmanager
def beside(workbook: Path) -> Iterator[None]:
    """Also look into the folder 规则集/ beside this workbook, for as long as it is being worked on."""
    token = _beside.set((*_beside.get(), workbook.parent / OWN))
    try:
        yield
    finally:
        _beside.reset(token)


def search_path() -> list[Path]:
    """Folders with rule sets, those built in first; each once, though two paths may lead to it."""
    unique: dict[str, Path] = {}
    for folder in (*FOLDERS, *_beside.get()):
        unique.setdefault(os.path.realpath(folder), folder)
    return list(unique.values())


def built_in(folder: Path) -> bool:
    """Whether a rule set's folder is one of those that come with the program."""
    return folder.is_relative_to(FOLDERS[0])


def ruleset_ids(folders: list[Path] | None = None) -> list[str]:
    """Ids of all rule sets in these folders (default: the search path), abstract parents included."""
    places = search_path() if folders is None else folders
    found = {f"{path.parent.parent.name}/{path.parent.name}"
             for folder in places for path in folder.glob("*/*/ruleset.yaml")}
    return sorted(filter(is_id, found))


def ruleset_sources(ruleset_id: str) -> list[str]:
    """Where the rule set comes from: 内置, or its folder; more than one when two have the same id."""
    return ["内置" if folder == FOLDERS[0] else str(folder / ruleset_id) for folder in _holders(ruleset_id)]


def _holders(ruleset_id: str) -> list[Path]:
    """Folders of the search path that have this rule set."""
    return [folder for folder in search_path()
            if is_id(ruleset_id) and os.path.isfile(os.path.join(folder, ruleset_id, "ruleset.yaml"))]


def ruleset_folder(ruleset_id: str) -> Path:
    """The folder of a rule set. Raises RuleSetError: there is none (near matches), are two, or a link."""
    holders, mark = _holders(ruleset_id), Mark(ruleset_id, 1)
    if len(holders) > 1:
        raise RuleSetError([Problem(mark, told_twice(ruleset_id, ruleset_sources(ruleset_id)))])
    if holders:
        folder = holders[0] / ruleset_id
        if not os.path.realpath(folder).startswith(os.path.join(os.path.realpath(holders[0]), "")):
            raise RuleSetError([Problem(mark, f"{folder} 是指向别处的链接，没有读；请把文件直接放进“{holders[0].name}”")])
        return folder
    near = difflib.get_close_matches(ruleset_id, ruleset_ids(), n=3, cutoff=0.5)
    hint = f"；你是不是想写 {'、'.join(near)}" if near else f"；现有：{'、'.join(ruleset_ids())}"
    raise RuleSetError([Problem(mark, f"没有规则集“{ruleset_id}”{hint}")])


def load_ruleset(ruleset_id: str, *, unfinished: bool = False) -> RuleSet:
    """The typed rule set. Raises RuleSetError carrying every problem with file and line.

    Unless `unfinished`, a draft is refused with all that it lacks, and so is a rule set of one's own that
    was changed since it was finished: its cells would answer by the old rules.
    """
    return once(_load, ruleset_id, unfinished, _beside.get())


def _load(ruleset_id: str, unfinished: bool, _places: tuple[Path, ...]) -> RuleSet:
    folder = ruleset_folder(ruleset_id)
    stamp = _stamp(folder)
    if unfinished:
        return _load_cached(ruleset_id, stamp)
    if _is_draft_cached(ruleset_id, stamp):
        from pyfuncs.catalog.draft import refusal     # lint, which it asks, reads with this module
        raise RuleSetError([refusal(ruleset_id)])
    ruleset = _load_cached(ruleset_id, stamp)
    if not is_finished(ruleset, folder):
        raise RuleSetError([Problem(Mark(f"{ruleset_id}/ruleset.yaml", 1),
                                    f"规则集 {ruleset_id} 还没有定稿，或定稿以后改过（程序升级以后也要重新定稿）；"
                                    f"请运行 jixiao rulesets finish {ruleset_id}")])
    return ruleset


def is_draft(ruleset_id: str) -> bool:
    """Whether a rule set is still being written. Raises RuleSetError when it can't be read."""
    return _is_draft_cached(ruleset_id, _stamp(ruleset_folder(ruleset_id)))


def is_finished(ruleset: RuleSet, folder: Path | None = None) -> bool:
    """Whether the compiled file of a rule set (of this folder) says what its YAML says; a test holds those built in to it."""
    folder = folder or ruleset_folder(ruleset.id)
    if ruleset.abstract or built_in(folder):
        return True
    try:
        return read_compiled(folder.with_suffix(".json"), ruleset.id)["hash"] == ruleset.hash
    except (UnknownRuleSet, KeyError):
        return False


def _stamp(folder: Path) -> tuple:
    """Changes when a file of the rule set in this folder, or of one it extends, does."""
    folders, found = [folder], []
    while folders:                                    # of a parent there may be none, or two: told when it is read
        files = tuple(sorted(file for folder in folders for file in times(os.path.abspath(folder))))
        parents = {_extended(path, time) for path, time in files if path.endswith("ruleset.yaml")} if files not in found else ()
        folders = [place / parent for parent in parents if is_id(parent) for place in search_path()]
        found.append(files)
    return tuple(found)


@lru_cache(maxsize=128)
def _extended(path: str, _written: int) -> str:
    """The rule set that a ruleset.yaml extends, "" where it names none or can't be read."""
    try:
        head = _read(Path(path), Path(path).parent)
    except RuleSetError:
        return ""
    return str(head.get("extends") or "") if isinstance(head, MarkedDict) else ""


@lru_cache(maxsize=32)
def _load_cached(ruleset_id: str, _stamp: tuple) -> RuleSet:
    ruleset = build(load_raw(ruleset_id))
    return ruleset.model_copy(update={"hash": compile_ruleset(ruleset, ruleset.codes)["hash"]})


@lru_cache(maxsize=32)
def _is_draft_cached(ruleset_id: str, _stamp: tuple) -> bool:
    folder = ruleset_folder(ruleset_id)
    head = _read(folder / "ruleset.yaml", folder)
    return isinstance(head, MarkedDict) and head.get("draft") == "true"


def load_raw(ruleset_id: str, seen: tuple[str, ...] = ()) -> MarkedDict:
    """The rule set's data merged over its parent's, each entry knowing its line."""
    folder = ruleset_folder(ruleset_id)
    raw = read_folder(folder)
    head = Mark(shown(folder / "ruleset.yaml"), 1)
    if raw.get("id") != ruleset_id:
        raise RuleSetError([Problem(raw.marks.get("id", head),
                                    f"id 应与文件夹一致，写 id: {ruleset_id}（现为“{raw.get('id', '')}”）")])
    return over_parent(raw, (*seen, ruleset_id))


def over_parent(raw: MarkedDict, seen: tuple[str, ...]) -> MarkedDict:
    """Data merged over that of the rule set it extends; `seen`: ids on the way here, its own last."""
    parent = raw.get("extends")
    if not parent or not isinstance(parent, str):
        return raw
    if parent in seen:
        raise RuleSetError([Problem(raw.marks["extends"], f"extends 绕成了圈：{' → '.join((*seen, parent))}；"
                                    "请把其中一个 extends 改成别的规则集，或删去")])
    return merge(without(*_parent(raw, seen)), raw)


def removed(raw: MarkedDict) -> list[Removal]:
    """What a rule set that was loaded removes of its parent."""
    return _parent(raw, ())[1] if raw.get("extends") and raw.get("remove") else []


def _parent(raw: MarkedDict, seen: tuple[str, ...]) -> tuple[MarkedDict, list[Removal]]:
    """The data of the rule set that `raw` extends, and what it removes of it."""
    parent = raw["extends"]
    try:
        base = load_raw(parent, seen)
    except RuleSetError as error:
        if any(problem.mark.file == parent for problem in error.problems):   # no such folder: told at extends
            raise RuleSetError([Problem(raw.marks["extends"], f"{one.message}。extends 请写一个能用的规则集")
                                for one in error.problems]) from None
        raise
    for key in PARENTS_OWN:
        base.pop(key, None)
    return base, removals(raw, base)


def read_cases(ruleset_id: str) -> list[MarkedDict]:
    """The worked cases of a rule set, one file each."""
    folder = ruleset_folder(ruleset_id)
    cases = {path: _read(path, folder) for path in _files(folder / "cases")}
    wrong = [Problem(Mark(shown(path), 1), "案例应是“键: 值”的一组，例如 inputs: {基础数据: {编制数: \"15\"}}")
             for path, case in cases.items() if not isinstance(case, MarkedDict)]
    if wrong:
        raise RuleSetError(wrong)
    return list(cases.values())


def own_texts(ruleset_id: str) -> dict[str, str]:
    """The files an author wrote, by name below the rule set's folder (forms/基础数据.yaml), as text."""
    folder = ruleset_folder(ruleset_id)
    paths = [*(folder / name for name in ("ruleset.yaml", *PARTS, "checks.yaml")),
             *(path for part in FOLDER_PARTS for path in _files(folder / part))]
    return {path.relative_to(folder).as_posix(): read_text(path, shown(path), folder)
            for path in paths if path.is_file()}


def read_folder(folder: Path) -> MarkedDict:
    """One folder's files as one mapping; several files' problems are told together."""
    problems: list[Problem] = []

    def read(path: Path) -> Any:
        try:
            return _read(path, folder)
        except RuleSetError as error:
            problems.extend(error.problems)
            return MarkedDict(Mark(shown(path), 1))

    raw = read(folder / "ruleset.yaml")
    if not isinstance(raw, MarkedDict):
        problems.append(Problem(Mark(shown(folder / "ruleset.yaml"), 1), "这里应是“键: 值”，例如 id: 430400/2022"))
        raise RuleSetError(problems)
    problems += _stray(folder)
    problems += [Problem(raw.marks[key], f"{key} 不写在 ruleset.yaml 里；请移到 {place}")
                 for key, place in ELSEWHERE.items() if key in raw]
    for name, key in PARTS.items():
        if (folder / name).is_file():
            raw[key] = read(folder / name)
            raw.marks[key] = Mark(shown(folder / name), 1)
    raw_forms = MarkedDict(Mark(shown(folder), 1))
    for path in _files(folder / "forms"):
        form = read(path)
        name = form.get("form") if isinstance(form, dict) else None
        name = name if isinstance(name, str) else path.stem       # a wrong one is told by the model
        if name in raw_forms:
            problems.append(Problem(Mark(shown(path), 1), f"表单“{name}”在 {raw_forms.marks[name].file} 里已经有了；"
                                    "请改 form: 后面的名字"))
        raw_forms[name] = form
        raw_forms.marks[name] = Mark(shown(path), 1)
    if raw_forms:
        raw["forms"], raw.marks["forms"] = raw_forms, raw_forms.mark
    if (folder / "checks.yaml").is_file():
        checks = read(folder / "checks.yaml")
        raw.marks["checks"] = Mark(shown(folder / "checks.yaml"), 1)
        raw["checks"] = _by_id(checks, raw.marks["checks"], problems)
    if (folder / "codes.yaml").is_file():
        raw["codes"] = read(folder / "codes.yaml")
        raw.marks["codes"] = Mark(shown(folder / "codes.yaml"), 1)
    if problems:
        raise RuleSetError(problems)
    return raw


def _stray(folder: Path) -> list[Problem]:
    """Files that nothing reads: most likely a name with a slip, whose rules would be missing in silence."""
    known = ["ruleset.yaml", *PARTS, "checks.yaml", "codes.yaml"]
    names = [(path, known) for path in folder.glob("*.y*ml") if path.name not in known]
    names += [(path, list(FOLDER_PARTS)) for path in folder.iterdir()
              if path.is_dir() and path.name not in FOLDER_PARTS and not path.name.startswith(".")]
    names += [(path, [f"{path.stem}.yaml"])
              for part in FOLDER_PARTS for path in (folder / part).glob("*.yml")]
    return [Problem(Mark(shown(path), 1),
                    f"不认识的文件{'夹' * path.is_dir()}“{path.name}”，里面写的都没有用上；{_hint(path.name, right)}"
                    f"请改成 {'、'.join(right)}{' 之一' * (len(right) > 1)}，或移走")
            for path, right in sorted(names)]


def _hint(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=2, cutoff=0.5)
    return f"是不是 {'、'.join(near)}？" if near else ""


def _by_id(checks: Any, top: Mark, problems: list[Problem]) -> MarkedDict:
    """checks.yaml is a list for its reader; by id here, so that a child overrides one check."""
    keyed = MarkedDict(top)
    if not isinstance(checks, MarkedList):
        problems.append(Problem(top, "这里应是一条条审核公式，每条以“- ”开头，例如 - {id: KB-01, …}"))
        return keyed
    for check, mark in zip(checks, checks.marks):
        name = check.get("id") if isinstance(check, dict) else None
        if not name or not isinstance(name, str):
            problems.append(Problem(mark, "每条审核公式要有 id，例如 - {id: KB-01, …}"))
        elif name in keyed:
            problems.append(Problem(mark, f"审核公式 {name} 重复，第一次在第 {keyed.marks[name].line} 行；"
                                    "请改其中一个的 id，例如 KB-12"))
        else:
            keyed[name], keyed.marks[name] = check, mark
    return keyed


def build(raw: MarkedDict) -> RuleSet:
    """Typed model of raw data. Raises RuleSetError, one problem per mistake, in Chinese."""
    _order_forms(raw)
    place_indicators(raw)
    try:
        return RuleSet.model_validate(raw)
    except ValidationError as error:
        default = getattr(raw, "mark", Mark("ruleset.yaml", 1))
        raise RuleSetError([Problem(mark_of(raw, detail["loc"], default), chinese(detail))
                            for detail in error.errors()
                            if not _is_copy(raw, detail["loc"]) and not is_other_reading(detail)]) from None


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
    for folder in search_path():
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name


def read_marked(path: Path, shown: str, within: Path | None = None) -> Any:
    """Load a file; `shown` is how messages name it. Raises RuleSetError, as `read_text` does."""
    return load_marked(read_text(path, shown, within), shown)


def read_text(path: Path, shown: str, within: Path | None = None) -> str:
    """A file's text. Raises RuleSetError: huge, no UTF-8, no file, or a link out of `within`."""
    try:
        if not path.is_file():
            reason = "不是文件，或打不开；请换成普通的文本文件" if path.exists() or path.is_symlink() else "没有这个文件；请核对名字"
        elif within is not None and not path.resolve().is_relative_to(within.resolve()):
            reason = "是指向别处的链接，没有读；请把文件本身放在这里"
        elif (size := path.stat().st_size) > MOST_BYTES:
            reason = f"文件有 {size // 1024} KB，最多 {MOST_BYTES // 1024} KB；请核对是不是放错了文件"
        else:
            return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        reason = "不是 UTF-8 编码；请另存为 UTF-8，例如记事本“另存为”时把编码选成 UTF-8"
    except OSError as error:
        reason = f"打不开（{error.strerror}）；请检查有没有读的权限"
    raise RuleSetError([Problem(Mark(shown, 1), reason)]) from None


def _read(path: Path, folder: Path) -> Any:
    """One file of a rule set, which lies in its folder."""
    data = read_marked(path, shown(path), folder)
    if monstrous := list(monstrous_numbers(data)):
        raise RuleSetError(monstrous)
    return data


def _files(folder: Path) -> list[Path]:
    """The YAML files of a folder. Raises RuleSetError when there are too many to be rules."""
    paths = sorted(folder.glob("*.yaml"))
    if len(paths) > MOST_FILES:
        raise RuleSetError([Problem(Mark(shown(folder), 1), f"有 {len(paths)} 个文件，最多 {MOST_FILES} 个；"
                                    "请核对是不是放错了文件夹")])
    return paths
