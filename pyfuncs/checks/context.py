"""What every check needs: the rule set, the submission, its figures, and a way to make a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyfuncs.catalog.codes import code
from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import Words
from pyfuncs.checks.finding import Finding, Kind, Severity


@dataclass(frozen=True)
class Context(Words):
    figures: Mapping[tuple[str, int], Figure]

    def finding(self, key: str, severity: Severity, items: Sequence[Item], message: str, *, advice: str = "",
                kind: Kind = "rule", expected: str = "", actual: str = "", delta: str = "", basis: str = "",
                rule_id: str = "", alike: bool = False) -> Finding:
        """A finding about `items`, the likely culprit first. `key` is that of the derived check."""
        first = items[0] if items else None
        subject = "|".join(f"{item.name}#{item.row}" for item in items[:1]) or key
        return Finding(rule_id or code(self.ruleset, key), severity, kind, first.form if first else "",
                       first.instance if first else 0,
                       tuple(dict.fromkeys(item.cell for item in items if item.cell)), message, expected, actual,
                       delta, advice, basis, f"{key}|{subject}", alike)
