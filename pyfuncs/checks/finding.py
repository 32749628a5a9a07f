"""A finding (审核发现): where, what was found, what was wanted, what to do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from pyfuncs.catalog.fields import SEVERITY_WORDS, Severity

Kind = Literal["file", "structure", "input", "rule", "prior", "entities", "text", "not-run"]

VERDICT_PASS, VERDICT_FAIL = "可以上报", "须修改"

# What a finding is counted under: its severity, unless the check was not executed or the finding is settled.
GROUP_WORDS: dict[str, str] = {**SEVERITY_WORDS, "not-run": "未执行", "explained": "已说明", "approved": "已批准例外"}

State = Literal["", "首次审核", "新增", "仍存在", "仍存在（数已改）"]
LINES = ".txt"                                        # ends the names of reports that are counted in lines
_ASK_AGAIN = {"explained": "请重新说明", "approved": "请重新批准"}


@dataclass(frozen=True)
class Remark:
    """What was said of a finding in an earlier round: a unit's explanation, or an approved exception.

    `value`: what the finding was about then. `holds` no longer when that has changed since.
    """

    kind: Literal["explained", "approved"]
    reason: str
    by: str
    at: str                                           # 2023-03-20 09:15
    value: str
    holds: bool

    @property
    def standing(self) -> str:
        """已说明, 已批准例外, 请重新说明 or 请重新批准."""
        return GROUP_WORDS[self.kind] if self.holds else _ASK_AGAIN[self.kind]

    def line(self) -> str:
        """What a clerk reads beside the finding."""
        said = f"{self.standing}（{self.by}，{self.at}）：{self.reason}"
        return said if self.holds else f"{said}（当时是“{self.value}”，现在数改了）"


@dataclass(frozen=True)
class Place:
    """Where in a written report: the line of a .txt or the paragraph of a Word document, 1-based, and the characters
    [start, end) of it. `quote`: what stands there.
    """

    number: int
    start: int
    end: int
    quote: str

    def where(self, path: str) -> str:
        """第12行, 第3段: which of the two, the ending of the report's file tells."""
        return f"第{self.number}{'行' if path.lower().endswith(LINES) else '段'}"


@dataclass(frozen=True)
class Finding:
    """`cells`: "sheet!C9", the cells that contradict each other, the likely culprit first.

    `expected`, `actual`, `delta` are texts in the form's own unit, ready to print ("" when there is none).
    `subject` names what the finding is about in the rule set's terms; it and not the cell address makes
    the identity, so that an inserted row does not turn an old finding into a new one. `values`: the figures
    it rests on, each in one writing. `places`: of a finding in a written report, the likely culprit first.
    `state` and `remark` come from the record of earlier rounds.
    """

    rule_id: str
    severity: Severity
    kind: Kind
    form: str
    instance: int
    cells: tuple[str, ...]
    message: str
    expected: str = ""
    actual: str = ""
    delta: str = ""
    advice: str = ""
    basis: str = ""
    subject: str = ""
    alike: bool = False                               # every cell has the same fault, not only the first
    values: tuple[str, ...] = ()
    state: State = ""
    remark: Remark | None = None
    places: tuple[Place, ...] = ()

    @property
    def culprits(self) -> tuple[str, ...]:
        """The cells to look at first; the others only show what they contradict."""
        return self.cells if self.alike else self.cells[:1]

    @property
    def identity(self) -> str:
        """The same in every round, whatever the figures are by then."""
        return _digest(self.rule_id, self.form, str(self.instance), self.subject)

    @property
    def fingerprint(self) -> str:
        """Changes with the figures: what was said of a finding holds for these alone."""
        return _digest(self.identity, self.actual, self.expected, *self.values)

    @property
    def about(self) -> str:
        """The figures it rests on, in words; the message tells them where there is more than one."""
        return self.actual or self.message

    @property
    def settled(self) -> bool:
        """Approved, or explained where words are enough, with the same figures."""
        return self.remark is not None and self.remark.holds and (
            self.remark.kind == "approved" or self.severity != "error")

    @property
    def must_fix(self) -> bool:
        return self.severity == "error" and not self.settled

    @property
    def group(self) -> str:
        """The key of GROUP_WORDS that it is counted under."""
        if self.settled:
            return self.remark.kind
        return "not-run" if self.kind == "not-run" else self.severity

    def line(self) -> str:
        """One line for a clerk: code〔severity〕message advice."""
        return " ".join(filter(None, (f"{self.rule_id}〔{GROUP_WORDS[self.group]}〕{self.message}", self.advice,
                                      self.remark.line() if self.remark else "")))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", errors="replace")).hexdigest()[:16]


def verdict(findings: list[Finding] | tuple[Finding, ...]) -> str:
    """可以上报 unless something must be fixed."""
    return VERDICT_FAIL if any(finding.must_fix for finding in findings) else VERDICT_PASS
