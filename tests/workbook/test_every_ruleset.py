"""Every rule set there is: its templates as checked in, blank, and with its worked cases filled in and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from fillings import EVERY_RULESET, cases
from validator import xml_errors

from pyfuncs.catalog.codes import code, derived_keys
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper.pipeline import process
from pyfuncs.workbook.template import write_workbook

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "workbook_templates").glob("*/*.xlsx"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem[-4:]}")
def test_every_template_is_sound(path: Path):
    assert xml_errors(path) == []


def test_every_rule_set_has_a_template_in_both_editions():
    assert sorted(path.parent.name for path in TEMPLATES) == sorted(
        name.replace("/", "-") for name in EVERY_RULESET for _ in range(2))


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_a_blank_template_lacks_only_what_must_be_filled(ruleset_id: str, tmp_path: Path):
    """No complaint about what the form itself prints or works out."""
    path = tmp_path / "空白.xlsx"
    write_workbook(path, load_ruleset(ruleset_id), "formula", entity="某单位")
    found = process(path)
    keys = {code(found.ruleset, key): key for _, key in derived_keys(found.ruleset)}
    assert {keys.get(one.rule_id, one.rule_id).partition(":")[0] for one in found.findings} <= {"required", "filled"}


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_a_case_filled_in_is_read_back_with_the_figures_of_the_case(ruleset_id: str, tmp_path: Path):
    """Written, read and worked out again: nothing is lost on the way, and no rate, score or sum is wrong."""
    for number, case in enumerate(cases(ruleset_id)):
        path = tmp_path / f"{number}.xlsx"
        write_workbook(path, load_ruleset(ruleset_id), "formula", filling=case.filling)
        found = process(path)
        keys = {code(found.ruleset, key): key for _, key in derived_keys(found.ruleset)}
        kinds = {keys.get(one.rule_id, one.rule_id).partition(":")[0]: one.message for one in found.findings
                 if one.severity == "error"}
        assert not kinds.keys() & {"rate", "score", "parts", "total", "percent", "type", "fixed", "grade"}, (case.name, kinds)
