"""The tree that units belong to: of the list of units, else of the folders their workbooks lie in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonprefix
from pathlib import PurePath

from pyfuncs.consolidate.filed import same_name
from pyfuncs.consolidate.result import Head, Node
from pyfuncs.consolidate.units_list import ListedUnit, UnitsList

EVERYBODY = "全部单位"                                  # the root, where nothing has a name for it
Folder = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a workbook belongs. `listed`: its line of the list. `doubt`: why that can't be told, "" when it can."""

    node: str                                         # id
    listed: ListedUnit | None = None
    order: tuple[int, int] = (0, 0)                   # of the node in the tree, of the unit in the list
    doubt: str = ""


@dataclass(frozen=True)
class Tree:
    """`nodes`: the root first, then depth first."""

    nodes: tuple[Node, ...]
    _places: Mapping[str, Place] = field(repr=False)

    def place(self, head: Head) -> tuple[str, str]:
        """The id of the node that a workbook is counted in, and the code of its unit ("" without one)."""
        place = self.where(head)
        return place.node, place.listed.code if place.listed else ""

    def where(self, head: Head) -> Place:
        return self._places[head.file]


def tree_of(units: UnitsList | None, heads: Sequence[Head]) -> Tree:
    """The nodes, and for each workbook the one it is counted in.

    With a list: the units that others stand below are nodes, and their own workbooks parts of themselves. A workbook
    belongs to the unit of its name; of units of one name to the one whose code, or a unit above whom, has a folder of
    the workbook's path. What the list does not have belongs to the root.
    Without: folders, below the one that all have in common. A folder with one unit and no node below it is none.
    """
    return _listed_tree(units, heads) if units else _folder_tree(heads)


# -- of the list ------------------------------------------------------------------------------------------------

def _listed_tree(units: UnitsList, heads: Sequence[Head]) -> Tree:
    nodes = tuple(_nodes(units))
    at = {node.id: index for index, node in enumerate(nodes)}
    order = {unit.key: index for index, unit in enumerate(units.listed)}
    top = _top(units)

    def place(head: Head) -> Place:
        found = _candidates(units, head)
        if len(found) != 1:
            return Place("", None, (0, len(order)), _doubt(head, found) if found else "")
        node = node_of(units, found[0], top)
        return Place(node, found[0], (at[node], order[found[0].key]))

    return Tree(nodes, {head.file: place(head) for head in heads})


def node_of(units: UnitsList, unit: ListedUnit, top: str | None = None) -> str:
    """The id of the node that a unit of the list is counted in: its own when others stand below it."""
    top = _top(units) if top is None else top
    key = unit.key if unit.key in units.below else unit.parent
    return "" if key == top else key


def _top(units: UnitsList) -> str:
    """The key of the one unit that all others stand below, "" when there is none."""
    first, *others = units.below[""]
    return "" if others or first.key not in units.below else first.key


def _nodes(units: UnitsList) -> Iterator[Node]:
    top = _top(units)

    def below(key: str, id: str, level: int) -> Iterator[Node]:
        for unit in units.below[key]:
            if unit.key in units.below:
                yield Node(unit.key, unit.name, id, level)
                yield from below(unit.key, unit.key, level + 1)

    yield Node("", units.by_key[top].name if top else EVERYBODY)
    yield from below(top, "", 1)


def _candidates(units: UnitsList, head: Head) -> Sequence[ListedUnit]:
    """The units of the list that a workbook may be of."""
    named = units.by_name.get(same_name(head.unit), ())
    if len(named) < 2:
        return named
    folders = set(map(same_name, PurePath(head.file).parts[:-1]))
    coded = [unit for unit in named if same_name(unit.code) in folders]
    return coded or [unit for unit in named if any(
        same_name(word) in folders for above in units.above(unit) for word in (above.code, above.name) if word)] or named


def _doubt(head: Head, found: Sequence[ListedUnit]) -> str:
    codes = "、".join(unit.code for unit in found[:5]) + (" 等" if len(found) > 5 else "")
    return (f"名单里有 {len(found)} 个单位叫“{head.unit}”（{codes}），分不清是哪一个，没有计入；"
            "请把文件放进以它的上级单位命名的文件夹")


# -- of folders -------------------------------------------------------------------------------------------------

def _folder_tree(heads: Sequence[Head]) -> Tree:
    folders = {head.file: PurePath(head.file).parts[:-1] for head in heads}
    common = tuple(commonprefix(list(folders.values())))
    own: dict[Folder, set[str]] = {}                  # names of the units that lie in a folder itself
    for head in heads:
        own.setdefault(folders[head.file][len(common):], set()).add(same_name(head.unit))
    chosen = _chosen(own)
    nodes = [Node("", _root_name(common)), *(_folder_node(folder, chosen) for folder in sorted(chosen) if folder)]
    at = {node.id: index for index, node in enumerate(nodes)}

    def place(head: Head) -> Place:
        id = "/".join(_above(folders[head.file][len(common):], chosen))
        return Place(id, None, (at[id], 0))

    return Tree(tuple(nodes), {head.file: place(head) for head in heads})


def _chosen(own: Mapping[Folder, set[str]]) -> set[Folder]:
    """The folders that are nodes; () is the root."""
    every = {folder[:depth] for folder in own for depth in range(len(folder) + 1)}
    within: dict[Folder, list[Folder]] = {}
    for folder in every - {()}:
        within.setdefault(folder[:-1], []).append(folder)
    chosen, units = {()}, {folder: set(own.get(folder, ())) for folder in every}
    for folder in sorted(every - {()}, key=len, reverse=True):
        if len(units[folder]) > 1 or any(inner in chosen for inner in within.get(folder, ())):
            chosen.add(folder)
        else:
            units[folder[:-1]] |= units[folder]       # its one unit is one of the folder above
    return chosen


def _above(folder: Folder, chosen: set[Folder]) -> Folder:
    """The nearest node at or above a folder."""
    while folder not in chosen:
        folder = folder[:-1]
    return folder


def _folder_node(folder: Folder, chosen: set[Folder]) -> Node:
    parent = _above(folder[:-1], chosen)
    level = sum(folder[:depth] in chosen for depth in range(len(folder)))
    return Node("/".join(folder), folder[-1], "/".join(parent), level)


def _root_name(common: Folder) -> str:
    name = common[-1] if common else ""
    return EVERYBODY if name in ("", ".", "..") or PurePath(name).anchor == name else name
