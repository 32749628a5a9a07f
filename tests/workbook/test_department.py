"""A department's own forms: the sums of its units, in a workbook that validates by itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from department_units import FACTORS, OFFICE, UNITS, clean_filling, filed, filed_everywhere, node, three
from engines import cell_value, libreoffice_recalc_all
from fillings import EVERY_RULESET
from workbook_samples import formulas_in

import pyfuncs.workbook.department_gather as gathering
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.finding import Finding
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.result import Node, NodeResult
from pyfuncs.workbook.department import department_filling, department_workbook
from pyfuncs.workbook.names import CONSOLIDATED_SHEET
from pyfuncs.workbook.process import process
from pyfuncs.workbook.template import write_workbook

RULESETS = ("", *UNITS)                               # "": the plain example, of 430400/2022
ASKED = {"430400-2022-ZTZP-032", "430181-2021-ZTZP-045", "433100-2021-PFB-002"}


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Filed]]:
    return {name: three(tmp_path_factory.mktemp("units"), clean_filling(name)) for name in RULESETS}


@pytest.fixture(scope="module")
def books(units: dict[str, list[Filed]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("departments")
    return {name: written(folder / f"{name.replace('/', '-')}部门.xlsx", found) for name, found in units.items()}


def written(path: Path, units: Sequence[Filed]) -> Path:
    path.write_bytes(department_workbook(node(units), iter(units), OFFICE))
    return path


def errors(one: Filed) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.rule_id, finding.cells) for finding in one.findings if finding.must_fix]


def named(one: Filed, rule_id: str) -> list[Finding]:
    return [finding for finding in one.findings if finding.rule_id == rule_id]


def amounts(*units: Filed) -> dict[tuple[str, str], Decimal]:
    return {(total.form, total.name): total.value for total in node(units).totals}


def sheet_of_notes(path: Path) -> list[str]:
    return [row[0] for row in openpyxl.load_workbook(path)[CONSOLIDATED_SHEET].values if row[0]]


# -- three clean units ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULESETS)
def test_validates_with_nothing_that_must_be_fixed(name: str, units: dict[str, list[Filed]], books: dict[str, Path]):
    assert [errors(one) for one in units[name]] == [[], [], []]
    department = process(books[name])
    assert errors(department) == []
    assert (department.unit, department.ruleset.id, department.submission.consolidated) == (
        OFFICE, units[name][0].ruleset.id, 3)


@pytest.mark.parametrize("name", RULESETS)
def test_every_summed_item_is_the_sum_of_the_units(name: str, units: dict[str, list[Filed]], books: dict[str, Path]):
    wanted, found = amounts(*units[name]), amounts(process(books[name]))
    assert len(wanted) > 30
    # A total that the units left blank, over parts that they filled, is worked out by the form.
    more = {key for key in found if key not in wanted}
    assert {key: found[key] for key in wanted} == wanted
    assert more == ({("基础数据", f"项目支出.{column}") for column in ("上年决算", "本年预算", "本年决算")}
                    if name == "430181/2021" else set())


@pytest.mark.parametrize("name", RULESETS)
def test_a_node_of_a_consolidation_gives_the_same_forms(name: str, units: dict[str, list[Filed]]):
    consolidated, added = consolidate(Held(units[name])).root, node(units[name])
    made = [department_filling(one, iter(units[name]), OFFICE) for one in (consolidated, added)]
    assert made[0] == made[1]


@pytest.mark.parametrize("name", RULESETS)
def test_what_a_person_judges_is_asked_for_and_not_guessed(name: str, books: dict[str, Path]):
    department = process(books[name])
    judged = [item for item in department.submission.items if item.form in ("整体自评", "评分") and not item.formula
              and item.name.rpartition(".")[2] in ("得分", "说明", "原因") and item.cell]
    assert judged and [item.text for item in judged if item.text] == []
    asked = [finding for finding in department.findings if finding.rule_id in ASKED]
    assert asked and {finding.severity for finding in asked} == {"warning"}
    assert all(finding.advice.startswith("这是汇总生成的部门表，请部门填写。") for finding in asked)


@pytest.mark.parametrize("name", RULESETS)
def test_the_same_blanks_in_a_units_own_workbook_are_errors(name: str, units: dict[str, list[Filed]], tmp_path: Path):
    made = department_filling(node(units[name]), iter(units[name]), OFFICE)
    write_workbook(tmp_path / "单位.xlsx", units[name][0].ruleset, "formula", filling=made.filling)
    assert {rule for rule, _ in errors(process(tmp_path / "单位.xlsx"))} & ASKED


def test_says_that_it_was_consolidated(books: dict[str, Path]):
    assert [finding.message for finding in named(process(books[""]), "DQ-consolidated")] == [
        "这是由 3 个单位的自评表汇总生成的部门表，还空着的得分、原因等列为“请核实”。"]
    lines = sheet_of_notes(books[""])
    assert lines[0] == "示例局汇总说明"
    assert lines[-4:] == ["三、汇总的单位（3 个）", *(f"{number}．{name}" for number, name in enumerate(FACTORS, 1))]


def test_rates_are_worked_out_from_the_sums(tmp_path: Path):
    few = filed(tmp_path, "甲中心", clean_filling())
    many = filed(tmp_path, "乙中心", clean_filling(), changes={"基础数据!编制数": "5", "基础数据!在职人数": "5", "基础数据!控制率": "100%"})
    department = process(written(tmp_path / "部门.xlsx", [few, many]))
    printed = department.submission.item("基础数据", "控制率")
    assert (printed.value, department.figures["人员控制率", 0].value) == (Decimal("0.85"), Decimal("0.85"))


def test_stored_values_are_what_libreoffice_computes(books: dict[str, Path], tmp_path: Path):
    paths = list(books.values())
    for path, again in zip(paths, libreoffice_recalc_all(paths, tmp_path), strict=True):
        formulas = formulas_in(openpyxl.load_workbook(path))
        stored, computed = (openpyxl.load_workbook(one, data_only=True) for one in (path, again))
        different = {(sheet, cell): (before, after) for sheet, cell in formulas
                     if not _alike(before := stored[sheet][cell].value, after := computed[sheet][cell].value)}
        assert len(formulas) > 40 and different == {}


def _alike(stored: object, computed: object) -> bool:
    one, other = cell_value(stored), cell_value(computed)
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, abs=1e-9)
    return (one or "") == (other or "")


def test_the_edition_with_functions_validates_as_well(units: dict[str, list[Filed]], tmp_path: Path):
    (tmp_path / "部门.xlsx").write_bytes(department_workbook(node(units[""]), iter(units[""]), OFFICE, "addin"))
    department = process(tmp_path / "部门.xlsx")
    assert (department.submission.edition, errors(department)) == ("加载项版", [])


# -- rows and sheets of the units ----------------------------------------------------------------------


def test_projects_stand_one_by_one_with_their_unit(books: dict[str, Path], units: dict[str, list[Filed]]):
    department = process(books[""]).submission
    names = [f"招商引资工作（{name}）" for name in (OFFICE, "甲中心", "乙中心")]     # the department's own come first
    assert [item.text for item in department.items_of("项目", "项目名称")] == names
    assert [item.text for item in department.items_of("基础数据", "业务明细.名称") if item.text] == names
    assert [item.value for item in department.items_of("项目", "资金.全年执行")] == [45000, 225000, 787500]
    assert [item.value for item in department.items_of("项目", "得分合计")] == [Decimal(90)] * 3   # as the units judged them
    assert {item.text for item in department.items_of("项目", "实施单位")} == {"示例中心"}          # as the units wrote it


def test_a_project_without_its_unit_gets_it(tmp_path: Path):
    found = [filed(tmp_path, name, clean_filling(), changes={"项目!实施单位": ""}) for name in ("甲中心", "乙中心")]
    department = process(written(tmp_path / "部门.xlsx", found)).submission
    assert [item.text for item in department.items_of("项目", "实施单位")] == ["甲中心", "乙中心"]


def test_each_unit_is_a_row_among_the_organisations(books: dict[str, Path], units: dict[str, list[Filed]]):
    department = process(books["433100/2021"]).submission
    for table in ("收入", "支出", "三公经费", "固定资产"):
        assert [item.text for item in department.items_of("收支情况", f"{table}.机构")] == ["1、局机关", "2、甲中心", "3、乙中心"]
    income = {one.unit: one.submission.items_of("收支情况", "收入.收入合计")[1].value for one in units["433100/2021"]}
    assert [item.value for item in department.items_of("收支情况", "收入.收入合计")] == [
        income[name] for name in (OFFICE, "甲中心", "乙中心")]
    assert department.item("收支情况", "收入合计").value == sum(income.values())


def test_the_office_is_first_in_every_table_even_where_it_has_no_figures(units: dict[str, list[Filed]], tmp_path: Path):
    blank = {f"收支情况!收入.{column}#2": "" for column in ("收入合计", "上年结转", "公共财政拨款")}
    office = filed(tmp_path, OFFICE, clean_filling("433100/2021"), changes=blank)
    department = process(written(tmp_path / "部门.xlsx", [*units["433100/2021"][:2], office])).submission
    assert [[item.text for item in department.items_of("收支情况", f"{table}.机构")] for table in ("收入", "固定资产")] == [
        ["1、局机关", "2、甲中心", "3、乙中心"]] * 2
    assert [item.value for item in department.items_of("收支情况", "收入.公共财政拨款")] == [
        None, *(one.submission.items_of("收支情况", "收入.公共财政拨款")[1].value for one in units["433100/2021"][:2])]


def test_a_unit_that_filled_the_sums_alone_has_a_row(units: dict[str, list[Filed]], tmp_path: Path):
    parts = ("公务接待费", "公车运行", "公车购置", "出国费用", "三公经费合计")
    alone = {**{f"收支情况!三公经费.{column}#2": "" for column in parts}, "收支情况!三公合计": "1", "收支情况!接待汇总": "1"}
    one = filed(tmp_path, "丙中心", clean_filling("433100/2021"), changes=alone)
    department = process(written(tmp_path / "部门.xlsx", [*units["433100/2021"], one]))
    assert department.submission.item("收支情况", "三公经费.公务接待费", row=4).value == 10000
    assert department.submission.item("收支情况", "三公合计").value == 10000 * (Decimal(1) + 1 + Decimal("3.5") + Decimal("0.2"))


def test_indicators_of_the_units_are_listed_without_their_scores(books: dict[str, Path]):
    department = process(books[""]).submission
    rows = [[department.item("整体自评", f"指标.{column}", row=row).text for column in ("三级", "指标值", "完成值", "分值")]
            for row in (1, 2, 3, 4)]
    assert rows == [*(["招商考察（%s）" % name, "≥3次", "5次", ""] for name in (OFFICE, "甲中心", "乙中心")),
                    ["资料汇编完成率（示例局）", "=100%", "100%", ""]]


def test_more_projects_than_one_can_leaf_through_are_summed_by_unit(units: dict[str, list[Filed]], tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch):
    for name in ("PROJECTS", "ROWS", "RESULTS"):
        monkeypatch.setattr(gathering, name, 3)
    found = [*units[""], filed(tmp_path, "丙中心", clean_filling())]
    path = written(tmp_path / "部门.xlsx", found)
    department = process(path)
    assert errors(department) == []
    assert [(item.text, money.value) for item, money in zip(
        department.submission.items_of("项目", "项目名称"), department.submission.items_of("项目", "资金.全年执行"))] == [
        ("招商引资工作（示例局）", 45000), ("招商引资工作（甲中心）", 225000), ("其余 2 个单位合计", 787500 + 225000)]
    assert department.submission.item("基础数据", "业务专项.本年决算").value == Decimal(45000 + 225000 + 787500 + 225000)
    assert not [line for line in sheet_of_notes(path) if "归纳" in line]
    assert [line for line in sheet_of_notes(path) if "超过" in line] == [
        "《部门整体支出绩效评价基础数据表》的“业务明细”：各单位共有 4 行，超过 3 行，改为每个单位合计一行，最后一行是其余 2 个单位的合计；"
        "合计里只有金额，文字和得分见各单位自评表。",
        "《项目支出绩效自评表》：各单位共有 4 张，超过 3 张，改为每个单位合计一张，最后一张是其余 2 个单位的合计；"
        "合计里只有金额，文字和得分见各单位自评表。",
        "《部门整体支出绩效目标自评表》的“指标”：各单位共有 32 项指标，超过 3 项，没有列出，见各单位自评表。"]


def test_a_table_that_these_forms_lack_is_told(units: dict[str, list[Filed]], tmp_path: Path):
    path = written(tmp_path / "部门.xlsx", [*units["430181/2021"], *units[""][:1]])
    assert [line for line in sheet_of_notes(path) if line.startswith("没有列入")] == [
        "没有列入：《部门整体支出绩效评价基础数据表》的表“业务明细”里没有对应栏的数和文字（甲中心）。",
        "没有列入：《2021年部门整体支出绩效自评表》二级指标“服务对象满意度指标”的行（甲中心）。"]


# -- words ----------------------------------------------------------------------------------------------


def test_words_are_joined_unit_by_unit_while_they_are_short(tmp_path: Path):
    first, other = ({"整体自评!履职概述": text} for text in ("办展会。", "=1+1"))
    found = [filed(tmp_path, name, clean_filling(), changes=one) for name, one in (("甲中心", first), ("乙中心", other))]
    path = written(tmp_path / "部门.xlsx", found)
    item = process(path).submission.item("整体自评", "履职概述")
    assert item.text == "甲中心：办展会。\n乙中心：=1+1"
    long = filed(tmp_path, "丙中心", clean_filling(), changes={"整体自评!履职概述": "做" * 1000})
    item = process(written(tmp_path / "长.xlsx", [*found, long])).submission.item("整体自评", "履职概述")
    assert item.text == "3 个单位已填写，文字较长，见各单位自评表。"


def test_short_answers_are_the_departments_own_or_those_of_all(tmp_path: Path):
    contacts = {"甲中心": "张", "乙中心": "李", OFFICE: "王"}
    found = [filed(tmp_path, name, clean_filling("433100/2021"), changes={"基本情况!联系人": who})
             for name, who in contacts.items()]
    shown = [process(written(tmp_path / f"{count}.xlsx", found[:count])).submission.item("基本情况", "联系人").text
             for count in (1, 2, 3)]
    assert shown == ["张", "", "王"]


def test_the_notes_are_no_form_that_is_read(tmp_path: Path):
    found = [filed(tmp_path, name, clean_filling()) for name in ("甲中心", "2019年绩效评价中心")]
    path = written(tmp_path / "部门.xlsx", found)
    assert "2．2019年绩效评价中心" in sheet_of_notes(path)
    assert not [text for text in process(path).submission.texts if text.cell.startswith(CONSOLIDATED_SHEET)]


def test_the_notes_of_three_units(books: dict[str, Path]):
    lines = sheet_of_notes(books["433100/2021"])
    assert lines[lines.index("三、请留意") + 1:lines.index("四、汇总的单位（3 个）")] == [
        "《指标评分依据表》“本年“三公经费”预算数·计算用数”：甲中心、乙中心、示例局只填了合计，没有列明细，所以各项明细没有填，合计是各单位之和。"]
    lines = sheet_of_notes(books["430181/2021"])
    assert [line for line in lines if line.startswith("有的单位")] == [
        "有的单位没有填合计，按它填的明细计入：" + "、".join(
            f"《部门整体支出绩效自评基础数据表》“项目支出：·{column}”" for column in ("2020年决算数", "2021年预算数", "2021年决算数")) + "。"]


def test_a_text_from_a_unit_never_becomes_a_formula(tmp_path: Path):
    evil = {"整体自评!绩效目标": "=HYPERLINK(\"http://x\")", "项目!项目名称": "=1+1", "基础数据!业务明细.名称#1": "=cmd|'/c calc'!A1"}
    only = filed(tmp_path, "甲中心", clean_filling(), changes=evil)
    data = department_workbook(node([only]), iter([only]), OFFICE)
    book = openpyxl.load_workbook(io.BytesIO(data))
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in evil.values()]
    assert sorted(cell.value for cell in texts) == sorted(evil.values())
    assert not any(text[1:] in _formulas(data) for text in evil.values())


def _formulas(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    return "\n".join(text for sheet in sheets for text in re.findall(r"<f>(.*?)</f>", sheet))


# -- what the units brought -----------------------------------------------------------------------------


def test_a_fault_of_a_unit_stays_visible(units: dict[str, list[Filed]], tmp_path: Path):
    wrong = filed(tmp_path, "丙中心", clean_filling(), changes={"基础数据!三公经费.本年决算": "11.16"})
    path = written(tmp_path / "部门.xlsx", [*units[""], wrong])
    department = process(path)
    assert [rule for rule, _ in errors(department)] == [rule for rule, _ in errors(wrong)] == ["430400-2022-JCSJ-014"]
    assert department.submission.item("基础数据", "三公经费.本年决算").value == Decimal("10.16") * 10000 * Decimal("5.7") + 10000
    assert "丙中心的表有必须修改的错误，数已照原样汇总；请改正后重新汇总。" in sheet_of_notes(path)


def test_a_total_without_its_parts_makes_no_error_of_the_others(units: dict[str, list[Filed]], tmp_path: Path):
    bare = {f"基础数据!{row}.本年决算": "" for row in ("公务用车", "公车购置", "公车运行", "出国经费", "公务接待")}
    one = filed(tmp_path, "丙中心", clean_filling(), changes=bare)
    path = written(tmp_path / "部门.xlsx", [*units[""], one])
    department = process(path)
    assert (errors(one), errors(department)) == ([], [])
    assert department.submission.item("基础数据", "三公经费.本年决算").value == Decimal("10.16") * 10000 * Decimal("5.7")
    assert [department.submission.item("基础数据", f"{row}.本年决算").value for row in ("公务用车", "公务接待")] == [None, None]
    assert department.submission.item("基础数据", "公务接待.本年预算").value == Decimal("13.5") * 10000 * Decimal("5.7")
    assert ("《部门整体支出绩效评价基础数据表》“三公经费·2022 年决算数”：丙中心只填了合计，没有列明细，所以各项明细没有填，"
            "合计是各单位之和。") in sheet_of_notes(path)


def test_a_total_without_its_rows_gets_a_row_of_its_own(units: dict[str, list[Filed]], tmp_path: Path):
    bare = {f"基础数据!业务明细.{column}#1": "" for column in ("名称", "上年决算", "本年预算", "本年决算")}
    one = filed(tmp_path, "丙中心", clean_filling(), changes=bare)
    department = process(written(tmp_path / "部门.xlsx", [*units[""], one]))
    assert (errors(one), errors(department)) == ([], [])
    rows = [(name.text, money.value) for name, money in zip(
        department.submission.items_of("基础数据", "业务明细.名称"), department.submission.items_of("基础数据", "业务明细.本年决算"))]
    assert rows[3] == ("未列明细（丙中心）", Decimal(225000))


def test_tails_of_the_units_add_up_to_a_tail(tmp_path: Path):
    rounded = {"基础数据!三公经费.本年决算": "10.17"}                # 1.24 + 0 + 8.92 = 10.16
    found = [filed(tmp_path, f"{name}中心", clean_filling(), changes=rounded) for name in "甲乙丙丁戊己"]
    assert [errors(one) for one in found] == [[]] * 6
    department = process(written(tmp_path / "部门.xlsx", found))
    assert errors(department) == []
    tails = [(finding.severity, finding.delta) for finding in named(department, "430400-2022-JCSJ-014")]
    assert tails == [("rounding", "0.06 万元")]


def test_units_with_another_rule_set_and_in_yuan(units: dict[str, list[Filed]], tmp_path: Path):
    """What the other forms print elsewhere has no cell here: it is told, and two forms differ until it is typed in."""
    other = units["430181/2021"][0]
    found = [*units[""], other]
    path = written(tmp_path / "部门.xlsx", found)
    department = process(path)
    assert errors(department) == [("430400-2022-ZB-01", ("整体自评表!H7", "基础数据表!D23"))]
    assert department.submission.item("基础数据", "三公经费.本年决算").value == sum(
        one.submission.item("基础数据", "三公经费.本年决算").value for one in found)
    lines = sheet_of_notes(path)
    assert "用别的规则集填报的单位：甲中心（430181/2021）。表样上有的项目都已计入。" in lines
    lost = {total.name: total.value for total in node([other]).totals
            if (total.form, total.name) not in {(item.form, item.name) for item in department.submission.items}}
    assert set(lost) == {"预算调整.本年预算", "预算调整.本年决算", *(f"{row}.{column}" for row in ("财政拨款", "基本支出", "项目支出")
                                                        for column in ("全年预算", "全年执行"))}
    told = [line for line in lines if line.startswith("本表样没有这一项，没有填入")]
    assert all(any(f"合计 {value.normalize():f} 元" in line for line in told) for value in lost.values())


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_forms_of_every_rule_set_have_the_sums_and_no_new_error(ruleset_id: str, tmp_path: Path):
    found = [filed_everywhere(tmp_path, name, ruleset_id, amount) for name, amount in zip("甲乙丙", ("10", "11", "12.5"))]
    department = process(written(tmp_path / "部门.xlsx", found))
    known = {rule for one in found for rule, _ in errors(one)}
    assert [error for error in errors(department) if error[0] not in known] == []
    wanted, sums = amounts(*found), amounts(department)
    assert wanted and {key: sums.get(key) for key in wanted} == wanted


def test_a_node_without_a_counted_workbook_has_no_forms():
    with pytest.raises(ValueError, match="示例局"):
        department_workbook(NodeResult(Node("", OFFICE), 0, (), ()), iter(()), OFFICE)


def test_an_empty_department_is_judged_like_any_other(tmp_path: Path):
    """The mark does not excuse what is not a blank: here a project sheet is missing."""
    ruleset = load_ruleset("430400/2022")
    write_workbook(tmp_path / "空.xlsx", ruleset, "formula", marks=[("consolidated", "3")], entity=OFFICE)
    book = openpyxl.load_workbook(tmp_path / "空.xlsx")
    del book["项目1"]
    book.save(tmp_path / "空.xlsx")
    assert "DQ-missing-sheet" in {rule for rule, _ in errors(process(tmp_path / "空.xlsx"))}
