"""A report beside the workbook of its unit: the same figure in text and table, a project by its name, scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from text_reports import told

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.finding import Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper import demo
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.process import process
from pyfuncs.workbook.template import write_workbook


def _process(filling_file: Path, folder: Path) -> Filed:
    filling = load_filling(filling_file)
    write_workbook(folder / "book.xlsx", load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    return process(folder / "book.xlsx")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Filed:
    """A unit of 衡阳 2022, in 万元."""
    return _process(Path(__file__).parent / "clean_unit.yaml", tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def xiangxi(tmp_path_factory: pytest.TempPathFactory) -> Filed:
    """A unit of 湘西 2021, whose indicators are rows of a score sheet."""
    return _process(demo.UNITS / "xiangxi-2021.yaml", tmp_path_factory.mktemp("xiangxi"))


def _differences(text: str, filed: Filed) -> list[Finding]:
    found = told(text, filed.ruleset, filed.submission, year=filed.ruleset.year)
    return [one for one in found if one.rule_id == "ZW-16"]


def _said(text: str, filed: Filed) -> list[tuple[str, str, str]]:
    return [(one.severity, one.expected, one.actual) for one in _differences(text, filed)]


CASES = {
    "one figure": ("2022年“三公”经费决算9.4万元。", [("error", "9.50 万元", "9.4 万元")]),
    "as finely as it is printed": ("2022年“三公”经费决算9.5万元。\n2022年公用经费决算65.3万元。\n2022年公用经费决算652500元。", []),
    "元 against 万元": ("2022年公用经费决算652600元。", [("error", "65.25 万元", "652600 元")]),
    "budget and final account are two": ("2022年“三公”经费预算11万元，决算9.5万元。", []),
    "the budget differs": ("2022年“三公”经费年初预算12万元。", [("error", "11.00 万元", "12 万元")]),
    "last year": ("2021年“三公”经费决算10万元。", []),
    "last year differs": ("2021年“三公”经费决算10.5万元。", [("error", "10.00 万元", "10.5 万元")]),
    "a year of which the tables say nothing": ("2020年“三公”经费决算7万元。", []),
    "a goal, a change, an approximation": ("2022年“三公”经费计划压减1万元，约8万元，比上年减少0.5万元。", []),
    "people": ("核定编制20名，年末在职人员17人。", [("error", "18 人", "17 人")]),
    "people in post": ("核定编制20名，年末在编人员17人。", [("warning", "18 人", "17 人")]),
    "both told, one of them as in the table": ("在职人员21人，其中在编人员18人。", []),
    "posts that were cut": ("核定编制22名（后核减2名）。", []),
    "a project by its name": ("招商活动项目29万元。", [("error", "28.00 万元", "29 万元")]),
    "a project's own figures": ("招商活动项目30万元。\n招商活动项目28万元。", []),
    "another project": ("宣传活动项目29万元。", []),
}


@pytest.mark.parametrize("text, wanted", CASES.values(), ids=CASES)
def test_text_is_held_against_the_tables(text: str, wanted: list, clean: Filed) -> None:
    assert _said(text, clean) == wanted


def test_difference_names_both_places(clean: Filed) -> None:
    [found] = _differences("2022年“三公”经费决算9.4万元。", clean)
    assert found.cells == ("基础数据表!E18",) or found.cells[0].startswith("基础数据表!")
    assert [place.quote for place in found.places] == ["9.4万元"]
    assert "差 0.1 万元" in found.message and found.delta == "-0.1 万元"


SCORES = {
    "an indicator": ("①预算调整率（5分）：得3分。", [("error", "4 分", "3 分")]),
    "as in the table": ("①预算调整率（5分）：得4分。\n②绩效目标合理性（3分）：得满分3分。", []),
    "an indicator of no table": ("①创新工作（5分）：得3分。", []),
    "the total": ("总绩效95分。", [("error", "94 分", "95 分")]),
    "the total as in the table": ("总绩效94分。", []),
    "a tail of what a calculation divides by": (
        "完成率＝（上年结转+年初预算+本年追加-年末结余）÷（上年结转+年初预算+本年追加）×100%"
        "＝（47.83万元+68.16万元+30.95万元-22.01万元）÷（47.83万元+68.16万元+30.95万元）＝85.02%。",
        [("rounding", "146.95 万元", "146.94 万元")]),
    "no tail but another figure": (
        "完成率＝（上年结转+年初预算+本年追加-年末结余）÷（上年结转+年初预算+本年追加）×100%"
        "＝（40万元+68.16万元+30.95万元-22.01万元）÷（40万元+68.16万元+30.95万元）＝84.18%。", []),
}


@pytest.mark.parametrize("text, wanted", SCORES.values(), ids=SCORES)
def test_scores_are_held_against_the_score_sheet(text: str, wanted: list, xiangxi: Filed) -> None:
    assert _said(text, xiangxi) == wanted


@pytest.mark.parametrize("total, grade, wanted", [("89", "优", ["良"]), ("90", "优", []), ("70", "较差", []), ("70", "良", ["较差"])])
def test_grade_goes_by_the_scale_of_the_rule_set(total: str, grade: str, wanted: list[str], xiangxi: Filed) -> None:
    text = f"总绩效{total}分，评价等次为“{grade}”。"
    found = told(text, xiangxi.ruleset, None, year="2021")
    assert [one.expected for one in found if (one.rule_id, one.severity) == ("ZW-13", "error")] == wanted


def test_without_a_workbook_nothing_is_compared() -> None:
    assert [one for one in told("2022年“三公”经费决算9.4万元。", year="2022") if one.rule_id == "ZW-16"] == []
