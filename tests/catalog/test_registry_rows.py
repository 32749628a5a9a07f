"""A rule set as rows of the registry workbook, and back: nothing is lost, whatever the data are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel

from pyfuncs.catalog import fields, forms, model
from pyfuncs.catalog.load import read_folder, read_marked
from pyfuncs.catalog.registry import Line, from_lines, to_rows
from pyfuncs.catalog.registry_diff import changes
from pyfuncs.catalog.registry_fields import is_blank, plain
from pyfuncs.catalog.registry_shapes import LIKE_PARENT, CellMark
from pyfuncs.catalog.registry_sheets import SHEETS
from pyfuncs.catalog.yaml_text import block, flow
from pyfuncs.catalog.marks import load_marked

SMALL = Path(__file__).parent / "ruleset" / "990000" / "2022"
BY_ID = ("cells", "labels", "columns", "tables", "groups", "rates", "scores", "checks", "grades", "codes",
         "cases", "inputs", "widths", "heights")


def small() -> dict[str, Any]:
    cases = {path.stem: read_marked(path, path.name) for path in SMALL.glob("cases/*.yaml")}
    return plain({**read_folder(SMALL), "cases": cases})


def read_back(rows: dict[str, list[dict[str, str]]]) -> tuple[Any, list[str]]:
    """What the rows say once they stand in cells: blank cells are no cells."""
    lines: dict[str, list[Line]] = {}
    for name, texts in rows.items():
        for number, row in enumerate(texts, 2):
            filled = {header: text for header, text in row.items() if not is_blank(text)}
            lines.setdefault(name, []).append(Line(CellMark(name, number, 1, f"A{number}"), filled))
    root, problems = from_lines(lines)
    return root, [str(problem) for problem in problems]


def same_order(one: Any, other: Any, key: str = "") -> bool:
    """Whether mappings by id have their entries in the same order, at every depth."""
    if isinstance(one, dict) and key in BY_ID and list(one) != list(other):
        return False
    pairs = ([(name, one[name], other[name]) for name in one] if isinstance(one, dict) else
             [(key, *pair) for pair in zip(one, other)] if isinstance(one, list) else [])
    return all(same_order(first, second, name) for name, first, second in pairs)


def test_the_small_rule_set_comes_back_in_the_same_order():
    root = small()
    back, problems = read_back(to_rows(root))
    assert (back, problems) == (root, [])
    assert same_order(root, back)
    assert to_rows(back) == to_rows(root)


_WORDS = st.sampled_from([
    "甲", "A1", "10", "true", "amount", "text", "1 或 2", "（空）", "[a", "{", "a=b", "　", " a ", "a: b", "#", "-",
    "\n甲", "乙\r丙", "\x07", "甲\u2028乙", "😀", "~", "0.10", "=1", "", "KB-01"])
_TEXTS = _WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_KEYS = _TEXTS | st.sampled_from([
    "forms", "form", "cells", "labels", "tail", "side", "note", "text", "group", "groups", "rows", "id",
    "rates", "scores", "checks", "grades", "cases", "inputs", "about", "tables", "columns", "preset", "fixed",
    "any", "points", "parameters", "basis", "head", "indicators", "page", "orientation", "widths", "codes",
    "status", "method", "limit", "judging", "基础", LIKE_PARENT])


def _larger(inner: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4)


_DATA = st.recursive(_TEXTS, _larger, max_leaves=12)


def with_names(root: dict[str, Any]) -> dict[str, Any]:
    """Each form and check with its own name in it, as files have it."""
    found = dict(root)
    for key, name in (("forms", "form"), ("checks", "id")):
        entries = root.get(key)
        if isinstance(entries, dict) and all(isinstance(entry, dict) for entry in entries.values()):
            found[key] = {own: {name: own, **entry} for own, entry in entries.items()}
    return found


@settings(max_examples=60)
@given(st.dictionaries(_KEYS, _DATA, max_size=4))
def test_nothing_is_lost_whatever_the_data_are(root: dict[str, Any]):
    back, problems = read_back(to_rows(root))
    assert problems == []
    assert with_names(back) == with_names(root)


@settings(max_examples=40)
@given(st.data())
def test_nothing_is_lost_of_a_rule_set_with_one_odd_place(data: st.DataObject):
    """One value anywhere in a right rule set replaced by anything."""
    root, place = small(), None
    place, key = data.draw(st.sampled_from(list(places(root))))
    place[key] = data.draw(_DATA)
    back, problems = read_back(to_rows(root))
    assert problems == []
    assert with_names(back) == with_names(root)


def places(data: Any):
    for key in data if isinstance(data, dict) else range(len(data)):
        yield data, key
        if isinstance(data[key], (dict, list)):
            yield from places(data[key])


@settings(max_examples=60)
@given(st.dictionaries(_TEXTS, _DATA, max_size=4))
def test_yaml_is_read_as_it_was_written(data: dict[str, Any]):
    assert load_marked(block(data), "") == data
    assert load_marked(flow(data), "") == data


def test_yaml_needs_few_quotes():
    data = {"名称": "衡阳市 2022 年度", "编号": "430400", "年月": "2023-03", "率": "-30.41%", "注": "甲: 乙",
            "行": "甲\n乙", "必填": "true", "无": "", "列": ["A", "2"], "公式": "SUM(甲, 乙) <= 1",
            "读法": {"any": ["2", "0"]}}
    assert block(data).splitlines() == [
        "名称: 衡阳市 2022 年度", '编号: "430400"', '年月: "2023-03"', "率: -30.41%", '注: "甲: 乙"', '行: "甲\\n乙"',
        "必填: true", '无: ""', '列: [A, "2"]', "公式: SUM(甲, 乙) <= 1", '读法: {any: ["2", "0"]}']


# -- columns follow the model ------------------------------------------------------------------------

# Keys that stand on other sheets, in other columns, or are rare enough for 其他.
ELSEWHERE = {
    "规则集": {"basis", "grades", "forms", "rates", "scores", "checks", "suspended", "beta",
             "codes", "hash"},
    "表单": {"widths", "heights", "head", "foot", "labels", "cells", "columns", "rows", "indicators", "tables",
           "tail"},
    "行": {"rows", "group"}, "明细表": {"columns", "groups"}, "指标组": {"groups"},
    "评分": {"parameters"}, "审核公式": {"diagnose"},
}
MODELS = {"规则集": model.RuleSet, "依据": model.Basis, "表单": forms.Form, "单元格": forms.Cell, "列": forms.Column,
          "行": forms.Row, "评分表": forms.Indicators, "明细表": forms.Table, "明细表列": forms.TableColumn,
          "指标组": forms.Group, "比率": model.Rate, "评分": model.Score, "审核公式": model.Check,
          "试行停用": model.Pause}


@pytest.mark.parametrize("name", MODELS)
def test_every_key_of_the_model_has_a_column(name: str):
    columns = {column.path[0] for column in SHEETS[name].fields if column.path}
    assert set(MODELS[name].model_fields) - columns == ELSEWHERE.get(name, set())


def test_every_choice_of_the_model_has_its_word():
    words, choices = {}, {}
    for name, model_ in MODELS.items():
        for column in SHEETS[name].fields:
            found = literals(model_, column.path)
            if found:
                choices[name, column.header], words[name, column.header] = found, set(column.kind.words)
    assert words == choices
    assert ("单元格", "类型") in words and ("表单", "纸张方向") in words


def literals(place: Any, path: tuple[str, ...]) -> set[str]:
    """What may be written at a path of keys, where that is a closed list."""
    for step in path:
        owners = [one for one in options(place) if isinstance(one, type) and issubclass(one, BaseModel)]
        place = next((one.model_fields[step].annotation for one in owners if step in one.model_fields), None)
    return {choice for option in options(place) if get_origin(option) is fields.Literal
            for choice in get_args(option)} - {""}


def options(place: Any) -> list[Any]:
    """The members of a union, without what annotates them."""
    arguments = get_args(place)
    if not arguments or get_origin(place) in (dict, list, fields.Literal):
        return [place]
    return [option for member in arguments for option in options(member)]


# -- what a workbook would change -----------------------------------------------------------------------


def test_changes_are_told_cell_by_cell():
    old, new = small(), small()
    new["rates"]["执行率"]["status"] = "assumed"
    new["rates"]["利用率"] = {"label": "利用率", "method": "利用率"}
    del new["checks"]["KB-04"]
    new["grades"] = dict(reversed(new["grades"].items()))
    new["basis"].append({"title": "又一份"})
    new["name"] = "新样例"
    assert changes(to_rows(old), to_rows(new)) == [
        "《规则集》“名称”：“样例” 改为 “新样例”",
        "《依据》“第 2 行”增加一行：又一份",
        "《比率》“执行率”“状态”：“有文件依据” 改为 “推定（没有文件依据）”",
        "《比率》“利用率”增加一行：利用率，利用率",
        "《审核公式》“KB-04”去掉一行：必须修改，部分不超过整体，whole=基础!指标 part=基础!指标，部分大于整体，请核对",
        "《等级》各行的次序变了",
    ]
    assert changes(to_rows(old), to_rows(old)) == []


def test_states_and_thresholds_come_back_each_from_its_own_column():
    root = small()
    pause = {"reason": "口径重定", "since": "2024-03-01"}
    root |= {"suspended": {"rate:基础!控制率": pause}, "beta": {"met:基础!指标.得分": pause}, "thresholds": {"unspent": "0.3"}}
    root["checks"]["KB-04"] |= {"status": "suspended", **pause}
    rows = to_rows(root)
    assert rows["试行停用"] == [
        {"部位": "停用", "审核项": "rate:基础!控制率", "原因": "口径重定", "起始日期": "2024-03-01"},
        {"部位": "试行", "审核项": "met:基础!指标.得分", "原因": "口径重定", "起始日期": "2024-03-01"}]
    assert not any(row.get("其他") for name in ("规则集", "审核公式") for row in rows[name] if row.get("编号") in ("", "KB-04"))
    assert read_back(rows) == (root, [])
