"""What a unit filed in our templates is what the reader gives back."""

from __future__ import annotations

import itertools
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Place, Shape, Slot
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook

HENGYANG, LIUYANG = "430400/2022", "430181/2021"
SHAPE = Shape(2, {("基础数据", 1, "业务明细"): 5, ("项目", 2, "数量指标"): 3, ("项目", 1, "成本指标"): 2})
TEXTS = {
    "amount": ("12.5", "0", "2.46 ✓", "—", "1,234.50", ""), "count": ("15", "12人", ""),
    "rate": ("68.54%", "　155%", "100%"), "points": ("10", "", "7.50."), "score": ("8.5", "/", "", "6"),
    "text": ("说明", "无", "……", ""), "target": ("≥3次", "=100%", ""), "actual": ("3次", "100%", "无"),
}


def filed(path: Path, ruleset_id: str, typed: dict[Slot, str], shape: Shape = Shape(), **options) -> Path:
    filling = Filling(ruleset_id, "某中心", typed, shape)
    write_workbook(path, load_ruleset(ruleset_id), "formula", filling=filling, **options)
    return path


def edited(source: Path, changes: dict[str, Callable[[str], str]]) -> Path:
    """A copy with parts rewritten, as a spreadsheet program might have left them."""
    target = source.with_name(f"edited-{source.name}")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text, change = old.read(name), changes.get(name)
            if change:
                changed = change(text.decode()).encode()
                assert changed != text, f"nothing changed in {name}"
                text = changed
            new.writestr(name, text)
    return target


def codes(submission: Submission) -> list[tuple[str, str]]:
    return [(trouble.code, trouble.severity) for trouble in submission.troubles]


def slots(ruleset_id: str, shape: Shape) -> dict[Slot, Place]:
    plan = layout(load_ruleset(ruleset_id), shape)
    return {place.slot: place for sheet in plan.sheets if sheet.form for place in sheet.places if place.slot}


def slot_of(item: Item) -> Slot:
    return Slot(item.form, item.instance, item.name, item.row, item.group)


# -- the whole of a workbook --------------------------------------------------------------------------


@pytest.mark.parametrize("ruleset_id", [HENGYANG, LIUYANG])
def test_what_was_typed_is_what_is_read(tmp_path: Path, ruleset_id: str):
    places = slots(ruleset_id, SHAPE)
    texts = {kind: itertools.cycle(choice) for kind, choice in TEXTS.items()}
    typed = {slot: next(texts[place.type]) for slot, place in places.items() if place.type}
    submission = read_submission(filed(tmp_path / "a.xlsx", ruleset_id, typed, SHAPE, as_filed=True))
    printed = {slot: place.text for slot, place in places.items() if not (place.rule and place.text)}
    expected = {slot: typed.get(slot) or printed.get(slot, "") for slot in places}
    suffix = {slot: "万元" for slot, place in places.items() if "万元" in place.number_format}
    read = {slot_of(item): item.text.removesuffix(suffix.get(slot_of(item), "\0"))
            for item in submission.items if item.cell}
    assert read == expected
    assert submission.troubles == ()
    assert (submission.entity, submission.year, submission.ruleset, submission.edition) == (
        "某中心", ruleset_id[-4:], ruleset_id, "公式版")


@pytest.mark.parametrize("ruleset_id", [HENGYANG, LIUYANG])
def test_items_come_in_printed_order_with_their_addresses(tmp_path: Path, ruleset_id: str):
    path = filed(tmp_path / "a.xlsx", ruleset_id, {}, SHAPE)
    plan = layout(load_ruleset(ruleset_id), SHAPE)
    expected = [f"{sheet.name}!{place.box.cell}" for sheet in plan.sheets if sheet.form
                for place in sorted(sheet.places, key=lambda place: place.box) if place.slot]
    items = [item for item in read_submission(path).items if item.cell]
    order = [sheet.name for sheet in plan.sheets]
    by_sheet = sorted(items, key=lambda item: order.index(item.cell.split("!")[0]))
    assert [item.cell for item in by_sheet] == expected


def test_the_items_of_a_small_filling(tmp_path: Path):
    typed = {
        Slot("基础数据", 1, "编制数"): "15", Slot("基础数据", 1, "控制率"): "100%",
        Slot("基础数据", 1, "办公经费.本年决算"): "2.46 ✓", Slot("基础数据", 1, "厉行节约"): "无",
        Slot("基础数据", 1, "业务明细.名称", 1): "甲项目", Slot("基础数据", 1, "业务明细.本年决算", 1): "18",
        Slot("项目", 2, "财政拨款.H:I"): "10", Slot("整体自评", 1, "资金总额"): "505.05",
        Slot("项目", 2, "指标.得分", 2, "数量指标"): "7.50.",
    }
    path = filed(tmp_path / "a.xlsx", HENGYANG, typed, Shape(2), as_filed=True)
    items = {slot_of(item): item for item in read_submission(path).items}

    def item(form, name, value, text, cell, state="number", instance=1, row=0, group="", places=0, notes=()):
        value = None if value is None else Decimal(value)
        return Item(form, name, value, text, cell, state, instance, row, group, places, False, notes)

    assert [items[slot] for slot in typed] == [
        item("基础数据", "编制数", 15, "15", "基础数据表!B5"),
        item("基础数据", "控制率", 1, "100%", "基础数据表!D5"),
        item("基础数据", "办公经费.本年决算", 24600, "2.46 ✓", "基础数据表!D9", places=2,
             notes=("含“✓”，按 2.46 理解",)),
        item("基础数据", "厉行节约", None, "无", "基础数据表!B39", "none"),
        item("基础数据", "业务明细.名称", None, "甲项目", "基础数据表!A25", "text", row=1),
        item("基础数据", "业务明细.本年决算", 180000, "18", "基础数据表!D25", row=1),
        item("项目", "财政拨款.H:I", 10, "10", "项目2!H8", instance=2),
        item("整体自评", "资金总额", 5050500, "505.05万元", "整体自评表!D4", places=2),
        item("项目", "指标.得分", "7.5", "7.50.", "项目2!H15", instance=2, row=2, group="数量指标", places=2,
             notes=("多一个点，按 7.5 理解",)),
    ]


def test_a_form_that_prints_no_points_gives_those_of_its_groups(tmp_path: Path):
    items = read_submission(filed(tmp_path / "a.xlsx", LIUYANG, {})).items_of("整体自评", "指标.分值")
    assert [(item.group, str(item.value), item.row, item.cell) for item in items[:9]] == [
        ("预算编审管理", "3", 1, ""), ("预算执行管理", "4", 2, ""), ("部门结转结余资金管理", "4", 3, ""),
        ("预算绩效管理", "5", 4, ""), ("预决算信息公开管理", "4", 5, ""), ("财政监督管理", "3", 6, ""),
        ("政府采购管理", "3", 7, ""), ("资产管理", "4", 8, ""), ("数量指标", "6", 9, "")]


def test_a_formula_gives_its_stored_value_and_is_known_as_one(tmp_path: Path):
    typed = {Slot("基础数据", 1, "办公经费.本年决算"): "2.46", Slot("基础数据", 1, "印刷费.本年决算"): "0.57"}
    submission = read_submission(filed(tmp_path / "a.xlsx", HENGYANG, typed))
    total, part = (submission.item("基础数据", f"{row}.本年决算") for row in ("公用经费", "印刷费"))
    assert (total.value, total.formula, part.value, part.formula) == (30300, True, 5700, False)


# -- what people do to a workbook ---------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    typed = {Slot("基础数据", 1, "编制数"): "15", Slot("基础数据", 1, "办公经费.本年决算"): "2.46",
             Slot("项目", 1, "指标.得分", 3, "质量指标"): "9", Slot("项目", 2, "项目名称"): "乙项目"}
    return filed(tmp_path / "book.xlsx", HENGYANG, typed, Shape(2))


BASE, PROJECT = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet4.xml"


def renamed(name: str, target: str, sheet: int = 1) -> Callable[[str], str]:
    """xl/workbook.xml with a name of a sheet leading elsewhere."""
    pattern = rf'(name="{re.escape(name)}" localSheetId="{sheet}"[^>]*>)[^<]*'
    return lambda text: re.sub(pattern, rf"\g<1>{target}", text)


def without(name: str, sheet: int = 1) -> Callable[[str], str]:
    pattern = rf'<definedName name="{re.escape(name)}" localSheetId="{sheet}"[^>]*>[^<]*</definedName>'
    return lambda text: re.sub(pattern, "", text)


def test_sheets_of_a_repeated_form_count_in_workbook_order(book: Path):
    def swap(text: str) -> str:
        first, second = re.findall(r'<sheet name="项目\d"[^>]*/>', text)
        text = text.replace(first, "@").replace(second, first).replace("@", second)
        return re.sub(r'localSheetId="([34])"', lambda match: f'localSheetId="{7 - int(match[1])}"', text)

    submission = read_submission(edited(book, {"xl/workbook.xml": swap}))
    assert [(item.instance, item.text, item.cell) for item in submission.items_of("项目", "项目名称")] == [
        (1, "乙项目", "项目2!C4"), (2, "", "项目1!C4")]


def test_a_row_inserted_below_a_group_belongs_to_it_or_to_the_group_it_names(book: Path):
    def shorter(text: str) -> str:
        """数量指标 has rows 14 and 15: as if 15 had been inserted below its range, and 16, of 质量指标, too."""
        for name, column in zip(("三级", "指标值", "完成值", "分值", "得分", "原因"), "DEFGHI"):
            text = renamed(f"数量指标.{name}", f"'项目1'!${column}$14", 3)(text)
            text = renamed(f"质量指标.{name}", f"'项目1'!${column}$99", 3)(text)
        return text

    items = read_submission(edited(book, {"xl/workbook.xml": shorter})).items_of("项目", "指标.得分", 1)
    assert [(item.row, item.group, item.cell) for item in items[:4]] == [
        (1, "数量指标", "项目1!H14"), (2, "数量指标", "项目1!H15"), (3, "质量指标", "项目1!H16"),
        (4, "时效指标", "项目1!H17")]


def test_typed_numbers_in_the_narrow_last_row_are_not_lost(tmp_path: Path, book: Path):
    workbook = openpyxl.load_workbook(book)
    workbook["基础数据表"]["D29"] = 3.5               # the narrow row below the four of 业务明细
    workbook.save(tmp_path / "narrow.xlsx")
    items = read_submission(tmp_path / "narrow.xlsx").items_of("基础数据", "业务明细.本年决算")
    assert [(item.cell, item.value) for item in items][-1] == ("基础数据表!D29", Decimal(35000))
    assert len(items) == 5


def test_what_is_kept_of_one_workbook_never_decides_how_another_is_read(tmp_path: Path, book: Path):
    """The same names in both: only the first has a figure in the narrow last row, below the four of 业务明细."""
    workbook = openpyxl.load_workbook(book)
    workbook.save(tmp_path / "blank.xlsx")
    workbook["基础数据表"]["D29"] = 3.5
    workbook.save(tmp_path / "narrow.xlsx")
    rows = [len(read_submission(tmp_path / name).items_of("基础数据", "业务明细.本年决算"))
            for name in ("narrow.xlsx", "blank.xlsx", "narrow.xlsx")]
    assert rows == [5, 4, 5]


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


def uncalculated(cell: str) -> Callable[[str], str]:
    """A sheet whose formula cell shows #NAME?."""
    pattern = rf'(<c r="{cell}" s="\d+")(>.*?)<v>[^<]*</v>'
    return lambda text: re.sub(pattern, r'\1 t="e"\2<v>#NAME?</v>', text, count=1)


def formula(cell: str, text: str) -> Callable[[str], str]:
    """A sheet with another formula in a cell that has one."""
    pattern = rf'(<c r="{cell}"[^>]*><f>)[^<]*'
    return lambda sheet: re.sub(pattern, rf"\g<1>{text}", sheet, count=1)


LAST_YEAR = 'IF(C4="","",jx_rate ("430400/2021", "人员控制率",C5,C4))'
PROBLEMS = {
    "name deleted": ({"xl/workbook.xml": without("编制数")}, [("missing-name", "warning")], "编制数"),
    "name broken": ({"xl/workbook.xml": renamed("编制数", "#REF!")}, [("broken-name", "warning")], "编制数"),
    "name of another sheet": ({"xl/workbook.xml": renamed("编制数", "'项目1'!$C$4")},
                              [("foreign-name", "warning")], "编制数"),
    "name and label deleted": ({"xl/workbook.xml": without("编制数"), "xl/sharedStrings.xml": replaced(">编制数<", "> <")},
                               [("missing-name", "error")], "编制数"),
    "sheet without its mark": ({"xl/workbook.xml": without("_form")}, [("read-by-labels", "note")], "基础数据表"),
    "sheet overwritten": ({"xl/workbook.xml": without("_form"), BASE: lambda text: re.sub(r"<row .*</row>", "", text)},
                          [("missing-sheet", "error")], "基础数据表"),
    "other unit": ({"xl/workbook.xml": renamed("_unit", '"元"')}, [("other-unit", "note")], "换算"),
    "hidden sheet": ({"xl/workbook.xml": replaced('name="基础数据表"', 'name="基础数据表" state="hidden"')},
                     [("hidden-sheet", "note")], "隐藏"),
    "hidden row": ({BASE: replaced('<row r="9"', '<row r="9" hidden="1"')},
                   [("hidden-rows", "note")], "第 9 行"),
    "sheet damaged": ({BASE: lambda text: text[:500]}, [("broken-xml", "error")], "基础数据表"),
    "form of another rule set": ({"xl/workbook.xml": replaced('"基础数据"', '"别的表"')},
                                 [("missing-sheet", "error"), ("unknown-form", "warning")], "基础数据表"),
    "table without end": ({"xl/workbook.xml": renamed("业务明细.名称", "'基础数据表'!$A$25:$A$1048576")},
                          [("too-many-rows", "error"), ("moved-cells", "warning")], "业务明细"),
    "formula of last year": ({BASE: formula("D5", LAST_YEAR.replace('"', "&quot;"))},
                             [("foreign-formula", "warning")], "430400/2021（基础数据表!D5），本表是 430400/2022"),
    "add-in missing": ({BASE: uncalculated("D5")}, [("no-add-in", "warning")], "加载项"),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_what_was_done_to_the_sheets_is_told(book: Path, case: str):
    changes, expected, word = PROBLEMS[case]
    submission = read_submission(edited(book, changes))
    assert codes(submission) == expected
    assert word in submission.troubles[0].message
    assert submission.item("项目", "指标.得分", 1, 3).value == 9, "the other sheets are read"


def test_what_has_lost_its_name_is_found_by_its_label(book: Path):
    """In its place among the items, and nothing else changes."""
    lost = without("编制数"), without("业务明细.名称"), without("办公经费.本年决算")
    path = edited(book, {"xl/workbook.xml": lambda text: lost[2](lost[1](lost[0](text)))})
    submission = read_submission(path)
    assert submission.items == read_submission(book).items
    assert codes(submission) == [("missing-name", "warning")]
    assert submission.troubles[0].message == ("工作表《基础数据表》里没有找到这些单元格的名称：“编制数、办公经费.本年决算、业务明细.名称”。"
                                              "已按表上的栏目名称找到并读取。")


def test_a_project_copied_as_a_basic_sheet_is_told(book: Path):
    submission = read_submission(edited(book, {"xl/workbook.xml": renamed("_form", '"基础数据"', 2)}))
    assert codes(submission) == [("repeated-sheet", "error"), ("missing-sheet", "error")]


def test_a_sheet_in_yuan_is_converted(book: Path):
    submission = read_submission(edited(book, {"xl/workbook.xml": renamed("_unit", '"元"')}))
    item = submission.item("基础数据", "办公经费.本年决算")
    assert (item.value, item.places) == (Decimal("2.46"), 6)


def test_a_workbook_that_was_never_calculated_says_so_once(tmp_path: Path, book: Path):
    openpyxl.load_workbook(book).save(tmp_path / "saved.xlsx")
    submission = read_submission(tmp_path / "saved.xlsx")
    total = submission.item("基础数据", "公用经费.本年决算")
    assert codes(submission) == [("no-cached-value", "warning")]
    assert (total.value, total.state, total.formula) == (None, "blank", True)


@pytest.mark.parametrize("edition", ["addin", "formula", "values"])
def test_an_empty_template_has_no_troubles(tmp_path: Path, edition: str):
    write_workbook(tmp_path / "a.xlsx", load_ruleset(HENGYANG), edition)
    assert read_submission(tmp_path / "a.xlsx").troubles == ()


def test_a_mistyped_percent_is_a_proposal(tmp_path: Path):
    workbook = openpyxl.load_workbook(filed(tmp_path / "a.xlsx", HENGYANG, {}))
    sheet = workbook["基础数据表"]
    sheet["D5"], sheet["C5"], sheet["B5"] = 94, "1O", "１５"
    workbook.save(tmp_path / "b.xlsx")
    told = read_submission(tmp_path / "b.xlsx").troubles
    troubles = [trouble for trouble in told if trouble.kind == "input"]
    assert [(one.code, one.cells, one.severity, one.message, one.advice) for one in troubles] == [
        ("letters-for-digits", ("基础数据表!C5",), "error",
         "《基础数据表》C5「实际在职人数」填的是“1O”，你是不是想填 10？", "请把字母改成数字，填“10”。"),
        ("percent-typed", ("基础数据表!D5",), "error",
         "《基础数据表》D5「控制率」填的是“9400.00%”，你是不是想填 94%？", "请改成“94%”，或在百分比格式的单元格里重填。"),
    ]


# -- whose workbook it is -----------------------------------------------------------------------------


def test_the_rule_set_that_was_asked_for(book: Path):
    assert codes(read_submission(book, HENGYANG)) == []
    other = read_submission(book, LIUYANG)
    assert (codes(other), other.items) == ([("wrong-year", "error")], ())
    assert codes(read_submission(book, "430400/2035")) == [("unknown-ruleset", "error")]
    assert codes(read_submission(book, "430000/base")) == [("abstract-ruleset", "error")]


def test_formulas_are_compared_with_the_rule_set_that_the_workbook_states(tmp_path: Path):
    """Not with the one it is read by: a workbook in order has no fault because of --ruleset."""
    write_workbook(tmp_path / "a.xlsx", load_ruleset("530000/2022"), "addin")
    assert codes(read_submission(tmp_path / "a.xlsx")) == []
    troubles = codes(read_submission(tmp_path / "a.xlsx", HENGYANG))
    assert ("other-ruleset", "warning") in troubles and ("foreign-formula", "warning") not in troubles


def identity(old: str, new: str) -> dict[str, Callable[[str], str]]:
    return {"xl/sharedStrings.xml": replaced(f">{old}<", f">{new}<")}


def test_a_rule_set_nobody_knows(book: Path):
    submission = read_submission(edited(book, identity(HENGYANG, "430400/2035")))
    assert (codes(submission), submission.ruleset) == ([("unknown-ruleset", "error")], "430400/2035")


def test_a_template_older_than_the_rule_set(book: Path):
    current = load_ruleset(HENGYANG).hash
    submission = read_submission(edited(book, identity(current, "0" * 64)))
    assert (codes(submission), submission.ruleset_hash) == ([("unknown-edition", "warning")], "0" * 64)
    assert submission.items


def test_another_year_on_the_cover(tmp_path: Path, book: Path):
    workbook = openpyxl.load_workbook(book)
    cover = workbook["封面"]
    name = cover.defined_names["年度"].attr_text
    cover[name.rpartition("!")[2]] = "2021 年度"
    workbook.save(tmp_path / "b.xlsx")
    assert codes(read_submission(tmp_path / "b.xlsx"))[0] == ("cover-year", "error")


def test_a_workbook_that_is_not_ours(tmp_path: Path):
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    assert codes(read_submission(tmp_path / "b.xlsx")) == [("not-our-template", "error")]
    forced = read_submission(tmp_path / "b.xlsx", HENGYANG)
    assert codes(forced) == [("missing-form", "error")] * 3


# -- speed --------------------------------------------------------------------------------------------


def test_a_million_empty_rows_below_the_form_cost_nothing(book: Path):
    rows = "".join(f'<row r="{row}" ht="20"/>' for row in range(2000, 1_002_000))
    path = edited(book, {BASE: replaced("</sheetData>", f"{rows}</sheetData>")})
    begin = time.perf_counter()
    longer = read_submission(path)
    assert time.perf_counter() - begin < 2
    assert replace(longer, path="", sha256="") == replace(read_submission(book), path="", sha256="")
