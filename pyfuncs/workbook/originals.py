"""Proof that the files that were read are still what they were: a seal on each before and after."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from pyfuncs.workbook.limits import limits


def seals(paths: Iterable[Path]) -> dict[str, str]:
    """path -> SHA-256; of what is too large to be read, or no plain file, size and time of the last change."""
    return {os.fspath(path): _seal(path) for path in paths}


def _seal(path: Path) -> str:
    try:
        known = os.stat(path)
        if stat.S_ISREG(known.st_mode) and known.st_size <= limits().file:
            with open(path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:                          # gone, or locked: the reader tells why
        return f"errno {error.errno}"
    return f"{known.st_size} {known.st_mtime_ns}"
