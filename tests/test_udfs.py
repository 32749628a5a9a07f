"""The functions a cell can call, with what spreadsheets hand over and what they get back."""
from __future__ import annotations

import ast
import inspect
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from pyfuncs import __version__, udfs
from pyfuncs.catalog import compiled
from pyfuncs.udfs import FUNCTIONS, CellFailure

RULESET = {
    "schema": 1, "id": "430400/2022", "name": "衡阳市 2022", "region": "430400", "year": "2022", "hash": "0",
    "rates": {"项目执行率": {"label": "执行率", "method": "执行率", "parameters": {"decimals": "2"}, "decimals": 2,
                         "args": ["项目!执行", "项目!预算"], "status": "observed", "basis": ""},
              "满意度": {"label": "满意度", "method": "满意度", "parameters": {}, "decimals": 2, "args": [],
                      "status": "observed", "basis": ""}},
    "scores": {"执行率得分": {"method": "按率", "value": "项目执行率", "status": "observed", "basis": "",
                         "parameters": {"points": "10", "cap": "1", "decimals": {"any": ["2", "0"]},
                                        "na": "ask"}},
               "行政效能": {"method": "评判", "value": "", "parameters": {"points": "6"}, "status": "observed",
                        "basis": ""},
               "总分": {"method": "", "formula": "SUM(得分)", "parameters": {}, "status": "observed",
                      "basis": ""}},
    "grades": [["优", "90"], ["良", "80"], ["中", "60"], ["差", "0"]],
    "checks": {"KB-01": {"formula": "基础数据!项目支出.本年决算 = SUM(项目!资金.全年执行)", "severity": "error",
                         "message": ""},
               "XY-01": {"formula": "", "severity": "warning", "message": ""}},
}
ID = "430400/2022"
DIV0 = -2146826281


@pytest.fixture(autouse=True)
def rulesets(tmp_path, monkeypatch):
    path = tmp_path / "430400" / "2022.json"
    path.parent.mkdir()
    path.write_text(json.dumps(RULESET), encoding="utf-8")
    monkeypatch.setattr(compiled, "FOLDERS", (tmp_path / "empty", tmp_path))
    compiled.load_compiled.cache_clear()
    yield
    compiled.load_compiled.cache_clear()


@pytest.mark.parametrize(("name", "cells", "result"), [
    ("JX_CONTROL_RATE", (12.0, 15.0), 0.8),
    ("JX_CONTROL_RATE", (((12.0,),), [[15.0]]), 0.8),
    ("JX_CONTROL_RATE", (12, 15), 0.8),
    ("JX_CONTROL_RATE", (0.1 + 0.2, 0.3), 1.0),
    ("JX_CONTROL_RATE", (12.0, 0.0), "不适用"),
    ("JX_CONTROL_RATE", (12.0, "不适用"), "不适用"),
    ("JX_CHANGE_RATE", (1.0, 3.0), -0.6666666666667),
    ("JX_COMPLETION_RATE", (99.11, 19.83, 28.0, 22.01), 0.8502109704641),
    ("JX_ADJUSTMENT_RATE", (45.0, 90.0), 0.5),
    ("JX_ADJUSTMENT_RATE", (45.0, 90.0, None), 0.5),
    ("JX_ADJUSTMENT_RATE", (45.0, 90.0, 36.0), 0.1),
    ("JX_EXECUTION_RATE", (346.17, 505.05), 0.6854172854173),
    ("JX_UTILISATION_RATE", (50.0, 50.0), 1.0),
    ("JX_SATISFACTION", ([[0.962], [0.96], [0.96]], ((50.0, 40.0, 10.0),)), 0.961),
    ("JX_SATISFACTION", (0.9, 1.0), 0.9),
    ("JX_RATE", (ID, "项目执行率", 1.0, 4.0), 0.25),
    ("JX_RATE", (ID, "满意度", [[0.9], [0.8]], [[1.0], [1.0]]), 0.85),
    ("JX_SCORE", (ID, "执行率得分", 0.6854), 6.85),
    ("JX_SCORE", (ID, "执行率得分", "不适用"), "不适用"),
    ("JX_SCORE", (ID, [["执行率得分", "行政效能"]], [[1.87, 5.5]]), [[10.0, 5.5]]),
    ("JX_SCORE", (ID, [["执行率得分"], [None], ["行政效能"]], [[1.0], [None], ["不适用"]]), [[10.0], [""], ["不适用"]]),
    ("JX_INDICATOR_SCORE", ("≥4次", 3.0, 10.0), 7.5),
    ("JX_INDICATOR_SCORE", ("≤90万元", "100万元", 10.0), 9.0),
    ("JX_WEIGHTED_SCORE", ([[10.0], [5.0], [5.0]], [[9.0], ["不适用"], [4.5]]), 90.0),
    ("JX_WEIGHTED_SCORE", ([[10.0], [5.0]], [["不适用"], ["不适用"]]), "不适用"),
    ("JX_GRADE", (ID, 89.6), "良"),
    ("JX_GRADE", (ID, "不适用"), "不适用"),
    ("JX_CHECK", (ID, "KB-01", 225300.0, [[22.53 * 10000], [None]]), True),
    ("JX_CHECK", (ID, "KB-01", 16.26 * 10000, 162600.0), True),  # 162600.00000000003 in floats
    ("JX_CHECK", (ID, "KB-01", 255000.0, [[225000.0], ["无"]]), False),
    ("JX_EXPLAIN", (ID, "执行率得分", 0.6854), "执行率 68.54%，按 10 分 × 68.54% 计 6.85 分"),
    ("JX_EXPLAIN", (ID, "项目执行率", 346.17, 505.05), "执行数 346.17 ÷ 预算数 505.05 ＝ 68.54%"),
    ("JX_EXPLAIN", (ID, "项目执行率", None, 505.05), "执行数没有填，没有计算"),
    ("JX_WAN", (225300.0,), 22.53),
    ("JX_VERSION", (), __version__),
])
def test_answers(name, cells, result):
    answer = FUNCTIONS[name].call(*cells)
    assert answer == result
    assert type(answer) is type(result)


@pytest.mark.parametrize(("name", "cells", "code", "reason"), [
    ("JX_CONTROL_RATE", (12.0, None), "#N/A", "有的数没有填，或不是数"),
    ("JX_CONTROL_RATE", (12.0, "15"), "#N/A", "有的数没有填，或不是数"),
    ("JX_CONTROL_RATE", (12.0, [[1.0], [2.0]]), "#N/A", "有的数没有填，或不是数"),
    ("JX_CONTROL_RATE", (12.0, DIV0), "#DIV/0!", "除数为 0"),
    ("JX_CONTROL_RATE", (12.0, "#REF!"), "#REF!", "引用的单元格有错误"),
    ("JX_CONTROL_RATE", (float("nan"), 1.0), "#NUM!", "数超出范围"),
    ("JX_CONTROL_RATE", (12.0,), "#VALUE!", "计算中出错，详情见日志"),
    ("JX_RATE", (ID, "执行率", 1.0, 2.0), "#NAME?", "规则集 430400/2022 里没有“执行率”，是不是“项目执行率”？"),
    ("JX_SCORE", ("430400/2023", "执行率得分", 1.0), "#NAME?", "没有规则集“430400/2023”；现有：430400/2022"),
    ("JX_SCORE", (ID, "执行率得分", None), "#N/A", "有的数没有填，或不是数"),
    ("JX_SCORE", (ID, "总分", 1.0), "#VALUE!", "“总分”不是按一个数打分的项目"),
    ("JX_SCORE", (ID, [["执行率得分"], ["行政效能"]], [[1.0]]), "#VALUE!", "评分项目与完成情况的单元格不一样多"),
    ("JX_INDICATOR_SCORE", ("优", 3.0, 10.0), "#VALUE!", "读不懂填写的内容"),
    ("JX_GRADE", (ID, None), "#N/A", "有的数没有填，或不是数"),
    ("JX_CHECK", (ID, "KB-01", 1.0), "#VALUE!", "这条公式要填 2 个数，现在填了 1 个"),
    ("JX_CHECK", (ID, "KB-01", None, 1.0), "#N/A", "有的数没有填，或不是数"),
    ("JX_CHECK", (ID, "XY-01", 1.0), "#VALUE!", "这条审核不是公式，只能由审核程序执行"),
    ("JX_CHECK", (ID, "KB-1", None, 1.0), "#NAME?", "规则集 430400/2022 里没有“KB-1”，是不是“KB-01”“XY-01”？"),
    ("JX_EXPLAIN", (ID, "总分", 1.0), "#VALUE!", "“总分”没有可以说明的算法"),
    ("JX_WAN", ("三万",), "#VALUE!", "读不懂填写的内容"),
])
def test_failures_are_errors_with_a_line_in_the_log(name, cells, code, reason, caplog):
    with pytest.raises(CellFailure) as caught:
        FUNCTIONS[name].call(*cells)
    assert (caught.value.code, caught.value.reason) == (code, reason)
    assert [record.name for record in caplog.records] == ["jixiao.udfs"]
    assert name in caplog.text


def test_in_a_column_of_scores_one_failure_leaves_the_others(caplog):
    rows = FUNCTIONS["JX_SCORE"].call(ID, [["执行率得分"], ["没有的"], ["行政效能"]], [[1.0], [1.0], [None]])
    assert [[getattr(cell, "code", cell)] for (cell,) in rows] == [[10.0], ["#NAME?"], ["#N/A"]]
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "JX_SCORE 430400/2022 没有的 Decimal('1.0'): #NAME?"),
        (logging.WARNING, "JX_SCORE 430400/2022 行政效能 None: #N/A")]


def test_the_functions_are_those_of_the_design():
    assert sorted(FUNCTIONS) == sorted(
        "JX_CONTROL_RATE JX_CHANGE_RATE JX_COMPLETION_RATE JX_ADJUSTMENT_RATE JX_EXECUTION_RATE "
        "JX_UTILISATION_RATE JX_SATISFACTION JX_RATE JX_SCORE JX_INDICATOR_SCORE JX_WEIGHTED_SCORE JX_GRADE "
        "JX_CHECK JX_EXPLAIN JX_WAN JX_VERSION".split())


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_help_is_there_and_short_enough_for_excel(function):
    assert list(inspect.signature(function.call).parameters) == list(function.arguments)
    texts = [function.help, *function.arguments.values()]
    assert all(text and len(text) <= 255 and "\n" not in text for text in texts)
    assert not function.name[-1].isdigit()  # JX1 would be the address of a cell


def test_each_function_is_at_most_five_lines():
    tree = ast.parse(Path(udfs.__file__).read_text(encoding="utf-8"))
    bodies = {node.name: node.end_lineno - node.body[1].lineno + 1 for node in tree.body
              if isinstance(node, ast.FunctionDef) and node.name in FUNCTIONS}
    assert bodies.keys() == FUNCTIONS.keys()
    assert max(bodies.values()) <= 5


def test_nothing_but_the_standard_library_is_loaded():
    code = ("import sys, pyfuncs.udfs; loaded = {name.split('.')[0] for name in sys.modules}; "
            "print(sorted(loaded - sys.stdlib_module_names - {'pyfuncs'}))")
    # -S: without site, so that nothing an installed package starts by itself is counted.
    out = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True,
                         cwd=Path(udfs.__file__).parents[1]).stdout
    assert out.strip() == "['__main__']"
