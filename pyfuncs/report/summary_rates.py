"""Sheet 比率: each rate as a formula over sums of 汇总总表, with its sentence and the units it covers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.consolidate.model import WAN, Consolidation, PooledRate
from pyfuncs.language import CellError
from pyfuncs.methods import METHODS
from pyfuncs.report.excel import Book
from pyfuncs.report.wording import CANNOT

HEADINGS = ["比率", "结果", "用数", "合计数", "怎么算的", "纳入单位", "没有纳入的单位", "依据"]
AMOUNT_COLUMN = 3
SumFormula = Callable[[str, str, Sequence[str]], str]         # item, its kind, units


def rates_sheet(book: Book, result: Consolidation, sum_formula: SumFormula) -> None:
    """`sum_formula`: formula of an item's sum over the units that count."""
    sheet = book.sheet("比率", [18, 10, 29, 14, 28, 18, 26, 28])
    book.merged(sheet, 0, (0, len(HEADINGS) - 1), "按合计数重新计算的比率", "title")
    book.merged(sheet, 1, (0, len(HEADINGS) - 1), "比率由各单位的数相加后计算，不是各单位比率的平均；"
                "缺少所需数字的单位不计入分子，也不计入分母。金额单位：万元", "line")
    book.headings(sheet, 2, HEADINGS)
    kinds = {total.key: total.kind for total in result.totals}
    row = 3
    for rate in result.rates:
        _rate_rows(book, sheet, row, rate, [kinds[arg] for arg in rate.args], sum_formula, len(result.units))
        row += len(rate.args)
    if not result.rates:
        book.merged(sheet, 3, (0, len(HEADINGS) - 1), "没有可以重新计算的比率", "center")


def _rate_rows(book: Book, sheet: Worksheet, row: int, rate: PooledRate, kinds: Sequence[str],
               sum_formula: SumFormula, everyone: int) -> None:
    """One line per operand; what concerns the whole rate is merged beside them."""
    last = row + len(rate.args) - 1
    left_out = "；".join(f"{one.unit}：{one.reason}" for one in rate.left_out) or "无"
    units = "全部单位" if len(rate.units) == everyone else "、".join(rate.units)
    basis = "；".join(filter(None, (STATUS_WORDS[rate.status], rate.source, "、".join(rate.rulesets))))
    for column, text in ((0, rate.label), (4, rate.sentence), (5, units or "无"), (6, left_out), (7, basis)):
        book.merged(sheet, row, (column, column), text, "text", last_row=last)
    for at, (label, kind, total) in enumerate(zip(rate.labels, kinds, rate.sums, strict=True)):
        book.text(sheet, row + at, 2, label)
        style = book.style("amount" if kind == "amount" else "count")
        if total is None:
            book.text(sheet, row + at, AMOUNT_COLUMN, "未填", "muted")
        else:
            sheet.write_formula(row + at, AMOUNT_COLUMN, sum_formula(rate.args[at], kind, rate.units), style,
                                float(total / WAN if kind == "amount" else total))
    _result(book, sheet, row, last, rate, kinds)


def _result(book: Book, sheet: Worksheet, row: int, last: int, rate: PooledRate,
            kinds: Sequence[str]) -> None:
    if isinstance(rate.value, CellError):             # an operand nobody filed: words rather than #N/A
        book.merged(sheet, row, (1, 1), CANNOT, "muted", last_row=last)
        return
    decimals = f"0.{'0' * rate.decimals}%" if rate.decimals else "0%"
    style = book.style("total", num_format=decimals, align="center")
    operands = [f"D{at + 1}" for at in range(row, last + 1)]
    scales = [WAN if kind == "amount" else Decimal(1) for kind in kinds]
    if last > row:
        sheet.merge_range(row, 1, last, 1, "", style)
    sheet.write_formula(row, 1, "=" + METHODS[rate.method].emit(operands, rate.parameters, scales), style,
                        float(rate.value) if isinstance(rate.value, Decimal) else rate.value)
