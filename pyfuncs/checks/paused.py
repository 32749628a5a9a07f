"""Suspended checks find nothing, and say so; what a check on trial finds is a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyfuncs.catalog.kinds import KINDS
from pyfuncs.catalog.pauses import on_trial, suspended
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding


def with_pauses(context: Context, found: Sequence[Finding]) -> list[Finding]:
    """What was found, that of checks on trial as notes; and one note for each check that was not executed."""
    trial = on_trial(context.ruleset)
    told = [_on_trial(finding, trial[key_of(finding)].reason) if key_of(finding) in trial else finding for finding in found]
    return [*told, *_not_executed(context)]


def key_of(finding: Finding) -> str:
    """The key of the check that a finding comes from."""
    return finding.subject.partition("|")[0]


def words_of(context: Context, key: str) -> str:
    """What a check looks at, in a few words."""
    check = context.ruleset.checks.get(key)
    return check.message if check else KINDS[key.partition(":")[0]].words


def _on_trial(finding: Finding, reason: str) -> Finding:
    milder = "note" if finding.severity in ("error", "warning") else finding.severity
    return replace(finding, severity=milder, message=f"〔试行〕{finding.message}",
                   advice=f"{finding.advice}这项审核正在试行（{reason}），不影响上报。")


def _not_executed(context: Context) -> Iterator[Finding]:
    for key, pause in suspended(context.ruleset).items():
        yield context.finding(
            key, "note", [], f"没有核对「{words_of(context, key)}」：这项审核自 {pause.since} 起停用，原因是{pause.reason}。",
            kind="not-run", advice="不用修改；需要时请人工核对。")
