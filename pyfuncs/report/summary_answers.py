"""Sheets 不能相加的项目 (which, and why) and 各单位所填 (what each unit wrote there): listed, never dropped."""

from __future__ import annotations

from collections.abc import Iterator

from pyfuncs.catalog.submission import Item
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import Consolidation, Listed, UnitLine
from pyfuncs.report.naming import LONGEST_CELL
from pyfuncs.report.summary_book import Rows, SummaryBook

LISTED, ANSWERS = "不能相加的项目", "各单位所填"
_HEADINGS = ["表", "项目", "栏目", "为什么不能相加", "几个单位填了"]
_ANSWERED = ["表", "项目", "栏目", "单位", "第几张", "所填", "单元格"]


def listed_sheet(book: SummaryBook, result: Consolidation) -> None:
    rows = Rows(book, LISTED, [34, 44, 24, 34, 14], _listed_head)
    for one in result.listed:
        rows.grown([(one.title, "text"), (one.label, "text"), (one.column, "text"), (one.reason, "text"), (one.filed, "number")])
    rows.close(nothing="没有不能相加的项目")


def _listed_head(rows: Rows) -> None:
    rows.wide(LISTED, "title")
    rows.wide(f"文字、比率、得分等不能相加；各单位写了什么，见“{ANSWERS}”", "line")
    rows.headings(_HEADINGS)


class Answers:
    """Sheet 各单位所填, written as the units come: a row for each item, its table rows one below the other."""

    def __init__(self, book: SummaryBook, result: Consolidation) -> None:
        self._listed = {(one.form, one.name): one for one in result.listed}
        self._rows = Rows(book, ANSWERS, [30, 36, 20, 30, 8, 60, 20], lambda rows: rows.headings(_ANSWERED, 1))
        text = book.style("text")
        self._styles = [text, text, text, text, book.style("center"), text, text]

    def add(self, unit: UnitLine, one: Filed) -> None:
        for listed, items in self._by_item(one):
            answers = [_answer(item) for item in items]
            whole = "\n".join(answers)
            for text in [whole] if len(whole) <= LONGEST_CELL else answers:
                instance = items[0].instance if items[0].instance > 1 else ""
                values = [listed.title, listed.label, listed.column, unit.unit, instance, text, items[0].cell]
                self._rows.row(list(zip(values, self._styles)), self._rows.height(values))

    def _by_item(self, one: Filed) -> Iterator[tuple[Listed, list[Item]]]:
        found: dict[tuple[str, str, int], list[Item]] = {}
        for item in one.submission.items:
            if (item.form, item.name) in self._listed and item.text.strip():
                found.setdefault((item.form, item.name, item.instance), []).append(item)
        return ((self._listed[form, name], items) for (form, name, _), items in found.items())

    def close(self) -> None:
        self._rows.close(nothing="各单位都没有填")


def _answer(item: Item) -> str:
    return f"{item.row}. {item.text.strip()}" if item.row else item.text.strip()
