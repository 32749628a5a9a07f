"""The catalogue: rule sets as typed data. Import the modules; nothing is re-exported here,
because `catalog.compiled` must stay importable without pydantic (cell functions use it)."""
