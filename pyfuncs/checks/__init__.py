"""Checks: pure functions from a submission and its rule set to findings."""
