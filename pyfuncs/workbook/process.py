"""From one workbook to a unit with its figures and findings."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.load import beside
from pyfuncs.catalog.submission import Submission, Trouble
from pyfuncs.checks.run import check, trouble_finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.workbook.read import read_filed
from pyfuncs.workbook.reports import with_own_report

log = logging.getLogger("jixiao")


def process(path: Path, ruleset_id: str | None = None) -> Filed:
    """One workbook read, computed and checked. A file that can't be judged says so in its findings."""
    try:
        with beside(path):
            submission, ruleset = read_filed(path, ruleset_id)
        if ruleset is None or not submission.items:   # no workbook, no rule set for it, or none of its forms
            return _unjudged(submission)
        found = figures(ruleset, submission)
        return with_own_report(Filed(submission, ruleset, found, tuple(check(ruleset, submission, found))), path)
    except Exception as error:                        # our own fault: told as such, and the other files go on
        log.exception("%s", path)
        return _unjudged(Submission(os.fspath(path), "", "", "", "", troubles=(Trouble(
            "file", "program", f"处理这个文件时程序出了错（{type(error).__name__}：{error}），没有审核完。",
            "不一定是表的问题；请把这个文件和这条消息交给维护人员。"),)))


def _unjudged(submission: Submission) -> Filed:
    return Filed(submission, findings=tuple(map(trouble_finding, submission.troubles)))
