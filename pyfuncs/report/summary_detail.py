"""Sheets 明细-<表>: a row for each unit, a column for each item; and 分级合计: a row for each node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from pyfuncs.catalog.model import ItemType, RuleSet
from pyfuncs.catalog.refs import form_items
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import MISSING, Consolidation, Total, UnitLine
from pyfuncs.report.summary_book import Rows, SummaryBook, cell_range, plain_text
from pyfuncs.report.summary_cells import Cell, Formula
from pyfuncs.report.summary_lines import Line, in_cell, row_labels, tree_lines
from pyfuncs.report.wording import STATE_WORDS

BY_NODE = "分级合计"
NO_ITEM, NO_FORM = "无此项", "无此表"
FIXED = 2                                             # columns before the items: 单位 所属
_WIDTHS, _ITEM_WIDTH, _SCALE = (30, 22), 15, 60
Key = tuple[str, str, ItemType]                       # form, item, type
HEAD_ROWS = 5                                         # title, three headings, the sum


@dataclass(frozen=True)
class Column:
    """Where the figures of an item stand on a 明细 sheet."""

    total: Total
    label: str                                        # of its row
    sheet: str
    index: int

    def place(self, first: int, last: int) -> str:
        """Cells of the units `first` to `last`, counted from 0 in the order of the consolidation."""
        return cell_range(self.sheet, self.index, HEAD_ROWS + first, HEAD_ROWS + last)


Columns = Mapping[Key, Column]


def planned(book: SummaryBook, result: Consolidation) -> Columns:
    """The columns of the 明细 sheets to come, so that sheets before them can sum them up."""
    labels = row_labels(result.root.totals)
    found = [Column(total, labels[total.form, total.name, total.kind], sheet, index) for _, group in groupby(result.root.totals, lambda total: total.form)
             for chunk in _chunks(list(group), book.limits.columns - FIXED)
             for sheet in [book.name(f"明细-{chunk[0].form}")] for index, total in enumerate(chunk, start=FIXED)]
    return {(column.total.form, column.total.name, column.total.kind): column for column in found}


def whole(book: SummaryBook, result: Consolidation) -> bool:
    """Whether each 明细 is one sheet; where it goes on on another, totals are numbers."""
    return HEAD_ROWS + len(result.units) <= book.limits.rows


class Details:
    """All 明细 sheets, written together as the units come."""

    def __init__(self, book: SummaryBook, result: Consolidation, columns: Columns) -> None:
        self._nodes = {node.node.id: node.node.name for node in result.nodes}
        self._kinds: dict[str, dict[tuple[str, str], ItemType]] = {}
        self._sheets = [_Detail(book, list(group), len(result.units) if whole(book, result) else 0)
                        for _, group in groupby(columns.values(), lambda column: column.sheet)]
        self._muted, self._center = book.style("muted"), book.style("center", text_wrap=False)
        self._numbers = {True: book.style("amount"), False: book.style("count")}
        self._name = book.style("text", text_wrap=False, shrink=True)

    def add(self, unit: UnitLine, one: Filed) -> None:
        """A row for this unit on each sheet."""
        values, states = _by_item(one)
        kinds = self._kinds_of(one.ruleset)
        start: list[Cell] = [(unit.unit, self._name), (self._nodes.get(unit.node, ""), self._name)]
        for sheet in self._sheets:
            sheet.rows.row(start + [self._cell(total, values, states, kinds) for total in sheet.totals])

    def _cell(self, total: Total, values: dict[tuple[str, str], Decimal], states: dict[tuple[str, str], str],
              kinds: dict[tuple[str, str], ItemType]) -> Cell:
        place = total.form, total.name
        if kinds.get(place) != total.kind:
            return NO_ITEM, self._muted
        if place in values:
            return in_cell(values[place], total.kind), self._numbers[total.kind == "amount"]
        state = states.get(place, MISSING)
        return (NO_FORM if state == MISSING else STATE_WORDS[state]), self._muted

    def _kinds_of(self, ruleset: RuleSet) -> dict[tuple[str, str], ItemType]:
        if ruleset.hash not in self._kinds:
            self._kinds[ruleset.hash] = {
                (form.form, name): item.type for form in ruleset.forms.values()
                for name, item in form_items(form) if item.consolidation == "sum"}
        return self._kinds[ruleset.hash]

    def close(self) -> None:
        for sheet in self._sheets:
            sheet.rows.close()


def _by_item(one: Filed) -> tuple[dict[tuple[str, str], Decimal], dict[tuple[str, str], str]]:
    """What the unit filed under each name, its project sheets and table rows together; the first state where no number is."""
    values: dict[tuple[str, str], Decimal] = {}
    states: dict[tuple[str, str], str] = {}
    for item in one.submission.items:
        place = item.form, item.name
        if item.value is not None:
            values[place] = values[place] + item.value if place in values else item.value
        states.setdefault(place, item.state)
    return values, states


class _Detail:
    """The sheet of one form: three heading rows and the sum over all units, then the units."""

    def __init__(self, book: SummaryBook, columns: Sequence[Column], units: int) -> None:
        """`units`: how many rows are summed up, 0 where they don't fit on one sheet."""
        self.totals = [column.total for column in columns]
        self._book, self._columns, self._units = book, columns, units
        self.rows = Rows(book, columns[0].sheet, [*_WIDTHS, *[_ITEM_WIDTH] * len(columns)], self._head, pages_wide=0,
                         taken=True)

    def _head(self, rows: Rows) -> None:
        rows.wide(f"{self.totals[0].title}　各单位明细", "section", min(len(rows.widths), 8))
        _three_heads(rows, self._book, ["单位", "所属"], self._columns)
        rows.row([("合计", self._book.style("total")), (None, self._book.style("total")), *map(self._sum, self._columns)])
        rows.sheet.set_print_scale(_SCALE)
        rows.sheet.freeze_panes(rows.at, FIXED)
        rows.sheet.repeat_rows(1, rows.at - 1)
        rows.sheet.repeat_columns(0, FIXED - 1)

    def _sum(self, column: Column) -> Cell:
        total = column.total
        if total.value is None:
            return "—", self._book.style("total", align="center")
        style = self._book.style("total", **({} if total.kind == "amount" else {"num_format": "General"}))
        value = in_cell(total.value, total.kind)
        here = column.place(0, self._units - 1).rpartition("!")[2]
        return (Formula(f"=SUM({here})", value) if self._units else value), style


def _three_heads(rows: Rows, book: SummaryBook, fixed: Sequence[str], columns: Sequence[Column]) -> None:
    """The row of the form, its column, its unit."""
    head, totals = book.style("head"), [column.total for column in columns]
    _merged_heads(rows, book, fixed, [(column.total.form, column.label) for column in columns], 46)
    rows.row([*((None, head) for _ in fixed), *((total.column, head) for total in totals)], 30)
    rows.row([*((None, head) for _ in fixed), *(("万元" if total.kind == "amount" else "", head) for total in totals)])


def _merged_heads(rows: Rows, book: SummaryBook, fixed: Sequence[str], labels: Sequence[tuple[str, str]], height: float) -> None:
    """One heading row; a label that several columns share is written once over them."""
    head, at = book.style("head"), rows.at
    rows.sheet.set_row(at, height)
    for column, text in enumerate(fixed):
        rows.sheet.write_string(at, column, text, head)
    column = len(fixed)
    for (_, label), group in groupby(labels):
        last = column + len(list(group)) - 1
        if last > column:
            rows.sheet.merge_range(at, column, at, last, plain_text(label), head)
        else:
            rows.sheet.write_string(at, column, plain_text(label), head)
        column = last + 1
    rows.at += 1


def _chunks(totals: Sequence[Total], size: int) -> Iterator[Sequence[Total]]:
    return (totals[start:start + size] for start in range(0, len(totals), size))


# ---- sums of nodes -----------------------------------------------------------------------------------


def node_sheet(book: SummaryBook, result: Consolidation, columns: Columns) -> None:
    """A sum is a formula over the units of the node, which stand together on 明细."""
    chosen = list(columns.values())[:book.limits.columns - 2]
    if len(result.nodes) < 2 or not chosen:
        return
    lines = tree_lines(result)
    rows = Rows(book, BY_NODE, [34, 9, *[_ITEM_WIDTH] * len(chosen)],
                lambda rows: _node_head(rows, book, chosen), pages_wide=0)
    spans = _unit_spans(lines) if whole(book, result) else [(0, -1)] * len(lines)
    for line, span in zip(lines, spans, strict=True):
        if line.node:
            rows.row(list(_node_row(book, line, span, chosen)))
    rows.close(filtered=False)


def _node_head(rows: Rows, book: SummaryBook, columns: Sequence[Column]) -> None:
    rows.wide("分级合计（万元，精确数）", "section", min(len(rows.widths), 8))
    _merged_heads(rows, book, ["", ""], [(column.total.form, column.total.title) for column in columns], 24)
    _three_heads(rows, book, ["部门", "单位数"], columns)
    rows.sheet.set_print_scale(_SCALE)
    rows.sheet.freeze_panes(rows.at, 2)
    rows.sheet.repeat_rows(1, rows.at - 1)
    rows.sheet.repeat_columns(0, 1)


def _unit_spans(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """For each line the first and last unit of it, numbered as they come; (n, n − 1) for none."""
    before = [0]
    for line in lines:
        before.append(before[-1] + (line.unit is not None))
    return [(before[at], before[line.last + 1] - 1) for at, line in enumerate(lines)]


def _node_row(book: SummaryBook, line: Line, span: tuple[int, int], columns: Sequence[Column]) -> Iterator[Cell]:
    bold = {"bold": line.level == 0}
    yield line.name, book.style("text", text_wrap=False, indent=min(line.level, 8), **bold)
    yield line.node.units, book.style("number", **bold)
    found = {(total.form, total.name, total.kind): total.value for total in line.node.totals}
    for column in columns:
        total = column.total
        value = found.get((total.form, total.name, total.kind))
        if value is None:
            yield "—", book.style("muted")
            continue
        shown = in_cell(value, total.kind)
        yield (Formula(f"=SUM({column.place(*span)})", shown) if span[0] <= span[1] else shown,
               book.style("amount" if total.kind == "amount" else "count", **bold))
