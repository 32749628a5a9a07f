"""What the commands print: the verdict first, then who, then what to mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyfuncs.checks.finding import SEVERITY_WORDS, VERDICT_FAIL, VERDICT_PASS, verdict
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.model import Consolidation
from pyfuncs.report.counts import summary_line
from pyfuncs.report.text_table import shorten, table
from pyfuncs.report.wording import rate_text, score_text


def validation_text(filed: Sequence[Filed]) -> str:
    """The result of `validate` for a console."""
    findings = [finding for one in filed for finding in one.findings]
    return "\n".join([f"结论：{verdict(findings)}", f"{summary_line(filed)}。", "", _units(filed),
                      *_findings(filed)])


def _units(filed: Sequence[Filed]) -> str:
    rows = [[shorten(one.unit, 40), one.submission.ruleset or "不明",
             VERDICT_FAIL if one.must_fix else VERDICT_PASS,
             *(str(sum(finding.severity == name for finding in one.findings)) for name in SEVERITY_WORDS)]
            for one in filed]
    return table(["单位", "规则集", "结论", *SEVERITY_WORDS.values()], rows, right=range(3, 7))


def _findings(filed: Sequence[Filed]) -> Iterator[str]:
    for one in filed:
        if not one.findings:
            continue
        yield f"\n■ {one.unit}（{one.submission.path}）"
        for number, finding in enumerate(one.findings, start=1):
            yield f"{number:>4}. {finding.line()}"
            if finding.cells:
                yield f"      单元格：{'、'.join(finding.cells)}"


def consolidation_text(result: Consolidation) -> str:
    """The result of `consolidate` for a console."""
    failing = sum(one.must_fix for one in result.filed)
    lines = [f"结论：{VERDICT_PASS if result.complete else VERDICT_FAIL}",
             f"已汇总 {len(result.filed)} 个单位，其中 {failing} 个须修改；未报送 {len(result.missing)} 个，"
             f"没有计入 {len(result.rejected)} 个文件。"]
    for one in result.missing:
        near = f"，名称相近的有：{'、'.join(one.near)}" if one.near else ""
        lines.append(f"  未报送：{one.unit}{near}")
    lines += [f"  没有计入：{one.file}（{one.reason}）" for one in result.rejected]
    lines += [f"  注意：{notice.text}" + (f"：{'、'.join(notice.units)}" if notice.units else "")
              for notice in result.notices]
    if result.ranking:
        lines += ["", table(["名次", "单位", "总分", "等级", "说明"], [
            [str(place.rank or "—"), shorten(place.unit, 40), score_text(place.total), place.grade or "—",
             place.note] for place in result.ranking], right=(0, 2))]
    if result.rates:
        lines += ["", table(["比率", "结果", "怎么算的（金额单位：万元）"], [
            [rate.label, rate_text(rate.value, rate.decimals), rate.sentence]
            for rate in result.rates], right=(1,))]
    return "\n".join(lines)
