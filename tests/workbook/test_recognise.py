"""Which rule set a workbook belongs to, whose it is and for which year, by its own words alone."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from own_layouts import UNITS, VARIANTS, own_books
from pyfuncs.catalog.load import beside, load_ruleset, ruleset_ids
from pyfuncs.workbook.grid import Grid, RawCell
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.names import COVER_SHEET, IDENTITY_SHEET
from pyfuncs.workbook.recognise import Recognition, entity_of, recognise, year_of
from pyfuncs.workbook.source import open_source

SMALL = Path(__file__).resolve().parents[1] / "catalog" / "ruleset" / "990000" / "2022"
TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "workbook_templates").glob("*/*.xlsx"))
RULESETS = [one for one in ruleset_ids() if not load_ruleset(one).abstract]
# Rule sets of one region whose forms differ in nothing but the year.
TWINS = {"430000/2020", "430000/2021", "430111/2017", "430111/2022", "530000/2020", "530000/2022"}
OWN = [(unit, *variant) for unit in UNITS for variant in VARIANTS]


def grid(*rows: Sequence[object], name: str = "表", **more) -> Grid:
    cells = {(row, column): RawCell(value) for row, values in enumerate(rows, 1)
             for column, value in enumerate(values, 1) if value is not None}
    return Grid(name, cells, **more)


def rewritten(grids: Iterable[Grid], change: Callable[[str], str]) -> list[Grid]:
    return [replace(one, cells={place: RawCell(change(cell.value) if isinstance(cell.value, str) else cell.value)
                                for place, cell in one.cells.items()}) for one in grids]


def stripped(path: Path) -> list[Grid]:
    """A template without what only our templates have."""
    return [replace(one, names={}) for one in open_source(path).grids if one.name != IDENTITY_SHEET]


def told(found: Recognition | None) -> tuple[str, str, bool] | None:
    return (found.ruleset.id, found.ruleset.year, found.exact) if found else None


@pytest.fixture(scope="module")
def templates() -> dict[Path, list[Grid]]:
    return {path: stripped(path) for path in TEMPLATES}


def ruleset_of(path: Path) -> str:
    return path.parent.name.replace("-", "/")


def test_both_editions_of_every_template(templates: dict[Path, list[Grid]]) -> None:
    assert {ruleset_of(path) for path in templates} == set(RULESETS) and len(templates) == 2 * len(RULESETS)
    found = {path.name: told(recognise(grids)) for path, grids in templates.items()}
    assert found == {path.name: (ruleset_of(path), ruleset_of(path)[-4:], True) for path in templates}


def test_every_template_without_its_cover(templates: dict[Path, list[Grid]]) -> None:
    """What a unit pastes into a workbook of its own: no region, and the year only where the form prints it."""
    found = {path.name: told(recognise([one for one in grids if one.name != COVER_SHEET]))
             for path, grids in templates.items()}
    assert found == {path.name: (ruleset_of(path), ruleset_of(path)[-4:], True) for path in templates}


def test_without_a_year_only_what_no_other_rule_set_is_like(templates: dict[Path, list[Grid]]) -> None:
    found = {ruleset_of(path): recognise(rewritten(grids, lambda text: re.sub(r"20\d\d", "", text)))
             for path, grids in templates.items()}
    assert {name for name, one in found.items() if not one.exact} == TWINS
    assert all("表上没有写年度" in one.reason for name, one in found.items() if name not in TWINS)
    assert all("分不出是哪一个" in found[name].reason for name in TWINS)
    assert {name: told(recognise(rewritten(templates[path], lambda text: re.sub(r"20\d\d", "", text)), name[-4:]))
            for path in templates if (name := ruleset_of(path)) in TWINS} == {name: (name, name[-4:], True) for name in TWINS}


@pytest.mark.parametrize("year", ["2016", "2031"])
def test_another_year_is_judged_by_its_arithmetic_alone(templates: dict[Path, list[Grid]], year: str) -> None:
    found = {path: recognise(rewritten(grids, lambda text: re.sub(r"20\d\d(?=年|$)", year, text)))
             for path, grids in templates.items()}
    assert {one.exact for one in found.values()} == {False}
    assert {one.ruleset.year for one in found.values()} == {year}
    assert all(f"这是 {year} 年度的表" in one.reason and "只核对加总" in one.reason for one in found.values())
    for path, one in found.items():
        own = ruleset_of(path)
        assert one.ruleset.id == own or own in TWINS and one.ruleset.region == own[:6]
        assert not one.ruleset.grades and not one.ruleset.checks and not one.ruleset.total


def test_the_units_own_layouts_whole_and_disturbed(tmp_path: Path) -> None:
    books = dict(zip(OWN, own_books(OWN, tmp_path), strict=True))
    found = {name: (told(recognise(grids)), entity_of(grids))
             for name, book in books.items() for grids in [open_source(book.path).grids]}
    right = {"hengyang": (("430400/2022", "2022", True), "衡阳市投资促进事务中心"),
             "liuyang": (("430181/2021", "2021", True), "浏阳市招商引资服务中心"),
             "xiangxi": (("433100/2021", "2021", True), "湘西州投资促进事务中心")}
    assert found == {name: right[name[0]] for name in OWN}


BASE_DATA = (
    ("部门整体支出绩效评价基础数据表",), ("财政供养人员情况", "编制数", "2022年实际在职人数", "控制率"), (None, 15, 12, "80%"),
    ("经费控制情况", "2021年决算数", "2022年预算数", "2022年决算数"), ("三公经费",), ("1、公务用车购置和维护经费",),
    ("其中：公车购置",), ("公车运行维护",), ("2、出国经费",), ("3、公务接待",), ("项目支出：",),
    ("1、业务工作专项（一个项目一行）",), ("2、运行维护专项（一个项目一行）",), ("公用经费",), ("其中：办公经费",),
    ("水费、电费、差旅费",), ("会议费、培训费",), ("政府采购金额",), ("部门整体支出预算调整",), ("厉行节约保障措施",))


def dated(year: str) -> list[tuple]:
    """The base data of that year."""
    prior = str(int(year) - 1)
    return [tuple(value.replace("2021", prior).replace("2022", year) if isinstance(value, str) else value
                  for value in row) for row in BASE_DATA]


def test_the_region_decides_between_forms_that_are_alike() -> None:
    """One sheet that the province and one of its districts print alike."""
    district = grid(("填报单位：长沙市雨花区商务局",), *BASE_DATA)
    province = grid(("填报单位：湖南省招商局",), *dated("2020"))
    elsewhere = grid(("填报单位：云南省投资促进局",), *BASE_DATA)
    assert told(recognise([district])) == ("430111/2022", "2022", True)
    assert told(recognise([province])) == ("430000/2020", "2020", True)
    found = recognise([elsewhere])
    assert told(found) == ("430111/2022", "2022", False) and "单位名称或标题里不是长沙市雨花区" in found.reason


def test_a_district_is_not_judged_by_the_rules_of_its_province() -> None:
    found = recognise([grid(("填报单位：长沙市雨花区商务局",), *dated("2021"))])
    assert told(found) == ("430111/2022", "2021", False) and "没有这一年度的规则集" in found.reason


def test_a_hidden_copy_of_last_year_does_not_count() -> None:
    now = grid(("填报单位：长沙市雨花区商务局",), *BASE_DATA)
    old = grid(("填报单位：长沙市雨花区投促局",), *dated("2017"), visible=False)
    assert [told(recognise([old, old, now])), told(recognise([old]))] == [
        ("430111/2022", "2022", True), ("430111/2017", "2017", True)]


@pytest.mark.parametrize("rows", [
    [("2022年12月工资表",), ("单位名称", "甲中心", "部门名称", "办公室"),
     ("序号", "姓名", "职务", "基本工资", "合计", "备注"), (1, "张三", "科员", 3000, 3200)],
    [("课程表",), ("时间", "星期一", "星期二", "星期三"), ("第一节", "语文", "数学", "英语")],
    [("2022年度收入支出决算总表",), ("编制单位：某局", "单位：万元"), ("项目", "年初预算数", "全年预算数", "决算数"),
     ("一、基本支出", 1, 2, 3), ("二、项目支出", 1, 2, 3), ("三、上年结转", 1, 2)],
    [], [("x" * 10_000,)],
])
def test_a_foreign_workbook_is_nobodys(rows: list[tuple]) -> None:
    assert recognise([grid(*rows)]) is None
    assert recognise([]) is None


def test_a_huge_sheet_costs_little() -> None:
    """A form has some 400 cells: of a hundred thousand only the first are looked at."""
    def seconds(rows: int) -> float:
        huge = grid(*((f"{number}号事项：说明",) for number in range(rows)))
        start = time.process_time()
        assert (recognise([huge]), entity_of([huge]), year_of([huge])) == (None, "", "")
        return time.process_time() - start

    seconds(10)
    assert seconds(120_000) < 3 * seconds(20_000)


def test_a_rule_set_beside_the_workbook_is_known_too(tmp_path: Path) -> None:
    workbook, own = tmp_path / "甲.xlsx", tmp_path / "规则集" / "990001" / "2022"
    shutil.copytree(SMALL, own)
    head = own / "ruleset.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("990000", "990001"), encoding="utf-8")
    with beside(workbook):
        ruleset = load_ruleset("990001/2022", unfinished=True)
        own.with_suffix(".json").write_text(json.dumps({"id": ruleset.id, "hash": ruleset.hash}), encoding="utf-8")
        grids = [Grid(sheet.name, {(place.box.top, place.box.left): RawCell(place.text) for place in sheet.places})
                 for sheet in layout(ruleset).sheets]
        assert told(recognise(grids)) == ("990001/2022", "2022", True)
        head.write_text(head.read_text(encoding="utf-8").replace("region_name: ", "region_name: 新的"), encoding="utf-8")
        ruleset = load_ruleset("990001/2022", unfinished=True)
        own.with_suffix(".json").write_text(json.dumps({"id": ruleset.id, "hash": ruleset.hash}), encoding="utf-8")
        assert "与新的" in recognise(grids).reason
    found = recognise(grids)
    assert found is None or not found.exact


@pytest.mark.parametrize(("text", "name"), [
    ("填报单位（盖章）：衡阳市商务局　　　（2022年度）", "衡阳市商务局"), ("填报单位: 甲中心", "甲中心"),
    ("部门（单位）名称：湘西州投资促进事务中心（盖章）", "湘西州投资促进事务中心"), ("填报单位：甲中心 单位：元", "甲中心"),
    ("编制单位：乙局　　2022年度", "乙局"), ("填报单位：衡　　阳　　市　　局", "衡阳市局"),
    ("填报单位：", ""), ("填报单位：　　单位：元", ""), ("填报单位（盖章）", ""), ("填报单位：XX单位", ""),
    ("单位名称：××局", ""), ("填报单位：{entity}", ""), ("填报单位：　（2022年度）", ""), ("填报单位：单位名称", ""),
    ("单位名称是怎么来的", ""), ("填报单位：________", ""),
])
def test_the_units_name(text: str, name: str) -> None:
    assert entity_of([grid((text,))]) == entity_of([grid(text_above=(text,))]) == name


def test_the_units_name_beside_its_label() -> None:
    beside_it = grid(("部门\n名称", None, None, "衡阳市商务局"))
    assert entity_of([beside_it]) == "衡阳市商务局"
    assert entity_of([grid(("单位名称", "编制数"), ("实施单位", "乙中心", "主管部门", "丙局"))]) == "编制数"
    assert entity_of([grid(("实施单位", "乙中心", "主管部门", "丙局"))]) == "乙中心"
    assert entity_of([grid(("主管部门", "丙局")), grid(("填报单位：甲中心",))]) == "甲中心"


@pytest.mark.parametrize(("rows", "year"), [
    ([("（2022年度）",)], "2022"), ([("2021年部门整体支出绩效自评表",)], "2021"), ([("年　　度", "2022")], "2022"),
    ([("年度", 2022.0)], "2022"), ([("部门整体绩效自评表（2021年度）",)], "2021"),
    ([("二〇二二年部门整体支出绩效自评报告",)], "2022"), ([("二O二二年度部门整体支出绩效自评报告",)], "2022"),
    ([("2021年决算数", "2022年预算数", "2022年决算数")], "2022"),
    ([("2021年决算数", "2022年预算数", "2022年决算数"), ("（2021年度）",)], "2022"),      # one line left from last year
    ([("填报日期：2023年3月",)], ""), ([("2021年招商引资工作经费",)], ""), ([("（    年度）",)], ""),
    ([("（2021年度）",), ("（2022年度）",)], ""), ([], ""),
])
def test_the_year(rows: list[tuple], year: str) -> None:
    assert year_of([grid(*rows)]) == year
