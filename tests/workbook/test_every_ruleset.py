"""Every rule set there is: its cases typed into both editions, computed by two engines, equal to the Decimals.

And every template as checked in is what Excel's own schema allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from engines import cell_value, libreoffice_recalc_all
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from method_cases import agree
from random import Random
from test_editions import decimals, disagreements, random_filling
from validator import xml_errors

from pyfuncs.catalog.cases import case_submission
from pyfuncs.catalog.codes import code, derived_keys
from pyfuncs.catalog.load import load_ruleset, read_cases, ruleset_ids
from pyfuncs.catalog.words import Words, plain
from pyfuncs.helper.pipeline import process
from pyfuncs.language import CellError
from pyfuncs.workbook.filling import Filling
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Shape, Slot
from pyfuncs.workbook.template import write_workbook

ROOT = Path(__file__).resolve().parents[2]
RULESETS = [name for name in ruleset_ids() if not load_ruleset(name).abstract]
TEMPLATES = sorted((ROOT / "workbook_templates").glob("*/*.xlsx"))


@dataclass(frozen=True)
class Case:
    name: str
    filling: Filling


def cases(ruleset_id: str) -> Iterator[Case]:
    """The worked cases of a rule set as a clerk would type them, rates and scores left to the template."""
    ruleset = load_ruleset(ruleset_id)
    for case in read_cases(ruleset_id):
        filed = case_submission(ruleset, case)
        words = Words(ruleset, filed)
        projects = max([1, *(item.instance for item in filed.items)])
        rows: dict[tuple[str, int, str], int] = {}
        for item in filed.items:
            if item.row:
                key = (item.form, item.instance, item.group or item.name.partition(".")[0])
                rows[key] = max(rows.get(key, 0), _within(filed.items, item))
        plan = layout(ruleset, Shape(projects, rows))
        known = {slot: place for sheet in plan.sheets for slot, place in sheet.by_slot.items()}
        typed = {}
        for item in filed.items:
            slot = _slot(known, item, filed.items)
            scale = words.form(item).scale if words.kind(item) == "amount" else 1
            text = item.text if item.value is None else plain(item.value / scale)
            rule = known[slot].rule if slot else None
            if slot and text and not known[slot].locked and (rule is None or rule.kind in ("sum", "formula", "row")):
                typed[slot] = text
        yield Case(f"{ruleset_id}/{case['about']}", Filling(ruleset_id, typed=typed, shape=Shape(projects, rows)))


def _within(items, item) -> int:
    """Position of a table row within its 二级指标."""
    same = [other for other in items if (other.form, other.instance, other.name, other.group) ==
            (item.form, item.instance, item.name, item.group)]
    return same.index(item) + 1


def _slot(known, item, items) -> Slot | None:
    found = [slot for slot in known if (slot.form, slot.instance, slot.name) == (item.form, item.instance, item.name)
             and (not item.group or slot.group == item.group)]
    found.sort(key=lambda slot: slot.row)
    place = _within(items, item)
    return found[place - 1] if place <= len(found) else None


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_cases_are_the_same_in_both_editions(ruleset_id: str, tmp_path: Path):
    found = list(cases(ruleset_id))
    assert found
    for number, case in enumerate(found):
        folder = tmp_path / str(number)
        folder.mkdir()
        wrong, addin = disagreements(folder, case.filling)
        assert wrong == {}, case.name


@pytest.mark.parametrize("ruleset_id", RULESETS)
@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_any_figures_are_the_same_in_both_editions(ruleset_id: str, tmp_path_factory, random: Random):
    wrong, _ = disagreements(tmp_path_factory.mktemp("random"), random_filling(ruleset_id, random))
    assert wrong == {}


def test_libreoffice_computes_every_case_of_the_formula_edition(tmp_path: Path):
    plans = {}
    for ruleset_id in RULESETS:
        for case in cases(ruleset_id):
            path = tmp_path / f"{len(plans)}.xlsx"
            plans[path] = case, write_workbook(path, load_ruleset(ruleset_id), "formula", filling=case.filling)
    wrong = {}
    for path, copy in zip(plans, libreoffice_recalc_all(list(plans), tmp_path / "out")):
        case, plan = plans[path]
        book = openpyxl.load_workbook(copy, data_only=True)
        for address, truth in decimals(plan, path).items():
            name, _, cell = address.rpartition("!")
            shown = cell_value(book[name.strip("'")][cell].value)
            if not agree("" if shown is None else shown, truth) and not (
                    isinstance(truth, CellError) and isinstance(shown, CellError)):
                wrong[case.name, address] = shown, truth
    assert len(plans) >= len(RULESETS) and wrong == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem[-4:]}")
def test_every_template_is_sound(path: Path):
    assert xml_errors(path) == []


def test_every_rule_set_has_a_template_in_both_editions():
    assert sorted(path.parent.name for path in TEMPLATES) == sorted(
        name.replace("/", "-") for name in RULESETS for _ in range(2))


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_a_blank_template_lacks_only_what_must_be_filled(ruleset_id: str, tmp_path: Path):
    """No complaint about what the form itself prints or works out."""
    path = tmp_path / "空白.xlsx"
    write_workbook(path, load_ruleset(ruleset_id), "formula", entity="某单位")
    found = process(path)
    keys = {code(found.ruleset, key): key for _, key in derived_keys(found.ruleset)}
    assert {keys.get(one.rule_id, one.rule_id).partition(":")[0] for one in found.findings} <= {"required"}


@pytest.mark.parametrize("ruleset_id", RULESETS)
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
