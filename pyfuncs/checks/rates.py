"""Printed rates against computed ones, with a diagnosis of the usual mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from pyfuncs.catalog.environment import Scope, cell_value, items_behind
from pyfuncs.catalog.figures import Figure, rate_figure
from pyfuncs.catalog.model import Rate
from pyfuncs.catalog.refs import home_of
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import half_up, percent, truncated
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.intervals import half_unit
from pyfuncs.language import NOT_APPLICABLE, Value
from pyfuncs.methods import METHODS, default


def check_rates(context: Context) -> Iterator[Finding]:
    for (key, instance), figure in context.figures.items():
        if figure.kind != "rate":
            continue
        rate = context.ruleset.rates[key]
        for item in (figure.printed, *figure.again):
            if item is not None:
                yield from _printed(context, key, rate, figure, item, instance)
        if rate.ask_above is not None and isinstance(figure.value, Decimal) and figure.value > rate.ask_above:
            yield from _ask(context, key, rate, figure)


def _printed(context: Context, key: str, rate: Rate, figure: Figure, item: Item, instance: int) -> Iterator[Finding]:
    code, value = f"rate:{item.form}!{item.name}", figure.value
    if isinstance(value, Decimal) and item.value is not None:
        expected, actual = half_up(value * 100, item.places), half_up(item.value * 100, item.places)
        if expected != actual:
            least, most = spread(context, key, rate, instance, value)
            fits = half_up(least * 100, item.places) <= actual <= half_up(most * 100, item.places)
            yield (_tail if fits else _wrong)(context, code, key, rate, figure, item, instance)
    elif isinstance(value, Decimal) and item.left_blank:
        yield context.finding(code, "warning", [item],
                              f"{context.place(item)}没有填，按表内的数应为 {percent(value, rate.decimals)}（{figure.sentence}）。",
                              advice="请填上这个比率。", expected=percent(value, rate.decimals))
    elif isinstance(value, Decimal) and item.state not in ("blank", "text", "error"):   # words are told as such
        yield context.finding(code, "error", [item],
                              f"{context.place(item)}{context.show(item)}，应为 {percent(value, rate.decimals)}（{figure.sentence}）。",
                              advice="请改成算出的比率。", expected=percent(value, rate.decimals), actual=item.text)
    elif value == NOT_APPLICABLE and item.value is not None:
        yield context.finding(code, "warning", [item],
                              f"{context.place(item)}填 {context.show(item)}，但分母为 0 或不适用，这个比率没有意义。",
                              advice="请改填“不适用”，或核对分母。", expected=NOT_APPLICABLE, actual=context.show(item))
    elif item.value is not None:
        yield context.finding(code, "note", [item],
                              f"{context.place(item)}填 {context.show(item)}，但算它要用的数没有填全，没有核对。",
                              kind="not-run", advice="请补填计算所用的数。", actual=context.show(item))


def spread(context: Context, key: str, rate: Rate, instance: int, value: Decimal) -> tuple[Decimal, Decimal]:
    """The least and the greatest ratio that the figures before their rounding can have given.

    Counts and columns of figures are taken as they stand; so is a figure that is 0, which nobody rounded.
    """
    method, scope = METHODS[rate.method], Scope(form=home_of(context.ruleset, key) or None, instance=instance)
    behind = [items_behind(context.ruleset, context.submission, arg, scope) for arg in rate.args]
    if any(len(items) > 1 for items in behind):
        return value, value
    ends = [_ends(context, items[0] if items else None) for items in behind]
    found = [method.evaluate(list(corner), default(rate.parameters)) for corner in product(*ends)]
    ratios = [one for one in found if isinstance(one, Decimal)]
    return min([value, *ratios]), max([value, *ratios])


def _ends(context: Context, item: Item | None) -> list[Value]:
    value = cell_value(item)
    if not isinstance(value, Decimal) or not value or context.kind(item) != "amount":
        return [value]
    half = half_unit(context.ruleset, item)
    return [value - half, value + half]


def _tail(context: Context, code: str, key: str, rate: Rate, figure: Figure, item: Item, instance: int) -> Finding:
    operands = [part for part in context.submission.items if part.cell in figure.cells]
    return context.finding(
        code, "rounding", [item, *operands],
        f"{context.place(item)}填 {context.show(item)}，按表内的数为 {percent(figure.value, item.places)}：{figure.sentence}。"
        "所用的数是四舍五入后的数，只差在尾数。",
        advice="可以不改；能用更细的数请改成一致。", expected=percent(figure.value, item.places), actual=context.show(item))


def _wrong(context: Context, code: str, key: str, rate: Rate, figure: Figure, item: Item, instance: int) -> Finding:
    value, places = figure.value, item.places
    operands = [part for part in context.submission.items if part.cell in figure.cells]
    expected = percent(value, places)
    reason = next(iter(diagnoses(context, key, rate, value, item, instance)), "")
    delta = half_up(item.value * 100, places) - half_up(value * 100, places)
    exact = f"（精确到两位为 {percent(value, 2)}）" if places < 2 else ""
    return context.finding(
        code, "error", [item, *operands],
        f"{context.place(item)}填 {context.show(item)}，按表内的数应为 {expected}{exact}：{figure.sentence}。{reason}",
        advice="请改成算出的比率；如果比率没错，请核对计算所用的数。", expected=expected, actual=context.show(item),
        delta=f"{delta:f} 个百分点", basis=rate.source)


def diagnoses(context: Context, key: str, rate: Rate, value: Decimal, item: Item, instance: int) -> Iterator[str]:
    """Known ways to arrive at the printed figure, in the order the rate lists them."""
    printed, places = half_up(item.value * 100, item.places), item.places
    exact = value * 100
    for name in rate.diagnose:
        if name == "截尾":
            if truncated(exact, places) == printed:
                yield "看来是直接舍去了尾数，没有四舍五入。"
        elif name == "反号":
            if printed == -half_up(exact, places):
                yield "看来是丢了（或多了）负号。"
        elif name == "两次取整":
            once = half_up(exact, places + 1)
            if half_up(once, places) == printed:
                yield f"看来是先取成 {once:f}% 再取整，四舍五入了两次。"
        else:
            other = rate_figure(context.ruleset, context.submission, name, context.ruleset.rates[name], instance)
            if isinstance(other.value, Decimal) and half_up(other.value * 100, places) == printed:
                yield f"所填的数等于另一种算法：{other.sentence}。"


def _ask(context: Context, key: str, rate: Rate, figure: Figure) -> Iterator[Finding]:
    operands = [part for part in context.submission.items if part.cell in figure.cells]
    item = figure.printed if figure.printed and figure.printed.cell else None
    shown = percent(figure.value, 2)
    where = context.place(item) if item else f"「{rate.label}」"
    place = f"{item.form}!{item.name}" if item else key
    yield context.finding(
        f"ask:{place}", "warning", [item, *operands] if item else operands,
        f"{where}按表内的数为 {shown}，超过 {percent(rate.ask_above, 0)}：{figure.sentence}。",
        advice="请核对分母：应为调整后的全年预算数（年初预算加年中追加），不是年初预算数；确实超支的请说明原因。",
        actual=shown, basis=rate.source)
