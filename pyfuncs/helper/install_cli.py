"""`jixiao install` and `jixiao uninstall`: the add-in in a spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable

import click

from pyfuncs.helper import libreoffice
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_FAIL, EXIT_PASS, say

WHICH = "请写明装到哪个程序：加 --libreoffice。Excel 的加载项由安装程序安装。"


@click.command("install", short_help="把加载项装进 LibreOffice")
@click.option("--libreoffice", "wanted", is_flag=True, help="装进 LibreOffice Calc")
def install(wanted: bool) -> int:
    """把加载项装进表格软件，单元格里就可以用 JX_ 函数；已经装了旧版的换成新版。

    退出状态：0 已装好，1 没有装成，2 命令写得不对。
    """
    return _done(wanted, libreoffice.install)


@click.command("uninstall", short_help="从 LibreOffice 卸载加载项")
@click.option("--libreoffice", "wanted", is_flag=True, help="从 LibreOffice Calc 卸载")
def uninstall(wanted: bool) -> int:
    """从表格软件卸载加载项。已有的表格不受影响。

    退出状态：0 已卸载，1 没有卸载成，2 命令写得不对。
    """
    return _done(wanted, libreoffice.uninstall)


def _done(wanted: bool, action: Callable[[], str]) -> int:
    if not wanted:
        raise WrongCall(WHICH)
    try:
        click.echo(action())
    except libreoffice.NotInstalled as failure:
        say([str(failure)])
        return EXIT_FAIL
    return EXIT_PASS
