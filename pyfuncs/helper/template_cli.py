"""`jixiao template`: make an empty workbook for one unit."""

from __future__ import annotations

import io
from pathlib import Path

import click

from pyfuncs.catalog.model import RuleSet
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_PASS, known_ruleset, say, write_reason
from pyfuncs.report.naming import free_path
from pyfuncs.report.output import write_new
from pyfuncs.workbook.template import EDITION_NAMES, write_workbook

MOST_PROJECTS = 200


@click.command("template", short_help="生成空白的自评表")
@click.argument("ruleset_id", metavar="RULESET")
@click.option("-o", "--output", "folder", metavar="DIR", required=True,
              type=click.Path(file_okay=False, path_type=Path), help="写到这个文件夹；已有同名文件时自动加编号，不覆盖")
@click.option("--edition", type=click.Choice(["addin", "formula"]), default="addin", show_default=True,
              help="addin：加载项版；formula：公式版，不用装任何程序")
@click.option("--unit", metavar="NAME", default="", help="单位名称，印在封面和各表上")
@click.option("--projects", metavar="N", type=click.IntRange(1, MOST_PROJECTS), default=1, show_default=True,
              help="项目表的张数，一个项目一张")
def template(ruleset_id: str, folder: Path, edition: str, unit: str, projects: int) -> int:
    """生成一份空白的自评表。RULESET 是规则集，例如 430400/2022。"""
    ruleset = known_ruleset(ruleset_id)
    try:
        target = write_template(ruleset, folder, edition, unit, projects)
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    click.echo(f"已写出：{target}")
    if edition == "addin":
        say(["这是加载项版，比率和得分要装了加载项才会重新计算；没有装请加 --edition formula 生成公式版。"])
    return EXIT_PASS


def write_template(ruleset: RuleSet, folder: Path, edition: str, unit: str, projects: int) -> Path:
    """An empty workbook for one unit under a name that is free. Raises OSError."""
    workbook = io.BytesIO()
    write_workbook(workbook, ruleset, edition, projects=projects, entity=unit)
    stem = f"{unit or ruleset.region_name}{ruleset.year}年度绩效自评表-{EDITION_NAMES[edition]}"
    target = free_path(folder, stem, ".xlsx")
    write_new(target, workbook.getvalue())
    return target
