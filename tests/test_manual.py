"""The generated pages of the manual are those that the rule sets and declarations give now."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import click

from pyfuncs.helper.cli import COMMANDS, jixiao

ROOT = Path(__file__).resolve().parent.parent


def script(name: str):
    spec = importlib.util.spec_from_file_location(f"build_{name}", ROOT / "build" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date() -> None:
    pages = script("manual").pages()
    assert len(pages) >= 4
    assert [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text] == []


def test_every_command_is_in_the_manual_and_in_no_other_words() -> None:
    manual = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^jixiao ([a-z]+)", manual, re.MULTILINE))
    assert told == set(COMMANDS)
    assert all(isinstance(jixiao.get_command(click.Context(jixiao), name), click.Command) for name in COMMANDS)
