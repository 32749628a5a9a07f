"""Marked copies of many workbooks and written reports in one folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pyfuncs.checks.finding import Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.naming import LONGEST_STEM, free_path
from pyfuncs.workbook.collect import MARKED
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.mark_docx import mark_report
from pyfuncs.workbook.safe_zip import Unreadable

Marking = Callable[[Path, Path, Sequence[Finding]], None]
_PATCHED = (".xlsx", ".xlsm")                         # of other files the copy is a new workbook


def marked_copies(filed: Sequence[Filed], folder: Path) -> tuple[list[Path], list[str]]:
    """A marked copy of every workbook and Word report that could be read; and what is to be said of those that can't
    be marked. A document with forms gives two: its text with comments, and a workbook of the values in its tables."""
    folder.mkdir(parents=True, exist_ok=True)
    written, problems = [], []
    for one in filed:
        source = Path(one.submission.path)
        for suffix, mark, findings in _copies(one, source.suffix):
            target = free_path(folder, f"{source.stem[:LONGEST_STEM - len(MARKED)]}{MARKED}", suffix)
            try:
                mark(source, target, findings)
                written.append(target)
            except Unreadable as error:
                problems.append(f"{source}：{error.trouble.message}{error.trouble.advice}")
    return written, problems


def _copies(one: Filed, suffix: str) -> Iterator[tuple[str, Marking, Sequence[Finding]]]:
    """Ending of each copy, what writes it, and the findings that it shows."""
    told = [finding for finding in one.findings if finding.places]
    if told and suffix.lower() == ".docx":
        yield ".docx", mark_report, told if one.ruleset else one.findings
    if one.ruleset is not None:
        yield suffix if suffix.lower() in _PATCHED else ".xlsx", mark_copy, one.findings
