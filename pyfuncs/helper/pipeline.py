"""From paths on the command line to units with their figures and findings."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import click

from pyfuncs.catalog.compiled import OWN
from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.load import beside, load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission, Trouble
from pyfuncs.checks.run import check, trouble_finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.workbook.read import read_submission

# Old and foreign formats are taken up too: the reader says how to turn them into .xlsx.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")
MARKED = "（审核意见）"                               # ends the names of our own marked copies
LINK = "是指向别处的链接，没有读"
EXIT_PASS, EXIT_FAIL, EXIT_CALL = 0, 1, 2
log = logging.getLogger("jixiao")


@dataclass(frozen=True)
class Collected:
    """`files` in order; `named`: those given by their own path; `skipped`, `problems`: lines to show."""

    files: tuple[Path, ...] = ()
    named: frozenset[Path] = frozenset()
    skipped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()                    # paths that can't be read: exit status 2


@dataclass
class _Finds:
    files: dict[Path, Path] = field(default_factory=dict)      # real path -> path as given
    named: set[Path] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, path: Path) -> None:
        self.files.setdefault(path.resolve(), path)


def collect(paths: Iterable[Path]) -> Collected:
    """Workbooks among files and folders; folders are walked, links in them are not followed."""
    finds = _Finds()
    for path in paths:
        if path.is_dir():
            _walk(path, finds)
        elif not path.exists():
            finds.problems.append(f"没有这个文件或文件夹：{path}；请检查路径")
        elif reason := _not_a_workbook(path):
            finds.problems.append(f"{path}：{reason}")
        else:
            finds.add(path)
            finds.named.add(path)
    if not finds.files and not finds.problems:
        finds.problems.append(f"没有找到工作簿（{'、'.join(WORKBOOKS[:2])}）：{'、'.join(map(str, paths))}")
    return Collected(tuple(sorted(finds.files.values(), key=os.fspath)), frozenset(finds.named),
                     tuple(finds.skipped), tuple(finds.problems))


def _walk(folder: Path, finds: _Finds) -> None:
    def unreadable(error: OSError) -> None:
        finds.problems.append(f"打不开文件夹 {error.filename}：{error.strerror}")

    for here, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != OWN)
        finds.skipped += [f"跳过 {path}：{LINK}" for name in folders if (path := Path(here, name)).is_symlink()]
        for path in (Path(here, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_symlink():
                finds.skipped.append(f"跳过 {path}：{LINK}")
            elif reason := _not_a_workbook(path) or ("是审核意见副本" if path.stem.endswith(MARKED) else ""):
                finds.skipped.append(f"跳过 {path}：{reason}")
            else:
                finds.add(path)


def _not_a_workbook(path: Path) -> str:
    if path.name.startswith("~$"):
        return "是表格软件打开文件时的临时文件；请指定原文件"
    if path.suffix.lower() not in WORKBOOKS:
        return f"不是工作簿（{'、'.join(WORKBOOKS[:2])}）"
    return ""


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


def process_all(files: Sequence[Path], ruleset_id: str | None = None) -> list[Filed]:
    return [process(path, ruleset_id) for path in _with_progress(files)]


def process(path: Path, ruleset_id: str | None = None) -> Filed:
    """One workbook read, computed and checked. A file that can't be judged says so in its findings."""
    try:
        with beside(path):
            submission = read_submission(path, ruleset_id)
            if not submission.items:                  # no workbook, no rule set for it, or none of its forms
                return _unjudged(submission)
            ruleset = load_ruleset(submission.ruleset)
        found = figures(ruleset, submission)
        return Filed(submission, ruleset, found, tuple(check(ruleset, submission, found)))
    except Exception as error:                        # our own fault: told as such, and the other files go on
        log.exception("%s", path)
        return _unjudged(Submission(os.fspath(path), "", "", "", "", troubles=(Trouble(
            "file", "program", f"处理这个文件时程序出了错（{type(error).__name__}：{error}），没有审核完。",
            "不一定是表的问题；请把这个文件和这条消息交给维护人员。"),)))


def _unjudged(submission: Submission) -> Filed:
    return Filed(submission, findings=tuple(map(trouble_finding, submission.troubles)))


def _with_progress(files: Sequence[Path]) -> Iterator[Path]:
    if not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(files, label="正在审核", show_pos=True, file=sys.stderr) as shown:
        yield from shown


def say(lines: Iterable[str]) -> None:
    """Lines that are not the result: on the error stream, so that the result can be piped."""
    for line in lines:
        click.echo(line, err=True)


def unread(filed: Iterable[Filed], collected: Collected) -> bool:
    """Whether a path given by itself is no workbook that can be read (exit status 2)."""
    return any(trouble.kind == "file" and one.ruleset is None and Path(one.submission.path) in collected.named
               for one in filed for trouble in one.submission.troubles)


def write_reason(error: OSError) -> str:
    """Why a result file could not be written, in a clerk's words."""
    if error.errno is None:
        return str(error)
    return f"写不了 {error.filename}：{error.strerror}；请检查文件夹是否存在、有没有写的权限"
