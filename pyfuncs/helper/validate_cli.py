"""`jixiao validate`: check filled workbooks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pyfuncs.helper.pipeline import (EXIT_CALL, EXIT_FAIL, EXIT_PASS, known_ruleset, process_all, say, unread,
                                     write_reason)
from pyfuncs.live.copies import marked_copies
from pyfuncs.report.audit_html import audit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.console import validation_text
from pyfuncs.report.json_report import dump, validation
from pyfuncs.report.output import refuse_existing, write_new
from pyfuncs.workbook.collect import collect

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("validate", short_help="审核填好的自评表")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--ruleset", "ruleset_id", metavar="ID", help="用这个规则集审核（默认用工作簿里记的），例如 430400/2022")
@click.option("--json", "json_file", metavar="FILE", type=FILE, help="把结果写成 JSON")
@click.option("--xlsx", "xlsx_file", metavar="FILE", type=FILE, help="把审核报告写成 Excel 工作簿")
@click.option("--html", "html_file", metavar="FILE", type=FILE, help="把审核报告写成网页，不联网也能打开")
@click.option("--mark", "mark_folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              help="在这个文件夹里给每个工作簿做一份标出错误的副本，原文件不动")
def validate(paths: tuple[Path, ...], ruleset_id: str | None, json_file: Path | None,
             xlsx_file: Path | None, html_file: Path | None, mark_folder: Path | None) -> int:
    """审核填好的自评表。PATH 是工作簿或文件夹，可以写几个。

    退出状态：0 可以上报，1 有必须修改的错误，2 命令写得不对或文件读不出来。
    """
    targets = [target for target in (json_file, xlsx_file, html_file) if target]
    try:
        for target in targets:
            refuse_existing(target)
        collected = collect(paths)
        if ruleset_id is not None:
            known_ruleset(ruleset_id, {path.parent: path for path in collected.files}.values())
        say([*collected.skipped, *collected.problems])
        if not collected.files:
            return EXIT_CALL
        filed = process_all(collected.files, ruleset_id)
        click.echo(validation_text(filed))
        if json_file:
            write_new(json_file, dump(validation(filed)))
        if xlsx_file:
            write_new(xlsx_file, audit_workbook(filed, xlsx_file.parent, date.today()))
        if html_file:
            write_new(html_file, audit_page(filed, html_file.parent, date.today()))
        marked, unmarked = marked_copies(filed, mark_folder) if mark_folder else ([], [])
        say(unmarked)
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    say(f"已写出：{path}" for path in [*targets, *marked])
    if collected.problems or unread(filed, collected):
        return EXIT_CALL
    return EXIT_FAIL if any(one.must_fix for one in filed) else EXIT_PASS
