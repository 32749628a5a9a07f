"""Every check that a rule set writes down has a case where it holds and one where it is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyfuncs.catalog.cases import case_submission
from pyfuncs.catalog.compiled import FOLDERS
from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.item_words import basis_words
from pyfuncs.catalog.load import load_ruleset, read_folder, read_marked, ruleset_folder, ruleset_ids
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.registry_fields import plain
from pyfuncs.checks.context import Context
from pyfuncs.checks.declared import check_declared
from pyfuncs.checks.finding import Finding

CASES = plain(read_marked(Path(__file__).parent / "cases" / "checks.yaml", "checks.yaml"))
INDICATORS = ("三级", "指标值", "完成值")


def written() -> Iterator[tuple[str, str]]:
    """(rule set, check) for every check, where it is written."""
    for ruleset_id in ruleset_ids([FOLDERS[0]]):
        for name in read_folder(ruleset_folder(ruleset_id)).get("checks", {}):
            yield ruleset_id, name


def heirs(ruleset_id: str) -> set[str]:
    """The rule sets that have the checks of this one: itself, and those that extend it."""
    found = {ruleset_id}
    for other in ruleset_ids([FOLDERS[0]]):
        parents = [other]
        while parents[-1]:
            parents.append(load_ruleset(parents[-1], unfinished=True).extends)
        found |= {other} if ruleset_id in parents else set()
    return found


@pytest.mark.parametrize(("ruleset_id", "name"), list(written()))
def test_every_check_has_a_case_that_holds_and_one_that_is_broken(ruleset_id: str, name: str) -> None:
    assert any(set(CASES.get(heir, {}).get(name, {})) == {"holds", "broken"} for heir in heirs(ruleset_id))


@pytest.mark.parametrize(("ruleset_id", "name"), [(one, name) for one in CASES for name in CASES[one]])
def test_it_tells_what_is_broken_and_nothing_of_what_holds(ruleset_id: str, name: str) -> None:
    ruleset = load_ruleset(ruleset_id)
    check = ruleset.checks[name]
    assert found(ruleset, name, CASES[ruleset_id][name]["holds"]) == []
    [told] = found(ruleset, name, CASES[ruleset_id][name]["broken"])
    assert (told.severity, told.kind) == (check.severity, "rule")
    assert told.message.startswith(check.message) and told.advice.rstrip("。") == check.advice.rstrip("。")
    assert told.basis == (check.basis or basis_words(ruleset.basis[0]))


def found(ruleset: RuleSet, name: str, inputs: dict[str, Any]) -> list[Finding]:
    submission = case_submission(ruleset, {"inputs": {form: spread(ruleset, form, sheets) for form, sheets in inputs.items()}})
    context = Context(ruleset, submission, figures(ruleset, submission))
    return [one for one in check_declared(context) if one.rule_id == f"{ruleset.prefix}-{name}"]


def spread(ruleset: RuleSet, form: str, sheets: Any) -> Any:
    """INDICATORS: the words of one row of the form's indicator table, in its first 二级指标."""
    if isinstance(sheets, list):
        return [spread(ruleset, form, sheet) for sheet in sheets]
    given = dict(sheets)
    words = given.pop("INDICATORS", None)
    leaf = next(iter(ruleset.forms[form].leaf_groups("指标"))) if words else ""
    return {**given, **{f"{leaf}.{column}": [text] for column, text in zip(INDICATORS, words or ())}}
