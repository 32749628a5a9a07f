"""Findings counted: in one sentence, and by rule with the units concerned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyfuncs.checks.finding import GROUP_WORDS, SEVERITY_WORDS, Finding
from pyfuncs.consolidate.filed import Filed

RANK = {group: rank for rank, group in enumerate(GROUP_WORDS)}
ALWAYS = (*SEVERITY_WORDS, "not-run")                 # told even where there are none


@dataclass(frozen=True)
class RuleLine:
    rule_id: str
    group: str
    count: int
    units: tuple[str, ...]
    example: Finding


def by_rule(filed: Sequence[Filed]) -> list[RuleLine]:
    """One line per rule and group, the gravest and most frequent first."""
    groups: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for one in filed:
        for finding in one.findings:
            groups.setdefault((finding.rule_id, finding.group), []).append((one.unit, finding))
    lines = [RuleLine(rule, group, len(found), tuple(dict.fromkeys(unit for unit, _ in found)), found[0][1])
             for (rule, group), found in groups.items()]
    return sorted(lines, key=lambda line: (RANK[line.group], -line.count, line.rule_id))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first, what is settled last."""
    return tuple(sorted(findings, key=lambda finding: RANK[finding.group]))


def counts(filed: Iterable[Filed]) -> Counter[str]:
    """How many findings of each group."""
    return Counter(finding.group for one in filed for finding in one.findings)


def groups_shown(filed: Sequence[Filed]) -> dict[str, str]:
    """Groups and their words: the severities and 未执行, the settled ones only where there are some."""
    found = counts(filed)
    return {group: word for group, word in GROUP_WORDS.items() if group in ALWAYS or found[group]}


def form_title(one: Filed, form: str) -> str:
    """The printed title of a form, its id where the rule set is not known."""
    if one.ruleset is None or form not in one.ruleset.forms:
        return form
    return one.ruleset.forms[form].title.replace("{year}", one.ruleset.year)


def summary_line(filed: Sequence[Filed]) -> str:
    """共审核 3 个文件：1 个可以上报，2 个须修改；必须修改 4 条，…"""
    failing, found = sum(one.must_fix for one in filed), counts(filed)
    told = "，".join(f"{word} {found[group]} 条" for group, word in groups_shown(filed).items())
    return f"共审核 {len(filed)} 个文件：{len(filed) - failing} 个可以上报，{failing} 个须修改；{told}"
