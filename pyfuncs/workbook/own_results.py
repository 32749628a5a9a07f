"""Results of ours among the files of units, known by the title that we gave them."""

from __future__ import annotations

import html
import lzma
import re
import zipfile
import zlib
from pathlib import Path

from pyfuncs.consolidate.filed import WRITTEN_REPORT

_PART, _LARGEST = "docProps/core.xml", 64 * 2**10     # bytes; programs write less than 2 KB
_TITLE = re.compile(r"<dc:title>([^<]*)</dc:title>")
_CATEGORY = re.compile(r"<cp:category>([^<]*)</cp:category>")


def title_of(path: Path) -> str:
    """The title among the properties of a workbook, "" without one; whatever the file is, nothing is raised."""
    return _property(path, _TITLE)


def is_own_report(path: Path) -> bool:
    """Whether it is a Word report that we wrote from a workbook, edited since or not: its forms are the workbook's."""
    return path.suffix.lower() == ".docx" and _property(path, _CATEGORY) == WRITTEN_REPORT


def _property(path: Path, pattern: re.Pattern[str]) -> str:
    try:
        with zipfile.ZipFile(path) as package, package.open(_PART) as part:
            found = pattern.search(part.read(_LARGEST).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, OSError, ValueError, EOFError, NotImplementedError,
            RuntimeError, lzma.LZMAError, zlib.error):
        return ""
    return html.unescape(found[1]) if found else ""
