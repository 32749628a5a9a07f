"""What the window shows, without a window: the list of units, the findings that pass the filter (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyfuncs.helper.window.messages import CHECKING, FAILED, PASSED, UNCHECKED, UNREADABLE, Found, Sources, Unit

MOST_SHOWN = 2000                                     # findings in the table; more of them nobody reads


@dataclass(frozen=True)
class Filter:
    """Which findings are shown: "" for all. `path`: of the unit, `text`: anywhere in what is shown of them."""

    path: str = ""
    group: str = ""
    rule: str = ""
    text: str = ""


@dataclass(frozen=True)
class State:
    """`sources`: files and folders as they were added; `excluded`: files below them that were taken off the list."""

    sources: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    units: tuple[Unit, ...] = ()
    filter: Filter = field(default_factory=Filter)

    def added(self, paths: Iterable[str]) -> State:
        """With more files and folders; what was taken off and is added again is back."""
        paths = tuple(paths)
        sources = tuple(dict.fromkeys([*self.sources, *paths]))
        return replace(self, sources=sources, excluded=frozenset(
            path for path in self.excluded if not any(Path(path).is_relative_to(added) for added in paths)))

    def without(self, paths: Iterable[str]) -> State:
        """Without these files."""
        gone = frozenset(paths)
        units = tuple(unit for unit in self.units if unit.path not in gone)
        sources = tuple(path for path in self.sources if path not in gone)
        below = frozenset(path for path in gone if any(Path(path).is_relative_to(source) for source in sources))
        chosen = self.filter if self.filter.path not in gone else replace(self.filter, path="")
        if not units:
            return State()
        return replace(self, sources=sources, excluded=self.excluded | below, units=units, filter=chosen)

    def listed(self, units: Sequence[Unit]) -> State:
        """With this list; of a file that nobody looked into since, what is known of it stays."""
        known = {unit.path: unit for unit in self.units}
        merged = tuple(known.get(unit.path, unit) if unit.state == UNCHECKED else unit for unit in units)
        gone = self.filter.path and self.filter.path not in {unit.path for unit in merged}
        return replace(self, units=merged, filter=Filter() if gone else self.filter)

    def checking(self) -> State:
        """While the audit is on."""
        return replace(self, units=tuple(replace(unit, state=CHECKING) for unit in self.units))

    def request(self, prior_folder: str, output_folder: str) -> Sources:
        return Sources(self.sources, self.excluded, prior_folder, output_folder)

    def unit(self, path: str) -> Unit | None:
        return next((unit for unit in self.units if unit.path == path), None)

    def of_unit(self) -> list[Found]:
        """The findings of the chosen unit, else of all of them, the gravest first."""
        found = [one for unit in self.units if self.filter.path in ("", unit.path) for one in unit.found]
        return sorted(found, key=lambda one: one.rank)

    def found(self) -> list[Found]:
        """Those that pass the whole filter."""
        chosen = self.filter
        return [one for one in self.of_unit() if chosen.group in ("", one.group) and chosen.rule in ("", one.rule_id)
                and chosen.text.casefold() in _words(one)]

    def groups(self) -> dict[str, tuple[str, int]]:
        """group -> its word and how many of the unit's findings are in it, the gravest first."""
        found = self.of_unit()
        counts = Counter(one.group for one in found)
        return {one.group: (one.word, counts[one.group]) for one in found}

    def rules(self) -> list[str]:
        """Numbers of the rules that the unit's findings of the chosen group come from."""
        return sorted({one.rule_id for one in self.of_unit() if self.filter.group in ("", one.group)})

    def verdict(self) -> str:
        """5 个文件：2 个可以上报，3 个须修改; what there is none of is left out."""
        counts = Counter(unit.state for unit in self.units)
        states = (PASSED, FAILED, UNREADABLE, CHECKING, UNCHECKED)
        told = [f"{counts[state]} 个{state}" for state in states if counts[state]]
        return f"{len(self.units)} 个文件：{'，'.join(told)}" if told else ""


def filtered(state: State, **changes: str) -> State:
    """With another filter. A unit shows all of its findings first, a group all of its rules."""
    chosen = replace(state.filter, **changes)
    if "path" in changes:
        chosen = replace(chosen, group="", rule="")
    state = replace(state, filter=chosen)
    return state if chosen.rule in ("", *state.rules()) else replace(state, filter=replace(chosen, rule=""))


def must_fix_count(unit: Unit) -> int:
    return sum(one.group == "error" for one in unit.found)


def _words(one: Found) -> str:
    return " ".join((one.rule_id, one.unit, one.message, one.place)).casefold()
