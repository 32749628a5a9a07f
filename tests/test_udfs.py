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

from pyfuncs import __version__, udfs, udfs_rules
from pyfuncs.catalog import compiled
from pyfuncs.catalog.compile import compile_ruleset
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.udfs import FUNCTIONS, CellFailure

RULESET = {
    "schema": 1, "id": "430400/2022", "name": "衡阳市 2022", "region": "430400", "year": "2022", "hash": "0",
    "basis": ["市级办法（市财〔2022〕1号，第 3 页）"],
    "rates": {"项目执行率": {"label": "执行率", "method": "执行率", "parameters": {"decimals": "2"}, "decimals": 2,
                         "args": ["项目!执行", "项目!预算"], "labels": ["《项目表》“执行数”", "《项目表》“预算数”"],
                         "status": "observed", "source": ""},
              "满意度": {"label": "满意度", "method": "满意度", "parameters": {}, "decimals": 2, "args": [],
                      "labels": ["《问卷表》“满意度”", "《问卷表》“权重”"], "status": "observed", "source": ""}},
    "scores": {"执行率得分": {"method": "按率", "value": "项目执行率", "value_label": "执行率", "formula": "",
                         "labels": [], "status": "observed", "source": "表上印的分值",
                         "parameters": {"points": "10", "cap": "1", "decimals": {"any": ["2", "0"]},
                                        "na": "ask"}},
               "行政效能": {"method": "评判", "value": "", "value_label": "", "formula": "", "labels": [],
                        "parameters": {"points": "6"}, "status": "assumed", "source": ""},
               "违规得分": {"method": "按次扣", "value": "项目!违规", "value_label": "《项目表》“违规次数”", "formula": "",
                        "labels": [], "parameters": {"points": "4", "per_time": "1"}, "status": "verified",
                        "source": ""},
               "总分": {"method": "", "value": "", "value_label": "", "formula": "执行率得分 + SUM(项目!得分)",
                      "labels": ["“执行率得分”", "《项目表》“得分”"], "parameters": {}, "status": "observed",
                      "source": ""}},
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
    ("JX_WAN", (225300.0,), 22.53),
    ("JX_VERSION", (), __version__),
])
def test_answers(name, cells, result):
    answer = FUNCTIONS[name].call(*cells)
    assert answer == result
    assert type(answer) is type(result)


HENGYANG = ("没有规则集“{}”；现有：430400/2022").format
NOT_NUMBERS, UNREADABLE, FAILED = "有的数没有填，或不是数", "读不懂填写的内容", "计算中出错，详情见日志"
PASSED = "引用的单元格本身是错误值 {}".format


def shaped(label: str, rows: int, columns: int) -> str:
    return f"“{label}”只能是一个单元格，现在是 {rows} 行 {columns} 列"


# What is wrong with the input -> the error value of the cell, and the words of the line in the log.
BAD_INPUT = [
    # -- blank, text or logical where a number is wanted
    ("JX_CONTROL_RATE", (12.0, None), "#N/A", NOT_NUMBERS),
    ("JX_CONTROL_RATE", (12.0, "15"), "#N/A", NOT_NUMBERS),
    ("JX_CONTROL_RATE", ("12人", 15.0), "#N/A", NOT_NUMBERS),
    ("JX_CONTROL_RATE", (True, 15.0), "#N/A", NOT_NUMBERS),
    ("JX_ADJUSTMENT_RATE", (45.0, 90.0, "没有"), "#N/A", NOT_NUMBERS),
    ("JX_SCORE", (ID, "执行率得分", None), "#N/A", NOT_NUMBERS),
    ("JX_SCORE", (ID, "执行率得分", "六成"), "#N/A", NOT_NUMBERS),
    ("JX_WEIGHTED_SCORE", ([[10.0], ["五"]], [[9.0], [4.0]]), "#N/A", NOT_NUMBERS),
    ("JX_WEIGHTED_SCORE", ([[10.0], [5.0]], [[9.0], ["四"]]), "#N/A", NOT_NUMBERS),
    ("JX_GRADE", (ID, None), "#N/A", NOT_NUMBERS),
    ("JX_GRADE", (ID, "九十"), "#N/A", NOT_NUMBERS),
    ("JX_CHECK", (ID, "KB-01", None, 1.0), "#N/A", NOT_NUMBERS),
    ("JX_CHECK", (ID, "KB-01", "十五", 1.0), "#VALUE!", UNREADABLE),
    ("JX_INDICATOR_SCORE", ("优", 3.0, 10.0), "#VALUE!", UNREADABLE),
    ("JX_INDICATOR_SCORE", ("≥4次", 3.0, "十分"), "#VALUE!", UNREADABLE),
    ("JX_INDICATOR_SCORE", ("≥90%", 97.0, 10.0), "#VALUE!", UNREADABLE),
    ("JX_WAN", ("三万",), "#VALUE!", UNREADABLE),
    ("JX_WAN", (None,), "#N/A", NOT_NUMBERS),
    # -- an error value, in a cell or within a range
    ("JX_CONTROL_RATE", (12.0, DIV0), "#DIV/0!", PASSED("#DIV/0!")),
    ("JX_CONTROL_RATE", (12.0, "#REF!"), "#REF!", PASSED("#REF!")),
    ("JX_CONTROL_RATE", (float("nan"), 1.0), "#NUM!", PASSED("#NUM!")),
    ("JX_SATISFACTION", ([[0.9], [DIV0]], [[50.0], [50.0]]), "#DIV/0!", PASSED("#DIV/0!")),
    ("JX_SATISFACTION", ([[0.9], [0.8]], [[50.0], ["#NAME?"]]), "#NAME?", PASSED("#NAME?")),
    ("JX_WEIGHTED_SCORE", ([[10.0], [5.0]], [[9.0], [DIV0]]), "#DIV/0!", PASSED("#DIV/0!")),
    ("JX_INDICATOR_SCORE", ("≥4次", DIV0, 10.0), "#DIV/0!", PASSED("#DIV/0!")),
    ("JX_GRADE", (ID, DIV0), "#DIV/0!", PASSED("#DIV/0!")),
    ("JX_CHECK", (ID, "KB-01", 1.0, [[1.0], [DIV0]]), "#DIV/0!", PASSED("#DIV/0!")),
    ("JX_RATE", (DIV0, "项目执行率", 1.0, 2.0), "#DIV/0!", PASSED("#DIV/0!")),
    ("JX_EXPLAIN", (ID, DIV0), "#DIV/0!", PASSED("#DIV/0!")),
    # -- a result beyond what a sheet holds
    ("JX_CONTROL_RATE", (1e308, 0.001), "#NUM!", "数超出范围"),
    # -- a range of the wrong shape
    ("JX_CONTROL_RATE", (12.0, [[1.0], [2.0]]), "#VALUE!", shaped("限额", 2, 1)),
    ("JX_RATE", (ID, "项目执行率", ((1.0, 2.0, 3.0),), 4.0), "#VALUE!", shaped("执行数", 1, 3)),
    ("JX_RATE", (((ID,), (ID,)), "项目执行率", 1.0, 2.0), "#VALUE!", shaped("规则集", 2, 1)),
    ("JX_SATISFACTION", ([[0.9], [0.8]], [[50.0], [40.0], [10.0]]), "#VALUE!", "单元格不一样多：“各类满意度”2 个，“权重”3 个"),
    ("JX_WEIGHTED_SCORE", ([[10.0], [5.0]], 9.0), "#VALUE!", "单元格不一样多：“分值”2 个，“得分”1 个"),
    ("JX_SCORE", (ID, [["执行率得分"], ["行政效能"]], [[1.0]]), "#VALUE!", "评分项目与完成情况的单元格不一样多"),
    ("JX_SCORE", (ID, [["执行率得分", "行政效能"]], [[1.0], [1.0]]), "#VALUE!", "评分项目与完成情况的单元格不一样多"),
    ("JX_INDICATOR_SCORE", ([["≥4次"], ["≥3次"]], 3.0, 10.0), "#VALUE!", shaped("指标值", 2, 1)),
    ("JX_GRADE", (ID, [[90.0], [80.0]]), "#VALUE!", shaped("总分", 2, 1)),
    ("JX_CHECK", (ID, "KB-01", [[1.0], [2.0]], 3.0), "#VALUE!", shaped("第 1 个数", 2, 1)),
    ("JX_WAN", ([[1.0, 2.0]],), "#VALUE!", shaped("金额", 1, 2)),
    ("JX_EXPLAIN", (ID, "行政效能", [[1.0], [2.0]]), "#VALUE!", shaped("评定得分", 2, 1)),
    # -- more or fewer than there should be
    ("JX_CONTROL_RATE", (12.0,), "#VALUE!", FAILED),
    ("JX_RATE", (ID, "项目执行率", 1.0), "#VALUE!", "“项目执行率”要填 2 个数（执行数、预算数），现在填了 1 个"),
    ("JX_CHECK", (ID, "KB-01", 1.0), "#VALUE!", "这条公式要填 2 个数，现在填了 1 个"),
    ("JX_EXPLAIN", (ID, "总分", 1.0), "#VALUE!", "这条公式要填 2 个数，现在填了 1 个"),
    ("JX_EXPLAIN", (ID, "项目执行率", 1.0), "#VALUE!", "“项目执行率”要填 2 个数（执行数、预算数），现在填了 1 个"),
    ("JX_EXPLAIN", (ID, "执行率得分", 1.0, 2.0, 3.0), "#VALUE!",
     "“项目执行率”要填 2 个数（执行数、预算数），现在填了 3 个"),
    ("JX_EXPLAIN", (ID, "违规得分", 1.0, 2.0), "#VALUE!", "“违规得分”要填 1 个数（《项目表》“违规次数”），现在填了 2 个"),
    # -- a rule set or a name that is not there, or can't be used so
    ("JX_SCORE", ("430400/2023", "执行率得分", 1.0), "#NAME?", HENGYANG("430400/2023")),
    ("JX_RATE", ("430400/2021", "项目执行率", 1.0, 2.0), "#NAME?", HENGYANG("430400/2021")),
    ("JX_GRADE", ("430400/2021", 90.0), "#NAME?", HENGYANG("430400/2021")),
    ("JX_CHECK", ("../430400/2022", "KB-01", 1.0, 1.0), "#NAME?", HENGYANG("../430400/2022")),
    ("JX_GRADE", (None, 90.0), "#NAME?", "没有填规则集"),
    ("JX_RATE", (ID, "执行率", 1.0, 2.0), "#NAME?", "规则集 430400/2022 里没有“执行率”，是不是“项目执行率”？"),
    ("JX_RATE", (ID, None, 1.0, 2.0), "#NAME?", "没有填名称"),
    ("JX_SCORE", (ID, "执行率得", 1.0), "#NAME?", "规则集 430400/2022 里没有“执行率得”，是不是“执行率得分”？"),
    ("JX_CHECK", (ID, "KB-1", None, 1.0), "#NAME?", "规则集 430400/2022 里没有“KB-1”，是不是“KB-01”“XY-01”？"),
    ("JX_SCORE", (ID, "总分", 1.0), "#VALUE!", "“总分”不是按一个数打分的项目"),
    ("JX_CHECK", (ID, "XY-01", 1.0), "#VALUE!", "这条审核不是公式，只能由审核程序执行"),
]


def test_bad_input_is_an_error_value_with_a_line_in_the_log(caplog):
    assert [(name, cells, *failed(name, cells, caplog)) for name, cells, *_ in BAD_INPUT] == BAD_INPUT


def failed(name, cells, caplog) -> tuple[str, str]:
    """The error of the cell, and its reason as the one line of the log says it."""
    caplog.clear()
    with pytest.raises(CellFailure) as caught:
        FUNCTIONS[name].call(*cells)
    (record,) = caplog.records
    if record.exc_info:                               # what nobody foresaw has its traceback in the log
        return caught.value.code, caught.value.reason
    assert (record.name, record.levelno) == ("jixiao.udfs", logging.WARNING)
    head, code, reason = record.getMessage().partition(f": {caught.value.code} ")
    assert head == f"{name}{cells!r}" and code
    return caught.value.code, reason


@pytest.mark.parametrize(("cells", "text"), [
    ((ID, "没有的"), "规则集 430400/2022 里没有“没有的”"),
    ((ID, "执行率得", 0.5), "规则集 430400/2022 里没有“执行率得”，是不是“执行率得分”“项目执行率”？"),
    ((ID, None), "没有填名称"),
    (("430400/2021", "执行率得分"), HENGYANG("430400/2021")),
])
def test_an_explanation_of_an_unknown_name_says_what_is_near(cells, text, caplog):
    assert FUNCTIONS["JX_EXPLAIN"].call(*cells) == text
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, f"JX_EXPLAIN {cells[0]} {cells[1]}: #NAME? {text}")]


BASIS = "└─ 依据：市级办法（市财〔2022〕1号，第 3 页）"
RATE = ["├─ 执行数 ＝ 《项目表》“执行数”：346.17", "├─ 预算数 ＝ 《项目表》“预算数”：505.05"]
METHOD = ["├─ 算法：按率，分值 × 比率，超过 100% 的按 100% 计", "│  ├─ 分值：10 分", "│  ├─ 比率最多按：100%",
          "│  ├─ 判断时：按准确值", "│  ├─ 不适用时：由人判断", "│  └─ 得分取整：到 2 位小数 或 到 0 位小数",
          "├─ 几种读法（规定有几种理解；格里按第一种，符合其他几种的只作提示）"]
SURE = ["├─ 可靠程度：见于已填表格", "├─ 来源：表上印的分值", BASIS]


@pytest.mark.parametrize(("cells", "lines"), [
    (("项目执行率", 346.17, 505.05), ["执行数 346.17 ÷ 预算数 505.05 ＝ 68.54%", *RATE, "├─ 算法：执行率，执行数 ÷ 预算数（调整后）",
                               "├─ 可靠程度：见于已填表格", BASIS]),
    (("项目执行率",), ["项目执行率：执行数 ÷ 预算数（调整后）", "├─ 执行数 ＝ 《项目表》“执行数”", "├─ 预算数 ＝ 《项目表》“预算数”",
                  "├─ 可靠程度：见于已填表格", BASIS]),
    (("执行率得分", 0.6854), ["执行率 68.54%，按 10 分 × 68.54% 计 6.85 分", "├─ 执行率：68.54%", *METHOD,
                         "│  ├─ 得分取 2 位小数得 6.85 分", "│  └─ 得分取 0 位小数得 7 分", *SURE]),
    (("执行率得分", 346.17, 505.05), [
        "执行率 68.54%，按 10 分 × 68.54% 计 6.85 分", "├─ 执行率：执行数 346.17 ÷ 预算数 505.05 ＝ 68.54%",
        *(f"│  {line}" for line in RATE), "│  └─ 算法：执行率，执行数 ÷ 预算数（调整后）", *METHOD,
        "│  ├─ 得分取 2 位小数得 6.85 分", "│  └─ 得分取 0 位小数得 7 分", *SURE]),
    (("执行率得分",), ["执行率得分：分值 × 比率，超过 100% 的按 100% 计", "├─ 项目执行率：执行数 ÷ 预算数（调整后）",
                  "│  ├─ 执行数 ＝ 《项目表》“执行数”", "│  └─ 预算数 ＝ 《项目表》“预算数”", *METHOD,
                  "│  ├─ 得分取 2 位小数", "│  └─ 得分取 0 位小数", *SURE]),
    (("执行率得分", "不适用"), ["执行率为“不适用”，结果为“不适用”", "├─ 执行率：“不适用”", *METHOD,
                         "│  ├─ 得分取 2 位小数为“不适用”", "│  └─ 得分取 0 位小数为“不适用”", *SURE]),
    (("违规得分", 3.0), ["《项目表》“违规次数” 3，每次扣 1 分，4 分扣到 1 分", "├─ 《项目表》“违规次数”：3",
                    "├─ 算法：按次扣，没有发生得满分；每发生一次扣 1 分，扣完为止", "│  ├─ 分值：4 分", "│  ├─ 每次扣：1 分",
                    "│  └─ 不适用时：由人判断", "├─ 可靠程度：有文件依据", BASIS]),
    (("行政效能", DIV0), ["评定得分不是数，没有计算", "├─ 评定得分：#DIV/0!", "├─ 算法：评判，由评价人在 0 与分值之间评定", "│  ├─ 分值：6 分",
                     "│  ├─ 附依据：可以不附", "│  └─ 不适用时：由人判断", "├─ 可靠程度：推定（没有文件依据）", BASIS]),
    (("总分",), ["总分：“执行率得分” ＋ 《项目表》“得分”之和", "├─ “执行率得分”", "├─ 《项目表》“得分”", "├─ 可靠程度：见于已填表格",
               BASIS]),
    (("总分", 6.85, [[50.0], [None], [30.5]]), [
        "“执行率得分”（6.85） ＋ 《项目表》“得分”之和（80.5） ＝ 87.35 分", "├─ “执行率得分”：6.85", "├─ 《项目表》“得分”：3 格，2 格是数",
        "├─ 可靠程度：见于已填表格", BASIS]),
    (("满意度", [[0.9], [0.8]], [[1.0], [1.0]]), [
        "（90.00% × 1 ＋ 80.00% × 1）÷ 权重之和 ＝ 85.00%", "├─ 各类满意度 ＝ 《问卷表》“满意度”：2 格，2 格是数",
        "├─ 权重 ＝ 《问卷表》“权重”：2 格，2 格是数", "├─ 算法：满意度，按权重平均的满意度；有一方没有填时不适用",
        "├─ 可靠程度：见于已填表格", BASIS]),
])
def test_an_explanation_is_a_tree_in_one_cell(cells, lines):
    assert FUNCTIONS["JX_EXPLAIN"].call(ID, *cells).split("\n") == lines


def test_an_explanation_in_yuan_is_worked_out_as_one_in_wan():
    in_wan = FUNCTIONS["JX_EXPLAIN"].call(ID, "执行率得分", 0.000001, 0.000002)
    assert in_wan.split("\n")[0] == "执行率 50.00%，按 10 分 × 50.00% 计 5 分"
    assert FUNCTIONS["JX_EXPLAIN"].call(ID, "执行率得分", None, 505.05).split("\n")[:3] == [
        "执行率不是数，没有计算", "├─ 执行率：执行数没有填，没有计算", "│  ├─ 执行数 ＝ 《项目表》“执行数”：没有填"]


def test_an_explanation_fits_into_a_cell(monkeypatch):
    lines = FUNCTIONS["JX_EXPLAIN"].call(ID, "行政效能", "长" * 40000).split("\n")
    assert lines[1] == f"├─ 评定得分：“{'长' * 39}…”"
    monkeypatch.setattr(udfs_rules, "_load", lambda ruleset: {**RULESET, "basis": ["长" * 40000]})
    text = FUNCTIONS["JX_EXPLAIN"].call(ID, "行政效能", 5.0)
    assert len(text) == 32767 and text.startswith("由评价人在 0 至 6 分之间评定，得 5 分\n")


def test_what_is_compiled_of_a_rule_set_is_what_explanations_read(tmp_path, monkeypatch):
    ruleset = load_ruleset("430400/2022")
    text = json.dumps(compile_ruleset(ruleset, ruleset.codes), ensure_ascii=False)
    (tmp_path / "430400" / "2022.json").write_text(text, encoding="utf-8")
    for key in (*ruleset.rates, *ruleset.scores):
        assert FUNCTIONS["JX_EXPLAIN"].call(ID, key).splitlines()[-1].startswith("└─ 依据：")
    assert FUNCTIONS["JX_EXPLAIN"].call(ID, "人员控制率", 12.0, 15.0).splitlines()[:2] == [
        "实际数 12 ÷ 限额 15 ＝ 80.00%", "├─ 实际数 ＝ 《基础数据表》“实际在职人数”：12"]


def test_in_a_column_of_scores_one_failure_leaves_the_others(caplog):
    rows = FUNCTIONS["JX_SCORE"].call(ID, [["执行率得分"], ["没有的"], ["行政效能"]], [[1.0], [1.0], [None]])
    assert [[getattr(cell, "code", cell)] for (cell,) in rows] == [[10.0], ["#NAME?"], ["#N/A"]]
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "JX_SCORE 430400/2022 没有的 Decimal('1.0'): #NAME? 规则集 430400/2022 里没有“没有的”"),
        (logging.WARNING, f"JX_SCORE 430400/2022 行政效能 None: #N/A {NOT_NUMBERS}")]


def test_the_functions_are_those_of_the_design():
    assert sorted(FUNCTIONS) == sorted(
        "JX_CONTROL_RATE JX_CHANGE_RATE JX_COMPLETION_RATE JX_ADJUSTMENT_RATE JX_EXECUTION_RATE "
        "JX_UTILISATION_RATE JX_SATISFACTION JX_RATE JX_SCORE JX_INDICATOR_SCORE JX_WEIGHTED_SCORE JX_GRADE "
        "JX_CHECK JX_EXPLAIN JX_WAN JX_VERSION".split())


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_help_is_there_and_short_enough_for_excel(function):
    assert list(inspect.signature(function.call).parameters) == [argument.name for argument in function.arguments]
    texts = [function.help, *(argument.help for argument in function.arguments)]
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
