"""审核报告.xlsx: the verdict, every unit, every rule, and one row per finding with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pyfuncs.checks.finding import SEVERITY_WORDS, VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.counts import by_rule, summary_line
from pyfuncs.report.excel import Book, file_link
from pyfuncs.report.naming import shown_path


def audit_workbook(filed: Sequence[Filed], folder: Path, made: date) -> bytes:
    """The report as bytes; `folder`: where it will lie, so that links to the units' files are relative."""
    book = Book("绩效自评审核报告", made)
    _verdict_sheet(book, filed, folder)
    _rule_sheet(book, filed)
    _finding_sheet(book, filed, folder)
    return book.close()


def _verdict_sheet(book: Book, filed: Sequence[Filed], folder: Path) -> None:
    headings = ["序号", "单位", "年度", "规则集", "结论", *SEVERITY_WORDS.values(), "文件"]
    sheet = book.sheet("审核结论", [6, 34, 8, 14, 12, 10, 10, 8, 8, 42])
    last = len(headings) - 1
    failing = any(one.must_fix for one in filed)
    book.merged(sheet, 0, (0, last), "绩效自评审核报告", "title")
    verdict, colour = (VERDICT_FAIL, "fail") if failing else (VERDICT_PASS, "pass")
    book.merged(sheet, 1, (0, last), f"结论：{verdict}", colour)
    book.merged(sheet, 2, (0, last), f"{summary_line(filed)}。审核日期：{book.made:%Y年%m月%d日}", "line")
    book.headings(sheet, 3, headings)
    for row, one in enumerate(filed, start=4):
        sheet.write_number(row, 0, row - 3, book.style("number"))
        book.text(sheet, row, 1, one.unit)
        book.text(sheet, row, 2, one.year, "center")
        book.text(sheet, row, 3, one.submission.ruleset or "不明", "center")
        verdict, colour = (VERDICT_FAIL, "error") if one.must_fix else (VERDICT_PASS, "center")
        book.text(sheet, row, 4, verdict, colour)
        for column, severity in enumerate(SEVERITY_WORDS, start=5):
            count = sum(finding.severity == severity for finding in one.findings)
            sheet.write_number(row, column, count, book.style("number"))
        book.link(sheet, row, last, file_link(one.submission.path, folder),
                  shown_path(one.submission.path, folder))


def _rule_sheet(book: Book, filed: Sequence[Filed]) -> None:
    sheet = book.sheet("按规则", [24, 10, 8, 8, 46, 36, 30])
    book.headings(sheet, 0, ["规则编号", "性质", "条数", "单位数", "问题（举一例）", "涉及单位", "依据"])
    for row, line in enumerate(by_rule(filed), start=1):
        book.text(sheet, row, 0, line.rule_id)
        book.text(sheet, row, 1, SEVERITY_WORDS[line.severity], line.severity)
        sheet.write_number(row, 2, line.count, book.style("number"))
        sheet.write_number(row, 3, len(line.units), book.style("number"))
        book.text(sheet, row, 4, line.example.message)
        book.text(sheet, row, 5, "、".join(line.units))
        book.text(sheet, row, 6, line.example.basis)


def _finding_sheet(book: Book, filed: Sequence[Filed], folder: Path) -> None:
    headings = ["序号", "单位", "性质", "规则编号", "单元格", "相关单元格", "问题", "应为", "现为", "相差", "怎么改"]
    sheet = book.sheet("审核明细", [5, 18, 9, 22, 16, 16, 42, 11, 11, 11, 32])
    book.headings(sheet, 0, headings)
    row = 0
    for one in filed:
        for finding in one.findings:
            row += 1
            cell, *related = finding.cells or ("",)
            sheet.write_number(row, 0, row, book.style("number"))
            book.link(sheet, row, 1, file_link(one.submission.path, folder), one.unit)
            book.text(sheet, row, 2, SEVERITY_WORDS[finding.severity], finding.severity)
            book.text(sheet, row, 3, finding.rule_id)
            book.link(sheet, row, 4, file_link(one.submission.path, folder, cell) if cell else "", cell)
            book.text(sheet, row, 5, "、".join(related))
            for column, text in enumerate((finding.message, finding.expected, finding.actual, finding.delta,
                                           finding.advice), start=6):
                book.text(sheet, row, column, text)
    if row:
        sheet.autofilter(0, 0, row, len(headings) - 1)
    else:
        book.merged(sheet, 1, (0, len(headings) - 1), "没有发现问题", "center")
