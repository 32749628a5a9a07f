"""The log of the cell functions: one file in the user's own folder, whichever program serves them."""
from __future__ import annotations

import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

OVERRIDE = "JIXIAO_LOG"                               # an environment variable with another path
MOST_BYTES = 1024 * 1024

_logger = logging.getLogger("jixiao")


class _SharedFile(RotatingFileHandler):
    """Two spreadsheet programs write one file: while another has it open, Windows refuses to rename it. It then
    grows, and no line is lost."""

    def rotate(self, source: str, dest: str) -> None:
        try:
            super().rotate(source, dest)
        except OSError:
            pass


def path() -> Path:
    """Where the log is written."""
    if told := os.environ.get(OVERRIDE):
        return Path(told)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local", "jixiao", "jixiao.log")
    return Path.home() / ".local" / "state" / "jixiao" / "jixiao.log"


def start() -> Path | None:
    """Write what the functions report into the file from now on; None where it can't be written.

    A function answers without a log too. Called again it changes nothing.
    """
    for handler in _logger.handlers:
        if isinstance(handler, _SharedFile):
            return Path(handler.baseFilename)
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _SharedFile(file, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        _logger.addHandler(logging.NullHandler())     # else Python would print into a stream that may be none
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(name)s %(message)s"))
    _logger.addHandler(handler)
    _logger.setLevel(logging.INFO)
    return file
