"""What units lost points for: scores by rule, and indicators by their 二级指标."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from report_samples import unit_filed
from sample_units import filed

from pyfuncs.consolidate.deductions import deduction_keys, deductions
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.helper.share_record import decode_share, encode_share


def grouped(one: Filed, leaves: dict[int, str]) -> Filed:
    """With the rows of the indicators under these 二级指标."""
    items = tuple(replace(item, group=leaves[item.row]) if item.row in leaves else item for item in one.submission.items)
    return replace(one, submission=replace(one.submission, items=items))


def unit(scores: list[str], points: list[str], form: str = "整体自评") -> Filed:
    typed = {f"指标.{column}#{row}": text for column, texts in (("得分", scores), ("分值", points))
             for row, text in enumerate(texts, 1)}
    return filed("430400/2022", "甲中心", {form: typed})


def test_indicators_below_their_points_are_added_up_by_group():
    one = grouped(unit(["8.5", "20", "9", "", "11"], ["10", "20", "10", "10", "10"]),
                  {1: "数量指标", 2: "数量指标", 3: "数量指标", 4: "质量指标", 5: "质量指标"})
    assert deductions(one) == {"整体自评·数量指标": Decimal("2.5")}, "a blank is no deduction, and nobody wins points back"
    assert deductions(grouped(unit(["8"], ["10"], "项目"), {1: "时效指标"})) == {"项目·时效指标": Decimal("2")}
    assert deductions(unit(["8"], [""])) == {}, "of no points nothing can be lost"


def test_a_score_by_rule_goes_by_its_key():
    one = filed("430400/2022", "甲中心", {"整体自评": {"资金总额": "505.05", "执行数": "346.17", "指标.得分#1": "40", "指标.分值#1": "50"}})
    assert deductions(grouped(one, {1: "数量指标"})) == {"资金得分": Decimal("3.15"), "整体自评·数量指标": Decimal("10")}


@pytest.mark.parametrize(("leaf", "key"), [("数量指标", "整体自评·数量指标"), ("", "整体自评·指标")])
def test_a_share_keeps_them(leaf: str, key: str):
    one = grouped(unit(["8.5"], ["10"]), {1: leaf})   # a row that was put in above all groups has none
    share = share_of(one)
    back = decode_share(encode_share(share), share.file, share.sha256, one.ruleset)
    assert back.deductions == share.deductions == {key: Decimal("1.5")}


@pytest.mark.parametrize(("unit", "lost"), [
    ("hengyang-2022", {"资金得分": "3.15"}), ("kaifu-2021", {"在职人员控制率得分": "5"}),
    ("xiangxi-2021", {"预算完成率得分": "5", "预算调整率得分": "1"}), ("changsha-2020", {}),
    ("liuyang-2021", {"整体自评·预算执行管理": "2", "项目·成本指标": "2", **dict.fromkeys((
        *(f"整体自评·{name}指标" for name in ("质量", "时效", "成本", "经济效益", "社会效益", "生态效益", "可持续影响", "满意度")),
        *(f"项目·{name}指标" for name in ("质量", "经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度"))), "1")}),
])
def test_what_the_five_units_lost(unit: str, lost: dict[str, str]):
    one = unit_filed(unit, as_filed=True)
    assert deductions(one) == {key: Decimal(points) for key, points in lost.items()}
    assert deductions(one).keys() <= deduction_keys(one.ruleset)
