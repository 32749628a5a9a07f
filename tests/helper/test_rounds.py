"""Two rounds of a unit's workbook through the commands: what is new, still there, mended, explained, approved."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from filed_books import clean_book

from pyfuncs.helper.cli import main
from pyfuncs.helper.project import RECORD

WRONG_RATE = {"基础数据表!编制数": 12, "基础数据表!控制率": (0.8, "0%")}
RATE, LIMIT, COST = "430400-2022-JCSJ-006", "430400-2022-KB-11", "430400-2022-KB-04"
# 公务接待 above what the running costs allow, with its sums: a warning each time.
HOSPITALITY = {"基础数据表!D22": 20, "基础数据表!D17": 21.24}


@pytest.fixture
def unit(tmp_path: Path) -> Callable[..., dict]:
    """Files a workbook of 甲中心, audits it into the project and gives its part of the JSON."""
    rounds = iter(range(1, 99))

    def audit(typed: dict | None = None, *options: str, entity: str = "甲中心", without: str = "") -> dict:
        number = next(rounds)
        path = clean_book(tmp_path / f"第{number}次" / "甲.xlsx", entity, typed, without)
        result = tmp_path / f"{number}.json"
        main(["validate", str(path), "--project", str(tmp_path / "项目"), "--json", str(result), *options])
        [file] = json.loads(result.read_text(encoding="utf-8"))["files"]
        return file

    return audit


def states(file: dict) -> dict[str, str]:
    return {finding["rule_id"]: finding["state"] for finding in file["findings"]}


def found(file: dict, rule_id: str) -> dict:
    [finding] = [finding for finding in file["findings"] if finding["rule_id"] == rule_id]
    return finding


def explain(tmp_path: Path, *words: str) -> int:
    return main(["explain-finding", *words, "--project", str(tmp_path / "项目")])


def test_the_second_round_tells_new_still_there_and_mended(unit, tmp_path: Path, capsys):
    first = unit({**WRONG_RATE, **HOSPITALITY})
    second = unit({**HOSPITALITY, "基础数据表!D22": 20.5, "基础数据表!D17": 21.74, "基础数据表!E23": "改过", "项目1!F8": 9})
    assert set(states(first).values()) == {"首次审核"} and {RATE, LIMIT} <= set(states(first))
    assert (first["round"]["number"], first["round"]["previous"], first["round"]["resolved"]) == (1, None, [])
    assert states(second)[LIMIT] == "仍存在（数已改）" and RATE not in states(second)
    assert (second["round"]["number"], [old["rule_id"] for old in second["round"]["resolved"]]) == (2, [RATE])
    new = [rule for rule, state in states(second).items() if state == "新增"]
    assert new and not set(new) & set(states(first))
    told = capsys.readouterr().out
    assert re.search(r"第 2 次审核（上次 \d{4}-\d\d-\d\d \d\d:\d\d）：新增 \d 条，仍存在 1 条，已消除 1 条\n", told)
    assert f"〔仍存在（数已改）〕{LIMIT}" in told and f"  已消除：\n      {RATE}〔必须修改〕" in told
    third = unit(HOSPITALITY | {"基础数据表!D22": 20.5, "基础数据表!D17": 21.74})
    assert states(third)[LIMIT] == "仍存在"


def test_a_form_that_was_not_read_this_time_is_not_called_mended(unit):
    unit({"项目1!F8": 99})
    wrong = unit({"项目1!F8": 99}, without="项目1")
    assert wrong["round"]["unread"] and {old["form"] for old in wrong["round"]["unread"]} == {"项目"}
    assert all(old["form"] != "项目" for old in wrong["round"]["resolved"])


def test_years_and_units_have_rounds_of_their_own(unit):
    assert [unit(entity=name)["round"]["number"] for name in ("甲中心", "乙中心", "甲 中心", "甲中心")] == [1, 1, 2, 3]


def test_an_explained_warning_is_settled_until_its_figures_change(unit, tmp_path: Path, capsys):
    before = found(unit(HOSPITALITY), LIMIT)
    assert explain(tmp_path, before["fingerprint"][:6], "--reason", "由项目经费列支\x1b[31m", "--by", "张三") == 0
    assert "已记下说明。下次审核时显示为“已说明”" in capsys.readouterr().out
    same = unit(HOSPITALITY)
    assert (found(same, LIMIT)["remark"]["standing"], found(same, LIMIT)["remark"]["reason"],
            found(same, LIMIT)["remark"]["by"]) == ("已说明", "由项目经费列支[31m", "张三")
    assert f"{LIMIT}〔已说明〕" in (told := capsys.readouterr().out) and "已说明 1 条" in told
    other = unit({"基础数据表!D22": 20.5, "基础数据表!D17": 21.74})
    assert found(other, LIMIT)["remark"] == {**found(same, LIMIT)["remark"], "standing": "请重新说明", "value": before["message"]}
    assert re.search(rf"{LIMIT}〔请核实〕.*请重新说明（张三，.*）：由项目经费列支.*（当时是“.*20.00 万元.*”，现在数改了）", capsys.readouterr().out)
    assert found(unit(HOSPITALITY), LIMIT)["remark"]["standing"] == "已说明"


def test_an_approved_exception_lets_a_unit_pass_with_who_and_why(unit, tmp_path: Path, capsys):
    wrong = unit(WRONG_RATE)
    assert wrong["verdict"] == "须修改"
    words = [found(wrong, RATE)["fingerprint"], "--reason", "编委批复另有口径"]
    assert explain(tmp_path, *words) == 2 and "写说明不够" in capsys.readouterr().err
    assert explain(tmp_path, *words, "--approve") == 2 and "要写明是谁批准的" in capsys.readouterr().err
    assert explain(tmp_path, *words, "--approve", "--by", "李四") == 0
    capsys.readouterr()
    passed = unit(WRONG_RATE, "--xlsx", str(tmp_path / "a.xlsx"), "--mark", str(tmp_path / "标注"))
    assert (passed["verdict"], found(passed, RATE)["severity"], found(passed, RATE)["remark"]["standing"]) == (
        "可以上报", "error", "已批准例外")
    assert re.search(rf"{RATE}〔已批准例外〕.*已批准例外（李四，.*）：编委批复另有口径", capsys.readouterr().out)
    row = next(row for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["审核明细"].iter_rows(values_only=True) if row[3] == RATE)
    assert row[2] == "已批准例外" and "李四" in row[12] and "编委批复另有口径" in row[12]
    [copy] = (tmp_path / "标注").iterdir()
    assert not any(row[2] == RATE for row in openpyxl.load_workbook(copy)["审核意见"].iter_rows(values_only=True))
    assert explain(tmp_path, *words, "--withdraw") == 0
    back = unit(WRONG_RATE)
    assert (back["verdict"], found(back, RATE)["remark"]) == ("须修改", None)


def test_the_same_finding_of_two_units_asks_for_the_unit(unit, tmp_path: Path, capsys):
    fingerprint = found(unit(HOSPITALITY), LIMIT)["fingerprint"]
    assert found(unit(HOSPITALITY, entity="乙中心"), LIMIT)["fingerprint"] == fingerprint
    capsys.readouterr()
    assert explain(tmp_path, fingerprint, "--reason", "原因") == 2
    said = capsys.readouterr().err
    assert f"有 2 条意见的识别码以 {fingerprint} 开头，请写全，或用 --unit 写明单位：" in said
    assert f"  {fingerprint} 甲中心：{LIMIT}〔请核实〕" in said and f"  {fingerprint} 乙中心：{LIMIT}〔请核实〕" in said
    assert explain(tmp_path, fingerprint, "--reason", "原因", "--unit", "丙中心") == 2
    assert f"“丙中心”没有识别码以 {fingerprint} 开头的意见；有的是：甲中心、乙中心" in capsys.readouterr().err
    assert explain(tmp_path, fingerprint, "--reason", "原因", "--unit", "乙中心") == 0
    standing = [found(unit(HOSPITALITY, entity=name), LIMIT)["remark"] for name in ("甲中心", "乙中心")]
    assert standing[0] is None and standing[1]["standing"] == "已说明"


@pytest.mark.parametrize(("words", "said"), [
    (["{known}", "--reason", "　"], "选项 --reason 后面是空的，请写明"),
    (["{known}", "--reason", "\x1b\u202e"], "选项 --reason 后面是空的，请写明"),
    (["{known}", "--reason", "字" * 1001], "选项 --reason 后面写了 1001 个字，最多 1000 个字，请写短一些"),
    (["{known}", "--reason", "好", "--by", " "], "选项 --by 后面是空的，请写明"),
    (["{known}", "--reason", "好", "--approve", "--withdraw"], "--approve 和 --withdraw 只能写一个"),
    (["abc", "--reason", "好"], "“abc”不是识别码；识别码是 16 位的数字和字母 a 到 f"),
    (["%", "--reason", "好"], "“%”不是识别码"),
    (["{near}", "--reason", "好"], "记录里没有识别码以 {near} 开头的意见；是不是 {known}？"),
    (["{far}", "--reason", "好"], "记录里没有识别码以 {far} 开头的意见；请照审核报告的“识别码”一列抄写"),
])
def test_a_wrong_explanation_is_refused_with_what_to_write(unit, tmp_path: Path, capsys, words: list[str], said: str):
    known = found(unit(HOSPITALITY), LIMIT)["fingerprint"]
    places = {"known": known, "near": known[:15] + ("0" if known[15] != "0" else "1"), "far": "".join(
        "0" if char != "0" else "1" for char in known)}
    capsys.readouterr()
    assert explain(tmp_path, *(word.format(**places) for word in words)) == 2
    assert said.format(**places) in (told := capsys.readouterr()).err and told.out == ""
    with closing(sqlite3.connect(tmp_path / "项目" / RECORD)) as base:
        assert base.execute("SELECT COUNT(*) FROM remark").fetchone() == (0,)


def test_a_finding_that_is_gone_needs_no_explanation(unit, tmp_path: Path, capsys):
    gone = found(unit(HOSPITALITY), LIMIT)["fingerprint"]
    unit()
    capsys.readouterr()
    assert explain(tmp_path, gone, "--reason", "原因") == 2
    assert re.search(r"这条意见在 .* 审核时还有，最近一次已经没有了，不用说明", capsys.readouterr().err)


def test_a_project_that_was_never_audited_into(tmp_path: Path, capsys):
    assert explain(tmp_path, "abcd", "--reason", "原因") == 2
    assert "里没有审核记录（审核记录.db）；请先用 jixiao validate" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_run_whose_report_could_not_be_written_is_not_recorded(unit, tmp_path: Path, capsys):
    unit(WRONG_RATE)
    path = clean_book(tmp_path / "甲.xlsx", "甲中心")
    (tmp_path / "文件").write_text("")
    assert main(["validate", str(path), "--project", str(tmp_path / "项目"), "--html", str(tmp_path / "文件" / "a.html")]) == 2
    assert "写不了" in capsys.readouterr().err
    assert [old["rule_id"] for old in unit()["round"]["resolved"]] == [RATE]


def test_a_record_that_can_not_be_read_stops_before_the_audit(tmp_path: Path, capsys):
    (tmp_path / "项目").mkdir()
    (tmp_path / "项目" / RECORD).write_text("不是数据库" * 300, encoding="utf-8")
    path = clean_book(tmp_path / "甲.xlsx", "甲中心")
    assert main(["validate", str(path), "--project", str(tmp_path / "项目"), "--json", str(tmp_path / "a.json")]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "不是审核记录，或已经损坏，没有动它" in said.err and not (tmp_path / "a.json").exists()
