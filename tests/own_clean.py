"""The units' figures without their mistakes: what has to be typed otherwise, and nothing must be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.places import Slot

_FEWER = "部分工作未达预期"
# form!item, with #row behind an item of a table; of a form filed more than once, its first sheet
CORRECTIONS: Mapping[str, Mapping[str, str]] = {
    "hengyang": {
        "基础数据!控制率": "80%", "基础数据!项目支出.本年预算": "22.5", "基础数据!部门基本支出.上年决算": "310.5",
        "基础数据!部门基本支出.本年预算": "482.55", "基础数据!部门基本支出.本年决算": "323.67",
        "整体自评!指标.指标值#5": "≥200人次", "整体自评!指标.完成值#5": "200人次"},
    "liuyang": {
        "整体自评!财政拨款.执行率": "154.5%",
        **{f"整体自评!指标.原因#{row}": _FEWER for row in (21, 23, 25, 27, 29)},
        "项目!资金.全年预算": "262.08", "项目!财政拨款.全年预算": "262.08",
        "项目!指标.分值#13": "5", "项目!指标.得分#13": "4", "项目!指标.分值#15": "5", "项目!指标.得分#15": "5",
        **{f"项目!指标.原因#{row}": _FEWER for row in (3, 9, 11, 13, 17)}, "项目!总分": "91"},
    "xiangxi": {
        "评分!三公经费变动率.实际值": "-66.67%", "评分!三公经费控制率.说明": "没有超过 100%，得满分 8 分。",
        "评分依据!上年三公预算.正文所写": "3", "评分依据!接待预算.正文所写": "1",
        "评分依据!上年结转.计算用数": "47.84", "评分依据!上年结转.正文所写": "47.84",
        "评分!预算调整率.说明": "剔除奖励金追加后为 0.78 万元，低于 10%，得 4 分。"},
}


def corrected(unit: str, filling: Filling) -> Filling:
    """The same filling with the corrections of that unit. Raises KeyError for an item that it has no row of."""
    typed = dict(filling.typed)
    for key, text in CORRECTIONS[unit].items():
        form, _, item = key.partition("!")
        name, _, row = item.partition("#")
        typed[Slot(form, 1, name, int(row or 0), _group(filling, form, int(row or 0)))] = text
    return replace(filling, typed=typed)


def _group(filling: Filling, form: str, row: int) -> str:
    """The 二级指标 that a row of a table belongs to."""
    groups = {slot.row: slot.group for slot in filling.typed if (slot.form, slot.instance) == (form, 1) and slot.row}
    return groups[row] if row else ""
