"""What is said first of a consolidation, on paper and on the console."""

from __future__ import annotations

from collections.abc import Sequence

from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.filed import SAVED_INSIDE
from pyfuncs.consolidate.result import Consolidation, Late, Missing


def verdict_lines(result: Consolidation) -> list[str]:
    """The verdict, what is unfinished, and how many units are in and how many are not."""
    verdict = f"结论：{VERDICT_PASS if result.complete else VERDICT_FAIL}"
    if result.partial:
        verdict += "（未完成）"
    return [verdict, *([f"未完成：{result.partial}"] if result.partial else []), counted(result)]


def counted(result: Consolidation) -> str:
    """2022年度　已汇总 5 个单位，其中 2 个须修改；未报送 1 个，没有计入 2 个文件."""
    failing = sum(unit.must_fix for unit in result.units)
    years = "、".join(f"{year}年度" for year in result.years)
    absent = [f"未报送 {len(result.missing)} 个", f"没有计入 {len(result.rejected)} 个文件",
              *_some("逾期报送", len(result.late)), *_some("不在名单里", len(result.unexpected)),
              *([f"没有选入 {result.not_chosen} 个文件"] if result.not_chosen else []),
              *([f"报告后面附的表 {len(result.annexes)} 份不另计"] if result.annexes else [])]
    said = f"已汇总 {len(result.units)} 个单位，其中 {failing} 个须修改；{'，'.join(absent)}"
    return f"{years}　{said}" if years else said


def missing_why(one: Missing, result: Consolidation) -> str:
    """What may be the reason that nothing was filed, "" when nothing is known."""
    parts = []
    if any((node.node.id, node.node.name) == (one.node, one.unit) for node in result.nodes):
        parts.append("是上级单位；自己不用报的，请在单位名单的“应报”写 否")
    if one.near:
        parts.append(f"名称相近的有：{'、'.join(one.near)}")
    return "；".join(parts)


def late_why(one: Late) -> str:
    """When it was saved, who says so and until when it should have been there."""
    weak = "" if one.dated_by == SAVED_INSIDE else "，复制、下载会改变它"
    return f"{one.dated_by or '保存时间'} {one.dated.replace('T', ' ')[:16]}{weak}，期限 {one.deadline}"


def named(units: Sequence[str], most: int) -> str:
    """：甲、乙等 12 个单位; "" for none."""
    if not units:
        return ""
    return f"：{'、'.join(units[:most])}{f'等 {len(units)} 个单位' if len(units) > most else ''}"


def _some(word: str, count: int) -> list[str]:
    return [f"{word} {count} 个"] if count else []
