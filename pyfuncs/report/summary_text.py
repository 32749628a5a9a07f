"""What `consolidate` prints: the verdict, who is not in, the ranking and the rates; the first of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyfuncs.consolidate.result import Consolidation
from pyfuncs.report.naming import one_line
from pyfuncs.report.summary_scored import ranking
from pyfuncs.report.summary_words import late_why, missing_why, named, verdict_lines
from pyfuncs.report.text_table import shorten, table
from pyfuncs.report.wording import rate_text, score_text

_MOST_LINES, _MOST_RANKED, _MOST_NAMED = 20, 30, 10
_MOST_PLACES = 300                                    # of a reason; a Chinese character takes two


def consolidation_text(result: Consolidation) -> str:
    """The result of `consolidate` for a console; what is cut off stands in 汇总.xlsx."""
    return "\n".join([*map(one_line, verdict_lines(result)), *_absent(result), *_ranking(result), *_rates(result)])


def _absent(result: Consolidation) -> Iterator[str]:
    yield from _first([f"  未报送：{one.unit}{f'（{why}）' if (why := missing_why(one, result)) else ''}" for one in result.missing])
    yield from _first(list(_rejected(result)))
    yield from _first([f"  逾期报送：{one.unit}（{late_why(one)}）" for one in result.late])
    yield from _first([f"  注意：{notice.text}{named(notice.units, _MOST_NAMED)}" for notice in result.notices])


def _rejected(result: Consolidation) -> Iterator[str]:
    """A line for each reason, with the files it is the reason of."""
    files: dict[str, list[str]] = {}
    for one in result.rejected:
        files.setdefault(one.reason, []).append(one.file)
    for reason, those in files.items():
        rest = f" 等 {len(those)} 个文件" if len(those) > _MOST_NAMED else ""
        yield f"  没有计入：{'、'.join(those[:_MOST_NAMED])}{rest}（{shorten(reason, _MOST_PLACES)}）"


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from (one_line(line) for line in lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        yield f"  ……还有 {len(lines) - _MOST_LINES} 条，见汇总表"


def _ranking(result: Consolidation) -> Iterator[str]:
    units = ranking(result)
    if units:
        yield ""
        yield table(["名次", "单位", "总分", "等级", "说明"], [
            [str(unit.rank or "—"), shorten(one_line(unit.unit), 40), score_text(unit.total), unit.grade or "—", unit.note]
            for unit in units[:_MOST_RANKED]], right=(0, 2))
    if len(units) > _MOST_RANKED:
        yield f"……共 {len(units)} 个单位，其余见汇总表的“排名”"


def _rates(result: Consolidation) -> Iterator[str]:
    if result.root.rates:
        yield ""
        yield table(["比率", "结果", "怎么算的（金额单位：万元）"], [
            [rate.label, rate_text(rate.value, rate.decimals), rate.sentence] for rate in result.root.rates], right=(1,))
