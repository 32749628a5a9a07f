"""Who is in: the workbooks that are counted, and those that are not, each with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from pyfuncs.catalog.submission import in_word
from pyfuncs.consolidate.filed import DEPARTMENT_FORMS, UNNAMED, same_name
from pyfuncs.consolidate.near_names import NearNames
from pyfuncs.consolidate.result import Head, Late, Missing, Rejected, Unexpected
from pyfuncs.consolidate.tree import Tree, node_of
from pyfuncs.consolidate.units_list import ListedUnit, UnitsList

_SHOWN = 5                                            # workbooks of one unit that a reason names
_OF_DEPARTMENT = re.compile(rf"-{DEPARTMENT_FORMS}(?: \(\d+\))?")   # ends a name; the second one is numbered
_TWICE = ("这是部门汇总自评表，里面已经有下属各单位的数，再加就重复了，没有计入；要拿它同下属单位核对的，"
          "请在单位名单的“类型”写 汇总表；只交这一份、不交下属各单位的表的，请把它单独放一个文件夹")


class ChoiceError(ValueError):
    """What was chosen is not there; the message says what, and what may be meant."""


@dataclass(frozen=True)
class Choice:
    """`include_rejected`: count units with findings that must be fixed. `only`: names or codes of units, or names of
    nodes with all below them; () for all. `deadline`: 2023-03-31, for units whose line of the list has none.
    """

    include_rejected: bool = False
    only: tuple[str, ...] = ()
    deadline: str = ""


@dataclass(frozen=True)
class Admission:
    """`accepted`: in the order of the tree, then of the list, then of paths. `summaries`: of nodes, by id, to be
    compared with their units. `not_chosen`: how many workbooks were left out by 选择汇总. `annexes`: Word documents
    with the forms behind a unit's report, beside its workbook.
    """

    accepted: tuple[Head, ...]
    rejected: tuple[Rejected, ...] = ()
    missing: tuple[Missing, ...] = ()
    unexpected: tuple[Unexpected, ...] = ()
    late: tuple[Late, ...] = ()
    not_chosen: int = 0
    summaries: tuple[tuple[str, Head], ...] = ()
    annexes: tuple[Rejected, ...] = ()


def admit(heads: Sequence[Head], tree: Tree, units: UnitsList | None = None, choice: Choice = Choice()) -> Admission:
    """Each workbook once: counted, a summary to compare, turned away or not chosen.

    Of one content, the first path counts; of a unit's workbook and Word document of one year the workbook; of two
    workbooks of one unit the one saved last, and where that can't be told, none. One with findings that must be fixed
    counts only where `include_rejected` says so; a summary is never counted and is compared whatever its findings.
    Raises ChoiceError for names in `only` that nothing is called.
    """
    every = sorted(heads, key=lambda head: (tree.where(head).order, head.file))
    chosen = _Chosen(every, tree, units, choice.only)
    mine = [head for head in every if chosen.has(head)]
    rejected: dict[str, Rejected] = {}
    annexes: dict[str, Rejected] = {}
    standing = _standing(mine, tree, units, rejected, annexes)
    accepted, summaries = [], []
    for head in standing:
        place = tree.where(head)
        if place.listed and place.listed.summary:
            summaries.append((place.node, head))
        elif head.must_fix and not choice.include_rejected:
            rejected[head.file] = Rejected(head.file, head.unit, "有必须修改的错误，没有计入；请改正后重新报送，或选择仍然计入",
                                           place.node, must_fix=True)
        else:
            accepted.append(head)
    counted = {head.file for head in accepted}
    missing, unexpected = _against_list(mine, tree, units, chosen) if units else ((), ())
    return Admission(
        tuple(accepted), tuple(_only_counted(rejected[head.file], counted) for head in mine if head.file in rejected),
        missing, unexpected, tuple(_late(standing, tree, choice.deadline)), len(every) - len(mine), tuple(summaries),
        tuple(annexes[head.file] for head in mine if head.file in annexes))


# -- one workbook of each unit ------------------------------------------------------------------------------------

def _standing(heads: Sequence[Head], tree: Tree, units: UnitsList | None, rejected: dict[str, Rejected],
              annexes: dict[str, Rejected]) -> list[Head]:
    """The workbook that stands for each unit, in order; all others go to `rejected` or `annexes`."""
    readable, twice = [], _counted_twice(heads, tree, units)
    for head in heads:
        if reason := head.reason or tree.where(head).doubt or (_TWICE if head.file in twice else ""):
            rejected[head.file] = _rejected(head, tree, reason)
        else:
            readable.append(head)
    first: dict[str, Head] = {}                       # by content
    for head in readable:
        if first.setdefault(head.sha256 or head.file, head) is not head:
            rejected[head.file] = _rejected(head, tree, f"与 {first[head.sha256].file} 内容完全相同，只计一次；请删去多余的一份",
                                            first[head.sha256].file)
    of_unit: dict[tuple[str, ...], list[Head]] = {}
    for head in first.values():
        of_unit.setdefault(_identity(head, tree), []).append(head)
    for same in of_unit.values():
        left = _without_annexes(same, tree, annexes)
        if len(left) > 1:
            _turn_away_all_but_newest(left, tree, rejected)
    return [head for head in first.values() if head.file not in rejected and head.file not in annexes]


def _counted_twice(heads: Sequence[Head], tree: Tree, units: UnitsList | None) -> set[str]:
    """Forms that we filled with a department's sums, where its units' own workbooks lie beside or below them.

    The list knows better: what it calls a summary is compared, and what nothing stands below is a unit.
    """
    ours = {head.file for head in heads if _OF_DEPARTMENT.search(PurePath(head.file).stem)}
    if not ours:
        return ours
    folders = {folder for head in heads if head.file not in ours and not head.reason for folder in PurePath(head.file).parents}

    def twice(head: Head) -> bool:
        listed = tree.where(head).listed
        return (not listed.summary and listed.key in units.below) if listed else PurePath(head.file).parent in folders

    return {head.file for head in heads if head.file in ours and twice(head)}


def _identity(head: Head, tree: Tree) -> tuple[str, ...]:
    """What two workbooks of one unit have in common. Files of one name say nothing about whose they are."""
    listed = tree.where(head).listed
    if listed:
        return "listed", listed.key
    return ("file", head.file) if head.unit.startswith(UNNAMED) else ("name", same_name(head.unit))


def _without_annexes(same: Sequence[Head], tree: Tree, annexes: dict[str, Rejected]) -> Sequence[Head]:
    """A unit's written report often has the forms printed behind it: beside the unit's workbook of that year it is no
    second filing, whichever was saved last."""
    books = {head.year: head for head in same if not in_word(head.file)}
    for head in same:
        if in_word(head.file) and head.year in books:
            book = books[head.year].file
            annexes[head.file] = _rejected(head, tree, f"“{head.unit}”报了工作簿 {book}，以工作簿为准；要以 Word 文档为准的，请只交它", book)
    return [head for head in same if head.file not in annexes]


def _turn_away_all_but_newest(same: Sequence[Head], tree: Tree, rejected: dict[str, Rejected]) -> None:
    newest = max(same, key=lambda head: head.dated)
    if not all(head.dated for head in same) or sum(head.dated == newest.dated for head in same) > 1:
        more = " 等" if len(same) > _SHOWN else ""
        files = "、".join(f"{head.file}（{_when(head)}）" for head in same[:_SHOWN]) + more
        for head in same:
            rejected[head.file] = _rejected(
                head, tree, f"“{head.unit}”报了 {len(same)} 份，内容不同，看不出哪一份是后保存的，都没有计入：{files}；"
                "请确认哪一份是定稿，只留一份；是同名的两个单位的，请用单位名单写明各自的上级和代码")
        return
    for head in same:
        if head is not newest:
            years = f"（{newest.year} 年度，这一份是 {head.year} 年度）" if head.year != newest.year else ""
            rejected[head.file] = _rejected(
                head, tree, f"“{head.unit}”报了 {len(same)} 份，以后保存的 {newest.file}{years} 为准（{_when(newest)}），"
                f"这一份（{_when(head)}）没有计入；不对的，请只留定稿；是同名的两个单位的，请用单位名单写明各自的上级和代码",
                newest.file)


def _when(head: Head) -> str:
    return f"{head.dated_by or '保存时间'}：{head.dated.replace('T', ' ')[:16]}" if head.dated else "没有保存时间"


def _rejected(head: Head, tree: Tree, reason: str, duplicate: str = "") -> Rejected:
    return Rejected(head.file, head.unit, reason, tree.where(head).node, duplicate)


def _only_counted(one: Rejected, counted: set[str]) -> Rejected:
    """`duplicate` names a file that counts: not one that was turned away itself."""
    if one.duplicate in counted or not one.duplicate:
        return one
    return replace(one, duplicate="")


# -- against the list ---------------------------------------------------------------------------------------------

def _against_list(heads: Sequence[Head], tree: Tree, units: UnitsList,
                  chosen: _Chosen) -> tuple[tuple[Missing, ...], tuple[Unexpected, ...]]:
    """Units of the list without a workbook, and those with one that the list does not have."""
    filed = {place.listed.key for head in heads if (place := tree.where(head)).listed}
    doubtful = {same_name(head.unit) for head in heads if tree.where(head).doubt}
    absent = [unit for unit in units.listed if unit.expected and unit.key not in filed and chosen.has_unit(unit)
              and same_name(unit.name) not in doubtful]
    strange = [head for head in heads if not tree.where(head).listed and not tree.where(head).doubt]
    likely = NearNames((head.unit for head in strange), _bare)
    wanted = NearNames((unit.name for unit in absent), _bare)
    surplus = {same_name(head.unit): head.unit for head in strange if not head.reason}
    return (tuple(Missing(unit.name, likely.of(unit.name), unit.code, node_of(units, unit)) for unit in absent),
            tuple(Unexpected(name, wanted.of(name)) for name in surplus.values()))


def _bare(name: str) -> str:
    """A name to look for near ones; of a unit that did not say its name, the file's."""
    return same_name(name.removeprefix(UNNAMED))


def _late(heads: Sequence[Head], tree: Tree, deadline: str) -> Iterator[Late]:
    for head in heads:
        listed = tree.where(head).listed
        until = (listed.deadline if listed else "") or deadline
        if until and head.dated[:10] > until:
            yield Late(head.unit, head.file, head.dated, until, head.dated_by)


# -- 选择汇总 -----------------------------------------------------------------------------------------------------

class _Chosen:
    """What `only` names: units and nodes with all below them."""

    def __init__(self, heads: Sequence[Head], tree: Tree, units: UnitsList | None, only: Sequence[str]) -> None:
        self._tree, self._units = tree, units
        self._words = {same_name(word): word for word in only}
        self._all = not only
        if only:
            self._refuse_unknown(heads)
        self._nodes = self._below() if only else set()

    def _refuse_unknown(self, heads: Sequence[Head]) -> None:
        names = [head.unit for head in heads] + [word for node in self._tree.nodes for word in (node.id, node.name)]
        for unit in self._units.listed if self._units else ():
            names += [unit.code, unit.name]
        known = set(map(same_name, names))
        unknown = [word for key, word in self._words.items() if key not in known or not key]
        if unknown:
            near = NearNames(filter(None, names))
            raise ChoiceError("\n".join(
                f"没有叫“{word}”的单位或上级{_maybe(near.of(word))}请写单位名称、单位代码或上级的名称" for word in unknown))

    def _below(self) -> set[str]:
        """Ids of the chosen nodes and of all nodes below them."""
        found: set[str] = set()
        for node in self._tree.nodes:                 # parents come first
            if node.parent in found or {same_name(node.id), same_name(node.name)} & self._words.keys():
                found.add(node.id)
        return found

    def has(self, head: Head) -> bool:
        if self._all:
            return True
        node, code = self._tree.place(head)
        return node in self._nodes or bool({same_name(head.unit), same_name(code)} & self._words.keys())

    def has_unit(self, unit: ListedUnit) -> bool:
        if self._all:
            return True
        names = {same_name(unit.name), same_name(unit.code)} & self._words.keys()
        return node_of(self._units, unit) in self._nodes or bool(names)


def _maybe(near: Sequence[str]) -> str:
    return f"，是不是“{'”“'.join(near)}”？" if near else "；"
