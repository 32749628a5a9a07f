"""Which part of a sheet each thing of a form takes up, for finding two things in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyfuncs.catalog.model import COLUMNS_PATTERN, RANGE_PATTERN, Form, Table


@dataclass(frozen=True)
class Box:
    """Columns and rows, both ends included; `path` leads from the form to where it is written."""

    name: str
    path: tuple[str | int, ...]
    left: int
    right: int
    top: int
    bottom: int

    def meets(self, other: Box) -> bool:
        return (self.left <= other.right and other.left <= self.right
                and self.top <= other.bottom and other.top <= self.bottom)


def body_boxes(form: Form) -> list[Box]:
    """Everything whose address counts from the first row of the form's grid."""
    boxes = [_at(f"文字“{label.text}”（{at}）", ("labels", at), at) for at, label in form.labels.items()]
    boxes += [_at(f"单元格“{name}”（{cell.at}）", ("cells", name, "at"), cell.at)
              for name, cell in form.cells.items()]
    boxes += _grid(form)
    details = {row.detail for row in form.all_rows().values()}
    for name, table in form.tables.items():
        if table.start is not None and name not in details:
            boxes += _table(name, table, table.start)
    return boxes


def tail_boxes(form: Form) -> list[Box]:
    """Everything below the last row; row 1 is the first row below."""
    labels = [_at(f"表尾文字“{label.text}”（{at}）", ("tail", "labels", at), at)
              for at, label in form.tail.labels.items()]
    return labels + [_at(f"表尾单元格“{name}”（{cell.at}）", ("tail", "cells", name, "at"), cell.at)
                     for name, cell in form.tail.cells.items()]


def _grid(form: Form) -> Iterator[Box]:
    """Column headings and rows; detail rows push what stands below them down, so they take no room here."""
    if form.start is None or not form.rows:
        return
    rows = list(form.all_rows().values())
    for name, column in form.columns.items():
        yield _columns(f"列“{name}”（{column.at}）", ("columns", name, "at"), column.at,
                       max(form.start - 1, 1), form.start + len(rows) - 1)
    yield _columns("各行的名称", ("label_at",), form.label_at, form.start, form.start + len(rows) - 1)
    if form.indicators:
        for key in ("levels", "points_at"):
            for span in getattr(form.indicators, key):
                yield _columns(f"指标的{'名称' if key == 'levels' else '分值'}列（{span}）", ("indicators", key), span,
                               form.start, form.start + len(rows) - 1)
    for line, row in enumerate(rows, form.start):
        for column in row.fixed:
            if column not in form.columns and COLUMNS_PATTERN.match(column):
                yield _columns(f"行“{row.id}”印在 {column} 列的内容", ("rows",), column, line, line)


def _table(name: str, table: Table, start: int) -> Iterator[Box]:
    """Rows that the unit adds push down what stands below: a table takes the rows of its empty template."""
    last = start + table.least_rows - 1
    for column_name, column in table.columns.items():
        if column.at is not None:
            yield _columns(f"表“{name}”的列“{column_name}”（{column.at}）",
                           ("tables", name, "columns", column_name, "at"), column.at, start, last)
    for level in table.levels:
        yield _columns(f"表“{name}”的指标名称列（{level}）", ("tables", name, "levels"), level, start, last)
    if table.points_at:
        yield _columns(f"表“{name}”的分值列（{table.points_at}）", ("tables", name, "points_at"), table.points_at,
                       start, last)
    if table.side_at:
        yield _columns(f"表“{name}”旁边的竖排文字（{table.side_at}）", ("tables", name, "side_at"), table.side_at,
                       max(start - 1, 1), last)


def _at(name: str, path: tuple[str | int, ...], at: str) -> Box:
    left, top, right, bottom = RANGE_PATTERN.match(at).groups()
    return Box(name, path, _number(left), _number(right or left), int(top), int(bottom or top))


def _columns(name: str, path: tuple[str | int, ...], span: str, top: int, bottom: int) -> Box:
    left, right = COLUMNS_PATTERN.match(span).groups()
    return Box(name, path, _number(left), _number(right or left), top, bottom)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
