"""Typed model of a form (表单): what is printed where, and which items its cells hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from pyfuncs.catalog.fields import (At, Consolidate, Count, DEFAULT_CONSOLIDATE, Flag, Id, ItemType, Model, Number,
                                    Readings, Span, Status)
from pyfuncs.catalog.kept import kept


class Label(Model):
    """A fixed text printed on the form. Placeholders: {year}, {prior}, {entity}."""

    text: str
    align: Literal["left", "center", "right"] = "center"
    bold: Flag = False
    vertical: Flag = False
    size: Count | None = None
    open: Literal["", "left", "right"] = ""           # side without a border: label and number read as one cell


def _label(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Text = Annotated[Label, BeforeValidator(_label)]


class Line(Model):
    """A line above or below the grid, without borders: 填报单位, 单位, signatures."""

    at: Span
    text: str
    align: Literal["left", "center", "right"] = "left"
    row: Count = 1


class Item(Model):
    """What a cell holds, wherever it stands."""

    type: ItemType
    label: str = ""
    aliases: list[str] = []
    required: Flag = False
    consolidate: Consolidate | None = None
    decimals: Count | None = None                     # else the form's (amounts) or the rate's
    signed: Flag = False                              # may be negative: 当年结余, 预算调整数
    help: str = ""                                    # input prompt shown to the clerk

    @property
    def consolidation(self) -> Consolidate:
        return self.consolidate or DEFAULT_CONSOLIDATE[self.type]


class Cell(Item):
    """A single item at an address of its own."""

    at: At
    rate: str = ""                                    # the rate printed here
    score: str = ""                                   # the score printed here
    grade: Flag = False                               # the grade of the total is printed here
    formula: str = ""                                 # a total or an odd item
    fixed: str = ""                                   # printed by the form itself, not to be filled
    preset: str = ""                                  # stands in an empty template; {entity}: the cover's name
    max: str = ""                                     # cell holding the points this score may not exceed
    equals: Number | None = None                      # what the formula must come to (weights: 100)
    suffix: str = ""                                  # 万元: shown behind the number in the same cell
    open: Literal["", "left", "right"] = ""
    align: Literal["", "left", "center", "right"] = ""


class Column(Item):
    """A column of the grid; row × column = item."""

    at: Span
    period: Literal["0", "-1"] = "0"
    stage: Literal["", "年初", "调整后", "决算"] = ""
    max: str = ""                                     # column of points that this score may not exceed
    required_if: str = ""                             # 得分 < 分值 ⇒ a reason, in the row's own columns


class Row(Model):
    id: Id
    label: str
    aliases: list[str] = []
    indent: Count = 0
    parts: Literal["exact", "within", "none"] = "none"
    rows: list[Row] = []
    detail: str = ""                                  # a table whose rows stand below this one
    group: list[Id] = []                              # 一级 and 二级指标 it stands under, on a score sheet
    rates: dict[str, str] = {}                        # column -> rate printed there
    scores: dict[str, str] = {}                       # column -> score printed there
    fixed: dict[str, str] = {}                        # column -> text printed there (——: not applicable)
    align: Literal["left", "center"] = "left"
    height: Count | None = None
    signed: Flag = False                              # its numbers may be negative: 追减


class Group(Model):
    """一级 or 二级指标: a run of rows of a table, with its points."""

    label: str = ""
    points: Readings | Number | None = None
    groups: dict[Id, Group] = {}
    preset: list[str] = []                            # texts of the first column, one per row
    rows: Count = 1                                   # rows in an empty template
    note: Annotated[Label | None, BeforeValidator(_label)] = None
    note_over: Span | None = None                     # columns the note covers, over the whole group

    @property
    def least_rows(self) -> int:
        """Rows in an empty template."""
        own = max(self.rows, len(self.preset), 1)
        return sum(group.least_rows for group in self.groups.values()) or own

    @property
    def readings(self) -> list[Decimal]:
        if self.points is None:
            return []
        return list(self.points.any) if isinstance(self.points, Readings) else [self.points]


class TableColumn(Item):
    at: Span | None = None                            # None: not on the sheet, known from the group (分值)
    per: Literal["row", "group"] = "row"              # group: one merged cell per 二级指标
    formula: str = ""                                 # worked out row by row, over columns of the same row
    sign: str = ""                                    # of a target in three cells: column of ≥, =, ≤
    measure: str = ""                                 # and column of its unit (度量单位)
    max: str = ""
    required_if: str = ""                             # 得分 < 分值 ⇒ a reason
    align: Literal["left", "center"] = "center"


class Judging(Model):
    """How an indicator scores: met in full, else in proportion (正向, 反向); words by the band they name."""

    achieved: Number = Decimal("0.8")                 # 达成: from this share of the points (含) up
    partly: Number = Decimal("0.6")                   # 部分达成: from this share (含); 未达成 below it
    over: Number | None = None                        # result this far above its target (0.3: 30%) …
    deduct: Number | None = None                      # … loses so many points
    status: Status
    source: str = ""


class Table(Model):
    """Rows the unit adds. Identity of a row: sheet + table + ordinal."""

    start: Count | None = None                        # None: stands below the row that names it as detail
    columns: dict[Id, TableColumn]
    levels: list[Span] = []                           # columns of the 一级, 二级 labels
    points_at: Span | None = None                     # column that prints the points of 一级指标
    groups: dict[Id, Group] = {}
    rows: Count = 3                                   # rows in an empty template, without groups
    preset: list[str] = []                            # texts of the first column, one per row, without groups
    judging: Judging | None = None                    # how its indicators are scored by target and result
    side: Annotated[Label | None, BeforeValidator(_label)] = None
    side_at: Span | None = None                       # column of the label along the table, header row included
    min: Count = 0

    @property
    def least_rows(self) -> int:
        """Rows in an empty template, without the narrow rows that keep ranges growing."""
        own = max(self.rows, self.min, len(self.preset), 1)
        return sum(group.least_rows for group in self.groups.values()) or own

    @model_validator(mode="after")
    def _levels_match(self) -> Table:
        if self.groups and not self.levels:
            raise ValueError("有 groups 就要写 levels（一级、二级指标所在的列），例如 [B, C]")
        return self


class Indicators(Model):
    """A score sheet (评分表): one row of the grid for each score that stands in one of `groups`.

    The rows are made from the rule set's scores, in the order of `groups` and then of scoring.yaml; `points`,
    `standard`, `note`, `value` and `score` name the columns of the grid that print them ("" = not printed).
    """

    groups: dict[Id, Number]                          # 一级指标 -> its points
    labels: dict[Id, str] = {}                        # 一级, 二级指标 -> how it is printed, where not by its name
    levels: list[Span]                                # columns of the 一级, 二级 labels
    points_at: list[Span] = []                        # columns of their points
    points: Id                                        # 分值
    score: Id                                         # 得分
    standard: str = ""                                # 评价标准
    note: str = ""                                    # 指标说明
    value: str = ""                                   # the rate the score is worked out from


class Tail(Model):
    """What stands below the last row; row 1 = the first row below."""

    labels: dict[At, Text] = {}
    cells: dict[Id, Cell] = {}
    heights: dict[str, Number] = {}


class Page(Model):
    orientation: Literal["portrait", "landscape"] = "portrait"


def _details(rows: Any) -> list[str]:
    """Names of the tables that rows of raw data mention as their detail."""
    found = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            found += [row["detail"]] if row.get("detail") else []
            found += _details(row.get("rows"))
    return found


class Form(Model):
    """A form (表单). Addresses count from the first row of its grid; title and lines stand above."""

    form: Id
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,6}\d?$")]
    title: str
    annex: str = ""
    sheet: str                                        # 项目{n} for repeated sheets
    instances: Literal["one", "many"] = "one"
    key: str = ""                                     # cell that names an instance
    unit: Literal["元", "万元"]
    decimals: Count = 2
    page: Page = Page()
    widths: dict[str, Number]
    head: list[Line] = []
    foot: list[Line] = []
    start: Count | None = None                        # first row of the grid of rows × columns
    label_at: Span = "A"
    heights: dict[str, Number] = {}                   # row (of the grid) -> points
    labels: dict[At, Text] = {}
    cells: dict[Id, Cell] = {}
    columns: dict[Id, Column] = {}
    rows: list[Row] = []
    indicators: Indicators | None = None              # a score sheet: rows are made from the scores
    tables: dict[Id, Table] = {}
    tail: Tail = Tail()

    @model_validator(mode="before")
    @classmethod
    def _details_share_columns(cls, data: Any) -> Any:
        """A detail table has the columns of the grid it stands in; only its name column is its own."""
        tables, columns = (data.get("tables"), data.get("columns")) if isinstance(data, dict) else (None, None)
        if not isinstance(tables, dict) or not isinstance(columns, dict):
            return data
        grid = {name: {"at": column.get("at"), "label": column.get("label", ""), "type": column.get("type"),
                       "consolidate": "none"}
                for name, column in columns.items() if isinstance(column, dict)}
        shared = {name: {**tables[name], "columns": {**(tables[name].get("columns") or {}), **grid}}
                  for name in _details(data.get("rows")) if isinstance(tables.get(name), dict)}
        return {**data, "tables": {**tables, **shared}} if shared else data

    @property
    def scale(self) -> Decimal:
        """元 per unit of this form."""
        return Decimal(10000) if self.unit == "万元" else Decimal(1)

    def all_cells(self) -> dict[str, Cell]:
        return self._cells_by_id

    @cached_property
    def _cells_by_id(self) -> dict[str, Cell]:
        return {**self.cells, **self.tail.cells}

    def all_rows(self) -> dict[str, Row]:
        return self._rows_by_id

    @cached_property
    def _rows_by_id(self) -> dict[str, Row]:
        found: dict[str, Row] = {}

        def walk(rows: list[Row]) -> None:
            for row in rows:
                found[row.id] = row
                walk(row.rows)

        walk(self.rows)
        return found

    @kept
    def printed_text(self, name: str) -> str:
        """What the form itself prints in the item `name` (cell or row.column), "" where the unit fills it."""
        first, _, column = name.partition(".")
        cell, row = self.all_cells().get(first), self.all_rows().get(first)
        if cell is not None:
            return cell.fixed
        return row.fixed.get(column, "") if row is not None else ""

    def rows_in(self, group: str = "") -> tuple[str, ...]:
        """Rows of a score sheet under a 一级 or 二级指标, all of them without one; none on other forms."""
        if self.indicators is None:
            return ()
        return tuple(row.id for row in self.rows if not group or group in row.group)

    def leaf_groups(self, table: str) -> dict[str, tuple[str, ...]]:
        """Leaf group id -> path of group ids from the top, in printed order."""
        return self._leaves[table]

    @cached_property
    def _leaves(self) -> dict[str, dict[str, tuple[str, ...]]]:
        def walk(groups: dict[str, Group], path: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
            for name, group in groups.items():
                if group.groups:
                    yield from walk(group.groups, (*path, name))
                else:
                    yield name, (*path, name)

        return {name: dict(walk(table.groups, ())) for name, table in self.tables.items()}
