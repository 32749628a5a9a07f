"""One cent, one person or 0.01 percent to either side of everything at which a score changes, in every rule set.

By then a float is off and a step is counted too many in one program and not in another, unless every formula is guarded.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence import disagreements
from fillings import EVERY_RULESET, limits_of_scores
from libreoffice_office import Office

from pyfuncs.catalog.load import load_ruleset


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_every_program_counts_the_same_steps(ruleset_id: str, tmp_path: Path, calc: Office):
    fillings = limits_of_scores(load_ruleset(ruleset_id))
    assert len(fillings) >= 6
    assert disagreements(tmp_path, fillings, calc) == {}
