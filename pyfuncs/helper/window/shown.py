"""A unit and its findings as the window's lists show them."""

from __future__ import annotations

from pathlib import Path

from pyfuncs.checks.finding import GROUP_WORDS, Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.window.messages import FAILED, PASSED, UNREADABLE, Found, Unit
from pyfuncs.report.audit import Run, unit_lines
from pyfuncs.report.counts import RANK, form_title
from pyfuncs.report.naming import one_line

REPORT = "（自评报告）"                               # behind the name of a unit whose report in prose it is


def waiting_unit(path: Path) -> Unit:
    """A file that nobody has looked into."""
    return Unit(str(path), one_line(path.stem))


def shown_unit(one: Filed, run: Run) -> Unit:
    """A unit's workbook or report that was audited; its findings in their order."""
    unread = one.ruleset is None and bool(one.submission.troubles)
    state = UNREADABLE if unread else FAILED if one.must_fix else PASSED
    name = one.submission.entity or Path(one.submission.path).stem if unread else one.unit
    name += REPORT if one.ruleset is None and not unread else ""
    return Unit(one.submission.path, one_line(name), state, tuple(_found(one, finding) for finding in one.findings),
                tuple(map(one_line, unit_lines(one, run))))


def _found(one: Filed, finding: Finding) -> Found:
    details = {"应为": finding.expected, "现为": finding.actual, "相差": finding.delta, "建议": finding.advice,
               "表": form_title(one, finding.form), "单元格": "、".join(finding.cells),
               "原文": "；".join(f"{place.where(one.submission.path)}“{place.quote}”" for place in finding.places),
               "说明": finding.remark.line() if finding.remark else "", "依据": finding.basis}
    place = next((place.where(one.submission.path) for place in finding.places), "")
    return Found(one.submission.path, one_line(one.unit), finding.rule_id, finding.group, GROUP_WORDS[finding.group],
                 RANK[finding.group], finding.cells[0] if finding.cells else place, one_line(finding.message),
                 tuple((heading, one_line(text)) for heading, text in details.items() if text))
