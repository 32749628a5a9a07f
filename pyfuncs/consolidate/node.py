"""A node from its sums: totals, rates, and the scores that its rule set gives on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from pyfuncs.catalog.figures import GRADE, Figure, figures
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import home_of
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.consolidate.node_rates import node_rates
from pyfuncs.consolidate.result import Difference, Listed, Node, NodeResult, NodeScore, PooledRate, Total
from pyfuncs.consolidate.sums import Line, Spread, Sums, in_order, listed, printed, summed, words_of
from pyfuncs.language import NOT_APPLICABLE, Value, plain, round_decimal

MEAN_PLACES = 4
_REASONS = {"text": "文字，不能相加", "target": "指标值，不能相加", "actual": "完成值，不能相加", "points": "分值，不相加",
            "score": "得分，按规则重评或逐个列出", "rate": "比率，按合计数重新计算"}


def node_result(node: Node, sums: Sums, differences: Iterable[Difference] = ()) -> NodeResult:
    """All figures of a node."""
    ruleset, rates = sums.ruleset, node_rates(sums)
    computed = _computed(ruleset, sums, rates) if ruleset else {}
    total, grade = _total_and_grade(ruleset, computed)
    return NodeResult(node, sums.units, tuple(_totals(sums)), rates, ruleset, tuple(_scores(ruleset, sums, computed)),
                      total, grade, tuple(differences))


def _totals(sums: Sums) -> Iterator[Total]:
    for line in in_order([amount.line for amount in sums.amounts.values()]):
        amount = sums.amounts[line.key]
        label, column, indent = words_of(line)
        yield Total(line.form.form, line.name, line.item.type, title_of(line, sums.year), printed(label, sums.year),
                    printed(column, sums.year), amount.value, amount.filed, amount.unfilled, indent)


def listed_items(sums: Sums) -> tuple[Listed, ...]:
    """Items that can't be added, those that at least one unit filled."""
    lines: dict[tuple[str, str], Line] = {}
    for ruleset, _ in sums.rulesets.values():
        for place, line in listed(ruleset).items():
            lines.setdefault(place, line)
    return tuple(_listed(line, sums) for line in in_order(list(lines.values())) if (line.form.form, line.name) in sums.answers)


def _listed(line: Line, sums: Sums) -> Listed:
    label, column, _ = words_of(line)
    reason = _REASONS.get(line.item.type, "由表内公式算出，或与别的项目重复，不相加")
    return Listed(line.form.form, line.name, title_of(line, sums.year), printed(label, sums.year),
                  printed(column, sums.year), reason, sums.answers[line.form.form, line.name])


# -- scores -------------------------------------------------------------------------------------------


def _computed(ruleset: RuleSet, sums: Sums, rates: Iterable[PooledRate]) -> dict[tuple[str, int], Figure]:
    """What the rule set gives on the sums, as it would on a unit's workbook that holds them."""
    return figures(ruleset, sums_as_filed(ruleset, sums),
                   {rate.key: rate.value for rate in rates if ruleset.id in rate.rulesets})


def sums_as_filed(ruleset: RuleSet, sums: Sums) -> Submission:
    """The sums of a node as if one workbook had filed them: a single sheet of each form, one row of each table."""
    items = [_item(line, sums.amounts[key].value, ruleset) for key, line in summed(ruleset).items() if key in sums.amounts]
    return Submission("", "", ruleset.id, "", ruleset.year, tuple(items))


def _item(line: Line, value: Decimal | None, ruleset: RuleSet) -> Item:
    table = line.name.partition(".")[0] in ruleset.forms[line.form.form].tables
    return Item(line.form.form, line.name, value, "" if value is None else plain(value), "",
                "blank" if value is None else "number", row=int(table))


def _scores(ruleset: RuleSet | None, sums: Sums, computed: Mapping[tuple[str, int], Figure]) -> Iterator[NodeScore]:
    for key, score in ruleset.scores.items() if ruleset else ():
        figure, spread = computed.get((key, 0)), sums.spreads.get((ruleset.id, key), Spread())
        value = figure.value if figure and _is_answer(figure.value) else None
        why = "" if value is not None else _why(ruleset, key)
        mean = round_decimal(spread.total / spread.count, MEAN_PLACES) if spread.count else None
        yield NodeScore(key, score.label, score.points, value, figure.sentence if value is not None else "", score.status,
                        why, spread.count, spread.lowest, spread.highest, mean)


def _why(ruleset: RuleSet, key: str) -> str:
    score = ruleset.scores[key]
    if home_of(ruleset, key):
        return "按项目评分，逐个列出"
    if score.method == "评判":
        return "由人评判，逐个列出"
    if score.formula and not score.group:
        return "有得分要由人评判，合计不出"
    return "要用的数各单位没有填，或不能相加"


def _total_and_grade(ruleset: RuleSet | None, computed: Mapping[tuple[str, int], Figure]) -> tuple[Value, str]:
    total, grade = (computed.get((key, 0)) for key in (ruleset.total if ruleset else "", GRADE))
    if total is None or not _is_answer(total.value):
        return None, ""
    return total.value, grade.value if grade and isinstance(grade.value, str) else ""


def _is_answer(value: Value) -> bool:
    return isinstance(value, Decimal) or value == NOT_APPLICABLE


# -- words --------------------------------------------------------------------------------------------


def title_of(line: Line, year: str) -> str:
    return printed(line.form.title, year).removeprefix("本年")
