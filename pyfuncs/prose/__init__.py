"""Words of a written report (自评报告) as facts: pure functions, deterministic, no files."""
