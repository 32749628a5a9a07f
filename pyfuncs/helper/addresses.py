"""Paths of a call that are addresses (s3://…): named as paths are, listed, and written through a local copy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pyfuncs.workbook.collect import Collected, collect
from pyfuncs.workbook.remote import is_address, put_new, workbooks_at


class PathOrAddress(click.ParamType):
    """A path of this machine as Path, as `own` takes it, or an address as text."""

    name = "path"

    def __init__(self, own: click.Path) -> None:
        self._own = own

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Path | str:
        return value if isinstance(value, str) and is_address(value) else self._own.convert(value, parameter, context)


def collect_all(paths: Sequence[Path | str]) -> Collected:
    """Workbooks among files, folders and addresses. Raises RemoteError."""
    addresses = [path for path in paths if isinstance(path, str)]
    own = [path for path in paths if not isinstance(path, str)]
    collected = collect(own) if own else Collected()
    found = {address: workbooks_at(address) for address in addresses}
    empty = [f"没有找到可以审核的文件：{address}" for address, files in found.items() if not files]
    files = tuple(dict.fromkeys(file for files in found.values() for file in files))
    return replace(collected, addresses=files, problems=(*collected.problems, *empty))


@contextmanager
def written_at(target: Path | str) -> Iterator[Path]:
    """Where to write a file that is meant for `target`; one meant for an address goes there when it is whole.

    Raises RemoteError.
    """
    if not isinstance(target, str):
        yield target
        return
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        local = Path(folder) / target.rpartition("/")[2]
        yield local
        if local.exists():
            put_new(local, target)
