"""What tests of loading write into the folder of sample rule sets (the fixture `folder`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyfuncs.catalog.marks import RuleSetError

ID = "990000/2022"

CHILD = """id: 990000/2023
name: 下一年
year: "2023"
extends: 990000/2022
edition: "1"
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(call, *args) -> list[str]:
    with pytest.raises(RuleSetError) as error:
        call(*args)
    return [str(problem) for problem in error.value.problems]
