"""A shared formula as each of its cells means it, held against openpyxl's own translation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from pyfuncs.workbook.shared_formulas import shifted

PIECES = ["A1", "$A1", "A$1", "$A$1", "AB12:AC$13", "SUM(B2:B9)", "LOG10(A1)", '"A1 ""B2"" C3"',
          "'表 A1'!B2", "Sheet1!C3", "'它的''A1'!$D4", "A:A", "$B:C", "3:3", "$4:5", "1.5", "率A1", "JX_WAN(E5)", "TRUE", "#REF!", "XFD1"]
SIGNS = ["+", "-", "*", "&", "<=", ","]


@pytest.mark.parametrize(("formula", "down", "right", "expected"), [
    ("A1+$B2*C$3", 2, 1, "B3+$B4*D$3"),
    ("SUM(A1:B2)", 1, 0, "SUM(A2:B3)"),
    ("A1", -1, 0, "#REF!"),
    ("A2&A1:A1", 0, -1, "#REF!&#REF!:#REF!"),
    ("$A$1", -5, -5, "$A$1"),
    ("XFD1", 0, 1, "#REF!"),
    ("A1048576", 1, 0, "#REF!"),
    ("A:A+3:3", 1, 1, "B:B+4:4"),
])
def test_references_move_along(formula: str, down: int, right: int, expected: str):
    assert shifted(formula, down, right) == expected


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.sampled_from(SIGNS),
       st.integers(0, 5), st.integers(0, 5))
def test_it_is_what_openpyxl_makes_of_it(pieces: list[str], sign: str, down: int, right: int):
    formula = sign.join(piece for piece in pieces if not (right and piece.startswith("XFD")))
    expected = Translator(f"={formula}", origin="A1").translate_formula(row_delta=down, col_delta=right)
    assert shifted(formula, down, right) == expected.removeprefix("=")
