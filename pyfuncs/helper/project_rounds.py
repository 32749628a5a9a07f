"""This round against the last one: what is new, what is still there, what is mended, and what was said before (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS, Finding, Remark, State
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.helper.project import Entry, History, Key, Recorded, Said
from pyfuncs.report.audit import Round
from pyfuncs.workbook.collect import ENDINGS

_PROSE = "ZW-"                                        # begins the numbers of the checks of a report's words


def key_of(one: Filed) -> Key:
    """Under which its record is kept."""
    return Key(same_name(one.unit), one.year)


def with_rounds(filed: Sequence[Filed], histories: Mapping[Key, History]) -> tuple[list[Filed], dict[str, Round]]:
    """The units, every finding with its state and what was said of it; and the round of each file by its path.

    The files of one unit are compared together: what moved from one to another is still there.
    """
    compared, rounds = list(filed), {}
    for key, places in _together(filed).items():
        history = histories[key]
        open_ = _by_identity(history.findings)
        for place in places:
            one = filed[place]
            compared[place] = replace(one, findings=tuple(_compared(finding, history, open_) for finding in one.findings))
            rounds[one.submission.path] = Round(history.runs + 1, history.at)
        first = filed[places[0]].submission.path
        read = _read([filed[place] for place in places])
        gone = [old for left in open_.values() for old in left]
        rounds[first] = replace(rounds[first], resolved=tuple(old.finding() for old in gone if _where(old) in read),
                                unread=tuple(old.finding() for old in gone if _where(old) not in read))
    return compared, rounds


def _read(files: Sequence[Filed]) -> set[str]:
    """What of a unit was read this time: its forms, and its report where there was one."""
    prose = any(one.submission.path.lower().endswith(ENDINGS) for one in files)
    return {"", *(item.form for one in files for item in one.submission.items), *([_PROSE] if prose else [])}


def _where(old: Recorded) -> str:
    return _PROSE if old.rule_id.startswith(_PROSE) else old.form


def entry_of(one: Filed) -> Entry:
    """What is recorded of a unit's file."""
    submission = one.submission
    return Entry(key_of(one), one.unit, submission.path, submission.sha256, submission.ruleset,
                 one.ruleset.hash if one.ruleset else "", VERDICT_FAIL if one.must_fix else VERDICT_PASS, one.findings)


def _together(filed: Sequence[Filed]) -> dict[Key, list[int]]:
    places: dict[Key, list[int]] = defaultdict(list)
    for place, one in enumerate(filed):
        places[key_of(one)].append(place)
    return places


def _by_identity(findings: Sequence[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = defaultdict(list)
    for finding in findings:
        found[finding.identity].append(finding)
    return found


def _compared(finding: Finding, history: History, open_: dict[str, list[Recorded]]) -> Finding:
    """With its state and remark; the old finding that it continues is taken out of `open_`."""
    return replace(finding, state=_state(finding, history, open_.get(finding.identity, [])),
                   remark=_remark(finding, history.said))


def _state(finding: Finding, history: History, before: list[Recorded]) -> State:
    if not history.runs:
        return "首次审核"
    if not before:
        return "新增"
    same = next((old for old in before if old.fingerprint == finding.fingerprint), None)
    before.remove(same or before[0])
    return "仍存在" if same else "仍存在（数已改）"


def _remark(finding: Finding, said: Sequence[Said]) -> Remark | None:
    """The last word on these figures; without one, the last on the same finding with other figures."""
    about = [one for one in said if one.identity == finding.identity]
    exact = [one for one in about if one.fingerprint == finding.fingerprint]
    last = (exact or about or [None])[-1]
    if last is None or last.kind == "withdrawn":
        return None
    return Remark(last.kind, last.reason, last.who, last.at, last.about, holds=bool(exact))
