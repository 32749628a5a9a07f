from __future__ import annotations

import datetime
import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from engines import libreoffice_recalc
from printing import printed_pages
from pyfuncs.catalog.compile import compile_ruleset
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Shape, Slot
from pyfuncs.workbook.shown import Typed, typed
from validator import xml_errors
from workbook_samples import RULESETS, filed, formulas_in, inputs_only, opened, written


@pytest.mark.parametrize(("text", "kind", "held"), [
    ("22.5", "amount", Typed(Decimal("22.5"), "0.0", 1)),
    ("337384.00", "amount", Typed(Decimal("337384.00"), "0.00", 2)),
    ("1,030,000.5", "amount", Typed(Decimal("1030000.5"), "#,##0.0", 1)),
    ("-3", "amount", Typed(Decimal(-3), "0", 0)),
    ("68.54%", "rate", Typed(Decimal("0.6854"), "0.00%", 2)),
    ("155%", "rate", Typed(Decimal("1.55"), "0%", 0)),
    ("15", "count", Typed(Decimal(15), "0", 0)),
    ("10", "", Typed(Decimal(10), "0", 0)),
    ("2.46 ✓", "amount", Typed("2.46 ✓")),
    ("\u3000155%", "rate", Typed("\u3000155%")),
    ("10,30", "amount", Typed("10,30")),
    ("——", "amount", Typed("——")),
    ("100%", "target", Typed("100%")),
    ("15", "text", Typed("15")),
])
def test_what_a_program_makes_of_a_typed_text(text: str, kind: str, held: Typed):
    assert typed(text, kind) == held


# ---- the values stored beside the formulas ---------------------------------------------------------------

def workbooks() -> dict[str, bytes]:
    made = {}
    for ruleset_id in RULESETS:
        name = ruleset_id.replace("/", "-")
        made[f"{name}-blank"] = written(ruleset_id, "formula", projects=2)
        made[f"{name}-inputs"] = written(ruleset_id, "formula", filling=inputs_only(ruleset_id))
        made[f"{name}-filed"] = written(ruleset_id, "formula", filling=filed(ruleset_id), as_filed=True)
    made["430400-2022-partly"] = written("430400/2022", "formula", entity="甲中心", filling=partly())
    return made


def partly() -> Filling:
    """Zero denominators, missing operands, 不适用 and a dash typed, an amount with many decimals."""
    texts = {("基础数据", "编制数"): "0", ("基础数据", "在职人数"): "0", ("基础数据", "办公经费.本年决算"): "1.123456",
             ("基础数据", "三公经费.上年决算"): "0", ("基础数据", "三公经费.本年决算"): "0",
             ("基础数据", "政府采购.本年预算"): "——", ("基础数据", "政府采购.本年决算"): "3",
             ("基础数据", "公用经费.本年预算"): "不适用",
             ("整体自评", "公共财政拨款"): "5", ("整体自评", "基本支出"): "4.99995", ("项目", "资金.全年预算"): "不适用",
             ("项目", "资金.全年执行"): "3"}
    return Filling("430400/2022", typed={Slot(form, 1, name): text for (form, name), text in texts.items()})


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory) -> dict[str, tuple[bytes, Path]]:
    folder = tmp_path_factory.mktemp("in")
    found = {}
    for name, data in workbooks().items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(data)
        found[name] = data, libreoffice_recalc(path, folder / "out")
    return found


def test_stored_values_are_what_the_formulas_give(recalculated):
    """Every formula of every workbook, computed anew by LibreOffice."""
    wrong, seen = {}, 0
    for name, (data, path) in recalculated.items():
        stored, fresh = opened(data, values=True), opened(path.read_bytes(), values=True)
        for (sheet, cell), formula in formulas_in(opened(data)).items():
            seen += 1
            kept, found = stored[sheet][cell].value or "", fresh[sheet][cell].value or ""
            alike = kept == found if isinstance(kept, str) or isinstance(found, str) else \
                abs(kept - found) <= 1e-9 * max(1, abs(kept))
            if not alike:
                wrong[name, sheet, cell] = formula, kept, found
    assert wrong == {}
    assert seen > 250


def test_an_empty_form_shows_nothing():
    for ruleset_id in RULESETS:
        data = written(ruleset_id, "formula")
        book = opened(data, values=True)
        shown = {(sheet, cell): book[sheet][cell].value for sheet, cell in formulas_in(opened(data))
                 if book[sheet][cell].value}
        assert set(shown) <= {("基础数据表", "A3"), ("整体自评表", "A2"), ("项目1", "A2")}


def test_figures_of_a_filled_template():
    """430400/2022 with a real unit's inputs: what it printed, except where it had miscalculated."""
    book = opened(written("430400/2022", "formula", filling=inputs_only("430400/2022")), values=True)
    cells = {"基础数据表": ("D5", "D8", "D23", "D24"), "整体自评表": ("D4", "F4", "G4", "I4", "G27", "H27"),
             "项目1": ("C7", "G7", "H7", "G27", "H27")}
    assert {sheet: [book[sheet][cell].value for cell in own] for sheet, own in cells.items()} == {
        "基础数据表": [0.8, 69.72, 22.5, 22.5],
        "整体自评表": [505.05, 346.17, pytest.approx(0.6854172854), 6.85, 90, 90],
        "项目1": [4.5, 1, 10, 90, 90]}
    figures = {row[0].value: row[1].value for row in book["计算过程"].iter_rows(min_row=4, max_col=2)}
    assert figures == {
        "控制率": 0.8, "公用经费控制率": pytest.approx(0.2300914161), "“三公经费”控制率": pytest.approx(0.5805714286),
        "“三公经费”变动率": pytest.approx(-0.3041095890), "政府采购执行率": "不适用", "执行率（项目1）": 1, "执行率（项目2）": 1,
        "资金执行率": pytest.approx(0.6854172854), "项目资金得分（项目1）": 10, "项目资金得分（项目2）": 10,
        "总分（项目1）": 100, "总分（项目2）": 100, "资金得分": 6.85, "自评总分": 96.85, "等级": "优"}


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_both_editions_and_the_values_store_the_same(ruleset_id: str):
    def values(edition) -> dict:
        book = opened(written(ruleset_id, edition, filling=inputs_only(ruleset_id)), values=True)
        return {(sheet.title, cell.coordinate): cell.value for sheet in book if sheet.title not in ("_jixiao", "封面")
                for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")}

    assert values("addin") == values("formula") == values("values")
    assert formulas_in(opened(written(ruleset_id, "values", filling=inputs_only(ruleset_id)))) == {}


# ---- as a unit filed it --------------------------------------------------------------------------------

@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_what_was_filed_stands_as_typed(ruleset_id: str):
    """Typed over formulas and fixed texts; what was left blank is blank."""
    filling = filed(ruleset_id)
    data = written(ruleset_id, "formula", filling=filling, as_filed=True)
    book, plan = opened(data), layout(load_ruleset(ruleset_id), filling.shape)
    wrong = {}
    for sheet in plan.sheets[1:-1]:
        for place in sheet.places:
            if place.slot is None:
                continue
            text = filling.typed.get(place.slot, place.text if place.role == "fixed" or not place.rule else "")
            cell = book[sheet.name][place.box.cell]
            held = typed(text, place.type)
            value = Decimal(repr(cell.value)) if isinstance(cell.value, (int, float)) else cell.value or ""
            shown = re.sub('".*"', "", cell.number_format)
            if value != held.value or (place.slot in filling.typed and shown != (held.number_format or shown)):
                wrong[place.slot] = text, value, shown
    assert wrong == {}
    assert {sheet for sheet, _ in formulas_in(book)} <= {"基础数据表", "整体自评表", "项目1", "项目2", "计算过程"}
    assert all(formula.startswith(('="填报单位', "=IF('封面'")) for (sheet, _), formula in formulas_in(book).items()
               if sheet != "计算过程")


@pytest.mark.parametrize("text", ["=100%", "https://www.example.gov.cn/", "+86", "-1+2", "@x", "{=1}", "1e5", "2022-1-1"])
def test_text_stays_text(text: str):
    texts = {Slot("项目", 1, "指标.指标值", 1, "数量指标"): text, Slot("项目", 1, "项目名称"): text,
             Slot("基础数据", 1, "办公经费.本年决算"): text}
    book = opened(written("430400/2022", "formula", filling=Filling("430400/2022", typed=texts)))
    cells = [book["项目1"]["E14"], book["项目1"]["C4"], book["基础数据表"]["D9"]]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None)] * 3


def test_a_filled_amount_keeps_its_decimals():
    texts = {Slot("基础数据", 1, "办公经费.本年决算"): "1.123456", Slot("基础数据", 1, "水电差旅.本年决算"): "1.1",
             Slot("整体自评", 1, "公共财政拨款"): "0.001", Slot("整体自评", 1, "其他资金"): "3"}
    book = opened(written("430400/2022", "formula", filling=Filling("430400/2022", typed=texts)))
    assert [book["基础数据表"]["D9"].number_format, book["基础数据表"]["D10"].number_format,
            book["整体自评表"]["D6"].number_format, book["整体自评表"]["D9"].number_format] == [
        "0.000000", "#,##0.00", '0.000"万元"', '#,##0.00"万元"']


# ---- the file ------------------------------------------------------------------------------------------

def test_the_same_call_gives_the_same_bytes():
    assert written("430400/2022", "addin", projects=2) == written("430400/2022", "addin", projects=2)


def test_every_workbook_is_valid(tmp_path):
    path = tmp_path / "a.xlsx"
    errors = {}
    for name, data in {**workbooks(), "addin": written("430400/2022", "addin", projects=3)}.items():
        path.write_bytes(data)
        errors[name] = xml_errors(path)
    assert {name: found for name, found in errors.items() if found} == {}


def test_no_workbook_asks_for_a_new_program():
    for data in workbooks().values():
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = "".join(package.read(name).decode("utf-8") for name in package.namelist() if name.endswith(".xml"))
        assert "_xlfn" not in parts and "<calcChain" not in parts


@pytest.mark.parametrize(("edition", "word"), [("addin", "加载项版"), ("formula", "公式版"), ("values", "数值版")])
def test_the_identity_sheet(edition, word: str):
    ruleset = load_ruleset("430400/2022")
    book = opened(written(ruleset.id, edition, projects=2))
    sheet = book["_jixiao"]
    assert sheet.sheet_state == "veryHidden" and sheet.protection.sheet
    rows = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert rows.pop("jixiao")
    assert rows == {"ruleset": "430400/2022", "edition": word, "schema": "1", "year": "2022",
                    "hash": compile_ruleset(ruleset, ruleset.codes)["hash"],
                    "sheet:基础数据:1": "基础数据表", "sheet:整体自评:1": "整体自评表",
                    "sheet:项目:1": "项目1", "sheet:项目:2": "项目2"}
    assert (book.properties.creator, book.properties.title, book.properties.created) == (
        "绩效自评工具箱", f"衡阳市2022年度部门整体支出绩效自评表（{word}）", datetime.datetime(2023, 1, 1))


def test_inputs_are_open_and_the_rest_is_protected_without_a_password():
    plan = layout(load_ruleset("430400/2022"), Shape(2))
    book = opened(written("430400/2022", "formula", projects=2))
    for sheet in plan.sheets:
        page = book[sheet.name]
        assert (page.protection.sheet, page.protection.password, page.protection.insertRows,
                page.protection.deleteRows, page.protection.formatRows) == (True, None, False, False, False)
        states = {place.box.cell: page[place.box.cell].protection.locked for place in sheet.places}
        assert states == {place.box.cell: place.locked for place in sheet.places}
    open_kinds = {(place.role, place.rule.kind if place.rule else "") for sheet in plan.sheets
                  for place in sheet.places if not place.locked}
    assert open_kinds == {("input", ""), ("input", "entity"), ("auto", "sum"), ("auto", "formula"), ("auto", "score")}


def test_the_entity_is_carried_to_every_form():
    book = opened(written("430400/2022", "formula", entity="衡阳市甲中心", projects=2), values=True)
    assert [book["封面"]["C4"].value, book["封面"]["C5"].value, book["基础数据表"]["A3"].value, book["整体自评表"]["A2"].value,
            book["整体自评表"]["B3"].value, book["项目1"]["G5"].value, book["项目2"]["G5"].value] == [
        "衡阳市甲中心", "2022", "填报单位: 衡阳市甲中心", "填报单位（盖章）：衡阳市甲中心　　　（2022年度）", "衡阳市甲中心", "衡阳市甲中心", "衡阳市甲中心"]


def test_paper():
    book = opened(written("430181/2021", "formula"))
    found = {sheet.title: (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.print_title_rows,
                           sheet.print_area, [found.id for found in sheet.row_breaks.brk])
             for sheet in book if sheet.title != "_jixiao"}
    assert found == {
        "封面": (9, "portrait", None, "'封面'!$A$1:$F$28", []),
        "基础数据表": (9, "portrait", "$6:$6", "'基础数据表'!$A$1:$D$24", []),
        "整体自评表": (9, "portrait", "$12:$12", "'整体自评表'!$A$1:$H$47", [34]),
        "项目1": (9, "portrait", "$12:$12", "'项目1'!$A$1:$I$34", []),
        "计算过程": (9, "landscape", "$3:$3", "'计算过程'!$A$1:$E$18", [])}


@pytest.mark.parametrize(("ruleset_id", "pages"), [("430400/2022", 6), ("430181/2021", 6)])
def test_a_form_fills_one_page(tmp_path, ruleset_id: str, pages: int):
    """Filled in, printed by LibreOffice: one page per sheet; only 430181's long 整体自评表 takes two."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(written(ruleset_id, "formula", filling=inputs_only(ruleset_id)))
    assert printed_pages(path, tmp_path / "out") == pages
