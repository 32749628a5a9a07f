"""加载项版, 公式版, 数值版: the formulas of the open workbook turned into another edition's."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from pyfuncs.live import excel
from pyfuncs.live.command import Refused, command
from pyfuncs.live.reading import copied, opened
from pyfuncs.workbook.cells import ERRORS
from pyfuncs.workbook.convert import Change
from pyfuncs.workbook.convert_file import plan_conversion
from pyfuncs.workbook.template import EDITION_NAMES

if TYPE_CHECKING:
    from xlwings import Book, Range, Sheet

_SHOWN = 10


@command
def convert_book(book: Book | None, edition: str) -> str:
    """Turn the open workbook into an edition: addin, formula or values."""
    if edition not in EDITION_NAMES:
        raise Refused(f"没有“{edition}”这一版。")
    with copied(opened(book)) as copy:
        planned = plan_conversion(copy, edition)
    by_sheet: dict[str, dict[str, Change]] = {}
    for (name, cell), change in planned.conversion.changes.items():
        by_sheet.setdefault(name, {})[cell] = change
    _refuse_locked(book, by_sheet)
    with book.app.properties(screen_updating=False):
        for name, changes in by_sheet.items():
            _apply(book.sheets[name], changes)
    word, kept = EDITION_NAMES[edition], planned.conversion.kept
    lines = [f"已经是{word}（转换 {planned.formulas} 格）。" if planned.formulas else f"本来就是{word}，没有要转换的格。"]
    if kept:
        lines += [f"有 {len(kept)} 格没有转换，请核对：", *(one.line() for one in kept[:_SHOWN])]
        lines += [f"还有 {len(kept) - _SHOWN} 格。"] if len(kept) > _SHOWN else []
    return "\n".join(lines)


def _refuse_locked(book: Book, by_sheet: Mapping[str, object]) -> None:
    """All or nothing: half a workbook in another edition would be neither."""
    locked = []
    for name in by_sheet:
        with excel.unlocked(book.sheets[name]) as possible:
            if not possible:
                locked.append(f"“{name}”")
    if locked:
        raise Refused(f"工作表{'、'.join(locked)}设了密码，没有转换；请先在“审阅”中取消保护。")


def _apply(sheet: Sheet, changes: Mapping[str, Change]) -> None:
    with excel.unlocked(sheet):
        for cell, change in changes.items():
            _enter(sheet.range(cell), change)


def _enter(cell: Range, change: Change) -> None:
    if change.formula:
        cell.formula = change.formula
    elif isinstance(change.value, Decimal):
        cell.value = float(change.value)
    else:
        cell.value = change.value if change.value in ERRORS else excel.as_text(change.value)
