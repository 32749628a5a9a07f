"""Forms that were left (almost) blank: what nobody filled can't be found right."""

from __future__ import annotations

from collections.abc import Iterator

from pyfuncs.catalog.codes import WHOLE
from pyfuncs.catalog.model import Form, Table
from pyfuncs.catalog.outlays import asked_amounts, asks_to_be_filled, result_tables, scored_tables
from pyfuncs.catalog.submission import Item
from pyfuncs.checks.context import Context
from pyfuncs.checks.entries import is_untouched, presets
from pyfuncs.checks.finding import Finding


def check_filled(context: Context) -> Iterator[Finding]:
    if context.ruleset.thresholds.unfilled >= 1:
        return
    for form in context.ruleset.forms.values():
        for instance in context.submission.instances(form.form) if asks_to_be_filled(form) else ():
            if is_untouched(context, form, instance):
                continue
            gaps = list(_gaps(context, form, instance))
            if gaps:
                blank = [item for _, items in gaps for item in items]
                yield context.finding(
                    f"filled:{form.form}!{WHOLE}", "error", blank,
                    f"《{blank[0].cell.rpartition('!')[0]}》没有填完整：{'；'.join(words for words, _ in gaps)}。",
                    kind="input", advice="请补填以后再报；没有这项工作的填“不适用”，并写明原因。", alike=True)


def _gaps(context: Context, form: Form, instance: int) -> Iterator[tuple[str, list[Item]]]:
    """What is missing, in words, with its cells."""
    scores = list(_asked_scores(context, form, instance))
    blank = [item for item in scores if item.left_blank or item.state == "placeholder"]
    if blank and len(blank) > context.ruleset.thresholds.unfilled * len(scores):
        yield f"{len(scores)} 项得分有 {len(blank)} 项空着", blank
    for name in result_tables(form):
        first = next(iter(form.tables[name].columns))
        rows = context.submission.items_of(form.form, f"{name}.{first}", instance)
        if rows and name not in scored_tables(form) and not any(_in_use(context, form, name, item) for item in rows):
            yield "各项指标的指标值和完成值都空着", [item for item in rows if item.cell]
    amounts = [item for name in asked_amounts(form) for item in context.submission.items_of(form.form, name, instance)]
    typed = [item for item in amounts if not item.formula and not form.printed_text(item.name)]
    if typed and all(item.left_blank for item in typed) and not any(item.value for item in amounts):
        yield f"{len(typed)} 格金额都空着", typed


def _asked_scores(context: Context, form: Form, instance: int) -> Iterator[Item]:
    """Scores that a person is to give: of every row of a score sheet, of every row in use of a table."""
    for row in form.all_rows().values():
        for column in row.scores:
            item = context.submission.item(form.form, f"{row.id}.{column}", instance)
            if item is not None:
                yield item
    for name in scored_tables(form):
        table = form.tables[name]
        column = next(key for key, model in table.columns.items() if model.type == "score")
        items = context.submission.items_of(form.form, f"{name}.{column}", instance)
        used = [item for item in items if _is_asked(context, form, name, table, item)]
        yield from used or items                      # nothing in use: the whole table is blank


def _is_asked(context: Context, form: Form, name: str, table: Table, score: Item) -> bool:
    fixed = any(column.type == "points" and column.at is None for column in table.columns.values())
    return fixed or not score.left_blank or _in_use(context, form, name, score)


def _in_use(context: Context, form: Form, table: str, item: Item) -> bool:
    """Whether anything was written in this row of a table, beyond what an empty form shows."""
    shown = presets(form)
    row = (context.submission.item(form.form, f"{table}.{column}", item.instance, item.row)
           for column in form.tables[table].columns)
    return any(cell is not None and cell.cell and cell.text.strip() and cell.text not in shown
               and cell.state != "placeholder" for cell in row)
