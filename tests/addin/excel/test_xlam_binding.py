"""Opening a workbook: its calls of our functions are tied to this add-in, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from excel_bench import Bench, plain_texts
from pyopenvba.apps.excel import Range
from pyopenvba.interpreter import MISSING, VBAArray

from pyfuncs.udfs import FUNCTIONS

TEMPLATES = Path(__file__).resolve().parents[3] / "workbook_templates"
ALLOWED = ("AllowFormattingColumns", "AllowInsertingRows", "AllowDeletingRows", "AllowSorting")


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(("formula", "wanted"), [
    ("=JX_WAN(A1)", "=JX_WAN(A1)"),
    ("='C:\\老地方\\jixiao.xlam'!JX_WAN(A1)", "=JX_WAN(A1)"),
    ("='https://a.b/c/JIXIAO.XLAM'!JX_WAN(A1)", "=JX_WAN(A1)"),
    ("='D:\\张三''s\\jixiao (1).xlam'!JX_WAN(A1)", "=JX_WAN(A1)"),
    ("=jixiao.xlam!JX_WAN(A1)", "=JX_WAN(A1)"),
    ("=[12]!JX_WAN(A1)", "=JX_WAN(A1)"),
    ("=_xll.JX_WAN(A1)", "=JX_WAN(A1)"),
    ("=jx_wan(A1)", "=JX_WAN(A1)"),
    ("=ORG.JIXIAO.FUNCTIONS.JX_WAN(A1)", "=JX_WAN(A1)"),
    ("=@jx_wan(A1)+1", "=@JX_WAN(A1)+1"),
    ("=IF('基础 ''表'!$D$8=\"\",0,'C:\\x\\jixiao.xlam'!JX_RATE(\"a\"\"JX_WAN(\",'基础 ''表'!D8,[1]!jx_wan(C1)))",
     "=IF('基础 ''表'!$D$8=\"\",0,JX_RATE(\"a\"\"JX_WAN(\",'基础 ''表'!D8,JX_WAN(C1)))"),
    ("='C:\\x\\other.xlam'!JX_WAN(A1)", "='C:\\x\\other.xlam'!JX_WAN(A1)"),
    ("=[报表.xlsx]表1!A1+other!JX_WAN(A1)", "=[报表.xlsx]表1!A1+other!JX_WAN(A1)"),
    ("=MY_JX_WAN(A1)+JX_WAN1(A1)+JX_OTHER(1)", "=MY_JX_WAN(A1)+JX_WAN1(A1)+JX_OTHER(1)"),
    ("=SUM('[jixiao.xlam]x'!A1)&\"jx_wan(\"", "=SUM('[jixiao.xlam]x'!A1)&\"jx_wan(\""),
    ("=JX_WAN", "=JX_WAN"),
    ("=\"unfinished", "=\"unfinished"),
])
def test_how_a_call_is_spelled(bench: Bench, formula: str, wanted: str):
    assert bench.method("Spelling", "Canonical", formula) == wanted


def test_every_declared_function_is_recognised(bench: Bench):
    spelled = {name: bench.method("Spelling", "Canonical", f"='C:\\x\\jixiao.xlam'!{name.lower()}()")
               for name in FUNCTIONS}
    assert spelled == {name: f"={name}()" for name in FUNCTIONS}


def opened(bench: Bench, formulas: dict[str, str], *, marker: str = "_jixiao"):
    """A new workbook with these formulas in its first sheet, saved, and a second sheet of the given name."""
    book = bench.excel.add_workbook()
    sheet = bench.excel.sheet(1, workbook=book)
    book.add_sheet(marker)
    for address, formula in formulas.items():
        sheet.set_value(address, formula)
    book.saved = True
    return book, sheet


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Address and text of everything that is entered into cells, however it is entered."""
    found: list[tuple[str, str]] = []

    def noting(put):
        def entered(cells, value):
            found.append((str(cells.vba_get("Address", [False, False])), str(value)))
            put(cells, value)
        return entered

    for name in ("value", "value2", "formula", "formula2", "formulaarray"):
        spec = Range._vba_members[name]
        monkeypatch.setattr(spec, "setter", noting(spec.setter))
    return found


def test_calls_are_entered_under_their_bare_names_and_the_rest_is_left(bench: Bench, written):
    book, _ = opened(bench, {"A1": 5, "A2": "=SUM(A1,1)", "A3": "JX_WAN(1)", "A4": "文字", "B1": "=jx_wan(A1)",
                             "C2": "=IF(A1=1,_xll.JX_WAN(A1),'_jixiao'!A1)"})
    written.clear()
    bench.method("Events", "host_WorkbookOpen", book)
    assert written == [("B1", "=@JX_WAN(A1)"), ("C2", "=@IF(A1=1,JX_WAN(A1),_jixiao!A1)")]
    assert (book.saved, bench.native.log, bench.native.shown) == (True, [], [])


def test_an_excel_without_spilling_formulas_is_served_as_well(bench: Bench, written):
    bench.native.knows_arrays = False
    book, _ = opened(bench, {"B1": "=jx_wan(A1)"})
    written.clear()
    bench.method("Binding", "Bind", book)
    assert written == [("B1", "=JX_WAN(A1)")]


def test_also_a_call_that_looks_well_is_entered_anew(bench: Bench, written):
    """A blank template that was opened before the add-in: #NAME? shows only once figures are filled in."""
    book, sheet = opened(bench, {"B1": '=IF(A1="","",JX_WAN(A1))', "B2": "=1+1"})
    assert sheet.value("B1") == ""
    written.clear()
    bench.excel.run("ThisWorkbook.Workbook_Open")
    assert written == [("B1", '=@IF(A1="","",JX_WAN(A1))')]
    assert (book.saved, bench.native.later) == (True, ["JxAddin.JxDescribe"])


def test_an_array_formula_stays_one(bench: Bench, written):
    book, sheet = opened(bench, {"A1": 1, "A2": 2})
    cells = sheet.sheet.vba_get("Range", ["B1:B2"])
    cells.vba_set("FormulaArray", "=_xll.JX_SCORE(A1:A2,A1:A2)")
    written.clear()
    bench.method("Binding", "Bind", book)
    assert written == [("B1:B2", "=JX_SCORE(A1:A2,A1:A2)")]
    assert cells.vba_get("HasArray") is True


def test_in_a_cell_of_text_format_a_formula_would_turn_into_text(bench: Bench, written):
    book, sheet = opened(bench, {"B1": "=jx_wan(A1)"})
    sheet.sheet.vba_get("Range", ["B1"]).vba_set("NumberFormat", "@")
    written.clear()
    bench.method("Binding", "Bind", book)
    assert written == []


def test_a_workbook_that_was_changed_stays_changed(bench: Bench):
    book, _ = opened(bench, {"B1": "=jx_wan(A1)"})
    book.saved = False
    bench.method("Binding", "Bind", book)
    assert book.saved is False


def test_a_workbook_without_our_marker_is_not_touched(bench: Bench, written):
    book, _ = opened(bench, {"B1": "=jx_wan(A1)"}, marker="别的")
    written.clear()
    bench.method("Binding", "Bind", book)
    assert written == []


def protected(sheet, password: object = MISSING) -> None:
    arguments = {"DrawingObjects": True, "Contents": True, "Scenarios": False} | dict.fromkeys(ALLOWED, True)
    sheet.sheet.vba_get("Protect", [password], arguments)
    sheet.sheet.enable_selection = 1


def test_a_sheet_without_password_is_protected_again_with_the_same_options(bench: Bench, written):
    book, sheet = opened(bench, {"B1": "=jx_wan(A1)"})
    protected(sheet)
    before, book.saved = sheet.sheet.protection, True
    written.clear()
    bench.method("Binding", "Bind", book)
    assert written == [("B1", "=@JX_WAN(A1)")]
    assert sheet.sheet.protection == replace(before, user_interface_only=True)
    assert sorted(sheet.sheet.protection_allows) == sorted(ALLOWED)
    assert (sheet.sheet.enable_selection, book.saved) == (1, True)


def test_a_sheet_behind_a_password_is_left_and_told(bench: Bench, written):
    book, sheet = opened(bench, {"B1": "=jx_wan(A1)"})
    protected(sheet, "secret")
    before = sheet.sheet.protection
    written.clear()
    bench.method("Binding", "Bind", book)
    assert (written, sheet.sheet.protection) == ([], before)
    assert bench.native.shown == [plain_texts()["locked_sheets"].replace("{0}", "\n" + sheet.name)]
    assert bench.excel.application.enable_events is True


def test_what_still_refers_to_the_add_in_elsewhere_is_pointed_here(bench: Bench):
    book, _ = opened(bench, {"B1": "=jx_wan(A1)"})
    files = ["C:\\数据\\上年.xlsx", "C:\\老地方\\jixiao.xlam", "https://a.b/jixiao.xlam"]
    bench.native.links = VBAArray([(1, 3)], items=files)
    bench.method("Binding", "Bind", book)
    assert bench.native.relinked == files[1:]


def test_a_filled_template_of_ours_is_tied_and_stays_protected(bench: Bench, written):
    path, = (TEMPLATES / "430400-2022").glob("*加载项版.xlsx")
    book = bench.excel.open_workbook(str(path))
    sheets = {sheet.name: sheet for sheet in book.sheets_}
    before = {name: (sheet.protection, sheet.enable_selection) for name, sheet in sheets.items()}
    calls = {f"{name}!{row},{column}" for name, sheet in sheets.items()
             for (row, column), cell in sheet.cells_.items() if "JX_" in (cell.formula or "")}
    bench.method("Binding", "Bind", book)
    assert len(written) == len(calls) > 5
    assert bench.native.log == []
    after = {name: (sheet.protection, sheet.enable_selection) for name, sheet in sheets.items()}
    assert after == {name: (replace(protection, user_interface_only=after[name][0].user_interface_only), selection)
                     for name, (protection, selection) in before.items()}
