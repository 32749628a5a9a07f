"""The sheet 审核意见 in the open workbook: the verdict, then one row per finding with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyfuncs.checks.finding import SEVERITY_WORDS, Finding, verdict
from pyfuncs.live import excel
from pyfuncs.workbook.mark import free_name
from pyfuncs.workbook.mark_opinion import FIRST, HEADERS, WIDTHS, headline, height_of, location, place_words
from pyfuncs.workbook.mark_state import OPINION_NAME
from pyfuncs.workbook.mark_styles import COLOURS
from pyfuncs.workbook.text_fit import BODY_SIZE

if TYPE_CHECKING:
    from xlwings import Book, Sheet

_TITLE_SIZE = 16
_TITLE_HEIGHT, _SUMMARY_HEIGHT, _HEAD_HEIGHT = 30, 20, 22


def add(book: Book, findings: Sequence[Finding], before: Sheet) -> Sheet:
    """A new sheet with the findings, shown first and in front. An earlier one must be gone."""
    taken = {sheet.name for sheet in book.sheets}
    sheet = book.sheets.add(free_name(taken), before=before)
    excel.hide_name(book.names.add(OPINION_NAME, f"={excel.place(sheet.range('A1'))}"))
    _fill(sheet, findings, before.name)
    _dress(sheet, findings)
    _link(sheet, findings, taken, before.name)
    excel.print_across(sheet)
    return sheet


def remove(book: Book) -> bool:
    """Whether there was a sheet of ours."""
    found = [name for name in book.names if name.name == OPINION_NAME]
    for name in found:
        if "#REF!" not in (name.refers_to or "#REF!"):
            name.refers_to_range.sheet.delete()
        name.delete()
    return bool(found)


def _fill(sheet: Sheet, findings: Sequence[Finding], first: str) -> None:
    rows = [[f"审核意见：{verdict(tuple(findings))}"], [headline(findings, first)], list(HEADERS),
            *(_row(number, finding) for number, finding in enumerate(findings, 1))]
    texts = [[excel.as_text(text) for text in row] + [""] * (len(HEADERS) - len(row)) for row in rows]
    sheet.range((1, 1), (len(rows), len(HEADERS))).value = texts
    for column, width in enumerate(WIDTHS, 1):
        sheet.range((1, column)).column_width = width
    for number, height in enumerate((_TITLE_HEIGHT, _SUMMARY_HEIGHT, _HEAD_HEIGHT), 1):
        sheet.range((number, 1)).row_height = height
    for number, row in enumerate(rows[FIRST - 1:], FIRST):
        sheet.range((number, 1)).row_height = height_of(row)


def _row(number: int, finding: Finding) -> list[str]:
    return [str(number), SEVERITY_WORDS[finding.severity], finding.rule_id, place_words(finding.cells), finding.message,
            finding.advice]


def _dress(sheet: Sheet, findings: Sequence[Finding]) -> None:
    last = FIRST - 1 + len(findings)
    everything = sheet.range((1, 1), (last, len(HEADERS)))
    everything.font.name, everything.font.size = "宋体", BODY_SIZE
    everything.wrap_text, everything.vertical_alignment = True, "center"
    for row in (1, 2):
        line = sheet.range((row, 1), (row, len(HEADERS)))
        line.merge()
        line.horizontal_alignment = "center"
    title, head = sheet.range("A1"), sheet.range((FIRST - 1, 1), (FIRST - 1, len(HEADERS)))
    title.font.size, title.font.bold, head.font.bold = _TITLE_SIZE, True, True
    head.horizontal_alignment = "center"
    sheet.range((FIRST - 1, 1), (last, len(HEADERS))).borders.line_style = "continuous"
    for number, finding in enumerate(findings, FIRST):
        cell = sheet.range((number, 2))
        cell.color, cell.horizontal_alignment = f"#{COLOURS[finding.severity][2:]}", "center"


def _link(sheet: Sheet, findings: Sequence[Finding], sheets: set[str], first: str) -> None:
    excel.link(sheet.range("A2"), location(f"{first}!A1"))
    for number, finding in enumerate(findings, FIRST):
        if finding.cells and finding.cells[0].rpartition("!")[0] in sheets:
            excel.link(sheet.range((number, 4)), location(finding.cells[0]))
