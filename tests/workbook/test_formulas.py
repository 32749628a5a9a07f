from __future__ import annotations

import re

import pytest
from openpyxl.formula import Tokenizer

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.language import FUNCTIONS, parse, straight
from pyfuncs.udfs import FUNCTIONS as CELL_FUNCTIONS
from pyfuncs.workbook.formulas import Edition, Formulas
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Shape
from pyfuncs.workbook.template_rules import colourings
from workbook_samples import RULESETS

# COUNT and ISBLANK come from guards, IFERROR and COUNTIF from colours; all are in Excel 2010, WPS and LibreOffice.
KNOWN = set(FUNCTIONS) | {"ISBLANK", "COUNTIF"}


def formulas(ruleset_id: str, edition: Edition, projects: int = 1) -> dict[str, str]:
    plan = layout(load_ruleset(ruleset_id), Shape(projects))
    made = Formulas(plan, edition)
    return {f"{sheet.name}!{place.box.cell}": made.of(sheet, place) for sheet in plan.sheets
            for place in sheet.places if place.rule}


def test_the_cells_of_a_form():
    found = formulas("430400/2022", "formula")
    assert {cell: text for cell, text in found.items() if cell.startswith("整体自评表")} == {
        "整体自评表!A2": "=\"填报单位（盖章）：\"&'封面'!$C$4&\"　　　（2022年度）\"",
        "整体自评表!B3": "=IF('封面'!$C$4=\"\",\"\",'封面'!$C$4)",
        "整体自评表!D4": '=IF(COUNT($D$6,$D$7,$D$8,$D$9)=0,"",SUM($D$6,$D$7,$D$8,$D$9))',
        "整体自评表!F4": '=IF(COUNT($H$6,$H$7)=0,"",SUM($H$6,$H$7))',
        "整体自评表!G4": '=IF(OR($F$4="",$D$4=""),"",IF(COUNT($F$4,$D$4)=2,IF(ROUND($D$4,8)=0,"不适用",'
                    'ROUND($F$4/$D$4,13)),IF(OR($F$4="不适用",$F$4="——",$F$4="—",'
                    '$D$4="不适用",$D$4="——",$D$4="—"),"不适用",NA())))',
        "整体自评表!I4": '=IF($G$4="","",IF(ISNUMBER($G$4),ROUND(ROUND(10*MAX(0,MIN($G$4,1)),12),2),'
                    'IF(OR($G$4="不适用",$G$4="——",$G$4="—"),"不适用",NA())))',
        "整体自评表!G27": '=IF(COUNT($G$13:$G$26)=0,"",SUM($G$13:$G$26))',
        "整体自评表!H27": '=IF(COUNT($H$13:$H$26)=0,"",SUM($H$13:$H$26))',
    }


def test_the_add_in_edition_calls_functions_instead():
    native, calls = formulas("430400/2022", "formula", 2), formulas("430400/2022", "addin", 2)
    assert {cell: text for cell, text in calls.items() if native[cell] != text} == {
        "基础数据表!D5": '=IF(OR($C$5="",$B$5=""),"",JX_CONTROL_RATE($C$5,$B$5))',
        "整体自评表!G4": '=IF(OR($F$4="",$D$4=""),"",JX_EXECUTION_RATE($F$4,$D$4))',
        "整体自评表!I4": '=IF($G$4="","",JX_SCORE("430400/2022","资金得分",$G$4))',
        **{f"项目{n}!G7": '=IF(OR($E$7="",$D$7=""),"",JX_EXECUTION_RATE($E$7,$D$7))' for n in (1, 2)},
        **{f"项目{n}!H7": '=IF($G$7="","",JX_SCORE("430400/2022","项目资金得分",$G$7))' for n in (1, 2)},
        **{f"计算过程!B{row}": f"=IF(OR('基础数据表'!{over}=\"\",'基础数据表'!{under}=\"\"),\"\",{function}("
                           f"'基础数据表'!{over},'基础数据表'!{under}))"
           for row, function, over, under in (
               (5, "JX_CONTROL_RATE", "$D$8", "$C$8"), (6, "JX_CONTROL_RATE", "$D$17", "$C$17"),
               (7, "JX_CHANGE_RATE", "$D$17", "$B$17"), (8, "JX_EXECUTION_RATE", "$D$38", "$C$38"))},
        "计算过程!B18": '=IF($B$17="","",JX_GRADE("430400/2022",$B$17))',
    }


def test_figures_of_projects_stay_on_their_sheets():
    found = formulas("430400/2022", "formula", 2)
    assert [found[f"计算过程!B{row}"] for row in (10, 11, 14, 15)] == [
        "=IF('项目1'!$G$7=\"\",\"\",'项目1'!$G$7)",
        "=IF('项目2'!$G$7=\"\",\"\",'项目2'!$G$7)",
        "=IF(COUNT('项目1'!$H$7)<1,\"\",'项目1'!$H$7+SUM('项目1'!$H$14:$H$26))",
        "=IF(COUNT('项目2'!$H$7)<1,\"\",'项目2'!$H$7+SUM('项目2'!$H$14:$H$26))"]


def test_parents_add_up_their_children():
    found = formulas("430400/2022", "formula")
    assert [found[f"基础数据表!D{row}"] for row in (8, 17, 23, 24)] == [
        '=IF(COUNT($D$9:$D$16)=0,"",SUM($D$9:$D$16))',
        '=IF(COUNT($D$18,$D$21:$D$22)=0,"",SUM($D$18,$D$21:$D$22))',
        '=IF(COUNT($D$24,$D$30,$D$34)=0,"",SUM($D$24,$D$30,$D$34))',
        '=IF(COUNT($D$25:$D$29)=0,"",SUM($D$25:$D$29))']


def test_what_the_form_prints_does_not_make_a_total_filled():
    """资金分值 10 is printed on every project form; a blank form still shows no total."""
    assert formulas("430181/2021", "formula")["项目1!G34"] == \
        '=IF(COUNT($G$13:$G$33)=0,"",$F$6+SUM($G$13:$G$33))'


@pytest.mark.parametrize(("text", "keys"), [
    ("甲!a + SUM(甲!b, 甲!c*2)", ["甲!a", "甲!c"]),
    ("IF(COUNT(甲!a)=0, 甲!b, -甲!c%)", ["甲!b", "甲!c"]),
    ("SUM(甲!a)", []),
])
def test_operands_without_which_there_is_no_result(text: str, keys: list[str]):
    assert [ref.key for ref in straight(parse(text))] == keys


@pytest.mark.parametrize("ruleset_id", RULESETS)
@pytest.mark.parametrize("edition", ["addin", "formula"])
def test_every_formula_can_be_read_by_old_programs(ruleset_id: str, edition: Edition):
    plan = layout(load_ruleset(ruleset_id), Shape(3))
    made = Formulas(plan, edition)
    texts = list(formulas(ruleset_id, edition, 3).values())
    texts += [colouring.formula for sheet in plan.sheets for colouring in colourings(made, sheet)]
    allowed = KNOWN | (set(CELL_FUNCTIONS) if edition == "addin" else set())
    for text in texts:
        tokens = Tokenizer(text).items
        called = {token.value[:-1] for token in tokens if token.type == "FUNC" and token.subtype == "OPEN"}
        assert called <= allowed, text
        ranges = [token.value for token in tokens if token.subtype == "RANGE"]
        assert all(re.fullmatch(r"('[^']+'!)?\$?[A-Z]+\$?\d+(:\$[A-Z]+\$\d+)?", found) for found in ranges), text
        assert len(text) < 8192 and text.count("(") == text.count(")")
