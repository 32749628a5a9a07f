"""Kinds of the checks that forms, rates and scores imply: what each looks at, how severe, what to do, an example."""

from __future__ import annotations

from dataclasses import dataclass

from pyfuncs.catalog.fields import Severity


@dataclass(frozen=True)
class Kind:
    """`words`: what must hold. `severity`: of what breaks it; a milder case (a blank, a tail) may be told milder."""

    words: str
    severity: Severity
    advice: str
    example: str                                      # 常见出错例子
    basis: str


_FORM, _RATE, _SCORE = "表样所印的合计关系", "比率所用的公式，见各规则集", "评分规则，见各规则集"

KINDS: dict[str, Kind] = {
    "parts": Kind("合计等于（或不少于）各分项之和", "error", "核对合计和下面各行，改正填错的一处",
                  "项目支出填 25.50 万元，下面各行之和是 22.50 万元", _FORM),
    "blank-parent": Kind("分项有数时合计不能空着", "warning", "填上合计数；没有发生的填 0",
                         "“部门基本支出”空着，下面的公用经费有数", _FORM),
    "total": Kind("合计格等于按公式算出的数", "error", "核对合计和各项，改正填错的一处",
                  "资金总额填 360 万元，四项收入之和是 350 万元", _FORM),
    "equals": Kind("分值合计等于规定的总分", "error", "调整各项分值，使合计等于规定的总分",
                   "满意度 10 分在效益 40 分之外又列一次，合计成了 110 分", "表样所印的分值"),
    "rate": Kind("表上的比率等于按公式算出的比率", "error", "改成算出的比率；比率没错的，核对计算所用的数",
                 "编制 15 人、在职 12 人，控制率填成 100%，应为 80%", _RATE),
    "ask": Kind("比率高得少见时核实分母", "warning", "分母应为调整后的全年预算数；确实超支的说明原因",
                "执行数除以年初预算数，得 187%", _RATE),
    "score": Kind("表上的得分等于按规则算出的得分", "error", "按规则改正得分，或写明得分的依据",
                  "执行率 93.33% 应得 9.33 分，填成 8 分", _SCORE),
    "range": Kind("得分在 0 与分值之间", "error", "得分不能超过分值，也不能小于 0",
                  "分值 20 分，得分填 21", "表样所印的分值"),
    "reason": Kind("得分低于分值时写明原因", "error", "写明扣分原因和改进措施",
                   "分值 10 分得 9 分，“偏差原因”空着", "表样“偏差原因分析及改进措施”一栏"),
    "met": Kind("得满分时指标确已完成", "warning", "按完成情况扣分并写明原因；指标值或完成值填错的改正",
                "指标值 ≥10次，完成 9次，得了满分", "指标值与完成值的比较"),
    "group": Kind("各项分值之和等于这一组的分值", "error", "调整各行分值；上级另有规定的可以不改",
                  "产出指标应为 50 分，各行合计 55 分", "表样所印的分值"),
    "fixed": Kind("表上印好的内容没有被改动", "warning", "恢复表上原来印的内容",
                  "“—”的格里又填了分值 10，直接相加会多算", "表样所印的内容"),
    "required": Kind("必填的格已经填写", "error", "补填", "编制数空着", "表样"),
    "type": Kind("应填数的格里是数，并且不是负数", "error", "改成数字；没有发生的填 0，不适用的填“——”",
                 "预算数填成“约六万”", "表样的计量单位"),
    "percent": Kind("百分数的写法正确", "error", "写成 68.54% 的样子", "比率填成“大部分”", "表样"),
    "grade": Kind("等级与总分相符", "error", "按总分改正等级；总分没填对的先改总分",
                  "总分 89.99 分，等级填“优”", "规则集的等级划分"),
    "filled": Kind("应填的得分和金额没有大片空着", "error", "补填以后再报；没有这项工作的写“不适用”并说明",
                   "评分表 21 项得分只填了总分", "表样"),
    "inflated": Kind("指标得分率没有远高于预算执行率（自评虚高）", "warning",
                     "核对钱没有花到的工作是不是也按满分自评；确已完成的写明原因，例如招标节约",
                     "预算只执行了 68.54%，各项指标都得满分", "自评结果应与预算执行情况相称"),
    "unspent": Kind("预算没有用完又超过规定比例的，写明原因", "warning", "写明没有用完的原因；填错的改正预算数或执行数",
                    "全年预算 30 万元只用了 20 万元，“原因”空着", "预算执行偏差应当说明原因"),
    "year": Kind("年度与填报年度相符（没有沿用上年的文字）", "warning", "改成填报年度；确是上年事项的不用改",
                 "2021 年度的表，标题还是“2020年”", "规则集的年度"),
    "prompt": Kind("填表提示语已经删去", "warning", "删去提示语，填上实际内容",
                   "“（查预算数）”“（100字以内）”“XXX”还留在格里", "表样"),
}
