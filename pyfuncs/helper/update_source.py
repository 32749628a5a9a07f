"""The folder that new versions are put into, as files: read within limits of size and time, copied and hashed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pyfuncs.report.output import write_reason

# One folder may serve both systems: what is meant for one of them comes first there.
NOTICES = ("latest-linux.json", "latest.json") if sys.platform == "linux" else ("latest.json",)
MOST_NOTICE = 64 * 1024                               # bytes
MOST_FILE = 500 * 1024 * 1024
_CHUNK = 1024 * 1024


class Refused(Exception):
    """Nothing was offered or fetched; the text says why."""


def place(folder: str) -> Path:
    """A folder given as a path, a share or a file:// address. Raises Refused for any other address."""
    given = folder.strip().strip('"')
    if re.match(r"file:", given, re.IGNORECASE):
        address = urlsplit(given)
        host = f"//{address.netloc}" if address.netloc not in ("", "localhost") else ""
        return Path(url2pathname(host + address.path))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", given):
        raise Refused(f"只从文件夹或共享文件夹里找新版本，不访问网址：{given}")
    return Path(given)


def notice(folder: Path, patience: float) -> tuple[Path, bytes]:
    """The notice in a folder and what it holds. Raises Refused when it is not there, too large, or not read within
    `patience` seconds: a share that is away can hold a program up for minutes."""
    answers: list[tuple[Path, bytes] | Refused] = []
    thread = threading.Thread(target=lambda: answers.append(_tried(lambda: _found(folder))), daemon=True)
    thread.start()
    thread.join(patience)
    answer = answers[0] if answers else Refused(f"{folder} 在 {patience:g} 秒内没有打开，这次没有检查新版本。")
    if isinstance(answer, Refused):
        raise answer
    return answer


def _tried(read: Callable[[], tuple[Path, bytes]]) -> tuple[Path, bytes] | Refused:
    try:
        return read()
    except FileNotFoundError as error:
        return Refused(f"没有找到 {error.filename}，这次没有检查新版本。")
    except OSError as error:
        return Refused(f"读不出 {error.filename}，这次没有检查新版本；请检查文件夹和权限。")
    except Refused as refusal:
        return refusal


def _found(folder: Path) -> tuple[Path, bytes]:
    path = next((folder / name for name in NOTICES if (folder / name).exists()), folder / NOTICES[-1])
    return path, _read(path)


def _read(path: Path) -> bytes:
    _regular(path)
    with path.open("rb") as file:
        data = file.read(MOST_NOTICE + 1)
    if len(data) > MOST_NOTICE:
        raise Refused(f"{path} 太大，不像新版本的说明，没有理会。")
    return data


def _regular(path: Path) -> None:
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise Refused(f"{path} 不是文件，没有理会。")


def copied(source: Path, sha256: str) -> Path:
    """A copy in a new folder that only this user can write to, read again and found to hash to `sha256`. Raises
    Refused; then no copy is left."""
    target = Path(tempfile.mkdtemp(prefix="jixiao-update-"), source.name)
    try:
        _regular(source)
        _copy(source, target)
        with target.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            raise Refused(f"{source} 和它的说明对不上（sha256 不符），可能没有复制完整或被换过，没有使用。请告诉放新版本的人。")
    except OSError as error:
        discard(target)
        raise Refused(write_reason(error) if error.filename == os.fspath(target) else
                      f"读不出 {source}，没有使用；请检查文件夹和权限。") from None
    except Refused:
        discard(target)
        raise
    return target


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        copied = 0
        while chunk := reading.read(_CHUNK):
            copied += len(chunk)
            if copied > MOST_FILE:
                raise Refused(f"{source} 太大，不像安装程序，没有使用。")
            writing.write(chunk)


def discard(copy: Path) -> None:
    """Remove a copy with the folder that was made for it."""
    shutil.rmtree(copy.parent, ignore_errors=True)
