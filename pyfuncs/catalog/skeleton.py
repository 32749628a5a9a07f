"""The texts of a new rule set: a small whole one to start from, and the case file of any rule set.

They are read by people who write their first rule set, so every key is explained where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyfuncs.catalog.model import Cell, RuleSet
from pyfuncs.catalog.refs import Target, as_ref, form_items, inputs, is_computed, resolve
from pyfuncs.language import FormulaError, Ref, operands, parse

BASIS = """[]                     # 依据的文件，逐份写在这里。写好的样子（去掉 # 号）：
# basis:
# - title: 关于开展……年度部门整体支出绩效自评工作的通知
#   number: 某财绩〔2023〕1号       # 文号
#   issuer: 某市财政局              # 发布机关
#   date: "2023-02-01"              # 日期
#   page: 附件 2，第 3 页           # 表式和评分标准在第几页"""

_RULESET = """\
# 规则集：一个地区一个年度的表单、比率、评分和审核公式。
# 写几行就运行 jixiao rulesets lint {id}，它指出写错的行和还缺的东西。
id: {id}
name: {name}
region: "{region}"                # 六位行政区划代码
region_name: {region_name}        # 地区名称，例如 衡阳市
year: "{year}"                    # 会计年度
edition: "1"                      # 规则集的版本，以后每改一次加一
draft: true                       # 草稿；定稿时由 jixiao rulesets finish {id} 去掉
"""

_WHOLE = """\
basis: {basis}
order: [基础数据]                 # 各表单的先后
total: 预算执行率得分             # 总分是哪一个得分；只知道一部分项目时删去这一行和下一行，写 partial: true
grades: {{优: "90", 良: "80", 中: "60", 差: "0"}}   # 等级：从多少分起（含），由高到低
"""

_CHILD = """\
extends: {parent}                 # 继承这一套的表单、比率、评分和审核公式；同名的以本规则集为准
# remove: [scores/项目总分]       # 上级有、本地没有的东西，逐个写在这里
basis: {basis}
"""

_FORM = """\
# 一张表单一个文件。位置按 Excel 的写法：B2 是 B 列第 2 行。
form: 基础数据                    # 表单的标识，公式里写 基础数据!预算数
code: JCSJ                        # 审核编号里的字母
title: "{year}年度预算执行情况表" # {year} 是会计年度，{prior} 是上一年
sheet: 基础数据表                 # 工作表的名字
unit: 万元                        # 金额按元还是万元填
decimals: "2"
widths: {A: "18", B: "16", C: "16", D: "12", E: "12"}   # 列宽
labels:                           # 印好的文字：位置: 文字
  A1: 项目
  B1: 预算数
  C1: 执行数
  D1: 执行率
  E1: 得分
  A2: 本年支出
cells:                            # 要填的、要算的格。type：amount 金额，count 个数，rate 比率，score 得分，text 文字
  预算数: {at: B2, label: 预算数, type: amount, required: true, help: 填批复的全年预算数}
  执行数: {at: C2, label: 执行数, type: amount, required: true, help: 填决算数}
  执行率: {at: D2, label: 执行率, type: rate, rate: 预算执行率}
  得分: {at: E2, label: 得分, type: score, score: 预算执行率得分}
"""

_RATES = """\
# 比率。键（预算执行率）是它的名字，label 是表上印的名字。
预算执行率:
  label: 执行率
  method: 执行率                  # 算法：执行率、控制率、变动率、完成率、调整率、利用率、满意度、占比
  args: [基础数据!执行数, 基础数据!预算数]   # 依次是被除数、除数
  decimals: "2"                   # 百分数保留几位小数
  status: assumed                 # verified 有文件依据，observed 见于已填表格，assumed 推定
  source: ""                      # 出处：文件的哪一条、表上的哪一格
"""

_SCORING = """\
# 评分。method 是评分方法，其余的键是方法的参数；总分用 formula 写公式。
预算执行率得分:
  label: 预算执行率
  points: "100"                   # 分值
  method: 按率                    # 每超扣、每低扣、分档、全或无、按率、正向、反向、评判……
  value: 预算执行率               # 按哪个比率计分
  cap: "1"                        # 超过 100% 的按 100% 计
  na: ask                         # 比率不适用时：full 满分，zero 零分，exclude 不计，ask 由人决定
  status: assumed
  source: ""
"""

_CHECKS = """\
# 审核公式：表单、比率、评分本身看不出的规定。级别 error 必须修改，warning 请核实。
- id: KB-01
  severity: warning
  formula: 基础数据!执行数 <= 基础数据!预算数
  message: 执行数大于预算数
  advice: 请核对预算数是不是调整后的全年预算数
"""

_CASE = """\
# 案例：一家单位填的数，和按文件手算的结果；规则集用它来检验自己，定稿前至少要有一个。
# 1. 把单位填的数照录在引号里，金额按表上的单位；没有填的留 ""。一列数写成 ["10", "8.5"]。
# 2. 手算比率和得分，写在最后（去掉那几行的 # 号），至少写一个。
about: ""                         # 是哪一家单位、哪一年的表
"""


def whole(ruleset_id: str, name: str, region_name: str) -> dict[str, str]:
    """The files of a small rule set that is right as it stands: one form, one rate, one score."""
    head = _head(ruleset_id, name, region_name)
    case = _CASE + 'inputs:\n  基础数据:\n    预算数: ""   # 万元\n    执行数: ""   # 万元\n'
    return {"ruleset.yaml": head + _WHOLE.format(basis=BASIS), "forms/基础数据.yaml": _FORM, "rates.yaml": _RATES,
            "scoring.yaml": _SCORING, "checks.yaml": _CHECKS,
            "cases/样例.yaml": case + _results(["预算执行率"], ["预算执行率得分"])}


def child(ruleset_id: str, name: str, region_name: str, parent: RuleSet) -> dict[str, str]:
    """The files of a rule set that adds its own forms to a parent that can't be used alone."""
    text = _head(ruleset_id, name, region_name) + _CHILD.format(parent=parent.id, basis=BASIS)
    missing = [form for form in parent.order if form not in parent.forms]
    if missing:
        text += f"# 上级要用、还要在 forms 文件夹里补上的表单：{'、'.join(missing)}；没有的，连同用到它的比率和审核公式写进 remove。\n"
    return {"ruleset.yaml": text}


def case_text(ruleset: RuleSet) -> str:
    """A case file with every item that the rates and scores are made from, its value left to be typed."""
    lines = [_CASE]
    wanted = _wanted(ruleset)
    if wanted:
        lines.append("inputs:\n")
    for form, items in wanted.items():
        many = ruleset.forms[form].instances == "many"
        lines.append(f"  {form}:{'   # 一张表一组，第二张另起一个“- ”' * many}\n")
        for number, (name, target) in enumerate(items.items()):
            indent = "  - " if many and not number else "    "
            empty = "[]" if target.vector else '""'
            lines.append(f"{indent}{name}: {empty}   # {_unit(ruleset, target)}\n")
    return "".join(lines) + _results(list(ruleset.rates), list(ruleset.scores))


def _head(ruleset_id: str, name: str, region_name: str) -> str:
    region, _, year = ruleset_id.partition("/")
    return _RULESET.format(id=ruleset_id, name=name, region=region, region_name=region_name, year=year)


def _wanted(ruleset: RuleSet) -> dict[str, dict[str, Target]]:
    """Form -> item name as a case writes it -> what it is, for all the rates and scores are made from."""
    names: dict[tuple[str, str], None] = {}
    seen: set[tuple[str, str]] = set()
    for key in (*ruleset.rates, *ruleset.scores):
        for ref in _refs(ruleset, key):
            names.update(dict.fromkeys(_filled_in(ruleset, ref, seen)))
    found = {}
    for form in ruleset.forms.values():
        places = {name: place for place, (name, _) in enumerate(form_items(form))}
        targets = {name: resolve(ruleset, f"{form.form}!{name}", form.form)
                   for where, name in names if where == form.form}
        found[form.form] = dict(sorted(targets.items(), key=lambda entry: places[entry[1].name]))
    return {form: targets for form, targets in found.items() if targets}


def _refs(ruleset: RuleSet, key: str) -> list[Ref]:
    try:
        return [ref for ref in inputs(ruleset, key) if ref.form is not None]
    except FormulaError:                              # lint tells it
        return []


def _filled_in(ruleset: RuleSet, ref: Ref | str, seen: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Form and name of the cells that people fill in to make up an item; none of what is worked out."""
    try:
        target = resolve(ruleset, ref, as_ref(ref).form)
    except FormulaError:
        return
    form, (first, _, column) = ruleset.forms[target.form], target.name.partition(".")
    if (form.form, target.name) in seen:
        return
    seen.add((form.form, target.name))
    row, parts = form.all_rows().get(first), []
    if target.sort == "cell" and isinstance(target.item, Cell) and target.item.formula:
        parts = list(operands(parse(target.item.formula)))
    elif target.sort == "rows":
        parts = [f"{form.form}!{name}.{target.name.rpartition('.')[2]}" for name in target.rows]
    elif row is not None and row.parts == "exact":
        below = [part.id for part in row.rows] or [row.detail]
        parts = [f"{form.form}!{part}.{column}" for part in below]
    elif target.table and form.tables[target.table].groups:
        leaves = target.leaves or form.leaf_groups(target.table)
        yield from ((form.form, f"{leaf}.{column}") for leaf in leaves)
        return
    else:
        score = row.scores.get(column, "") if row is not None else getattr(target.item, "score", "")
        if not is_computed(ruleset, score):
            yield form.form, target.name
    for part in parts:
        yield from _filled_in(ruleset, part, seen)


def _unit(ruleset: RuleSet, target: Target) -> str:
    words = {"amount": ruleset.forms[target.form].unit, "count": "个数", "points": "分", "ratio": "比率，写成小数"}
    return words.get(target.kind, "文字")


def _results(rates: list[str], scores: list[str]) -> str:
    """The results a case may state, as comments: what is stated is checked."""
    lines = ["# rates:", *(f"#   {key}: 00.00%" for key in rates)] if rates else []
    lines += ["# scores:", *(f'#   {key}: "0.00"' for key in scores)] if scores else []
    return "".join(f"{line}\n" for line in lines)
