"""Sheet 图表: charts that Excel draws from the tables below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from xlsxwriter.chart import Chart

from pyfuncs.consolidate.result import WAN, Consolidation, KeyFigure, UnitLine
from pyfuncs.report.summary_book import Rows, SummaryBook
from pyfuncs.report.summary_cells import Cell
from pyfuncs.report.summary_lines import compared_figures
from pyfuncs.report.summary_scored import ranking

SHEET = "图表"
MOST_BARS, MOST_REASONS = 30, 15
COLOURS = ["#2F6DB5", "#C9A227"]
_TABLE, _GAP = (36, 15, 15), 2                        # widths of a table's columns, and of what parts two tables
_CHART_WIDTH, _ROW_PIXELS = 474, 25.3
_SCALE, _PAGE_ROWS = 72, 34                           # two charts beside each other on A4
Series = tuple[str, list[float]]


@dataclass(frozen=True)
class Picture:
    """A chart and its table: one label a row, one or two series."""

    title: str
    what: str                                         # heading of the labels
    labels: list[str]
    series: list[Series]
    num_format: str
    most: float | None = None                         # end of the axis

    @property
    def rows_high(self) -> int:
        return max(14, round(len(self.labels) * (0.72 if len(self.series) == 1 else 1.05)) + 5)


def charts_sheet(book: SummaryBook, result: Consolidation) -> None:
    """Two charts side by side, as many below each other as there is something to draw of."""
    pictures = [one for one in (_scores(result), _execution(result), _deductions(result), _years(result),
                                _scores_before(result)) if one.labels]
    pairs = [pictures[at:at + 2] for at in range(0, len(pictures), 2)]
    widths = [*_TABLE, _GAP, *_TABLE]
    rows = Rows(book, SHEET, widths, lambda rows: rows.wide("各单位自评情况图表", "title"), pages_wide=0)
    tops, breaks = [], [0]                            # a chart is not cut by the end of a page
    for pair in pairs:
        high = max(one.rows_high for one in pair)
        if rows.at + high - breaks[-1] > _PAGE_ROWS:
            breaks.append(rows.at)
        tops.append(rows.at)
        rows.at += high
    if not pictures:
        rows.wide("没有可以画图的数", "center")
    for pair, top in zip(pairs, tops, strict=True):
        if rows.at + max(len(one.labels) for one in pair) + 3 - breaks[-1] > _PAGE_ROWS:
            breaks.append(rows.at)
        first = _tables(book, rows, pair)
        for side, one in enumerate(pair):
            rows.sheet.insert_chart(top, side * (len(_TABLE) + 1), _chart(book, rows.name, one, first, side), {
                "object_position": 1, "x_offset": 2, "y_offset": 4})
    rows.close(filtered=False)
    rows.sheet.set_print_scale(_SCALE)
    rows.sheet.set_h_pagebreaks(breaks[1:])


def _tables(book: SummaryBook, rows: Rows, pair: Sequence[Picture]) -> int:
    """The tables of two charts beside each other; returns the first row of their figures."""
    rows.at += 1
    text, head, gap = book.style("text", text_wrap=False, shrink=True), book.style("head"), book.style("line")
    columns = [_columns(book, one) for one in pair]
    titles: list[Cell] = []
    heads: list[Cell] = []
    for one in pair:
        titles += [(one.title, book.style("section", shrink=True)), *[("", gap)] * len(_TABLE)]
        heads += [(one.what, head), *((name, head) for name, _ in one.series),
                  *[("", gap)] * (len(_TABLE) - len(one.series))]
    rows.row(titles)
    rows.row(heads)
    first = rows.at
    for line in zip_longest(*columns):
        cells: list[Cell] = []
        for one, cell in zip(pair, line, strict=True):
            label, *values = cell or ("", *[None] * len(one.series))
            style = text if cell else gap
            cells += [(label, style), *((value, book.style("score", num_format=one.num_format) if cell else gap) for value in values),
                      *[("", gap)] * (len(_TABLE) - len(one.series))]
        rows.row(cells)
    return first


def _columns(book: SummaryBook, one: Picture) -> list[tuple[str, ...]]:
    return list(zip(one.labels, *(values for _, values in one.series), strict=True))


def _chart(book: SummaryBook, sheet: str, one: Picture, first: int, side: int) -> Chart:
    """Horizontal bars: names of units are long; the first on top."""
    chart = book.file.add_chart({"type": "bar"})
    last, left = first + len(one.labels) - 1, side * (len(_TABLE) + 1)
    for at, (name, values) in enumerate(one.series, start=1):
        chart.add_series({
            "name": name, "categories": [sheet, first, left, last, left], "values": [sheet, first, left + at, last, left + at],
            "categories_data": one.labels, "values_data": values, "gap": 60, "fill": {"color": COLOURS[at - 1]},
            "data_labels": {"value": True, "num_format": one.num_format, "font": {"size": 8}}})
    chart.set_title({"name": one.title, "name_font": {"name": "黑体", "size": 12, "bold": False}})
    chart.set_y_axis({"reverse": True, "num_font": {"name": "宋体", "size": 9}, "label_position": "low"})
    chart.set_x_axis({"num_format": one.num_format, "num_font": {"size": 9}, "major_gridlines": {
        "visible": True, "line": {"color": "#D9D9D9"}}, "label_position": "high",
        **({} if min(value for _, values in one.series for value in values) < 0 else {"min": 0}),
        **({"max": one.most} if one.most else {})})
    chart.set_legend({"position": "bottom"} if len(one.series) > 1 else {"none": True})
    chart.set_size({"width": _CHART_WIDTH, "height": round((one.rows_high - 1) * _ROW_PIXELS)})
    chart.show_blanks_as("gap")
    return chart


def _first(units: Sequence[UnitLine]) -> tuple[list[UnitLine], str]:
    """Those that are drawn, and what is said of the others."""
    return list(units[:MOST_BARS]), f"（名次前 {MOST_BARS} 个单位，共 {len(units)} 个）" if len(units) > MOST_BARS else ""


def _scores(result: Consolidation) -> Picture:
    shown, told = _first([unit for unit in ranking(result) if isinstance(unit.total, Decimal)])
    totals = [float(unit.total) for unit in shown]
    return Picture(f"各单位自评总分{told}", "单位", [unit.unit for unit in shown], [("自评总分", totals)], "0.00",
                   100 if totals and max(totals) <= 100 else None)


def _execution(result: Consolidation) -> Picture:
    """By the rate that most units have among those called 执行率; two denominators never share a chart."""
    counts = {figure.key: sum(isinstance(unit.rates.get(figure.key), Decimal) for unit in result.units)
              for figure in result.key_figures if figure.kind == "rate" and "执行率" in figure.label}
    figure = next((figure for figure in result.key_figures if figure.key in counts
                   and counts[figure.key] == max(counts.values())), None)
    units = [unit for unit in ranking(result) if figure and isinstance(unit.rates.get(figure.key), Decimal)]
    shown, told = _first(units)
    label = figure.label if figure else ""
    return Picture(f"各单位{label}{told}", "单位", [unit.unit for unit in shown],
                   [(label, [float(unit.rates[figure.key]) for unit in shown])], "0.0%")


def _deductions(result: Consolidation) -> Picture:
    points: dict[str, Decimal] = {}
    units: dict[str, int] = {}
    for unit in result.units:
        for label, lost in unit.deductions.items():
            if lost > 0:
                points[label] = points.get(label, Decimal(0)) + lost
                units[label] = units.get(label, 0) + 1
    labels = sorted(points, key=lambda label: (-points[label], label))[:MOST_REASONS]
    told = f"（前 {MOST_REASONS} 项）" if len(points) > MOST_REASONS else ""
    return Picture(f"扣分原因{told}", "扣分项", [f"{label}（{units[label]} 个单位）" for label in labels],
                   [("扣分合计", [float(points[label]) for label in labels])], "0.00")


def _years(result: Consolidation) -> Picture:
    """Amounts of this year and last, of the units that have both."""
    figures = compared_figures(result)
    return Picture("本年与上年", "项目（万元）", [figure.label for figure in figures],
                   [("上年", [_sum(result, figure, before=True) for figure in figures]),
                    ("本年", [_sum(result, figure, before=False) for figure in figures])], "#,##0.00")


def _sum(result: Consolidation, figure: KeyFigure, before: bool) -> float:
    both = [unit for unit in result.units
            if unit.amounts.get(figure.key) is not None and unit.prior.get(figure.key) is not None]
    return float(sum(((unit.prior if before else unit.amounts)[figure.key] for unit in both), Decimal(0)) / WAN)


def _scores_before(result: Consolidation) -> Picture:
    shown, told = _first([unit for unit in ranking(result) if isinstance(unit.total, Decimal) and unit.prior_total is not None])
    return Picture(f"本年总分与上年总分{told}", "单位", [unit.unit for unit in shown],
                   [("上年总分", [float(unit.prior_total) for unit in shown]),
                    ("本年总分", [float(unit.total) for unit in shown])], "0.00")

