"""File names and texts from workbooks are data: made safe before they name a file or fill a cell."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

LONGEST_STEM = 60                                     # 180 bytes of Chinese: room for " (2).xlsx" within 255
LONGEST_CELL = 32_767                                 # what one cell can hold
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)", re.IGNORECASE)
# What XML or a screen can't take, and marks that turn the direction of writing: "\u202egpj.xlsx" reads as slx.jpg.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069"
                      "\ud800-\udfff\ufffe\uffff]")


def safe_stem(name: str, default: str = "未命名") -> str:
    """A file name without extension that every system takes and that can't leave its folder."""
    visible = "".join(char for char in unicodedata.normalize("NFC", name)
                      if unicodedata.category(char)[0] != "C")
    stem = _FORBIDDEN.sub("_", visible)[:LONGEST_STEM].strip(" .\u3000") or default
    return f"_{stem}" if _RESERVED.match(stem) else stem


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in a folder of ours that does not exist yet: 名称.xlsx, 名称 (2).xlsx, …"""
    name, number = safe_stem(stem), 1
    while (path := folder / f"{name}{f' ({number})' if number > 1 else ''}{suffix}").exists():
        number += 1
    return path


def shown_path(path: str, folder: Path) -> str:
    """A file as a report in `folder` names it: without what both have in common, else as it was given."""
    try:
        return Path(path).relative_to(folder).as_posix()
    except ValueError:
        return path


def clean_text(text: str) -> str:
    """Text without control characters and writing directions, short enough for a cell."""
    return _UNSHOWN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_CELL]


def one_line(text: str) -> str:
    """Text for one line of a console: no escape sequence, line end or writing direction of its own."""
    return _UNSHOWN.sub("", " ".join(text.splitlines()).replace("\t", " "))
