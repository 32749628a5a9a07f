"""`jixiao unmark`: a marked copy without its marks."""

from __future__ import annotations

from pathlib import Path

import click

from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_CALL, EXIT_PASS, say, write_reason
from pyfuncs.report.naming import one_line
from pyfuncs.report.output import refuse_existing
from pyfuncs.workbook.safe_zip import Unreadable
from pyfuncs.workbook.unmark import unmark as take_off

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("unmark", short_help="去掉审核意见副本上的标注")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", metavar="FILE", required=True, type=FILE, help="写到这个文件；已经有的不覆盖")
def unmark(source: Path, output: Path) -> int:
    """去掉审核意见副本上的标注：颜色、批注和“审核意见”表都去掉，改过的数留着。FILE 本身不动。

    退出状态：0 已写出，2 命令写得不对、文件读不出来或写不了。
    """
    try:
        refuse_existing(output)
        take_off(source, output)
    except Unreadable as error:
        raise WrongCall(f"{one_line(str(source))}：{error.trouble.message}{error.trouble.advice}") from None
    except OSError as error:
        say([write_reason(error)])
        return EXIT_CALL
    click.echo(f"已写出：{one_line(str(output))}")
    return EXIT_PASS
