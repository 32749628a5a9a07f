"""Written reports of many workbooks: what the command, the window and scripts call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyfuncs.catalog.load import beside
from pyfuncs.consolidate.filed import Filed
from pyfuncs.live.self_report import ENDING, WrongPrior, self_report
from pyfuncs.report.naming import free_path
from pyfuncs.report.output import write_new, write_reason
from pyfuncs.report.self_report_docx import TemplateFault
from pyfuncs.workbook.process import process
from pyfuncs.workbook.safe_zip import Unreadable


@dataclass(frozen=True)
class Written:
    """What came of one workbook. `path` is None where no report was written; then `problem` says why."""

    source: Path
    filed: Filed
    path: Path | None = None
    problem: str = ""

    @property
    def must_fix(self) -> int:
        return sum(finding.must_fix for finding in self.filed.findings)


def write_self_reports(paths: Sequence[Path], folder: Path, template: Path | None = None,
                       done: Callable[[Written], None] = lambda _: None) -> list[Written]:
    """A report for every workbook, in `folder`, each named by its unit; nothing is overwritten.

    What can't be written is told in its entry, and the others go on. `done` is called after each.
    """
    found = []
    for path in paths:
        filed = process(path)
        name = f"{filed.unit}{filed.year}年度{ENDING}"
        found.append(write_self_report(filed, free_path(folder, name, ".docx"), template))
        done(found[-1])
    return found


def write_self_report(filed: Filed, target: Path, template: Path | None = None, prior: Filed | None = None) -> Written:
    """The report of one workbook at `target`, which must not exist yet."""
    source = Path(filed.submission.path)
    if filed.ruleset is None:
        return Written(source, filed, None, "；".join(finding.message for finding in filed.findings))
    try:
        with beside(source):
            write_new(target, self_report(filed, date.today(), template, prior))
        return Written(source, filed, target)
    except (TemplateFault, WrongPrior) as fault:
        return Written(source, filed, None, str(fault))
    except Unreadable as error:
        return Written(source, filed, None, f"{error.trouble.message}{error.trouble.advice}")
    except OSError as error:
        return Written(source, filed, None, write_reason(error))
