"""Written reports among the files of an audit: each is checked by its own words, and against its unit's workbook."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from pyfuncs.catalog.fields import Severity
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission, Trouble, in_word
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.run import trouble_finding
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.workbook.collect import Collected, not_a_workbook, report_line, shown, without_forms
from pyfuncs.workbook.watch import Unreadable

if TYPE_CHECKING:
    from pyfuncs.prose.model import Report            # most runs have no report: what reads and checks one waits

LEAST_NAME = 4                                        # characters from which on a name may stand for a longer one
SLIP = 0.85                                           # of difflib: how alike two writings of one name are

log = logging.getLogger("jixiao")


def with_reports(filed: Sequence[Filed], collected: Collected,
                 ruleset_id: str | None = None) -> tuple[list[Filed], list[str]]:
    """The workbooks as they are, then every written report with the findings on it; and a line on each document that is
    neither form nor report.

    Where there is nothing else, a document that is neither is judged all the same: the forms are what is missing.
    """
    workbooks = [one for one in filed if not without_forms(one)]
    found, lines = [], []
    documents = {Path(one.submission.path): one for one in filed if without_forms(one)}
    for path in sorted((*documents, *collected.reports)):
        named = path in collected.named
        one, line = _read(path, workbooks, ruleset_id, named)
        if one is None and (named or not (workbooks or collected.reports)) and path in documents:
            one = documents[path]
        found += [one] if one else []
        lines += [line] if line and not one else []
    if not workbooks and not found:                   # a folder of documents that are no reports either
        return list(filed), []
    return [*workbooks, *found], lines


def judged_seals(before: Mapping[str, str], collected: Collected, filed: Sequence[Filed]) -> dict[str, str]:
    """The seals without those of texts that turned out to be no reports: nothing was done with them."""
    left_out = {str(path) for path in collected.reports} - {one.submission.path for one in filed}
    return {path: seal for path, seal in before.items() if path not in left_out}


def own_findings(path: Path, ruleset: RuleSet, submission: Submission) -> tuple[Finding, ...]:
    """On the prose of a Word document that holds forms too; () when it holds no prose."""
    from pyfuncs.workbook.read_report import is_report, read_report

    try:
        report = read_report(path)
        return _findings(report, ruleset, submission) if is_report(report) else ()
    except Unreadable:
        return ()
    except Exception as error:                        # our own fault: it must not cost the findings on the forms
        return (trouble_finding(_own_fault(path, error)),)


def _own_fault(path: Path, error: Exception) -> Trouble:
    log.exception("%s", path)
    return Trouble("file", "program", f"核对文件“{path.name}”的正文时程序出了错（{type(error).__name__}：{error}），没有核对完。",
                   "不一定是文件的问题；请把这个文件和这条消息交给维护人员。")


def _read(path: Path, workbooks: Sequence[Filed], ruleset_id: str | None, named: bool) -> tuple[Filed | None, str]:
    """A report with its findings, or None and why it was left out. What was `named` by itself is never left out."""
    from pyfuncs.workbook.read_report import is_report, read_report

    try:
        report = read_report(path)
        if is_report(report):
            return _judged(report, path, workbooks, ruleset_id), ""
        trouble = Trouble("file", "not-a-report", f"文件“{path.name}”里没有认得出的自评表，也不是自评报告。", "请核对是否选错了文件。")
    except Unreadable as error:
        trouble = error.trouble
    except Exception as error:                        # our own fault: told as such, and the other files go on
        trouble, named = _own_fault(path, error), True
    if in_word(path.name) and trouble.code != "program":
        return None, report_line(str(path))
    if not named:
        return None, f"跳过 {shown(path)}：{not_a_workbook(path) if trouble.code == 'not-a-report' else trouble.message}"
    unread = Submission(str(path), "", "", "", "", troubles=(trouble,))
    return Filed(unread, findings=(trouble_finding(trouble),)), ""


def _judged(report: Report, path: Path, workbooks: Sequence[Filed], ruleset_id: str | None) -> Filed:
    partner = partner_of(report, path, workbooks)
    ruleset = partner.ruleset if partner else _known(ruleset_id)
    submission = partner.submission if partner else None
    if partner and report.entity and not _meant(report.entity, partner.unit):
        submission = None                             # another unit's figures would all be false errors
    findings = (*_beside(report, partner), *_findings(report, ruleset, submission if ruleset else None))
    entity = report.entity or (partner.unit if partner else "")
    about = Submission(str(path), report.sha256, ruleset.id if ruleset else "", entity, report.year)
    return Filed(about, findings=findings)


def _known(ruleset_id: str | None) -> RuleSet | None:
    with suppress(RuleSetError):
        return load_ruleset(ruleset_id) if ruleset_id else None
    return None


def _findings(report: Report, ruleset: RuleSet | None, submission: Submission | None) -> tuple[Finding, ...]:
    from pyfuncs.checks.text import text_findings
    from pyfuncs.prose.facts import read_facts

    same_year = submission is None or not report.year or report.year == submission.year
    facts = read_facts(report, ruleset)
    notes = tuple(_told("report-part", "note", f"{note}。", "请对照原文核对。", note) for note in (*report.notes, *facts.notes))
    return (*text_findings(report, facts, ruleset, submission if same_year else None), *notes)


# -- whose report it is -------------------------------------------------------------------------------


def partner_of(report: Report, path: Path, workbooks: Sequence[Filed]) -> Filed | None:
    """The workbook of the report's unit: in its own folder before elsewhere, the one of its name, else the only one."""
    judged = [one for one in workbooks if one.ruleset is not None]
    here = [one for one in judged if Path(one.submission.path).parent == path.parent]
    for among in (here, judged):
        alike = [one for one in among if _same_unit(report.entity, one.unit)]
        fitting = [one for one in alike if one.year == report.year] or alike
        if len(fitting) == 1:
            return fitting[0]
    return here[0] if len(here) == 1 else None


def _same_unit(written: str, unit: str) -> bool:
    """Whether two names mean one unit: the same, or one is the end of the other (州投资促进中心 of 湘西州投资促进中心)."""
    one, other = same_name(written), same_name(unit)
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= LEAST_NAME and longer.endswith(shorter)


def _meant(written: str, unit: str) -> bool:
    """Whether a name is a unit's, a slip of the pen aside (衡阳投资促进事务中心 for 衡阳市投资促进事务中心)."""
    return _same_unit(written, unit) or SequenceMatcher(None, same_name(written), same_name(unit)).ratio() >= SLIP


def _beside(report: Report, partner: Filed | None) -> list[Finding]:
    """On the report and the workbook beside it: another unit's, another year's, or none."""
    if partner is None:
        return [_told("report-alone", "note", "没有找到这个单位的自评表，只核对了报告本身，没有核对报告与表之间的关系。",
                      "请把单位的自评表和报告放在同一个文件夹里一起审核。")]
    found, book = [], Path(partner.submission.path).name
    if report.year and partner.year and report.year != partner.year:
        found.append(_told("report-year", "warning", f"报告写的是 {report.year} 年度，同一单位的自评表“{book}”是 {partner.year} 年度的，"
                           "没有核对两者的数。", "请核对是否放错了文件，或报告的年度没有改。", f"{report.year}|{partner.year}"))
    if report.entity and not _same_unit(report.entity, partner.unit):
        done = "按同一单位核对了" if _meant(report.entity, partner.unit) else "没有核对两者的数"
        found.append(_told("report-unit", "warning", f"报告是“{report.entity}”的，同一文件夹里的自评表“{book}”是“{partner.unit}”的；"
                           f"{done}。", "请核对是否放错了文件，或单位名称写得不一致。", report.entity))
    return found


def _told(code: str, severity: Severity, message: str, advice: str, subject: str = "") -> Finding:
    return Finding(f"DQ-{code}", severity, "file", "", 0, (), message, advice=advice, subject=subject or code)


def with_own_report(one: Filed, path: Path) -> Filed:
    """A Word document that was judged by its forms, with the findings on its prose."""
    if one.ruleset is None or not in_word(path.name):
        return one
    return replace(one, findings=(*one.findings, *own_findings(path, one.ruleset, one.submission)))
