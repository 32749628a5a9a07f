"""`--limit`: how much of one file is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

import click

from pyfuncs.helper.chinese_click import WrongCall
from pyfuncs.workbook.limits import Limits

# Every field of Limits: what it limits, and whether it is a number of bytes.
WORDS: dict[str, tuple[str, bool]] = {
    "file": ("文件大小", True),
    "content": ("解压以后的大小", True),
    "ratio": ("解压前后的倍数", False),
    "parts": ("压缩包里的部件数", False),
    "sheets": ("工作表数", False),
    "cells": ("有内容的单元格数", False),
    "merges": ("一张表上的合并单元格数", False),
    "text": ("一格里的字数", False),
    "seconds": ("读一个文件的秒数", False),
}
_SIZES = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,3})?)\s*([KMG]?)B?\Z", re.IGNORECASE | re.ASCII)


def limit_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the argument `limits`: Limits, the standard ones but for what the call says."""
    return click.option("--limit", "limits", metavar="NAME=VALUE", multiple=True, callback=_parsed,
                        help="一个文件最多读多少，超过的不读并说明原因，可以写几个，例如 --limit file=100M；"
                             f"可以写的名称和原来的值：{'，'.join(described(Limits()))}")(command)


def described(limits: Limits) -> list[str]:
    """file=50M（文件大小）, …"""
    return [f"{field.name}={_text(getattr(limits, field.name), WORDS[field.name][1])}（{WORDS[field.name][0]}）"
            for field in fields(limits)]


def _text(value: float, size: bool) -> str:
    return f"{value / 2**20:g}M" if size else f"{value:.10g}"


def _parsed(context: click.Context, parameter: click.Parameter, given: Iterable[str]) -> Limits:
    changes = dict(map(_one, given))
    return replace(Limits(), **changes)


def _one(given: str) -> tuple[str, float]:
    name, _, text = given.partition("=")
    if name not in WORDS:
        raise WrongCall(f"--limit 没有“{name}”这一项；可以写：{'，'.join(described(Limits()))}")
    match = _NUMBER.match(text.strip())
    if match is None or (match[2] and not WORDS[name][1]) or float(match[1]) <= 0:
        raise WrongCall(f"--limit {name}= 后面要写大于 0 的数{'，可以带 K、M、G' if WORDS[name][1] else ''}，"
                        f"例如 {described(Limits())[list(WORDS).index(name)].partition('（')[0]}；现为“{text}”")
    number = float(match[1]) * _SIZES[match[2].upper()]
    return name, number if name == "seconds" else max(1, int(number))
