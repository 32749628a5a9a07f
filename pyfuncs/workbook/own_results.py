"""Results of ours among the files of units, known by the title that we gave them."""

from __future__ import annotations

import html
import lzma
import re
import zipfile
import zlib
from pathlib import Path

_PART, _LARGEST = "docProps/core.xml", 64 * 2**10     # bytes; programs write less than 2 KB
_TITLE = re.compile(r"<dc:title>([^<]*)</dc:title>")


def title_of(path: Path) -> str:
    """The title among the properties of a workbook, "" without one; whatever the file is, nothing is raised."""
    try:
        with zipfile.ZipFile(path) as package, package.open(_PART) as part:
            found = _TITLE.search(part.read(_LARGEST).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, OSError, ValueError, EOFError, NotImplementedError,
            RuntimeError, lzma.LZMAError, zlib.error):
        return ""
    return html.unescape(found[1]) if found else ""
