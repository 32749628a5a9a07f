from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.layout_form import form_sheet
from pyfuncs.workbook.names import COVER_SHEET, ENTITY, YEAR, item_name
from pyfuncs.workbook.places import Box, Shape, SheetLayout, WorkbookLayout, covered_columns
from workbook_samples import RULESETS

LEAVES = [(ruleset_id, form.form, name) for ruleset_id in RULESETS
          for form in load_ruleset(ruleset_id).forms.values() for table in form.tables
          for name in (form.leaf_groups(table) or [table])]


@st.composite
def plans(draw) -> WorkbookLayout:
    ruleset_id = draw(st.sampled_from(RULESETS))
    projects = draw(st.integers(1, 4))
    own = [(form, name) for owner, form, name in LEAVES if owner == ruleset_id]
    rows = draw(st.dictionaries(st.tuples(st.sampled_from(own), st.integers(1, projects)), st.integers(0, 12), max_size=6))
    return layout(load_ruleset(ruleset_id),
                  Shape(projects, {(form, instance, name): count for ((form, name), instance), count in rows.items()}))


def test_where_the_items_of_a_form_stand():
    """Addresses count from the grid; title and head lines stand above, the tail below the last narrow row."""
    sheet = layout(load_ruleset("430400/2022")).sheets_of("项目")[0]
    found = {place.slot.name: f"{place.box.cell}" for place in sheet.places if place.slot and not place.slot.row}
    assert found == {
        "项目名称": "C4", "主管部门": "C5", "实施单位": "G5", "资金分值": "F7", "执行率": "G7", "资金得分": "H7",
        "资金.年初预算": "C7", "资金.全年预算": "D7", "资金.全年执行": "E7",
        "财政拨款.年初预算": "C8", "财政拨款.全年预算": "D8", "财政拨款.全年执行": "E8",
        "财政拨款.F": "F8", "财政拨款.G": "G8", "财政拨款.H:I": "H8",
        "结转资金.年初预算": "C9", "结转资金.全年预算": "D9", "结转资金.全年执行": "E9",
        "结转资金.F": "F9", "结转资金.G": "G9", "结转资金.H:I": "H9",
        "其他资金.年初预算": "C10", "其他资金.全年预算": "D10", "其他资金.全年执行": "E10",
        "其他资金.F": "F10", "其他资金.G": "G10", "其他资金.H:I": "H10",
        "预期目标": "B12", "完成情况": "F12", "分值合计": "G27", "得分合计": "H27",
    }


def test_names_of_a_table_and_its_groups():
    """A 一级指标 ends with a narrow row that belongs to its last 二级指标, so that inserted rows are counted."""
    sheet = layout(load_ruleset("430400/2022"), Shape(1, {("项目", 1, "质量指标"): 3})).sheets_of("项目")[0]
    assert {name: box.address for name, box in sheet.names.items() if name.endswith(".得分")} == {
        "指标.得分": "$H$14:$H$28",
        "产出指标.得分": "$H$14:$H$21", "数量指标.得分": "$H$14:$H$15", "质量指标.得分": "$H$16:$H$18",
        "时效指标.得分": "$H$19", "成本指标.得分": "$H$20:$H$21",
        "效益指标.得分": "$H$22:$H$26", "经济效益指标.得分": "$H$22", "社会效益指标.得分": "$H$23",
        "生态效益指标.得分": "$H$24", "可持续影响指标.得分": "$H$25:$H$26",
        "满意度指标.得分": "$H$27:$H$28", "服务对象满意度指标.得分": "$H$27:$H$28",
    }
    assert [row for row, height in sheet.heights.items() if height < 5] == [21, 26, 28]


def test_a_detail_table_pushes_down_what_follows():
    def named(rows: int) -> dict[str, str]:
        shape = Shape(1, {("基础数据", 1, "业务明细"): rows})
        sheet = layout(load_ruleset("430400/2022"), shape).sheets_of("基础数据")[0]
        return {name: sheet.names[name].address
                for name in ("业务专项.本年决算", "业务明细.名称", "业务明细.本年决算", "运行专项.本年决算", "厉行节约")}

    assert named(0) == {"业务专项.本年决算": "$D$24", "业务明细.名称": "$A$25:$A$29", "业务明细.本年决算": "$D$25:$D$29",
                        "运行专项.本年决算": "$D$30", "厉行节约": "$B$39"}
    assert named(6) == {"业务专项.本年决算": "$D$24", "业务明细.名称": "$A$25:$A$31", "业务明细.本年决算": "$D$25:$D$31",
                        "运行专项.本年决算": "$D$32", "厉行节约": "$B$41"}


def test_sheets_in_order():
    plan = layout(load_ruleset("430181/2021"), Shape(projects=2))
    assert [sheet.name for sheet in plan.sheets] == [COVER_SHEET, "基础数据表", "整体自评表", "项目1", "项目2", "计算过程"]
    assert set(plan.sheets[0].names) == {ENTITY, YEAR}
    assert [sheet.constants for sheet in plan.sheets[1:-1]] == [
        {"_form": "基础数据", "_unit": "元"}, {"_form": "整体自评", "_unit": "元"},
        {"_form": "项目", "_unit": "万元"}, {"_form": "项目", "_unit": "万元"}]


def test_what_no_form_prints_is_worked_out_on_its_own_sheet():
    sheet = layout(load_ruleset("430400/2022"), Shape(projects=2)).sheets[-1]
    assert {name: box.cell for name, box in sheet.names.items()} == {
        "公用经费控制率": "B5", "三公经费控制率": "B6", "三公经费变动率": "B7", "政府采购执行率": "B8",
        "项目总分.1": "B14", "项目总分.2": "B15", "自评总分": "B17", "等级": "B18",
    }


@given(plans())
@settings(max_examples=40)
def test_no_cell_is_taken_twice_and_none_of_the_grid_is_left_out(plan: WorkbookLayout):
    for sheet in plan.sheets:
        taken = Counter(cell for place in sheet.places for cell in place.box.cells())
        assert {cell: count for cell, count in taken.items() if count > 1} == {}
    for sheet in plan.sheets[1:-1]:
        top = min(place.box.top for place in sheet.places if "top" in place.heavy)
        bottom = max(place.box.bottom for place in sheet.places if "bottom" in place.heavy)
        taken = {cell for place in sheet.places for cell in place.box.cells()}
        assert set(Box(top, 1, bottom, len(sheet.widths)).cells()) <= taken


@given(plans())
@settings(max_examples=40)
def test_a_name_covers_its_items_and_nothing_else(plan: WorkbookLayout):
    """A column's name covers the corner of each of its items in order, narrow rows and fixed notes besides."""
    for sheet in plan.sheets[1:-1]:
        for table in sheet.form.tables:
            for column, item in sheet.form.tables[table].columns.items():
                if item.at:
                    check_column(sheet, table, column)


def check_column(sheet: SheetLayout, table: str, column: str) -> None:
    places = [place for place in sheet.places if place.slot and place.slot.name == f"{table}.{column}"]
    groups = sheet.form.leaf_groups(table)
    assert [place.slot.row for place in places] == sorted({place.slot.row for place in places})
    for leaf, path in groups.items():
        name = f"{leaf}.{column}"
        if column in covered_columns(sheet.form.tables[table], sheet.form.tables[table].groups[path[0]]):
            assert item_name(name) not in sheet.names
            continue
        inside = [place for place in places if place.box.corner.cells().__next__() in sheet.names[item_name(name)]]
        assert inside == [place for place in places if place.slot.group == leaf] != []
    whole = sheet.names[item_name(f"{table}.{column}")]
    assert all((place.box.top, place.box.left) in whole for place in places)
    last = max((place.box.bottom for place in places), default=0)
    assert whole.bottom - last in (0, 1)              # a merged cell per group takes the narrow row in


@given(plans())
@settings(max_examples=20)
def test_every_figure_has_one_home(plan: WorkbookLayout):
    homes = Counter((place.rule.kind, place.rule.key, sheet.ordinal(place)) for sheet in plan.sheets
                    for place in sheet.places if place.rule and place.rule.kind in ("rate", "score", "grade"))
    assert set(homes.values()) == {1}
    assert {key for kind, key, _ in homes if kind == "score"} == {
        key for key, score in plan.ruleset.scores.items() if score.formula or score.value}


def test_a_cell_that_no_one_mentions_gets_its_lines():
    ruleset = load_ruleset("430400/2022")
    form = ruleset.forms["整体自评"]
    labels = {at: label for at, label in form.labels.items() if at != "F6:I6"}
    sheet = form_sheet(ruleset, form.model_copy(update={"labels": labels}), 1, Shape())
    assert [(place.box.cell, place.heavy) for place in sheet.places if place.role == "blank"] == [
        ("F8", frozenset()), ("G8", frozenset()), ("H8", frozenset()), ("I8", frozenset({"right"}))]


def test_heights_of_rows():
    """A row keeps what the form or the row itself says; the narrow rows are the table's."""
    sheet = layout(load_ruleset("430400/2022")).sheets_of("基础数据")[0]
    assert sorted(row for row, height in sheet.heights.items() if height == 30.0) == [4, 13]


@pytest.mark.parametrize(("at", "address"), [("C4", "$C$4"), ("A1:AB2", "$A$1:$AB$2")])
def test_boxes_read_and_write_addresses(at: str, address: str):
    assert Box.at(at).address == address
