"""Defined names: how an item of a form is found again in a workbook, wherever rows were inserted.

Names are scoped to their sheet. The writer and the reader both build them here, and never take one apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

FORM = "_form"                                        # constant: id of the form on this sheet
UNIT = "_unit"                                        # constant: 元 or 万元
ENTITY = "单位名称"                                    # on the cover
YEAR = "年度"                                          # on the cover
COVER_SHEET = "封面"
CALCULATION_SHEET = "计算过程"
IDENTITY_SHEET = "_jixiao"                            # very hidden: key and value per row
CONSOLIDATED = "consolidated"                         # key there: how many units a department's workbook sums
CONSOLIDATED_SHEET = "汇总说明"

# What Excel takes for a cell in A1 or R1C1 notation, or for a logical value, can't be a name.
_LOOKS_LIKE_A_CELL = re.compile(r"[a-z]{1,3}\d+|r\d*(c\d*)?|c\d*|true|false", re.IGNORECASE)


@lru_cache(4096)                                      # a rule set has a few hundred
def defined_name(*path: str) -> str:
    """The name of an item: its id path joined with "."; columns such as H:I become H_I.

    An id that Excel would take for something else gets a leading underscore: AB12 -> _AB12.
    """
    name = ".".join(re.sub(r"[^\w.]", "_", step) for step in path)
    return f"_{name}" if _LOOKS_LIKE_A_CELL.fullmatch(name) or not re.match(r"[^\W\d]", name) else name


def item_name(name: str) -> str:
    """The defined name of an item given as in a rule set: 公用经费.本年决算, 编制数, 财政拨款.H:I."""
    return defined_name(*name.split("."))
