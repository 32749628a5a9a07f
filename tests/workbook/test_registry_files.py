"""What was read from a registry workbook, as YAML files whose lines are known by their cells."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from registry_books import SMALL, Edit, cells, registry

from pyfuncs.catalog import load
from pyfuncs.catalog.marks import MarkedDict, RuleSetError
from pyfuncs.catalog.registry import from_lines, in_order
from pyfuncs.catalog.registry_fields import plain
from pyfuncs.catalog.registry_lint import lint_root
from pyfuncs.workbook import registry_files
from pyfuncs.workbook.registry_files import Draft, draft_of, looked_at, read_root, store
from pyfuncs.workbook.registry_read import read_registry

NAMED = {"部分不超过整体": {"whole": True, "part": True}}


def data(path: Path, *edits: Edit) -> MarkedDict:
    root, problems = from_lines(read_registry(registry(path, *edits)).lines)
    assert problems == []
    return root


def lint(root: MarkedDict) -> list[str]:
    draft = draft_of(root)
    found = looked_at(draft, lambda made: lint_root(read_root(made), NAMED))
    return list(map(str, in_order(map(draft.at_cell, found))))


def test_the_files_read_well(tmp_path: Path):
    texts = draft_of(data(tmp_path / "登记表.xlsx")).texts
    assert list(texts) == ["ruleset.yaml", "rates.yaml", "scoring.yaml", "checks.yaml", "forms/基础.yaml",
                           "forms/项目.yaml", "cases/样例.yaml"]
    assert texts["ruleset.yaml"] == """\
id: 990000/2022
name: 样例
region: "990000"
region_name: 样例市
year: "2022"
edition: "1"
total: 总分
order: [基础, 项目]
basis:
- title: 样例通知
  number: 样财〔2022〕1号
grades:
  优: "90"
  良: "80"
  差: "0"
"""
    assert texts["scoring.yaml"] == """\
执行得分:
  label: 得分
  points: "10"
  method: 按率
  value: 执行率
  na: ask
  status: verified
  cap: "1"
总分:
  label: 总分
  points: "100"
  formula: 执行得分 + SUM(基础!指标.得分)
  status: verified
"""
    assert texts["checks.yaml"].startswith("""\
- id: KB-01
  severity: error
  formula: 基础!支出.决算 = SUM(项目!执行数)
  at: [基础!支出.决算]
  message: 支出不一致
  advice: 请核对
  diagnose:
  - {formula: 基础!支出.决算 = SUM(项目!预算数), message: 填的是预算数}
- id: KB-02
""")
    assert texts["cases/样例.yaml"].splitlines()[-9:] == [
        '  - 预算数: "0"', '    执行数: "3"', "rates:", "  执行率: 75.0%", "  项目执行率: [75%, 不适用]", "scores:",
        '  执行得分: "7.5"', '  总分: "87.5"', "grade: 良"]


# Where it is told, and what must be said: the sentences themselves are lint's.
LINTED: dict[str, tuple[list[Edit], list[tuple[str, str]]]] = {
    "nothing": ([], []),
    "reference": ([cells("比率", D3="基础!支出.绝算\n基础!支出.预算")], [("《比率》D3", "绝算")]),
    "parameter": ([cells("评分", I2="cap=甲")], [("《评分》I2", "参数 cap")]),
    "formula": ([cells("审核公式", C3="基础!基本 <")], [("《审核公式》C3", "基础!基本 <")]),
    "choice-missing": ([cells("比率", I2=None)], [
        ("《比率》A2", "（在登记表里，status 是“状态”，可以填 有文件依据、见于已填表格、推定（没有文件依据））")]),
    "malformed": ([cells("评分", E2="十"), cells("单元格", D3="B"), cells("列宽行高", D2="宽")], [
        ("《列宽行高》D2", "：“宽”不是数字"), ("《单元格》D3", "：位置“B”应写成"), ("《评分》E2", "：“十”不是数字")]),
    "case": ([cells("案例", F14="88")], [("《案例》F14", "案例写的是 88")]),
    "row-of-a-tree": ([cells("行", G3="等于下级之和")], [
        ("《行》G3", "parts 是“与下级的关系”，可以填 等于下级之和、不小于下级之和、不核对")]),
    "column-of-a-table": ([cells("明细表列", Q5="分植")], [("《明细表列》Q5", "分植")]),
    "group-of-a-table": ([cells("指标组", F3="31")], [("《指标组》F2", "50")]),
    "parent-unknown": ([cells("规则集", B10="990000/2021")], [("《规则集》B10", "没有规则集“990000/2021”")]),
    "parent-is-itself": ([cells("规则集", B10="990000/2022")], [("《规则集》B10", "990000/2022")]),
}


@pytest.mark.parametrize("name", LINTED)
def test_what_lint_finds_is_told_at_its_cell(tmp_path: Path, name: str):
    edits, expected = LINTED[name]
    problems = lint(data(tmp_path / "登记表.xlsx", *edits))
    assert [problem.partition("：")[0] for problem in problems] == [cell for cell, _ in expected], problems
    assert all(words in problem for (_, words), problem in zip(expected, problems)), problems


def test_what_is_wrong_in_the_parent_is_told_in_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(SMALL, tmp_path / "990000" / "2021")
    for name, old, new in (("ruleset.yaml", "2022\n", "2021\n"), ("ruleset.yaml", '"2022"', '"2021"'),
                           ("rates.yaml", "基础!编制数", "基础!编制书")):
        path = tmp_path / "990000" / "2021" / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    monkeypatch.setattr(load, "FOLDERS", (tmp_path,))
    root = data(tmp_path / "登记表.xlsx", cells("规则集", B10="990000/2021"), cells("比率", D2=None))
    [problem] = lint(root)
    assert problem.startswith("990000/2021/rates.yaml 第 4 行：") and "编制书" in problem


@pytest.mark.parametrize(("key", "value", "message"), [
    ("id", None, "《规则集》：没有填编号，应是六位行政区划代码/年度，例如 430400/2022"),
    ("id", "../../tmp/x", "《规则集》B2：编号“../../tmp/x”应是六位行政区划代码/年度，例如 430400/2022"),
    ("id", "430400/..", "《规则集》B2：编号“430400/..”应是六位行政区划代码/年度，例如 430400/2022"),
    ("id", "湖南省/2022", "《规则集》B2：编号“湖南省/2022”应是六位行政区划代码/年度，例如 430400/2022"),
    ("forms", {"../../x": {}}, "《规则集》B19：“forms”不能写在这里；请填在《表单》里"),
    ("cases", "x", "《规则集》B19：“cases”不能写在这里；请填在《案例》里"),
])
def test_what_becomes_a_path_is_looked_at_first(tmp_path: Path, key: str, value: object, message: str):
    root = data(tmp_path / "登记表.xlsx", cells("规则集", B19="about: 甲"))
    rest = root.marks["about"]
    del root["about"]
    if value is None:
        del root[key], root.marks[key]
    else:
        root[key], root.marks[key] = value, root.marks[key] if key == "id" else rest
    with pytest.raises(RuleSetError) as told:
        draft_of(root)
    assert str(told.value) == message


_WRONG = "要用作文件名：由汉字、字母、数字组成，不超过 40 个字，也不能是 CON、NUL 这类系统名称；请改名"


@pytest.mark.parametrize(("name", "message"), [
    ("a/b", f"《案例》A2：案例的名字“a/b”{_WRONG}"),
    ("..", f"《案例》A2：案例的名字“..”{_WRONG}"),
    ("NUL", f"《案例》A2：案例的名字“NUL”{_WRONG}"),
    ("长" * 41, f"《案例》A2：案例的名字“{'长' * 30}…”{_WRONG}"),
])
def test_a_case_is_named_as_a_file_can_be(tmp_path: Path, name: str, message: str):
    root = data(tmp_path / "登记表.xlsx", cells("案例", **{f"A{row}": name for row in range(2, 16)}))
    with pytest.raises(RuleSetError) as told:
        draft_of(root)
    assert str(told.value) == message


def test_what_is_nested_too_deep_is_told(tmp_path: Path):
    root = data(tmp_path / "登记表.xlsx", cells("比率", K2="甲: " + "[" * 39 + "]" * 39))
    with pytest.raises(RuleSetError) as told:
        draft_of(root)
    assert str(told.value) == "《比率》A2：缩进或括号套得太深，最多 40 层；请检查缩进和没有配对的括号"


def test_names_that_differ_in_case_alone_are_one_file(tmp_path: Path):
    root = data(tmp_path / "登记表.xlsx", cells("案例", A15="Abc", **{f"A{row}": "abc" for row in range(2, 15)}))
    with pytest.raises(RuleSetError) as told:
        draft_of(root)
    assert str(told.value) == "《案例》A15：“Abc”与“abc”只有大小写不同，文件会互相覆盖；请改其中一个"


def test_files_appear_all_at_once_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    draft = draft_of(data(tmp_path / "登记表.xlsx"))
    write_text = Path.write_text

    def full_disk(path: Path, *arguments: str, **named: str) -> int:
        if path.name == "样例.yaml":
            raise OSError(28, "磁盘满了", str(path))
        return write_text(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(registry_files.Path, "write_text", full_disk)
        with pytest.raises(OSError):
            store(draft, tmp_path / "规则集")
    assert list((tmp_path / "规则集").rglob("*")) == []
    assert store(draft, tmp_path / "规则集") == tmp_path / "规则集" / "990000" / "2022"
    assert plain(read_root(tmp_path / "规则集" / "990000" / "2022")) == plain(read_root(SMALL))


def test_what_stands_there_is_never_overwritten(tmp_path: Path):
    target = tmp_path / "990000" / "2022"
    target.mkdir(parents=True)
    with pytest.raises(FileExistsError) as told:
        store(Draft("990000/2022", {"ruleset.yaml": "id: 990000/2022\n"}), tmp_path)
    assert str(told.value) == f"{target} 已经存在，没有覆盖；请先把它移走"
    assert list(target.iterdir()) == []
