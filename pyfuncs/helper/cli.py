"""The program `jixiao`. A command is one line in COMMANDS and one module."""

from __future__ import annotations

import os
import sys

import click

from pyfuncs import __version__
from pyfuncs.helper.chinese_click import Group, message

COMMANDS = {
    "demo": "pyfuncs.helper.demo_cli",
    "rulesets": "pyfuncs.helper.rulesets_cli",
    "template": "pyfuncs.helper.template_cli",
    "validate": "pyfuncs.helper.validate_cli",
    "explain-finding": "pyfuncs.helper.explain_cli",
    "unmark": "pyfuncs.helper.unmark_cli",
    "consolidate": "pyfuncs.helper.consolidate_cli",
    "query": "pyfuncs.helper.query_cli",
    "convert": "pyfuncs.helper.convert_cli",
    "report": "pyfuncs.helper.report_cli",
    "install": "pyfuncs.helper.install_cli",
    "uninstall": "pyfuncs.helper.install_cli",
    "doctor": "pyfuncs.helper.doctor_cli",
    "update": "pyfuncs.helper.update_cli",
}


@click.group("jixiao", cls=Group, lazy=COMMANDS, invoke_without_command=True)
@click.version_option(__version__, message="绩效自评工具箱 %(version)s", help="显示版本号")
@click.pass_context
def jixiao(ctx: click.Context) -> None:
    """绩效自评工具箱：生成自评表模板，审核填好的表，汇总各单位的数。不写命令的，打开窗口。"""
    if ctx.invoked_subcommand is not None:
        return
    if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY"):
        from pyfuncs.helper.window import main as window

        ctx.exit(window.main([]))
    click.echo(ctx.get_help())


def main(arguments: list[str] | None = None) -> int:
    """Run a command and give its exit status: 0 done, 1 problems found, 2 the call itself is wrong."""
    if getattr(sys, "frozen", False):                 # a bundled program starts itself as its own worker
        import multiprocessing

        multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):            # in a pipe Windows would choose its own code page
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        result = jixiao.main(arguments, prog_name="jixiao", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("已中断。", err=True)
        return 2
    except click.ClickException as error:
        click.echo(message(error), err=True)
        return error.exit_code
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(main())
