"""Sheets 汇总, the one that is printed, and 汇总精确数, the same lines with exact amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.format import Format

from pyfuncs.checks.finding import GROUP_WORDS
from pyfuncs.consolidate.result import Consolidation, KeyFigure
from pyfuncs.language import Value
from pyfuncs.report.summary_book import Rows, SummaryBook, cell_range
from pyfuncs.report.summary_cells import Cell, Formula
from pyfuncs.report.summary_lines import (
    Line,
    change,
    compared_figures,
    figure_labels,
    in_cell,
    percents,
    printed_figures,
    shown_amounts,
    tree_lines,
    units_below,
)
from pyfuncs.report.summary_words import verdict_lines
from pyfuncs.report.wording import other_text

FRONT, EXACT = "汇总", "汇总精确数"
NAME_WIDTH, AMOUNT_WIDTH, RATE_WIDTH = 28, 11, 9.5
MOST_AMOUNTS, MOST_RATES, MOST_COMPARED = 6, 4, 1     # what a page can hold
ASKED = ("error", "warning")
END = ["自评总分", "等级", "名次", *(GROUP_WORDS[group] for group in ASKED), "说明"]
END_WIDTHS = [8.5, 6, 6, 6, 6, 18]


@dataclass(frozen=True)
class _Table:
    """What is printed: lines, columns, and the amounts of each column as they are printed."""

    result: Consolidation
    lines: Sequence[Line]
    amounts: Sequence[KeyFigure]
    rates: Sequence[KeyFigure]
    compared: Sequence[KeyFigure]
    shown: Mapping[str, Sequence[Decimal | None]]     # balanced, in 万元 or heads, by key of the figure


def front_sheet(book: SummaryBook, result: Consolidation) -> None:
    """The printed sheet; the figures of last year only where there are some."""
    table = _table(result)
    widths = [NAME_WIDTH, *[AMOUNT_WIDTH] * len(table.amounts), *[RATE_WIDTH] * len(table.rates),
              *[RATE_WIDTH] * (len(table.compared) + _scored_before(result)), *END_WIDTHS]
    rows = Rows(book, FRONT, widths, lambda rows: _head(rows, table))
    styles = _Styles(book)
    live = rows.first + len(table.lines) <= book.limits.rows   # sums over one sheet alone
    for at, line in enumerate(table.lines):
        cells = [styles.name(line), *_shown(table, styles, rows, at, live), *_rates(table, styles, line),
                 *_changes(table, styles, at), *_end(table, styles, at)]
        rows.row(cells, rows.height(["", *[None] * (len(cells) - 2), cells[-1][0]]))
    rows.close(filtered=False)


def exact_sheet(book: SummaryBook, result: Consolidation) -> None:
    """The lines of 汇总 with every amount as it is; sums are formulas."""
    lines, styles = tree_lines(result), _Styles(book)
    amounts = [figure for figure in result.key_figures if figure.kind != "rate"]
    if not amounts:
        return
    rows = Rows(book, EXACT, [NAME_WIDTH, *[18] * len(amounts)], lambda rows: _exact_head(rows, amounts), pages_wide=0)
    rows.sheet.repeat_columns(0)
    rows.sheet.set_print_scale(70)
    live = rows.first + len(lines) <= book.limits.rows
    for at, line in enumerate(lines):
        values = [(figure, line.amount(figure)) for figure in amounts]
        rows.row([styles.name(line), *(
            styles.amount(line, None if value is None else in_cell(value, figure.kind), rows, column, at, live,
                          "#,##0.00####_ " if figure.kind == "amount" else "General")
            for column, (figure, value) in enumerate(values, start=1))])
    rows.close(filtered=False)


def _table(result: Consolidation) -> _Table:
    lines, amounts = tree_lines(result), printed_figures(result, rates=False, most=MOST_AMOUNTS)
    return _Table(result, lines, amounts, printed_figures(result, rates=True, most=MOST_RATES),
                  compared_figures(result)[:MOST_COMPARED], {figure.key: shown_amounts(lines, figure) for figure in amounts})


def _scored_before(result: Consolidation) -> int:
    return int(any(unit.prior_total is not None for unit in result.units))


def _head(rows: Rows, table: _Table) -> None:
    result = table.result
    rows.wide("部门整体支出绩效自评汇总表", "title")
    verdict, *told = verdict_lines(result)
    rows.wide(verdict, "pass" if result.complete else "fail")
    for text in told:
        rows.wide(text, "line")
    rest = len(result.key_figures) - len(table.amounts) - len(table.rates)
    more = f"；另有 {rest} 项指标在“汇总精确数”和“比率”" if rest else ""
    rows.wide(f"金额单位：万元，按舍位平衡取两位小数，分项相加等于合计；精确数在“汇总精确数”{more}", "line")
    compared = [f"{figure.label}比上年" for figure in table.compared]
    before = ["总分比上年"] * _scored_before(result)
    rows.headings(["单位", *figure_labels([*table.amounts, *table.rates]), *compared, *before, *END], 1)


def _exact_head(rows: Rows, amounts: Sequence[KeyFigure]) -> None:
    rows.wide("汇总表各项的精确数", "section", min(len(rows.widths), 5))
    rows.wide("金额单位：万元，不舍位；合计是下面各单位的和", "line", min(len(rows.widths), 5))
    rows.headings(["单位", *figure_labels(amounts)], 1)


class _Styles:
    """Formats of node lines (bold, shaded) and unit lines, by what the cell holds."""

    def __init__(self, book: SummaryBook) -> None:
        self._book = book

    def of(self, line: Line, style: str, **changes: object) -> Format:
        bold = {"bold": True, "bg_color": "#E3E9F0" if line.level == 0 else "#F2F4F7"} if line.node else {}
        return self._book.style(style, **{**bold, **changes})

    def name(self, line: Line) -> Cell:
        return line.name, self.of(line, "text", text_wrap=False, shrink=True, indent=min(line.level, 8))

    def amount(self, line: Line, value: float | None, rows: Rows, column: int, at: int, live: bool,
               num_format: str) -> Cell:
        """An amount; for a node the sum of the lines below it, which leaves out sums among them."""
        if value is None:
            return ("—" if line.node else "未填"), self.of(line, "muted")
        style = self.of(line, "amount", num_format=num_format)
        if not (live and line.node and line.last > at):
            return value, style
        place = cell_range(rows.name, column, rows.first + at + 1, rows.first + line.last).rpartition("!")[2]
        return Formula(f"=SUBTOTAL(9,{place})", value), style

    def ratio(self, line: Line, value: Value, decimals: int, signed: bool = False) -> Cell:
        if not isinstance(value, Decimal):
            return ("—" if value is None else other_text(value)), self.of(line, "muted")
        format_ = percents(decimals)["num_format"]
        return float(value), self.of(line, "center", num_format=f"+{format_};-{format_};{format_}" if signed else format_)

    def score(self, line: Line, value: Value, signed: bool = False) -> Cell:
        if not isinstance(value, Decimal):
            return "—", self.of(line, "muted")
        return float(value), self.of(line, "score", **({"num_format": "+0.00;-0.00;0.00"} if signed else {}))


def _shown(table: _Table, styles: _Styles, rows: Rows, at: int, live: bool) -> Iterator[Cell]:
    line = table.lines[at]
    for column, figure in enumerate(table.amounts, start=1):
        value = table.shown[figure.key][at]
        yield styles.amount(line, None if value is None else float(value), rows, column, at, live,
                            "#,##0.00_ " if figure.kind == "amount" else "General")


def _rates(table: _Table, styles: _Styles, line: Line) -> Iterator[Cell]:
    return (styles.ratio(line, line.rate(figure), figure.decimals) for figure in table.rates)


def _changes(table: _Table, styles: _Styles, at: int) -> Iterator[Cell]:
    line = table.lines[at]
    for figure in table.compared:
        yield styles.ratio(line, change(units_below(table.lines, at), figure.key), 2, signed=True)
    if _scored_before(table.result):
        unit = line.unit
        known = unit and isinstance(unit.total, Decimal) and unit.prior_total is not None
        yield styles.score(line, unit.total - unit.prior_total if known else None, signed=True)


def _end(table: _Table, styles: _Styles, at: int) -> Iterator[Cell]:
    """From the score on: score, grade, rank, how many findings, and what must be known of the unit."""
    line = table.lines[at]
    one = line.unit or line.node
    yield styles.score(line, one.total)
    yield one.grade or "—", styles.of(line, "center")
    yield (line.unit.rank or "—") if line.unit else "", styles.of(line, "number")
    for group in ASKED:
        count = sum(unit.counts.get(group, 0) for unit in units_below(table.lines, at))
        red = {"font_color": "#9C1C1C"} if count and group == "error" else {}
        yield count, styles.of(line, "number", **red)
    yield _note(line), styles.of(line, "text")


def _note(line: Line) -> str:
    if line.node:
        return f"{line.node.units} 个单位"
    unit = line.unit
    return "；".join(filter(None, ("须修改" if unit.must_fix else "", "逾期报送" if unit.late else "", unit.note)))
