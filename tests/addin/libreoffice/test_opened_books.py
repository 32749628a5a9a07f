"""Workbooks with our functions, opened in LibreOffice: whoever stored them, they compute, and stay as they were."""

from __future__ import annotations

import os
import re
import sys
import zipfile
from pathlib import Path

import pytest
from libreoffice_office import office, unpacked
from stored_books import STALE, linked_book, stale_book

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.language import CellError
from pyfuncs.workbook.template import write_workbook

# How the call of a function may stand in a file.
FORMS = {"B1": "JX_WAN(A1)",                                    # our templates
         "B2": "jx_wan(A1)",                                    # LibreOffice without the add-in
         "B3": "[1]!JX_WAN(A1)",                                # Excel: the add-in as an external link
         "B4": r"'C:\表 格\jixiao.xlam'!JX_WAN(A1)",             # the path in the formula
         "B5": "jixiao.xlam!JX_WAN(A1)",
         "B6": "_xll.JX_WAN(A1)",
         "B7": "JIXIAO.FUNCTIONS.JX_WAN(A1)",                   # LibreOffice 7.4 with the add-in
         "B8": 'IF(A1="","JX_WAN(",ROUND(jx_wan(A1)+[1]!JX_WAN(A1*2),1))',
         "B9": "SUM(B1:B2)"}                                    # only uses them


@pytest.fixture(scope="module")
def calc():
    """As a user has it: figures that a file holds are believed."""
    with office(recalculate=False) as running:
        yield running


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    return linked_book(tmp_path / "他处存的.xlsx", {"A1": 20000}, FORMS, r"file:///C:\表 格\jixiao.xlam")


def cells(values: dict[str, object]) -> dict[str, object]:
    return {name.partition("!")[2]: value for name, value in values.items()}


def test_every_way_a_call_is_stored_computes_and_reads_as_before(calc, linked: Path):
    before = len(calc.calls)
    state = calc.state(linked)
    shown = cells(state["values"])
    assert {name: shown[name] for name in FORMS} == {**dict.fromkeys(FORMS, 2.0), "B8": 6.0, "B9": 4.0}
    assert len(calc.calls[before:]) == 9
    formulas = cells(state["formulas"])
    assert {name: formulas[name] for name in FORMS} == {
        **dict.fromkeys(FORMS, "=JX_WAN(A1)"),
        "B8": '=IF(A1="","JX_WAN(",ROUND(JX_WAN(A1)+JX_WAN(A1*2),1))', "B9": "=SUM(B1:B2)"}
    assert (state["modified"], state["undo"]) == (False, [])


def test_what_is_not_ours_is_left_alone(calc, tmp_path: Path):
    """Other functions, and texts and sheets with such names, keep what they show."""
    others = {"B1": "JX_OTHER(A1)", "B2": "MY_JX_WAN(A1)", "B3": '"JX_WAN(1)"', "B4": "'JX_WAN(表)'!A1", "B5": "A1*2"}
    book = stale_book(tmp_path / "别的.xlsx", {"A1": 1}, others, sheet="JX_WAN(表)")
    before, told = len(calc.calls), calc.log
    state = calc.state(book)
    assert {name: cells(state["values"])[name] for name in others} == dict.fromkeys(others, float(STALE))
    assert {name: text.lower() for name, text in cells(state["formulas"]).items()} == {
        "B1": "=jx_other(a1)", "B2": "=my_jx_wan(a1)", "B3": '="jx_wan(1)"', "B4": "=$'jx_wan(表)'.a1", "B5": "=a1*2"}
    assert (state["modified"], state["undo"], calc.calls[before:], calc.log) == (False, [], [], told)


def test_a_template_computes_in_locked_sheets_and_keeps_their_protection(calc, tmp_path: Path):
    ruleset = load_ruleset("430400/2022")
    write_workbook(tmp_path / "空表.xlsx", ruleset, entity="甲中心")
    book = stale_formulas(tmp_path / "空表.xlsx", tmp_path / "旧数.xlsx")
    state = calc.state(book)
    assert all(state["protected"][:-1]) and not state["modified"] and not state["undo"]
    ours = {name for name, formula in state["formulas"].items() if "JX_" in formula}
    assert ours and not {name for name in ours if state["values"].get(name) == STALE}
    saved, plain = calc.save_as(book, tmp_path / "另存.xlsx"), tmp_path / "不装.xlsx"
    with office(recalculate=False, addin=no_addin(tmp_path)) as without:
        without.save_as(book, plain)
        assert {without.values(book)[name] for name in ours} == {float(STALE)}
    assert protections(saved) == protections(plain) and len(protections(saved)) > 3


def stale_formulas(source: Path, target: Path) -> Path:
    """The workbook with STALE stored for every formula."""
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in book.namelist():
            text = book.read(name).decode()
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(r'(<c [^>]*?)(?: t="str")?>(<f>.*?</f>)<v(?:>.*?</v|/)>', rf"\1>\2<v>{STALE}</v>", text)
            copy.writestr(name, text)
    return target


def protections(path: Path) -> list[bytes]:
    """The protection of each sheet, as the file has it."""
    with zipfile.ZipFile(path) as book:
        return [found for name in sorted(book.namelist()) if name.startswith("xl/worksheets/sheet")
                for found in re.findall(rb"<sheetProtection[^>]*>", book.read(name))]


def no_addin(tmp_path: Path) -> Path:
    (tmp_path / "none" / "addin").mkdir(parents=True)
    return tmp_path / "none" / "addin"


def test_a_matrix_in_a_locked_sheet_computes_or_the_log_says_so(calc, tmp_path: Path):
    call = '{=JX_SCORE("433100/2021",A1:A2,C1:C2)}'
    inputs = {"A1": "预算完成率得分", "A2": "三公经费变动率得分", "C1": 1, "C2": -0.6667}
    free = stale_book(tmp_path / "数组.xlsx", inputs, {"D1:D2": call})
    assert [cells(calc.values(free))[name] for name in ("D1", "D2")] == [5.0, 4.0]
    told = calc.log
    locked = stale_book(tmp_path / "锁住的数组.xlsx", inputs, {"D1:D2": call}, protected=True)
    shown = [cells(calc.values(locked))[name] for name in ("D1", "D2")]
    assert shown == [5.0, 4.0] or (shown == [CellError("#NAME?")] * 2 and "受保护" in calc.log[len(told):])


def test_what_libreoffice_stores_computes_again(calc, tmp_path: Path):
    """Up to LibreOffice 24 the name in an .xlsx gets a prefix, which the Excel add-in takes off again."""
    book = stale_book(tmp_path / "原.xlsx", {"A1": 20000}, {"B1": "JX_WAN(A1)"})
    for kind in ("xlsx", "ods"):
        saved = calc.save_as(book, tmp_path / f"另存.{kind}")
        before = len(calc.calls)
        assert cells(calc.values(saved))["B1"] == 2.0 and (kind == "ods" or calc.calls[before:])
    with zipfile.ZipFile(tmp_path / "另存.xlsx") as stored:
        [formula] = re.findall(r"<f[^>]*>(.*?)</f>", stored.read("xl/worksheets/sheet1.xml").decode())
    assert formula in ("JX_WAN(A1)", "JIXIAO.FUNCTIONS.JX_WAN(A1)")


def test_a_read_only_file_computes(calc, tmp_path: Path):
    book = stale_book(tmp_path / "只读.xlsx", {"A1": 20000}, {"B1": "JX_WAN(A1)"})
    book.chmod(0o444)
    state = calc.state(book)
    assert (cells(state["values"])["B1"], state["modified"]) == (2.0, False)


@pytest.mark.parametrize(("broken", "line"), [
    ("raise RuntimeError('坏了')", "RuntimeError: 坏了"),
    ("match = case: pass", "SyntaxError"),
])
def test_functions_that_can_not_be_loaded_show_an_error_and_no_stored_figure(tmp_path: Path, broken: str, line: str):
    """Which is what happens under a Python that is too old, too."""
    addin = unpacked(tmp_path / "extensions" / "jixiao")
    (addin / "pyfuncs" / "udfs.py").write_text(broken, encoding="utf-8")
    book = stale_book(tmp_path / "表.xlsx", {"A1": 20000},
                      {"B1": "JX_WAN(A1)", "B2": "B1+1", "B3": 'IFERROR(JX_WAN(A1),"替代")'})
    with office(recalculate=False, addin=addin) as calc:
        shown = cells(calc.values(book))
        assert [shown[name] for name in ("B1", "B2", "B3")] == [CellError("#NAME?"), CellError("#NAME?"), "替代"]
        assert line in calc.log and calc.log.count("函数没有装入") == 1 and calc.calls == []


def test_another_python_on_path_does_not_keep_ours_from_loading(monkeypatch):
    """With a virtual environment's Python first on PATH LibreOffice takes that one's library for its own."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("PYTHONHOME", sys.prefix)
    with office() as calc:
        assert calc.enter({"A1": "=JX_WAN(20000)"}) == {"A1": 2.0} and len(calc.calls) == 1
