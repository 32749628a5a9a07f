"""The one way amounts are added up: exactly."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context

# Nothing is rounded and nothing raised: a text of three hundred decimals in one cell of one unit is no reason to stop.
EXACT = Context(prec=100_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
