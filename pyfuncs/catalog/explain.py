"""What a rate, a score, a check or an item means, in Chinese: for `jixiao rulesets explain`, the manual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from pyfuncs.catalog.codes import code, derived_keys, form_of
from pyfuncs.catalog.compile import rate_parameters, score_parameters
from pyfuncs.catalog.explain_tree import TYPE_WORDS, Account, figure_trees, grade_trees, item_tree, nowhere
from pyfuncs.catalog.fields import SEVERITY_WORDS
from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.item_words import (basis_words, check_words, column_label, dated, item_label, quoted,
                                        sheet_words)
from pyfuncs.catalog.kinds import KINDS
from pyfuncs.catalog.model import Cell, RuleSet
from pyfuncs.catalog.pauses import state_words
from pyfuncs.catalog.refs import Target, all_groups, as_ref, describer, form_items, home_of, near, resolve
from pyfuncs.catalog.submission import Submission
from pyfuncs.catalog.words import tidy
from pyfuncs.language import Address, FormulaError, operands, parse, to_excel
from pyfuncs.methods import METHODS, default
from pyfuncs.methods.tree import draw

CONSOLIDATE_WORDS = {"sum": "各单位相加", "recompute": "用相加后的数重新计算", "list": "逐个单位列出", "none": "不汇总"}
EACH_WORDS = {"columns": "分列审核：", "form": "每张表各审一次", "match": "名称相近的两行配成一对审核："}

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class UnknownItem(LookupError):
    """There is nothing of this name; the message names near matches."""


def explain(ruleset: RuleSet, key: str, where: Callable[[str, str], str] = nowhere,
            submission: Submission | None = None) -> str:
    """Chinese text about a rate, score, check or item, named by key, printed label or shown code.

    A figure is drawn as a tree down to its cells: those of the file where `submission` is given (values and
    computed figures stand beside them), else those that `where(form, item name)` finds in an empty template.
    Several things that print the same label are all explained. Raises UnknownItem with near matches.
    """
    account = Account(ruleset, where, submission)
    name = key.removeprefix(f"{ruleset.prefix}-")
    for find in (_grades, _check, _derived, _rate_or_score, _item):
        if lines := find(account, name):
            return "\n".join(lines)
    labelled = [other for other, thing in {**ruleset.rates, **ruleset.scores}.items() if thing.label == name]
    if labelled:
        return "\n\n".join("\n".join(_rate_or_score(account, other)) for other in labelled)
    if name == GRADE:
        raise UnknownItem(f"规则集 {ruleset.id} 没有等级：只含已见到的部分，没有总分和等级")
    close = near(name, _names(ruleset))
    hint = f"是不是想查 {'、'.join(close)}？" if close else f"可以查：{'、'.join([*ruleset.rates, *ruleset.scores])}"
    raise UnknownItem(f"规则集 {ruleset.id} 里没有“{key}”；{hint}")


def _names(ruleset: RuleSet) -> Iterator[str]:
    yield from (*ruleset.rates, *ruleset.scores, *ruleset.checks, *([GRADE] if ruleset.grades else []))
    for form in ruleset.forms.values():
        yield from (f"{form.form}!{name}" for name, _ in form_items(form))
        yield from (f"{form.form}!{row}" for row in form.all_rows())
    yield from (code(ruleset, key) for key in ruleset.codes)


# -- figures ---------------------------------------------------------------------------------------


def _grades(account: Account, name: str) -> list[str]:
    ruleset = account.ruleset
    if name != GRADE or not ruleset.grades:
        return []
    return [*(line for tree in grade_trees(account) for line in draw(tree)), *_basis(ruleset)]


def _rate_or_score(account: Account, key: str) -> list[str]:
    ruleset = account.ruleset
    if key not in ruleset.rates and key not in ruleset.scores:
        return []
    trees = [line for tree in figure_trees(account, key) for line in draw(tree)]
    return [*trees, *_basis(ruleset), *_cell_formulas(ruleset, key)]


def _basis(ruleset: RuleSet) -> list[str]:
    return [f"依据：{basis_words(basis)}" for basis in ruleset.basis]


def _cell_formulas(ruleset: RuleSet, key: str) -> list[str]:
    """How a cell is written, with the add-in and without it; A2, B2, … hold the operands."""
    form, rate, score = home_of(ruleset, key) or None, ruleset.rates.get(key), ruleset.scores.get(key)
    try:
        if score and score.formula:
            return [f"Excel 公式示例：={_native(parse(score.formula), describer(ruleset, form))}"]
        scales = [resolve(ruleset, arg, form).scale for arg in rate.args] if rate else [Decimal(1)]
    except FormulaError:                              # a part common to many rule sets has not all its forms
        return []
    method = METHODS[(rate or score).method]
    vectors = [argument.kind == "vector" for argument in method.arguments][:len(scales)]
    cells = [f"{letter}2:{letter}9" if vector else f"{letter}2" for letter, vector in zip(_LETTERS, vectors)]
    own = f'"{ruleset.id}","{key}",' if method.function in ("JX_RATE", "JX_SCORE") else ""
    places = "，".join(f"{cell} 放{argument.label}" for cell, argument in zip(cells, method.arguments))
    parameters = default(rate_parameters(rate) if rate else score_parameters(score))
    return [f"Excel 公式示例（{places}）：",
            f"  加载项版 ={method.function}({own}{','.join(cells)})",
            f"  公式版　 ={method.emit(cells, parameters, scales)}"]


def _native(expr: Any, describe: Callable) -> str:
    """A formula as a sheet has it, its operands in A2, B2, … one after the other."""
    cells = {ref.key: f"{letter}2:{letter}9" if describe(ref).vector else f"{letter}2"
             for letter, ref in zip(_LETTERS, operands(expr))}
    return to_excel(expr, lambda ref: Address((cells[ref.key],)), describe)


# -- checks ----------------------------------------------------------------------------------------


def _check(account: Account, name: str) -> list[str]:
    ruleset = account.ruleset
    check = ruleset.checks.get(name)
    if check is None:
        return []
    lines = [f"{code(ruleset, name)}〔{SEVERITY_WORDS[check.severity]}〕{check.message}", *_state(ruleset, name)]
    if check.formula:
        lines.append(f"  应当：{check_words(ruleset, check)}")
    else:
        parameters = "，".join(f"{key} {value}" for key, value in check.parameters.items())
        lines.append(f"  审核：{check.named}（{parameters}）")
    if check.each:
        detail = "、".join(dated(ruleset, column_label(ruleset, column)) for column in check.columns)
        pairs = "，".join(f"{place}（按“{name}”）" for place, name in zip(check.of, check.by))
        lines.append(f"  范围：{EACH_WORDS[check.each]}{detail or pairs}")
    lines += [f"  常见错误：{diagnosis.message}" for diagnosis in check.diagnose]
    sources = [f"来源：{check.basis}"] if check.basis else _basis(ruleset)
    return [*lines, f"  怎么办：{check.advice}", *(f"  {line}" for line in sources)]


def _derived(account: Account, name: str) -> list[str]:
    """A check that a form, rate or score implies, by its key or by letters and number."""
    ruleset = account.ruleset
    shown = f"{ruleset.prefix}-{name}"
    key = next((key for key in ruleset.codes if name == key or shown == code(ruleset, key)), "")
    if not key:
        return []
    kind, _, place = key.partition(":")
    heading = f"{code(ruleset, key)} {KINDS[kind].words}"
    if all(key != current for _, current in derived_keys(ruleset)):
        return [heading, f"  对象：{place}", "  这条审核已经不用；编号保留，不再分给别的审核"]
    lines = [heading, f"  对象：{_subject(ruleset, form_of(key), place)}", f"  怎么办：{KINDS[kind].advice}",
             f"  出错例子：{KINDS[kind].example}", *_state(ruleset, key)]
    if kind == "parts":
        row = ruleset.forms[form_of(key)].all_rows()[place.partition("!")[2]]
        children = "、".join(f"“{tidy(child.label)}”" for child in row.rows) or f"“{row.detail}”各行"
        lines.append(f"  应当：逐列{'不少于' if row.parts == 'within' else '等于'} {children} 之和")
    if kind in ("rate", "ask", "score"):
        lines += ["", *_rate_or_score(account, account.printed.get(place, place))]
    return lines


def _state(ruleset: RuleSet, key: str) -> list[str]:
    state = state_words(ruleset, key)
    return [f"  状态：{state}"] if state else []


def _subject(ruleset: RuleSet, form: str, place: str) -> str:
    """What a derived check looks at, as people call it; a row, a column or a group has no single item."""
    try:
        return item_label(ruleset, place)
    except FormulaError:
        name = place.partition("!")[2]
    if not form:                                      # 封面
        return place
    model = ruleset.forms[form]
    groups = {group: thing for table in model.tables for group, thing in all_groups(model, table).items()}
    thing = model.all_rows().get(name) or model.columns.get(name) or groups.get(name)
    label = dated(ruleset, tidy(thing.label or name)) if thing else name
    return sheet_words(form) + quoted(label)


# -- items -----------------------------------------------------------------------------------------


def _item(account: Account, name: str) -> list[str]:
    """Facts about an item, the checks on it, and the tree of what is worked out there."""
    ruleset = account.ruleset
    try:
        target = resolve(ruleset, as_ref(name))
    except FormulaError:
        return []
    form, item = ruleset.forms[target.form], target.item
    lines = [item_label(ruleset, name),
             f"  名称：{target.key}" + (f"（{target.group}）" if target.group else ""),
             f"  内容：{TYPE_WORDS[item.type]}" + (f"，单位{form.unit}" if item.type == "amount" else ""),
             f"  汇总：{CONSOLIDATE_WORDS[item.consolidation]}"]
    if item.required:
        lines.append("  必须填写")
    if item.help:
        lines.append(f"  说明：{item.help}")
    for key in _checks_on(ruleset, target):           # in a draft they have no number yet
        number = code(ruleset, key) if key in ruleset.codes else "（还没有编号）"
        lines.append(f"  审核：{number} {KINDS[key.partition(':')[0]].words}")
    return [*lines, "", *_worked_out(account, target, name)]


def _worked_out(account: Account, target: Target, name: str) -> list[str]:
    """The tree of what stands at an item."""
    if isinstance(target.item, Cell) and target.item.grade and account.ruleset.grades:
        return _grades(account, GRADE)
    computed = account.printed.get(target.key)
    return _rate_or_score(account, computed) if computed else [
        line for node in item_tree(account, name) for line in draw(node)]


def _checks_on(ruleset: RuleSet, target: Target) -> Iterable[str]:
    """Keys of the derived checks that look at an item: at itself, at its row, or at its column."""
    places = {f"{target.form}!{name}" for name in (target.name, target.group, *target.name.split("."))}
    return [key for _, key in derived_keys(ruleset) if key.partition(":")[2] in places]
