"""Loading: positions, what YAML may not do, `extends`, the model."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pyfuncs.catalog import load
from pyfuncs.catalog.load import build, load_raw, load_ruleset
from pyfuncs.catalog.marks import Mark, load_marked, mark_of, merge
from pyfuncs.catalog.messages import chinese
from pyfuncs.catalog.model import Row
from rule_folders import CHILD, ID, problems, write


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
    ("甲: &x [1]\n乙: *x\n", [f"a.yaml 第 {line} 行：不支持 YAML 的 & 与 * 引用，请直接写出内容" for line in (1, 2)]),
    ("甲: *乙\n", ["a.yaml 第 1 行：不支持 YAML 的 & 与 * 引用，请直接写出内容"]),
    ("? [甲]\n: 1\n", ["a.yaml 第 1 行：键必须是一个词，例如 label:"]),
    ("甲: &x 1\n", ["a.yaml 第 1 行：不支持 YAML 的 & 与 * 引用，请直接写出内容"]),
    ("", ["a.yaml 第 1 行：文件是空的；请写上内容，不需要的文件请删去"]),
    ("甲: 1\n乙: \x07\n", ["a.yaml 第 2 行：有不能显示的控制字符或不存在的字符代码；请删去，用普通文字重写这一行"]),
    ('甲: "\\UFFFFFFFF"\n', ["a.yaml 第 1 行：有不能显示的控制字符或不存在的字符代码；请删去，用普通文字重写这一行"]),
    ('甲: ["\\ud800"]\n', ["a.yaml 第 1 行：有不能显示的控制字符或不存在的字符代码；请删去，用普通文字重写这一行"]),
    ("[" * 5000, ["a.yaml 第 1 行：缩进或括号套得太深，最多 40 层；请检查缩进和没有配对的括号"]),
    ("[" * 41 + "]" * 41, ["a.yaml 第 1 行：缩进或括号套得太深，最多 40 层；请检查缩进和没有配对的括号"]),
])
def test_what_yaml_may_not_do(text: str, expected: list[str]):
    assert problems(load_marked, text, "a.yaml") == expected


@pytest.mark.parametrize(("text", "line", "reason"), [
    ("甲: 乙: 丙\n", 1, "这里不该有冒号（文字里的冒号要加引号），或缩进与上一行不一致"),
    ('甲: 1\n"乙"\n丙: 2\n', 3, "上一行少了冒号，或冒号后面没有空格"),
    ("甲: %1\n", 1, "文字以不能放在开头的符号起头（例如 %、@、`、制表符），要加引号"),
    ('甲: "乙\n', 2, "引号没有配对"),
    ('甲: "\\q"\n', 1, "双引号里的反斜杠 \\ 写法不对"),
    ('甲: "乙" 丙\n', 1, "缩进没有对齐，或引号、括号后面多了文字"),
    ("甲: [1, 2\n", 2, "方括号或花括号没有配对，或少了逗号"),
    ("甲: - 乙\n", 1, "“- ”的位置不对"),
    ("甲: ]\n", 1, "括号没有配对，或多了标点"),
    ("甲: 1\n---\n乙: 2\n", 2, "一个文件里不能用 --- 分成几份"),
    ("甲: !<乙\n", 1, "这一行读不懂"),
])
def test_what_can_not_be_read_is_told_in_words(text: str, line: int, reason: str):
    advice = "请检查缩进、冒号后的空格和引号，例如 label: \"其中：办公经费\""
    found = problems(load_marked, text, "a.yaml")
    assert [found[0].split("。")[0], found[0].split("。")[1]] == [f"a.yaml 第 {line} 行：YAML 写法有误：{reason}", advice]


def test_several_mistakes_are_told_together(folder: Path):
    write(folder / "2022/rates.yaml", "甲: 1\n甲: 2\n")
    write(folder / "2022/scoring.yaml", "乙: [\n")
    assert [problem.partition("：")[0] for problem in problems(load_raw, ID)] == [
        "990000/2022/rates.yaml 第 2 行", "990000/2022/scoring.yaml 第 2 行"]


def test_a_file_that_is_not_utf8(folder: Path):
    (folder / "2022/rates.yaml").write_bytes("率: 甲".encode("gb18030"))
    assert problems(load_raw, ID) == [
        "990000/2022/rates.yaml 第 1 行：不是 UTF-8 编码；请另存为 UTF-8，例如记事本“另存为”时把编码选成 UTF-8"]


def test_a_file_that_notepad_saved(folder: Path):
    """With a mark at its start and Windows' line ends."""
    path = folder / "2022/rates.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("utf-8"))
    assert list(load_raw(ID)["rates"]) == ["控制率", "执行率", "项目执行率"]


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
        "990000/2022/ruleset.yaml 第 13 行：extends 绕成了圈：990000/2023 → 990000/2022 → 990000/2023；"
        "请把其中一个 extends 改成别的规则集，或删去"]


def test_a_changed_parent_is_read_again(folder: Path):
    write(folder / "2023/ruleset.yaml", CHILD)
    path = folder / "2022/rates.yaml"
    assert load_ruleset("990000/2023").rates["执行率"].label == "执行率"
    assert load_ruleset("990000/2023") is load_ruleset("990000/2023")
    write(path, path.read_text(encoding="utf-8").replace("label: 执行率", "label: 支出执行率", 1))
    os.utime(path, ns=(1, 1))                          # clocks of some file systems tick once a second
    assert load_ruleset("990000/2023").rates["执行率"].label == "支出执行率"


def test_a_changed_grandparent_is_read_again(folder: Path):
    write(folder / "2023/ruleset.yaml", CHILD)
    write(folder / "2024/ruleset.yaml", CHILD.replace("2023", "2024").replace("990000/2022", "990000/2023"))
    assert "另一率" not in load_ruleset("990000/2024").rates
    path = folder / "2022/rates.yaml"
    write(path, path.read_text(encoding="utf-8").replace("\n执行率:", "\n另一率:", 1))
    os.utime(path, ns=(1, 1))
    assert "另一率" in load_ruleset("990000/2024").rates


def test_another_parent_is_read_from_then_on(folder: Path):
    """Extending another rule set, and a change of that one, are both seen."""
    shutil.copytree(folder / "2022", folder / "2021")
    head, rates = folder / "2021/ruleset.yaml", folder / "2021/rates.yaml"
    write(head, head.read_text(encoding="utf-8").replace("990000/2022", "990000/2021"))
    child = folder / "2023/ruleset.yaml"
    write(child, CHILD)
    load_ruleset("990000/2023")
    write(child, CHILD.replace("990000/2022", "990000/2021"))
    os.utime(child, ns=(1, 1))
    assert load_ruleset("990000/2023").rates["执行率"].label == "执行率"
    write(rates, rates.read_text(encoding="utf-8").replace("label: 执行率", "label: 支出执行率", 1))
    os.utime(rates, ns=(1, 1))
    assert load_ruleset("990000/2023").rates["执行率"].label == "支出执行率"


def test_a_second_parent_of_that_id_is_told_at_once(folder: Path, tmp_path_factory: pytest.TempPathFactory,
                                                    monkeypatch: pytest.MonkeyPatch):
    write(folder / "2023/ruleset.yaml", CHILD)
    load_ruleset("990000/2023")
    second = tmp_path_factory.mktemp("own")
    monkeypatch.setattr(load, "FOLDERS", (folder.parent, second))
    load_ruleset("990000/2023")
    shutil.copytree(folder / "2022", second / "990000/2022")
    assert ["有两套" in problem for problem in problems(load_ruleset, "990000/2023")] == [True]

# -- the model -------------------------------------------------------------------------------------


def test_a_detail_table_has_the_columns_of_its_grid_and_the_data_stays_as_written(folder: Path):
    raw = load_raw(ID)
    tables = build(raw).forms["基础"].tables
    assert list(tables["明细"].columns) == ["名称", "预算", "决算", "比率"]
    assert {column.consolidation for name, column in tables["明细"].columns.items()} == {"none"}
    assert list(raw["forms"]["基础"]["tables"]["明细"]["columns"]) == ["名称"]


@pytest.mark.parametrize(("detail", "expected"), [
    ({"type": "missing", "loc": ("forms", "甲", "cells", "乙", "type"), "input": {}},
     "forms.甲.cells.乙.type：缺少“type”。请补上，例如 type: amount、count、rate、points、score、text、target、actual"),
    ({"type": "missing", "loc": ("rates", "甲", "args"), "input": {}},
     "rates.甲.args：缺少“args”。请补上，例如 args: […]"),
    ({"type": "extra_forbidden", "loc": ("forms", "甲", "rows", 0, "rows", 1, "detial"), "input": ""},
     "forms.甲.rows.0.rows.1.detial：不认识的键“detial”。是不是想写 detail？"
     f"请改名或删去，这里可以写：detail、{'、'.join(key for key in Row.model_fields if key != 'detail')}"),
    ({"type": "extra_forbidden", "loc": ("forms", "甲", "tail", "heigths"), "input": ""},
     "forms.甲.tail.heigths：不认识的键“heigths”。是不是想写 heights？请改名或删去，这里可以写：heights、labels、cells"),
    ({"type": "extra_forbidden", "loc": ("forms", "甲", "tables", "乙", "groups", "丙", "groups", "丁", "points",
                                         "Readings", "all"), "input": ""},
     "forms.甲.tables.乙.groups.丙.groups.丁.points.all：不认识的键“all”。请改名或删去，这里可以写：any"),
    ({"type": "literal_error", "loc": ("forms", "甲", "unit"), "input": ["元"], "ctx": {"expected": "'元' or '万元'"}},
     "forms.甲.unit：列表不在可选值之内，应写 元、万元 之一，例如 unit: 元"),
    ({"type": "string_pattern_mismatch", "loc": ("checks", "4", "id"), "input": "4",
      "ctx": {"pattern": r"^[A-Z]{2,4}-\d{2,3}$"}},
     "checks.4.id：“4”的写法不对，应是 2 至 4 个大写字母、一个短横、2 或 3 位数字，例如 KB-01"),
    ({"type": "decimal_type", "loc": ("rates", "甲", "ask_above"), "input": []},
     "rates.甲.ask_above：这里应是一个数，现为 列表"),
    ({"type": "too_short", "loc": ("forms", "甲", "points", "Readings", "any"), "input": ["1"],
      "ctx": {"min_length": 2}},
     "forms.甲.points.any：至少要 2 项，例如 any: [\"2\", \"0\"]"),
    ({"type": "value_error", "loc": ("scores", "甲"), "input": {},
      "ctx": {"error": "method 与 formula 必须写一个、只写一个"}},
     "scores.甲：method 与 formula 必须写一个、只写一个；请补上一个，或删去一个"),
    ({"type": "something new", "loc": ("id",), "input": "甲"}, "id：写法不对，请核对（现为 “甲”）"),
])
def test_the_keys_that_are_named_are_those_of_the_place(detail: dict, expected: str):
    assert chinese(detail) == expected


def test_the_two_ways_of_writing_points_are_told_once(folder: Path):
    path = folder / "2022/forms/基础.yaml"
    text = path.read_text(encoding="utf-8")
    for wrong, told in [("五十", "“五十”不是数字，例如 \"0.5\""), ("{any: 甲}", "这里应是列表，例如 [甲, 乙]，现为 “甲”"),
                        ("[\"1\"]", "这里应是一个数，现为 列表")]:
        write(path, text.replace('points: "50"', f"points: {wrong}"))
        found = problems(load_ruleset, ID)
        assert len(found) == 1 and found[0].endswith(told)
