"""Compiled rule sets as the cell functions read them."""
from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pyfuncs.catalog import compiled
from pyfuncs.catalog.compiled import UnknownRuleSet, load_compiled


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Two folders: 430400/2022 is built in, 433100/2021 was added, 430181/2021 stands in both."""
    for folder, ruleset in (("shipped", "430400/2022"), ("own", "433100/2021"), ("shipped", "430181/2021"),
                            ("own", "430181/2021")):
        path = tmp_path / folder / f"{ruleset}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": ruleset, "name": f"{folder} 规则集"}), encoding="utf-8")
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(compiled, "FOLDERS", (tmp_path / "shipped", tmp_path / "missing", tmp_path / "own"))
    load_compiled.cache_clear()
    yield
    load_compiled.cache_clear()


@pytest.mark.parametrize(("ruleset", "name"), [("430400/2022", "shipped 规则集"), ("433100/2021", "own 规则集")])
def test_every_folder_is_looked_into(ruleset, name):
    assert load_compiled(ruleset) == {"id": ruleset, "name": name}


def test_a_rule_set_that_is_there_twice_is_refused_with_both_named(tmp_path):
    with pytest.raises(UnknownRuleSet) as caught:
        load_compiled("430181/2021")
    assert str(caught.value) == (f"规则集“430181/2021”有两套（内置，{tmp_path / 'own/430181/2021.json'}），不能确定用哪一套，"
                                 "都没有用；请只留一套，把另一套移出“规则集”文件夹")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"id": "430400/2022"}', "[" * 10**5,
                                     json.dumps({"id": "433100/2021", "name": "长" * 10**6})])
def test_a_file_that_is_no_compiled_rule_set(tmp_path, content):
    path = tmp_path / "own/433100/2021.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnknownRuleSet) as caught:
        load_compiled("433100/2021")
    assert str(caught.value) == f"规则集文件 {path} 不能用；请运行 jixiao rulesets finish 433100/2021 重新生成"


def test_where_rule_sets_of_ones_own_lie(monkeypatch):
    """Beside the packaged program, else in the current folder, looked up anew each time."""
    assert compiled._own_folder() == Path("规则集")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert compiled._own_folder() == Path(sys.executable).parent / "规则集"


def test_a_file_is_read_once():
    assert load_compiled("430400/2022") is load_compiled("430400/2022")


@pytest.mark.parametrize(("ruleset", "near"), [
    ("430400/2023", "430400/2022、433100/2021、430181/2021"), ("衡阳", "430181/2021、430400/2022、433100/2021"),
    ("../secret", "430181/2021、430400/2022、433100/2021"),
])
def test_an_unknown_rule_set_names_those_there_are(ruleset, near):
    with pytest.raises(UnknownRuleSet) as caught:
        load_compiled(ruleset)
    assert str(caught.value) == f"没有规则集“{ruleset}”；现有：{near}"


def test_an_id_is_no_path(tmp_path):
    assert (tmp_path / "secret.json").is_file()
    for text in (f"{tmp_path}/secret", "430400/../../secret", "430400\\2022"):
        with pytest.raises(UnknownRuleSet, match="没有规则集"):
            load_compiled(text)
