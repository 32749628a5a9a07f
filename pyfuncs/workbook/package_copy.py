"""A copy of a workbook's package in which some parts differ; the others keep their bytes."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO

from pyfuncs.workbook.safe_zip import Package

_DATE = (1980, 1, 1, 0, 0, 0)                         # of parts we add: the same work gives the same bytes


def write_copy(package: Package, target: Path, parts: Mapping[str, bytes], dropped: Collection[str] = ()) -> None:
    """Write the package to `target` with these parts new or replaced, and without those that are `dropped`.

    Under another name first, so that a half-written copy is never taken for a whole one. Raises FileExistsError.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as stream:
            _write(stream, package, parts, dropped)
        if target.exists():
            raise FileExistsError(target)
        os.rename(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def copied(package: Package, parts: Mapping[str, bytes], dropped: Collection[str] = ()) -> bytes:
    """The same as bytes."""
    stream = io.BytesIO()
    _write(stream, package, parts, dropped)
    return stream.getvalue()


def _write(stream: IO[bytes], package: Package, parts: Mapping[str, bytes], dropped: Collection[str]) -> None:
    with zipfile.ZipFile(stream, "w") as archive:
        members = {member.filename: member.date_time for member in package.archive.infolist()
                   if member.filename not in dropped}
        for name in (*members, *(name for name in parts if name not in members)):
            data = parts[name] if name in parts else package.read(name)
            archive.writestr(_entry(name, members.get(name, _DATE)), data)


def _entry(name: str, date: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
