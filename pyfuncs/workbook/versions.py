"""Under which version a file is read: all that decides the result besides its content and its name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pyfuncs.catalog.compiled import FOLDERS, OWN
from pyfuncs.workbook.originals import seals

_ENDINGS = (".yaml", ".json")


class Versions:
    """`settings`: the program's version and the choices that change what is read, as a text.

    Rule sets are told by the content of their files: when any that could be used changes, so does the version.
    """

    def __init__(self, settings: str) -> None:
        common = f"{settings}\n{[_content(folder) for folder in FOLDERS]}"
        self._of_folder = cache(lambda folder: _digest(common + _content(Path(folder, OWN))))

    def of(self, file: str) -> str:
        """The version under which this file is read now; rule sets in a folder beside it count."""
        return self._of_folder(os.path.dirname(file))


def _content(folder: Path) -> str:
    """The rule-set files below, with their names."""
    if not folder.is_dir():
        return ""
    sealed = seals(sorted(_files(folder)))
    return "\n".join(f"{os.path.relpath(path, folder)} {seal}" for path, seal in sealed.items())


def _files(folder: Path) -> Iterator[Path]:
    for here, _, names in os.walk(folder):
        yield from (Path(here, name) for name in names if name.endswith(_ENDINGS))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
