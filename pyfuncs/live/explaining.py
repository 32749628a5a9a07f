"""说明: how the figure in the selected cell arises, or what the form wants there, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pyfuncs.catalog.explain import explain
from pyfuncs.catalog.explain_tree import Account, figure_tree, grade_trees, item_tree
from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.model import Cell
from pyfuncs.catalog.refs import home_of, printings
from pyfuncs.catalog.submission import Item
from pyfuncs.consolidate.filed import Filed
from pyfuncs.live.command import command
from pyfuncs.live.reading import opened, read
from pyfuncs.methods.tree import Node
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.mark import by_cell, note_of
from pyfuncs.workbook.names import ENTITY
from pyfuncs.workbook.places import Place, Shape

if TYPE_CHECKING:
    from xlwings import Book

_MOST_LINES = 40                                      # a message box that is taller hides its own button
_PRINTED = ["这一格是表样印好的，不用填。"]
_INNER = ("  名称：", "  汇总：")                      # facts for the authors of rule sets


@command
def explain_cell(book: Book | None) -> str:
    """What the selected cell is about, with the figures of this workbook."""
    selected = opened(book).app.selection
    if selected is None:
        return "请先选中一个单元格。"
    sheet, cell = selected.sheet.name, selected(1, 1).address.replace("$", "")
    filed = read(book)
    lines = [*_wrong(filed, sheet, cell), *_about(filed, sheet, cell)]
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], "……"]
    return "\n".join([f"《{sheet}》{cell}", *lines])


def _wrong(filed: Filed, sheet: str, cell: str) -> Iterator[str]:
    listed = by_cell(sheet, filed.findings).get(cell)
    if listed:
        yield from ("审核意见：", *note_of(listed).split("\n"), "")


def _about(filed: Filed, sheet: str, cell: str) -> list[str]:
    item = next((item for item in filed.submission.items if item.cell == f"{sheet}!{cell}"), None)
    if item is not None:
        return _item(filed, item)
    place = _help_place(filed, sheet, cell)
    if place is not None and place.slot and place.slot.name == ENTITY:
        return [place.prompt]
    if place is None or place.rule is None:
        return _PRINTED
    return _figure(filed, place.slot.name, place.slot.instance)


def _item(filed: Filed, item: Item) -> list[str]:
    ruleset, place = filed.ruleset, (item.form, item.name)
    form = ruleset.forms[item.form]
    model = form.all_cells().get(item.name)
    key = GRADE if isinstance(model, Cell) and model.grade else next(
        (key for key, where in printings(ruleset) if where == place), "")
    if key:
        home = home_of(ruleset, ruleset.total if key == GRADE else key)
        return _figure(filed, key, item.instance if home else 0)
    row, _, column = item.name.partition(".")
    if row in form.all_rows() and column not in form.columns:
        return _PRINTED
    facts = explain(ruleset, f"{item.form}!{item.name}").partition("\n\n")[0].split("\n")
    tree = next(item_tree(Account(ruleset, submission=filed.submission), f"{item.form}!{item.name}", item.form, item.instance))
    return [*(line for line in facts if not line.startswith(_INNER)), *_short(tree)]


def _figure(filed: Filed, key: str, instance: int) -> list[str]:
    """A rate, a score, a total or the grade, with the figures next behind it."""
    account = Account(filed.ruleset, submission=filed.submission)
    if key == GRADE:
        return _short(next(islice(grade_trees(account), max(instance - 1, 0), None)))
    return _short(figure_tree(account, key, instance))


def _short(tree: Node) -> list[str]:
    """A tree without what lies deeper than its first branches: whole ones need letters of one width."""
    return [tree.text, *(f"　{note}" for note in tree.notes), *(f"　· {branch.text}" for branch in tree.children)]


def _help_place(filed: Filed, sheet: str, cell: str) -> Place | None:
    """The template's cell on the cover or on 计算过程, in a workbook with as many project sheets."""
    many = [form for form in filed.ruleset.forms.values() if form.instances == "many"]
    projects = max((len(filed.submission.instances(form.form)) for form in many), default=1)
    sheets = {each.name: each for each in layout(filed.ruleset, Shape(max(projects, 1))).sheets if each.form is None}
    places = sheets[sheet].places if sheet in sheets else ()
    return next((place for place in places if place.box.cell == cell), None)
