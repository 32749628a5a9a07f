"""Lint of a rule set that does not lie in its place yet, and may stand beside one of the same id."""

from __future__ import annotations

from pyfuncs.catalog.lint import lint_data
from pyfuncs.catalog.lint_rules import NamedChecks
from pyfuncs.catalog.load import PARENTS_OWN, load_raw
from pyfuncs.catalog.marks import MarkedDict, Problem, RuleSetError, merge
from pyfuncs.catalog.removal import removals, without


def lint_root(root: MarkedDict, named: NamedChecks | None = None) -> list[Problem]:
    """All problems and to-dos of a rule set as it was read from its files (cases under `cases`)."""
    cases = root.pop("cases", {})
    try:
        return lint_data(_over_parent(root), list(cases.values()), named)
    except RuleSetError as error:
        return error.problems


def _over_parent(root: MarkedDict) -> MarkedDict:
    parent = root.get("extends")
    if not parent or not isinstance(parent, str):
        return root
    try:
        base = load_raw(parent, (root["id"],))
    except RuleSetError as error:
        if any(problem.mark.file == parent for problem in error.problems):   # no such rule set
            raise RuleSetError([Problem(root.marks["extends"], one.message)
                                for one in error.problems]) from None
        raise
    for key in PARENTS_OWN:
        base.pop(key, None)
    return merge(without(base, removals(root, base)), root)
