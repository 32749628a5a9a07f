"""Loading: positions, what YAML may not do, `extends`, the search path."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pyfuncs.catalog import load
from pyfuncs.catalog.load import build, load_raw, load_ruleset, ruleset_ids
from pyfuncs.catalog.marks import Mark, RuleSetError, load_marked, mark_of, merge
from pyfuncs.catalog.messages import chinese

HERE = Path(__file__).parent
ID = "990000/2022"

CHILD = """id: 990000/2023
name: 下一年
year: "2023"
extends: 990000/2022
edition: "1"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HERE / "ruleset", tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(load, "FOLDERS", (tmp_path,))
    return tmp_path / "990000"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(call, *args) -> list[str]:
    with pytest.raises(RuleSetError) as error:
        call(*args)
    return [str(problem) for problem in error.value.problems]


# -- YAML with positions ---------------------------------------------------------------------------


def test_every_entry_knows_its_line_and_every_scalar_is_text():
    data = load_marked("甲: 0.10\n乙:\n- yes\n- {丙: 2021-01-01}\n", "a.yaml")
    assert data == {"甲": "0.10", "乙": ["yes", {"丙": "2021-01-01"}]}
    lines = {path: mark_of(data, path, Mark("?", 0)).line for path in
             [(), ("甲",), ("乙",), ("乙", 1), ("乙", 1, "丙"), ("乙", 1, "丁"), ("乙", "decimal", 0)]}
    assert lines == {(): 1, ("甲",): 1, ("乙",): 2, ("乙", 1): 4, ("乙", 1, "丙"): 4, ("乙", 1, "丁"): 4,
                     ("乙", "decimal", 0): 3}


@pytest.mark.parametrize(("text", "expected"), [
    ("甲: 1\n甲: 2\n", ["a.yaml 第 2 行：键“甲”重复，第一次在第 1 行；请删去一个"]),
    ("甲: &x [1]\n乙: *x\n", ["a.yaml 第 1 行：不支持 YAML 的 & 与 * 引用，请直接写出内容"]),
    ("? [甲]\n: 1\n", ["a.yaml 第 1 行：键必须是一个词，例如 label:"]),
    ("", ["a.yaml 第 1 行：文件是空的"]),
])
def test_what_yaml_may_not_do(text: str, expected: list[str]):
    assert problems(load_marked, text, "a.yaml") == expected


def test_several_mistakes_are_told_together(folder: Path):
    write(folder / "2022/rates.yaml", "甲: 1\n甲: 2\n")
    write(folder / "2022/scoring.yaml", "乙: [\n")
    assert [problem.partition("：")[0] for problem in problems(load_raw, ID)] == [
        "990000/2022/rates.yaml 第 2 行", "990000/2022/scoring.yaml 第 2 行"]


def test_a_file_that_is_not_utf8(folder: Path):
    (folder / "2022/rates.yaml").write_bytes("率: 甲".encode("gb18030"))
    assert problems(load_raw, ID) == ["990000/2022/rates.yaml 第 1 行：不是 UTF-8 编码；请另存为 UTF-8"]


# -- extends ---------------------------------------------------------------------------------------


def test_merging_is_key_by_key_and_keeps_the_lines_of_both():
    parent = load_marked("甲: {a: 1, b: 2}\n乙: [1, 2]\n丙: 3\n", "p.yaml")
    child = load_marked("乙: [3]\n甲: {b: 5, c: 6}\n", "c.yaml")
    merged = merge(parent, child)
    assert merged == {"甲": {"a": "1", "b": "5", "c": "6"}, "乙": ["3"], "丙": "3"}
    marks = {path: mark_of(merged, path, Mark("?", 0)) for path in [("甲", "a"), ("甲", "b"), ("乙",), ("丙",)]}
    assert marks == {("甲", "a"): Mark("p.yaml", 1), ("甲", "b"): Mark("c.yaml", 2), ("乙",): Mark("c.yaml", 1),
                     ("丙",): Mark("p.yaml", 3)}
    assert parent["甲"] == {"a": "1", "b": "2"}        # the parent serves other children unchanged


def test_a_child_overrides_by_id_and_inherits_the_rest(folder: Path):
    write(folder / "2023/ruleset.yaml", CHILD)
    write(folder / "2023/rates.yaml", "执行率: {decimals: \"1\"}\n")
    write(folder / "2023/checks.yaml", "- {id: KB-02, severity: error}\n")
    write(folder / "2022/codes.yaml", "\"parts:基础!支出\": \"001\"\n")
    parent, child = load_ruleset(ID), load_ruleset("990000/2023")
    assert (child.year, child.prior, child.region_name) == ("2023", "2022", parent.region_name)
    assert (child.rates["执行率"].decimals, child.rates["执行率"].args) == (1, parent.rates["执行率"].args)
    assert child.rates["控制率"] == parent.rates["控制率"]
    assert child.checks["KB-02"] == parent.checks["KB-02"].model_copy(update={"severity": "error"})
    assert child.checks["KB-01"] == parent.checks["KB-01"]
    assert (parent.codes, child.codes) == ({"parts:基础!支出": "001"}, {})     # numbers are a year's own
    assert child.hash != parent.hash


def test_forms_come_in_the_order_that_is_written(folder: Path):
    path = folder / "2022/ruleset.yaml"
    assert list(load_ruleset(ID).forms) == ["基础", "项目"]
    write(path, path.read_text(encoding="utf-8").replace("order: [基础, 项目]", "order: [项目]"))
    assert list(load_ruleset(ID).forms) == ["项目", "基础"]


def test_a_grandparent_that_is_missing_is_told_where_it_is_named(folder: Path):
    write(folder / "2023/ruleset.yaml", CHILD)
    path = folder / "2022/ruleset.yaml"
    write(path, path.read_text(encoding="utf-8") + "extends: 990000/none\n")
    found = problems(load_raw, "990000/2023")
    assert len(found) == 1 and found[0].startswith("990000/2022/ruleset.yaml 第 13 行：没有规则集“990000/none”")


def test_a_circle_of_parents(folder: Path):
    write(folder / "2023/ruleset.yaml", CHILD)
    path = folder / "2022/ruleset.yaml"
    write(path, path.read_text(encoding="utf-8") + "extends: 990000/2023\n")
    assert problems(load_raw, "990000/2023") == [
        "990000/2022/ruleset.yaml 第 13 行：extends 绕成了圈：990000/2023 → 990000/2022 → 990000/2023"]


def test_a_changed_parent_is_read_again(folder: Path):
    write(folder / "2023/ruleset.yaml", CHILD)
    path = folder / "2022/rates.yaml"
    assert load_ruleset("990000/2023").rates["执行率"].label == "执行率"
    assert load_ruleset("990000/2023") is load_ruleset("990000/2023")
    write(path, path.read_text(encoding="utf-8").replace("label: 执行率", "label: 支出执行率", 1))
    os.utime(path, ns=(1, 1))                          # clocks of some file systems tick once a second
    assert load_ruleset("990000/2023").rates["执行率"].label == "支出执行率"


# -- the model -------------------------------------------------------------------------------------


def test_a_detail_table_has_the_columns_of_its_grid_and_the_data_stays_as_written(folder: Path):
    raw = load_raw(ID)
    tables = build(raw).forms["基础"].tables
    assert list(tables["明细"].columns) == ["名称", "预算", "决算", "比率"]
    assert {column.consolidation for name, column in tables["明细"].columns.items()} == {"none"}
    assert list(raw["forms"]["基础"]["tables"]["明细"]["columns"]) == ["名称"]


def test_unknown_rule_sets_and_the_search_path(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert ruleset_ids() == [ID]
    assert problems(load_ruleset, "990000/2202") == [
        "990000/2202 第 1 行：没有规则集“990000/2202”；你是不是想写 990000/2022"]
    own = tmp_path / "规则集"
    shutil.copytree(folder / "2022", own / ID)
    rates = (own / ID / "rates.yaml").read_text(encoding="utf-8")
    write(own / ID / "rates.yaml", rates.replace("控制率", "编制率", 1))
    monkeypatch.setattr(load, "FOLDERS", (own, tmp_path))
    assert "编制率" in load_raw(ID)["rates"]            # the first folder wins


@pytest.mark.parametrize(("detail", "expected"), [
    ({"type": "missing", "loc": ("forms", "甲", "cells", "乙", "type"), "input": {}},
     "forms.甲.cells.乙.type：缺少“type”。请补上，例如 type: amount、count、rate、points、score、text、target、actual"),
    ({"type": "missing", "loc": ("rates", "甲", "args"), "input": {}},
     "rates.甲.args：缺少“args”。请补上，例如 args: […]"),
    ({"type": "extra_forbidden", "loc": ("forms", "甲", "rows", 0, "rows", 1, "detial"), "input": ""},
     "forms.甲.rows.0.rows.1.detial：不认识的键“detial”。是不是想写 detail？这里可以写："
     "detail、id、label、aliases、indent、parts、rows、rates、fixed、align、height"),
    ({"type": "extra_forbidden", "loc": ("forms", "甲", "tail", "heigths"), "input": ""},
     "forms.甲.tail.heigths：不认识的键“heigths”。是不是想写 heights？这里可以写：heights、labels、cells"),
    ({"type": "extra_forbidden", "loc": ("forms", "甲", "tables", "乙", "groups", "丙", "groups", "丁", "points",
                                         "Readings", "all"), "input": ""},
     "forms.甲.tables.乙.groups.丙.groups.丁.points.Readings.all：不认识的键“all”。这里可以写：any"),
])
def test_the_keys_that_are_named_are_those_of_the_place(detail: dict, expected: str):
    assert chinese(detail) == expected
