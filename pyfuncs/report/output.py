"""Writing result files: beside the target under a temporary name, then renamed; nothing is overwritten."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
