"""汇总.xlsx: totals by form with one column per unit, rates, scores and ranking, sources, and notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from pyfuncs.consolidate.model import MISSING, WAN, Consolidation, Total
from pyfuncs.report.excel import Book, column_letters, sheet_address
from pyfuncs.report.summary_notes import notes_sheet, sources_sheet
from pyfuncs.report.summary_rates import rates_sheet
from pyfuncs.report.summary_scores import scores_sheet
from pyfuncs.report.wording import STATE_WORDS

TOTALS = "汇总总表"
SUM_COLUMN, FIRST_UNIT = 3, 5                         # 项目 栏目 计量单位 合计 未填单位数, then the units
FIRST_ROW = 3
UNITS_PER_PAGE = 6


def summary_workbook(result: Consolidation, folder: Path, made: date) -> bytes:
    """The workbook as bytes; `folder`: where it will lie. Amounts are numbers in 万元, unrounded."""
    book = Book("绩效自评汇总表", made)
    rows = _totals_sheet(book, result)
    rates_sheet(book, result, lambda key, kind, units: sum_formula(rows[key, kind], result.units, units))
    scores_sheet(book, result, folder)
    sources_sheet(book, result, folder)
    notes_sheet(book, result, folder)
    return book.close()


def sum_formula(row: int, everyone: Sequence[str], units: Sequence[str]) -> str:
    """Formula of a row's sum over `units`: the 合计 cell where everyone counts, else runs of their columns."""
    if len(units) == len(everyone):
        return "=" + sheet_address(TOTALS, f"{column_letters(SUM_COLUMN)}{row + 1}")
    counted = set(units)
    columns = [FIRST_UNIT + at for at, unit in enumerate(everyone) if unit in counted]
    runs = [[column for _, column in run]
            for _, run in groupby(enumerate(columns), lambda pair: pair[1] - pair[0])]
    return f"=SUM({','.join(sheet_address(TOTALS, cell_range(row, run[0], run[-1])) for run in runs)})"


def cell_range(row: int, first: int, last: int) -> str:
    """F5, or F5:H5 (row and columns counted from 0)."""
    left, right = (f"{column_letters(column)}{row + 1}" for column in (first, last))
    return left if left == right else f"{left}:{right}"


def _totals_sheet(book: Book, result: Consolidation) -> dict[tuple[str, str], int]:
    """Writes the sheet; returns the row of each item."""
    units = result.units
    wide = len(units) > UNITS_PER_PAGE
    sheet = book.sheet(TOTALS, [42, 17, 9, 16, 9, *[16] * len(units)], pages_wide=0 if wide else 1)
    last = max(FIRST_UNIT + len(units) - 1, FIRST_UNIT)
    shown = min(last, FIRST_UNIT + UNITS_PER_PAGE - 1)   # a title over fifty columns is on no screen
    years = "、".join(f"{year}年度" for year in result.years)
    book.merged(sheet, 0, (0, shown), "部门整体支出绩效自评汇总表", "title")
    about = f"{years}　{len(units)} 个单位　金额单位：万元（显示两位小数，格内为精确数，合计不受显示影响）{_hint(result)}"
    book.merged(sheet, 1, (0, shown), about, "line")
    book.headings(sheet, 2, ["项目", "栏目", "计量单位", "合计", "未填单位数", *units], freeze=False)
    sheet.freeze_panes(FIRST_ROW, SUM_COLUMN + 1)
    sheet.repeat_rows(2)
    if wide:
        sheet.repeat_columns(0, FIRST_UNIT - 1)
        sheet.set_v_pagebreaks(list(range(FIRST_UNIT + UNITS_PER_PAGE, last + 1, UNITS_PER_PAGE)))
    rows: dict[tuple[str, str], int] = {}
    row = FIRST_ROW
    for _, group in groupby(result.totals, lambda total: total.form):
        totals = list(group)
        for column in range(FIRST_UNIT + len(units)):
            book.text(sheet, row, column, totals[0].title if column == 0 else "", "band")
        row += 1
        previous = ""
        for total in totals:
            _total_row(book, sheet, row, total, units, repeated=total.label == previous)
            rows[total.key, total.kind] = row
            previous, row = total.label, row + 1
    sheet.print_area(0, 0, row - 1, last)
    return rows


def _hint(result: Consolidation) -> str:
    parts = [f"未报送 {len(result.missing)} 个" if result.missing else "",
             f"未计入 {len(result.rejected)} 个文件" if result.rejected else "",
             f"注意事项 {len(result.notices)} 条" if result.notices else ""]
    said = "，".join(part for part in parts if part)
    return f"　{said}，见“说明”" if said else ""


def _total_row(book: Book, sheet: Worksheet, row: int, total: Total, units: Sequence[str],
               repeated: bool) -> None:
    """One item; `repeated`: the same row of the form in its next column, whose label stands back."""
    colour = {"font_color": "#8C8C8C"} if repeated else {}
    book.text(sheet, row, 0, total.label, "text", indent=min(total.indent, 6), **colour)
    book.text(sheet, row, 1, total.column, "center")
    book.text(sheet, row, 2, "万元" if total.kind == "amount" else "", "center")
    cells = cell_range(row, FIRST_UNIT, FIRST_UNIT + len(units) - 1)
    style = book.style("total") if total.kind == "amount" else book.style("total", num_format="General")
    if total.value is None:
        sheet.write_formula(row, SUM_COLUMN, f'=IF(COUNT({cells})=0,"—",SUM({cells}))',
                            book.style("total", align="center"), "—")
    else:
        sheet.write_formula(row, SUM_COLUMN, f"=SUM({cells})", style, in_cell(total.value, total.kind))
    sheet.write_number(row, SUM_COLUMN + 1, len(total.unfilled), book.style("number", num_format="0;;"))
    for column, unit in enumerate(units, start=FIRST_UNIT):
        _unit_cell(book, sheet, row, column, total, unit)


def _unit_cell(book: Book, sheet: Worksheet, row: int, column: int, total: Total, unit: str) -> None:
    parts = total.parts_of(unit)
    numbers = [part.value for part in parts if part.value is not None]
    if numbers:
        style = "amount" if total.kind == "amount" else "count"
        sheet.write_number(row, column, in_cell(sum(numbers, Decimal(0)), total.kind), book.style(style))
    elif not parts:
        book.text(sheet, row, column, "无此项", "muted")
    else:
        state = parts[0].state
        book.text(sheet, row, column, "无此表" if state == MISSING else STATE_WORDS[state], "muted")


def in_cell(value: Decimal, kind: str) -> float:
    """The number a cell holds: 万元 for amounts."""
    return float(value / WAN if kind == "amount" else value)
