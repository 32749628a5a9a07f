"""A workbook opened by a double-click: in LibreOffice's window, on a screen, as a user has it."""

from __future__ import annotations

import time
from pathlib import Path

from libreoffice_office import office, virtual_screen
from stored_books import linked_book


def test_a_workbook_computes_in_the_window(tmp_path: Path):
    formulas = {"B1": "JX_WAN(A1)", "B2": "[1]!JX_WAN(A1)", "B3": "B1+B2"}
    book = linked_book(tmp_path / "单位 甲.xlsx", {"A1": 20000}, formulas, r"file:///D:\office\jixiao.xlam")
    with virtual_screen() as display, office(recalculate=False, files=[book], display=display) as calc:
        state = opened(calc)
        assert state["url"] == book.as_uri() and state["visible"]
        assert {name[-2:]: value for name, value in state["values"].items()} == {
            "A1": 20000.0, "B1": 2.0, "B2": 2.0, "B3": 4.0}
        assert {name[-2:]: text for name, text in state["formulas"].items()} == {
            "B1": "=JX_WAN(A1)", "B2": "=JX_WAN(A1)", "B3": "=B1+B2"}
        assert (state["modified"], state["undo"]) == (False, [])
        assert [(call.name, call.result) for call in calc.calls] == [("JX_WAN", 2.0)] * 2


def opened(calc, patience: float = 60) -> dict:
    until = time.monotonic() + patience
    while not (books := calc.opened()) and time.monotonic() < until:
        time.sleep(0.1)
    [book] = books
    return book
