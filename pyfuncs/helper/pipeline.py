"""From paths on the command line to units with their figures and findings."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click

from pyfuncs.catalog.load import beside, load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.report.output import write_reason as write_reason  # every command tells it
from pyfuncs.workbook.collect import Collected
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


def process_all(files: Sequence[Path], ruleset_id: str | None = None, doing: str = "正在审核") -> list[Filed]:
    return [process(path, ruleset_id) for path in _with_progress(files, doing)]


def _with_progress(files: Sequence[Path], doing: str) -> Iterator[Path]:
    if not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(files, label=doing, show_pos=True, file=sys.stderr) as shown:
        yield from shown


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
