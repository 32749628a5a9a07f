"""Runs of the archive, made of units that were never on a disk."""

from __future__ import annotations

from pyfuncs.consolidate.admission import Choice
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import head_of
from pyfuncs.helper.archive import Archive, RunNote, result_of
from pyfuncs.helper.archive_source import ArchiveSource

NOTE = RunNote("2023-03-20 09:15", "张三", "0.1.0", ["各单位"])
ALL = Choice(include_rejected=True)


def keep(archive: Archive, *units: Filed, version: str = "1") -> ArchiveSource:
    """The units into the archive as a worker would hand them over, and out of it as a source."""
    worked = [result_of(one, head_of(one), version) for one in units]
    archive.add([result for result, _ in worked], {result.ruleset: dump for result, dump in worked if dump})
    return archive.source([(result.head.file, result.key) for result, _ in worked])


def run(archive: Archive, *units: Filed, note: RunNote = NOTE) -> int:
    source = keep(archive, *units)
    return archive.close_run(note, source, consolidate(source, None, ALL))
