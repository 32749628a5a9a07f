"""生成自评报告: a Word document from a filled workbook; for a file, and for the open workbook."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pyfuncs.catalog.load import load_ruleset, search_path
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.submission import Submission
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.live.command import Refused, command
from pyfuncs.live.folders import OWN_FOLDER
from pyfuncs.live.reading import copied, opened
from pyfuncs.live.user_folders import documents
from pyfuncs.report.naming import free_path
from pyfuncs.report.output import write_new
from pyfuncs.report.self_report import context
from pyfuncs.report.self_report_docx import TemplateFault, written
from pyfuncs.workbook.printed_forms import printed_forms
from pyfuncs.workbook.process import process
from pyfuncs.workbook.safe_zip import file_bytes, package_of
from pyfuncs.workbook.watch import Unreadable

if TYPE_CHECKING:
    from xlwings import Book

TEMPLATE = "自评报告模板.docx"
ENDING = "自评报告"                                    # of the names we give


class WrongPrior(Exception):
    """The workbook of last year is another unit's or another year's; the message says which."""


def self_report(filed: Filed, day: date, template: Path | None = None, prior: Filed | None = None) -> bytes:
    """The report of one workbook whose rule set is known.

    `template`: an office's own, else the nearest of its rule set. Raises Unreadable or TemplateFault for a template
    that can't be used, WrongPrior.
    """
    chosen = template or next(_templates(filed.ruleset.id))
    package = package_of(chosen, file_bytes(chosen))
    if not package.is_word:
        raise Unreadable("not-a-template", f"模板“{chosen.name}”不是 Word 文档（.docx）。", "请换成 .docx 的模板。")
    before = _of_last_year(filed, prior) if prior else None
    try:
        return written(package.data, context(filed, day, before), printed_forms(filed.ruleset, filed.submission), day)
    except TemplateFault as fault:
        raise TemplateFault(f"{chosen.name}：{fault}") from None


def _templates(ruleset_id: str) -> Iterator[Path]:
    """Templates for a rule set, the nearest first: an office's own before ours, its own before its parent's."""
    line = list(_line(ruleset_id))
    for folder in reversed(search_path()):
        for name in line:
            if (path := folder / name / TEMPLATE).is_file():
                yield path


def _line(ruleset_id: str) -> Iterator[str]:
    """A rule set, its parent, the parent's parent …, and "" for all."""
    while ruleset_id:
        yield ruleset_id
        try:
            ruleset_id = load_ruleset(ruleset_id, unfinished=True).extends
        except RuleSetError:                          # of a rule set that was added by hand; it was read before
            break
    yield ""


def _of_last_year(filed: Filed, prior: Filed) -> Submission:
    """Last year's figures of the same unit. Raises WrongPrior."""
    name = Path(prior.submission.path).name
    if prior.ruleset is None:
        reasons = [f"{trouble.message}{trouble.advice}" for trouble in prior.submission.troubles]
        raise WrongPrior("；".join([f"上年的表 {name} 读不出来", *reasons]))
    if same_name(prior.unit) != same_name(filed.unit):
        raise WrongPrior(f"上年的表 {name} 是“{prior.unit}”的，不是“{filed.unit}”的；请核对文件")
    if prior.year != filed.ruleset.prior:
        raise WrongPrior(f"上年的表 {name} 是 {prior.year} 年度的，应为 {filed.ruleset.prior} 年度；请核对文件")
    return prior.submission


@command
def write_report(book: Book | None) -> str:
    """The report of the open workbook, in the user's documents, opened."""
    with copied(opened(book)) as copy:
        filed = process(copy)
        if filed.ruleset is None:
            troubles = filed.submission.troubles
            raise Refused("\n".join(f"{trouble.message}{trouble.advice}" for trouble in troubles))
        try:
            data = self_report(filed, date.today())
        except TemplateFault as fault:
            raise Refused(str(fault)) from None
    path = free_path(documents() / OWN_FOLDER, f"{filed.unit}{filed.year}年度{ENDING}", ".docx")
    write_new(path, data)
    webbrowser.open_new(path.as_uri())
    return "\n".join([f"自评报告已经写好：{path}", *told(filed)])


def told(filed: Filed) -> list[str]:
    """What whoever gets the report must know."""
    wrong = sum(finding.must_fix for finding in filed.findings)
    lines = ["黄底的【请填写：……】要自己写；数和表都已填好。"]
    return [*lines, f"表里还有 {wrong} 处必须修改，已列在报告最前面；改正以后请重新生成。"] if wrong else lines
