"""What clerks really send: each mistake gets one clear message with its cell, and the other units go on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filed_books import clean_book

from pyfuncs.helper.cli import main

RATE, AMOUNT = "基础数据表!控制率", "基础数据表!三公经费.本年决算"

# name of the file -> (what is typed over the clean workbook, or bytes, or a sheet left out;
#                      rule, severity, cells, words of the message, words of the advice), None: no finding at all
CASES = {
    "文字": ({AMOUNT: "约十万"}, "430400-2022-JCSJ-009", "error", ["基础数据表!D17"], "填了“约十万”，这里要填金额（万元，只填数字）",
           "请改成数字；没有发生的填 0，不适用的填“——”"),
    "负数": ({AMOUNT: -10.16}, "430400-2022-JCSJ-009", "error", ["基础数据表!D17"], "填了负数 -10.16 万元", "请核对是否多了负号"),
    "错误值": ({AMOUNT: "#DIV/0!"}, "430400-2022-JCSJ-009", "error", ["基础数据表!D17"], "填了“#DIV/0!”", "请改成数字"),
    "比率格填0.8": ({RATE: 0.8}, None),
    "常规格填0.8": ({RATE: (0.8, "General")}, "430400-2022-JCSJ-005", "note", ["基础数据表!D5"], "填的是“0.8”，没有百分号，按 80% 理解",
                "建议改成纯数字"),
    "常规格填80": ({RATE: (80, "General")}, "DQ-percent-typed", "error", ["基础数据表!D5"], "填的是“80”，你是不是想填 80%？", "请改成“80%”"),
    "文本80%": ({RATE: ("80%", "@")}, "430400-2022-JCSJ-005", "note", ["基础数据表!D5"], "文本型百分数，按 80% 理解", "建议改成纯数字"),
    "必填空着": ({"基础数据表!编制数": None}, "430400-2022-JCSJ-001", "error", ["基础数据表!B5"], "「编制数」没有填", "这一格必须填写"),
    "没有规则集": ({"_jixiao!B1": "430499/2022"}, "DQ-unknown-ruleset", "error", [],
              "没有规则集“430499/2022”；你是不是想写 430400/2022", "请升级工具箱"),
    "不是模板": ({"_jixiao!B1": None}, "DQ-recognised", "note", [], "按表上的栏目名称认作 430400/2022",
             "认错了的请用 --ruleset 指明"),
    "共用部分": ({"_jixiao!B1": "430000/base"}, "DQ-abstract-ruleset", "error", [], "规则集“430000/base”只供别的规则集继承",
             "请指明有年度的规则集"),
    "年度不符": ({"封面!年度": "2021"}, "DQ-cover-year", "error", [], "封面写的是 2021 年度，模板是 2022 年度的", "请换用该年度的模板"),
    "缺表": ("基础数据表", "DQ-missing-sheet", "error", [], "没有找到《部门整体支出绩效评价基础数据表》（工作表“基础数据表”）",
           "请从新模板中补上这张表并填好"),
    "假工作簿": ("单位,金额\n".encode(), "DQ-not-a-workbook", "error", [], "文件“假工作簿.xlsx”是文本文件（如 .csv），不是 Excel 工作簿", "另存为"),
    "截断": (b"PK\x03\x04", "DQ-damaged-file", "error", [], "文件“截断.xlsx”已损坏，打不开", "重新要一份"),
    "空文件": (b"", "DQ-empty-file", "error", [], "文件“空文件.xlsx”是空的（0 字节）", "重新要一份"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("units")
    clean_book(folder / "没有错.xlsx")
    for name, (change, *_) in CASES.items():
        path = folder / f"{name}.xlsx"
        if isinstance(change, bytes):
            path.write_bytes(change)
        elif isinstance(change, str):
            clean_book(path, name, without=change)
        else:
            clean_book(path, name, change)
    return folder


@pytest.fixture(scope="module")
def judged(folder: Path) -> dict[str, dict]:
    """What `validate --json` says of each file of the folder, all validated in one call."""
    assert main(["validate", str(folder), "--json", str(folder / "结果.json")]) == 1
    data = json.loads((folder / "结果.json").read_text(encoding="utf-8"))
    for file in data["files"]:                        # copies of one workbook resemble each other
        file["findings"] = [one for one in file["findings"] if one["kind"] != "entities"]
    return {Path(file["path"]).stem: file for file in data["files"]}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_with_its_cell_and_what_to_do(judged: dict[str, dict], name: str):
    _, *wanted = CASES[name]
    findings = judged[name]["findings"]
    if wanted == [None]:
        assert findings == []
        return
    rule, severity, cells, message, advice = wanted
    [finding] = [one for one in findings if one["rule_id"] == rule]
    assert (finding["severity"], finding["cells"]) == (severity, cells)
    assert message in finding["message"] and advice in finding["advice"]


def test_the_other_units_go_on(judged: dict[str, dict]):
    assert set(judged) == {"没有错", *CASES}
    assert judged["没有错"]["findings"] == []
    assert {name for name, file in judged.items() if not file["items"]} == {
        "没有规则集", "共用部分", "假工作簿", "截断", "空文件"}
    assert {item["form"] for item in judged["缺表"]["items"]} == {"整体自评", "项目"}


def test_consolidation_goes_on_with_those_that_can_be_read(folder: Path, tmp_path: Path):
    assert main(["consolidate", str(folder), "-o", str(tmp_path / "汇总.xlsx"), "--json", str(tmp_path / "汇总.json"),
                 "--include-rejected"]) == 1
    data = json.loads((tmp_path / "汇总.json").read_text(encoding="utf-8"))
    assert {Path(one["file"]).stem for one in data["rejected"]} == {"没有规则集", "共用部分", "假工作簿", "截断", "空文件"}
    [total] = [one for one in data["totals"] if one["item"] == "三公经费.本年决算"]
    states = {Path(part["file"]).stem: (part["value"], part["state"]) for part in total["parts"]}
    assert states["文字"] == (None, "text") and states["错误值"] == (None, "error")
    assert states["缺表"] == (None, "missing") and states["负数"] == ("-101600", "number")
    assert states["没有错"] == ("101600", "number")


@pytest.mark.parametrize(("name", "status"), [
    ("没有错", 0), ("常规格填0.8", 0), ("文字", 1), ("缺表", 1), ("没有规则集", 1), ("假工作簿", 2), ("截断", 2), ("空文件", 2)])
def test_exit_status_of_one_file(folder: Path, name: str, status: int, capsys: pytest.CaptureFixture[str]):
    assert main(["validate", str(folder / f"{name}.xlsx")]) == status
    assert capsys.readouterr().out.splitlines()[0] == ("结论：可以上报" if status == 0 else "结论：须修改")


def test_a_rule_set_of_another_year(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["validate", str(folder / "没有错.xlsx"), "--ruleset", "430181/2021"]) == 1
    said = capsys.readouterr().out
    assert "这是 2022 年度的表（规则集 430400/2022），要求的是 2021 年度（规则集 430181/2021），没有读取。" in said
    assert "请交 2021 年度的表，或改用规则集 430400/2022。" in said
