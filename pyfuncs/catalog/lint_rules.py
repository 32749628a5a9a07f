"""What rates, scores and checks can have wrong: methods, arguments, dimensions, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from pyfuncs.catalog.codes import derived_keys
from pyfuncs.catalog.compile import rate_parameters, score_parameters
from pyfuncs.catalog.lint_formulas import (KIND_WORDS, formula_problems, reference_problem,
                                           reference_problems, unknown)
from pyfuncs.catalog.model import Check, Rate, RuleSet, Score
from pyfuncs.catalog.refs import Target, as_ref, describer, home, home_of, inputs, near, resolve
from pyfuncs.language import FormulaError, Ref, operands, parse
from pyfuncs.methods import METHODS, Argument

Found = Iterator[tuple[tuple, str]]
NamedChecks = Mapping[str, Mapping[str, bool]]         # name -> parameter -> must it be written

RATIOS = ("near",)                                    # parameters of named checks that are shares, 0.8 is 80%
KNOWN_MISTAKES = ("截尾", "反号", "两次取整")


def method_problems(ruleset: RuleSet) -> Found:
    """Unknown methods, wrong parameters, unknown diagnoses: whatever forms there are."""
    for key, rate in ruleset.rates.items():
        path = ("rates", key)
        yield from _method(rate.method, "rate", rate_parameters(rate), path)
        known = [*KNOWN_MISTAKES, *(name for name in ruleset.rates if name != key)]
        for index, name in enumerate(rate.diagnose):
            if name not in known:
                yield (*path, "diagnose", index), unknown("诊断", name, known)
        if key in ruleset.scores:
            yield ("scores", key), f"“{key}”既是比率又是得分；名字只能指一样东西，例如把得分改为 {key}得分"
    for key, score in ruleset.scores.items():
        if score.method:
            yield from _method(score.method, "score", score_parameters(score), ("scores", key))
        else:
            for name in score.parameters:
                yield ("scores", key, name), unknown("键", name, type(score).model_fields)


def _is(method: str, kind: str) -> bool:
    return method in METHODS and METHODS[method].kind == kind


def _method(name: str, kind: str, parameters: dict, path: tuple) -> Found:
    known = [method.name for method in METHODS.values() if method.kind == kind]
    if name not in known:
        yield (*path, "method"), unknown("评分方法" if kind == "score" else "比率的算法", name, known)
        return
    for problem in METHODS[name].validate(parameters):
        named = re.search(r"参数 (\w+)", problem, re.ASCII)
        advice = "；请改名，或删去这一行" if "没有参数" in problem else ""
        yield (*path, "parameters", *(named.groups() if named else ())), problem + advice


# -- rates -----------------------------------------------------------------------------------------


def rate_problems(ruleset: RuleSet) -> Found:
    for key, rate in ruleset.rates.items():
        problems = list(_arguments(ruleset, key, rate))
        yield from problems
        if not problems and _is(rate.method, "rate"):
            yield from _dimensions(ruleset, key, rate)


def _arguments(ruleset: RuleSet, key: str, rate: Rate) -> Found:
    for index, arg in enumerate(rate.args):
        problem = _not_a_reference(arg) or reference_problem(ruleset, arg)
        if problem:
            yield ("rates", key, "args", index), problem
    if _is(rate.method, "rate"):
        arguments = METHODS[rate.method].arguments
        least = sum(not argument.optional for argument in arguments)
        if not least <= len(rate.args) <= len(arguments):
            labels = "、".join(argument.label + "（可不写）" * argument.optional for argument in arguments)
            yield ("rates", key, "args"), (f"方法“{rate.method}”要用 {labels}，现有 {len(rate.args)} 个；"
                                           "请在 args 里依次写出，例如 [基础数据!在职人数, 基础数据!编制数]")


def _not_a_reference(text: str) -> str:
    try:
        as_ref(text)
    except FormulaError as error:
        return str(error)
    return ""


def _dimensions(ruleset: RuleSet, key: str, rate: Rate) -> Found:
    form = home_of(ruleset, key) or None
    arguments = METHODS[rate.method].arguments
    pairs = [(argument, resolve(ruleset, arg, form)) for arg, argument in zip(rate.args, arguments)]
    misfits = [_misfit(argument, target) for argument, target in pairs]
    for index, problem in enumerate(misfits):
        if problem:
            yield ("rates", key, "args", index), problem
    kinds = {target.kind for argument, target in pairs if argument.kind == "amount"}
    if not any(misfits) and len(kinds) > 1:
        words = "、".join(f"{target.key} 是{KIND_WORDS[target.kind]}" for _, target in pairs)
        yield ("rates", key, "args"), f"{words}；相除的数应是同一种，例如都是金额"
    amounts = [target for _, target in pairs if target.kind == "amount"]
    if not any(misfits) and len({target.scale for target in amounts}) > 1:
        # A cell function sees bare numbers and can't know the unit of the form that they stand on.
        words = "、".join(f"{target.key} 按{ruleset.forms[target.form].unit}填" for target in amounts)
        yield ("rates", key, "args"), (f"{words}；单元格里的函数只看到数，会差一万倍。请改用计量单位相同的表上的项目，"
                                       "或把两张表的 unit 改成一样，例如 unit: 万元")


def _misfit(argument: Argument, target: Target) -> str:
    """Why an item can't be this argument, "" when it can."""
    if argument.kind == "vector":
        return "" if target.vector else f"{target.key} 是一个数，“{argument.label}”要的是一列数，例如 项目!指标.得分"
    if target.vector:
        return f"{target.key} 是一列（或多张表）的数，“{argument.label}”要的是一个数；请写一个格，例如 基础数据!三公经费.本年决算"
    # A staffing rate divides heads as another divides money: both are quantities.
    fitting = {"amount": ("amount", "count"), "number": ("amount", "count", "ratio", "points")}
    if target.kind not in fitting.get(argument.kind, (argument.kind,)):
        wanted = "金额或个数" if argument.kind == "amount" else KIND_WORDS[argument.kind]
        return f"{target.key} 是{KIND_WORDS[target.kind]}，“{argument.label}”要的是{wanted}；请换一个项目"
    return ""


# -- scores ----------------------------------------------------------------------------------------


def score_problems(ruleset: RuleSet) -> Found:
    for key, score in ruleset.scores.items():
        path = ("scores", key)
        problems = [] if score.formula else list(reference_problems(ruleset, key))
        for problem in problems:
            yield (*path, "value"), problem
        if circle := _circle(ruleset, key):
            yield path, f"得分绕成了圈：{' → '.join(circle)}；请改写其中一个的 formula，不要用到它自己"
        elif score.formula:
            describe = describer(ruleset, home_of(ruleset, key) or None)
            yield from formula_problems((*path, "formula"), score.formula, describe, {"points", "number"})
        elif not problems and _is(score.method, "score"):
            yield from _score_value(ruleset, key, score, path)


def _score_value(ruleset: RuleSet, key: str, score: Score, path: tuple) -> Found:
    arguments = METHODS[score.method].arguments
    if not score.value:
        if score.method != "评判":
            yield path, f"方法“{score.method}”要有 value，写明按哪个比率或项目计分，例如 value: 资金执行率"
    elif len(arguments) > 1:
        labels = "、".join(argument.label for argument in arguments)
        yield (*path, "method"), f"方法“{score.method}”要用 {labels}，不能只按一个 value 计分；请改用 formula"
    elif problem := _misfit(arguments[0], resolve(ruleset, score.value, home_of(ruleset, key) or None)):
        yield (*path, "value"), problem


def _circle(ruleset: RuleSet, key: str) -> list[str]:
    """The way from a score back to itself, empty when there is none."""

    def walk(name: str, way: list[str]) -> list[str]:
        if name not in ruleset.scores:
            return []
        if name in way:
            return [*way, name] if name == key else []
        try:
            following = inputs(ruleset, name)
        except FormulaError:
            return []
        return next((found for ref in following if (found := walk(ref.key, [*way, name]))), [])

    return walk(key, [])


# -- checks ----------------------------------------------------------------------------------------


def _named_parameters(ruleset: RuleSet, check: Check, declared: Mapping[str, bool], path: tuple) -> Found:
    tables = [f"{form.form}!{table}" for form in ruleset.forms.values() for table in form.tables]
    form = ruleset.forms.get(check.parameters.get("form", ""))
    for name, value in check.parameters.items():
        where = (*path, "parameters", name)
        if name not in declared:
            yield where, unknown(f"“{check.named}”的参数", name, declared)
        elif name in RATIOS:
            if not re.fullmatch(r"0(\.\d+)?|1", str(value), re.ASCII):
                yield where, f"参数 {name} 应是 0 到 1 之间的数，现为“{value}”，例如 {name}: \"0.8\""
        elif "!" in value and value not in tables:
            yield where, unknown("表", value, tables)
        elif name == "form" and form is None:
            yield where, unknown("表单", value, ruleset.forms)
        elif form is not None and name != "form" and value not in form.columns:
            yield where, unknown(f"表单“{form.form}”的列", value, form.columns)
    missing = [name for name, needed in declared.items() if needed and name not in check.parameters]
    if missing:
        yield (*path, "named"), (f"“{check.named}”缺少参数 {'、'.join(missing)}，"
                                 f"例如 parameters: {{{missing[0]}: {'评分依据' if 'form' in declared else '整体自评!指标'}}}")


def check_problems(ruleset: RuleSet, named: NamedChecks | None) -> Found:
    """`named`: parameters of the checks written in Python (must each be written?), None when not known here."""
    for check in ruleset.checks.values():
        path = ("checks", check.id)
        if check.named:
            if named is not None and check.named not in named:
                yield (*path, "named"), unknown("具名审核", check.named, named)
            elif named is not None:
                yield from _named_parameters(ruleset, check, named[check.named], path)
        elif problems := list(_each(ruleset, check, path)):
            yield from problems
        else:
            yield from _check_formula(ruleset, check, check.formula, (*path, "formula"))
            for index, diagnosis in enumerate(check.diagnose):
                where = (*path, "diagnose", index, "formula")
                yield from _check_formula(ruleset, check, diagnosis.formula, where)
        for index, ref in enumerate(check.at):
            column = check.columns[0] if check.columns else ""
            if problem := reference_problem(ruleset, ref, column=column, paired=check.of):
                yield (*path, "at", index), problem


def pause_problems(ruleset: RuleSet) -> Found:
    """Checks that are suspended or on trial and that there are none of, or that are both."""
    known = [key for _, key in derived_keys(ruleset)]
    for section in ("suspended", "beta"):
        for key in getattr(ruleset, section):
            if key in ruleset.checks:
                yield (section, key), (f"{key} 是审核公式；请在 checks.yaml 的 {key} 里写 status: {section}、reason 和 since，"
                                       "这里删去")
            elif key not in known:
                close = near(key, known)
                hint = f"是不是想写 {'、'.join(close)}？" if close else ""
                yield (section, key), f"没有自动产生的审核“{key}”；{hint}请照 codes.yaml 里的写法，例如 {known[0]}"
            elif section == "beta" and key in ruleset.suspended:
                yield (section, key), f"“{key}”已经停用，不能同时试行；请删去 suspended 或 beta 里的一条"


def threshold_problems(ruleset: RuleSet) -> Found:
    for name, value in ruleset.thresholds:
        if not 0 <= value <= 1:
            yield ("thresholds", name), f"{name} 应是 0 到 1 之间的数（0.2 即 20%，1 是不核对），现为 {value}；例如 {name}: \"0.2\""


def _each(ruleset: RuleSet, check: Check, path: tuple) -> Found:
    """Keys that belong to one way of repeating a check, and only there."""
    if (check.each == "columns") != bool(check.columns):
        yield (*path, "each"), "each: columns 要和 columns 一起写，例如 columns: [上年决算, 本年决算]"
    if (check.each == "match") != bool(check.of or check.by):
        yield (*path, "each"), ("each: match 要和 of、by 一起写，"
                                "例如 of: [基础数据!业务明细, 项目]，by: [名称, 项目名称]")
    elif check.each == "match":
        yield from _pairs(ruleset, check, path)


def _pairs(ruleset: RuleSet, check: Check, path: tuple) -> Found:
    if len(check.of) != 2 or len(check.by) != 2:
        yield (*path, "of"), (f"of 与 by 各写两个，现为 {len(check.of)} 个、{len(check.by)} 个；"
                             "例如 of: [基础数据!业务明细, 项目]，by: [名称, 项目名称]")
        return
    for index, (place, name) in enumerate(zip_longest(check.of, check.by)):
        form, _, table = place.partition("!")
        if form not in ruleset.forms:
            yield (*path, "of", index), unknown("表单", form, ruleset.forms)
        elif table and table not in ruleset.forms[form].tables:
            yield (*path, "of", index), unknown("表", table, ruleset.forms[form].tables)
        elif problem := reference_problem(ruleset, f"{place}.{name}" if table else f"{form}!{name}"):
            yield (*path, "by", index), problem


def _check_formula(ruleset: RuleSet, check: Check, text: str, path: tuple) -> Found:
    try:
        refs: tuple[Ref, ...] = operands(parse(text))
    except FormulaError as error:
        yield path, str(error)
        return
    form = home(ruleset, refs) or None
    for column in check.columns or [""]:
        describe = describer(ruleset, form, column=column, paired=check.of)
        problems = list(formula_problems(path, text, describe, {"bool"}))
        yield from problems
        if problems:                                  # the same for every column
            return
