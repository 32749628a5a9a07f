"""Sheets 问题清单 (one row a finding) and 差额表 (totals against the sum of their parts)."""

from __future__ import annotations

from pyfuncs.checks.finding import GROUP_WORDS
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import Consolidation, UnitLine
from pyfuncs.report.counts import in_order
from pyfuncs.report.excel import file_link
from pyfuncs.report.naming import shown_path
from pyfuncs.report.summary_book import Rows, SummaryBook
from pyfuncs.report.summary_cells import Cell, Formula, Link
from pyfuncs.report.summary_lines import in_cell

ISSUES, DIFFERENCES = "问题清单", "差额表"
_HEADINGS = ["单位", "性质", "规则编号", "单元格", "问题", "怎么改", "文件"]
_WIDTHS = [28, 10, 22, 18, 58, 36, 30]
_COMPARED = ["部门", "比什么", "表", "项目", "栏目", "计量单位", "合计", "各部分之和", "相差", "单元格"]
_COMPARED_WIDTHS = [26, 12, 26, 32, 16, 9, 16, 16, 14, 40]
_WHAT = "本表加总：部门合计表上的合计与其中各项之和；上下级：上级自己报的汇总表与所属单位之和。金额单位：万元"


class Issues:
    """Sheet 问题清单, written as the units come; the gravest of a unit first."""

    def __init__(self, book: SummaryBook) -> None:
        self._book = book
        self._rows = Rows(book, ISSUES, _WIDTHS, lambda rows: rows.headings(_HEADINGS, 1))
        self._text, self._center = book.style("text"), book.style("center")

    def add(self, unit: UnitLine, one: Filed) -> None:
        folder = self._book.folder
        file = shown_path(unit.file, folder)
        for finding in in_order(one.findings):
            cell = finding.cells[0] if finding.cells else ""
            place = Link(file_link(unit.file, folder, cell), cell)
            cells: list[Cell] = [
                (unit.unit, self._text), (GROUP_WORDS[finding.group], self._book.style(finding.group)),
                (finding.rule_id, self._text), (place, self._text), (finding.message, self._text),
                (finding.advice, self._text), (file, self._text)]
            self._rows.row(cells, self._rows.height([value for value, _ in cells]))

    def close(self) -> None:
        self._rows.close(nothing="没有发现问题")


def differences_sheet(book: SummaryBook, result: Consolidation) -> None:
    rows = Rows(book, DIFFERENCES, _COMPARED_WIDTHS, _compared_head)
    for node in result.nodes:
        for one in node.differences:
            amount = one.kind == "amount"
            style = book.style("amount", num_format="#,##0.00####_ ") if amount else book.style("count")
            total, parts = (value if value is None else in_cell(value, one.kind) for value in (one.total, one.parts))
            at, missing = rows.at + 1, ("—", book.style("muted"))
            delta: Cell = missing
            if one.difference is not None:            # a float of two decimals leaves a tail: six are more than a cent
                delta = Formula(f"=ROUND(G{at}-H{at},8)", round(in_cell(one.difference, one.kind), 8)), style
            texts = (node.node.name or "合计", one.what, one.title, one.label, one.column, "万元" if amount else "")
            cells: list[Cell] = [*((text, book.style("text")) for text in texts),
                                 (total, style) if total is not None else missing,
                                 (parts, style) if parts is not None else missing, delta, (one.where, book.style("text"))]
            rows.row(cells, rows.height([value for value, _ in cells]))
    rows.close(nothing="没有差额：各级合计都等于各部分之和")


def _compared_head(rows: Rows) -> None:
    rows.wide("差额表", "title")
    rows.wide(_WHAT, "line")
    rows.headings(_COMPARED)
