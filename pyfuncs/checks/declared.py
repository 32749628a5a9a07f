"""Checks written in checks.yaml: a formula over items, once, per column, per sheet, or per matched pair."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.environment import Scope, items_behind, target_of, worked_out
from pyfuncs.catalog.model import Check
from pyfuncs.catalog.refs import home
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import clean, tidy
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.intervals import stated_twice, tail
from pyfuncs.checks.named import NAMED
from pyfuncs.checks.pairing import pair
from pyfuncs.language import Binary, CellError, Ref, operands, parse, to_chinese


def check_declared(context: Context) -> Iterator[Finding]:
    for check in context.ruleset.checks.values():
        if check.named:
            yield from NAMED[check.named](context, check)
            continue
        if not all(ref.form is None or ref.form in context.ruleset.forms for ref in operands(parse(check.formula))):
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
    form = home(context.ruleset, operands(parse(check.formula))) if check.each in ("form", "") else ""
    return [Scope(form=form, instance=instance) for instance in context.submission.instances(form)] if form else [Scope()]


def _formula(context: Context, check: Check, scope: Scope) -> Iterator[Finding]:
    expr = parse(check.formula)
    result = worked_out(context.ruleset, context.submission, expr, scope)
    if result is True:
        return
    refs = operands(expr)
    items = [item for ref in [*check.at, *refs] for item in items_behind(context.ruleset, context.submission, ref, scope)]
    filled = [item for item in items if item.value is not None]
    if isinstance(result, CellError) or not filled:
        if filled:
            yield _not_run(context, check, items)
        return
    severity, note, delta = check.severity, "", None
    if isinstance(expr, Binary) and expr.op == "=":
        left, right = (worked_out(context.ruleset, context.submission, side, scope) for side in (expr.left, expr.right))
        delta = left - right
        used = list({item.cell: item for item in filled}.values())
        if all(context.kind(item) == "amount" for item in used) and not stated_twice(context.ruleset, used) and abs(delta) <= tail(context.ruleset, used):
            severity, note = "rounding", "差在四舍五入。"
    hint = next((f"{known.message}。" for known in check.diagnose
                 if worked_out(context.ruleset, context.submission, parse(known.formula), scope) is True), "")
    sentence = to_chinese(expr, lambda ref: _say(context, ref, scope), lambda ref: _value(context, ref, scope))
    yield context.finding(
        check.id, severity, _unique(filled), f"{check.message}：{sentence} 不成立。{note}{hint}", advice=f"{check.advice}。",
        delta=context.amount(delta, context.form(filled[0])) if isinstance(delta, Decimal) else "",
        basis=check.basis, rule_id=rule_id(context, check))


def _not_run(context: Context, check: Check, items: list[Item]) -> Finding:
    missing = _unique([item for item in items if item.value is None])
    names = "、".join(f"《{item.cell.rpartition('!')[0]}》「{context.label(item)}」" for item in missing[:3])
    return context.finding(check.id, "note", missing, f"没有核对“{check.message}”：{names}没有填。", kind="not-run",
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
    return f"{form.sheet.replace('{n}', '表')}“{words}”"


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
