"""The JSON contracts, key by key; every number a decimal string."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sample_units import filed, unit_a, unit_b

from pyfuncs.catalog.submission import Submission, Trouble
from pyfuncs.checks.finding import Finding, Place, Remark
from pyfuncs.checks.run import trouble_finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.audit import Round, Run
from pyfuncs.report.json_report import dump, validation

ROOT = Path(__file__).resolve().parents[2]
FINDING = Finding("X-1", "error", "rule", "基础数据", 1, ("基础数据表!B5", "基础数据表!B6"), "不对", "1", "2", "1", "请改", "依据", "甲")


def test_validation_has_the_keys_of_the_contract():
    one = replace(filed("430400/2022", "甲", {"基础数据": {"编制数": "15", "公用经费.本年决算": "69.72", "厉行节约": "无"}},
                        path="甲/表.xlsx"), findings=(FINDING,))
    data = json.loads(dump(validation([one])))
    assert list(data) == ["verdict", "summary", "files"]
    assert data["verdict"] == "须修改"
    assert data["summary"] == {"files": 1, "pass": 0, "fail": 1, "error": 1, "warning": 0, "rounding": 0, "note": 0,
                               "not_run": 0, "explained": 0, "approved": 0}
    [file] = data["files"]
    assert list(file) == ["path", "sha256", "ruleset", "unit", "year", "forms", "items", "findings", "verdict", "sha256_after",
                          "unchanged", "ruleset_hash", "recognised", "read_by", "assumed", "round"]
    assert [file[key] for key in ("verdict", "sha256_after", "unchanged", "ruleset_hash", "recognised", "read_by", "round")] == [
        "须修改", None, None, one.ruleset.hash, "审核时指定的", "", None]
    assert [file[key] for key in ("path", "ruleset", "unit", "year", "forms")] == [
        "甲/表.xlsx", "430400/2022", "甲", "2022", ["基础数据"]]
    assert file["findings"] == [{
        "rule_id": "X-1", "severity": "error", "kind": "rule", "form": "基础数据", "instance": 1,
        "cells": ["基础数据表!B5", "基础数据表!B6"], "message": "不对", "expected": "1", "actual": "2", "delta": "1",
        "advice": "请改", "basis": "依据", "fingerprint": FINDING.fingerprint, "identity": FINDING.identity, "state": "",
        "remark": None, "places": []}]


@pytest.mark.parametrize(("name", "unit"), [("报告.txt", "line"), ("报告.DOCX", "paragraph")])
def test_a_finding_in_prose_says_where(name: str, unit: str):
    told = replace(FINDING, cells=(), places=(Place(12, 3, 8, "22.5万"), Place(40, 0, 4, "25万元")))
    one = Filed(Submission(name, "", "", "甲", "2022"), findings=(told,))
    [finding] = validation([one])["files"][0]["findings"]
    assert finding["places"] == [{unit: 12, "start": 3, "end": 8, "quote": "22.5万"}, {unit: 40, "start": 0, "end": 4, "quote": "25万元"}]


def test_a_round_tells_what_is_mended_and_what_was_said():
    remark = Remark("approved", "批准", "张三", "2023-02-01 09:00", "2", holds=True)
    one = replace(unit_a(), findings=(replace(FINDING, state="仍存在", remark=remark),
                                      replace(FINDING, kind="not-run", severity="note", state="新增")))
    path = one.submission.path
    run = Run({path: "b" * 64}, rounds={path: Round(2, "2023-02-01 08:00", (FINDING,))})
    data = validation([one], run)
    assert (data["verdict"], data["summary"]) == ("可以上报", {
        "files": 1, "pass": 1, "fail": 0, "error": 0, "warning": 0, "rounding": 0, "note": 0, "not_run": 1, "explained": 0,
        "approved": 1})
    [file] = data["files"]
    assert [(finding["severity"], finding["state"], finding["remark"]) for finding in file["findings"]] == [
        ("error", "仍存在", {"standing": "已批准例外", "reason": "批准", "by": "张三", "at": "2023-02-01 09:00", "value": "2"}),
        ("note", "新增", None)]
    assert (file["sha256_after"], file["unchanged"], file["round"]["number"], file["round"]["previous"]) == (
        "b" * 64, True, 2, "2023-02-01 08:00")
    assert ([old["rule_id"] for old in file["round"]["resolved"]], file["round"]["unread"]) == (["X-1"], [])


def test_the_fingerprint_goes_with_the_figures_and_the_identity_does_not():
    other = [replace(FINDING, actual="3"), replace(FINDING, expected="9"), replace(FINDING, values=("1", "2"))]
    assert len({one.fingerprint for one in [FINDING, *other]}) == 4 and {one.identity for one in other} == {FINDING.identity}
    moved = replace(FINDING, cells=("基础数据表!B9",), message="别的话", severity="note")
    assert (moved.fingerprint, moved.identity) == (FINDING.fingerprint, FINDING.identity)
    assert replace(FINDING, subject="乙").identity != FINDING.identity != replace(FINDING, instance=2).identity


def test_an_item_says_where_it_stands_and_what_was_typed():
    one = filed("430400/2022", "甲", {
        "基础数据": {"编制数": "15", "公用经费.本年决算": "69.72", "厉行节约": "无"}, "整体自评": {"指标.得分#1": "9.50"}})
    items = {(item["form"], item["row"], item["item"]): item for item in validation([one])["files"][0]["items"]}
    assert items["基础数据", "", "编制数"] == {
        "form": "基础数据", "instance": 1, "row": "", "item": "编制数", "value": "15", "text": "15", "cell": "基础数据表!B1"}
    assert {key: items[key]["value"] for key in (
        ("基础数据", "公用经费", "公用经费.本年决算"), ("基础数据", "", "厉行节约"), ("基础数据", "政府采购", "政府采购.本年决算"),
        ("整体自评", "1", "指标.得分"))} == {
        ("基础数据", "公用经费", "公用经费.本年决算"): "697200", ("基础数据", "", "厉行节约"): None,
        ("基础数据", "政府采购", "政府采购.本年决算"): None, ("整体自评", "1", "指标.得分"): "9.5"}


def test_a_rate_is_a_ratio_and_an_instance_is_told():
    items = validation([unit_a()])["files"][0]["items"]
    assert [(item["instance"], item["value"]) for item in items if (item["form"], item["item"]) == ("项目", "执行率")] == [
        (1, "1"), (2, "1")]


def test_a_file_that_could_not_be_read_is_reported_too():
    trouble = Trouble("file", "damaged-file", "打不开。", "请重新要一份。")
    broken = Filed(Submission("坏.xlsx", "", "", "", "", troubles=(trouble,)), findings=(trouble_finding(trouble),))
    [file] = validation([broken])["files"]
    assert (file["items"], file["forms"], [(one["kind"], one["severity"]) for one in file["findings"]]) == (
        [], [], [("file", "error")])


def test_no_float_is_anywhere():
    found = []
    json.loads(dump(validation([unit_a(), unit_b()])), parse_float=found.append)
    assert found == []


def test_every_key_stands_in_the_contract():
    remark = Remark("approved", "批准", "张三", "2023-02-01 09:00", "2", holds=True)
    one = replace(unit_a(), findings=(replace(FINDING, remark=remark, places=(Place(12, 3, 8, "22.5万"),)),))
    run = Run({one.submission.path: "b" * 64}, rounds={one.submission.path: Round(2, "2023-02-01 08:00", (FINDING,))})
    written = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    keys = set(_keys(validation([one], run)))
    assert {key for key in keys if f"`{key}`" not in written} == set()


def _keys(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
        data = list(data.values())
    if isinstance(data, list):
        for one in data:
            yield from _keys(one)
