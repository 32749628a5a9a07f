"""The generated pages of the manual are those that the rule sets and declarations give now; what is written by
hand speaks of commands, buttons and pages that are there."""

from __future__ import annotations

import importlib.util
import re
import sys
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import click

from engines import formualizer_eval
from pyfuncs.catalog import load
from pyfuncs.catalog.codes import assign, derived_keys
from pyfuncs.helper.cli import COMMANDS, jixiao
from pyfuncs.udfs import FUNCTIONS, Argument, CellError, CellFailure, CellFunction

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "build"))               # the scripts there import each other


def script(name: str):
    spec = importlib.util.spec_from_file_location(f"build_{name}", ROOT / "build" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date() -> None:
    pages = script("manual").pages()
    assert [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text] == []
    folders = {ROOT / "docs" / name for name in ("functions", "rulesets")}
    there = {path for folder in folders for path in folder.iterdir()}
    assert there == {path for path in pages if path.parent in folders}


def test_a_page_for_each_function_and_an_index_that_leads_to_it() -> None:
    names = [f"{name}.md" for name in FUNCTIONS]
    pages = {path.name: text for path, text in script("manual").pages().items() if path.parent.name == "functions"}
    assert list(pages) == ["README.md", *names]
    assert re.findall(r"^\| \[\w+\]\((.*?)\)", pages["README.md"], re.MULTILINE) == names


def test_links_of_the_manual_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "addin" / "README.md", *(ROOT / "docs").rglob("*.md"),
             *(ROOT / "tests" / "manual").rglob("*.md")]
    links = [(page, target) for page in pages
             for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))]
    broken = [(page.name, target) for page, target in links
              if "://" not in target and not (page.parent / target).exists()]
    assert len(links) > 100 and broken == []


def small(monkeypatch, **changes):
    """The small rule set with a score sheet."""
    with monkeypatch.context() as patch:
        patch.setattr(load, "FOLDERS", (ROOT / "tests" / "catalog" / "score_sheet",))
        ruleset = load.load_ruleset("990300/2023")
    codes = assign({}, derived_keys(ruleset))
    return ruleset.model_copy(update={"codes": codes, **changes})


def rows_below(text: str, heading: str) -> list[str]:
    """The rows of the table below a heading, without its head."""
    lines = text.split(f"{heading}\n", 1)[1].split("\n#")[0].splitlines()
    return [line for line in lines if line.startswith("|")][2:]


def test_the_page_of_a_partial_rule_set(monkeypatch) -> None:
    text = "\n".join(script("manual").ruleset_page(small(monkeypatch)))
    assert "**只含已见到的部分，没有总分和等级。**" in text and "## 等级" not in text
    assert "- 样例市评分办法（样财〔2023〕3号，样例市财政局，2023-02，第 12 页）\n" in text
    assert rows_below(text, "## 表单") == [
        "| 数据 | 2023年数据表 | 万元 | 一张 | —— |",
        "| 评分 | 2023年评分表 | 万元 | 一张 | 有文件依据 2、见于已填表格 1、推定（没有文件依据） 1 |"]
    assert rows_below(text, "### 《评分表》") == [
        "| 投入 | 预算执行 | 预算完成率 | 5 | 达到 100% 计 5 分，每低 5% 扣 2 分 | 有文件依据 | 样例市评分办法附表 |",
        "| 过程 | 资金管理 | 违规次数 | 4 | 没有发生得满分；每发生一次扣 1 分，扣完为止。 | 推定（没有文件依据） |  |",
        "| 过程 | 资金管理 | 制度健全 | 3 | 由评价人在 0 与分值之间评定，须附依据。 | 见于已填表格 | 见到的一家单位的表 |"]
    assert rows_below(text, "### 总分和不单独印出的得分") == [
        "| 已知得分 |  | 《评分表》“得分”之和 | 见于已填表格 |  |"]
    assert rows_below(text, "### 参数、读法和不适用") == [
        "| 预算完成率得分 | 每低扣 | “预算完成率” | 满分界限 100%；一步 5 个百分点；每步扣 2 分；不足一步 算一步 或 不算 或 按比例；"
        "判断时 按准确值 | 不足一步的算一步；不足一步的不算；不足一步的按比例 | 得满分 |",
        "| 违规得分 | 按次扣 | 《数据表》“违规次数” | 每次扣 1 分 |  | 由人判断 |",
        "| 管理得分 | 评判 | 评价人填写 | 附依据 必须 |  | 由人判断 |"]


def test_the_tables_of_indicators_that_units_fill_in_are_part_of_the_tree() -> None:
    text = "\n".join(script("manual").ruleset_page(load.load_ruleset("430181/2021")))
    rows = rows_below(text, "### 《整体自评表》")
    assert len(rows) == 17
    assert rows[0] == "| 投入管理指标 | 预算编审管理 | 由单位填写 | 3 | 由单位按指标值和完成值评定 |  |  |"


def test_the_difference_from_a_parent_that_is_no_common_part(monkeypatch) -> None:
    manual, parent = script("manual"), small(monkeypatch)
    score = parent.scores["违规得分"].model_copy(update={"points": Decimal(2)})
    child = parent.model_copy(update={"name": "下一年", "extends": parent.id,
                                      "scores": {**parent.scores, "违规得分": score}})
    monkeypatch.setattr(manual, "load_ruleset", lambda ruleset_id: parent)
    text = "\n".join(manual.ruleset_page(child))
    assert "上级规则集：样例市 2023 年度（990300/2023）。" in text
    assert rows_below(text, "## 与上级规则集的差别") == ["| 得分 违规得分 分值 | 4 分 | 2 分 |"]
    common = parent.model_copy(update={"abstract": True})
    monkeypatch.setattr(manual, "load_ruleset", lambda ruleset_id: common)
    assert "与上级规则集的差别" not in "\n".join(manual.ruleset_page(child))


def test_the_index_of_rule_sets(monkeypatch) -> None:
    rulesets = [small(monkeypatch), load.load_ruleset("430181/2021")]
    sure = script("manual").sureness([*rulesets[1].rates.values(), *rulesets[1].scores.values()])
    assert rows_below(script("manual").index_page(rulesets), "# 规则集一览") == [
        "| [990300/2023](990300-2023.md) | 样例市 2023 年度 | 《数据表》、《评分表》 | 《评分表》投入 5、过程 7 | —— | "
        "有文件依据 2、见于已填表格 2、推定（没有文件依据） 1 | 部分 |",
        "| [430181/2021](430181-2021.md) | 浏阳市 2021 年度 | 《基础数据表》、《整体自评表》、《项目表》（每个项目一张） | "
        "《整体自评表》投入管理指标 30、产出指标 25、效益指标 45；"
        "《项目表》预算执行 10、产出指标 50、效益指标 30 或 40、满意度指标 10 | 优、良、中、差 | " + sure + " | 否 |"]


def test_the_table_of_answers_asks_the_function_itself() -> None:
    """A row for each argument of the longest example; one value is replaced, of a column the first cell."""
    def answer(ruleset, scores, *more):
        """求和。

        示例：一格：=JX_SUM("甲",1) → 1
        示例：一列：=JX_SUM("甲",{1;2},3,4) → 10
        """
        if ruleset != "甲":
            raise CellFailure("#NAME?", "")
        if scores[0][0] == "#DIV/0!":
            return [[CellError("#DIV/0!"), True]]
        numbers = [cell for cell in (*(row[0] for row in scores), *more) if isinstance(cell, float)]
        return float(sum(numbers)) if len(numbers) == 4 else f"{len(numbers)} 个数" + "，" * 50

    names = (("ruleset", False), ("scores", False), ("more", True))
    function = CellFunction("JX_SUM", answer, "求和。", tuple(Argument(name, "", False, each) for name, each in names))
    three = "3 个数" + "，" * 35 + "…"
    assert list(script("manual_functions").answers(function)) == [
        ("ruleset", "#NAME?", "#NAME?", "#NAME?", "#NAME?", "#NAME?"),
        ("scores", three, three, "9", three, "#DIV/0!；TRUE"),
        ("more 第 1 个", three, three, "7", three, three),
        ("more 第 2 个", three, three, "6", three, three)]


def test_the_page_of_a_function() -> None:
    text = "\n".join(script("manual_functions").function_page(FUNCTIONS["JX_ADJUSTMENT_RATE"], [
        load.load_ruleset("430111/2017"), load.load_ruleset("430400/2022")]))
    assert "`=JX_ADJUSTMENT_RATE(added, initial, [excluded])`" in text
    assert rows_below(text, "## 示例") == [
        "| 年初预算 90 万元，追加 45 万元 | `=JX_ADJUSTMENT_RATE(45,90)` | 0.5（50.00%） |",
        "| 其中政策性追加 36 万元 | `=JX_ADJUSTMENT_RATE(45,90,36)` | 0.1（10.00%） |",
        "| 净追减 9 万元 | `=JX_ADJUSTMENT_RATE(-9,90)` | -0.1（-10.00%） |"]
    assert rows_below(text, "## 填了空白、文字或错误值") == [
        "| added | #N/A | 不适用 | -0.4 | #N/A | #DIV/0! |",
        "| initial | #N/A | 不适用 | 不适用 | #N/A | #DIV/0! |",
        "| excluded | 0.5 | 不适用 | 0.5 | #N/A | #DIV/0! |"]
    assert rows_below(text, "## 哪些规则集用它") == [
        "| [长沙市雨花区 2017 年度](../rulesets/430111-2017.md) | 推定（没有文件依据）：预算控制率；见于已填表格：预算控制率_剔除 |"]


def test_every_command_is_in_the_manual_and_in_no_other_words() -> None:
    manual = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^jixiao ([a-z-]+)", manual, re.MULTILINE))
    assert told == set(COMMANDS)
    assert all(isinstance(jixiao.get_command(click.Context(jixiao), name), click.Command) for name in COMMANDS)


def test_the_check_list_goes_through_every_button_of_the_ribbon() -> None:
    """With the labels that the ribbon has; what it does not have is not asked for."""
    text = (ROOT / "tests" / "manual" / "README.md").read_text(encoding="utf-8")
    ribbon = ElementTree.parse(ROOT / "addin" / "excel" / "ribbon.xml").getroot()
    controls = ("button", "menu", "dropDown", "editBox")
    labels = {each.get("label") for each in ribbon.iter() if each.tag.rpartition("}")[2] in controls}
    assert {bold for bold in re.findall(r"\*\*(.+?)\*\*", text)} == labels


def test_the_formulas_of_the_check_list_give_what_it_says() -> None:
    text = (ROOT / "tests" / "manual" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| 3\.\d+ \| `=(JX_\w+\([^`]*\))` \| ([^（|]+)", text, re.MULTILINE)
    calls = {name: function.call for name, function in FUNCTIONS.items()}
    values = formualizer_eval({}, {f"A{row}": formula for row, (formula, _) in enumerate(rows, 1)}, calls)
    shown = [f"{value:.9f}".rstrip("0") if isinstance(value, float) else str(value) for value in values.values()]
    assert [formula.partition("(")[0] for formula, _ in rows] == [
        "JX_VERSION", "JX_EXECUTION_RATE", "JX_INDICATOR_SCORE", "JX_GRADE", "JX_EXPLAIN"]
    assert shown[1:4] == [told.strip() for _, told in rows[1:4]]
    assert shown[4].startswith(rows[4][1].strip().removesuffix("……"))


def test_the_manual_names_every_button_of_the_ribbon() -> None:
    text = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    ribbon = ElementTree.parse(ROOT / "addin" / "excel" / "ribbon.xml").getroot()
    groups = (each for each in ribbon.iter() if each.tag.endswith("}group"))
    labels = [each.get("label") for group in groups for each in group if each.tag.endswith(("}button", "}menu"))]
    rows = rows_below(text, "### Excel 里的“绩效自评”")
    told = [name for row in rows for name in row.split("|")[1].strip().split("、")]
    assert sorted(told) == sorted(labels)
