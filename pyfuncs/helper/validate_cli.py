"""`jixiao validate`: check filled workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from pyfuncs.helper.audit_run import Audit, audit, collected_with_prior, record, writings
from pyfuncs.helper.limit_option import limit_option
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, known_ruleset, say, unread, write_reason
from pyfuncs.helper.project import Project, ProjectError
from pyfuncs.report.audit import Run
from pyfuncs.report.console import validation_text
from pyfuncs.report.naming import one_line
from pyfuncs.report.output import refuse_existing
from pyfuncs.workbook.collect import Collected
from pyfuncs.workbook.limits import Limits, limited

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
    """审核填好的自评表。PATH 是工作簿、自评报告（Word 文档、文本）或文件夹，可以写几个。

    退出状态：0 可以上报，1 有必须修改的错误，2 命令写得不对、文件读不出来，或结果写不了。
    """
    try:
        for target in (outputs["json_file"], outputs["xlsx_file"], outputs["html_file"]):
            if target:
                refuse_existing(target)
        collected, prior = collected_with_prior(paths, prior_folder)
        if ruleset_id is not None:
            known_ruleset(ruleset_id, {path.parent: path for path in collected.files}.values())
        say([*collected.skipped, *collected.problems, *prior.problems])
        if not (collected.files or collected.reports) or prior.problems:
            return EXIT_CALL
        project = Project(project_folder, create=True) if project_folder else None
        with limited(limits):
            return _audited(collected, ruleset_id, prior, project, outputs)
    except ProjectError as error:
        say([str(error)])
    except OSError as error:
        say([write_reason(error)])
    return EXIT_CALL


def _audited(collected: Collected, ruleset_id: str | None, prior: Collected, project: Project | None,
             targets: Mapping[str, Path | None]) -> int:
    done = audit(collected, ruleset_id, prior, project)
    say(done.said)
    click.echo(validation_text(done.filed, Run(rounds=done.rounds)))
    whole = _write(done, targets)
    if project and whole:
        record(project, collected, done)
    untouched = done.untouched()
    click.echo(f"\n{one_line(untouched.line())}。")
    if collected.problems or unread(done.filed, collected) or not whole or untouched.changed:
        return EXIT_CALL
    return EXIT_FAIL if done.must_fix else EXIT_PASS


def _write(done: Audit, targets: Mapping[str, Path | None]) -> bool:
    """All that was asked for, one file at a time; whether nothing failed. What was written before stays."""
    try:
        for path in writings(done, targets, say):
            say([f"已写出：{one_line(str(path))}"])
    except OSError as error:
        say([write_reason(error)])
        return False
    return True
