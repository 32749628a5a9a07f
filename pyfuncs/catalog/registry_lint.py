"""Lint of a rule set that does not lie in its place yet, and may stand beside one of the same id."""

from __future__ import annotations

from pyfuncs.catalog.lint import lint_data
from pyfuncs.catalog.lint_rules import NamedChecks
from pyfuncs.catalog.load import over_parent
from pyfuncs.catalog.marks import MarkedDict, Problem, RuleSetError


def lint_root(root: MarkedDict, named: NamedChecks | None = None) -> list[Problem]:
    """All problems and to-dos of a rule set as it was read from its files (cases under `cases`)."""
    cases = root.pop("cases", {})
    try:
        return lint_data(over_parent(root, (root["id"],)), list(cases.values()), named)
    except RuleSetError as error:
        return error.problems
