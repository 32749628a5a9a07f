from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from engines import formualizer_eval
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.workbook.formulas import Formulas
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Shape, Slot
from pyfuncs.workbook.shown import Shown, typed
from pyfuncs.workbook.template_rules import colourings, validations
from workbook_samples import RULESETS, inputs_only, opened, written


def red(ruleset_id: str, texts: Mapping[Slot, str]) -> list[str]:
    """Cells that turn red, by the formulas of their colours, with these texts typed into an empty template."""
    ruleset = load_ruleset(ruleset_id)
    plan = layout(ruleset)
    made, shown = Formulas(plan, "formula"), Shown(plan, texts)
    cells, tests = {}, {}
    for sheet in plan.sheets:
        for place in sheet.places:
            if place.slot and sheet.form:
                cells[f"'{sheet.name}'!{place.box.cell}"] = value(sheet, place, texts, shown)
        for index, colouring in enumerate(colourings(made, sheet)):
            tests[f"'{sheet.name}'!ZZ{index + 1}"] = colouring
    results = formualizer_eval(cells, {at: test.formula[1:] for at, test in tests.items()})
    return [f"{at.partition('!')[0][1:-1]}!{tests[at].boxes[0].cell}" for at, result in results.items()
            if result is True]                        # an error colours nothing


def value(sheet, place, texts, shown):
    text = texts.get(place.slot, place.text if place.role == "fixed" else "")
    held = typed(text, place.type).value if text else \
        shown.of(sheet, place) if place.rule and place.rule.kind != "entity" else None
    return float(held) if isinstance(held, Decimal) else held


def items(form: str, **texts: str) -> dict[Slot, str]:
    return {Slot(form, 1, name.replace("__", ".")): text for name, text in texts.items()}


def row(form: str, group: str, ordinal: int, **texts: str) -> dict[Slot, str]:
    return {Slot(form, 1, f"指标.{name}", ordinal, group): text for name, text in texts.items()}


@pytest.mark.parametrize(("texts", "cells"), [
    ({}, []),
    (items("基础数据", 办公经费__本年决算="2.46", 印刷费__本年决算="0.57"), []),
    (items("基础数据", 办公经费__本年决算="2.46", 公用经费__本年决算="2.48"), ["基础数据表!D8"]),
    (items("基础数据", 办公经费__本年决算="2.46", 公用经费__本年决算="2.47"), []),       # a tail of rounding
    (items("基础数据", 办公经费__本年决算="2.46 ✓", 印刷费__本年决算="0.57", 公用经费__本年决算="3.03"), []),   # words hide a number
    (items("基础数据", 公用经费__本年决算="2", 部门基本支出__本年决算="1"), ["基础数据表!D7"]),
    (items("基础数据", 公用经费__本年决算="1", 部门基本支出__本年决算="2"), []),
    (items("基础数据", 公用经费__本年决算="69.72"), []),                        # children not given
    (items("整体自评", 公共财政拨款="5", 资金总额="6"), ["整体自评表!D4"]),
    (items("整体自评", 公共财政拨款="5", 基本支出="5", 资金得分="11"), ["整体自评表!I4"]),
    (row("整体自评", "数量指标", 1, 分值="6", 得分="7"), ["整体自评表!G27", "整体自评表!H13"]),
    (row("整体自评", "数量指标", 1, 分值="6", 得分="5"), ["整体自评表!G27", "整体自评表!I13"]),
    (row("整体自评", "数量指标", 1, 分值="6", 得分="5", 原因="推迟"), ["整体自评表!G27"]),
    (row("整体自评", "数量指标", 1, 得分="5"), []),
    (row("整体自评", "数量指标", 1, 分值="51"), ["整体自评表!G27", "整体自评表!B13"]),
    (row("整体自评", "数量指标", 1, 分值="50") | row("整体自评", "经济效益指标", 9, 分值="40"), []),
])
def test_what_turns_red(texts: dict[Slot, str], cells: list[str]):
    assert red("430400/2022", texts) == cells


@pytest.mark.parametrize(("texts", "cells"), [
    ({}, []),
    (row("整体自评", "数量指标", 9, 得分="7"), ["整体自评表!G22"]),              # 6 points, printed in the label
    (row("整体自评", "数量指标", 9, 得分="6"), []),
    (row("整体自评", "质量指标", 12, 得分="7"), ["整体自评表!H25"]),
    (row("项目", "数量指标", 1, 分值="51"), ["项目1!G34", "项目1!B13"]),
    (row("项目", "经济效益指标", 9, 分值="40"), ["项目1!G34"]),                 # 30 or 40: both are allowed
])
def test_points_that_only_the_group_knows(texts: dict[Slot, str], cells: list[str]):
    assert red("430181/2021", texts) == cells


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_a_unit_s_own_figures_stay_white(ruleset_id: str):
    """Real inputs, sums and rates left to the template: the only red is what that unit got wrong."""
    filling = inputs_only(ruleset_id)
    sums = {"430400/2022": [], "430181/2021": ["整体自评表!H35", "整体自评表!H37", "整体自评表!H39", "整体自评表!H41",
                                               "整体自评表!H43"]}
    without_rows = {slot: text for slot, text in filling.typed.items() if not (slot.form == "项目" or slot.instance > 1)}
    found = [cell for cell in red(ruleset_id, without_rows) if not cell.startswith("项目")]
    assert found == sums[ruleset_id]


# ---- prompts and warnings ------------------------------------------------------------------------------

def rules_of(ruleset_id: str) -> dict[str, tuple]:
    """Cell -> (type, operator, limits, prompt), as openpyxl reads them from the file."""
    book = opened(written(ruleset_id, "formula"))
    found = {}
    for sheet in book:
        for rule in sheet.data_validations.dataValidation:
            for area in rule.sqref.ranges:
                for number_row in area.rows:
                    for row_number, column in number_row:
                        at = f"{sheet.title}!{sheet.cell(row_number, column).coordinate}"
                        assert at not in found
                        found[at] = rule.type or "any", rule.operator, rule.formula1, rule.formula2, rule.prompt
    return found


def test_what_may_be_typed_where():
    found = rules_of("430400/2022")
    assert {at: found[at] for at in ("基础数据表!B5", "基础数据表!D9", "基础数据表!D8", "整体自评表!D4", "整体自评表!G13",
                                     "整体自评表!H13", "整体自评表!H25", "整体自评表!E13", "整体自评表!I13", "封面!C4")} == {
        "基础数据表!B5": ("whole", "greaterThanOrEqual", "0", None, "填主管编制的部门核定的编制数"),
        "基础数据表!D9": ("decimal", "greaterThanOrEqual", "0", None, None),
        "基础数据表!D8": ("decimal", "greaterThanOrEqual", "0", None, None),
        "整体自评表!D4": ("decimal", "greaterThanOrEqual", "0", None,
                     "自动按四项收入合计；也可直接填写，但必须等于四项之和"),
        "整体自评表!G13": ("decimal", "greaterThanOrEqual", "0", None, None),
        "整体自评表!H13": ("decimal", None, "0", "$G13", None),
        "整体自评表!H25": ("decimal", None, "0", "$G25", None),
        "整体自评表!E13": ("any", None, None, None, "照批复的绩效目标填，如 ≥3次、=100%、≤90万元"),
        "整体自评表!I13": ("any", None, None, None, "得分低于分值时必填"),
        "封面!C4": ("any", None, None, None, "填单位全称，与印章一致；各表的单位名称由此带出")}
    liuyang = rules_of("430181/2021")
    assert [liuyang[f"整体自评表!G{row_number}"][2:4] for row_number in (13, 22, 25)] == [("0", "3"), ("0", "6"), ("0", "8")]


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_rules_warn_and_never_refuse(ruleset_id: str):
    plan = layout(load_ruleset(ruleset_id), Shape(2))
    for sheet in plan.sheets:
        unlocked = {place.box.corner for place in sheet.places if place.slot and not place.locked}
        for boxes, options in validations(sheet):
            assert set(boxes) <= unlocked
            assert options["validate"] == "any" or options["error_type"] == "warning"
            assert len(options.get("input_message", "")) <= 255 and len(options.get("input_title", "")) <= 32
            assert len(options.get("error_message", "")) <= 225
