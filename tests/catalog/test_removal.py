"""`remove`: what of the parent does not hold. Who still speaks of it: malformed/removed-*.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyfuncs.catalog.load import load_raw
from pyfuncs.catalog.marks import Mark, RuleSetError, mark_of
from rule_folders import CHILD, ID, write


def child(folder: Path, *paths: str, more: str = "") -> list[str]:
    """A child that removes these paths; names of problems in its way, else none."""
    remove = "".join(f"- {path}\n" for path in paths)
    write(folder / "2023/ruleset.yaml", f"{CHILD}{more}remove:\n{remove}")
    try:
        load_raw("990000/2023")
    except RuleSetError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_what_is_removed_is_gone_with_its_lines_and_the_parent_keeps_it(folder: Path):
    assert child(folder, "rates/控制率", "checks/KB-02", "forms/基础/rows/基本", "forms/基础/rows/项目支出/detail",
                 "forms/基础/cells/满分/fixed", "forms/基础/tables/指标/groups/产出/groups/质量", "total", "forms/项目") == []
    raw, parent = load_raw("990000/2023"), load_raw(ID)
    base, grid = raw["forms"]["基础"], raw["forms"]["基础"]["rows"][0]
    assert list(raw["rates"]) == list(raw["rates"].marks) == ["执行率", "项目执行率"]
    assert list(raw["checks"]) == ["KB-01", "KB-03", "KB-04"]
    assert [row["id"] for row in grid["rows"]] == ["项目支出"] and len(grid["rows"].marks) == 1
    assert list(grid["rows"][0]) == ["id", "label"]
    assert "fixed" not in base["cells"]["满分"] and list(base["tables"]["指标"]["groups"]["产出"]["groups"]) == ["数量"]
    assert "total" not in raw and list(raw["forms"]) == ["基础"] and raw["order"] == ["基础"]
    assert "total" in parent and list(parent["forms"]) == ["基础", "项目"] and len(parent["rates"]) == 3
    assert mark_of(raw, ("forms", "基础", "rows", 0, "rows", 0), Mark("?", 0)).line == 27


def test_a_row_and_one_below_it_may_both_be_named(folder: Path):
    assert child(folder, "forms/基础/rows/支出", "forms/基础/rows/基本") == []
    assert load_raw("990000/2023")["forms"]["基础"]["rows"] == []


def test_equal_texts_beside_a_removed_one_stay(folder: Path):
    write(folder / "2022/forms/项目.yaml", "form: 项目\nstart: \"4\"\nlabel_at: A\nlike: \"4\"\n")
    assert child(folder, "forms/项目/start") == []
    assert load_raw("990000/2023")["forms"]["项目"] == {"form": "项目", "label_at": "A", "like": "4"}


def test_what_is_removed_may_be_written_anew(folder: Path):
    write(folder / "2023/rates.yaml", "控制率: {label: 另一个}\n")
    assert child(folder, "rates/控制率") == []
    assert load_raw("990000/2023")["rates"]["控制率"] == {"label": "另一个"}


def test_a_removal_is_not_inherited(folder: Path):
    assert child(folder, "rates/控制率") == []
    write(folder / "2024/ruleset.yaml", CHILD.replace("2023", "2024").replace("2022", "2023"))
    raw = load_raw("990000/2024")
    assert "remove" not in raw and "控制率" not in raw["rates"]


@pytest.mark.parametrize(("path", "hint"), [
    ("scores/总份", "是不是想写 scores/总分？"), ("checks/KB-22", "是不是想写 checks/KB-02、"),
    ("forms/基础/rows/基木", "是不是想写 forms/基础/rows/基本？"), ("form/基础", "是不是想写 forms/基础？"),
    ("forms/基楚/rows/基本", "是不是想写 forms/基础/rows/基本？"), ("rates/执行率/label/甲", "这一层有：（没有下级）；"),
    ("scores/", "这一层有：执行得分、总分；"), ("../990000", "这一层有：id、name、"), ("abstract", "这一层有：id、name、"),
])
def test_a_path_that_names_nothing(folder: Path, path: str, hint: str):
    found = child(folder, path)
    assert len(found) == 1 and found[0].startswith(
        f"990000/2023/ruleset.yaml 第 7 行：上级规则集 990000/2022 里没有“{path}”；{hint}")
    assert "例如 scores/项目总分、checks/KB-01、forms/基础数据/rows/印刷费" in found[0]
