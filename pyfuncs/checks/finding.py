"""A finding (审核发现): where, what was found, what was wanted, what to do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from pyfuncs.catalog.fields import SEVERITY_WORDS, Severity

Kind = Literal["file", "structure", "input", "rule", "prior", "entities", "text", "not-run"]

VERDICT_PASS, VERDICT_FAIL = "可以上报", "须修改"


@dataclass(frozen=True)
class Finding:
    """`cells`: "sheet!C9", the cells that contradict each other, the likely culprit first.

    `expected`, `actual`, `delta` are texts in the form's own unit, ready to print ("" when there is none).
    `subject` names what the finding is about in the rule set's terms; it and not the cell address makes
    the fingerprint, so that an inserted row does not turn an old finding into a new one.
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

    @property
    def culprits(self) -> tuple[str, ...]:
        """The cells to look at first; the others only show what they contradict."""
        return self.cells if self.alike else self.cells[:1]

    @property
    def fingerprint(self) -> str:
        identity = "\x1f".join((self.rule_id, self.form, str(self.instance), self.subject, self.actual))
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def line(self) -> str:
        """One line for a clerk: code〔severity〕message advice."""
        return f"{self.rule_id}〔{SEVERITY_WORDS[self.severity]}〕{self.message}" + (f" {self.advice}" if self.advice else "")


def verdict(findings: list[Finding] | tuple[Finding, ...]) -> str:
    """可以上报 unless something must be fixed."""
    return VERDICT_FAIL if any(finding.severity == "error" for finding in findings) else VERDICT_PASS
