"""Compiled rule sets: one JSON per rule set, read by the cell functions. Standard library only."""

from __future__ import annotations

import difflib
import json
import os
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

OWN = "规则集"                                         # a folder of rule sets that were added without a release
TOLD = "JIXIAO_RULESETS"                              # an environment variable with one more such folder
MOST_BYTES = 4 * 1024 * 1024


def _own_folder() -> Path:
    """Beside the packaged program; else in the current folder: a relative path, looked up when it is used."""
    return Path(sys.executable).parent / OWN if getattr(sys, "frozen", False) else Path(OWN)


# Where rule sets are looked for: those built in come first. No id may stand in two of them.
FOLDERS: tuple[Path, ...] = (Path(__file__).resolve().parent.parent / "rulesets", _own_folder(),
                             *([Path(os.environ[TOLD])] if os.environ.get(TOLD) else []))


class UnknownRuleSet(KeyError):
    """No compiled rule set of this id that can be used; the message says why, with near matches."""

    def __str__(self) -> str:
        return str(self.args[0])


def is_id(text: str) -> bool:
    """Whether a text can be the id of a rule set, `region/year`: ids come from workbooks and become paths."""
    return re.fullmatch(r"\w+/\w+", text) is not None


def told_twice(ruleset_id: str, sources: Iterable[str]) -> str:
    """Two rule sets of one id: neither is taken in silence."""
    return (f"规则集“{ruleset_id}”有两套（{'，'.join(sources)}），不能确定用哪一套，都没有用；"
            f"请只留一套，把另一套移出“{OWN}”文件夹")


@lru_cache(maxsize=32)
def load_compiled(ruleset_id: str) -> dict[str, Any]:
    """The compiled rule set `region/year`. Raises UnknownRuleSet."""
    found = [(folder, path) for folder in FOLDERS
             if is_id(ruleset_id) and (path := folder / f"{ruleset_id}.json").is_file()]
    if len(found) > 1:
        sources = ("内置" if folder == FOLDERS[0] else str(path) for folder, path in found)
        raise UnknownRuleSet(told_twice(ruleset_id, sources))
    if found:
        return read_compiled(found[0][1], ruleset_id)
    known = sorted({f"{path.parent.name}/{path.stem}"
                    for folder in FOLDERS for path in folder.glob("*/*.json")})
    near = difflib.get_close_matches(ruleset_id, known, n=3, cutoff=0.5) or known
    raise UnknownRuleSet(f"没有规则集“{ruleset_id}”；现有：{'、'.join(near) or '无'}")


def read_compiled(path: Path, ruleset_id: str) -> dict[str, Any]:
    """One compiled file. Raises UnknownRuleSet when it is not what `ruleset_id` was compiled to."""
    try:
        data = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("id") != ruleset_id:
        raise UnknownRuleSet(f"规则集文件 {path} 不能用；请运行 jixiao rulesets finish {ruleset_id} 重新生成")
    return data
