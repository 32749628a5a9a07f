"""Writing result files: beside the target under a temporary name, then renamed; nothing is overwritten."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pyfuncs.report.naming import free_path, one_line

_REASONS = {
    errno.ENOSPC: "磁盘满了；没有留下写了一半的文件，请腾出空间再试",
    errno.EDQUOT: "超过了允许使用的磁盘空间；没有留下写了一半的文件，请清理后再试",
    errno.EFBIG: "文件太大，系统不让写；没有留下写了一半的文件",
    errno.EACCES: "没有写的权限；请换一个文件夹，或关闭正在打开它的程序",
    errno.EPERM: "没有写的权限；请换一个文件夹",
    errno.EROFS: "所在的磁盘是只读的；请换一个文件夹",
    errno.ENOENT: "没有这个文件夹；请检查路径",
    errno.EEXIST: "路径里有一段已经是文件；请检查路径",
    errno.ENOTDIR: "路径里有一段是文件，不是文件夹；请检查路径",
    errno.EISDIR: "这是一个文件夹；请写文件名",
    errno.ENAMETOOLONG: "文件名太长；请换一个短的",
}
_UNKNOWN = "{}；请检查文件夹是否存在、有没有写的权限"


class TargetExists(FileExistsError):
    """The file to be written is there already; the message says what to do."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} 已经存在，没有覆盖；请换一个文件名，或先把它移走")

    def __str__(self) -> str:
        return str(self.args[0])


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet. Raises TargetExists, or OSError (of this path) when it can't be written."""
    with new_file(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to write to; it takes the name `path` when the block ends well, else it is gone.

    Raises as write_new does, whatever of the block's own failed to write.
    """
    refuse_existing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".jixiao-", suffix=".tmp")
        os.close(handle)
        try:
            yield Path(name)
            os.chmod(name, 0o666 & ~_umask())          # mkstemp makes files for the owner alone
            refuse_existing(path)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except TargetExists:
        raise
    except OSError as error:                          # a full disk names no file, the temporary one says nothing
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None


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
    reason = _REASONS.get(error.errno, _UNKNOWN.format(error.strerror))
    return f"写不了 {one_line(str(error.filename or '结果文件'))}：{reason}"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
