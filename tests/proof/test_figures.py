"""The central promise, for every rule set: 加载项版, 公式版 and the Decimals give the same figures in every program.

On what real units filed, the worked cases, odd operands of every rate, and any figures at all.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from evidence import disagreements
from fillings import BOUNDARIES, EVERY_RULESET, UNITS, cases, over_every_rate, random_filling, unit_inputs
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from libreoffice_office import Office

from pyfuncs.catalog.load import load_ruleset


@pytest.mark.parametrize("unit", UNITS)
def test_a_real_units_figures(unit: str, tmp_path: Path, calc: Office):
    assert disagreements(tmp_path, [unit_inputs(unit, tmp_path)], calc) == {}


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_worked_cases(ruleset_id: str, tmp_path: Path, calc: Office):
    found = [case.filling for case in cases(ruleset_id)]
    assert found and disagreements(tmp_path, found, calc) == {}


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_odd_operands_of_every_rate(ruleset_id: str, tmp_path: Path, calc: Office):
    ruleset = load_ruleset(ruleset_id)
    fillings = [over_every_rate(ruleset, over, under) for over, under, _ in BOUNDARIES]
    assert disagreements(tmp_path, fillings, calc) == {}


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
@settings(max_examples=4, phases=[Phase.reuse, Phase.generate],     # a smaller random filling says no more
          suppress_health_check=[HealthCheck.too_slow])
@given(random=st.randoms(use_true_random=False))
def test_any_figures(ruleset_id: str, tmp_path_factory: pytest.TempPathFactory, calc: Office, random: Random):
    folder = tmp_path_factory.mktemp("random")
    assert disagreements(folder, [random_filling(ruleset_id, random)], calc) == {}
