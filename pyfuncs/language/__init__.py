"""Formulas over item names: parse, check, evaluate with Decimals, emit for Excel, say in Chinese."""
from __future__ import annotations

from .chinese import to_chinese
from .errors import FormulaError
from .evaluate import evaluate, prepared
from .excel import Address, to_excel
from .functions import FUNCTIONS
from .kinds import RefInfo, check, kind_of
from .nodes import Binary, Call, Expr, Number, Percent, Ref, Text, Unary, operands, straight, walk
from .parser import parse, references
from .values import NOT_APPLICABLE, CellError, Kind, Value, from_cell, plain, round_decimal

__all__ = [
    "Address", "Binary", "Call", "CellError", "Expr", "FUNCTIONS", "FormulaError", "Kind", "NOT_APPLICABLE",
    "Number", "Percent", "Ref", "RefInfo", "Text", "Unary", "Value", "check", "evaluate", "from_cell",
    "kind_of", "operands", "parse", "plain", "prepared", "references", "round_decimal", "straight", "to_chinese",
    "to_excel", "walk",
]
