"""What every check needs: the rule set, the submission, its figures, and a way to make a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.codes import NUMERIC, code
from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.item_words import basis_words
from pyfuncs.catalog.kinds import KINDS
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import Words, clean, plain
from pyfuncs.checks.finding import Finding, Kind, Severity
from pyfuncs.checks.intervals import tail


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
                       delta, advice, basis or self.basis(key), f"{key}|{subject}", alike, tuple(map(_figure, items)))

    def about_texts(self, key: str, severity: Severity, form: str, instance: int, cells: Sequence[str], message: str,
                    *, advice: str, expected: str) -> Finding:
        """A finding about printed texts, some of which are no items: all of them have the same fault."""
        return Finding(code(self.ruleset, key), severity, "text", form, instance, tuple(cells), message, expected,
                       advice=advice, basis=self.basis(key), subject=f"{key}|{key}", alike=True)

    def basis(self, key: str) -> str:
        """What a check rests on where nothing nearer is known: its kind's ground, or the rule set's first document."""
        kind = KINDS.get(key.partition(":")[0])
        return kind.basis if kind else next(map(basis_words, self.ruleset.basis), "")

    def tail(self, items: Sequence[Item]) -> Decimal:
        """The largest difference that rounding alone explains; a department's sums have the tails of all their units."""
        return tail(self.ruleset, items) * max(1, self.submission.consolidated)

    def unreadable(self, items: Sequence[Item]) -> Item | None:
        """The first cell that holds words or an error where a number is wanted: nothing can be worked out from it."""
        return next((item for item in items if item.state in ("text", "error") and self.kind(item) in NUMERIC), None)

    def waits_for(self, key: str, item: Item, words: str) -> Finding:
        """A check that was not executed because of what stands in a cell that has a finding of its own."""
        return self.finding(key, "note", [item], f"没有核对「{words}」：{self.place(item)}填的是“{clean(item.text)}”，不是数。",
                            kind="not-run", advice="请先改正这一格，改正后会自动核对。")


def _figure(item: Item) -> str:
    """What a finding rests on, in one writing: 22.5 and 22.50 are the same."""
    return clean(item.text) if item.value is None else plain(item.value)
