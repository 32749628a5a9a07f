"""Sheet 来源: every cell behind every total, item by item."""

from __future__ import annotations

from xlsxwriter.format import Format

from pyfuncs.consolidate.result import MISSING, Consolidation, Part, Source, Total
from pyfuncs.report.excel import cell_link, file_link
from pyfuncs.report.naming import shown_path
from pyfuncs.report.summary_book import Rows, SummaryBook
from pyfuncs.report.summary_cells import Link
from pyfuncs.report.summary_lines import in_cell, row_labels
from pyfuncs.report.wording import STATE_WORDS

SHEET = "来源"
HEADINGS = ["合计的项目", "单位", "数", "单元格", "没有数的，表上所填", "文件"]
WIDTHS = [60, 34, 17, 22, 24, 50]


def origins_sheet(book: SummaryBook, result: Consolidation, source: Source) -> None:
    """One row for each cell; links as long as Excel takes them, address and file always."""
    rows = Rows(book, SHEET, WIDTHS, lambda rows: rows.headings(HEADINGS))
    plain, amount, count = book.style("text", text_wrap=False), book.style("amount"), book.style("count")
    names = {unit.file: (unit.unit, shown_path(unit.file, book.folder), file_link(unit.file, book.folder))
             for unit in result.units}
    labels = row_labels(result.root.totals)
    for total in result.root.totals:
        what, style = _what(total, labels[total.form, total.name, total.kind]), amount if total.kind == "amount" else count
        for part in source.parts(result.files, total.form, total.name, total.kind):
            _row(rows, part, total, what, names[part.file], style, plain)
    rows.close(nothing="没有合计")


def _row(rows: Rows, part: Part, total: Total, what: str, name: tuple[str, str, str], style: Format, plain: Format) -> None:
    unit, file, address = name
    cell: str | Link = part.cell
    if cell and rows.book.links_left:
        cell = Link(cell_link(address, cell), cell)
    value = None if part.value is None else in_cell(part.value, total.kind)
    rows.row([(what, plain), (unit, plain), (value, style), (cell, plain), ("" if part.value is not None else _instead(part), plain),
              (file, plain)])


def _instead(part: Part) -> str:
    """What stands where no number is."""
    word = STATE_WORDS["missing" if part.state == MISSING else part.state]
    return f"{word}：{part.text}" if part.text and part.state in ("text", "error", "placeholder") else word


def _what(total: Total, label: str) -> str:
    words = "·".join(filter(None, (total.title, label, total.column)))
    return f"{words}（万元）" if total.kind == "amount" else words
