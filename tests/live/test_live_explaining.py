"""说明 tells how a figure arises with this workbook's numbers, or what the form wants in the selected cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from live_books import parts, real_book, saved, select
from xlwings_engine import open_book

from pyfuncs.live import COMMANDS


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_book(tmp_path_factory.mktemp("原表"))


@pytest.mark.parametrize(("sheet", "cell", "first", "lines"), [
    ("基础数据表", "D5", "审核意见：", {"人员控制率（比率，表上印“控制率”）＝ 80.00%", "　计算：实际在职人数 12 ÷ 编制数 15 ＝ 80.00%",
                               "　表上填的：100%（《基础数据表》D5）", "　· 限额 ＝ 《基础数据表》B5“编制数”（个数）：15"}),
    ("整体自评表", "G4", "资金执行率（比率，表上印“资金执行率”）＝ 68.54%", {"　计算：执行数 346.17 ÷ 资金总额 505.05 ＝ 68.54%"}),
    ("基础数据表", "C5", "审核意见：", {"《基础数据表》“实际在职人数”", "  必须填写", "《基础数据表》C5“实际在职人数”（个数）：12"}),
    ("基础数据表", "C7", "审核意见：", {"  内容：金额，单位万元"}),
    ("基础数据表", "C8", "《基础数据表》“公用经费”的“2022 年预算数”",
     {"《基础数据表》C8“公用经费”的“2022 年预算数”（金额，单位万元）：303.01 万元", "　是下列各项之和"}),
    ("项目2", "G7", "项目执行率（比率，表上印“执行率”，《项目2》）＝ 100.00%", {"　计算：年度资金总额·全年执行数 18 ÷ 年度资金总额·全年预算数 18 ＝ 100.00%"}),
    ("计算过程", "B5", "公用经费控制率（比率，表上印“公用经费控制率”）＝ 23.01%", {"　计算：公用经费·2022 年决算数 69.72 ÷ 公用经费·2022 年预算数 303.01 ＝ 23.01%"}),
    ("计算过程", "B18", "等级（按 自评总分 定）＝ 优", {"　计算：总分 97 分，等级为“优”", "　· 自评总分（总分，表上印“自评总分”）＝ 97 分"}),
    ("封面", "C4", "填单位全称，与印章一致；各表的单位名称由此带出", set()),
    ("封面", "C5", "这一格是表样印好的，不用填。", set()),
    ("基础数据表", "A5", "这一格是表样印好的，不用填。", set()),
    ("计算过程", "A5", "这一格是表样印好的，不用填。", set()),
])
def test_what_a_cell_is_about(original: Path, sheet: str, cell: str, first: str, lines: set[str]):
    book = open_book(original)
    select(book, sheet, cell)
    said = COMMANDS["explain_cell"](book).split("\n")
    assert said[:2] == [f"《{sheet}》{cell}", first]
    assert lines - set(said) == set()


def test_of_a_repeated_form_only_the_selected_sheet_is_told(original: Path):
    book, said = open_book(original), {}
    for sheet in ("项目1", "项目2"):
        select(book, sheet, "D7")
        said[sheet] = COMMANDS["explain_cell"](book)
    assert said["项目1"].count("《项目1》D7") == 2 and "《项目2》" not in said["项目1"]
    assert said["项目2"].count("《项目2》D7") == 2 and "《项目1》" not in said["项目2"]


def test_it_only_looks(original: Path, tmp_path: Path):
    book = open_book(original)
    select(book, "基础数据表", "D5")
    before = parts(saved(book, tmp_path / "before.xlsx"))
    COMMANDS["explain_cell"](book)
    assert parts(saved(book, tmp_path / "after.xlsx")) == before


def test_without_a_selection_it_asks_for_one(original: Path):
    assert COMMANDS["explain_cell"](open_book(original)) == "请先选中一个单元格。"
