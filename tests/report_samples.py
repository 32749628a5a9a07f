"""Filled workbooks to write reports of, and what a Word document says, as a reader sees it."""

from __future__ import annotations

import io
import tempfile
from functools import lru_cache
from pathlib import Path

import docx
from docx.document import Document
from own_clean import corrected

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper import demo
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.process import process
from pyfuncs.workbook.template import write_workbook


def unit_book(unit: str, path: Path, as_filed: bool = False) -> Path:
    """The workbook of a unit of the demonstration (hengyang-2022) with its mistakes put right, or as it was filed."""
    filling = load_filling(demo.UNITS / f"{unit}.yaml")
    if not as_filed:
        filling = corrected(unit.partition("-")[0], filling)
    write_workbook(path, load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    return path


@lru_cache
def unit_filed(unit: str, as_filed: bool = False) -> Filed:
    """The same, read and checked."""
    with tempfile.TemporaryDirectory() as folder:
        return process(unit_book(unit, Path(folder, f"{unit}.xlsx"), as_filed))


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def said(data: bytes) -> list[str]:
    """Paragraphs of the text, without those in tables."""
    return [paragraph.text for paragraph in opened(data).paragraphs]


def tables(data: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in opened(data).tables]
