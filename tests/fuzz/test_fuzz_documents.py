"""Thousands of old workbooks and Word documents with something wrong in them, and all kinds under wrong names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fuzz_mutants import Mutate, old_mutant, package_mutant, shaken, unpacked
from fuzz_run import fuzz
from own_layouts import own_book

IN_CI = bool(os.environ.get("CI"))
SECONDS, LEAST, GROWN = 40, 1000, 600                 # at least so many files; MiB that the process may grow by


@pytest.fixture(scope="module")
def mutants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Mutate]]:
    folder = tmp_path_factory.mktemp("own")
    old = own_book("hengyang", folder, "xls").path.read_bytes()
    word = unpacked(own_book("liuyang", folder, "docx").path.read_bytes())
    own = unpacked(own_book("xiangxi", folder, "xlsx").path.read_bytes())
    return {"old": (".xls", lambda random: old_mutant(old, random)),
            "Word": (".docx", lambda random: package_mutant(word, random)),
            "own layout": (".xlsx", lambda random: package_mutant(own, random)),
            "old under a wrong name": (".xlsx", lambda random: old_mutant(old, random)),
            "rubbish": (".xlsx", lambda random: shaken(random.choice((b"PK\x03\x04", old[:2000], b"")), random))}


def test_no_mutant_of_a_document_stops_the_reader(mutants: dict[str, tuple[str, Mutate]], tmp_path: Path, capsys):
    result = fuzz(mutants, tmp_path, SECONDS, LEAST, "ci" if IN_CI else "")
    with capsys.disabled():
        print(f"\n{result.line()}")
    assert result.failures == [], result.line()       # the line printed above is not seen from a worker
    assert result.grown < GROWN
    assert result.read > result.count / 5             # many mutants get past the first door
