"""What differs between two rule sets, in a clerk's words: for `jixiao rulesets diff` and the manual.

Each rule set is put into words thing by thing (a form, a row, a rate, a score), years left out; then the
words are compared: nothing can differ that a clerk could not read, and a rule set never differs from itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from pyfuncs.catalog.compile import rate_parameters, score_parameters
from pyfuncs.catalog.explain_tree import TYPE_WORDS, mistakes
from pyfuncs.catalog.fields import SEVERITY_WORDS, STATUS_WORDS
from pyfuncs.catalog.item_words import check_words, column_label, sheet_words, undated_label
from pyfuncs.catalog.model import Check, Column, Form, Judging, Rate, RuleSet, Score, TableColumn
from pyfuncs.catalog.refs import all_groups, home_of
from pyfuncs.catalog.words import percent, plain, tidy
from pyfuncs.language import FormulaError, Ref, parse, to_chinese
from pyfuncs.methods import METHODS
from pyfuncs.methods.parameter_words import parameter_words, with_defaults

SECTIONS = ("规则集", "依据", "表单", "单元格", "行", "列", "指标分值", "指标评分", "比率", "得分", "总分", "等级", "审核公式",
            "试行停用")
STATUS_OF_CHECK = {"active": "", "beta": "试行", "suspended": "停用"}
THRESHOLDS = {"unspent": "没有用完要写原因的比例", "inflated": "自评虚高的幅度", "unfilled": "得分空着不能上报的比例"}
PARTS_WORDS = {"exact": "等于各分项之和", "within": "不少于各分项之和", "none": ""}
EACH_WORDS = {"": "", "columns": "分列审核", "form": "每张表各审一次", "match": "名称相近的两行配对"}

Thing = tuple[str, str, str]                          # section, form it stands on or "", name
Facts = dict[str, str]                                # aspect -> words; aspects that say nothing are left out


@dataclass(frozen=True)
class Difference:
    """One aspect of a thing that both rule sets have, or a thing that one of them has (then `aspect` is "").

    `left` and `right` are what the first and the second rule set say, "" where one says nothing.
    """

    section: str
    name: str                                         # with the form it stands on: 《基础数据表》公用经费
    aspect: str
    left: str
    right: str


@dataclass(frozen=True)
class Count:
    """How many things say the same in both, differ, are in one of them only."""

    same: int
    different: int
    only_left: int
    only_right: int


def differences(a: RuleSet, b: RuleSet) -> list[Difference]:
    """All that differs, section by section in printed order; nothing between a rule set and itself.

    Of a form that only one of them has, the form alone is told, not what is on it.
    """
    left, right = _both(a, b)
    found: list[Difference] = []
    for thing in _in_order(left, right):
        section, place, name = thing
        if thing not in left or thing not in right:
            said = (_brief(side.get(thing)) for side in (left, right))
            found.append(Difference(section, place + name, "", *said))
            continue
        mine, other = left[thing], right[thing]
        found += [Difference(section, place + name, aspect, mine.get(aspect, ""), other.get(aspect, ""))
                  for aspect in _in_turn(mine, other) if mine.get(aspect) != other.get(aspect)]
    return found


def count(a: RuleSet, b: RuleSet) -> Count:
    left, right = _both(a, b)
    both = [thing for thing in left if thing in right]
    same = sum(left[thing] == right[thing] for thing in both)
    return Count(same, len(both) - same, len(left) - len(both), len(right) - len(both))


def _both(a: RuleSet, b: RuleSet) -> tuple[dict[Thing, Facts], dict[Thing, Facts]]:
    shared = a.forms.keys() & b.forms.keys()
    left, right = ({thing: {aspect: words for aspect, words in facts.items() if words}
                    for thing, facts in _things(ruleset, shared)} for ruleset in (a, b))
    return left, right


def _in_order(left: Iterable[Thing], right: Iterable[Thing]) -> list[Thing]:
    """All things by section, form and place on it."""
    turn = {thing: index for index, thing in enumerate(_in_turn(left, right))}
    places = {place: index for index, place in enumerate(dict.fromkeys(place for _, place, _ in turn))}
    return sorted(turn, key=lambda thing: (SECTIONS.index(thing[0]), places[thing[1]], turn[thing]))


def _in_turn(left: Iterable, right: Iterable) -> list:
    """What is in either, by where it comes first in one of them: the same whichever is named first."""
    places: dict = {}
    for side in (left, right):
        for index, key in enumerate(side):
            places[key] = min(index, places.get(key, index))
    return sorted(places, key=lambda key: (places[key], key))


def _brief(facts: Facts | None) -> str:
    """What is said of a thing that the other rule set has not."""
    if facts is None:
        return ""
    return "；".join(f"{aspect}：{words}" for aspect, words in list(facts.items())[:3]) or "有"


# -- a rule set in words ---------------------------------------------------------------------------

Found = Iterator[tuple[Thing, Facts]]


def _things(ruleset: RuleSet, forms: Container[str]) -> Found:
    """Everything a rule set says; the contents of those `forms` alone."""
    yield ("规则集", "", "范围"), {"内容": "各地共用的部分" if ruleset.abstract else
                                  "只含已见到的部分" if ruleset.partial else "有总分",
                                  **{words: percent(getattr(ruleset.thresholds, name), 0) for name, words in THRESHOLDS.items()}}
    for basis in ruleset.basis:
        yield ("依据", "", basis.title), {"文号": basis.number, "机关": basis.issuer, "日期": basis.date,
                                        "页码": basis.page, "说明": basis.note}
    for form in ruleset.forms.values():
        yield ("表单", "", form.form), {
            "标题": _undated(form.title), "工作表": form.sheet.replace("{n}", ""), "计量单位": form.unit,
            "小数": f"{form.decimals} 位", "张数": "一个项目一张" if form.instances == "many" else "一张"}
        if form.form in forms:
            yield from _on_form(ruleset, form)
    for key, rate in ruleset.rates.items():
        yield ("比率", "", key), _rate(ruleset, key, rate)
    for key, score in ruleset.scores.items():
        yield ("总分" if key == ruleset.total else "得分", "", key), _score(ruleset, key, score)
    for name, least in ruleset.grades.items():
        yield ("等级", "", name), {"总分": f"{plain(least)} 分（含）以上"}
    if ruleset.grades:
        yield ("等级", "", "划分的依据"), {"来源": ruleset.grade_source}
    for key, check in ruleset.checks.items():
        yield ("审核公式", "", key), _check(ruleset, check)
    for word, paused in (("停用", ruleset.suspended), ("试行", ruleset.beta)):
        for key, pause in paused.items():
            yield ("试行停用", "", key), {"状态": word, "原因": pause.reason, "起始日期": pause.since}


def _on_form(ruleset: RuleSet, form: Form) -> Found:
    sheet = sheet_words(form.form)
    for name, cell in form.all_cells().items():
        yield ("单元格", sheet, name), {
            "名称": _undated(cell.label), "内容": TYPE_WORDS[cell.type], "印好的内容": _undated(cell.fixed),
            "公式": _formula(ruleset, cell.formula, form.form), "印的比率": cell.rate, "印的得分": cell.score,
            "应等于": "" if cell.equals is None else plain(cell.equals), "必填": "是" if cell.required else ""}
    if not form.indicators:                           # else they are the scores, told there
        yield from _rows(form, sheet)
    for name, column in form.columns.items():
        yield ("列", sheet, name), _column(column)
    for table_name, table in form.tables.items():
        shared = form.columns if table.start is None else {}
        for name, column in table.columns.items():
            if name in shared:
                continue
            yield ("列", sheet, f"{table_name}·{name}"), {**_column(column), "公式": column.formula}
        for name, group in all_groups(form, table_name).items():
            if group.points is not None:
                yield ("指标分值", sheet, name), {"分值": " 或 ".join(f"{plain(one)} 分" for one in group.readings)}
        if table.judging:
            yield ("指标评分", sheet, table_name), _judging(table.judging)
    for name, points in form.indicators.groups.items() if form.indicators else ():
        yield ("指标分值", sheet, name), {"分值": f"{plain(points)} 分"}


def _rows(form: Form, sheet: str) -> Found:
    parents = {child.id: row for row in form.all_rows().values() for child in row.rows}
    for name, row in form.all_rows().items():
        above = parents.get(name)
        printed = {form.columns[column].label if column in form.columns else column: text
                   for column, text in row.fixed.items()}
        yield ("行", sheet, name), {
            "名称": tidy(_undated(row.label)), "上级": tidy(_undated(above.label)) if above else "",
            "分项": PARTS_WORDS[row.parts], "明细": row.detail,
            **{f"“{_undated(label)}”印": _undated(text) for label, text in printed.items()}}


def _judging(judging: Judging) -> Facts:
    over = judging.over
    return {"达成": f"得到分值的 {percent(judging.achieved, 0)}（含）以上",
            "部分达成": f"得到分值的 {percent(judging.partly, 0)}（含）以上",
            "超过指标值": "" if over is None else f"超过 {percent(over, 0)} 的扣 {plain(judging.deduct)} 分",
            "可靠程度": STATUS_WORDS[judging.status], "来源": judging.source}


def _column(column: Column | TableColumn) -> Facts:
    return {"名称": _undated(column.label), "内容": TYPE_WORDS[column.type],
            "必填": "是" if column.required else "", "要写原因": column.required_if}


def _rate(ruleset: RuleSet, key: str, rate: Rate) -> Facts:
    form = home_of(ruleset, key) or None
    labels = [argument.label for argument in METHODS[rate.method].arguments] if rate.method in METHODS else []
    return {"表上印": rate.label, "算法": rate.method,
            **{label: _label(ruleset, arg, form) for label, arg in zip(labels, rate.args)},
            "小数": f"百分数保留 {rate_parameters(rate)['decimals']} 位",
            "核实": "" if rate.ask_above is None else f"超过 {percent(rate.ask_above, 0)} 时",
            "常见错误": "、".join(mistakes(ruleset, rate)), "可靠程度": STATUS_WORDS[rate.status], "来源": rate.source}


def _score(ruleset: RuleSet, key: str, score: Score) -> Facts:
    form, parameters = home_of(ruleset, key) or None, score_parameters(score)
    if score.method in METHODS:
        parameters = with_defaults(METHODS[score.method], parameters)
    return {"表上印": score.label, "所属指标": "、".join(score.group), "算法": score.method,
            "计分依据": _label(ruleset, score.value, form) if score.value else "",
            "公式": _formula(ruleset, score.formula, form),
            **parameter_words(parameters), "评价标准": score.standard, "指标说明": score.note,
            "可靠程度": STATUS_WORDS[score.status], "来源": score.source}


def _check(ruleset: RuleSet, check: Check) -> Facts:
    parameters = "，".join(f"{name} {value}" for name, value in check.parameters.items())
    wanted = check_words(ruleset, check, _label) if check.formula else f"{check.named}（{parameters}）"
    scope = [_undated(column_label(ruleset, name)) for name in check.columns] or check.of
    return {"级别": SEVERITY_WORDS[check.severity], "应当": wanted,
            "范围": "，".join(filter(None, (EACH_WORDS[check.each], "、".join(scope)))),
            "说明": check.message, "怎么办": check.advice, "依据": check.basis,
            "状态": STATUS_OF_CHECK[check.status], "原因": check.reason, "起始日期": check.since or ""}


def _formula(ruleset: RuleSet, formula: str, form: str | None) -> str:
    if not formula:
        return ""
    try:
        return to_chinese(parse(formula), lambda ref: _label(ruleset, ref, form))
    except FormulaError:
        return formula


def _label(ruleset: RuleSet, ref: Ref | str, form: str | None = None, **scope: object) -> str:
    try:
        return _undated(undated_label(ruleset, ref, form, **scope))
    except FormulaError:                              # a part common to many rule sets lacks some forms
        return f"“{ref.key if isinstance(ref, Ref) else ref}”"


def _undated(words: str) -> str:
    """Printed words in one line, as every year's form shares them: {year} 年决算数 is 本年决算数."""
    for mark, plainly in (("{year} 年", "本年"), ("{year}年", "本年"), ("{prior} 年", "上年"), ("{prior}年", "上年"),
                          ("{year}", "本年"), ("{prior}", "上年"), ("\n", "")):
        words = words.replace(mark, plainly)
    return words
