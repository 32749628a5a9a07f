"""Money that was not spent: without a reason, or beside results that score as if it had been."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.codes import WHOLE
from pyfuncs.catalog.model import Form
from pyfuncs.catalog.outlays import completion, executions, operands_on, outlays, scored_tables
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import percent, plain
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding

_REASONS = ("原因", "理由", "说明", "厉行节约")           # labels of the cells and columns in which a unit explains


def check_spending(context: Context) -> Iterator[Finding]:
    for form in context.ruleset.forms.values():
        for instance in context.submission.instances(form.form):
            yield from _unspent(context, form, instance)
            yield from _inflated(context, form, instance)


def _unspent(context: Context, form: Form, instance: int) -> Iterator[Finding]:
    """Budget lines of which more than the threshold is left, told together; a word of reason on the form settles it."""
    most = context.ruleset.thresholds.unspent
    left = [(budget, spent) for names in outlays(context.ruleset, form.form)
            if (pair := _filled_pair(context, form, instance, names)) and (budget := pair[0]) and (spent := pair[1])
            and budget.value - spent.value > most * budget.value]
    if not left or _explained(context, form, instance):
        return
    budget, spent = left[0]
    others = f"等 {len(left)} 项" if len(left) > 1 else ""
    share = (budget.value - spent.value) / budget.value
    yield context.finding(
        f"unspent:{form.form}!{WHOLE}", "warning", [*(item for _, item in left), *(item for item, _ in left)],
        f"{context.place(spent)}{others}没有用完的超过预算的 {percent(most, 0)}，表上没有写原因：预算 {context.show(budget)}，"
        f"支出 {context.show(spent)}，没有用完 {percent(share, 2)}。",
        advice="请写明没有用完的原因；预算数应是调整后的数，填错的请改正。", actual=percent(share, 2),
        expected=f"≤ {percent(most, 0)}，或写明原因")


def _filled_pair(context: Context, form: Form, instance: int, names: tuple[str, str]) -> tuple[Item, Item] | None:
    budget, spent = (context.submission.item(form.form, name, instance) for name in names)
    filled = budget and spent and budget.value is not None and spent.value is not None
    return (budget, spent) if filled and budget.value > 0 else None


def _explained(context: Context, form: Form, instance: int) -> bool:
    """Whether the form gives a reason anywhere: a cell for it, or a row of its column for deviations."""
    names = [name for name, cell in form.all_cells().items() if cell.type == "text" and _asks_why(cell.label)]
    names += [f"{table}.{name}" for table, model in form.tables.items()
              for name, column in model.columns.items() if column.type == "text" and _asks_why(column.label)]
    items = (item for name in names for item in context.submission.items_of(form.form, name, instance))
    return any(item.state == "text" and item.text.strip() for item in items)


def _asks_why(label: str) -> bool:
    return any(word in label for word in _REASONS)


def _inflated(context: Context, form: Form, instance: int) -> Iterator[Finding]:
    """The share of the points that was given, far above the share of the budget that was spent."""
    scored = list(_scored_rows(context, form) if form.indicators else _scored(context, form, instance))
    executed, items = _executed(context, form, instance)
    points, gained = (sum((pair[side].value for pair in scored), Decimal(0)) for side in (0, 1))
    margin = context.ruleset.thresholds.inflated
    if executed is not None and points > 0 and gained / points - executed > margin:
        apart = percent(gained / points - executed, 2)
        yield context.finding(
            f"inflated:{form.form}!{WHOLE}", "warning", [scored[0][1], *items],
            f"《{scored[0][1].cell.rpartition('!')[0]}》各项指标得 {plain(gained)} 分、分值 {plain(points)} 分，"
            f"得分率 {percent(gained / points, 2)}，预算只执行了 {percent(executed, 2)}，高出 {apart}，自评可能虚高。",
            advice="请核对没有花钱的工作是不是也按满分自评；确已完成的请写明原因，例如招标节约、资金结转。",
            expected=f"高出不超过 {percent(margin, 0)}", actual=apart)


def _executed(context: Context, form: Form, instance: int) -> tuple[Decimal | None, list[Item]]:
    """How much of the budget was spent, as a ratio, and the cells that say so."""
    if form.indicators:
        figure = context.figures.get((completion(context.ruleset, form.form), 0))
        value = figure.value if figure else None
        return (value, [figure.printed]) if isinstance(value, Decimal) and figure.printed else (None, [])
    pairs = [pair for key in executions(context.ruleset, form.form)
             if (names := operands_on(context.ruleset, key, form)) and (pair := _filled_pair(context, form, instance, names))]
    budget, spent = (sum((pair[side].value for pair in pairs), Decimal(0)) for side in (0, 1))
    return (spent / budget if pairs else None), [item for pair in pairs for item in reversed(pair)]


def _scored(context: Context, form: Form, instance: int) -> Iterator[tuple[Item, Item]]:
    """Points and score of every row of its tables that has both."""
    for table in scored_tables(form):
        types = {column.type: name for name, column in form.tables[table].columns.items()}
        for score in context.submission.items_of(form.form, f"{table}.{types['score']}", instance):
            points = context.submission.item(form.form, f"{table}.{types['points']}", instance, score.row)
            if points is not None and points.value is not None and score.value is not None:
                yield points, score


def _scored_rows(context: Context, form: Form) -> Iterator[tuple[Item, Item]]:
    """The same of a score sheet."""
    for row in form.rows_in():
        points, score = (context.submission.item(form.form, f"{row}.{column}")
                         for column in (form.indicators.points, form.indicators.score))
        if points and score and points.value is not None and score.value is not None:
            yield points, score
