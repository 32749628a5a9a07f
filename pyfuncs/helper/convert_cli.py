"""`jixiao convert`: a filled workbook in another edition."""

from __future__ import annotations

from pathlib import Path

import click

from pyfuncs.catalog.load import beside
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_FAIL, EXIT_PASS, say, write_reason
from pyfuncs.report.output import refuse_existing
from pyfuncs.workbook.convert_file import convert_copy
from pyfuncs.workbook.safe_zip import Unreadable
from pyfuncs.workbook.standing import NotStanding
from pyfuncs.workbook.template import EDITION_NAMES


@click.command("convert", short_help="把填好的表转成加载项版、公式版或数值版")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-o", "--output", "target", metavar="FILE", required=True,
              type=click.Path(dir_okay=False, path_type=Path), help="写到这个文件；已经有的不覆盖")
@click.option("--to", "edition", type=click.Choice(list(EDITION_NAMES)), required=True,
              help="addin：加载项版；formula：公式版，不用装任何程序；values：数值版，只有算好的数")
def convert(source: Path, target: Path, edition: str) -> int:
    """把填好的自评表转成另一版：加载项版、公式版、数值版。原文件不动，填的数都保留。

    改过的公式不动，逐格列出。

    退出状态：0 已写出，1 已写出、但有的格没有转换，2 命令写得不对，文件读不出来或不能转换。
    """
    if target.suffix.lower() != source.suffix.lower():
        raise WrongCall(f"-o 的扩展名要与原文件的相同（{source.suffix or '没有扩展名'}）；现为 {target}")
    try:
        refuse_existing(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside(source):
            done = convert_copy(source, target, edition)
    except Unreadable as error:
        say([f"{error.trouble.message}{error.trouble.advice}"])
        return EXIT_CALL
    except NotStanding as error:
        say([f"{source}：{error}"])
        return EXIT_CALL
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    click.echo(f"已写出{EDITION_NAMES[edition]}：{target}（转换 {done.formulas} 格）")
    if done.stated == edition:
        say([f"原文件本来就是{EDITION_NAMES[edition]}。"])
    kept = done.conversion.kept
    if kept:
        say([f"有 {len(kept)} 格没有转换，请核对：", *(f"  {one.line()}" for one in kept)])
    return EXIT_FAIL if kept else EXIT_PASS
