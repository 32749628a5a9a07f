"""The clerk's words for items and values: labels as printed, amounts in the form's unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.catalog.model import Item as Model
from pyfuncs.catalog.submission import Item, Submission

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Words:
    """How to speak about what one unit filed."""

    ruleset: RuleSet
    submission: Submission

    def form(self, item: Item) -> Form:
        return self.ruleset.forms[item.form]

    def label(self, item: Item) -> str:
        """What the form prints for this item: row and column, or the cell's own label."""
        form, table = self.form(item), item.name.partition(".")[0]
        label = self.column_label(item)
        return f"{self._row_label(form, table, item)}·{label}" if table in form.tables else label

    def column_label(self, item: Item) -> str:
        """The label without the row of a table: 得分, not 数量指标“招商考察”·得分."""
        return _printed_label(self.form(item), item.name, self.submission.year, self.ruleset.prior)

    def _row_label(self, form: Form, table: str, item: Item) -> str:
        """A table row by its 二级指标 and its own name; by its number when it has none."""
        name = self.submission.item(form.form, f"{table}.{next(iter(form.tables[table].columns))}", item.instance, item.row)
        named = name is not None and name.state == "text" and not name.text.startswith("内容")
        words = f"“{clean(name.text, 20)}”" if named else "" if item.group else f"第 {item.row} 行"
        return tidy(_group_label(form, table, item.group) if item.group else "") + words

    def place(self, item: Item) -> str:
        """《基础数据表》D12「项目支出·2022 年预算数」"""
        sheet, _, address = item.cell.rpartition("!")
        return f"《{sheet}》{address}「{self.label(item)}」"

    def amount(self, value: Decimal, form: Form, places: int = 0) -> str:
        """An amount in 元 as the form prints it, unit included."""
        number = half_up(value / form.scale, max(form.decimals, places))
        return f"{number:,f} {form.unit}"

    def show(self, item: Item, value: Decimal | None = None) -> str:
        """A value of this item's kind as the form prints it."""
        value = item.value if value is None else value
        if value is None:
            return f"“{clean(item.text)}”" if item.text else "空"
        kind = self.kind(item)
        if kind == "amount":
            return self.amount(value, self.form(item), item.places)
        if kind == "rate":
            return percent(value, item.places)
        return f"{plain(value)} 分" if kind in ("points", "score") else plain(value)

    def kind(self, item: Item) -> str:
        return kind_on(self.ruleset.forms[item.form], item.name)

    def model(self, item: Item) -> Model | None:
        """What the rule set says of this cell; None for a text that a row prints outside the columns."""
        return _model(self.ruleset.forms[item.form], item.name)


@kept
def _printed_label(form: Form, name: str, year: str, prior: str) -> str:
    """The label of a cell, of a row and its column, or of a table's column."""

    def dated(words: str) -> str:                     # in one line, where the form breaks a long heading
        return words.replace("{year}", year).replace("{prior}", prior).replace("\n", "")

    first, _, column = name.partition(".")
    if first in form.tables:
        return dated(form.tables[first].columns[column].label)
    if first in form.all_rows():
        shown, words = form.columns.get(column), tidy(form.all_rows()[first].label)
        return f"{words}·{dated(shown.label)}" if shown else words
    cell = form.all_cells().get(first)
    return dated(cell.label or first) if cell else name


@kept
def kind_on(form: Form, name: str) -> str:
    """What kind of value an item of the form has."""
    model = _model(form, name)
    return model.type if model else "text"


@kept
def _model(form: Form, name: str) -> Model | None:
    first, _, column = name.partition(".")
    if first in form.tables:
        return form.tables[first].columns[column]
    return form.columns.get(column) if first in form.all_rows() else form.all_cells()[first]


def _group_label(form: Form, table: str, leaf: str) -> str:
    groups, found = form.tables[table].groups, None
    for name in form.leaf_groups(table).get(leaf, ()):
        found, groups = groups[name], groups[name].groups
    return re.sub(r"（\d+分?）$", "", found.label) if found and found.label else leaf


def tidy(label: str) -> str:
    """A label as one says it: without numbering, 其中： and the colon at its end."""
    words = re.sub(r"^(?:[一二三四五六七八九十]+、|\d+、|（\d+）|资金(?:来源|结构)：|其中\s*[:：])\s*", "", label.strip())
    words = re.sub(r"^(?:（\d+）|其中\s*[:：])\s*", "", words)
    return re.sub(r"[(（]一个(?:项目|专项)一行[)）]$", "", words).rstrip(":： ").strip() or label


def clean(text: str, limit: int = 40) -> str:
    """Text from a workbook, safe to show: no control or direction characters, not endless."""
    shown = _CONTROL.sub(" ", text).strip()
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def truncated(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_DOWN)


def percent(ratio: Decimal, places: int) -> str:
    return f"{half_up(ratio * 100, places):f}%"


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
