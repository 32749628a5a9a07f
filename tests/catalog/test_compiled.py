"""Compiled rule sets as the cell functions read them."""
from __future__ import annotations

import json

import pytest

from pyfuncs.catalog import compiled
from pyfuncs.catalog.compiled import UnknownRuleSet, load_compiled


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Two folders: 430400/2022 in both, 433100/2021 in the second alone."""
    for folder, ruleset in (("own", "430400/2022"), ("shipped", "430400/2022"), ("shipped", "433100/2021")):
        path = tmp_path / folder / f"{ruleset}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": ruleset, "name": f"{folder} 规则集"}), encoding="utf-8")
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(compiled, "FOLDERS", (tmp_path / "missing", tmp_path / "own", tmp_path / "shipped"))
    load_compiled.cache_clear()
    yield
    load_compiled.cache_clear()


@pytest.mark.parametrize(("ruleset", "name"), [("430400/2022", "own 规则集"), ("433100/2021", "shipped 规则集")])
def test_the_first_folder_that_has_it_counts(ruleset, name):
    assert load_compiled(ruleset) == {"id": ruleset, "name": name}


def test_a_file_is_read_once():
    assert load_compiled("430400/2022") is load_compiled("430400/2022")


@pytest.mark.parametrize(("ruleset", "near"), [
    ("430400/2023", "430400/2022、433100/2021"), ("衡阳", "430400/2022、433100/2021"),
    ("../secret", "430400/2022、433100/2021"),
])
def test_an_unknown_rule_set_names_those_there_are(ruleset, near):
    with pytest.raises(UnknownRuleSet) as caught:
        load_compiled(ruleset)
    assert str(caught.value) == f"没有规则集“{ruleset}”；现有：{near}"
