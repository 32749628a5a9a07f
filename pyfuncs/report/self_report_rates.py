"""Rates with their workings as a report prints them: （12÷15）×100%＝80.00%. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pyfuncs.catalog.environment import Scope, environment, items_behind
from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.model import Rate, RuleSet
from pyfuncs.catalog.refs import as_ref, home_of, only_recognised
from pyfuncs.catalog.submission import Submission
from pyfuncs.catalog.words import Words, half_up, percent, plain, tidy
from pyfuncs.language import NOT_APPLICABLE
from pyfuncs.methods import METHODS, default
from pyfuncs.report.self_report_money import WAN, decimals_for, printed, said

_QUOTIENTS = {"控制率", "执行率", "利用率", "占比"}


@dataclass(frozen=True)
class RateLine:
    """`working`: without the name, "" where there is nothing to work out. `result`: 80.00%, or 不适用."""

    key: str
    instance: int
    label: str
    working: str
    result: str

    @property
    def line(self) -> str:
        return f"{self.label}＝{self.working or self.result}"


def rate_lines(ruleset: RuleSet, submission: Submission, figures: Mapping[tuple[str, int], Figure],
               instance: int) -> Iterator[RateLine]:
    """The rates of the unit (0) or of one project that are known, without those that only recognise a mistake."""
    left_out = only_recognised(ruleset)
    known = [figure for (key, number), figure in figures.items()
             if figure.kind == "rate" and number == instance and key not in left_out
             and (isinstance(figure.value, Decimal) or figure.value == NOT_APPLICABLE)]
    labels = Counter(figure.label for figure in known)
    for figure in known:
        label = said(figure.label if labels[figure.label] == 1 else f"{_row_label(ruleset, figure)}{figure.label}")
        if isinstance(figure.value, Decimal):
            yield _worked_out(ruleset, submission, ruleset.rates[figure.key], replace(figure, label=label))
        else:
            yield RateLine(figure.key, instance, label, "", NOT_APPLICABLE)


def _row_label(ruleset: RuleSet, figure: Figure) -> str:
    """What tells rates of one name apart: the row of the form that they are printed in."""
    row, _, column = figure.printed.name.partition(".") if figure.printed else ("", "", "")
    return tidy(ruleset.forms[figure.printed.form].all_rows()[row].label) if column else ""


def _worked_out(ruleset: RuleSet, submission: Submission, rate: Rate, figure: Figure) -> RateLine:
    result = percent(figure.value, rate.decimals)
    working = _working(ruleset, submission, rate, figure)
    return RateLine(figure.key, figure.instance, figure.label, f"{working}＝{result}" if working else "", result)


def _working(ruleset: RuleSet, submission: Submission, rate: Rate, figure: Figure) -> str:
    """A rate's operands in the pattern of its method, "" where one of them is no number."""
    scope = Scope(form=home_of(ruleset, figure.key) or None, instance=figure.instance)
    lookup = environment(ruleset, submission, scope)
    values = [lookup(as_ref(argument)) for argument in rate.args]
    if rate.method == "满意度":
        return _weighted(*values)
    pattern = _PATTERNS.get(rate.method) or (_quotient if rate.method in _QUOTIENTS else None)
    numbers = [value for value in values if value is not None]
    if pattern is None or not all(isinstance(value, Decimal) for value in numbers):
        return ""
    if not _of_money(ruleset, submission, rate, scope):
        return pattern(*(_bracketed(plain(value)) for value in numbers))

    def holds(places: int) -> bool:
        """Whether the printed operands come to the printed rate."""
        again = METHODS[rate.method].evaluate([value if value is None else printed(value, places) for value in values],
                                              default(rate.parameters))
        return isinstance(again, Decimal) and percent(again, rate.decimals) == percent(figure.value, rate.decimals)

    places = decimals_for(holds)
    return pattern(*(_bracketed(f"{half_up(value / WAN, places):f}") for value in numbers))


def _of_money(ruleset: RuleSet, submission: Submission, rate: Rate, scope: Scope) -> bool:
    """Operands of one rate are all amounts or none is."""
    items = items_behind(ruleset, submission, rate.args[0], scope)
    return bool(items) and Words(ruleset, submission).kind(items[0]) == "amount"


def _bracketed(number: str) -> str:
    return f"（{number}）" if number.startswith("-") else number


def _quotient(over: str, under: str) -> str:
    return f"（{over}÷{under}）×100%"


def _change(current: str, prior: str) -> str:
    return "" if not Decimal(prior) else f"（{current}－{prior}）÷{prior}×100%"


def _completion(carried: str, initial: str, added: str, closing: str) -> str:
    fund = f"{carried}＋{initial}＋{added}"
    return f"（{fund}－{closing}）÷（{fund}）×100%"


def _adjustment(added: str, initial: str, excluded: str = "") -> str:
    return f"（{added}－{excluded}）÷{initial}×100%" if excluded else _quotient(added, initial)


_PATTERNS: dict[str, Callable[..., str]] = {"变动率": _change, "完成率": _completion, "调整率": _adjustment}


def _weighted(values: list, weights: list) -> str:
    """96.20%×50%＋96.00%×40%＋…; weights that are not shares of 1 or 100 are divided by their sum."""
    pairs = [(value, weight) for value, weight in zip(values, weights)
             if isinstance(value, Decimal) and isinstance(weight, Decimal)]
    total = sum((weight for _, weight in pairs), Decimal(0))
    if not pairs or not total:
        return ""
    if total in (1, 100):
        return "＋".join(f"{_percent(value)}×{_percent(weight / total)}" for value, weight in pairs)
    terms = "＋".join(f"{_percent(value)}×{plain(weight)}" for value, weight in pairs)
    return f"（{terms}）÷{plain(total)}"


def _percent(ratio: Decimal) -> str:
    return f"{plain(ratio * 100)}%"
