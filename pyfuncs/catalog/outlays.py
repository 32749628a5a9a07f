"""Where a form states a budget and what was spent of it, and how its results are scored."""

from __future__ import annotations

from collections.abc import Iterator

from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.catalog.refs import as_ref, only_recognised, resolve

Outlay = tuple[str, str]                              # item names on the form: what was budgeted, what was spent


@kept
def outlays(ruleset: RuleSet, form: str) -> list[Outlay]:
    """Pairs of budget and spending of the rule set's own year, in printed order, each once."""
    model = ruleset.forms[form]
    pairs = [*_of_grid(model), *(pair for key in executions(ruleset, form) if (pair := operands_on(ruleset, key, model)))]
    return list(dict.fromkeys(pairs))


def _of_grid(form: Form) -> Iterator[Outlay]:
    columns = {column.stage: name for name, column in form.columns.items()
               if column.period == "0" and column.type == "amount"}
    budget, spent = columns.get("调整后") or columns.get("年初"), columns.get("决算")
    for row in form.all_rows().values() if budget and spent else ():
        if "预算调整" not in row.label:               # there the columns hold the budget before and after
            yield f"{row.id}.{budget}", f"{row.id}.{spent}"


@kept
def executions(ruleset: RuleSet, form: str) -> list[str]:
    """Rates of execution over amounts of this form; procurement is a part, not the budget."""
    known = only_recognised(ruleset)
    return [key for key, rate in ruleset.rates.items()
            if rate.method == "执行率" and key not in known and "采购" not in rate.label
            and operands_on(ruleset, key, ruleset.forms[form])]


@kept
def completion(ruleset: RuleSet, form: str) -> str:
    """The rate of a score sheet that says how much of the budget was used, "" when it has none."""
    shown = (key for row in ruleset.forms[form].all_rows().values() for key in row.rates.values())
    return next((key for key in shown if ruleset.rates[key].method == "完成率"), "")


def operands_on(ruleset: RuleSet, key: str, form: Form) -> Outlay | None:
    """Budget and spending that an execution rate divides, where both stand on this form."""
    if not all(as_ref(arg).form == form.form for arg in ruleset.rates[key].args):
        return None
    spent, budget = (resolve(ruleset, arg, form.form) for arg in ruleset.rates[key].args)
    return None if spent.vector or budget.vector else (budget.name, spent.name)


@kept
def scored_tables(form: Form) -> list[str]:
    """Tables whose rows are scored within their points."""
    return [name for name, table in form.tables.items()
            if {"points", "score"} <= {column.type for column in table.columns.values()}]


@kept
def asks_to_be_filled(form: Form) -> bool:
    """Whether a form asks for scores, results or amounts; not for staff and words alone."""
    return bool(form.indicators or scored_tables(form) or result_tables(form) or asked_amounts(form))


@kept
def result_tables(form: Form) -> list[str]:
    """Tables that set a target against a result."""
    return [name for name, table in form.tables.items()
            if {"target", "actual"} <= {column.type for column in table.columns.values()}]


@kept
def asked_amounts(form: Form) -> list[str]:
    """Names of the amounts that belong to a form itself. A grid without stages only gathers figures for a score."""
    cells = [name for name, cell in form.all_cells().items() if cell.type == "amount"]
    grid = [f"{row}.{name}" for row in form.all_rows() for name, column in form.columns.items()
            if column.type == "amount" and column.stage]
    tables = [f"{table}.{name}" for table, model in form.tables.items() if model.start is not None
              for name, column in model.columns.items() if column.type == "amount"]
    return [*cells, *grid, *tables]
