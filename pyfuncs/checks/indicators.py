"""Indicators of a table: results against targets, and scores against what the result deserves."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from pyfuncs.catalog.forms import Form, Judging, Table
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import clean, half_up, percent, plain
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.methods import METHODS, Quantity, Target, parse_actual, parse_target

_COMPARISON = re.compile(r"[≥≧≤≦＞＜<>]|不低于|不少于|不超过|不高于")
_SIGN = re.compile(r"[=＝═﹦]|等于")
_TESTS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.ge}
_LEVELS = re.compile(r"(未|部分|基本|全部)?(?:达成|完成)")


class Indicator(NamedTuple):
    """One row: what was wanted, what was reached, and the score given for it. `key`: of its derived check.

    `goal` is the target as one reads it, whether it stands in one cell or in three (≥ | 3 | 次).
    """

    key: str
    target: Item
    actual: Item
    score: Item | None
    points: Item | None
    goal: str
    wanted: Target | None
    reached: Quantity | None

    @property
    def scored(self) -> bool:
        return bool(self.score and self.points) and self.score.value is not None and self.points.value is not None


def check_indicators(context: Context) -> Iterator[Finding]:
    for form in context.ruleset.forms.values():
        for instance in context.submission.instances(form.form):
            for name, table in form.tables.items():
                for indicator in _indicators(context, form, name, table, instance):
                    yield from _requirement(context, indicator)
                    yield from _unmet(context, indicator)
                    yield from _judged(context, indicator, table.judging) if table.judging else _generous(context, indicator)


def _indicators(context: Context, form: Form, name: str, table: Table, instance: int) -> Iterator[Indicator]:
    kinds = {column.type: key for key, column in table.columns.items()}
    if not {"target", "actual", "score", "points"} <= set(kinds):
        return

    def cell(column: str, row: int) -> Item | None:
        return context.submission.item(form.form, f"{name}.{column}", instance, row) if column else None

    model = table.columns[kinds["target"]]
    for target in context.submission.items_of(form.form, f"{name}.{kinds['target']}", instance):
        actual, score, points = (cell(kinds[kind], target.row) for kind in ("actual", "score", "points"))
        if actual is None:
            continue
        sign, unit = (piece.text.strip() if (piece := cell(column, target.row)) else ""
                      for column in (model.sign, model.measure))
        goal, reached = f"{sign}{target.text.strip()}{unit}", parse_actual(actual.text)
        if reached and not reached.unit and unit:     # a bare number counts in the unit beside it
            reached = parse_actual(actual.text.strip() + unit)
        yield Indicator(f"met:{form.form}!{name}.{kinds['score']}", target, actual, score, points, goal,
                        _wanted(goal, target.group), reached)


def _wanted(goal: str, group: str) -> Target | None:
    """A target read; a bare amount among the 成本指标 is the most that may be spent."""
    target = parse_target(goal)
    bare = target is not None and target.op == "=" and not _SIGN.match(goal)
    return Target("<=", target.value, target.unit) if bare and "成本" in group else target


def _requirement(context: Context, indicator: Indicator) -> Iterator[Finding]:
    actual = indicator.actual
    if _COMPARISON.match(actual.text.strip()):
        yield context.finding(
            indicator.key, "note", [actual],
            f"{context.place(actual)}填的是“{clean(actual.text)}”，这是要求，不是完成的数。", kind="input",
            advice="完成值请填实际达到的数，例如 97.5%。", actual=clean(actual.text))


def _unmet(context: Context, indicator: Indicator) -> Iterator[Finding]:
    """Full marks against a target that was not met. Words that state no number are a person's to judge."""
    score, points = indicator.score, indicator.points
    if indicator.wanted is None or indicator.reached is None or not indicator.scored:
        return
    if meets(indicator.wanted, indicator.reached) is False and score.value == points.value:
        target, actual = indicator.target, indicator.actual
        yield context.finding(
            indicator.key, "warning", [score, target, actual],
            f"{context.place(score)}得了满分 {plain(score.value)} 分，但完成值“{clean(actual.text)}”没有达到指标值“{clean(indicator.goal)}”。",
            advice="请按完成情况扣分并写明原因；指标值或完成值填错的请改正。",
            expected=clean(indicator.goal), actual=clean(actual.text))


def meets(target: Target, actual: Quantity) -> bool | None:
    """Whether the result reaches the target; a bare "200人次" is the least wanted. None: other units."""
    if actual.unit and target.unit and actual.unit != target.unit:
        return None
    return _TESTS[target.op](actual.value, target.value)


def _generous(context: Context, indicator: Indicator) -> Iterator[Finding]:
    """Part of the points for an unmet target, yet more than in proportion. Where no rule says so, a note."""
    score, points = indicator.score, indicator.points
    if indicator.wanted is None or indicator.reached is None or not indicator.scored or score.value >= points.value:
        return
    if meets(indicator.wanted, indicator.reached) is not False:
        return
    share = indicator_share(indicator.wanted, indicator.reached, points.value)
    if share is not None and score.value > half_up(share, 2):
        yield context.finding(
            indicator.key, "note", [score, indicator.target, indicator.actual],
            f"{context.place(score)}填 {context.show(score)}：完成值“{clean(indicator.actual.text)}”没有达到指标值“{clean(indicator.goal)}”，"
            f"按比例约 {plain(half_up(share, 2))} 分。", advice="没有规定怎样扣分的可以不改，请在偏差原因里写明。",
            expected=f"约 {plain(half_up(share, 2))} 分", actual=context.show(score))


def indicator_share(target: Target, reached: Quantity, points: Decimal) -> Decimal | None:
    """The points in proportion to the result, None where that can't be worked out."""
    upward = target.op in (">=", ">", "=")
    share = METHODS["正向" if upward else "反向"].evaluate([reached.value, target.value], {"points": plain(points)})
    return share if isinstance(share, Decimal) else None


# -- the rule set's own way of scoring an indicator -----------------------------------------------------


def _judged(context: Context, indicator: Indicator, rule: Judging) -> Iterator[Finding]:
    """A score above what target and result, or the words of the result, allow. Full marks for an unmet
    target are told already."""
    if not indicator.scored:
        return
    most, why = _most(indicator, rule)
    score, points = indicator.score.value, indicator.points.value
    told = indicator.wanted is not None and score == points and "按比例" in why
    if most is None or told or score <= half_up(most, 2):
        return
    yield context.finding(
        indicator.key, "warning", [indicator.score, indicator.target, indicator.actual],
        f"{context.place(indicator.score)}填 {context.show(indicator.score)}，按规则最多 {plain(half_up(most, 2))} 分：{why}。"
        + ("这条评分规则没有见到文件，系推定。" if rule.status == "assumed" else ""),
        advice="请核对完成值和得分；有特殊情况的写明理由。", expected=f"≤ {plain(half_up(most, 2))} 分",
        actual=context.show(indicator.score), basis=rule.source)


def _most(indicator: Indicator, rule: Judging) -> tuple[Decimal | None, str]:
    """The most an indicator can score, and why; None where its words leave it to a person."""
    points = indicator.points.value
    if indicator.wanted is not None and indicator.reached is not None:
        return _by_number(indicator.wanted, indicator.reached, points, rule)
    level = _LEVELS.match(indicator.actual.text.strip())
    if level is None or level[1] not in ("部分", "基本", "未"):
        return None, ""
    share = rule.partly if level[1] == "未" else rule.achieved
    word = "未达成" if level[1] == "未" else "部分达成"
    return points * share, f"完成情况写的是“{clean(level[0])}”，{word}的不到分值的 {percent(share, 0)}"


def _by_number(wanted: Target, reached: Quantity, points: Decimal, rule: Judging) -> tuple[Decimal | None, str]:
    met = meets(wanted, reached)
    if met is None:
        return None, ""
    upward = wanted.op in (">=", ">", "=")
    if met:
        if rule.over is None or not upward or wanted.value <= 0 or reached.value < wanted.value * (1 + rule.over):
            return points, ""
        return max(Decimal(0), points - rule.deduct), f"完成值超过指标值 {percent(rule.over, 0)} 以上，扣 {plain(rule.deduct)} 分"
    share = indicator_share(wanted, reached, points)
    return (None, "") if share is None else (share, "没有达到指标值，按比例计分")
