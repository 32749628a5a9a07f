"""`jixiao validate`: check filled workbooks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from pyfuncs import __version__
from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.limit_option import limit_option
from pyfuncs.helper.pipeline import (EXIT_CALL, EXIT_FAIL, EXIT_PASS, known_ruleset, now, process_all, say, unread,
                                     user_name, write_reason)
from pyfuncs.helper.project import Project, ProjectError
from pyfuncs.helper.project_rounds import entry_of, key_of, with_rounds
from pyfuncs.live.copies import marked_copies
from pyfuncs.report.audit import Round, Run, compared
from pyfuncs.report.audit_html import audit_page, unit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.console import validation_text
from pyfuncs.report.counts import in_order
from pyfuncs.report.json_report import dump, validation
from pyfuncs.report.naming import free_path, one_line
from pyfuncs.report.output import refuse_existing, write_new
from pyfuncs.workbook.across import with_cross_checks
from pyfuncs.workbook.collect import MARKED, Collected, collect, without_reports
from pyfuncs.workbook.limits import Limits, limited
from pyfuncs.workbook.originals import seals

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("validate", short_help="审核填好的自评表")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--ruleset", "ruleset_id", metavar="ID", help="用这个规则集审核（默认用工作簿里记的，没有记的按表样认），例如 430400/2022")
@click.option("--prior", "prior_folder", metavar="DIR", type=click.Path(exists=True, path_type=Path),
              help="上年各单位的表在这里，用来核对上年数")
@click.option("--project", "project_folder", metavar="DIR", type=FOLDER,
              help="记在这个项目文件夹里：下次审核时列出新增、仍存在、已消除的意见，记住单位的说明")
@click.option("--json", "json_file", metavar="FILE", type=FILE, help="把结果写成 JSON")
@click.option("--xlsx", "xlsx_file", metavar="FILE", type=FILE, help="把审核报告写成 Excel 工作簿")
@click.option("--html", "html_file", metavar="FILE", type=FILE, help="把审核报告写成网页，不联网也能打开")
@click.option("--mark", "mark_folder", metavar="DIR", type=FOLDER, help="在这个文件夹里给每个文件做一份标出错误的副本，原文件不动")
@click.option("--per-unit", "unit_folder", metavar="DIR", type=FOLDER, help="在这个文件夹里给每个单位写一页审核意见，只有它自己的")
@limit_option
def validate(paths: tuple[Path, ...], ruleset_id: str | None, prior_folder: Path | None, project_folder: Path | None,
             limits: Limits, **outputs: Path | None) -> int:
    """审核填好的自评表。PATH 是工作簿、Word 文档或文件夹，可以写几个。

    退出状态：0 可以上报，1 有必须修改的错误，2 命令写得不对、文件读不出来，或结果写不了。
    """
    try:
        for target in (outputs["json_file"], outputs["xlsx_file"], outputs["html_file"]):
            if target:
                refuse_existing(target)
        collected, prior = _collected(paths, prior_folder)
        if ruleset_id is not None:
            known_ruleset(ruleset_id, {path.parent: path for path in collected.files}.values())
        say([*collected.skipped, *collected.problems, *prior.problems])
        if not collected.files or prior.problems:
            return EXIT_CALL
        project = Project(project_folder, create=True) if project_folder else None
        with limited(limits):
            return _audit(collected, ruleset_id, prior, project, outputs)
    except ProjectError as error:
        say([str(error)])
    except OSError as error:
        say([write_reason(error)])
    return EXIT_CALL


def _collected(paths: Sequence[Path], prior_folder: Path | None) -> tuple[Collected, Collected]:
    """What is to be checked, and the workbooks of last year, which may lie in a folder below."""
    collected, prior = collect(paths), collect([prior_folder]) if prior_folder else Collected()
    known = {path.resolve() for path in prior.files}
    files = tuple(path for path in collected.files if path.resolve() not in known or path in collected.named)
    return replace(collected, files=files), prior


def _audit(collected: Collected, ruleset_id: str | None, prior: Collected, project: Project | None,
           outputs: Mapping[str, Path | None]) -> int:
    before = seals([*collected.files, *prior.files])
    filed, reports = without_reports(process_all(collected.files, ruleset_id), collected)
    say(reports)
    filed = with_cross_checks(filed, process_all(prior.files, doing="正在读上年的表"))
    filed = [replace(one, findings=in_order(one.findings)) for one in filed]
    rounds: dict[str, Round] = {}
    if project:
        filed, rounds = with_rounds(filed, {key_of(one): project.history(key_of(one)) for one in filed})
        filed = [replace(one, findings=in_order(one.findings)) for one in filed]
    click.echo(validation_text(filed, Run(rounds=rounds)))
    whole = _write(filed, before, rounds, outputs)
    if project and whole:
        _record(project, collected, filed)
    untouched = compared(before, seals(map(Path, before)))
    click.echo(f"\n{one_line(untouched.line())}。")
    if collected.problems or unread(filed, collected) or not whole or untouched.changed:
        return EXIT_CALL
    return EXIT_FAIL if any(one.must_fix for one in filed) else EXIT_PASS


def _write(filed: Sequence[Filed], before: Mapping[str, str], rounds: Mapping[str, Round],
           outputs: Mapping[str, Path | None]) -> bool:
    """All that was asked for, one file at a time; whether nothing failed. What was written before stays."""
    try:
        for path in _written(filed, before, rounds, outputs):
            say([f"已写出：{one_line(str(path))}"])
    except OSError as error:
        say([write_reason(error)])
        return False
    return True


def _written(filed: Sequence[Filed], before: Mapping[str, str], rounds: Mapping[str, Round],
             outputs: Mapping[str, Path | None]) -> Iterator[Path]:
    """Marked copies come first: the reports tell that the originals were not touched by them either."""
    if folder := outputs["mark_folder"]:
        copies, unmarked = marked_copies([_open_only(one) for one in filed], folder)
        say(map(one_line, unmarked))
        yield from copies
    run = replace(compared(before, seals(map(Path, before))), rounds=rounds)
    today = date.today()
    reports = {"json_file": lambda target: dump(validation(filed, run)),
               "xlsx_file": lambda target: audit_workbook(filed, target.parent, today, run),
               "html_file": lambda target: audit_page(filed, target.parent, today, run)}
    for name, made in reports.items():
        if target := outputs[name]:
            write_new(target, made(target))
            yield target
    if folder := outputs["unit_folder"]:
        for one in filed:
            target = free_path(folder, f"{one.unit}{MARKED}", ".html")
            write_new(target, unit_page(one, today, run))
            yield target


def _open_only(one: Filed) -> Filed:
    """What is settled needs no mark."""
    return replace(one, findings=tuple(finding for finding in one.findings if not finding.settled))


def _record(project: Project, collected: Collected, filed: Sequence[Filed]) -> None:
    failing = any(one.must_fix for one in filed)
    project.add_run(now(), user_name(), __version__, [os.path.abspath(path) for path in collected.files],
                    VERDICT_FAIL if failing else VERDICT_PASS, [entry_of(one) for one in filed])
