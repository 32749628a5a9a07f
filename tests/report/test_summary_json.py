"""The JSON of `consolidate`: the contract key by key; every number a decimal string; streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sample_units import unit_a
from summary_samples import consolidated, sample

from pyfuncs.report.output import TargetExists
from pyfuncs.report.summary_json import consolidation_json, write_consolidation_json

CONTRACT = Path(__file__).resolve().parents[2] / "docs" / "json.md"


def data_of(result, source) -> dict:
    return json.loads("".join(consolidation_json(result, source)))


@pytest.fixture(scope="module")
def data() -> dict:
    return data_of(*sample())


def test_the_keys_stand_in_the_order_of_the_contract(data: dict):
    assert list(data) == ["units", "missing", "rejected", "totals", "rates", "scores", "ranking", "nodes", "listed", "late",
                          "annexes", "unexpected", "notices", "not_chosen", "partial"]
    written = CONTRACT.read_text(encoding="utf-8").partition("## consolidate")[2]
    assert {key for key in _keys(data) if f"`{key}`" not in written} == set()


def _keys(data: object) -> Iterator[str]:
    """Keys that the contract names; those of maps by form!name, rate, group or label are data."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            if key not in ("rates", "amounts", "prior", "counts", "deductions") or isinstance(value, list):
                yield from _keys(value)
    if isinstance(data, list):
        for one in data:
            yield from _keys(one)


def test_who_is_in_and_who_is_not(data: dict):
    assert [(one["unit"], one["file"], one["verdict"], one["node"], one["code"], one["rank"], one["total"]) for one in data["units"]] == [
        ("甲中心", "甲中心.xlsx", "须修改", "01", "0101", 1, "96.85"), ("乙中心", "乙中心.xlsx", "须修改", "01", "0102", 2, "95"),
        ("丙中心", "丙中心.xlsx", "须修改", "02", "0201", 2, "95")]
    assert [(one["unit"], one["node"]) for one in data["missing"]] == [("丁局", "01")]
    assert [(one["unit"], one["file"], one["duplicate"]) for one in data["rejected"]] == [("甲中心", "又一份.xlsx", "甲中心.xlsx")]


def test_a_total_has_every_part(data: dict):
    [total] = [one for one in data["totals"] if one["item"] == "三公经费.本年预算"]
    assert total == {
        "form": "基础数据", "row": "三公经费", "item": "三公经费.本年预算", "value": "515000", "kind": "amount", "filed": 2, "unfilled": 1,
        "parts": [
            {"unit": "甲中心", "file": "甲中心.xlsx", "cell": "基础数据表!B35", "value": "175000", "state": "number", "instance": 1},
            {"unit": "乙中心", "file": "乙中心.xlsx", "cell": "基础数据表!B35", "value": None, "state": "blank", "instance": 1},
            {"unit": "丙中心", "file": "丙中心.xlsx", "cell": "基础数据表!B5", "value": "340000", "state": "number", "instance": 1}]}


def test_rates_scores_and_ranking(data: dict):
    [rate] = [one for one in data["rates"] if one["rate"] == "三公经费控制率"]
    assert (rate["value"], rate["units"], rate["operands"], [one["unit"] for one in rate["left_out"]]) == (
        "0.8558801941748", ["甲中心", "丙中心"], [{"item": "基础数据!三公经费.本年决算", "value": "440778.3"},
                                             {"item": "基础数据!三公经费.本年预算", "value": "515000"}], ["乙中心"])
    assert [(one["unit"], one["score"], one["instance"], one["value"], one["printed"]) for one in data["scores"][:4]] == [
        ("甲中心", "资金得分", 0, "6.85", "6.85"), ("甲中心", "自评总分", 0, "96.85", None),
        ("甲中心", "项目资金得分", 1, "10", "10"), ("甲中心", "项目资金得分", 2, "10", "10")]
    assert [(one["rank"], one["unit"], one["total"], one["grade"]) for one in data["ranking"]] == [
        (1, "甲中心", "96.85", "优"), (2, "乙中心", "95", "优"), (2, "丙中心", "95", "优")]


def test_nodes_carry_their_own_totals(data: dict):
    assert [(one["id"], one["name"], one["parent"], one["level"], one["units"]) for one in data["nodes"]] == [
        ("", "全部单位", None, 0, 3), ("01", "市局", "", 1, 2), ("02", "县局", "", 1, 1)]
    assert [total["value"] for node in data["nodes"] for total in node["totals"] if total["item"] == "编制数"] == ["62", "45", "17"]


def test_no_float_is_anywhere():
    found = []
    json.loads("".join(consolidation_json(*sample())), parse_float=found.append)
    assert found == []


def test_values_are_exact_decimal_strings():
    result, source = consolidated([unit_a()])
    total = replace(result.root.totals[0], value=Decimal("1E+15"))
    big = replace(result, nodes=(replace(result.root, totals=(total,)),))
    assert data_of(big, source)["totals"][0]["value"] == "1000000000000000"


def test_the_file_is_the_same_every_time_and_never_overwritten(tmp_path: Path):
    for name in ("一.json", "二.json"):
        write_consolidation_json(tmp_path / name, *sample())
    assert (tmp_path / "一.json").read_bytes() == (tmp_path / "二.json").read_bytes()
    with pytest.raises(TargetExists):
        write_consolidation_json(tmp_path / "一.json", *sample())
    assert data_of(*consolidated([]))["units"] == []
