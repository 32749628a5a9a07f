"""Sums a form must satisfy: parts against totals, blank totals, totals by formula, weights."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.environment import Scope, items_behind
from pyfuncs.catalog.figures import formula_value, parts_of
from pyfuncs.catalog.kinds import KINDS
from pyfuncs.catalog.model import Cell, Form, Row
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import plain
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.language import references


def check_sums(context: Context) -> Iterator[Finding]:
    for form in context.ruleset.forms.values():
        for instance in context.submission.instances(form.form):
            for row in form.all_rows().values():
                if row.parts != "none" or row.detail:
                    yield from _row(context, form, row, instance)
            blank: list[tuple[Item, Decimal]] = []
            for name, cell in form.all_cells().items():
                if cell.formula:
                    yield from _total(context, form, name, cell, instance, blank)
            if blank:
                yield _blank_totals(context, blank)
            for name, table in form.tables.items():
                for column, model in table.columns.items():
                    if model.formula:
                        yield from _row_totals(context, form, name, column, model.formula, instance)


def _row(context: Context, form: Form, row: Row, instance: int) -> Iterator[Finding]:
    blank: list[Item] = []
    for column, model in form.columns.items():
        if model.type not in ("amount", "count"):
            continue
        total = context.submission.item(form.form, f"{row.id}.{column}", instance)
        parts = parts_of(context.submission, form.form, row, column, instance)
        filled = [part for part in parts if part.value is not None]
        if total is None:
            continue
        if words := context.unreadable([total, *parts]):
            yield context.waits_for(f"parts:{form.form}!{row.id}", words, KINDS["parts"].words)
        elif total.value is None:
            blank += [total] if filled and total.left_blank else []
        elif filled:
            yield from _exact(context, row, total, filled) if row.parts != "within" else _within(context, row, total, filled)
        elif parts and total.value:
            yield context.finding(
                f"parts:{form.form}!{row.id}", "note", [total],
                f"{context.place(total)}填了 {context.show(total)}，它下面的各行都没有数。", advice="有明细的请补填各行。")
    if blank:
        yield context.finding(
            f"blank-parent:{form.form}!{row.id}", "warning", blank,
            f"{context.place(blank[0])}{'等 ' + str(len(blank)) + ' 格' if len(blank) > 1 else ''}没有填，它下面的各行却有数。",
            advice="请填上这一行的合计数；没有发生的填 0。", alike=True)


def _exact(context: Context, row: Row, total: Item, parts: list[Item]) -> Iterator[Finding]:
    expected = sum((part.value for part in parts), Decimal(0))
    yield from compare(context, f"parts:{total.form}!{row.id}", total, expected, parts,
                       "应等于各项之和", "请核对合计和下面各行，改正填错的一处。")


def _within(context: Context, row: Row, total: Item, parts: list[Item]) -> Iterator[Finding]:
    above = sum((part.value for part in parts), Decimal(0))
    if above - total.value > context.tail([total, *parts]):
        yield context.finding(
            f"parts:{total.form}!{row.id}", "error", [total, *parts],
            f"{context.place(total)}{context.show(total)}，小于其中各项之和 {context.show(total, above)}，"
            f"少 {context.show(total, above - total.value)}。",
            advice="“其中”各行不能超过合计，请核对后改正。", expected=f"≥ {context.show(total, above)}",
            actual=context.show(total), delta=context.show(total, total.value - above))


def compare(context: Context, key: str, total: Item, expected: Decimal, parts: list[Item], words: str,
            advice: str) -> Iterator[Finding]:
    """A printed total against the sum of its parts: equal, a rounding tail, or wrong."""
    delta = total.value - expected
    if delta == 0:
        return
    amounts = context.kind(total) == "amount"
    small = amounts and abs(delta) <= context.tail([total, *parts])
    more = f"{'多' if delta > 0 else '少'} {context.show(total, abs(delta))}"
    yield context.finding(
        key, "rounding" if small else "error", [total, *parts],
        f"{context.place(total)}{context.show(total)}，{words} {context.show(total, expected)}，{more}。",
        advice="只差在四舍五入，可以不改；能用更细的数请改成一致。" if small else advice,
        expected=context.show(total, expected), actual=context.show(total), delta=context.show(total, delta))


def _blank_totals(context: Context, blank: list[tuple[Item, Decimal]]) -> Finding:
    """Totals of one sheet that were left empty, told together."""
    first, expected = blank[0]
    others = f"等 {len(blank)} 格" if len(blank) > 1 else ""
    should = "；".join(f"{item.cell.rpartition('!')[2]} 应为 {context.show(item, value)}" for item, value in blank)
    return context.finding(
        f"total:{first.form}!{first.name}", "warning", [item for item, _ in blank],
        f"{context.place(first)}{others}没有填，按各项{should if others else '应为 ' + context.show(first, expected)}。",
        advice="请填上合计数。", expected=context.show(first, expected), alike=bool(others))


def _total(context: Context, form: Form, name: str, cell: Cell, instance: int,
           blank: list[tuple[Item, Decimal]]) -> Iterator[Finding]:
    key, total = f"total:{form.form}!{name}", context.submission.item(form.form, name, instance)
    scope = Scope(form=form.form, instance=instance)
    expected = formula_value(context.ruleset, context.submission, cell.formula, scope)
    if total is None or not isinstance(expected, Decimal):
        return
    behind = [item for ref in references(cell.formula)
              for item in items_behind(context.ruleset, context.submission, ref, scope)]
    parts = [item for item in behind if item.value is not None]
    if words := context.unreadable([total, *behind]):
        yield context.waits_for(key, words, KINDS["total"].words)
    elif cell.equals is not None and expected != cell.equals:
        printed = f"，本格填 {context.show(total)}" if total.value is not None and total.value != expected else ""
        yield context.finding(
            f"equals:{form.form}!{name}", "error", [total, *parts],
            f"{context.place(total)}应为 {plain(cell.equals)}，各项{_what(cell)}之和却是 {plain(expected)}"
            f"（{' + '.join(plain(part.value) for part in parts)}）{printed}。",
            advice=f"请调整各项{_what(cell)}，使合计等于 {plain(cell.equals)}。", expected=plain(cell.equals),
            actual=plain(expected), delta=plain(expected - cell.equals))
    elif total.value is None:
        if total.left_blank and not all(form.printed_text(part.name) for part in parts):
            blank.append((total, expected))
    else:
        yield from compare(context, key, total, expected, parts, "应等于各项之和", "请核对合计和各项，改正填错的一处。")


def _row_totals(context: Context, form: Form, table: str, column: str, formula: str, instance: int) -> Iterator[Finding]:
    """A column worked out row by row: 收入合计, or 得分 = 得分系数 × 权重."""
    key, refs = f"total:{form.form}!{table}.{column}", references(formula)
    for total in context.submission.items_of(form.form, f"{table}.{column}", instance):
        scope = Scope(form=form.form, instance=instance, table=table, row=total.row)
        expected = formula_value(context.ruleset, context.submission, formula, scope)
        if not isinstance(expected, Decimal):
            continue
        behind = [item for ref in refs for item in items_behind(context.ruleset, context.submission, ref, scope)]
        parts = [item for item in behind if item.value is not None]
        if words := context.unreadable([total, *behind]):
            yield context.waits_for(key, words, KINDS["total"].words)
        elif total.value is not None:
            yield from compare(context, key, total, expected, parts, "按本行各数应为", "请核对本行各数，改正填错的一处。")
        elif total.left_blank:
            yield context.finding(
                key, "warning", [total], f"{context.place(total)}没有填，按本行各数应为 {context.show(total, expected)}。",
                advice="请填上这个数。", expected=context.show(total, expected))


def _what(cell: Cell) -> str:
    return "得分" if cell.type == "score" else "分值"
