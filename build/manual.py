"""Regenerate the generated pages of the manual: checks, one page for each function and each rule set.

    python build/manual.py            write
    python build/manual.py --check    write nothing, exit 1 when something differs
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from manual_functions import function_pages
from manual_text import NOTE, table
from pyfuncs.catalog.codes import code, derived_keys
from pyfuncs.catalog.compile import score_parameters
from pyfuncs.catalog.diff import differences
from pyfuncs.catalog.explain_tree import formula_words, mistakes
from pyfuncs.catalog.fields import SEVERITY_WORDS, STATUS_WORDS
from pyfuncs.catalog.item_words import basis_words, called, check_words, dated, sheet_words
from pyfuncs.catalog.compiled import FOLDERS
from pyfuncs.catalog.kinds import KINDS
from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.catalog.model import Form, Group, Judging, Rate, RuleSet, Score
from pyfuncs.catalog.pauses import on_trial, state_words, suspended
from pyfuncs.catalog.refs import all_groups, home_of, placements
from pyfuncs.catalog.words import percent, plain, tidy
from pyfuncs.checks.cross import CROSS_CHECKS
from pyfuncs.checks.text_kinds import TEXT_CHECKS
from pyfuncs.methods import METHODS, standard_words
from pyfuncs.methods.explanation import reading_lines
from pyfuncs.methods.parameter_words import parameter_words, with_defaults

DOCS = Path(__file__).resolve().parent.parent / "docs"
PARTIAL = "**只含已见到的部分，没有总分和等级。**没有见到的指标不在下面，不等于没有。\n\n"


def pages() -> dict[Path, str]:
    """Path and text of every generated page."""
    rulesets = [ruleset for ruleset in map(load_ruleset, ruleset_ids([FOLDERS[0]])) if not ruleset.abstract]
    found = {DOCS / "checks.md": checks_page(rulesets)}
    found |= {DOCS / "functions" / name: text for name, text in function_pages(rulesets)}
    found[DOCS / "rulesets" / "README.md"] = index_page(rulesets)
    for ruleset in rulesets:
        found[DOCS / "rulesets" / f"{ruleset.prefix}.md"] = "\n".join(ruleset_page(ruleset)) + "\n"
    return found


def checks_page(rulesets: list[RuleSet]) -> str:
    kinds, cross_kinds, text_kinds = (
        table((head, "级别", "核对什么", "怎么办", "常见出错例子", "依据"),
              ((name, SEVERITY_WORDS[each.severity], each.words, each.advice, each.example, each.basis)
               for name, each in closed.items()))
        for head, closed in (("类别", KINDS), ("编号", CROSS_CHECKS), ("编号", TEXT_CHECKS)))
    paused = [(code(ruleset, key), check_of(ruleset, key), state_words(ruleset, key))
              for ruleset in rulesets for key in (*suspended(ruleset), *on_trial(ruleset))]
    return ("# 审核项目说明\n\n" + NOTE + "下面几类审核由表样、比率和评分规则自动产生，每个规则集都有；"
            "各规则集另有的审核公式见[规则集](rulesets/)各页。级别是确实不符时的级别；空着没填、只差尾数的较轻。\n\n"
            + kinds + "\n## 上年和各单位之间\n\n给了上年的文件夹（`--prior`）才与上年核对（SN）；一次审核几个文件时才互相比较（DW）。编号各地相同。\n\n"
            + cross_kinds + "\n## 自评报告的正文\n\n报告的每一条意见引出原句，编号各地相同。只差截尾或尾差的列为“尾差”；"
            "说的是不是一件事拿不准的，列为“请核实”。\n\n" + text_kinds
            + "\n## 一处填错，只提一次\n\n一个数填错，用到它的各条审核都会不符。如果只改一格就能使几处都相符，又不使别处不符，"
            "只提最能说明问题的一处，并写明改哪一格、改成多少；其余各处列为“未执行”，改正以后自动核对。"
            "比率填错、得分是照填错的比率算的，得分列为“未执行”；总分、等级也一样。\n"
            "\n## 尾差\n\n合计与各项之和、用四舍五入的数算的比率，差在四舍五入的范围内的，列为“尾差”，不算错；"
            "同一个数在两处写得不一样，没有尾差。\n"
            "\n## 试行和停用\n\n停用的审核不核对，报告里写明哪一条、从哪天起、为什么；试行的只作提示，不影响上报。"
            + ("\n\n" + table(("编号", "核对什么", "状态"), paused) if paused else "现在没有试行或停用的审核。\n"))


def check_of(ruleset: RuleSet, key: str) -> str:
    return ruleset.checks[key].message if key in ruleset.checks else KINDS[key.partition(":")[0]].words


def index_page(rulesets: list[RuleSet]) -> str:
    rows = ((f"[{ruleset.id}]({ruleset.prefix}.md)", ruleset.name,
             "、".join(map(form_name, ruleset.forms.values())), "；".join(points_split(ruleset)),
             "、".join(ruleset.grades) or "——", sureness([*ruleset.rates.values(), *ruleset.scores.values()]),
             "部分" if ruleset.partial else "否") for ruleset in rulesets)
    return ("# 规则集一览\n\n" + NOTE + "一个规则集是一个地区一个年度的表式、比率、评分和审核规则。可靠程度数的是比率和得分："
            f"{'、'.join(STATUS_WORDS.values())}。标“部分”的只含已见到的部分，没有总分和等级。\n\n"
            + table(("编号", "名称", "表单", "一级指标分值", "等级", "可靠程度", "是否部分"), rows))


def ruleset_page(ruleset: RuleSet) -> Iterator[str]:
    yield f"# {ruleset.name}（{ruleset.id}）\n\n{NOTE}{PARTIAL if ruleset.partial else ''}## 依据\n"
    yield from (f"- {basis_words(basis)}" for basis in ruleset.basis)
    yield "\n## 表单\n"
    yield table(("表单", "标题", "计量单位", "张数", "所印比率和得分的可靠程度"), (
        (form.form, dated(ruleset, form.title), form.unit, "一个项目一张" if form.instances == "many" else "一张",
         sureness(on_form(ruleset, form)) or "——") for form in ruleset.forms.values()))
    yield "## 比率\n"
    yield table(("比率", "表上的名字", "方法", "所用的数", "百分数", "常见错误", "状态", "来源"), (
        (key, rate.label, rate.method, "、".join(label(ruleset, key, arg) for arg in rate.args),
         f"{rate.decimals} 位小数", "、".join(mistakes(ruleset, rate)), STATUS_WORDS[rate.status], rate.source)
        for key, rate in ruleset.rates.items()))
    yield from scoring(ruleset)
    if ruleset.grades and ruleset.total:
        yield "## 等级\n"
        bands = list(ruleset.grades.items())
        uppers = ["100（含）", *(f"{plain(low)}（不含）" for _, low in bands)]
        yield table(("等级", "总分"), (
            (name, f"{plain(low)}（含）至 {upper}") for (name, low), upper in zip(bands, uppers)))
        yield f"{ruleset.grade_source}。总分不先取整。\n"
    yield "## 审核公式\n"
    yield table(("编号", "级别", "应当", "出错时", "怎么办", "依据", "状态"), (
        (code(ruleset, check.id), SEVERITY_WORDS[check.severity],
         check_words(ruleset, check) if check.formula else check.named,
         "；".join([check.message, *(known.message for known in check.diagnose)]), check.advice, check.basis,
         state_words(ruleset, check.id) or "执行") for check in ruleset.checks.values()))
    yield "## 自动产生的审核项目\n"
    yield "怎么办、常见出错例子和依据按类别见[审核项目说明](../checks.md)。\n"
    yield table(("编号", "类别", "级别", "核对什么", "对象", "状态"), (
        (code(ruleset, key), kind, SEVERITY_WORDS[KINDS[kind].severity], KINDS[kind].words, tidy(place),
         state_words(ruleset, key) or "执行")
        for _, key in derived_keys(ruleset) for kind, _, place in [key.partition(":")]))
    yield from from_parent(ruleset)


def scoring(ruleset: RuleSet) -> Iterator[str]:
    """The indicators as the forms print them, then every parameter, reading and policy of the scores."""
    yield "## 评分\n"
    told: set[str] = set()
    for form in ruleset.forms.values():
        rows = list(indicator_rows(ruleset, form, told))
        if rows:
            yield f"### {form_name(form)}\n"
            yield table(("一级指标", "二级指标", "三级指标", "分值", "评价标准", "状态", "来源"), rows)
    others = {key: score for key, score in ruleset.scores.items() if key not in told}
    if others:
        yield "### 总分和不单独印出的得分\n"
        yield table(("得分", "分值", "怎样算", "状态", "来源"), (
            (key, points(score.points), standard(ruleset, key), STATUS_WORDS[score.status], score.source)
            for key, score in others.items()))
    yield "### 参数、读法和不适用\n"
    yield table(("得分", "算法", "计分依据", "参数", "几种读法（格里按第一种）", "不适用时"), (
        parameter_row(ruleset, key) for key, score in ruleset.scores.items() if score.method))


def indicator_rows(ruleset: RuleSet, form: Form, told: set[str]) -> Iterator[tuple[str, ...]]:
    """The tree of indicators that a form prints, row by row; the keys of its scores are added to `told`."""
    labels = Counter(score.label for score in ruleset.scores.values())
    for key in printed_on(ruleset, form):
        score = ruleset.scores.get(key)
        if score and score.group:
            told.add(key)
            first, second, *_ = (*score.group, "", "")
            name = score.label if labels[score.label] == 1 else key
            yield (first, second, name, points(score.points), standard(ruleset, key),
                   STATUS_WORDS[score.status], score.source)
    for name, each in form.tables.items():
        groups, judging = all_groups(form, name), each.judging
        for leaf, path in form.leaf_groups(name).items():
            first, second = (group_name(step, groups[step]) for step in (path[0], leaf))
            own, whole = (" 或 ".join(map(plain, groups[step].readings)) for step in (leaf, path[0]))
            yield (first, second if len(path) > 1 else "", "由单位填写",
                   own or (f"一级共 {whole}" if whole else "由单位填写"),
                   judging_words(judging) if judging else "由单位按指标值和完成值评定",
                   STATUS_WORDS[judging.status] if judging else "", judging.source if judging else "")


def group_name(name: str, group: Group) -> str:
    """产出指标（50分） without its points, which have a column of their own."""
    return re.sub(r"（\d+分?）$", "", tidy(group.label)) or name


def judging_words(judging: Judging) -> str:
    over = "" if judging.over is None else f"；超过指标值 {percent(judging.over, 0)} 的扣 {plain(judging.deduct)} 分"
    return (f"完成得满分，没有完成的按比例；达成不低于分值的 {percent(judging.achieved, 0)}，"
            f"部分达成不低于 {percent(judging.partly, 0)}{over}")


def standard(ruleset: RuleSet, key: str) -> str:
    """评价标准: as printed, else in the method's own words; a total by its formula."""
    score = ruleset.scores[key]
    if score.formula:
        return score.standard or formula_words(ruleset, score.formula, home_of(ruleset, key) or None)
    own = standard_words(score.method, score_parameters(score)) or METHODS[score.method].help
    return score.standard or own


def parameter_row(ruleset: RuleSet, key: str) -> tuple[str, ...]:
    score = ruleset.scores[key]
    given = with_defaults(METHODS[score.method], score_parameters(score))
    policy = parameter_words({"na": given.pop("na")})
    given.pop("points", None)                         # told beside the indicator
    said = (f"{name} {words}" for name, words in parameter_words(given).items())
    return (key, score.method, label(ruleset, key, score.value) if score.value else "评价人填写", "；".join(said),
            "；".join(reading_lines(score_parameters(score))), *policy.values())


def from_parent(ruleset: RuleSet) -> Iterator[str]:
    """What differs from the rule set this one extends; a part common to many is none to compare with."""
    parent = load_ruleset(ruleset.extends) if ruleset.extends else None
    if parent is None or parent.abstract:
        return
    yield f"## 与上级规则集的差别\n\n上级规则集：{parent.name}（{parent.id}）。\n"
    rows = ((f"{each.section} {each.name} {each.aspect}".strip(), each.left or "——", each.right or "——")
            for each in differences(parent, ruleset))
    yield table(("项目", parent.name, ruleset.name), rows)


def form_name(form: Form) -> str:
    return f"{sheet_words(form.form)}{'（每个项目一张）' if form.instances == 'many' else ''}"


def points(worth: Decimal | None) -> str:
    return "" if worth is None else plain(worth)


def points_split(ruleset: RuleSet) -> Iterator[str]:
    """一级指标 of every form with their points: 《整体自评表》产出指标 50、效益指标 40."""
    for form in ruleset.forms.values():
        printed = form.indicators.groups if form.indicators else {}
        split = {name: plain(worth) for name, worth in printed.items()}
        for score in map(ruleset.scores.get, [] if printed else printed_on(ruleset, form)):
            if score and score.group and score.points is not None:
                split[score.group[0]] = plain(score.points)
        for each in form.tables.values():
            split |= {group_name(name, group): " 或 ".join(map(plain, group.readings))
                      for name, group in each.groups.items() if group.readings}
        if split:
            yield sheet_words(form.form) + "、".join(f"{name} {worth}" for name, worth in split.items())


def label(ruleset: RuleSet, key: str, ref: str) -> str:
    """An operand of a rate or score, as people call it."""
    return called(ruleset, ref, home_of(ruleset, key) or None)


def printed_on(ruleset: RuleSet, form: Form) -> list[str]:
    """Keys of the rates and scores that a form prints."""
    return [key for key, (place, _) in placements(ruleset).items() if place == form.form]


def on_form(ruleset: RuleSet, form: Form) -> list[Rate | Score]:
    return [ruleset.rates.get(key) or ruleset.scores[key] for key in printed_on(ruleset, form)]


def sureness(things: list[Rate | Score]) -> str:
    """How many rates and scores rest on what: 有文件依据 2、见于已填表格 8."""
    counted = Counter(thing.status for thing in things)
    return "、".join(f"{words} {counted[status]}" for status, words in STATUS_WORDS.items() if counted[status])


def main() -> int:
    parser = argparse.ArgumentParser(description="重新生成手册中由程序生成的各页")
    parser.add_argument("--check", action="store_true", help="只核对，不写；有出入时退出状态为 1")
    check, changed = parser.parse_args().check, 0
    for path, text in pages().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        changed += 1
        if check:
            print(f"需要重新生成：{path.name}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
            print(f"已写入 docs/{path.relative_to(DOCS).as_posix()}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
