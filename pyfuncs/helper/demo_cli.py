"""`jixiao demo`: the main job on the bundled real cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pyfuncs.helper.demo import demo_text, run_demo
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_PASS, say, write_reason


@click.command("demo", short_help="用自带的两个单位演示全过程")
@click.option("-o", "--output", metavar="DIR", default="绩效自评演示", show_default=True,
              type=click.Path(file_okay=False, path_type=Path), help="结果写到这个文件夹下按日期新建的文件夹里")
def demo(output: Path) -> int:
    """用自带的两个单位演示全过程：填表、审核、重新计算、标出错误、汇总。

    退出状态：0 演示完成（单位的表有错误也是 0），2 文件夹写不了。
    """
    try:
        done = run_demo(output, date.today())
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    for text in demo_text(done):
        click.echo(text)
    return EXIT_PASS
