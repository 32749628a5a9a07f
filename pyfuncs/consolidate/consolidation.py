"""Many workbooks → one consolidation. Pure: walks its source once, and holds a few figures of each unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.admission import Admission, Choice, admit
from pyfuncs.consolidate.differences import differences
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.consolidate.node import listed_items, node_result
from pyfuncs.consolidate.result import Consolidation, Difference, Node, NodeResult, Notice, Source, UnitLine
from pyfuncs.consolidate.sums import Sums
from pyfuncs.consolidate.tree import Tree, tree_of
from pyfuncs.consolidate.unit_line import Prior, key_figures, ranked, unit_line
from pyfuncs.consolidate.units_list import UnitsList


@dataclass
class _Walked:
    """What is kept of the units while they pass by."""

    lines: list[UnitLine] = field(default_factory=list)
    own: dict[str, Sums] = field(default_factory=dict)            # of the units right under a node
    summaries: dict[str, list[Filed]] = field(default_factory=dict)   # node -> its own 汇总表
    unnamed: list[str] = field(default_factory=list)
    assumed: dict[str, dict[str, None]] = field(default_factory=dict)  # score -> units


def consolidate(source: Source, units: UnitsList | None = None, choice: Choice = Choice(),
                priors: Mapping[str, Prior] | None = None, partial: str = "") -> Consolidation:
    """Node by node totals, rates and scores of all that is counted, and lists of what is not.

    `units`: who should have filed, and under whom; without a list the folders are the tree. `priors`: last year's
    figures by same_name of the unit. `partial`: what is still to be read, in words.
    """
    heads = source.heads()
    tree = tree_of(units, heads)
    admission = admit(heads, tree, units, choice)
    walked = _walk(source, tree, admission, priors or {})
    whole = _merged(tree.nodes, walked.own)
    nodes = tuple(_node(node, whole[node.id], walked.summaries.get(node.id, ())) for node in tree.nodes)
    root = whole[tree.nodes[0].id]
    return Consolidation(
        nodes, tuple(ranked(walked.lines)), key_figures(_rulesets(root), root.year), admission.missing, admission.unexpected,
        admission.rejected, admission.late, listed_items(root), tuple(_notices(walked, admission)),
        admission.not_chosen, partial, admission.annexes)


def _walk(source: Source, tree: Tree, admission: Admission, priors: Mapping[str, Prior]) -> _Walked:
    walked = _Walked()
    late = {one.file for one in admission.late}
    for head, one in zip(admission.accepted, source.shares([head.file for head in admission.accepted]), strict=True):
        node, code = tree.place(head)
        walked.own.setdefault(node, Sums()).add(one)
        walked.lines.append(unit_line(one, code, node, head.file in late, priors.get(same_name(one.unit))))
        if not one.named:
            walked.unnamed.append(one.unit)
        for score in one.assumed:
            walked.assumed.setdefault(score, {})[one.unit] = None
    for (node, _), one in zip(admission.summaries, source.filed([head.file for _, head in admission.summaries])):
        walked.summaries.setdefault(node, []).append(one)
    return walked


def _merged(nodes: Sequence[Node], own: Mapping[str, Sums]) -> dict[str, Sums]:
    """The sums of every node with all that is below it."""
    children: dict[str | None, list[str]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node.id)
    whole: dict[str, Sums] = {}
    for node in reversed(nodes):                      # depth first: what is below a node comes behind it
        whole[node.id] = Sums()
        for part in [own.get(node.id), *(whole[child] for child in children.get(node.id, ()))]:
            if part is not None:
                whole[node.id].merge(part)
    return whole


def _node(node: Node, sums: Sums, summaries: Sequence[Filed]) -> NodeResult:
    return node_result(node, sums, _differences(node, sums, summaries))


def _differences(node: Node, sums: Sums, summaries: Sequence[Filed]) -> Iterator[Difference]:
    values = {(amount.line.form.form, amount.line.name): amount.value for amount in sums.amounts.values()}
    yield from differences(node.id, _rulesets(sums), sums.year, values, summaries)


def _rulesets(sums: Sums) -> list[RuleSet]:
    return [ruleset for ruleset, _ in sums.rulesets.values()]


# -- what the reader of the totals must know ----------------------------------------------------------


def _notices(walked: _Walked, admission: Admission) -> Iterator[Notice]:
    lines = walked.lines
    yield from _mixed(lines, [line.year for line in lines], "会计年度不一致，合计把不同年度的数加在一起")
    yield from _mixed(lines, [line.ruleset for line in lines],
                      "用的规则集不一致，每个项目只加有这一项的单位，得分口径可能不同")
    if failing := tuple(line.unit for line in lines if line.must_fix):
        yield Notice("有必须修改的错误，按要求计入了合计，改正后请重新汇总", failing)
    if walked.unnamed:
        yield Notice("没有填单位名称，暂用文件名代替", tuple(walked.unnamed))
    counted = {same_name(line.unit) for line in lines}
    strange = [one for one in admission.unexpected if same_name(one.unit) in counted]
    if far := tuple(one.unit for one in strange if not one.near):
        yield Notice("不在单位名单里，数已计入合计", far)
    if near := tuple(f"{one.unit}（{'、'.join(one.near)}）" for one in strange if one.near):
        yield Notice("不在单位名单里，数已计入合计；括号里是名单上没有报送、名称相近的，请核对是不是同一单位", near)
    for units, scores in _together(walked.assumed).items():
        yield Notice(f"“{'”“'.join(scores)}”的评分办法是推定的，没有文件依据", units)


def _mixed(lines: Sequence[UnitLine], values: Sequence[str], text: str) -> Iterator[Notice]:
    """A notice when values differ; it names the units that differ from the most frequent one."""
    counts = Counter(values)
    if len(counts) > 1:
        most = counts.most_common(1)[0][0]
        others = tuple(f"{line.unit}（{value}）" for line, value in zip(lines, values, strict=True) if value != most)
        yield Notice(f"{text}；其余单位为 {most}", others)


def _together(assumed: Mapping[str, Mapping[str, None]]) -> dict[tuple[str, ...], list[str]]:
    """Units whose scores rest on assumed rules, with those scores."""
    together: dict[tuple[str, ...], list[str]] = {}
    for score, units in assumed.items():
        together.setdefault(tuple(units), []).append(score)
    return together
