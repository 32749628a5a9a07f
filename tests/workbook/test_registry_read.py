"""A registry workbook with mistakes: each is told at its cell, in a clerk's words, all of them at once."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl.workbook import Workbook
from registry_books import SMALL, Edit, cells, number, registry

from pyfuncs.catalog.marks import MarkedDict, RuleSetError
from pyfuncs.catalog.registry import from_lines, in_order
from pyfuncs.catalog.registry_lint import lint_root
from pyfuncs.catalog.registry_sheets import SHEETS
from pyfuncs.workbook import registry_read
from pyfuncs.workbook.registry_files import draft_of, looked_at, read_root
from pyfuncs.workbook.registry_read import read_registry
from pyfuncs.workbook.safe_zip import Unreadable

AS_TEXT = "请把这一格设为文本格式，再照原样输入"
SHEET_NAMES = "、".join(SHEETS)


def read(path: Path, *edits: Edit) -> tuple[MarkedDict, list[str], list[str]]:
    """The data, what is wrong and what is doubtful, of the small registry after some edits."""
    reading = read_registry(registry(path, *edits))
    root, problems = from_lines(reading.lines, frozenset(reading.broken))
    return root, list(map(str, in_order([*reading.problems, *problems]))), list(map(str, reading.notes))


def rename(old: str, new: str) -> Edit:
    return lambda book: setattr(book[old], "title", new)


def remove(name: str) -> Edit:
    return lambda book: book.remove(book[name])


def move(sheet: str, area: str, columns: int) -> Edit:
    return lambda book: book[sheet].move_range(area, cols=columns)


def infinite(sheet: str, address: str) -> Edit:
    """A number that no program writes."""
    def edit(book: Workbook) -> None:
        book[sheet][address].value, book[sheet][address].data_type = "1e999", "n"
    return edit


MISTAKES: dict[str, tuple[list[Edit], list[str]]] = {
    "sheet-misspelt": ([rename("单元格", "单元隔")], [
        "《单元隔》：不认识的工作表“单元隔”；是不是想写 单元格？请改回原名；自己另加的工作表请移到别的文件",
        "《单元格》：没有这张工作表；没有内容也要保留它和它的表头，请从导出的登记表里补上"]),
    "sheet-of-ones-own": ([lambda book: book.create_sheet("草稿纸")], [
        f"《草稿纸》：不认识的工作表“草稿纸”；可以有：{SHEET_NAMES}。请改回原名；自己另加的工作表请移到别的文件"]),
    "sheet-of-forms-gone": ([remove("表单")], [                # nothing follows about every row of every form
        "《表单》：没有这张工作表；没有内容也要保留它和它的表头，请从导出的登记表里补上"]),
    "heading-misspelt": ([cells("比率", C1="方 法", D1="取什么")], [
        "《比率》C1：不认识的表头“方 法”；是不是想写 方法？请改正，或删去这一列",
        "《比率》D1：不认识的表头“取什么”；可以有：标识、名称、方法、取数、小数位、常见错法、高于此数时核实、参数、状态、来源、"
        "其他。请改正，或删去这一列"]),
    "heading-required": ([cells("比率", A1="标志")], [
        "《比率》：第 1 行缺少表头“标识”；请补上这一列",
        "《比率》A1：不认识的表头“标志”；是不是想写 标识？请改正，或删去这一列"]),
    "heading-twice": ([cells("比率", C1="名称")], [
        "《比率》C1：表头“名称”重复，B1 已经有了；请删去一列"]),
    "heading-of-the-rule-set": ([cells("规则集", B1="写什么")], [
        "《规则集》：第 1 行缺少表头“内容”；请补上这一列",
        "《规则集》B1：不认识的表头“写什么”；可以有：项目、内容、怎么填。请改正，或删去这一列"]),
    "merged-cells": ([lambda book: book["行"].merge_cells("B3:B4")], [
        "《行》B3：B3:B4 是合并单元格，只有左上角一格的内容算数；请取消合并，每格各填各的"]),
    "stray-cell-in-a-blank-row": ([cells("比率", E9="2")], [
        "《比率》E9：这一行只有这一格有内容“2”，没有填“标识”；请补齐，或清空这一格"]),
    "stray-cells-without-a-heading": ([cells("比率", Z3="算过了", Z4="对")], [
        "《比率》Z3：有内容“算过了”，但这一列没有表头；请移到有表头的列，或清空"]),
    "row-without-its-name": ([cells("单元格", C4=None)], [
        "《单元格》A4：这一行没有填“标识”；请补上"]),
    "row-without-its-place": ([cells("明细表列", A3=None, B3=None)], [
        "《明细表列》C3：这一行没有填“表单”“明细表”；请补上"]),
    "id-twice": ([cells("单元格", C4="编制数"), cells("比率", A3="控制率"), cells("审核公式", A3="KB-01")], [
        "《单元格》C4：“编制数”重复，第一次在 《单元格》C2；请改其中一个",
        "《比率》A3：“控制率”重复，第一次在 《比率》A2；请改其中一个",
        "《审核公式》A3：“KB-01”重复，第一次在 《审核公式》A2；请改其中一个"]),
    "id-twice-in-trees": ([cells("行", C4="基本"), cells("指标组", D4="数量")], [
        "《行》C4：“基本”重复，第一次在 《行》C3；请改其中一个",
        "《指标组》D4：“数量”重复，第一次在 《指标组》D3；请改其中一个"]),
    "figure-twice-in-a-case": ([cells("案例", E3="支出.预算")], [
        "《案例》F3：“支出.预算”写了两次，第一次在 《案例》F2；请删去一个"]),
    "number-that-is-none": ([infinite("比率", "G3")], [
        f"《比率》G3：不是有效的数；{AS_TEXT}"]),
    "date": ([number("依据", "D2", datetime.date(2023, 3, 1), "yyyy/m/d")], [
        f"《依据》D2：是日期，看不出原来怎样写；{AS_TEXT}，例如 2023-03"]),
    "formula": ([lambda book: book["单元格"].__setitem__("P7", "=SUM(B1:B2)")], [
        "《单元格》P7：是公式，程序不计算公式；请把这一格设为文本格式，把要写的内容当作文字输入，前面不加等号"]),
    "error-value": ([cells("单元格", P7="#REF!")], [
        "《单元格》P7：是错误值 #REF!；请重新输入"]),
    "control-characters": ([cells("比率", J2="甲_x0001_", J3="乙_xD800_")], [
        "《比率》J2：有看不见的控制字符，多半是从别处粘贴来的；请清空这一格，重新输入",
        "《比率》J3：有看不见的控制字符，多半是从别处粘贴来的；请清空这一格，重新输入"]),
    "type-unknown": ([cells("单元格", G3="金鹅", H3="对")], [
        "《单元格》G3：没有类型“金鹅”；是不是想写 金额？请写已有的：金额、数量、比率、分值、得分、文字、指标值、完成值",
        "《单元格》H3：没有这种写法“对”；请写已有的：是、否"]),
    "status-and-severity-unknown": ([cells("比率", I2="有依据"), cells("审核公式", B2="严重")], [
        "《比率》I2：没有状态“有依据”；是不是想写 有文件依据？请写已有的：有文件依据、见于已填表格、推定（没有文件依据）",
        "《审核公式》B2：没有程度“严重”；请写已有的：必须修改、请核实、尾差、提示"]),
    "part-unknown": ([cells("文字", B3="表围")], [
        "《文字》B3：没有部位“表围”；是不是想写 表脚、表尾、表头？请写已有的：表头、表内、表尾、表脚"]),
    "id-malformed": ([cells("单元格", C3="1号")], [
        "《单元格》C3：“1号”不能用作标识；只能由汉字、字母、数字、下划线组成，且不以数字开头，例如 三公经费"]),
    "form-and-table-unknown": ([cells("单元格", A3="基楚", A4="基楚"), cells("指标组", B3="指表")], [
        "《单元格》A3：没有表单“基楚”；是不是想写 基础？请写已有的：基础、项目；改正这里（下面还有 1 行），"
        "或在《表单》里加上“基楚”",
        "《指标组》B3：没有明细表“指表”；是不是想写 指标？请写已有的：指标、明细；改正这里，或在《明细表》里加上“指表”"]),
    "parent-unknown-and-in-a-circle": ([cells("行", B3="支初", B4="项目支出"), cells("指标组", C3="数量")], [
        "《行》B3：没有上级“支初”；是不是想写 支出？请写已有的：支出、基本、项目支出",
        "《行》B4：“项目支出”的上级绕成了圈；请核对各行的上级",
        "《指标组》C3：“数量”的上级绕成了圈；请核对各行的上级"]),
    "parents-without-end": ([cells("行", **{f"A{row}": "基础" for row in range(5, 20)},
                                   **{f"B{row}": f"甲{row - 1}" for row in range(6, 20)},
                                   **{f"C{row}": f"甲{row}" for row in range(5, 20)})], [
        f"《行》B{row}：“甲{row}”在第 8 级以下；请核对各行的上级" for row in range(13, 20)]),
    "rest-not-yaml": ([cells("单元格", X3="随便写", X4="甲: [1", X5="type: amount", X6="- 甲")], [
        "《单元格》X3：“随便写”应写成“键: 值”，一行一个，冒号用半角、后面空一格",
        "《单元格》X4：YAML 写法有误：方括号或花括号没有配对，或少了逗号。请检查缩进、冒号后的空格和引号，"
        "例如 label: \"其中：办公经费\"",
        "《单元格》X5：“type”在 《单元格》G5 已经写了；请删去一处",
        "《单元格》X6：“- 甲”应写成“键: 值”，一行一个，冒号用半角、后面空一格"]),
    "pairs-malformed": ([cells("评分", I2="cap 1"), cells("行", J2="比率=执行率\n比率=控制率")], [
        "《行》J2：“比率”写了两次；请删去一个",
        "《评分》I2：“cap 1”应写成“名称=值”，一行一个，例如 limit=1"]),
    "parameter-that-has-a-column": ([cells("评分", I2="status=verified")], [
        "《评分》I2：“status”在 《评分》N2 已经写了；请删去一处"]),
    "second-level-without-the-first": ([cells("评分", C2="二级")], [
        "《评分》C2：填了二级指标，没有填一级指标；请补上"]),
    "second-row-of-one-thing": ([cells("评分表", A2="基础", D2="A", A3="基础", D3="B")], [
        "《评分表》A3：这里只能有一行，第一行在 《评分表》A2；请删去一行"]),
    "case-incomplete": ([cells("案例", D7="2", E9=None, C10=None, B13="的分")], [
        "《案例》D7：第几张写的是“2”；应从 1 起接着写，这里可以写 1",
        "《案例》D9：没有填“名称”；请补上",
        "《案例》E10：没有填“表单”；请补上",
        "《案例》B13：没有内容“的分”；是不是想写 得分？请写已有的：单位、填报数、比率、得分、等级、其他"]),
    "case-sheets-half-numbered": ([cells("案例", D8=None, B15="其他", F15="乱写")], [
        "《案例》E8：“项目”的别的行写了第几张，这一行没有写；请补上",
        "《案例》F15：“其他”的值应写成 {键: 值}"]),
    "rule-set-key-unknown-and-twice": ([cells("规则集", A3="名字", A5="年度", A7=None, B7="是")], [
        "《规则集》A3：不认识的项目“名字”；是不是想写 名称？请改正",
        "《规则集》A6：“年度”重复，第一次在 《规则集》B5；请删去一行",
        "《规则集》B7：这一行没有填“项目”；请补上，或清空这一行"]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_cell(tmp_path: Path, name: str):
    edits, expected = MISTAKES[name]
    _, problems, notes = read(tmp_path / "登记表.xlsx", *edits)
    assert (problems, notes) == (expected, [])


def test_all_mistakes_are_told_at_once(tmp_path: Path):
    names = ("date", "type-unknown", "id-malformed", "stray-cell-in-a-blank-row", "pairs-malformed")
    _, problems, _ = read(tmp_path / "登记表.xlsx", *(edit for name in names for edit in MISTAKES[name][0]))
    assert sorted(problems) == sorted(message for name in names for message in MISTAKES[name][1])
    order = [list(SHEETS).index(problem[1:problem.index("》")]) for problem in problems]
    assert order == sorted(order)


SAME: dict[str, list[Edit]] = {
    "nothing": [],
    "columns-in-another-order": [move("比率", "C1:C4", 20)],
    "blank-rows": [lambda book: book["比率"].insert_rows(3, 2)],
    "sheets-in-another-order": [lambda book: book.move_sheet("比率", -5)],
    "guide-gone": [remove("说明")],
    "words-of-the-yaml-files": [cells("单元格", G2="count", H10="true"), cells("比率", I2="observed")],
    "headings-marked-and-broken": [cells("表单", A1=" 表单*", B1="代\n号")],
}


@pytest.mark.parametrize("name", SAME)
def test_what_makes_no_difference(tmp_path: Path, name: str):
    root, problems, notes = read(tmp_path / "登记表.xlsx", *SAME[name])
    assert (root, problems, notes) == (read_root(SMALL), [], [])


def test_full_width_signs_are_read_where_that_is_safe(tmp_path: Path):
    root, problems, _ = read(tmp_path / "登记表.xlsx", cells("单元格", D3="Ｃ１", G3="　数量 ", A3="　基础"),
                             cells("比率", D2="基础！在职人数\n\n基础！编制数", G3="１"),
                             cells("评分", I2="ｃａｐ＝1", H3="＝执行得分 + SUM(基础!指标.得分)"))
    assert (root, problems) == (read_root(SMALL), [])
    root, problems, _ = read(tmp_path / "登记表.xlsx", cells("文字", D2="（甲：１）"))
    assert (root["forms"]["基础"]["labels"]["A1"], problems) == ("（甲：１）", [])       # prose is kept


@pytest.mark.parametrize(("value", "number_format", "text", "note"), [
    (0.1, "General", "0.1", ""),
    (0.1, "0.00", "0.10", ""),
    (1234.5, "#,##0.00", "1234.50", ""),
    (5, "General", "5", ""),
    (0.6854, "0.00%", "68.54%", ""),
    (0.123456, "0.00", "0.123456", "显示为“0.12”，按 0.123456 读"),
    (2022, '0"年"', "2022", "显示为“2022年”，按 2022 读"),
    (1e20, "General", "100000000000000000000", "显示为“1E+20”，按 100000000000000000000 读"),
    (True, "General", "是", ""),
])
def test_a_number_is_read_as_it_is_shown(tmp_path: Path, value: object, number_format: str, text: str,
                                         note: str):
    root, problems, notes = read(tmp_path / "登记表.xlsx", number("比率", "J2", value, number_format))
    assert (root["rates"]["控制率"]["source"], problems) == (text, [])
    assert notes == ([f"《比率》J2：这一格存的是数，{note}；不对的话，{AS_TEXT}"] if note else [])


def test_nothing_may_be_written_out(tmp_path: Path):
    """（空） says that there is nothing, where the parent has something; a blank cell says nothing."""
    root, _, _ = read(tmp_path / "登记表.xlsx", cells("单元格", S6="（空）", Q5="(空)"), cells("行", L3="比率=（空）"))
    form = root["forms"]["基础"]
    assert (form["cells"]["执行得分"]["max"], form["cells"]["满分"]["fixed"]) == ("", "")
    assert form["rows"][0]["rows"][0]["fixed"] == {"比率": ""}


def test_more_rows_than_any_rule_set_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _, problems, _ = read(tmp_path / "登记表.xlsx", cells("比率", A5001="又一个"))
    assert problems == ["《比率》A5001：超过 5000 行；请删去多余的行"]
    monkeypatch.setattr(registry_read, "MOST_TEXT", 10)
    with pytest.raises(Unreadable) as told:
        read_registry(tmp_path / "登记表.xlsx")
    assert "多得不合情理" in str(told.value)


def test_what_is_no_registry(tmp_path: Path):
    other = Workbook()
    other.save(tmp_path / "别的.xlsx")
    with pytest.raises(Unreadable) as told:
        read_registry(tmp_path / "别的.xlsx")
    assert str(told.value) == "文件“别的.xlsx”不是规则登记表，里面没有《规则集》《表单》这些工作表。"
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    with pytest.raises(Unreadable):
        read_registry(tmp_path / "坏.xlsx")


def test_a_sheet_that_is_broken_is_told_and_the_others_are_read(tmp_path: Path):
    whole, path = registry(tmp_path / "原.xlsx"), tmp_path / "登记表.xlsx"
    broken = f"xl/worksheets/sheet{openpyxl.load_workbook(whole).sheetnames.index('表单') + 1}.xml"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet" if name == broken else old.read(name))
    reading = read_registry(path)
    assert [str(problem).partition("文件")[0] for problem in reading.problems] == ["《表单》：读不了："]
    assert from_lines(reading.lines, frozenset(reading.broken))[1] == []


_VALUES = st.sampled_from([
    None, 0, 1.5, True, "", " ", "甲", "基础", "[", "{a: [", "a: b", "a=b", "a=[1", "../x", "CON", "=1", "1 或 2",
    "（空）", "是", "🙂" * 40, "- - - - a", "_xD800_", "[" * 60, "a:\n" * 60, datetime.date(2022, 1, 1)])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(list(SHEETS)), st.integers(1, 9), st.integers(1, 26), _VALUES),
                min_size=1, max_size=5))
def test_no_slip_of_the_hand_breaks_the_reader(tmp_path: Path, slips: list):
    """Any cells replaced by anything: problems are told at cells, and what has none can be looked at."""
    def spoil(book: Workbook) -> None:
        for sheet, row, column, value in slips:
            book[sheet].cell(row, column).value = value

    reading = read_registry(registry(tmp_path / "登记表.xlsx", spoil))
    root, problems = from_lines(reading.lines, frozenset(reading.broken))
    assert all(problem.mark.file in SHEETS for problem in [*reading.problems, *problems])
    try:
        draft = draft_of(root)
    except RuleSetError:
        return
    if not reading.problems and not problems:
        looked_at(draft, lambda made: lint_root(read_root(made)))
