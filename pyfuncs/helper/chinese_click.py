"""click in Chinese: help headings, usage, and what it says when a call is wrong."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from typing import Any

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("[OPTIONS]", "[选项]"), "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")


class _Context(click.Context):
    formatter_class = _Formatter

    def __init__(self, command: click.Command, *args: Any, **settings: Any) -> None:
        super().__init__(command, *args, **settings)
        option = command.get_help_option(self)
        if option is not None:
            option.help = "显示这段说明"


class Group(click.Group):
    """A group of commands, Chinese with all below it. `lazy` maps a command's name to its module.

    A module is imported when its command is called (or listed), so that no command waits for another's
    libraries. It holds the command under its name, with _ for -.
    """

    context_class = _Context

    def __init__(self, *args: Any, lazy: Mapping[str, str] | None = None, **settings: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": "命令 [参数]…", **settings})
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.lazy:
            command = getattr(importlib.import_module(self.lazy[cmd_name]), cmd_name.replace("-", "_"))
        else:
            command = super().get_command(ctx, cmd_name)
        if command is not None:
            command.context_class = _Context
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple:
        name = str(args[0])
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            close = difflib.get_close_matches(name, self.list_commands(ctx), n=2, cutoff=0.5)
            hint = f"是不是 {'、'.join(close)}？" if close else f"可以用：{'、'.join(self.list_commands(ctx))}"
            raise click.UsageError(f"没有“{name}”这个命令；{hint}", ctx)
        return super().resolve_command(ctx, args)


class WrongCall(click.ClickException):
    """The call itself is wrong: exit status 2 and one message saying what to write instead."""

    exit_code = 2


def message(error: click.ClickException) -> str:
    """What is wrong with a call, and where to read how to write it."""
    if not isinstance(error, click.UsageError):
        return _what(error)
    command = error.ctx.command_path if error.ctx else "jixiao"
    return f"{_what(error)}\n运行 {command} --help 查看写法。"


def _what(error: click.ClickException) -> str:
    match error:
        case click.MissingParameter():
            return f"缺少{_name(error.param)}。"
        case click.NoSuchOption():
            close = "、".join(error.possibilities or ())
            return f"没有 {error.option_name} 这个选项" + (f"；是不是 {close}？" if close else "。")
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 后面要写它的值。"
        case click.BadParameter():
            return f"{_name(error.param)}写得不对：{_wanted(error.param)}。"
    text = error.format_message()
    return "参数写得不对，可能多写了一个。" if text.isascii() else text


def _name(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return f"选项 {parameter.opts[-1]} "
    return f"参数“{parameter.human_readable_name}”" if parameter else "参数"


def _wanted(parameter: click.Parameter | None) -> str:
    match parameter.type if parameter else None:
        case click.Choice(choices=choices):
            return f"只能写 {'、'.join(map(str, choices))}"
        case click.Path():
            return "没有这个文件或文件夹，或者不能读写"
        case click.IntRange(min=least, max=most) if least is not None or most is not None:
            return f"应是整数{'' if least is None else f'，不小于 {least}'}{'' if most is None else f'，不大于 {most}'}"
        case click.types.IntParamType():
            return "应是整数"
    return "请核对写法"
