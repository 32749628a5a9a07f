"""From paths on the command line to units with their figures and findings."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click

from pyfuncs.catalog.load import beside, load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.examine import FEW, Options, Task, examine
from pyfuncs.helper.pool import cores, workers
from pyfuncs.helper.progress import Progress
from pyfuncs.helper.record import decode
from pyfuncs.helper.ruleset_dump import loaded
from pyfuncs.report.output import write_reason as write_reason  # every command tells it
from pyfuncs.workbook.collect import Collected
from pyfuncs.workbook.limits import limits
from pyfuncs.workbook.process import process

EXIT_PASS, EXIT_FAIL, EXIT_CALL = 0, 1, 2


def known_ruleset(ruleset_id: str, files: Iterable[Path] = ()) -> RuleSet:
    """A rule set named on the command line, looked for beside the `files` too.

    Raises WrongCall (exit status 2) when it can't be used.
    """
    try:
        with ExitStack() as stack:
            for path in files:
                stack.enter_context(beside(path))
            ruleset = load_ruleset(ruleset_id)
    except RuleSetError as error:
        raise WrongCall("；".join(problem.message for problem in error.problems)) from None
    if ruleset.abstract:
        raise WrongCall(f"“{ruleset_id}”是各地共用的部分，不能单独使用；用 jixiao rulesets list 看有哪些规则集")
    return ruleset


def process_all(files: Sequence[Path], ruleset_id: str | None = None, doing: str = "正在审核",
                jobs: int | None = None) -> list[Filed]:
    """The files read and checked, in their order; many of them by `jobs` processes (default: one for each processor).

    The texts beside the items of a submission are only there when one process was enough: no check of several
    files asks for them.
    """
    jobs = cores() if jobs is None else jobs
    with Progress(doing, len(files)) as progress:
        if jobs > 1 and len(files) > FEW:
            return _processed_by(jobs, files, Options(ruleset_id, limits()), progress)
        return [_processed(path, ruleset_id, progress) for path in files]


def _processed(path: Path, ruleset_id: str | None, progress: Progress) -> Filed:
    one = process(path, ruleset_id)
    progress.add(1, one.unit)
    return one


def _processed_by(jobs: int, files: Sequence[Path], options: Options, progress: Progress) -> list[Filed]:
    results, rulesets = {}, {}
    with workers(jobs) as executor:
        for batch in examine([Task(os.fspath(path), "") for path in files], executor, options):
            results.update((result.head.file, result) for result in batch.results)
            rulesets.update((digest, loaded(dump)) for digest, dump in batch.rulesets.items() if digest not in rulesets)
            progress.add(len(batch.results), batch.results[-1].head.unit)
    found = (results[os.fspath(path)] for path in files)
    return [decode(result.record, rulesets.get(result.ruleset)) for result in found]


def now() -> str:
    """2023-03-20 09:15, as records and reports tell a time."""
    return f"{datetime.now():%Y-%m-%d %H:%M}"


def user_name() -> str:
    """Who sits at the computer, as far as it knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):          # an account without a name
        return "不明"


def say(lines: Iterable[str]) -> None:
    """Lines that are not the result: on the error stream, so that the result can be piped."""
    for line in lines:
        click.echo(line, err=True)


def unread(filed: Iterable[Filed], collected: Collected) -> bool:
    """Whether a path given by itself is no workbook that can be read (exit status 2)."""
    return any(trouble.kind == "file" and one.ruleset is None and Path(one.submission.path) in collected.named
               for one in filed for trouble in one.submission.troubles)
