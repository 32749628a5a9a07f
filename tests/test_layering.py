"""Who may import whom, and who may touch files: held for every module of pyfuncs."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

RULES = {"language", "methods", "catalog"}
JUDGED = RULES | {"prose", "checks", "consolidate"}
# Each part and the parts it may import, besides itself and the package's own version.
ALLOWED = {
    "": set(),
    "language": set(),
    "methods": {"language"},
    "catalog": {"language", "methods"},
    "catalog.compiled": {"language", "methods"},
    "udfs_declare": {"language"},
    "udfs_rules": {"language", "methods", "catalog.compiled", "udfs_declare"},
    "udfs": {"language", "methods", "catalog.compiled", "udfs_declare", "udfs_rules"},
    "function_log": set(),
    "udfs_excel": {"udfs"},
    "server": {"udfs", "udfs_excel", "function_log", "live"},
    "prose": RULES,
    "checks": RULES | {"prose"},
    "consolidate": RULES,
    "workbook": JUDGED,
    "report": JUDGED,
    "live": JUDGED | {"workbook", "report", "udfs", "udfs_excel", "function_log"},
    "helper": JUDGED | {"workbook", "report", "udfs", "live", "function_log"},
}
# These answer in any interpreter, so they import nothing that must be installed.
STANDARD_LIBRARY_ONLY = {"", "language", "methods", "catalog.compiled", "udfs", "udfs_declare", "udfs_rules",
                         "function_log"}
PANDAS = {"consolidate", "report"}

FILE_CALLS = {"open", "read_text", "write_text", "read_bytes", "write_bytes",
              "ZipFile", "load_workbook", "Workbook"}
KNOW_FILES = ("workbook/*", "report/*", "catalog/load.py", "catalog/compiled.py",
              "helper/project*.py", "helper/output*.py", "helper/doctor_files.py",
              "helper/update_source.py")


def violations(root: Path) -> list[str]:
    """Every breach in root/pyfuncs as "path:line what"."""
    found = []
    for path in sorted((root / "pyfuncs").rglob("*.py")):
        inside = path.relative_to(root / "pyfuncs")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for line, message in [*import_breaches(inside, tree), *file_breaches(inside, tree)]:
            found.append(f"pyfuncs/{inside.as_posix()}:{line} {message}")
    return found


def import_breaches(inside: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    here = part(module_name(inside))
    if here not in ALLOWED:
        yield 1, f"part {here} has no place in the layering"
        return
    at_top = {node for statement in tree.body for node in walk_outside_functions(statement)}
    for node in ast.walk(tree):
        for target in imported(node, inside):
            own = target.split(".")[0] == "pyfuncs"
            there = part(target) if own else target.split(".")[0]
            if own and there and not any(lies_in(there, reach) for reach in ALLOWED[here] | {here}):
                yield node.lineno, f"imports {there}"
            if own or there in sys.stdlib_module_names:
                continue
            if here in STANDARD_LIBRARY_ONLY:
                yield node.lineno, f"imports {there}, which is not the standard library"
            elif there == "pandas" and (here not in PANDAS or node in at_top):
                yield node.lineno, "imports pandas outside a function of consolidate or report"


def file_breaches(inside: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    if any(fnmatch(inside.as_posix(), pattern) for pattern in KNOW_FILES):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            if name in FILE_CALLS:
                yield node.lineno, f"touches files: {name}()"


def module_name(inside: Path) -> str:
    names = ("pyfuncs", *inside.with_suffix("").parts)
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def part(module: str) -> str:
    """The part that a module lies in, the finest one that has a rule; "" for the package itself."""
    names = module.split(".")[1:]
    fine = ".".join(names[:2])
    return fine if fine in ALLOWED else ".".join(names[:1])


def lies_in(there: str, reach: str) -> bool:
    return there == reach or there.startswith(f"{reach}.")


def imported(node: ast.AST, inside: Path) -> list[str]:
    """The full names of the modules (or of names in them) that an import statement reaches."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = ["pyfuncs", *inside.parts[:-1]]
    base = package[: len(package) - node.level + 1] if node.level else []
    origin = ".".join([*base, *([node.module] if node.module else [])])
    # `from pyfuncs import catalog` reaches a part; `from pyfuncs import __version__` does not.
    return [f"{origin}.{alias.name}".removesuffix(".__version__") for alias in node.names]


def walk_outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from walk_outside_functions(child)


def test_the_package_keeps_its_layers():
    assert violations(ROOT) == []


@pytest.mark.parametrize(("path", "source", "expected"), [
    ("language/parse.py", "from pyfuncs.methods import METHODS", "1 imports methods"),
    ("language/parse.py", "from ..methods import METHODS", "1 imports methods"),
    ("language/parse.py", "from .. import methods", "1 imports methods"),
    ("language/parse.py", "def f():\n    import pyfuncs.catalog.model", "2 imports catalog"),
    ("language/parse.py", "import numpy", "1 imports numpy, which is not the standard library"),
    ("methods/rates.py", "import pyfuncs.catalog.compiled", "1 imports catalog.compiled"),
    ("catalog/compiled.py", "from .model import RuleSet", "1 imports catalog"),
    ("catalog/lint.py", "from pyfuncs.checks import run", "1 imports checks"),
    ("checks/run.py", "from pyfuncs.consolidate import totals", "1 imports consolidate"),
    ("consolidate/totals.py", "from pyfuncs.workbook.read import read", "1 imports workbook"),
    ("consolidate/totals.py", "import pandas",
     "1 imports pandas outside a function of consolidate or report"),
    ("workbook/read.py", "def f():\n    import pandas as pd",
     "2 imports pandas outside a function of consolidate or report"),
    ("report/html.py", "from pyfuncs.workbook import mark", "1 imports workbook"),
    ("workbook/mark.py", "from pyfuncs.report import html", "1 imports report"),
    ("udfs.py", "from pyfuncs.catalog.load import load", "1 imports catalog"),
    ("udfs.py", "import xlwings", "1 imports xlwings, which is not the standard library"),
    ("extras/other.py", "", "1 part extras has no place in the layering"),
    ("checks/run.py", "text = path.read_text()", "1 touches files: read_text()"),
    ("helper/cli.py", "with open('a') as f: pass", "1 touches files: open()"),
    ("consolidate/totals.py", "zipfile.ZipFile('a')", "1 touches files: ZipFile()"),
])
def test_a_breach_is_told(tmp_path: Path, path: str, source: str, expected: str):
    assert violations(plant(tmp_path, path, source)) == [f"pyfuncs/{path}:{expected}"]


@pytest.mark.parametrize(("path", "source"), [
    ("__init__.py", '__version__ = "0.1.0"'),
    ("language/parse.py", "from decimal import Decimal\nfrom .values import Value"),
    ("language/__init__.py", "from .parse import parse\nfrom pyfuncs.language.values import Value"),
    ("catalog/load.py", "from .compiled import load_compiled\nimport pydantic\nopen('a')"),
    ("catalog/compiled.py", "import functools\nfrom pyfuncs.methods import METHODS\nopen('a')"),
    ("udfs.py", "from pyfuncs import __version__\nfrom pyfuncs.catalog.compiled import load_compiled"),
    ("udfs_excel.py", "import xlwings\nfrom . import udfs"),
    ("checks/run.py", "from pyfuncs.catalog.compiled import load_compiled"),
    ("consolidate/totals.py", "def rank():\n    import pandas as pd"),
    ("workbook/read.py", "import openpyxl\nopenpyxl.load_workbook('a')"),
    ("helper/project.py", "path.write_text('a')"),
    ("helper/output_folder.py", "path.write_bytes(b'a')"),
    ("helper/cli.py", "import click\nfrom pyfuncs import __version__, checks, report, udfs, workbook"),
])
def test_what_the_layers_allow(tmp_path: Path, path: str, source: str):
    assert violations(plant(tmp_path, path, source)) == []


def plant(root: Path, path: str, source: str) -> Path:
    target = root / "pyfuncs" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source, encoding="utf-8")
    return root
