"""Many submissions → one consolidation. Pure: reads no file, prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.model import Consolidation, Notice, Unexpected
from pyfuncs.consolidate.ranking import ranking, score_lines
from pyfuncs.consolidate.rates import pooled_rates
from pyfuncs.consolidate.totals import totals
from pyfuncs.consolidate.units import admit, compare_with_list


def consolidate(filed: Sequence[Filed], expected: Sequence[str] | None = None) -> Consolidation:
    """Totals, rates and ranking of all that can be counted, in the order given.

    `expected`: names of the units that should have filed; None when there is no such list.
    """
    accepted, rejected = admit(filed)
    missing, unexpected = ([], []) if expected is None else compare_with_list(
        expected, [one.unit for one in accepted])
    summed = totals(accepted)
    return Consolidation(
        tuple(accepted), tuple(missing), tuple(unexpected), tuple(rejected), tuple(summed),
        tuple(pooled_rates(accepted, summed)), tuple(score_lines(accepted)), tuple(ranking(accepted)),
        tuple(_notices(accepted, unexpected)))


def _notices(filed: Sequence[Filed], unexpected: Sequence[Unexpected]) -> Iterator[Notice]:
    yield from _mixed([one.year for one in filed], filed, "会计年度不一致，合计把不同年度的数加在一起")
    yield from _mixed([one.ruleset.id for one in filed], filed,
                      "用的规则集不一致，每个项目只加有这一项的单位，得分口径可能不同")
    failing = tuple(one.unit for one in filed if one.must_fix)
    if failing:
        yield Notice("有必须修改的错误，数已计入合计，改正后请重新汇总", failing)
    unnamed = tuple(one.unit for one in filed if not one.submission.entity.strip())
    if unnamed:
        yield Notice("没有填单位名称，暂用文件名代替", unnamed)
    for one in unexpected:
        hint = f"；名单里的“{'”“'.join(one.near)}”没有报送，是不是同一单位？" if one.near else ""
        yield Notice(f"不在单位名单里，数已计入合计{hint}", (one.unit,))
    for units, scores in _assumed(filed).items():
        yield Notice(f"“{'”“'.join(scores)}”的评分办法是推定的，没有文件依据", units)


def _mixed(values: Sequence[str], filed: Sequence[Filed], text: str) -> Iterator[Notice]:
    """A notice when values differ; it names the units that differ from the most frequent one."""
    counts = Counter(values)
    if len(counts) > 1:
        most = counts.most_common(1)[0][0]
        others = tuple(f"{one.unit}（{value}）" for one, value in zip(filed, values, strict=True)
                       if value != most)
        yield Notice(f"{text}；其余单位为 {most}", others)


def _assumed(filed: Sequence[Filed]) -> dict[tuple[str, ...], list[str]]:
    """Units whose scores rest on assumed rules, with those scores."""
    found: dict[str, dict[str, None]] = {}
    for one in filed:
        for score in one.assumed:
            found.setdefault(score, {})[one.unit] = None
    together: dict[tuple[str, ...], list[str]] = {}
    for score, units in found.items():
        together.setdefault(tuple(units), []).append(score)
    return together
