"""Sheet 得分与排名: the units in order, then every score of every unit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.model import Consolidation
from pyfuncs.language import Value
from pyfuncs.report.excel import Book
from pyfuncs.report.naming import shown_path
from pyfuncs.report.wording import other_text

WIDTHS = [8, 36, 16, 14, 14, 12, 14, 40]


def scores_sheet(book: Book, result: Consolidation, folder: Path) -> None:
    sheet = book.sheet("得分与排名", WIDTHS)
    book.merged(sheet, 0, (0, len(WIDTHS) - 1), "各单位自评得分与排名", "title")
    book.headings(sheet, 1, ["名次", "单位", "规则集", "自评总分", "表上总分", "等级", "审核结论", "说明"])
    row = _ranking(book, sheet, result)
    book.text(sheet, row + 1, 0, "各项得分", "section")
    book.headings(sheet, row + 2, ["序号", "单位", "得分项", "第几个项目", "按规则计算", "表上得分", "依据", "文件"],
                  freeze=False)
    for number, line in enumerate(result.scores, start=1):
        at = row + 2 + number
        sheet.write_number(at, 0, number, book.style("number"))
        for column, text in ((1, line.unit), (2, line.key), (6, STATUS_WORDS[line.status]), (7, shown_path(line.file, folder))):
            book.text(sheet, at, column, text)
        book.text(sheet, at, 3, str(line.instance) if line.instance else "—", "center")
        _score(book, sheet, at, 4, line.value)
        _printed(book, sheet, at, 5, line.printed.value if line.printed else None)


def _ranking(book: Book, sheet: Worksheet, result: Consolidation) -> int:
    """Writes the ranking; returns the row below it."""
    filed = {one.unit: one for one in result.filed}
    printed = {line.unit: line.printed for line in result.scores
               if line.key == filed[line.unit].ruleset.total and line.instance == 0}
    row = 1
    for row, place in enumerate(result.ranking, start=2):
        one = filed[place.unit]
        if place.rank is None:
            book.text(sheet, row, 0, "—", "center")
        else:
            sheet.write_number(row, 0, place.rank, book.style("number"))
        book.text(sheet, row, 1, place.unit)
        book.text(sheet, row, 2, one.ruleset.id, "center")
        _score(book, sheet, row, 3, place.total)
        item = printed.get(place.unit)
        _printed(book, sheet, row, 4, item.value if item else None)
        book.text(sheet, row, 5, place.grade or "—", "center")
        verdict, colour = (VERDICT_FAIL, "error") if one.must_fix else (VERDICT_PASS, "center")
        book.text(sheet, row, 6, verdict, colour)
        book.text(sheet, row, 7, place.note)
    return row + 1


def _score(book: Book, sheet: Worksheet, row: int, column: int, value: Value) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), book.style("score"))
    else:
        book.text(sheet, row, column, other_text(value), "center")


def _printed(book: Book, sheet: Worksheet, row: int, column: int, value: Decimal | None) -> None:
    """A score as the unit wrote it; its form may have no place for it."""
    if value is None:
        book.text(sheet, row, column, "—", "center")
    else:
        sheet.write_number(row, column, float(value), book.style("score"))
