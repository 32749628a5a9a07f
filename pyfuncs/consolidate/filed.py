"""One unit's workbook with everything worked out about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath
from typing import Protocol

from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission

UNNAMED = "（未填单位名称）"                            # stands before the file's name where a unit did not say its own
SAVED_INSIDE = "文件里记的保存时间"                    # what dates a workbook; every other date changes when it is copied
WRITTEN_REPORT = "绩效自评工具箱写的自评报告"          # the category among the properties of a report that we wrote
DEPARTMENT_FORMS = "部门汇总自评表"                    # ends the names of the forms we fill with a department's sums


class Judgement(Protocol):
    """What consolidation needs to know of a finding."""

    @property
    def must_fix(self) -> bool: ...


@dataclass(frozen=True)
class Filed:
    """`ruleset` is None when the workbook could not be read or its rule set is not known.

    `dated`: when it was last saved, 2023-03-20T09:15:00, "" when that is not known; `dated_by` says who says so.
    """

    submission: Submission
    ruleset: RuleSet | None = None
    figures: Mapping[tuple[str, int], Figure] = field(default_factory=dict)
    findings: tuple[Judgement, ...] = ()
    dated: str = ""
    dated_by: str = ""

    @property
    def unit(self) -> str:
        """The unit's name; the file's name stands in where the cover was left blank."""
        return self.submission.entity.strip() or f"{UNNAMED}{PurePath(self.submission.path).stem}"

    @property
    def year(self) -> str:
        return self.submission.year or (self.ruleset.year if self.ruleset else "")

    @property
    def assumed(self) -> tuple[str, ...]:
        """Its scores that rest on rules no document was seen of."""
        return tuple(dict.fromkeys(
            figure.key for figure in self.figures.values()
            if figure.kind in ("score", "total") and figure.status == "assumed"
            and (isinstance(figure.value, Decimal) or (figure.printed and figure.printed.value is not None))))

    @property
    def must_fix(self) -> bool:
        return any(finding.must_fix for finding in self.findings)


def same_name(name: str) -> str:
    """What two spellings of one unit's name have in common: full and half width, blanks don't count."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
