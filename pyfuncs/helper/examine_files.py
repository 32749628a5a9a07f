"""The files of a run into the archive: those that it has already are not read again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from pyfuncs import __version__
from pyfuncs.helper.archive import Archive, Key, key_of
from pyfuncs.helper.examine import AHEAD, CHUNK, FEW, Batch, Options, Task, examine
from pyfuncs.helper.pool import workers
from pyfuncs.helper.progress import Progress
from pyfuncs.helper.record import FORMAT
from pyfuncs.workbook.limits import limited
from pyfuncs.workbook.originals import seals
from pyfuncs.workbook.remote import is_address
from pyfuncs.workbook.versions import Versions

# Given how many files there are to read: where they are worked on.
Executors = Callable[[int], AbstractContextManager[Executor]]


@dataclass
class Taken:
    """`keys`: of each file that the archive has now, in the order of the files. `read`: how many of them were read
    in this run. `left`: files that were not read since the user broke off. `seconds` of each stage: 校验、查找、读取、存放.
    """

    keys: dict[str, Key] = field(default_factory=dict)
    read: int = 0
    left: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + perf_counter() - began


def processes(jobs: int) -> Executors:
    """Worker processes of this machine, where there is something for them to do."""
    return lambda files: workers(jobs if files > FEW else 1)


def take_in(archive: Archive, files: Sequence[Path | str], executors: Executors, options: Options = Options(),
            ahead: int = AHEAD, doing: str = "正在审核") -> Taken:
    """Read and check what the archive does not have, always what lies at an address. Ctrl-C ends that; what was read
    until then is kept.

    Raises ArchiveError.
    """
    taken = Taken()
    found = _keys(taken, files, options)
    with taken.timed("查找"):
        known = archive.known(found.values())
    tasks = [Task(file, key.version) for file, key in found.items() if key not in known]
    read = _read(taken, archive, tasks, executors, options, ahead, doing) if tasks else {}
    taken.keys = {file: read.get(file, key) for file, key in found.items() if file in read or key in known}
    taken.read = len(read)
    taken.left = tuple(file for file in found if file not in taken.keys)
    return taken


def _keys(taken: Taken, files: Sequence[Path | str], options: Options) -> dict[str, Key]:
    """By the content that each file has now; what an address holds is not known before it is fetched."""
    with taken.timed("校验"), limited(options.limits):
        versions = Versions(f"{__version__} {FORMAT} {options}")
        sealed = seals(file for file in files if not is_address(file))
        return {file: key_of(sealed.get(file, ""), file, versions.of(file)) for file in map(os.fspath, files)}


def _read(taken: Taken, archive: Archive, tasks: Sequence[Task], executors: Executors, options: Options,
          ahead: int, doing: str) -> dict[str, Key]:
    """The key of each file that was read: that of the content read, should the file have changed in between."""
    read: dict[str, Key] = {}
    waiting: list[Batch] = []                         # a write to the disk takes as long for one file as for many

    def store() -> None:
        results = [result for batch in waiting for result in batch.results]
        with taken.timed("存放"):
            archive.add(results, {digest: dump for batch in waiting for digest, dump in batch.rulesets.items()})
        read.update((result.head.file, result.key) for result in results)
        waiting.clear()

    try:
        with taken.timed("读取"), executors(len(tasks)) as executor, Progress(doing, len(tasks)) as progress:
            for batch in examine(tasks, executor, options, ahead):
                waiting.append(batch)
                progress.add(len(batch.results), batch.results[-1].head.unit)
                if sum(len(one.results) for one in waiting) >= CHUNK:
                    store()
        store()
    except KeyboardInterrupt:
        store()                                       # what came in while it was kept is kept again: once
    return read
