"""Files at an address (s3://桶/文件夹, memory://…): listed, fetched and written through fsspec, loaded only then.

Only an address that the user names is ever opened.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from pyfuncs.workbook.collect import WORKBOOKS
from pyfuncs.workbook.limits import limits

_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE)
_EXTRA = "请先安装 jixiao[cluster] 和这种地址的驱动（例如 s3:// 要 s3fs）"
_CHUNK = 1 << 20


class RemoteError(Exception):
    """An address can't be read or written; the message says why and what to do."""


def is_address(path: str | os.PathLike[str]) -> bool:
    """Whether it is an address and no path of this machine (C:\\… is none)."""
    return bool(_ADDRESS.match(os.fspath(path)))


def workbooks_at(address: str) -> list[str]:
    """Addresses of the workbooks in a folder and below, in order; of one file, itself. Raises RemoteError."""
    with _told(address):
        system, path = _system(address)
        found = [path] if system.isfile(path) else system.find(path)
        names = sorted(found if isinstance(found, list) else list(found))
        return [system.unstrip_protocol(name) for name in names if _is_workbook(name)]


@contextmanager
def fetched(address: str) -> Iterator[Path]:
    """The file for a while on this machine, under its own name. Raises RemoteError, also for what is beyond the limits."""
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        local = Path(folder) / _own_name(address)
        with _told(address):
            system, path = _system(address)
            with system.open(path, "rb") as source, open(local, "wb") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
                    if target.tell() > limits().file:
                        raise RemoteError(f"{address}：文件超过 {limits().file // 2**20} MB，没有读；请检查是不是自评表")
        yield local


def saved_at(address: str) -> str:
    """When the file was last written, as its store says: 2023-03-20T09:15:00; "" when it doesn't say."""
    with _told(address):
        system, path = _system(address)
        try:
            return f"{system.modified(path):%Y-%m-%dT%H:%M:%S}"
        except NotImplementedError:
            return ""


def put_new(local: Path, address: str) -> None:
    """Write a file to an address where there is none. Raises RemoteError."""
    refuse_existing_at(address)
    with _told(address):
        system, path = _system(address)
        system.put_file(os.fspath(local), path)


def refuse_existing_at(address: str) -> None:
    """Raises RemoteError when something stands there already."""
    with _told(address):
        system, path = _system(address)
        if system.exists(path):
            raise RemoteError(f"{address} 已经存在，没有覆盖；请换一个名称，或先把它移走")


def _system(address: str) -> tuple[Any, str]:
    """The file system, and the path as it names it. Raises RemoteError where no driver is installed."""
    try:
        import fsspec
    except ImportError:
        raise RemoteError(f"{address} 是网络地址，读写它要多装一个组件；{_EXTRA}") from None
    try:
        return fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:        # no driver, or no such protocol
        raise RemoteError(f"{address} 打不开：{error}；{_EXTRA}") from None


@contextmanager
def _told(address: str) -> Iterator[None]:
    """The store's errors in a clerk's words."""
    try:
        yield
    except RemoteError:
        raise
    except FileNotFoundError:
        raise RemoteError(f"没有这个文件或文件夹：{address}；请检查地址") from None
    except PermissionError:
        raise RemoteError(f"没有读写 {address} 的权限；请检查账号和密钥") from None
    except Exception as error:                        # every store has errors of its own
        raise RemoteError(f"读写不了 {address}：{error}；请检查网络、地址和账号") from None


def _is_workbook(path: str) -> bool:
    """As in a folder of this machine: hidden files and those of an open office program are not meant."""
    name = PurePosixPath(path)
    hidden = any(part.startswith((".", "~$")) for part in name.parts)
    return not hidden and name.suffix.lower() in WORKBOOKS


def _own_name(address: str) -> str:
    """The last part of the address as a name that stays in its folder; the ending tells the kind of file."""
    name = address.rpartition("/")[2]
    safe = re.sub(r'[\x00-\x1f<>:"\\|?*]', "_", name)[-100:].lstrip(".")
    return safe or "workbook.xlsx"
