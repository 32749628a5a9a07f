"""What is said first of a consolidation, on paper and on the console."""

from __future__ import annotations

from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.result import Consolidation

HINT = "见“未计入”"


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
              *_some("没有选入", result.not_chosen)]
    said = f"已汇总 {len(result.units)} 个单位，其中 {failing} 个须修改；{'，'.join(absent)}"
    return f"{years}　{said}" if years else said


def _some(word: str, count: int) -> list[str]:
    return [f"{word} {count} 个"] if count else []
