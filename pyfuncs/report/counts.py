"""Findings counted: in one sentence, and by rule with the units concerned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyfuncs.checks.finding import SEVERITY_WORDS, Finding
from pyfuncs.consolidate.filed import Filed

RANK = {"error": 0, "warning": 1, "rounding": 2, "note": 3}


@dataclass(frozen=True)
class RuleLine:
    rule_id: str
    severity: str
    count: int
    units: tuple[str, ...]
    example: Finding


def by_rule(filed: Sequence[Filed]) -> list[RuleLine]:
    """One line per rule and severity, the gravest and most frequent first."""
    groups: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for one in filed:
        for finding in one.findings:
            groups.setdefault((finding.rule_id, finding.severity), []).append((one.unit, finding))
    lines = [RuleLine(rule, severity, len(found), tuple(dict.fromkeys(unit for unit, _ in found)),
                      found[0][1]) for (rule, severity), found in groups.items()]
    return sorted(lines, key=lambda line: (RANK[line.severity], -line.count, line.rule_id))


def form_title(one: Filed, form: str) -> str:
    """The printed title of a form, its id where the rule set is not known."""
    if one.ruleset is None or form not in one.ruleset.forms:
        return form
    return one.ruleset.forms[form].title.replace("{year}", one.ruleset.year)


def summary_line(filed: Sequence[Filed]) -> str:
    """共审核 3 个文件：1 个可以上报，2 个须修改；必须修改 4 条，…"""
    failing = sum(one.must_fix for one in filed)
    counts = "，".join(f"{word} {sum(finding.severity == name for one in filed for finding in one.findings)} 条"
                      for name, word in SEVERITY_WORDS.items())
    return f"共审核 {len(filed)} 个文件：{len(filed) - failing} 个可以上报，{failing} 个须修改；{counts}"
