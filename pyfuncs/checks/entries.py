"""What was typed into a cell: words for a number, a negative amount, a blank that must be filled, a changed fixed text."""

from __future__ import annotations

from collections.abc import Iterator

from pyfuncs.catalog.kept import kept, kept_by_word
from pyfuncs.catalog.model import Form
from pyfuncs.catalog.refs import all_groups
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import clean
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding

_WANTED = {"amount": "金额", "count": "个数", "points": "分值", "score": "得分", "rate": "比率"}


def check_entries(context: Context) -> Iterator[Finding]:
    changed: dict[tuple[str, int, str], list[tuple[Item, str]]] = {}
    noted: dict[tuple[str, int, tuple[str, ...]], list[Item]] = {}
    told, forms = {cell for trouble in context.submission.troubles for cell in trouble.cells}, context.ruleset.forms
    printed = {name: _fixed_texts(form) for name, form in forms.items()}
    for item in context.submission.items:
        form = forms.get(item.form)
        if form is None or not item.cell or item.cell in told:
            continue                                  # the reader has already asked what the cell means
        fixed = printed[item.form][item.name]
        if fixed:
            if _is_changed(item, fixed):
                changed.setdefault((item.form, item.instance, item.name.partition(".")[0]), []).append((item, fixed))
            continue
        if _is_odd(item) and (kind := context.kind(item)) in _WANTED:
            yield from _number(context, item, kind)
        cell = form.all_cells().get(item.name) if item.state == "blank" else None
        if cell is not None and cell.required and not is_untouched(context, form, item.instance):
            yield context.finding(f"required:{item.form}!{item.name}", "error", [item],
                                  f"{context.place(item)}没有填。", kind="input", advice="这一格必须填写。")
        if item.notes:
            noted.setdefault((item.form, item.instance, _alike(item)), []).append(item)
    for items in changed.values():
        yield _changed(context, items)
    for items in noted.values():
        yield _noted(context, items)


def is_untouched(context: Context, form: Form, instance: int) -> bool:
    """A sheet of a repeated form that nobody wrote on: a unit without that many projects leaves it as it is."""
    if form.instances != "many":
        return False
    shown, printed = presets(form), _fixed_texts(form)
    return not any(item.text.strip() and item.text not in shown for item in context.submission.items_on(form.form, instance)
                   if not item.formula and item.state != "placeholder" and not printed[item.name])


def _signed(context: Context, item: Item) -> bool:
    row = context.form(item).all_rows().get(item.name.partition(".")[0])
    return context.model(item).signed or (row is not None and row.signed)


@kept
def presets(form: Form) -> frozenset[str]:
    """Texts that stand in an empty form and may be written over: ……, □ 新增项目."""
    groups = [group for name in form.tables for group in all_groups(form, name).values()]
    texts = [cell.preset for cell in form.all_cells().values()]
    return frozenset([*texts, *(text for thing in (*form.tables.values(), *groups) for text in thing.preset)])


def _is_odd(item: Item) -> bool:
    """Nothing is asked of a number from 0 up, nor of an empty cell."""
    return item.state in ("text", "error") or (item.value is not None and item.value < 0)


def _number(context: Context, item: Item, kind: str) -> Iterator[Finding]:
    key = f"{'percent' if kind == 'rate' else 'type'}:{_subject(context.form(item), item)}"
    unit = context.form(item).unit
    if item.state in ("text", "error"):
        wanted = f"{_WANTED[kind]}（{unit}，只填数字）" if kind == "amount" else f"{_WANTED[kind]}（只填数字）"
        yield context.finding(key, "error", [item], f"{context.place(item)}填了“{clean(item.text)}”，这里要填{wanted}。",
                              kind="input", advice="请改成数字；没有发生的填 0，不适用的填“——”。", expected=_WANTED[kind],
                              actual=clean(item.text))
    elif kind in ("amount", "count") and item.value is not None and item.value < 0 and not _signed(context, item):
        yield context.finding(key, "error", [item], f"{context.place(item)}填了负数 {context.show(item)}。", kind="input",
                              advice="收入、支出、预算数和人数不应为负，请核对是否多了负号；红字冲销的请填冲销后的净额。",
                              expected="≥ 0", actual=context.show(item))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _alike(item: Item) -> tuple[str, ...]:
    """Notes that say the same of several cells, so that one finding tells them all."""
    return tuple(note.partition("，")[0] for note in item.notes)


def _noted(context: Context, items: list[Item]) -> Finding:
    first = items[0]
    prefix = "percent" if context.kind(first) == "rate" else "type"
    where = context.place(first) + (f"等 {len(items)} 格" if len(items) > 1 else "")
    return context.finding(f"{prefix}:{_subject(context.form(first), first)}", "note", items,
                           f"{where}填的是“{clean(first.text)}”，{'；'.join(first.notes)}。", kind="input",
                           advice="建议改成纯数字，便于计算和汇总。", actual=clean(first.text), alike=True)


def _is_changed(item: Item, fixed: str) -> bool:
    if set(fixed) <= set("—"):                        # a dash printed by the form may be another dash, or gone
        return item.state not in ("blank", "not_applicable", "not_scored")
    return item.text.strip() != fixed


def _changed(context: Context, items: list[tuple[Item, str]]) -> Finding:
    (first, fixed), cells = items[0], [item for item, _ in items]
    number = _is_number(fixed)
    found = "、".join(f"“{clean(item.text)}”" for item in cells)
    others = f"等 {len(cells)} 格" if len(cells) > 1 else ""
    return context.finding(f"fixed:{first.form}!{first.name.partition('.')[0]}", "error" if number else "warning", cells,
                           f"{context.place(first)}{others}表上印的是“{clean(fixed)}”，现填 {found}。",
                           advice=f"请恢复为“{clean(fixed)}”。" if not set(fixed) <= set("—")
                           else "这几格不用填：分值和得分只计在总额一行，重复填会多算。",
                           expected=fixed, actual=found, alike=True)


@kept_by_word
def _fixed_texts(form: Form, name: str) -> str:
    """What the form itself prints in this cell, "" when the unit fills it."""
    first, _, column = name.partition(".")
    row = form.all_rows().get(first) if name not in form.all_cells() else None
    return form.printed_text(name) or next((text for at, text in (row.fixed if row else {}).items()
                                                 if at.partition(":")[0] == column), "")


def _subject(form: Form, item: Item) -> str:
    """What the derived check is about: a column of the grid or of a table, or a cell."""
    first, _, column = item.name.partition(".")
    rated = first in form.all_rows() and column not in form.all_rows()[first].rates
    return f"{item.form}!{column if rated else item.name}"
