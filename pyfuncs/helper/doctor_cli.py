"""`jixiao doctor`: what is wrong with this computer for our purposes, and what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from pyfuncs import __version__
from pyfuncs.helper.doctor import examine, repair
from pyfuncs.helper.doctor_facts import TODO, Advice
from pyfuncs.helper.doctor_judge import told, verdict
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, now, say, write_reason
from pyfuncs.report.naming import one_line
from pyfuncs.report.output import refuse_existing, write_new


@click.command("doctor", short_help="检查加载项和本机环境，告诉怎么处理")
@click.argument("files", metavar="[FILE]…", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--repair", "wanted", is_flag=True, help="能自动处理的先处理（不需要管理员权限），再检查一遍")
@click.option("--todo", "short", is_flag=True, help="只列出请处理的")
@click.option("--json", "json_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="结果另写成 JSON；已经有的文件不覆盖")
def doctor(files: tuple[Path, ...], wanted: bool, short: bool, json_file: Path | None) -> int:
    """检查本机：Office 和 WPS 的版本、加载项是否登记和勾选、禁用项目、受信任位置和策略、下载标记、函数服务、
    LibreOffice 加载项、字体、程序文件是否完整。写上 FILE 的，另外看这些表为什么在受保护的视图里打开。

    退出状态：0 没有要处理的，1 有要处理的，2 命令写得不对或结果写不了。
    """
    try:
        if json_file is not None:
            refuse_existing(json_file)
        advices = examine(files)
        if wanted:
            say(repair(advices) or ["没有可以自动处理的。"])
            advices = examine(files)
        click.echo(one_line(f"绩效自评工具箱 {__version__} 诊断，{now()}"))
        click.echo("\n".join([*(told(advice) for advice in advices if advice.state == TODO or not short),
                              verdict(advices)]))
        if json_file is not None:
            write_new(json_file, as_json(advices).encode())
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    return EXIT_FAIL if any(advice.state == TODO for advice in advices) else EXIT_PASS


def as_json(advices: Sequence[Advice]) -> str:
    """{"version", "time", "advices": [{"name", "state", "found", "todo", "repairable"}]}."""
    listed = [{"name": advice.name, "state": advice.state, "found": advice.found, "todo": advice.todo,
               "repairable": advice.repairable} for advice in advices]
    return json.dumps({"version": __version__, "time": now(), "advices": listed}, ensure_ascii=False, indent=1) + "\n"
