"""Replacing the generated files of a rule set, each at once or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def replace_files(files: Mapping[Path, str]) -> list[Path]:
    """Write what is not there yet or differs, in order; the paths that were written. Raises OSError."""
    changed = [path for path, text in files.items()
               if not path.is_file() or path.read_bytes() != text.encode("utf-8")]
    for path in changed:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".jixiao-") as stage:
            made = Path(stage, path.name)
            made.write_text(files[path], encoding="utf-8", newline="\n")
            os.replace(made, path)
    return changed
