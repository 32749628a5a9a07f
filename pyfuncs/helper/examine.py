"""Reading and checking many files: in chunks, wherever an executor works them off. One bad file costs only itself."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePath
from typing import NamedTuple
from uuid import uuid4

from pyfuncs.catalog.stamps import unchanged
from pyfuncs.catalog.submission import Submission, Trouble
from pyfuncs.checks.run import trouble_finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import head_of
from pyfuncs.helper.archive import Result, result_of
from pyfuncs.workbook.collect import shown
from pyfuncs.workbook.limits import Limits, limited
from pyfuncs.workbook.process import process
from pyfuncs.workbook.remote import RemoteError, fetched, is_address, saved_at
from pyfuncs.workbook.saved_when import INSIDE, with_date

CHUNK = 25                                            # files; fewer where there are few
FEW = 8                                               # files that are read sooner than workers are there
AHEAD = 8                                             # chunks given out that nobody has answered yet
_PASSING = {"program", "too-slow", "unreachable"}                    # troubles that need not be there the next time

IN_STORE = "存储里记的修改时间"

log = logging.getLogger("jixiao")


class Task(NamedTuple):
    """A file and the version under which it is read (workbook/versions.py)."""

    file: str
    version: str


@dataclass(frozen=True)
class Options:
    """What every worker must know. `ruleset_id`: the rule set asked for, None for the one that a file names or fits."""

    ruleset_id: str | None = None
    limits: Limits = Limits()


@dataclass(frozen=True)
class Batch:
    """What came of a chunk. `rulesets`: the dumps of the rule sets of its results, by digest."""

    results: tuple[Result, ...] = ()
    rulesets: Mapping[str, bytes] = field(default_factory=dict)


def examine(tasks: Sequence[Task], executor: Executor, options: Options = Options(), ahead: int = AHEAD) -> Iterator[Batch]:
    """All files read and checked, in chunks as they are done. What is not done when it is closed, whoever owns the
    executor gives up: a pool that is stopped can't bear calls that were cancelled one by one.

    A chunk that fails, because a worker died of one of its files, is worked on again, each file alone: the one
    that fails then has that as its finding.
    """
    failed: list[Task] = []
    for chunk, batch in _answers(chunks(tasks, ahead), executor, options, ahead):
        if batch is None:
            failed += chunk
        else:
            yield batch
    for [task], batch in _answers(([task] for task in failed), executor, options, ahead=1):
        yield batch or _kept([_lost(task)])


def chunks(tasks: Sequence[Task], ahead: int = AHEAD) -> Iterator[Sequence[Task]]:
    """Few files are shared out too, in small chunks: at the end no worker waits long for another."""
    size = max(1, min(CHUNK, len(tasks) // (2 * ahead)))
    return (tasks[start:start + size] for start in range(0, len(tasks), size))


def _answers(waiting: Iterable[Sequence[Task]], executor: Executor, options: Options,
             ahead: int) -> Iterator[tuple[Sequence[Task], Batch | None]]:
    """Each chunk with what came of it, None when it failed; at most `ahead` of them are given out at a time."""
    waiting = iter(waiting)
    given: dict[Future[Batch], Sequence[Task]] = {}
    while True:
        for chunk in islice(waiting, ahead - len(given)):
            given[executor.submit(examine_chunk, chunk, options)] = chunk
        if not given:
            return
        for future in wait(given, return_when=FIRST_COMPLETED).done:
            yield given.pop(future), _answer(future)


def _answer(future: Future[Batch]) -> Batch | None:
    error = future.exception()
    if error is None:
        return future.result()
    if not isinstance(error, BrokenExecutor):
        log.error("%s", error, exc_info=error)
    return None


def examine_chunk(tasks: Sequence[Task], options: Options) -> Batch:
    """What a worker does: only paths and options go in, only bytes come out."""
    with limited(options.limits), unchanged(), _undisturbed():
        return _kept((_examined(task, options), task.version) for task in tasks)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Nobody looks for objects that hold each other: a workbook leaves none, and looking takes a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _examined(task: Task, options: Options) -> Filed:
    if not is_address(task.file):
        return with_date(process(Path(task.file), options.ruleset_id))
    try:
        with fetched(task.file) as local:
            one = with_date(process(local, options.ruleset_id))
        if one.dated_by != INSIDE:
            one = replace(one, dated=saved_at(task.file), dated_by=IN_STORE)
        return replace(one, submission=replace(one.submission, path=task.file))
    except RemoteError as error:
        trouble = Trouble("file", "unreachable", f"{error}。", "请检查网络和地址，再汇总一次。")
        return Filed(Submission(task.file, "", "", "", "", troubles=(trouble,)), findings=(trouble_finding(trouble),))


def _lost(task: Task) -> tuple[Filed, str]:
    """The unit's file that a worker died of."""
    trouble = Trouble("file", "program", f"读文件“{shown(PurePath(task.file).name)}”时程序意外停止，没有读完；其他文件不受影响。",
                      "文件可能已经损坏，或展开后大得内存放不下；请用 Excel 或 WPS 打开，另存一份再交。")
    return Filed(Submission(task.file, "", "", "", "", troubles=(trouble,)), findings=(trouble_finding(trouble),)), task.version


def _kept(examined: Iterable[tuple[Filed, str]]) -> Batch:
    results, rulesets = [], {}
    for one, version in examined:
        result, dump = result_of(one, head_of(one), _version(one, version))
        results.append(result)
        if dump:
            rulesets[result.ruleset] = dump
    return Batch(tuple(results), rulesets)


def _version(one: Filed, version: str) -> str:
    """What may pass is kept under a version that is never asked for again, so that the file is read the next time."""
    passing = not one.submission.sha256 or any(trouble.code in _PASSING for trouble in one.submission.troubles)
    return f"{version} {uuid4().hex}" if passing else version
