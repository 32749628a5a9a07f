"""What `validate` prints: the verdict first, then who, then what to mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyfuncs.checks.finding import GROUP_WORDS, VERDICT_FAIL, VERDICT_PASS, verdict
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.audit import Run, unit_lines
from pyfuncs.report.counts import by_rule, counts, groups_shown, summary_line
from pyfuncs.report.naming import one_line
from pyfuncs.report.text_table import shorten, table
from pyfuncs.report.wording import where_words


def validation_text(filed: Sequence[Filed], run: Run = Run()) -> str:
    """The result of `validate` for a console."""
    findings = [finding for one in filed for finding in one.findings]
    told = filter(None, (f"结论：{verdict(findings)}", f"{summary_line(filed)}。", run.line() and f"{run.line()}。"))
    return "\n".join([*told, "", _units(filed), *_rules(filed), *_findings(filed, run)])


def _units(filed: Sequence[Filed]) -> str:
    groups = groups_shown(filed)
    rows = []
    for one in filed:
        found = counts([one])
        rows.append([shorten(one_line(one.unit), 40), shorten(one_line(one.submission.ruleset), 16) or "不明",
                     VERDICT_FAIL if one.must_fix else VERDICT_PASS, *(str(found[group]) for group in groups)])
    return table(["单位", "规则集", "结论", *groups.values()], rows, right=range(3, 3 + len(groups)))


def _rules(filed: Sequence[Filed]) -> Iterator[str]:
    """By rule, where several units can have met the same one."""
    lines = by_rule(filed) if len(filed) > 1 else []
    if lines:
        yield "\n按规则\n"
        yield table(["规则编号", "性质", "条数", "单位数", "问题（举一例）"], [
            [line.rule_id, GROUP_WORDS[line.group], str(line.count), str(len(line.units)),
             shorten(one_line(line.example.message), 60)] for line in lines], right=(2, 3))


def _findings(filed: Sequence[Filed], run: Run) -> Iterator[str]:
    for one in filed:
        round_ = run.rounds.get(one.submission.path)
        if not (one.findings or round_ or one.submission.recognised or one.assumed):
            continue                                  # nothing to say of it that the table does not say
        yield f"\n■ {one_line(one.unit)}（{one_line(one.submission.path)}）"
        yield from (f"  {one_line(line)}" for line in unit_lines(one, run))
        for number, finding in enumerate(one.findings, start=1):
            state = f"〔{finding.state}〕" if round_ and round_.previous else ""
            yield f"{number:>4}. {state}{one_line(finding.line())}"
            if finding.cells:
                yield f"      单元格：{one_line('、'.join(finding.cells))}"
            if finding.places:
                yield f"      位置：{one_line('、'.join(where_words(finding, one.submission.path)))}"
            if round_:
                yield f"      识别码：{finding.fingerprint}"
        if round_ and round_.resolved:
            yield "  已消除："
            yield from (f"      {one_line(finding.line())}" for finding in round_.resolved)
