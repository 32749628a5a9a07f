"""审核报告.xlsx: the verdict, every unit, every rule, one row per finding with a link to its cell, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from pyfuncs.checks.finding import GROUP_WORDS, VERDICT_FAIL, VERDICT_PASS, Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.audit import Run, how_read, round_counts, ruleset_reason
from pyfuncs.report.counts import by_rule, counts, groups_shown, summary_line
from pyfuncs.report.excel import Book, file_link
from pyfuncs.report.naming import shown_path
from pyfuncs.report.wording import day_text, where_words

UNCHANGED = {True: "未改动", False: "审核期间被改动", None: "没有核对"}
UNIT_HEADINGS = ["序号", "单位", "年度", "规则集", "结论"]
ROUND_HEADINGS = ["第几次审核", "新增", "仍存在", "已消除"]
FINDING_HEADINGS = ["序号", "单位", "性质", "规则编号", "单元格", "相关单元格", "问题", "应为", "现为", "相差", "怎么改"]
FINDING_WIDTHS = [5, 18, 10, 22, 16, 16, 42, 11, 11, 11, 32]
FILE_HEADINGS = ["序号", "单位", "文件", "规则集", "规则集名称", "校验码", "为什么用它", "读法", "推定的得分", "原文件",
                 "校验值（审核前）", "校验值（审核后）"]


def audit_workbook(filed: Sequence[Filed], folder: Path, made: date, run: Run = Run()) -> bytes:
    """The report as bytes; `folder`: where it will lie, so that links to the units' files are relative."""
    book = Book("绩效自评审核报告", made)
    _verdict_sheet(book, filed, folder, run)
    _rule_sheet(book, filed)
    _finding_sheet(book, filed, folder, bool(run.rounds))
    if run.rounds:
        _resolved_sheet(book, filed, run)
    _file_sheet(book, filed, folder, run)
    return book.close()


def _verdict_sheet(book: Book, filed: Sequence[Filed], folder: Path, run: Run) -> None:
    groups = groups_shown(filed)
    rounds = ROUND_HEADINGS if run.rounds else []
    headings = [*UNIT_HEADINGS, *groups.values(), *rounds, "文件"]
    sheet = book.sheet("审核结论", [5, 28, 7, 13, 10, *[8] * len(groups), *[7] * len(rounds), 30])
    last = len(headings) - 1
    failing = any(one.must_fix for one in filed)
    book.merged(sheet, 0, (0, last), "绩效自评审核报告", "title")
    verdict, colour = (VERDICT_FAIL, "fail") if failing else (VERDICT_PASS, "pass")
    book.merged(sheet, 1, (0, last), f"结论：{verdict}", colour)
    told = [summary_line(filed), f"审核日期：{day_text(book.made)}", run.line()]
    book.merged(sheet, 2, (0, last), "。".join(filter(None, told)), "line")
    book.headings(sheet, 3, headings)
    for row, one in enumerate(filed, start=4):
        verdict, colour = (VERDICT_FAIL, "error") if one.must_fix else (VERDICT_PASS, "center")
        book.number(sheet, row, 0, row - 3)
        book.text(sheet, row, 1, one.unit)
        book.text(sheet, row, 2, one.year, "center")
        book.text(sheet, row, 3, one.submission.ruleset or "不明", "center")
        book.text(sheet, row, 4, verdict, colour)
        found = counts([one])
        numbers = [found[group] for group in groups]
        if rounds:
            round_ = run.rounds[one.submission.path]
            numbers += [round_.number, *round_counts(round_, one)]
        for column, number in enumerate(numbers, start=5):
            book.number(sheet, row, column, number)
        book.link(sheet, row, last, file_link(one.submission.path, folder), shown_path(one.submission.path, folder))
    sheet.autofilter(3, 0, 3 + len(filed), last)


def _rule_sheet(book: Book, filed: Sequence[Filed]) -> None:
    headings = ["规则编号", "性质", "条数", "单位数", "问题（举一例）", "涉及单位", "依据"]
    sheet = book.sheet("按规则", [24, 10, 8, 8, 46, 36, 30])
    book.headings(sheet, 0, headings)
    lines = by_rule(filed)
    for row, line in enumerate(lines, start=1):
        book.text(sheet, row, 0, line.rule_id)
        book.text(sheet, row, 1, GROUP_WORDS[line.group], line.group)
        book.number(sheet, row, 2, line.count)
        book.number(sheet, row, 3, len(line.units))
        book.text(sheet, row, 4, line.example.message)
        book.text(sheet, row, 5, "、".join(line.units))
        book.text(sheet, row, 6, line.example.basis)
    _close(book, sheet, headings, len(lines), "没有发现问题")


def _finding_sheet(book: Book, filed: Sequence[Filed], folder: Path, rounds: bool) -> None:
    headings = [*FINDING_HEADINGS, *(["状态", "说明", "识别码"] if rounds else [])]
    sheet = book.sheet("审核明细", [*FINDING_WIDTHS, *([11, 30, 19] if rounds else [])])
    book.headings(sheet, 0, headings)
    row = 0
    for one in filed:
        for finding in one.findings:
            row += 1
            book.number(sheet, row, 0, row)
            book.link(sheet, row, 1, file_link(one.submission.path, folder), one.unit)
            _finding(book, sheet, row, finding)
            cell = finding.cells[0] if finding.cells else ""
            where = where_words(finding, one.submission.path)
            address = file_link(one.submission.path, folder, cell) if cell or where else ""
            book.link(sheet, row, 4, address, cell or "、".join(where[:1]))
            book.text(sheet, row, 5, "、".join((*finding.cells[1:], *(where if cell else where[1:]))))
            if rounds:
                _standing(book, sheet, row, finding)
    _close(book, sheet, headings, row, "没有发现问题")


def _finding(book: Book, sheet: Worksheet, row: int, finding: Finding) -> None:
    """All columns but where it is: 性质, 规则编号, and from 问题 on."""
    book.text(sheet, row, 2, GROUP_WORDS[finding.group], finding.group)
    texts = (finding.rule_id, finding.message, finding.expected, finding.actual, finding.delta, finding.advice)
    for column, text in zip((3, *range(6, len(FINDING_HEADINGS))), texts, strict=True):
        book.text(sheet, row, column, text)


def _standing(book: Book, sheet: Worksheet, row: int, finding: Finding) -> None:
    column = len(FINDING_HEADINGS)
    asked = finding.remark.standing if finding.remark and not finding.remark.holds else ""
    book.text(sheet, row, column, "\n".join(filter(None, (finding.state, asked))), "center")
    book.text(sheet, row, column + 1, finding.remark.line() if finding.remark else "")
    book.text(sheet, row, column + 2, finding.fingerprint, "center")


def _resolved_sheet(book: Book, filed: Sequence[Filed], run: Run) -> None:
    headings = ["序号", "单位", "性质（上次）", "规则编号", "单元格（上次）", "上次指出的问题"]
    sheet = book.sheet("已消除", [6, 30, 12, 24, 24, 80])
    book.headings(sheet, 0, headings)
    resolved = [(one.unit, finding) for one in filed for finding in run.rounds[one.submission.path].resolved]
    for row, (unit, finding) in enumerate(resolved, start=1):
        book.number(sheet, row, 0, row)
        for column, text in ((1, unit), (2, GROUP_WORDS[finding.group]), (3, finding.rule_id),
                             (4, "、".join(finding.cells)), (5, finding.message)):
            book.text(sheet, row, column, text)
    _close(book, sheet, headings, len(resolved), "与上次相比没有消除的")


def _file_sheet(book: Book, filed: Sequence[Filed], folder: Path, run: Run) -> None:
    sheet = book.sheet("文件与规则集", [5, 24, 28, 13, 24, 12, 38, 16, 22, 12, 24, 24])
    book.headings(sheet, 0, FILE_HEADINGS)
    for row, one in enumerate(filed, start=1):
        path, ruleset = one.submission.path, one.ruleset
        book.number(sheet, row, 0, row)
        book.text(sheet, row, 1, one.unit)
        book.link(sheet, row, 2, file_link(path, folder), shown_path(path, folder))
        texts = (one.submission.ruleset or "不明", ruleset.name if ruleset else "", ruleset.hash[:8] if ruleset else "",
                 ruleset_reason(one), how_read(one), "、".join(one.assumed), UNCHANGED[run.unchanged(one)],
                 one.submission.sha256, run.after.get(path, ""))
        for column, text in enumerate(texts, start=3):
            book.text(sheet, row, column, text)
    _close(book, sheet, FILE_HEADINGS, len(filed), "没有文件")


def _close(book: Book, sheet: Worksheet, headings: Sequence[str], rows: int, nothing: str) -> None:
    """A filter over the rows, or a word where there are none."""
    if rows:
        sheet.autofilter(0, 0, rows, len(headings) - 1)
    else:
        book.merged(sheet, 1, (0, len(headings) - 1), nothing, "center")
