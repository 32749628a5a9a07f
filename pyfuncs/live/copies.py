"""Marked copies of many workbooks in one folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.naming import LONGEST_STEM, free_path
from pyfuncs.workbook.collect import MARKED
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.safe_zip import Unreadable

_PATCHED = (".xlsx", ".xlsm")                         # of other files the copy is a new workbook


def marked_copies(filed: Sequence[Filed], folder: Path) -> tuple[list[Path], list[str]]:
    """A marked copy of every workbook that could be read; and what is to be said of those that can't be marked."""
    folder.mkdir(parents=True, exist_ok=True)
    written, problems = [], []
    for one in filed:
        if one.ruleset is None:
            continue
        source = Path(one.submission.path)
        suffix = source.suffix if source.suffix.lower() in _PATCHED else ".xlsx"
        target = free_path(folder, f"{source.stem[:LONGEST_STEM - len(MARKED)]}{MARKED}", suffix)
        try:
            mark_copy(source, target, one.findings)
            written.append(target)
        except Unreadable as error:
            problems.append(f"{source}：{error.trouble.message}{error.trouble.advice}")
    return written, problems
