"""The compiled rule sets and the codes that are checked in are those of the YAML."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from pyfuncs.catalog.compile import canonical, compile_ruleset, digest
from pyfuncs.catalog.compiled import load_compiled
from pyfuncs.catalog.item_words import basis_words
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.checks.named import PARAMETERS

ROOT = Path(__file__).resolve().parents[2]
HENGYANG = load_ruleset("430400/2022")


@pytest.fixture(scope="module")
def recipe():
    """build/rulesets.py, which lies in no package."""
    spec = importlib.util.spec_from_file_location("build_rulesets", ROOT / "build" / "rulesets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_those_checked_in(recipe):
    files = recipe.generated()
    usable = [name for name in ruleset_ids() if not load_ruleset(name).abstract]
    assert len(files) == 2 * len(usable) > 2
    assert recipe.differing(files) == [], "python build/rulesets.py makes them anew"


def test_generated_files_are_the_same_every_time(recipe):
    assert recipe.generated() == recipe.generated()


def test_a_changed_file_is_noticed(recipe, tmp_path: Path):
    (tmp_path / "same").write_bytes("甲\n".encode())
    (tmp_path / "other").write_bytes("甲\r\n".encode())
    files = {tmp_path / name: "甲\n" for name in ("same", "other", "missing")}
    assert [path.name for path in recipe.differing(files)] == ["other", "missing"]


@pytest.mark.parametrize("ruleset_id", ruleset_ids())
def test_every_rule_set_is_without_problems(ruleset_id: str):
    assert lint_ruleset(ruleset_id, PARAMETERS) == []


def test_the_shape_that_cell_functions_read():
    compiled = compile_ruleset(HENGYANG, HENGYANG.codes)
    assert list(compiled) == ["schema", "id", "name", "region", "year", "edition", "basis", "content", "rates",
                              "scores", "total", "grades", "checks", "hash"]
    assert compiled["basis"] == [basis_words(basis) for basis in HENGYANG.basis]
    assert compiled["rates"]["人员控制率"] == {
        "label": "控制率", "method": "控制率", "parameters": {"decimals": "2"}, "decimals": 2,
        "args": ["基础数据!在职人数", "基础数据!编制数"],
        "labels": ["《基础数据表》“实际在职人数”", "《基础数据表》“编制数”"], "status": "observed",
        "source": HENGYANG.rates["人员控制率"].source}
    score = compiled["scores"]["资金得分"]
    assert (score["method"], score["value"], score["value_label"], score["formula"], score["labels"]) == (
        "按率", "资金执行率", "资金执行率", "", [])
    assert compiled["scores"]["自评总分"]["labels"] == ["《整体自评表》“资金得分”", "《整体自评表》“指标”的“得分”"]
    assert score["parameters"] == {"points": "10", "cap": "1", "na": "ask", "decimals": {"any": ["2", "0"]}}
    assert compiled["grades"] == [["优", "90"], ["良", "80"], ["中", "60"], ["差", "0"]]
    assert set(compiled["checks"]["KB-01"]) == {"formula", "severity", "message"}
    assert "KB-06" not in compiled["checks"]          # a named check has no formula a cell could ask for
    assert json.loads(canonical(compiled)) == compiled


def test_what_can_not_be_read_is_compiled_as_it_is_written():
    """The hash of a rule set is asked for before lint has told what is wrong with it."""
    rate = HENGYANG.rates["人员控制率"].model_copy(update={"args": ["没有的!数", "(", "基础数据!公用经费"]})
    total = HENGYANG.scores["自评总分"].model_copy(update={"formula": "1 +"})
    value = HENGYANG.scores["资金得分"].model_copy(update={"value": "没有的率"})
    wrong = HENGYANG.model_copy(update={"rates": {"人员控制率": rate}, "scores": {"自评总分": total, "资金得分": value}})
    compiled = compile_ruleset(wrong, {})
    assert compiled["rates"]["人员控制率"]["labels"] == ["“没有的!数”", "“(”", "“基础数据!公用经费”"]
    assert compiled["scores"]["自评总分"]["labels"] == []
    assert compiled["scores"]["资金得分"]["value_label"] == "“没有的率”"


def test_the_hash_is_of_everything_a_rule_set_says():
    compiled = compile_ruleset(HENGYANG, HENGYANG.codes)
    assert compiled["hash"] == digest({key: value for key, value in compiled.items() if key != "hash"})
    assert HENGYANG.hash == compiled["hash"] == load_compiled("430400/2022")["hash"]
    form = HENGYANG.forms["基础数据"].model_copy(update={"title": "另一张表"})
    changed = HENGYANG.model_copy(update={"forms": {**HENGYANG.forms, "基础数据": form}})
    assert compile_ruleset(changed, HENGYANG.codes)["hash"] != compiled["hash"]
    assert compile_ruleset(HENGYANG, {**HENGYANG.codes, "grade:甲": "009"})["hash"] != compiled["hash"]
    assert compile_ruleset(HENGYANG.model_copy(update={"hash": "x"}), HENGYANG.codes) == compiled
