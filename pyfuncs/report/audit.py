"""What an audit report tells besides the units' findings: originals untouched, rule set and why, earlier rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyfuncs.checks.finding import Finding
from pyfuncs.consolidate.filed import Filed

_READ_BY = {"": "", "names": "按表里的名称读取", "labels": "按表上的文字读取"}


@dataclass(frozen=True)
class Round:
    """Which audit of a unit this is in its project, and what of the last one's findings is no longer found.

    `unread`: those on forms that were not read this time, so that nobody knows.
    """

    number: int
    previous: str = ""                                # when the last one was, "" where there was none
    resolved: tuple[Finding, ...] = ()
    unread: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Run:
    """`after`: path -> SHA-256 of the original when all was read and marked, "" where it is no plain file.

    `changed`: paths of originals that were not the same before and after. `rounds`: path -> round, empty
    without a project; what is mended stands at a unit's first file.
    """

    after: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    rounds: Mapping[str, Round] = field(default_factory=dict)

    def unchanged(self, one: Filed) -> bool | None:
        """None where nobody looked."""
        path = one.submission.path
        return path not in self.changed if path in self.after else None

    def line(self) -> str:
        """原文件未改动（已核对 3 个文件的校验值）; "" where nobody looked."""
        if self.changed:
            return f"原文件在审核期间被改动：{'、'.join(sorted(self.changed))}；可能有人正在编辑，请关闭后重新审核"
        return f"原文件未改动（已核对 {len(self.after)} 个文件的校验值）" if self.after else ""


def compared(before: Mapping[str, str], after: Mapping[str, str]) -> Run:
    """What a report tells of the originals' seals (workbook.originals), taken before and after."""
    return Run({path: seal if len(seal) == 64 else "" for path, seal in after.items()},
               frozenset(path for path, seal in after.items() if seal != before[path]))


def ruleset_reason(one: Filed) -> str:
    """Why a unit was judged by its rule set."""
    if one.submission.recognised:
        return one.submission.recognised
    if one.ruleset is None:
        return "没有合用的规则集，没有审核"
    return "表里写明的" if one.submission.ruleset_hash else "审核时指定的"


def how_read(one: Filed) -> str:
    return _READ_BY[one.submission.read_by]


def unit_lines(one: Filed, run: Run) -> list[str]:
    """What is told of a unit before its findings: round, rule set and why, scores that rest on assumptions."""
    known = one.ruleset and "；".join(filter(None, (
        f"规则集：{one.ruleset.id} {one.ruleset.name}（校验码 {one.ruleset.hash[:8]}），{ruleset_reason(one)}", how_read(one))))
    assumed = one.assumed and f"得分：“{'”“'.join(one.assumed)}”的评分办法是推定的，没有文件依据"
    round_ = run.rounds.get(one.submission.path)
    return [line for line in (round_ and _round_line(round_, one), known, assumed) if line]


def round_counts(round_: Round, one: Filed) -> tuple[int, int, int]:
    """How many findings are new, still there, and mended, of one file."""
    new, still = (sum(finding.state.startswith(word) for finding in one.findings) for word in ("新增", "仍存在"))
    return new, still, len(round_.resolved)


def _round_line(round_: Round, one: Filed) -> str:
    """第 2 次审核（上次 2023-03-20 09:15）：新增 1 条，仍存在 3 条，已消除 2 条"""
    if not round_.previous:
        return f"第 {round_.number} 次审核"
    new, still, resolved = round_counts(round_, one)
    unread = f"，上次的 {len(round_.unread)} 条所在的表或报告这次没有读出" if round_.unread else ""
    return f"第 {round_.number} 次审核（上次 {round_.previous}）：新增 {new} 条，仍存在 {still} 条，已消除 {resolved} 条{unread}"
