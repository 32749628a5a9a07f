"""The three units' figures in the units' own layouts, as files, whole or disturbed; and where each item stands.

    own_book("liuyang", tmp_path).where[Slot("基础数据", 1, "控制率")]      # "Sheet1!D4"
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import own_hengyang
import own_liuyang
import own_xiangxi
from disturb import DISTURBANCES, disturbed
from own_clean import corrected
from own_files import Where, as_xls, write_docx, write_xlsx
from own_sheets import Book
from pyfuncs.helper.demo import UNITS as DEMO_UNITS
from pyfuncs.workbook.filling import Filling, load_filling

FileKind = Literal["xlsx", "xls", "docx"]
_LAYOUTS = {"hengyang": (own_hengyang.book, "hengyang-2022"), "liuyang": (own_liuyang.book, "liuyang-2021"),
            "xiangxi": (own_xiangxi.book, "xiangxi-2021")}
UNITS = tuple(_LAYOUTS)
# Kind of file and disturbance, "" for none.
VARIANTS: tuple[tuple[FileKind, str], ...] = (("xlsx", ""), *(("xlsx", name) for name in DISTURBANCES), ("xls", ""),
                                              ("docx", ""))


@dataclass(frozen=True)
class OwnBook:
    path: Path
    where: Where                                      # item -> "sheet!C9", in a Word document "表2!C9"


@cache
def own_filling(unit: str, clean: bool = False) -> Filling:
    """What the unit typed; `clean`: without its mistakes."""
    filling = load_filling(DEMO_UNITS / f"{_LAYOUTS[unit][1]}.yaml")
    return corrected(unit, filling) if clean else filling


def own_sheets(unit: str, disturbance: str = "", clean: bool = False, draw: int = 0) -> Book:
    """The forms before they are written. `draw`: another throw of the dice for what the disturbance hits."""
    book = _LAYOUTS[unit][0](own_filling(unit, clean))
    return disturbed(book, disturbance, f"{unit}{draw or ''}") if disturbance else book


def own_book(unit: str, folder: Path, kind: FileKind = "xlsx", disturbance: str = "", clean: bool = False) -> OwnBook:
    """One file in `folder`, which must not hold a file of the same unit, kind and disturbance."""
    return own_books([(unit, kind, disturbance)], folder, clean)[0]


def own_books(wanted: Sequence[tuple[str, FileKind, str]], folder: Path, clean: bool = False,
              draw: int = 0) -> list[OwnBook]:
    """One file for each unit, kind and disturbance; LibreOffice runs once, if at all."""
    found: list[OwnBook] = []
    for unit, kind, disturbance in wanted:
        book = own_sheets(unit, disturbance, clean, draw)
        path = folder / f"{unit}-{disturbance or 'own'}{draw or ''}{'-clean' if clean else ''}-{kind}"
        if kind == "docx":
            path = path.with_suffix(".docx")
            found.append(OwnBook(path, write_docx(book, path)))
        else:
            path = path.with_suffix(".xlsx")
            found.append(OwnBook(path, write_xlsx(book, path)))
    old = [index for index, (_, kind, _) in enumerate(wanted) if kind == "xls"]
    if old:
        for index, path in zip(old, as_xls([found[index].path for index in old], folder)):
            found[index].path.unlink()
            found[index] = replace(found[index], path=path)
    return found
