"""Patterns that Python 3.11.0 to 3.11.4 gets wrong: a possessive group with a choice in it loses matches there.

Debian 12 has one of these versions; one that has none of the fault can't show it, so the patterns are judged.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from re import _constants as kinds
from re import _parser as parser
from typing import Any

import pytest

import pyfuncs

POSSESSIVE = {kinds.POSSESSIVE_REPEAT, kinds.ATOMIC_GROUP}
CHOICES = {kinds.BRANCH, kinds.MAX_REPEAT, kinds.MIN_REPEAT}


def patterns() -> Iterator[tuple[str, str]]:
    """Those of all modules, with the module and the name."""
    for module in pkgutil.walk_packages(pyfuncs.__path__, "pyfuncs."):
        for name, value in vars(importlib.import_module(module.name)).items():
            yield from ((f"{module.name}.{name}", one.pattern) for one in among(value) if isinstance(one.pattern, str))


def among(value: Any) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from among(one)


def lossy(pattern: str) -> bool:
    return any(kind in POSSESSIVE and holds_choice(inside) for kind, inside in parts(parser.parse(pattern)))


def holds_choice(given: Any) -> bool:
    body = given[-1] if isinstance(given, tuple) else given
    return any(kind in CHOICES for kind, _ in parts(body))


def parts(given: Any) -> Iterator[tuple[Any, Any]]:
    """All parts of a parsed pattern, however deep."""
    if isinstance(given, parser.SubPattern):
        for kind, inside in given:
            yield kind, inside
            yield from parts(inside)
    elif isinstance(given, Iterable) and not isinstance(given, (str, bytes)):
        for one in given:
            yield from parts(one)


@pytest.mark.parametrize(("pattern", "wrong"), [
    ("(?:a+|b)*+", True), ("(?:ab|b)?+", True), ("(?>a+|b)c", True), ("x(?:(?:a+)b)++", True),
    ("(?:a++b)*+", False), ("[ab]*+", False), ("(?:a++(?:b)?+)?+", False), ("(?:a+|b)*", False),
])
def test_a_possessive_choice_is_seen(pattern: str, wrong: bool):
    assert lossy(pattern) == wrong


def test_no_pattern_loses_matches_where_python_is_older():
    found = list(patterns())
    assert len(found) > 200
    assert [name for name, pattern in found if lossy(pattern)] == []
