"""`jixiao update`: whether the office has put a newer version into its folder."""

from __future__ import annotations

from dataclasses import replace

import click

from pyfuncs import __version__
from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.helper.pipeline import EXIT_FAIL, EXIT_PASS, say
from pyfuncs.helper.project_settings import load_settings, save_settings, settings_path
from pyfuncs.helper.update import Offer, fetch, look, start
from pyfuncs.helper.update_source import Refused

LONG = 20.0                                           # seconds: who asks can wait
OFF = """没有设置放新版本的文件夹，没有检查。要检查的，写上单位放新版本的文件夹：
  jixiao update --from 文件夹
加上 --remember，以后打开窗口时也看一看。"""


@click.command("update", short_help="看单位的文件夹里有没有新版本")
@click.option("--from", "folder", metavar="FOLDER", help="放新版本（latest.json）的文件夹或共享文件夹；不写就用记住的")
@click.option("--remember", is_flag=True, help="记住 --from 的文件夹，以后打开窗口时看一看")
@click.option("--off", is_flag=True, help="不再看：忘掉记住的文件夹")
@click.option("--install", is_flag=True, help="核对无误后打开安装程序")
def update(folder: str | None, remember: bool, off: bool, install: bool) -> int:
    """看单位的文件夹里有没有新版本。只看写明的文件夹，不上网，不会自己下载或安装；新版本先复制到本机，
    核对 sha256（Windows 上还有数字签名）无误，才告诉怎么装。

    退出状态：0 看过了，1 文件夹或里面的新版本有问题，2 命令写得不对。
    """
    if off and (folder or remember or install):
        raise WrongCall("--off 要单独写。")
    if remember and not folder:
        raise WrongCall("--remember 要和 --from 一起写。")
    if off or remember:
        _keep("" if off else folder)
    if off:
        click.echo("以后不再检查新版本。")
        return EXIT_PASS
    place = folder or load_settings().update_folder
    if not place.strip():
        click.echo(OFF)
        return EXIT_PASS
    try:
        offer = look(place, LONG)
        click.echo(f"没有比 {__version__} 更新的版本。" if offer is None else _offered(offer, install))
    except Refused as refusal:
        say([str(refusal)])
        return EXIT_FAIL
    return EXIT_PASS


def _keep(folder: str) -> None:
    if not save_settings(replace(load_settings(), update_folder=folder)):
        raise WrongCall(f"设置没有存下来，请检查 {settings_path()} 能不能写。")


def _offered(offer: Offer, install: bool) -> str:
    copy = fetch(offer)
    lines = [f"有新版本 {offer.version}（本机是 {__version__}）。", *offer.notes.splitlines(), f"已复制到本机并核对无误：{copy}"]
    return "\n".join([*lines, start(copy) if install else "要安装的，关闭 Excel 和绩效自评的窗口，再打开这个文件。"])
