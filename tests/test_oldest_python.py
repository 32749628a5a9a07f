"""What the functions stand on runs under Python 3.8, which LibreOffice brings in some of its own packages.

No such Python can be installed everywhere the tests run, so the source is judged: its syntax, and what newer ones alone
evaluate or know. (Annotations are not evaluated.)
"""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Iterator

import pytest
from libreoffice_office import ADDIN, ROOT

from pyfuncs.helper.libreoffice import LEAST_PYTHON

GENERIC = {"list", "dict", "tuple", "set", "frozenset", "type", "Callable", "Sequence", "Mapping", "Iterable", "Iterator",
           "Collection"}
NEWER_METHODS = {"removeprefix", "removesuffix", "bit_count"}
NEWER_NAMES = {("functools", "cache"), ("itertools", "pairwise"), ("typing", "TypeAlias"), ("typing", "Annotated"),
               ("types", "UnionType"), ("enum", "StrEnum")}


def carried() -> list[str]:
    with zipfile.ZipFile(ADDIN) as archive:
        return [name for name in archive.namelist() if name.endswith(".py")]


def too_new(source: str) -> list[str]:
    """What Python 3.8 would stumble over, as "line what"."""
    try:
        tree = ast.parse(source, feature_version=LEAST_PYTHON)
    except SyntaxError as error:
        return [f"{error.lineno} {error.msg}"]
    return [f"{node.lineno} {what}" for node in evaluated(tree) if (what := newer(node))]


def evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, but for annotations."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from evaluated(child)


def newer(node: ast.AST) -> str:
    """Why an expression needs a newer Python; "" where it does not."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in GENERIC:
        return f"{node.value.id}[…]"
    if isinstance(node, ast.Attribute) and node.attr in NEWER_METHODS:
        return f".{node.attr}()"
    if isinstance(node, ast.ImportFrom):
        return ", ".join(alias.name for alias in node.names if (node.module, alias.name) in NEWER_NAMES)
    if isinstance(node, ast.Call) and any(word.arg == "strict" for word in node.keywords):
        return "zip(strict=)"
    if isinstance(node, ast.keyword) and node.arg in ("slots", "kw_only"):
        return f"dataclass({node.arg}=)"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = (node.left, node.right)
        if any(isinstance(side, (ast.Dict, ast.DictComp)) for side in sides):
            return "dict | dict"
        if any(isinstance(side, ast.Constant) and side.value is None for side in sides):
            return "type | None"
    return ""


@pytest.mark.parametrize("name", carried())
def test_what_the_addin_carries_keeps_to_it(name: str):
    assert too_new((ROOT / (name if name.startswith("pyfuncs/") else f"addin/libreoffice/{name}")).read_text("utf-8")) == []


@pytest.mark.parametrize(("source", "expected"), [
    ("match x:\n    case 1: pass", "2 Pattern matching is only supported in Python 3.10 and greater"),
    ("Alias = Callable[[int], str]", "1 Callable[…]"),
    ("Alias = Union[int, list[str]]", "1 list[…]"),
    ("a = {} | b", "1 dict | dict"),
    ("Alias = int | None", "1 type | None"),
    ("'a'.removesuffix('b')", "1 .removesuffix()"),
    ("from functools import cache", "1 cache"),
    ("zip(a, b, strict=True)", "1 zip(strict=)"),
    ("@dataclass(slots=True)\nclass A: pass", "1 dataclass(slots=)"),
    ("def f(a: list[int] | None) -> dict[str, int]:\n    b: list[int] = []\n    return {1} | {2}", None),
])
def test_what_is_too_new_is_told(source: str, expected: str | None):
    assert too_new(source) == ([expected] if expected else [])
