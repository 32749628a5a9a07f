"""What is to be typed into a template: texts exactly as a unit printed them, by item.

    ruleset: 430400/2022
    entity: 衡阳市投资促进事务中心
    forms:
      基础数据:                                                   # or a list of one
        cells: {编制数: "15"}
        rows: {公用经费: ["156.75", "303.01", "69.72"]}        # in the order of the form's columns
        fixed: {财政拨款: {F: "10"}}                            # typed over fixed texts
        tables: {业务明细: [[名称, "18", "18", "18"]], 指标: {数量指标: [[…], …]}}
      项目: [{…}, {…}]                                          # one mapping per sheet
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyfuncs.catalog.load import load_ruleset, read_marked
from pyfuncs.catalog.marks import Mark, Problem, RuleSetError, mark_of
from pyfuncs.catalog.model import Form, Group, RuleSet, Table
from pyfuncs.workbook.places import Shape, Slot, covered_columns


@dataclass(frozen=True)
class Filling:
    """Texts by slot, and the shape that holds them. An empty text is a cell left blank."""

    ruleset: str
    entity: str = ""
    typed: dict[Slot, str] = field(default_factory=dict)
    shape: Shape = Shape()


def load_filling(path: Path) -> Filling:
    """Read a filling's YAML. Raises RuleSetError with file and line of everything that does not fit."""
    raw = read_marked(path, path.name)
    top = Mark(path.name, 1)
    if not isinstance(raw, dict) or not isinstance(raw.get("ruleset"), str):
        raise RuleSetError([Problem(top, "第一层要写 ruleset、entity、forms，例如 ruleset: 430400/2022")])
    return parse_filling(load_ruleset(raw["ruleset"]), raw, top)


def parse_filling(ruleset: RuleSet, raw: Any, top: Mark) -> Filling:
    """A filling from marked data. Raises RuleSetError with every name or row that does not fit."""
    reader = _Reader(ruleset, raw, top)
    reader.read()
    if reader.problems:
        raise RuleSetError(reader.problems)
    return Filling(ruleset.id, raw.get("entity", ""), reader.typed, Shape(reader.projects, reader.rows))


class _Reader:
    def __init__(self, ruleset: RuleSet, raw: Any, top: Mark) -> None:
        self.ruleset, self.raw, self.top = ruleset, raw, top
        self.typed: dict[Slot, str] = {}
        self.rows: dict[tuple[str, int, str], int] = {}
        self.projects = 1
        self.problems: list[Problem] = []

    def read(self) -> None:
        list(self._known((), self.raw, ("ruleset", "entity", "forms"), "键"))
        for name, sheets in self._known(("forms",), self.raw.get("forms", {}), self.ruleset.forms, "表单"):
            form = self.ruleset.forms[name]
            listed = sheets if isinstance(sheets, list) else [sheets]
            if form.instances == "one" and len(listed) > 1:
                self._tell(("forms", name), f"表单“{name}”只有一张，这里写了 {len(listed)} 张")
                continue
            for index, sheet in enumerate(listed):
                path = ("forms", name, index) if isinstance(sheets, list) else ("forms", name)
                self._form(path, form, index + 1, sheet)
            if form.instances == "many":
                self.projects = max(self.projects, len(listed))

    def _form(self, path: tuple, form: Form, instance: int, sheet: Any) -> None:
        for part, data in self._known(path, sheet, ("cells", "rows", "fixed", "tables"), "键"):
            here = (*path, part)
            if part == "cells":
                for name, text in self._known(here, data, form.all_cells(), "单元格"):
                    self._type((*here, name), Slot(form.form, instance, name), text)
            elif part == "rows":
                for name, texts in self._known(here, data, form.all_rows(), "行"):
                    self._row((*here, name), form, instance, name, texts)
            elif part == "fixed":
                self._fixed(here, form, instance, data)
            else:
                for name, data_rows in self._known(here, data, form.tables, "表"):
                    self._table((*here, name), form, instance, name, data_rows)

    def _row(self, path: tuple, form: Form, instance: int, name: str, texts: Any) -> None:
        """Texts for the amounts of a row, for all its columns, or for those that are named."""
        if isinstance(texts, dict):
            for column, text in self._known(path, texts, form.columns, "列"):
                self._type((*path, column), Slot(form.form, instance, f"{name}.{column}"), text)
            return
        every = list(form.columns)
        amounts = [column for column in every if form.columns[column].type in ("amount", "count")]
        columns = next((names for names in (every, amounts) if _length(texts) == len(names)), None)
        if columns is None:
            self._tell(path, f"行“{name}”要有 {len(amounts)} 个数（{'、'.join(amounts)}），这里是 {_length(texts)} 个")
            return
        for column, text in zip(columns, texts):
            self._type(path, Slot(form.form, instance, f"{name}.{column}"), text)

    def _fixed(self, path: tuple, form: Form, instance: int, data: Any) -> None:
        for name, texts in self._known(path, data, form.all_rows(), "行"):
            fixed = form.all_rows()[name].fixed
            for column, text in self._known((*path, name), texts, fixed, "列"):
                self._type((*path, name, column), Slot(form.form, instance, f"{name}.{column}"), text)

    def _table(self, path: tuple, form: Form, instance: int, name: str, data: Any) -> None:
        table = form.tables[name]
        if not table.groups:
            self._rows(path, form, instance, name, "", 0, data)
            self.rows[form.form, instance, name] = _length(data)
            return
        groups = dict(self._known(path, data, form.leaf_groups(name), "二级指标"))
        ordinal = 0
        for leaf, steps in form.leaf_groups(name).items():
            self._rows((*path, leaf), form, instance, name, leaf, ordinal, groups.get(leaf, []))
            self.rows[form.form, instance, leaf] = _length(groups.get(leaf, []))
            ordinal += max(_length(groups.get(leaf, [])), _group(table, steps).least_rows)

    def _rows(self, path: tuple, form: Form, instance: int, name: str, leaf: str, ordinal: int,
              data: Any) -> None:
        table = form.tables[name]
        columns = [(column, item) for column, item in table.columns.items() if item.at]
        covered = covered_columns(table, table.groups[form.leaf_groups(name)[leaf][0]]) if leaf else ()
        for index, texts in enumerate(data if isinstance(data, list) else []):
            here = (*path, index)
            if _length(texts) != len(columns):
                names = "、".join(column for column, _ in columns)
                self._tell(here, f"每行要有 {len(columns)} 项（{names}），这里是 {_length(texts)} 项；没有的写 \"\"")
                continue
            for (column, item), text in zip(columns, texts):
                if column in covered and text:
                    self._tell(here, f"“{leaf}”的“{column}”由表样印好，不能填；这里写 \"\"")
                elif item.per == "row" or index == 0:
                    slot = Slot(form.form, instance, f"{name}.{column}", ordinal + index + 1, leaf)
                    self._type(here, slot, text)

    def _type(self, path: tuple, slot: Slot, text: Any) -> None:
        if not isinstance(text, str):
            self._tell(path, "这里应是照表上所印写的文字，例如 \"68.54%\"")
        elif text:
            self.typed[slot] = text

    def _known(self, path: tuple, data: Any, known: Iterable[str], what: str) -> Iterator[tuple[str, Any]]:
        """Entries whose key there is; the others are told, with near matches."""
        if not isinstance(data, dict):
            self._tell(path, "这里应是“键: 值”的一组")
            return
        names = list(known)
        for key, value in data.items():
            if key in names:
                yield key, value
                continue
            near = difflib.get_close_matches(key, names, n=3, cutoff=0.5)
            hint = f"是不是想写 {'、'.join(near)}？" if near else f"可以写：{'、'.join(names) or '（没有）'}"
            self._tell((*path, key), f"没有叫“{key}”的{what}；{hint}")

    def _tell(self, path: tuple, message: str) -> None:
        self.problems.append(Problem(mark_of(self.raw, path, self.top), message))


def _length(data: Any) -> int:
    return len(data) if isinstance(data, list) else 0


def _group(table: Table, steps: tuple[str, ...]) -> Group:
    groups = table.groups
    for step in steps[:-1]:
        groups = groups[step].groups
    return groups[steps[-1]]
