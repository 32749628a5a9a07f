"""The checks that look beyond one workbook: against last year's (上年) and among units (单位间). A closed table.

Their codes are the same for every rule set: what they compare is not the rules but the figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyfuncs.catalog.kinds import Kind
from pyfuncs.catalog.submission import Item
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.finding import Kind as FindingKind

_TWO_YEARS, _STAFF = "同一个数在两年的表里应当一致", "机构编制和实有人数的变动应当有依据"
_OWN_WORK, _ONE_REPORT = "自评应当按本单位的实际情况填写", "一个单位一个年度报送一份"

CROSS_CHECKS: dict[str, Kind] = {
    "SN-01": Kind("本年表上的“上年决算数”等于上年表上的决算数", "warning",
                  "请核对两年的表：上年数应照抄上年的决算数；上年的数后来调整过的，请写明原因",
                  "上年表上“三公经费”决算 14.60 万元，本年表的上年决算数填成 16.40 万元", _TWO_YEARS),
    "SN-02": Kind("本年的上年结转等于上年的年末结余", "warning",
                  "请核对两年的表；结余被收回或调整过的，请写明原因",
                  "上年累计结余 47.84 万元，本年上年结转填 48.74 万元", _TWO_YEARS),
    "SN-03": Kind("本年表上填的其他上年数等于上年表上的本年数", "warning",
                  "请核对两年的表：算变动率用的上年数应照抄上年的表",
                  "上年“三公经费”预算 3 万元，本年算变动率用了 1 万元", _TWO_YEARS),
    "SN-04": Kind("编制数与上年相同，或变动有依据", "note", "编制有调整的不用改，请备好批文；填错的请改正",
                  "上年编制 19 人，本年 17 人", _STAFF),
    "SN-05": Kind("在职人数没有大增大减", "note", "确有增减的不用改；填错的请改正",
                  "上年在职 16 人，本年 61 人", _STAFF),
    "SN-06": Kind("能找到这个单位上年的表", "note", "请把上年的表放进上年的文件夹，单位名称与本年写得一样",
                  "上年的文件夹里没有这个单位，只有一个名称相近的", _TWO_YEARS),
    "SN-07": Kind("这个单位上年的表只有一份", "warning", "请只留上报的那一份，把其余的移走",
                  "上年的文件夹里有两份这个单位的表，数不一样", _ONE_REPORT),
    "DW-01": Kind("同一个文件没有报两次", "error", "请只留一份；另一个单位应交自己的表",
                  "乙单位报来的文件与甲单位的完全一样", _ONE_REPORT),
    "DW-02": Kind("一个单位一个年度只有一份表", "warning", "请只留上报的那一份，把其余的移走",
                  "甲单位有两份表，一份是改过的", _ONE_REPORT),
    "DW-03": Kind("各单位的文字说明不雷同", "warning", "请按本单位的实际情况填写；统一口径的文字请说明",
                  "两个单位的“厉行节约保障措施”一字不差", _OWN_WORK),
    "DW-04": Kind("各单位的一栏答案不全部相同", "warning", "请核对是不是照抄了别的单位的表；确实一样的请说明",
                  "两个单位各项指标的实际完成值都一样", _OWN_WORK),
    "DW-05": Kind("各单位的金额不成批相同", "warning", "请核对是不是在别的单位的表上改的，改漏了数",
                  "两个单位有 6 个金额一分不差", _OWN_WORK),
    "DW-06": Kind("比率与其他单位相差不大", "note", "请核对计算所用的数；确实如此的不用改",
                  "各单位的执行率都在 90% 左右，一个单位 12%", "同类单位之间的比较"),
    "DW-07": Kind("Word 文档里附的表与单位的工作簿是同一套数", "warning",
                  "请核对哪一边是定稿：只改工作簿，再把改好的表重新附到报告后面",
                  "工作簿的编制数是 19 人，报告后面附的基础数据表是 17 人", _ONE_REPORT),
}


def cross_finding(code: str, kind: FindingKind, message: str, context: Context | None = None,
                  items: Sequence[Item] = (), *, expected: str = "", actual: str = "", delta: str = "",
                  alike: bool = False) -> Finding:
    """A finding of one of these checks; without a context it is about the whole file."""
    check = CROSS_CHECKS[code]
    common = {"expected": expected, "actual": actual, "delta": delta, "advice": f"{check.advice}。", "basis": check.basis,
              "alike": alike}
    if context is None:
        return Finding(code, check.severity, kind, "", 0, (), message, subject=code, **common)
    return context.finding(code, check.severity, items, message, kind=kind, rule_id=code, **common)
