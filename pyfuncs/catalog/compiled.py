"""Compiled rule sets: one JSON per rule set, read by the cell functions. Standard library only."""

from __future__ import annotations

import difflib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

# Where rule sets are looked for, first hit wins. The program may add a 规则集/ folder beside itself.
FOLDERS: tuple[Path, ...] = (Path(__file__).resolve().parent.parent / "rulesets",)


class UnknownRuleSet(KeyError):
    """No compiled rule set of this id; the message names near matches."""

    def __str__(self) -> str:
        return str(self.args[0])


@lru_cache(maxsize=32)
def load_compiled(ruleset_id: str) -> dict[str, Any]:
    """The compiled rule set `region/year`. Raises UnknownRuleSet."""
    for folder in FOLDERS:
        path = folder / f"{ruleset_id}.json"
        if ".." not in ruleset_id and path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    known = sorted({f"{path.parent.name}/{path.stem}" for folder in FOLDERS for path in folder.glob("*/*.json")})
    near = difflib.get_close_matches(ruleset_id, known, n=3, cutoff=0.5) or known
    raise UnknownRuleSet(f"没有规则集“{ruleset_id}”；现有：{'、'.join(near) or '无'}")
