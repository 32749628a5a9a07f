"""Consolidation: what several units filed → totals with lineage, rates from the totals, a ranking."""
