"""`jixiao consolidate`: add up what the units filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from pyfuncs.consolidate.admission import Choice, ChoiceError
from pyfuncs.consolidate.units_list import UnitsList, UnitsListError, iso_date
from pyfuncs.helper.addresses import PathOrAddress
from pyfuncs.helper.archive import Archive, ArchiveError
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.cluster import ClusterError, cluster_executor
from pyfuncs.helper.consolidate_run import Done, Settings, archives, collected_for, run, writings
from pyfuncs.helper.examine import AHEAD, Options
from pyfuncs.helper.examine_files import processes
from pyfuncs.helper.limit_option import limit_option
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, say, unread, write_reason
from pyfuncs.helper.pool import cores
from pyfuncs.helper.validate_cli import FILE, FOLDER
from pyfuncs.report.naming import one_line
from pyfuncs.report.output import refuse_existing
from pyfuncs.report.summary_text import consolidation_text
from pyfuncs.workbook.collect import Collected
from pyfuncs.workbook.limits import Limits
from pyfuncs.workbook.remote import RemoteError, refuse_existing_at
from pyfuncs.workbook.units_file import read_units

CLUSTER_AHEAD = 64                                    # chunks given out at a time: more than a cluster has workers


@click.command("consolidate", short_help="汇总各单位的自评表")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=PathOrAddress(click.Path(path_type=Path)))
@click.option("-o", "--output", metavar="汇总.xlsx", required=True, type=PathOrAddress(FILE), help="汇总表写到这个文件")
@click.option("--units", "units_file", metavar="FILE", type=FILE,
              help="单位名单（.csv 或 .xlsx）：要有“单位名称”一列，可以有单位代码、上级、应报、报送期限、类型；"
                   "用来分级汇总，找出没有报送和逾期报送的单位。没有名单的按文件夹分级")
@click.option("--project", "project_folder", metavar="DIR", type=FOLDER,
              help="结果存在这个项目文件夹里：再次汇总时没有改过的文件不用重读，中断以后接着做，历年的数可以比较和查询")
@click.option("--json", "json_file", metavar="FILE", type=PathOrAddress(FILE), help="把汇总结果写成 JSON")
@click.option("--csv", "csv_folder", metavar="DIR", type=FOLDER, help="在这个文件夹里把全部明细写成 CSV")
@click.option("--parquet", "parquet_folder", metavar="DIR", type=FOLDER, help="同上，写成 Parquet（要先安装 jixiao[cluster]）")
@click.option("--forms", "forms_folder", metavar="DIR", type=FOLDER, help="在这个文件夹里给每一级部门写一份填好汇总数的自评表")
@click.option("--only", metavar="单位", multiple=True, help="选择汇总：只汇总这个单位（名称或代码），或这个部门下面的单位；可以写几个")
@click.option("--include-rejected", is_flag=True, help="有必须修改的错误的单位也计入，并且标出来；不写就不计入")
@click.option("--deadline", metavar="日期", callback=lambda context, option, given: _day(given),
              help="报送期限，例如 2023-03-31：在这以后保存的表列为逾期；名单里写了期限的单位按名单")
@click.option("--prior", "prior_folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="上年各单位的表，或上年的项目文件夹，用来与上年比较；不写就用项目文件夹里存的上年数")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 64), default=cores, help="同时用几个处理器（默认全部）")
@click.option("--cluster", metavar="ADDRESS", help="在 Dask 集群上审核，例如 tcp://主机:8786；local 是本机。要先安装 jixiao[cluster]，"
              "各台机器要读得到同样的路径或地址")
@limit_option
def consolidate(paths: tuple[Path | str, ...], output: Path | str, units_file: Path | None, project_folder: Path | None,
                prior_folder: Path | None, only: tuple[str, ...], include_rejected: bool, deadline: str, jobs: int,
                cluster: str | None, limits: Limits, **others: Path | str | None) -> int:
    """汇总各单位的自评表：合计、按合计重算的比率、得分与排名，逐级汇总。PATH 是工作簿或文件夹，可以写几个；
    也可以是 s3:// 这样的地址（要先安装 jixiao[cluster]），结果文件同样可以写到地址上。

    按 Ctrl-C 中途停止时，已经审核的单位照样汇总，文件名加“（未完成）”。

    退出状态：0 都已汇总、没有要改的，1 有单位须修改、没有报送、没有计入或没有做完，2 命令写得不对、文件读不出来，或结果写不了。
    """
    if not str(output).lower().endswith(".xlsx"):
        raise click.UsageError(f"-o 要写 .xlsx 文件，例如 汇总.xlsx；现为 {output}")
    executors, ahead = (lambda files: cluster_executor(cluster, jobs), CLUSTER_AHEAD) if cluster else (processes(jobs), AHEAD)
    settings = Settings(executors, _listed(units_file) if units_file else None,
                        Choice(include_rejected, only, deadline), Options(None, limits), ahead)
    targets = {"output": output, **others}
    try:
        _refuse_existing(targets)
        collected, last = collected_for(paths, units_file, prior_folder)
        say([*collected.skipped, *collected.problems, *last.problems])
        if not (collected.files or collected.addresses) or last.problems:
            return EXIT_CALL
        with archives(project_folder, prior_folder, last) as (archive, before):
            done = run(archive, collected, settings, before)
            return _told(archive, done, collected, targets)
    except (ArchiveError, ChoiceError, ClusterError, RemoteError) as error:
        say([str(error)])
    except OSError as error:
        say([write_reason(error)])
    return EXIT_CALL


def _listed(units_file: Path) -> UnitsList:
    """Raises WrongCall when it is no list of units."""
    try:
        units = read_units(units_file)
    except UnitsListError as error:
        raise WrongCall(f"{units_file}：{error}") from None
    say(f"提示：{note}" for note in units.notes)
    return units


def _day(given: str | None) -> str:
    """2023-03-31, "" without one. Raises WrongCall for what is no date."""
    found = iso_date(given) if given is not None else ""
    if found is None:
        raise WrongCall(f"--deadline 要写日期，例如 2023-03-31；现为“{given}”")
    return found


def _refuse_existing(targets: Mapping[str, Path | str | None]) -> None:
    """Before the work begins. Raises TargetExists and RemoteError; folders may be there when nothing is in them."""
    for target in filter(None, targets.values()):
        if isinstance(target, str):
            refuse_existing_at(target)
        elif not (target.is_dir() and not any(target.iterdir())):
            refuse_existing(target)


def _told(archive: Archive, done: Done, collected: Collected, targets: Mapping[str, Path | str | None]) -> int:
    """Write and say what came of it. Raises ArchiveError and OSError."""
    say(done.said)
    click.echo(consolidation_text(done.result))
    say(f"已写出：{one_line(str(path))}" for path in writings(done, archive, targets, date.today()))
    if not done.result.units:
        say([f"没有可以汇总的单位，没有写 {targets['output']}"])
    doubtful = [head.file for head in done.source.heads() if head.reason and Path(head.file) in collected.named]
    if collected.problems or unread(done.source.filed(doubtful), collected):
        return EXIT_CALL
    return EXIT_PASS if done.result.complete and done.result.units else EXIT_FAIL
