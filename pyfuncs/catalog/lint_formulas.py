"""Formulas and references of a rule set, checked; the messages all parts of lint share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import inputs, near, resolve
from pyfuncs.language import FormulaError, Kind, Ref, RefInfo, check, parse

KIND_WORDS: dict[str | None, str] = {
    "amount": "金额", "count": "个数", "ratio": "比率", "points": "分数", "number": "数", "text": "文字",
    "bool": "判断（成立或不成立）",
}


def formula_problems(path: tuple, text: str, describe: Callable[[Ref], RefInfo],
                     wanted: Collection[Kind]) -> Iterator[tuple[tuple, str]]:
    """(path, message) when a formula can't be read, does not fit together, or gives something else."""
    try:
        kind = check(parse(text), describe)
    except FormulaError as error:
        yield path, str(error)
        return
    if kind is not None and kind not in wanted:
        words = "或".join(KIND_WORDS[name] for name in wanted if name != "number" or len(wanted) == 1)
        yield path, f"公式“{text}”算出来是{KIND_WORDS[kind]}，这里要的是{words}；请改写公式，或改 type"


def reference_problem(ruleset: RuleSet, ref: str, form: str | None = None, **scope) -> str:
    """What is wrong with a reference, "" when it means something."""
    try:
        resolve(ruleset, ref, form, **scope)
    except FormulaError as error:
        return f"写的是{error.found}；应当{error.wanted}，例如 {error.example}"
    return ""


def reference_problems(ruleset: RuleSet, key: str) -> Iterator[str]:
    """What is wrong with the references a rate or a score is worked out from."""
    try:
        refs: Iterable[Ref] = inputs(ruleset, key)
    except FormulaError as error:
        yield str(error)
        return
    for ref in refs:
        if problem := reference_problem(ruleset, ref):
            yield problem


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """没有比率“资金执行绿”；是不是想写 资金执行率？请写已有的：……"""
    names = list(known)
    close = near(word, names)
    hint = f"是不是想写 {'、'.join(close)}？" if close else ""
    return f"没有{what}“{word}”；{hint}请写已有的：{'、'.join(names) or '（还没有）'}"
