"""新建表样, 审核文件夹, 汇总: results as files in new folders, which are then opened."""

from __future__ import annotations

import io
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pyfuncs.catalog.load import load_ruleset, read_marked, ruleset_folder, ruleset_ids
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.result import Consolidation
from pyfuncs.live import excel
from pyfuncs.live.command import Refused, command
from pyfuncs.live.copies import marked_copies
from pyfuncs.live.user_folders import documents
from pyfuncs.report.audit import compared
from pyfuncs.report.audit_html import audit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.counts import in_order, summary_line
from pyfuncs.report.naming import free_path
from pyfuncs.report.output import dated_folder, write_new
from pyfuncs.report.summary import write_summary
from pyfuncs.workbook.across import with_cross_checks
from pyfuncs.workbook.collect import RESULTS, Collected, collect, without_reports
from pyfuncs.workbook.originals import seals
from pyfuncs.workbook.process import process
from pyfuncs.workbook.reports import judged_seals, with_reports
from pyfuncs.workbook.saved_when import with_date
from pyfuncs.workbook.template import EDITION_NAMES, write_workbook

if TYPE_CHECKING:
    from xlwings import App, Book

OWN_FOLDER = "绩效自评"                                # in the user's documents
MARKED_FOLDER = "标出错误的副本"
AUDITED, CONSOLIDATED = RESULTS
_SHOWN = 8                                            # files named in a message


@command
def ruleset_list(book: Book | None) -> list[list[str]]:
    """Rule sets that a template can be made of: id, region, year."""
    return listed_rulesets()


def listed_rulesets() -> list[list[str]]:
    """Read from their first files alone: loading all of them would hold up the ribbon for seconds."""
    found = []
    for ruleset_id in ruleset_ids():
        try:
            head = read_marked(ruleset_folder(ruleset_id) / "ruleset.yaml", ruleset_id)
            if isinstance(head, dict) and "true" not in (head.get("abstract"), head.get("draft")):
                region = head.get("region_name") or load_ruleset(ruleset_id).region_name      # its parent's
                found.append([ruleset_id, region, ruleset_id.rpartition("/")[2]])
        except RuleSetError:                          # one with mistakes: `rulesets list` tells
            continue
    return found


@command
def new_template(book: Book | None, ruleset_id: str, entity: str) -> str:
    """A new workbook for one unit in the user's documents, opened."""
    ruleset, workbook = _usable(ruleset_id), io.BytesIO()
    write_workbook(workbook, ruleset, "addin", entity=entity.strip())
    stem = f"{entity.strip() or ruleset.region_name}{ruleset.year}年度绩效自评表-{EDITION_NAMES['addin']}"
    path = free_path(documents() / OWN_FOLDER, f"{stem}-{date.today():%Y%m%d}", ".xlsx")
    write_new(path, workbook.getvalue())
    app = _app(book)
    if app is None:
        return f"表样已经写好，请打开：{path}"
    excel.open_file(app, path)
    return f"表样已经写好并打开：{path}"


def _usable(ruleset_id: str) -> RuleSet:
    """Raises Refused when no template can be made of it."""
    if not ruleset_id:
        raise Refused("请先选好地区和年度。")
    try:
        ruleset = load_ruleset(ruleset_id)
    except RuleSetError as error:
        raise Refused("；".join(problem.message for problem in error.problems)) from None
    if ruleset.abstract:
        raise Refused(f"“{ruleset_id}”是各地共用的部分，不能单独使用。")
    return ruleset


def _app(book: Book | None) -> App | None:
    """The program that the command came from; without a workbook the one that runs."""
    if book is not None:
        return book.app
    from pyfuncs.udfs_excel import xw                 # needed in this case only, and never untamed

    return xw.apps.active if xw.engines.active else None


@command
def audit_folder(book: Book | None, folder: str) -> str:
    """Check every workbook and written report of a folder: audit reports and marked copies in a new folder beside it."""
    collected = _collected(folder, reports=True)
    before = seals([*collected.files, *collected.reports])
    filed, left_out = with_reports([process(path) for path in collected.files], collected)
    before = judged_seals(before, collected, filed)
    filed = [replace(one, findings=in_order(one.findings)) for one in with_cross_checks(filed, ())]
    target, today = dated_folder(_beside(Path(folder), AUDITED), date.today()), date.today()
    _, problems = marked_copies(filed, target / MARKED_FOLDER)
    run = compared(before, seals(map(Path, before)))
    write_new(target / "审核报告.xlsx", audit_workbook(filed, target, today, run))
    write_new(target / "审核报告.html", audit_page(filed, target, today, run))
    _show(target)
    return "\n".join([f"{summary_line(filed)}。", f"审核报告和标出错误的副本在 {target}", *_told([*collected.skipped, *left_out, *problems])])


@command
def consolidate_folder(book: Book | None, folder: str) -> str:
    """Add up every workbook of a folder, in a new folder beside it."""
    collected, filed = _filed(_collected(folder))
    source = Held([with_date(one) for one in filed])
    result = consolidate(source)
    if not result.units:
        raise Refused("\n".join(["没有可以汇总的单位，没有写汇总表。", *_told(_reasons(result))]))
    target = dated_folder(_beside(Path(folder), CONSOLIDATED), date.today())
    write_summary(target / "汇总.xlsx", result, source, date.today())
    _show(target)
    left_out = len(result.rejected)
    lines = [f"汇总了 {len(result.units)} 个单位" + (f"，{left_out} 个文件没有计入。" if left_out else "。"),
             f"汇总表在 {target}", *_told(_reasons(result))]
    return "\n".join([*lines, *_told([*collected.skipped, *collected.problems])])


def _collected(folder: str, reports: bool = False) -> Collected:
    """The workbooks of a folder, with `reports` the written reports too. Raises Refused when there are none."""
    if not folder or not Path(folder).is_dir():
        raise Refused(f"没有这个文件夹：{folder or '（没有选）'}")
    collected = collect([Path(folder)], reports)
    if not (collected.files or collected.reports):
        raise Refused("\n".join([*collected.problems, *_told(collected.skipped)]))
    return collected


def _filed(collected: Collected) -> tuple[Collected, list[Filed]]:
    """What they came to; and the Word documents that hold no form among what was skipped."""
    filed, reports = without_reports([process(path) for path in collected.files], collected)
    return replace(collected, skipped=(*collected.skipped, *reports)), filed


def _beside(folder: Path, ending: str) -> Path:
    """Where results go: beside the folder, or in it when it is a whole drive. Never read as what units filed."""
    folder = folder.resolve()
    return folder.parent / f"{folder.name}{ending}" if folder.name else folder / f"全部{ending}"


def _show(folder: Path) -> None:
    """Open a folder where folders are looked at."""
    webbrowser.open_new(folder.as_uri())


def _reasons(result: Consolidation) -> list[str]:
    return [f"{Path(one.file).name}：{one.reason}" for one in result.rejected]


def _told(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"还有 {rest} 条。"] if rest > 0 else [])]
