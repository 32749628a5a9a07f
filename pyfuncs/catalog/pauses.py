"""Checks that are suspended or on trial, whichever way a rule set says so."""

from __future__ import annotations

from collections.abc import Mapping

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import Pause, RuleSet


@kept
def suspended(ruleset: RuleSet) -> Mapping[str, Pause]:
    """Key of a check (derived, or of checks.yaml) -> why and since when it is not executed."""
    return {**_declared(ruleset, "suspended"), **ruleset.suspended}


@kept
def on_trial(ruleset: RuleSet) -> Mapping[str, Pause]:
    """Key of a check -> why and since when what it finds is only a note."""
    return {**_declared(ruleset, "beta"), **ruleset.beta}


def state_words(ruleset: RuleSet, key: str) -> str:
    """停用（自 2024-03-01：…）, 试行（…）, "" for a check that is executed as others are."""
    for word, paused in (("停用", suspended(ruleset)), ("试行", on_trial(ruleset))):
        if key in paused:
            return f"{word}（自 {paused[key].since}：{paused[key].reason}）"
    return ""


def _declared(ruleset: RuleSet, status: str) -> dict[str, Pause]:
    return {key: Pause(reason=check.reason, since=check.since)
            for key, check in ruleset.checks.items() if check.status == status}
