"""Last year's figures of every unit, from the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from pyfuncs.consolidate.unit_line import Prior, unit_line
from pyfuncs.helper.archive import Archive
from pyfuncs.helper.archive_source import ArchiveSource


class Priors(Mapping[str, Prior]):
    """By same_name of the unit. A unit's figures are read from the archive when they are asked for, and not kept."""

    def __init__(self, source: ArchiveSource, names: frozenset[str]) -> None:
        self._source, self._names = source, names

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> Prior:
        if name not in self._names:
            raise KeyError(name)
        [one] = self._source.shares([name])
        line = unit_line(one)
        return Prior(line.amounts, line.total if isinstance(line.total, Decimal) else line.printed)


def priors_of(archive: Archive, year: str) -> Priors:
    """Each unit's figures of the fiscal year before `year`, as they were last counted; of two units with one name none.

    Raises ArchiveError, here and when they are read.
    """
    found = archive.counted(str(int(year) - 1)) if year.isdecimal() else []
    times = Counter(name for name, _ in found)
    results = {name: result for name, result in found if times[name] == 1}
    return Priors(archive.of_results(results), frozenset(results))
