"""One audit from the files to what is written: read, check, compare with earlier rounds, and write the results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pyfuncs import __version__
from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.pipeline import now, process_all, user_name
from pyfuncs.helper.progress import Progress
from pyfuncs.helper.project import Project
from pyfuncs.helper.project_rounds import entry_of, key_of, with_rounds
from pyfuncs.live.copies import marked_copies
from pyfuncs.report.audit import Round, Run, compared
from pyfuncs.report.audit_html import audit_page, unit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.counts import in_order
from pyfuncs.report.json_report import dump, validation
from pyfuncs.report.naming import free_path, one_line
from pyfuncs.report.output import write_new
from pyfuncs.workbook.across import with_cross_checks
from pyfuncs.workbook.collect import MARKED, Collected, collect
from pyfuncs.workbook.originals import seals
from pyfuncs.workbook.reports import judged_seals, with_reports


@dataclass(frozen=True)
class Audit:
    """`said`: lines on documents that were left out. `before`: path -> seal of each original before it was read.

    `rounds`: path -> which audit of the unit it is, empty without a project.
    """

    filed: tuple[Filed, ...]
    said: tuple[str, ...]
    before: Mapping[str, str]
    rounds: Mapping[str, Round]

    @property
    def must_fix(self) -> bool:
        return any(one.must_fix for one in self.filed)

    def untouched(self) -> Run:
        """The originals as they are now against what they were."""
        return compared(self.before, seals(map(Path, self.before)))


def collected_with_prior(paths: Sequence[Path], prior_folder: Path | None) -> tuple[Collected, Collected]:
    """What is to be checked, and the workbooks of last year, which may lie in a folder below."""
    collected, prior = collect(paths, reports=True), collect([prior_folder]) if prior_folder else Collected()
    known = {path.resolve() for path in prior.files}
    files = tuple(path for path in collected.files if path.resolve() not in known or path in collected.named)
    return replace(collected, files=files), prior


def audit(collected: Collected, ruleset_id: str | None, prior: Collected, project: Project | None = None) -> Audit:
    """Read and check; `ruleset_id` None: the rule set that each file names or fits. Raises ProjectError."""
    before = seals([*collected.files, *collected.reports, *prior.files])
    filed, said = with_reports(process_all(collected.files, ruleset_id), collected, ruleset_id)
    before = judged_seals(before, collected, filed)
    filed = _ordered(with_cross_checks(filed, process_all(prior.files, doing="正在读上年的表")))
    rounds: dict[str, Round] = {}
    if project:
        filed, rounds = with_rounds(filed, {key_of(one): project.history(key_of(one)) for one in filed})
        filed = _ordered(filed)
    return Audit(tuple(filed), tuple(said), before, rounds)


def writings(done: Audit, targets: Mapping[str, Path | None], tell: Callable[[Iterable[str]], None]) -> Iterator[Path]:
    """Each result as it is written: `targets` by mark_folder, json_file, xlsx_file, html_file, unit_folder.

    Marked copies come first: the reports tell that the originals were not touched by them either. What can't be
    marked is told. Raises OSError; what was written before stays.
    """
    if folder := targets.get("mark_folder"):
        copies, unmarked = _marked(done.filed, folder)
        tell(map(one_line, unmarked))
        yield from copies
    run = replace(done.untouched(), rounds=done.rounds)
    today = date.today()
    reports = {"json_file": lambda target: dump(validation(done.filed, run)),
               "xlsx_file": lambda target: audit_workbook(done.filed, target.parent, today, run),
               "html_file": lambda target: audit_page(done.filed, target.parent, today, run)}
    for name, made in reports.items():
        if target := targets.get(name):
            write_new(target, made(target))
            yield target
    if folder := targets.get("unit_folder"):
        for one in done.filed:
            target = free_path(folder, f"{one.unit}{MARKED}", ".html")
            write_new(target, unit_page(one, today, run))
            yield target


def record(project: Project, collected: Collected, done: Audit) -> None:
    """Keep it as a round of the project. Raises ProjectError."""
    project.add_run(now(), user_name(), __version__, [os.path.abspath(path) for path in collected.files],
                    VERDICT_FAIL if done.must_fix else VERDICT_PASS, [entry_of(one) for one in done.filed])


def _marked(filed: Sequence[Filed], folder: Path) -> tuple[list[Path], list[str]]:
    """One by one, so that it can be told how far it is."""
    copies, unmarked = [], []
    with Progress("正在标注", len(filed)) as progress:
        for one in filed:
            written, problems = marked_copies([_open_only(one)], folder)
            copies += written
            unmarked += problems
            progress.add(1, one.unit)
    return copies, unmarked


def _ordered(filed: Iterable[Filed]) -> list[Filed]:
    return [replace(one, findings=in_order(one.findings)) for one in filed]


def _open_only(one: Filed) -> Filed:
    """What is settled needs no mark."""
    return replace(one, findings=tuple(finding for finding in one.findings if not finding.settled))
