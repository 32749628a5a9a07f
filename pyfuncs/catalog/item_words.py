"""Items as people call them: 《基础数据表》“公用经费”的“2022 年决算数”; checks and documents in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyfuncs.catalog.model import Basis, Check, Form, RuleSet
from pyfuncs.catalog.refs import Target, all_groups, home, resolve
from pyfuncs.catalog.words import tidy
from pyfuncs.language import FormulaError, Ref, operands, parse, to_chinese

Label = Callable[..., str]                            # as `called`


def item_label(ruleset: RuleSet, ref: Ref | str, form: str | None = None, **scope: Any) -> str:
    """An item with the form it stands on; a rate or a score by its printed label.

    `form` and `scope` are those of `resolve`. Raises FormulaError when there is no such thing.
    """
    return dated(ruleset, undated_label(ruleset, ref, form, **scope))


def called(ruleset: RuleSet, ref: Ref | str, form: str | None = None, **scope: Any) -> str:
    """`item_label`, or the name as it is written where the rule set has no such item."""
    try:
        return item_label(ruleset, ref, form, **scope)
    except FormulaError:
        return f"“{ref.key if isinstance(ref, Ref) else ref}”"


def undated_label(ruleset: RuleSet, ref: Ref | str, form: str | None = None, **scope: Any) -> str:
    """`item_label` with {year} and {prior} still in it: the same for rule sets of two years."""
    target = resolve(ruleset, ref, form, **scope)
    if target.sort in ("rate", "score"):
        return quoted((ruleset.rates if target.sort == "rate" else ruleset.scores)[target.name].label)
    return sheet_words(target.form) + inner_label(ruleset, target)


def inner_label(ruleset: RuleSet, target: Target) -> str:
    """What an item is called on its own form: “公用经费”的“{year} 年决算数”."""
    first, _, column = target.name.partition(".")
    owner = [_owner_label(ruleset.forms[target.form], target, first)] * bool(column)
    return "的".join(map(quoted, [*owner, target.item.label or column or first]))


def quoted(words: str) -> str:
    """Printed words in quotation marks, without their line breaks; marks within become single ones."""
    return f"“{words.replace('“', '‘').replace('”', '’').replace(chr(10), '')}”"


def sheet_words(form: str) -> str:
    """《基础数据表》"""
    return f"《{form.removesuffix('表')}表》"


def dated(ruleset: RuleSet, words: str) -> str:
    """Printed words with the years of the rule set in them."""
    return words.replace("{year}", ruleset.year).replace("{prior}", ruleset.prior)


def basis_words(basis: Basis) -> str:
    """A document with its number, issuer, date, page and what is to be said of it."""
    page = f"第 {basis.page} 页" if basis.page.isdigit() else basis.page
    known = (basis.number, basis.issuer, basis.date, page, basis.note)
    inside = "，".join(filter(None, known))
    return f"{basis.title}（{inside}）" if inside else basis.title


def check_words(ruleset: RuleSet, check: Check, label: Label = called) -> str:
    """The formula of a check over labels; a check of several columns is told by its rows."""
    expr = parse(check.formula)
    form = home(ruleset, operands(expr)) or None

    def say(ref: Ref) -> str:
        rows = ruleset.forms[ref.form].all_rows() if ref.form in ruleset.forms else {}
        if check.columns and len(ref.path) == 1 and ref.path[0] in rows:
            return sheet_words(ref.form) + quoted(tidy(rows[ref.path[0]].label))
        return label(ruleset, ref, form, paired=check.of)

    return to_chinese(expr, say)


def column_label(ruleset: RuleSet, column: str) -> str:
    """What the forms print over a column, {year} and {prior} still in it."""
    labels = (form.columns[column].label for form in ruleset.forms.values() if column in form.columns)
    return next(labels, column)


def _owner_label(form: Form, target: Target, first: str) -> str:
    if target.group:
        return all_groups(form, target.table)[target.group].label or target.group
    return tidy(form.all_rows()[first].label) if target.sort == "grid" else first
