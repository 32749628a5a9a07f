"""Sheet 比率: each rate of all units as a formula over sums of 明细, with its sentence and whom it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.consolidate.result import WAN, Consolidation, PooledRate, UnitLine
from pyfuncs.language import CellError
from pyfuncs.methods import METHODS
from pyfuncs.report.excel import column_letters
from pyfuncs.report.summary_book import Rows, SummaryBook
from pyfuncs.report.summary_cells import Cell, Formula
from pyfuncs.report.summary_detail import Column, Columns, whole
from pyfuncs.report.summary_lines import in_cell, percents
from pyfuncs.report.wording import CANNOT

SHEET = "比率"
HEADINGS = ["比率", "结果", "用数", "合计数", "怎么算的", "纳入单位", "没有纳入的单位", "依据"]
WIDTHS = [18, 10, 29, 15, 30, 12, 30, 28]
AMOUNT = 3                                            # column of the sums
LONGEST_FORMULA, MOST_ARGUMENTS, MOST_NAMED = 8000, 200, 20


def rated_units(units: Sequence[UnitLine], rate: PooledRate) -> list[int]:
    """Which units a rate covers, as their numbers in the order of the consolidation."""
    out = {one.unit for one in rate.left_out}
    return [at for at, unit in enumerate(units) if unit.ruleset in rate.rulesets and unit.unit not in out]


def ratios_sheet(book: SummaryBook, result: Consolidation, columns: Columns) -> None:
    rows = Rows(book, SHEET, WIDTHS, _head)
    for rate in result.root.rates:
        _rate_rows(book, rows, rate, list(_sums(result, rate, columns if whole(book, result) else {})))
    rows.close(filtered=False, nothing="没有可以重新计算的比率")


def _head(rows: Rows) -> None:
    rows.wide("按合计数重新计算的比率", "title")
    rows.wide("比率由各单位的数相加后计算，不是各单位比率的平均；缺少所需数字的单位不计入分子，也不计入分母。金额单位：万元", "line")
    rows.headings(HEADINGS)


def _sums(result: Consolidation, rate: PooledRate, columns: Columns) -> Iterator[Formula | float | None]:
    """Each operand as a formula over the units it covers, as a number where those can't be told or are too many."""
    counted = rated_units(result.units, rate)
    for arg, kind, total in zip(rate.args, rate.kinds, rate.sums, strict=True):
        if total is None:
            yield None
            continue
        form, _, name = arg.partition("!")
        column, value = columns.get((form, name, kind)), in_cell(total, kind)
        formula = _formula(column, counted) if column and _adds_up(result.units, counted, arg, total) else ""
        yield Formula(formula, value) if formula else value


def _adds_up(units: Sequence[UnitLine], counted: Sequence[int], arg: str, total: Decimal) -> bool:
    return sum((units[at].amounts.get(arg) or Decimal(0) for at in counted), Decimal(0)) == total


def _formula(column: Column, counted: Sequence[int]) -> str:
    """The sum over runs of neighbours; "" when Excel would not take it."""
    runs = [[at for _, at in run] for _, run in groupby(enumerate(counted), lambda pair: pair[1] - pair[0])]
    if len(runs) > MOST_ARGUMENTS:
        return ""
    formula = f"=SUM({','.join(column.place(run[0], run[-1]) for run in runs)})"
    return formula if len(formula) <= LONGEST_FORMULA else ""


def _rate_rows(book: SummaryBook, rows: Rows, rate: PooledRate, sums: Sequence[Formula | float | None]) -> None:
    """One row per operand; what concerns the whole rate is merged beside them."""
    basis = "；".join(filter(None, (STATUS_WORDS[rate.status], rate.source, "、".join(rate.rulesets))))
    beside = (rate.sentence, f"{rate.units} 个单位", _left_out(rate), basis)
    first, text = rows.at, book.style("text")
    height = rows.height([rate.label, None, None, None, *beside]) / len(sums)
    for at, (label, total) in enumerate(zip(rate.labels, sums, strict=True)):
        style = "amount" if rate.kinds[at] == "amount" else "count"
        amount: Cell = ("未填", book.style("muted")) if total is None else (total, book.style(style))
        told = (rate.label, *beside) if at == 0 else ("",) * 5
        cells: list[Cell] = [(told[0], text), _result(book, rate, first) if at == 0 else ("", text), (label, text), amount,
                             *((words, text) for words in told[1:])]
        rows.row(cells, max(height, rows.height(["", None, label])))
    for column in (0, 1, *range(AMOUNT + 1, len(HEADINGS))):
        rows.merge(first, rows.at - 1, column)


def _result(book: SummaryBook, rate: PooledRate, first: int) -> Cell:
    if isinstance(rate.value, CellError):             # an operand nobody filed: words rather than #N/A
        return CANNOT, book.style("muted")
    operands = [f"{column_letters(AMOUNT)}{first + at + 1}" for at in range(len(rate.args))]
    scales = [WAN if kind == "amount" else Decimal(1) for kind in rate.kinds]
    formula = "=" + METHODS[rate.method].emit(operands, rate.parameters, scales)
    value = float(rate.value) if isinstance(rate.value, Decimal) else rate.value
    return Formula(formula, value), book.style("total", align="center", **percents(rate.decimals))


def _left_out(rate: PooledRate) -> str:
    """Who is not in it and why, the first of them where there are many."""
    told = "；".join(f"{one.unit}：{one.reason}" for one in rate.left_out[:MOST_NAMED])
    rest = len(rate.left_out) - MOST_NAMED
    return (f"{told}；还有 {rest} 个单位" if rest > 0 else told) or "无"
