"""Checks written in checks.yaml: a formula over items, once, per column, per sheet, or per matched pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from pyfuncs.catalog.environment import Scope, items_behind, target_of, worked_out
from pyfuncs.catalog.model import Check
from pyfuncs.catalog.refs import home
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import clean, tidy
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.intervals import stated_twice
from pyfuncs.checks.named import NAMED
from pyfuncs.checks.pairing import pair
from pyfuncs.language import Binary, CellError, Expr, Ref, operands, parse, references, to_chinese
from pyfuncs.language.nodes import COMPARISONS


def check_declared(context: Context) -> Iterator[Finding]:
    for check in context.ruleset.checks.values():
        if check.named:
            yield from NAMED[check.named].run(context, check)
            continue
        if not all(ref.form is None or ref.form in context.ruleset.forms for ref in references(check.formula)):
            continue
        if check.each == "match":
            yield from _matched(context, check)
        else:
            for scope in _scopes(context, check):
                yield from _formula(context, check, scope)


def rule_id(context: Context, check: Check) -> str:
    return f"{context.ruleset.prefix}-{check.id}"


def _scopes(context: Context, check: Check) -> list[Scope]:
    if check.each == "columns":
        return [Scope(column=column) for column in check.columns]
    form = home(context.ruleset, references(check.formula)) if check.each in ("form", "") else ""
    return [Scope(form=form, instance=instance) for instance in context.submission.instances(form)] if form else [Scope()]


def _formula(context: Context, check: Check, scope: Scope) -> Iterator[Finding]:
    items = _items(context, [*check.at, *references(check.formula)], scope)
    filled = [item for item in items if item.value is not None]
    if words := context.unreadable(items):
        yield context.waits_for(check.id, words, check.message)
    elif filled:
        result = worked_out(context.ruleset, context.submission, check.formula, scope)
        if isinstance(result, CellError) or _half_blank(context, check.formula, scope):
            yield _not_run(context, check, items)
        elif result is not True:
            yield _broken(context, check, parse(check.formula), scope, filled)


def _half_blank(context: Context, formula: str, scope: Scope) -> bool:
    """A comparison one side of which was left blank altogether: a sum of blanks is 0 only by name."""
    return any(all(item.value is None for ref in refs for item in items_behind(context.ruleset, context.submission, ref, scope))
               for refs in _sides(formula))


@lru_cache(maxsize=256)
def _sides(formula: str) -> tuple[tuple[Ref, ...], ...]:
    """What each side of a comparison speaks of; a side of figures alone is left out."""
    expr = parse(formula)
    sides = (expr.left, expr.right) if isinstance(expr, Binary) else ()
    return tuple(refs for side in sides if (refs := operands(side)))


def _broken(context: Context, check: Check, expr: Expr, scope: Scope, filled: list[Item]) -> Finding:
    sentence = _sentence(context, expr, scope)
    delta = _difference(context, expr, scope)
    shown = context.amount(abs(delta), context.form(filled[0])) if delta is not None else ""
    if delta is not None and _is_tail(context, delta, filled):
        return context.finding(
            check.id, "rounding", filled, f"{sentence}，差 {shown}，在四舍五入的范围内。",
            advice="只差在四舍五入，可以不改；能用更细的数请改成一致。", delta=shown, rule_id=rule_id(context, check))
    hint = next((f"{known.message}。" for known in check.diagnose
                 if worked_out(context.ruleset, context.submission, known.formula, scope) is True), "")
    apart = f"，差 {shown}" if delta is not None else ""
    return context.finding(
        check.id, check.severity, _unique([*_items(context, check.at, scope), *filled]),
        f"{check.message}：{sentence}{apart}。{hint}", advice=f"{check.advice}。",
        delta=shown, basis=check.basis, rule_id=rule_id(context, check))


def _sentence(context: Context, expr: Expr, scope: Scope) -> str:
    """A comparison that does not hold; of a condition (OR, IF, …) the figures alone, its logic helps no clerk."""
    if isinstance(expr, Binary) and expr.op in COMPARISONS:
        words = to_chinese(expr, lambda ref: _say(context, ref, scope), lambda ref: _value(context, ref, scope))
        return f"{words} 不成立"
    return "，".join(f"{_say(context, ref, scope)}{_value(context, ref, scope)}" for ref in operands(expr))


def _difference(context: Context, expr: Expr, scope: Scope) -> Decimal | None:
    """Left minus right of an equation between amounts, in 元."""
    if not isinstance(expr, Binary) or expr.op != "=":
        return None
    items = _items(context, operands(expr), scope)
    left, right = (worked_out(context.ruleset, context.submission, side, scope) for side in (expr.left, expr.right))
    amounts = all(context.kind(item) == "amount" for item in items)
    return left - right if amounts and isinstance(left, Decimal) and isinstance(right, Decimal) else None


def _is_tail(context: Context, delta: Decimal, filled: list[Item]) -> bool:
    return not stated_twice(context.ruleset, filled) and abs(delta) <= context.tail(filled)


def _items(context: Context, refs: Iterable[Ref | str], scope: Scope) -> list[Item]:
    return _unique([item for ref in refs for item in items_behind(context.ruleset, context.submission, ref, scope)])


def _not_run(context: Context, check: Check, items: list[Item]) -> Finding:
    missing = [item for item in items if item.value is None]
    names = "、".join(f"《{item.cell.rpartition('!')[0]}》「{context.label(item)}」" for item in missing[:3])
    return context.finding(check.id, "note", missing, f"没有核对「{check.message}」：{names}没有填。", kind="not-run",
                           advice="补填后会自动核对。", rule_id=rule_id(context, check))


def _unique(items: list[Item]) -> list[Item]:
    return list({(item.cell, item.name): item for item in items}.values())


def _say(context: Context, ref: Ref, scope: Scope) -> str:
    """An item by its label, with its sheet where it stands on another one."""
    target = target_of(context.ruleset, ref, scope)
    if target.sort in ("rate", "score"):
        return target.name
    form = context.ruleset.forms[target.form]
    items = items_behind(context.ruleset, context.submission, ref, scope)
    words = context.label(items[0]) if items and not target.table else tidy(target.name.partition(".")[2])
    number = str(scope.instance) if scope.form == form.form and scope.instance else "表"
    return f"{form.sheet.replace('{n}', number)}“{words}”"


def _value(context: Context, ref: Ref, scope: Scope) -> str:
    items = [item for item in items_behind(context.ruleset, context.submission, ref, scope) if item.value is not None]
    if not items:
        return "空"
    return context.show(items[0], sum((item.value for item in items), Decimal(0)))


def _matched(context: Context, check: Check) -> Iterator[Finding]:
    """Rows of two tables (or sheets) paired by near name; rows without a partner are told."""
    sides = [_named_rows(context, place, column) for place, column in zip(check.of, check.by)]
    pairs, lonely = pair(sides[0], sides[1], lambda item: item.text)
    for left, right in pairs:
        scope = Scope(pairs={check.of[0]: (left.instance, left.row), check.of[1]: (right.instance, right.row)})
        yield from _formula(context, check, scope)
        if left.text.strip() != right.text.strip():
            yield context.finding(
                check.id, "note", [left, right],
                f"{context.place(left)}“{clean(left.text)}”与{context.place(right)}“{clean(right.text)}”应是同一个项目，名称不一致。",
                advice="请把两处的名称改成一样。", rule_id=rule_id(context, check), kind="text")
    if sides[0] and sides[1]:
        for item in lonely:
            yield context.finding(check.id, "warning", [item], f"{context.place(item)}“{clean(item.text)}”在另一张表里找不到对应的项目。",
                                  advice="请核对是否漏报了这个项目，或名称写得不一样。", rule_id=rule_id(context, check))


def _named_rows(context: Context, place: str, column: str) -> list[Item]:
    form, _, table = place.partition("!")
    name = f"{table}.{column}" if table else column
    return [item for item in context.submission.items_of(form, name) if item.text.strip() and item.state == "text"]
