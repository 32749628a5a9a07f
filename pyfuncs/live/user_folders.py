"""Where the user keeps documents."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SHELL_FOLDERS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


def documents() -> Path:
    """The folder 文档: on Windows where the user has moved it to, else 文档 or Documents in the home folder."""
    if sys.platform == "win32" and (moved := _moved()):
        return moved
    named = [Path.home() / name for name in ("文档", "Documents")]
    return next((path for path in named if path.is_dir()), named[-1])


def _moved() -> Path | None:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SHELL_FOLDERS) as key:
            value, _ = winreg.QueryValueEx(key, "Personal")
    except OSError:
        return None
    return Path(os.path.expandvars(value))
