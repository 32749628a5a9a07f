"""For how long a rule set is taken not to have changed: not at all, but within a block that says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_folders import ID, write

from pyfuncs.catalog.load import beside, load_ruleset
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.stamps import once, unchanged


def name(folder: Path, text: str) -> str:
    """Of the rule set, after another one was written into its file."""
    path = folder / "2022/ruleset.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    write(path, "\n".join(f"name: {text}" if line.startswith("name:") else line for line in lines) + "\n")
    return load_ruleset(ID, unfinished=True).name


def test_a_change_is_seen_at_once_but_not_within_the_block(folder: Path):
    assert name(folder, "甲") == "甲" and name(folder, "乙的") == "乙的"
    with unchanged():
        assert name(folder, "丙的名") == "丙的名" and name(folder, "丁的名称") == "丙的名"
    assert load_ruleset(ID, unfinished=True).name == "丁的名称"


def test_what_lies_beside_one_workbook_is_not_there_for_another(folder: Path, tmp_path: Path):
    (tmp_path / "甲/规则集/990000").mkdir(parents=True)
    (folder / "2022").rename(tmp_path / "甲/规则集/990000/2022")
    with unchanged():
        with beside(tmp_path / "甲/表.xlsx"):
            assert load_ruleset(ID, unfinished=True).id == ID
        with beside(tmp_path / "乙/表.xlsx"), pytest.raises(RuleSetError):
            load_ruleset(ID, unfinished=True)


def test_what_went_wrong_is_asked_again():
    asked: list[str] = []

    def look(word: str) -> str:
        asked.append(word)
        if len(asked) == 1:
            raise OSError
        return word

    with unchanged():
        with pytest.raises(OSError):
            once(look, "甲")
        assert [once(look, "甲"), once(look, "甲"), once(look, "乙")] == ["甲", "甲", "乙"]
    assert asked == ["甲", "甲", "乙"]
