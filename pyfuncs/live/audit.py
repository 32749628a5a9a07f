"""审核本表, 清除标注, 下一处问题: findings on the cells of the open workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyfuncs.checks.finding import Finding, verdict
from pyfuncs.live import excel, marks, opinion
from pyfuncs.live.command import Refused, command
from pyfuncs.live.reading import opened, read
from pyfuncs.workbook.mark_opinion import summary

if TYPE_CHECKING:
    from xlwings import Book

_SHOWN = 12                                           # findings in a message that must do without a sheet


@command
def audit_book(book: Book | None) -> str:
    """Mark the cells with findings, list them on a sheet of their own; gives the verdict."""
    filed = read(book)
    conclusion = f"结论：{verdict(filed.findings)}。{summary(filed.findings)}。"
    if excel.structure_locked(book):
        return f"{conclusion}\n工作簿的结构有保护，没有在表上标注。\n{_some(filed.findings)}"
    with book.app.properties(screen_updating=False):
        _refuse_old_marks(_cleared(book))
        first = next(sheet for sheet in book.sheets if sheet.visible == excel.VISIBLE)
        try:
            count, locked = marks.put(book, filed.findings)
            sheet = opinion.add(book, filed.findings, first)
        except Exception:
            _cleared(book)                            # no half of it
            raise
    excel.show(sheet)
    lines = [conclusion, f"表上标了 {count} 格，全部意见列在“{sheet.name}”表里；点“清除标注”可以一次撤销。"]
    lines += [f"工作表“{name}”设了密码，没有在上面标注。" for name in locked]
    return "\n".join(lines)


@command
def clear_audit(book: Book | None) -> str:
    """Take everything back that audit_book did."""
    with opened(book).app.properties(screen_updating=False):
        there = bool(marks.remembered(book)) or any(sheet.name == marks.STATE_SHEET for sheet in book.sheets)
        locked = _cleared(book)
    if locked:
        return f"工作表{_listed(locked)}设了密码，上面的标注没有清除；请先在“审阅”中取消保护，再点一次。"
    return "标注和审核意见都清除了，单元格原来的颜色和批注没有变。" if there else "这个工作簿里没有标注。"


@command
def next_finding(book: Book | None) -> str:
    """Select the next cell that is to blame for something, behind the selected one; gives what is wrong there."""
    found = [(mark, cell) for mark, cell in marks.remembered(opened(book)) if mark.blamed and cell is not None]
    if not found:
        raise Refused("表上没有标出的问题。请先点“审核本表”；审核过的，是没有问题，或问题不在某一格上，见“审核意见”表。")
    at = _position(book, [excel.place(cell) for _, cell in found])
    mark, cell = found[at]
    if cell.sheet.visible != excel.VISIBLE:
        raise Refused(f"下一处在工作表“{cell.sheet.name}”，它是隐藏的；请先取消隐藏。")
    excel.show(cell.sheet)
    cell.select()
    where = f"《{cell.sheet.name}》{cell.address.replace('$', '')}"
    return f"第 {at + 1} 处，共 {len(found)} 处：{where}\n{mark.note or '意见见“审核意见”表。'}"


def _position(book: Book, places: list[str]) -> int:
    """Index of the place behind the selected cell; the first one where none is selected."""
    selected = book.app.selection
    here = excel.place(selected(1, 1)) if selected is not None else ""
    return (places.index(here) + 1) % len(places) if here in places else 0


def _cleared(book: Book) -> list[str]:
    """Take marks and sheet back; the sheets whose marks could not be."""
    locked = marks.take_back(book)
    if not locked:
        opinion.remove(book)
    return locked


def _refuse_old_marks(locked: list[str]) -> None:
    if locked:
        raise Refused(f"工作表{_listed(locked)}设了密码，上次的标注去不掉，没有重新标注；请先在“审阅”中取消保护。")


def _listed(names: Sequence[str]) -> str:
    return "、".join(f"“{name}”" for name in names)


def _some(findings: Sequence[Finding]) -> str:
    lines = [f"（{number}）{finding.line()}" for number, finding in enumerate(findings[:_SHOWN], 1)]
    rest = len(findings) - len(lines)
    return "\n".join([*lines, *([f"还有 {rest} 条。"] if rest else [])])
