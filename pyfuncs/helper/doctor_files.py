"""The files that an examination looks at: our own against their list, marks of downloaded ones, the log."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from pyfuncs.report.output import write_reason

LIST = "files.json"                                   # {"version": …, "files": {path in the folder: sha256}}
FILLED_IN = "表样/"
_MARK = ":Zone.Identifier"                            # a stream beside the content, on Windows' own file systems
_ZONE = re.compile(r"^\s*ZoneId\s*=\s*(\d+)\s*$", re.MULTILINE)


def against_list(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What is missing in a program folder, and what differs; None without a list that can be read. What users may
    have filled in is theirs to change."""
    listed = _list(folder)
    if listed is None:
        return None
    missing = tuple(name for name in listed if not (folder / name).is_file())
    compared = [name for name in listed if name not in missing and not name.startswith(FILLED_IN)]
    return missing, tuple(name for name in compared if _digest(folder / name) != listed[name])


def version_in(folder: Path) -> str:
    """The version of the copy of ours in a folder: "" when there is none, 版本不明 when it does not say."""
    if not any((folder / name).is_file() for name in ("jixiao.exe", "jixiao", "addin/jixiao.xlam")):
        return ""
    try:
        return str(json.loads((folder / LIST).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return "版本不明"


def _list(folder: Path) -> dict[str, str] | None:
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return listed if isinstance(listed, dict) else None


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def zone(path: Path) -> int | None:
    """Where Windows says a file came from: 3 is the internet; None for this computer."""
    if sys.platform != "win32":
        return None
    try:
        found = _ZONE.search(Path(f"{path}{_MARK}").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return int(found[1]) if found else None


def unblock(path: str) -> None:
    """Take the mark off. Raises OSError."""
    os.remove(f"{path}{_MARK}")


def log_trouble(file: Path) -> str:
    """Why nothing can be written beside the log, "" when it can."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=file.parent):
            pass
        if file.exists():
            file.open("a", encoding="utf-8").close()
    except OSError as error:
        return write_reason(error)
    return ""
