"""What a rate, a score, a check or an item means, in Chinese: for `jixiao rulesets explain`, the manual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from pyfuncs.catalog.codes import KINDS, code, derived_keys, form_of
from pyfuncs.catalog.compile import rate_parameters, score_parameters
from pyfuncs.catalog.fields import SEVERITY_WORDS, STATUS_WORDS
from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.model import Cell, Check, Form, Rate, RuleSet, Score
from pyfuncs.catalog.refs import (Target, all_groups, as_ref, describer, form_items, home, home_of, near,
                                  placements, resolve)
from pyfuncs.catalog.words import percent, tidy
from pyfuncs.language import Address, FormulaError, Ref, operands, parse, to_chinese, to_excel
from pyfuncs.methods import METHODS, Method, default, readings

TYPE_WORDS = {"amount": "金额", "count": "个数", "rate": "比率", "points": "分值", "score": "得分", "text": "文字",
              "target": "年度指标值", "actual": "实际完成值"}
CONSOLIDATE_WORDS = {"sum": "各单位相加", "recompute": "用相加后的数重新计算", "list": "逐个单位列出", "none": "不汇总"}
EACH_WORDS = {"columns": "分列审核：", "form": "每张表各审一次", "match": "名称相近的两行配成一对审核："}
CHOICE_WORDS = {"full": "得满分", "zero": "得 0 分", "exclude": "不计入，其余折算", "ask": "由人判断",
                "ceil": "不足一步算一步", "floor": "不足一步不算", "linear": "按比例",
                "exact": "按准确值", "printed": "按印出的百分数", "required": "必须", "optional": "可以不附"}

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class UnknownItem(LookupError):
    """There is nothing of this name; the message names near matches."""


def explain(ruleset: RuleSet, key: str) -> str:
    """Lines of Chinese text about a rate, score, check or item, named by key, printed label or shown code.

    Several things that print the same label are all explained. Raises UnknownItem with near matches.
    """
    name = key.removeprefix(f"{ruleset.prefix}-")
    for find in (_grades, _check, _derived, _rate_or_score, _item):
        if lines := find(ruleset, name):
            return "\n".join(lines)
    labelled = [other for other, thing in {**ruleset.rates, **ruleset.scores}.items() if thing.label == name]
    if labelled:
        return "\n\n".join("\n".join(_rate_or_score(ruleset, other)) for other in labelled)
    close = near(name, _names(ruleset))
    hint = f"是不是想查 {'、'.join(close)}？" if close else f"可以查：{'、'.join([*ruleset.rates, *ruleset.scores])}"
    raise UnknownItem(f"规则集 {ruleset.id} 里没有“{key}”；{hint}")


def item_label(ruleset: RuleSet, ref: Ref | str, form: str | None = None, **scope: Any) -> str:
    """An item as people call it: 《基础数据表》“公用经费”的“2022 年决算数”; a rate or score by its label."""
    target = resolve(ruleset, ref, form, **scope)
    if target.sort in ("rate", "score"):
        return f"“{(ruleset.rates if target.sort == 'rate' else ruleset.scores)[target.name].label}”"
    place = ruleset.forms[target.form]
    first, _, column = target.name.partition(".")
    parts = [_owner_label(place, target, first)] * bool(column) + [target.item.label or column or first]
    return f"《{place.form}表》" + "的".join(f"“{_dated(ruleset, part)}”" for part in parts)


def _owner_label(form: Form, target: Target, first: str) -> str:
    if target.group:
        return all_groups(form, target.table)[target.group].label or target.group
    return tidy(form.all_rows()[first].label) if target.sort == "grid" else first


def _dated(ruleset: RuleSet, words: str) -> str:
    return words.replace("{year}", ruleset.year).replace("{prior}", ruleset.prior)


def _names(ruleset: RuleSet) -> Iterator[str]:
    yield from (*ruleset.rates, *ruleset.scores, *ruleset.checks, GRADE)
    for form in ruleset.forms.values():
        yield from (f"{form.form}!{name}" for name, _ in form_items(form))
        yield from (f"{form.form}!{row}" for row in form.all_rows())
    yield from (code(ruleset, key) for key in ruleset.codes)


# -- rates and scores ------------------------------------------------------------------------------


def _rate_or_score(ruleset: RuleSet, key: str) -> list[str]:
    if key in ruleset.rates:
        return _rate(ruleset, key, ruleset.rates[key])
    if key in ruleset.scores:
        return _score(ruleset, key, ruleset.scores[key])
    return []


def _rate(ruleset: RuleSet, key: str, rate: Rate) -> list[str]:
    method, form = METHODS[rate.method], home_of(ruleset, key) or None
    lines = [*_heading(ruleset, key, rate.label, "比率"),
             f"  算法：{rate.method}，{method.help}",
             *(f"  　　　{argument.label} ＝ {item_label(ruleset, arg, form)}"
               for argument, arg in zip(method.arguments, rate.args)),
             f"  小数：百分数保留 {rate.decimals} 位"]
    if rate.ask_above is not None:
        lines.append(f"  核实：超过 {percent(rate.ask_above, 0)} 时请核实分母")
    if rate.diagnose:
        lines.append(f"  常见错误：{'、'.join(rate.diagnose)}")
    scales = [resolve(ruleset, arg, form).scale for arg in rate.args]
    return [*lines, *_source(ruleset, rate),
            *_cell_formulas(ruleset, key, method, rate_parameters(rate), scales)]


def _score(ruleset: RuleSet, key: str, score: Score) -> list[str]:
    form = home_of(ruleset, key) or None
    lines = [*_heading(ruleset, key, score.label, "得分"), *_points(score)]
    if score.formula:
        expr = parse(score.formula)
        native = _native(expr, describer(ruleset, form))
        return [*lines, f"  公式：{to_chinese(expr, _labels(ruleset, form))}", *_source(ruleset, score),
                f"  Excel 公式示例：={native}"]
    method, parameters = METHODS[score.method], score_parameters(score)
    lines.append(f"  算法：{score.method}，{method.help}")
    if score.value:
        lines.append(f"  计分依据的数：{item_label(ruleset, score.value, form)}")
    for parameter in method.parameters:
        if parameter.name in parameters and parameter.name != "points":
            lines.append(f"  参数 {parameter.name}：{_shown(parameters[parameter.name])}（{parameter.help}）")
    if len(readings(parameters)) > 1:
        lines.append("  读法：写着“或”的，规定有几种理解；格里按第一种，符合其他几种的只作提示")
    return [*lines, *_source(ruleset, score), *_cell_formulas(ruleset, key, method, parameters, [Decimal(1)])]


def _heading(ruleset: RuleSet, key: str, label: str, what: str) -> Iterator[str]:
    yield f"{key}（{what}，表上印“{label}”）"
    place = placements(ruleset).get(key)
    yield f"  位置：{item_label(ruleset, '!'.join(place)) if place else '表上没有单独的格，见“计算过程”表'}"
    if home_of(ruleset, key):
        yield f"  每张{home_of(ruleset, key)}表各算一个"


def _points(score: Score) -> list[str]:
    return [] if score.points is None else [f"  分值：{score.points} 分"]


def _source(ruleset: RuleSet, thing: Rate | Score) -> Iterator[str]:
    yield f"  可靠程度：{STATUS_WORDS[thing.status]}"
    if thing.source:
        yield f"  来源：{thing.source}"
    yield from _basis(ruleset)


def _basis(ruleset: RuleSet) -> Iterator[str]:
    for basis in ruleset.basis:
        known = (basis.number, basis.issuer, basis.date, basis.page, basis.note)
        yield f"  依据：{basis.title}（{'，'.join(filter(None, known))}）"


def _cell_formulas(ruleset: RuleSet, key: str, method: Method, parameters: dict,
                   scales: list[Decimal]) -> list[str]:
    """How a cell is written, with the add-in and without it; A2, B2, … hold the operands."""
    vectors = [argument.kind == "vector" for argument in method.arguments][:len(scales)]
    cells = [f"{letter}2:{letter}9" if vector else f"{letter}2" for letter, vector in zip(_LETTERS, vectors)]
    own = f'"{ruleset.id}","{key}",' if method.function in ("JX_RATE", "JX_SCORE") else ""
    places = "，".join(f"{cell} 放{argument.label}" for cell, argument in zip(cells, method.arguments))
    return [f"  Excel 公式示例（{places}）：",
            f"    加载项版 ={method.function}({own}{','.join(cells)})",
            f"    公式版　 ={method.emit(cells, default(parameters), scales)}"]


def _native(expr: Any, describe: Callable) -> str:
    """A formula as a sheet has it, its operands in A2, B2, … one after the other."""
    cells = {ref.key: f"{letter}2:{letter}9" if describe(ref).vector else f"{letter}2"
             for letter, ref in zip(_LETTERS, operands(expr))}
    return to_excel(expr, lambda ref: Address((cells[ref.key],)), describe)


def _labels(ruleset: RuleSet, form: str | None, **scope: Any) -> Callable[[Ref], str]:
    return lambda ref: item_label(ruleset, ref, form, **scope)


def _shown(value: Any) -> str:
    """A parameter's value in words, readings and bands included."""
    if isinstance(value, dict) and "any" in value:
        return " 或 ".join(map(_shown, value["any"]))
    if isinstance(value, list):
        return "；".join("、".join(f"{name} {text}" for name, text in band.items()) for band in value)
    return CHOICE_WORDS.get(value, str(value))


def _grades(ruleset: RuleSet, name: str) -> list[str]:
    if name != GRADE:
        return []
    bands = "，".join(f"{grade} {bound} 分（含）以上" for grade, bound in list(ruleset.grades.items())[:-1])
    last = list(ruleset.grades)[-1]
    return [f"等级（按 {ruleset.total} 定）", f"  标准：{bands}，其余为{last}", "  总分不先取整",
            f"  来源：{ruleset.grade_source}"]


# -- checks ----------------------------------------------------------------------------------------


def _check(ruleset: RuleSet, name: str) -> list[str]:
    check = ruleset.checks.get(name)
    if check is None:
        return []
    lines = [f"{code(ruleset, name)}〔{SEVERITY_WORDS[check.severity]}〕{check.message}"]
    if check.formula:
        lines.append(f"  应当：{_check_words(ruleset, check)}")
    else:
        parameters = "，".join(f"{key} {value}" for key, value in check.parameters.items())
        lines.append(f"  审核：{check.named}（{parameters}）")
    if check.each:
        detail = "、".join(_dated(ruleset, _column_label(ruleset, column)) for column in check.columns)
        pairs = "，".join(f"{place}（按“{name}”）" for place, name in zip(check.of, check.by))
        lines.append(f"  范围：{EACH_WORDS[check.each]}{detail or pairs}")
    lines += [f"  常见错误：{diagnosis.message}" for diagnosis in check.diagnose]
    return [*lines, f"  怎么办：{check.advice}", *([f"  来源：{check.basis}"] if check.basis else _basis(ruleset))]


def _check_words(ruleset: RuleSet, check: Check) -> str:
    """The formula over labels; a check of several columns is told by its rows."""
    expr = parse(check.formula)
    form = home(ruleset, operands(expr)) or None

    def label(ref: Ref) -> str:
        if check.columns and ref.form and len(ref.path) == 1:
            row = ruleset.forms[ref.form].all_rows().get(ref.path[0])
            if row:
                return f"《{ref.form}表》“{tidy(row.label)}”"
        return item_label(ruleset, ref, form, paired=check.of)

    return to_chinese(expr, label)


def _column_label(ruleset: RuleSet, column: str) -> str:
    labels = (form.columns[column].label for form in ruleset.forms.values() if column in form.columns)
    return next(labels, column)


def _derived(ruleset: RuleSet, name: str) -> list[str]:
    """A check that a form, rate or score implies, by its key or by letters and number."""
    shown = f"{ruleset.prefix}-{name}"
    key = next((key for key in ruleset.codes if name == key or shown == code(ruleset, key)), "")
    if not key:
        return []
    kind, _, place = key.partition(":")
    heading = f"{code(ruleset, key)} {KINDS[kind]}"
    if all(key != current for _, current in derived_keys(ruleset)):
        return [heading, f"  对象：{place}", "  这条审核已经不用；编号保留，不再分给别的审核"]
    lines = [heading, f"  对象：{_subject(ruleset, form_of(key), place)}"]
    if kind == "parts":
        row = ruleset.forms[form_of(key)].all_rows()[place.partition("!")[2]]
        children = "、".join(f"“{tidy(child.label)}”" for child in row.rows) or f"“{row.detail}”各行"
        lines.append(f"  应当：逐列{'不少于' if row.parts == 'within' else '等于'} {children} 之和")
    if kind in ("rate", "ask", "score"):
        lines += ["", *_rate_or_score(ruleset, _computed(ruleset, place))]
    return lines


def _subject(ruleset: RuleSet, form: str, place: str) -> str:
    """What a derived check looks at, as people call it; a row, a column or a group has no single item."""
    try:
        return item_label(ruleset, place)
    except FormulaError:
        name = place.partition("!")[2]
    model = ruleset.forms[form]
    groups = {group: thing for table in model.tables for group, thing in all_groups(model, table).items()}
    thing = model.all_rows().get(name) or model.columns.get(name) or groups.get(name)
    label = _dated(ruleset, tidy(thing.label or name)) if thing else name
    return f"《{form}表》“{label}”"


# -- items -----------------------------------------------------------------------------------------


def _item(ruleset: RuleSet, name: str) -> list[str]:
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
    if isinstance(item, Cell) and item.formula:
        lines.append(f"  公式：{to_chinese(parse(item.formula), _labels(ruleset, form.form))}")
    lines += [f"  审核：{code(ruleset, key)} {KINDS[key.partition(':')[0]]}"
              for key in _checks_on(ruleset, target)]
    computed = _computed(ruleset, target.key)
    return [*lines, *([""] + _rate_or_score(ruleset, computed) if computed else [])]


def _computed(ruleset: RuleSet, place: str) -> str:
    """The rate or score printed at an item; a rate that is printed nowhere stands for itself."""
    printed = {"!".join(where): key for key, where in placements(ruleset).items()}
    return printed.get(place, place if place in ruleset.rates else "")


def _checks_on(ruleset: RuleSet, target: Target) -> Iterable[str]:
    """Keys of the derived checks that look at an item: at itself, at its row, or at its column."""
    places = {f"{target.form}!{name}" for name in (target.name, target.group, *target.name.split("."))}
    return [key for _, key in derived_keys(ruleset) if key.partition(":")[2] in places]
