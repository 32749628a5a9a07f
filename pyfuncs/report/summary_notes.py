"""Sheets 来源 (every cell behind every total) and 说明 (what the reader of the totals must know)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.model import WAN, Consolidation
from pyfuncs.report.excel import Book, file_link
from pyfuncs.report.naming import shown_path
from pyfuncs.report.wording import STATE_WORDS

METHOD = (
    "合计：各单位同一项目的数相加；有几个项目表的单位，先把各项目相加。没有填的格子写“未填”，不当作 0。",
    "比率：用合计数按同一公式重新计算，不取各单位的平均。",
    "得分与等级：按规则集逐个单位计算，不相加；总分相同的名次相同，算不出总分的排在最后。",
    "金额以元计算、以万元显示，显示的两位小数相加与合计可能差在末位，以合计为准。",
)


def sources_sheet(book: Book, result: Consolidation, folder: Path) -> None:
    headings = ["表", "项目", "栏目", "单位", "数", "计量单位", "状态", "表上所填", "单元格", "文件"]
    sheet = book.sheet("来源", [24, 34, 17, 30, 16, 9, 10, 18, 20, 36])
    book.headings(sheet, 0, headings)
    row = 0
    for total in result.totals:
        for part in total.parts:
            row += 1
            for column, text in ((0, total.title), (1, total.label), (2, total.column), (3, part.unit)):
                book.text(sheet, row, column, text)
            if part.value is None:
                book.text(sheet, row, 4, "", "center")
            elif total.kind == "amount":
                sheet.write_number(row, 4, float(part.value / WAN), book.style("amount"))
            else:
                sheet.write_number(row, 4, float(part.value), book.style("count"))
            book.text(sheet, row, 5, "万元" if total.kind == "amount" else "", "center")
            book.text(sheet, row, 6, STATE_WORDS.get(part.state, ""), "center")
            book.text(sheet, row, 7, part.text)
            book.link(sheet, row, 8, file_link(part.file, folder, part.cell) if part.cell else "", part.cell)
            book.text(sheet, row, 9, shown_path(part.file, folder))
    if row:
        sheet.autofilter(0, 0, row, len(headings) - 1)


def notes_sheet(book: Book, result: Consolidation, folder: Path) -> None:
    sheet = book.sheet("说明", [6, 40, 16, 10, 12, 50])
    book.merged(sheet, 0, (0, 5), "汇总说明", "title")
    row = 2
    for title, headings, lines in _blocks(result, folder):
        book.text(sheet, row, 0, title, "section")
        if headings:
            row += 1
            book.headings(sheet, row, headings, freeze=False)
        for number, line in enumerate(lines, start=1):
            row += 1
            sheet.write_number(row, 0, number, book.style("number"))
            _line(book, sheet, row, line)
        if not lines:
            row += 1
            book.merged(sheet, row, (0, 5), "无", "line")
        row += 2


def _line(book: Book, sheet, row: int, line: Sequence[str]) -> None:
    """Cells of one line; the last one takes the columns that are left."""
    for column, text in enumerate(line[:-1], start=1):
        book.text(sheet, row, column, text)
    book.merged(sheet, row, (len(line), 5), line[-1], "text")


def _blocks(result: Consolidation, folder: Path) -> Iterator[tuple[str, list[str], list[tuple[str, ...]]]]:
    """Title, headings, lines of each block, the most urgent first."""
    yield "一、注意事项", [], [(f"{notice.text}" + (f"：{'、'.join(notice.units)}" if notice.units else ""),)
                          for notice in result.notices]
    yield "二、未报送的单位", [], [(one.unit + (f"（名称相近的有：{'、'.join(one.near)}）" if one.near else ""),)
                            for one in result.missing]
    yield "三、没有计入的文件", [], [(f"{shown_path(one.file, folder)}：{one.reason}",) for one in result.rejected]
    yield "四、已汇总的单位", ["序号", "单位", "规则集", "年度", "审核结论", "文件"], [
        (one.unit, one.ruleset.id, one.year, VERDICT_FAIL if one.must_fix else VERDICT_PASS,
         shown_path(one.submission.path, folder)) for one in result.filed]
    rulesets = {one.ruleset.id: one.ruleset for one in result.filed}.values()
    yield "五、规则集与依据", [], [
        (f"{ruleset.id} {ruleset.name}（第 {ruleset.edition} 版，校验码 {ruleset.hash[:12]}）。"
         f"依据：{'；'.join(basis.title + basis.number for basis in ruleset.basis)}",) for ruleset in rulesets]
    yield "六、汇总办法", [], [(text,) for text in METHOD]
