"""`jixiao consolidate`: add up what the units filed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pyfuncs.consolidate.consolidate import consolidate as add_up
from pyfuncs.consolidate.units import UnitsListError, parse_units
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, process_all, say, unread, write_reason
from pyfuncs.helper.validate_cli import FILE
from pyfuncs.report.console import consolidation_text
from pyfuncs.report.json_report import consolidation, dump
from pyfuncs.report.output import refuse_existing, write_new
from pyfuncs.report.summary_xlsx import summary_workbook
from pyfuncs.workbook.collect import collect, without_reports


@click.command("consolidate", short_help="汇总各单位的自评表")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="汇总.xlsx", required=True, type=FILE, help="汇总表写到这个文件")
@click.option("--units", "units_file", metavar="units.csv", type=FILE,
              help="应报送单位的名单（CSV，第一行有“单位名称”一列），用来找出没有报送的单位")
@click.option("--json", "json_file", metavar="FILE", type=FILE, help="把汇总结果写成 JSON")
def consolidate(paths: tuple[Path, ...], output: Path, units_file: Path | None,
                json_file: Path | None) -> int:
    """汇总各单位的自评表：合计、按合计重算的比率、得分与排名。PATH 是工作簿或文件夹，可以写几个。

    退出状态：0 都已汇总、没有要改的，1 有单位须修改、没有报送或没有计入，2 命令写得不对或文件读不出来。
    """
    if output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"-o 要写 .xlsx 文件，例如 汇总.xlsx；现为 {output}")
    expected = _expected(units_file) if units_file else None
    try:
        for target in filter(None, (output, json_file)):
            refuse_existing(target)
        collected = collect(paths)
        say([*collected.skipped, *collected.problems])
        if not collected.files:
            return EXIT_CALL
        filed, reports = without_reports(process_all(collected.files), collected)
        say(reports)
        result = add_up(filed, expected)
        click.echo(consolidation_text(result))
        if json_file:
            write_new(json_file, dump(consolidation(result)))
            say([f"已写出：{json_file}"])
        if result.filed:
            write_new(output, summary_workbook(result, output.parent, date.today()))
            say([f"已写出：{output}"])
        else:
            say([f"没有可以汇总的单位，没有写 {output}"])
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    if collected.problems or unread(filed, collected):
        return EXIT_CALL
    return EXIT_PASS if result.complete and result.filed else EXIT_FAIL


def _expected(units_file: Path) -> list[str]:
    """Names of the list of units. Raises WrongCall when it is no such list."""
    try:
        with click.open_file(units_file, "rb") as file:
            return parse_units(file.read())
    except OSError as error:
        raise WrongCall(f"单位名单 {units_file} 读不出来：{error.strerror}") from None
    except UnitsListError as error:
        raise WrongCall(f"{units_file}：{error}") from None
