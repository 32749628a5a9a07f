"""Units held in memory: a source for few of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyfuncs.catalog.fields import ItemType
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import MISSING, Head, Part
from pyfuncs.consolidate.share import Share
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import summed


class Held:
    """A Source of workbooks that were read already."""

    def __init__(self, filed: Sequence[Filed]) -> None:
        self._filed = {one.submission.path: one for one in filed}

    def heads(self) -> Sequence[Head]:
        return [head_of(one) for one in self._filed.values()]

    def filed(self, files: Sequence[str]) -> Iterator[Filed]:
        return (self._filed[file] for file in files)

    def shares(self, files: Sequence[str]) -> Iterator[Share]:
        return map(share_of, self.filed(files))

    def parts(self, files: Sequence[str], form: str, name: str, kind: ItemType) -> Iterator[Part]:
        for one in self.filed(files):
            if (form, name, kind) in summed(one.ruleset):
                yield from parts_of(one, form, name)


def head_of(one: Filed) -> Head:
    """What admission needs to know of it."""
    submission = one.submission
    return Head(submission.path, submission.sha256, one.unit, one.year, submission.ruleset, one.must_fix, one.dated,
                one.dated_by, unreadable(one))


def unreadable(one: Filed) -> str:
    """Why a workbook can't be counted; "" when it can."""
    if one.ruleset is not None and one.submission.items:
        return ""
    troubles = [trouble.message + trouble.advice for trouble in one.submission.troubles if trouble.severity == "error"]
    return "".join(troubles) or "没有读出任何数据"


def parts_of(one: Filed, form: str, name: str) -> list[Part]:
    """The unit's cells of an item: one per sheet of a repeated form and row of a table."""
    items = one.submission.items_of(form, name)
    if not items:
        return [Part(one.unit, one.submission.path, "", None, MISSING)]
    return [Part(one.unit, one.submission.path, item.cell, item.value, item.state, item.text, item.instance)
            for item in items]
