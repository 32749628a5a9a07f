"""Writing result files: beside the target under a temporary name, then renamed; nothing is overwritten."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

from pyfuncs.report.naming import free_path


class TargetExists(FileExistsError):
    """The file to be written is there already; the message says what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} 已经存在，没有覆盖；请换一个文件名，或先把它移走")

    def __str__(self) -> str:
        return str(self.args[0])


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet. Raises TargetExists, or OSError when it can't be written."""
    refuse_existing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".jixiao-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o666 & ~_umask())         # mkstemp makes files for the owner alone
        refuse_existing(path)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def refuse_existing(path: Path) -> None:
    """Raises TargetExists when something, even a broken link, stands at the path."""
    if os.path.lexists(path):
        raise TargetExists(path)


def dated_folder(base: Path, today: date) -> Path:
    """A new folder named by the day: 20230320, 20230320 (2), …"""
    folder = free_path(base, f"{today:%Y%m%d}", "")
    folder.mkdir(parents=True)
    return folder


def write_reason(error: OSError) -> str:
    """Why a result file could not be written, in a clerk's words."""
    if error.errno is None:
        return str(error)
    return f"写不了 {error.filename}：{error.strerror}；请检查文件夹是否存在、有没有写的权限"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
