"""What must not stand in any file of the repository, and what may stand at its top."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_FOLDERS = {"addin", "workbook_templates", "pyfuncs", "build", "tests", "docs", ".ci", ".github"}
TOP_FILES = {"README.md", "README.en.md", "LICENSE", "CHANGELOG.md", "Makefile", "pyproject.toml",
             "requirements.lock", "requirements-test.lock", "requirements-bundle.lock", ".gitignore", ".gitattributes"}
LONGEST_MODULE = 400


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: str
    files: str = "*"
    except_files: tuple[str, ...] = ()


# The patterns are written so that they do not match themselves.
RULES = (
    Rule("absolute path of one machine", r"(?<![\w.])/(?:home|root|Users|work|farm)/\w|[A-Za-z]:\\Users\\\w"),
    Rule("host of a package registry",
         r"registry\.(?:npmjs|npmmirror)|\bpypi\.(?:org|tuna)|pythonhosted\.|https?://[^\s\"']+/simple\b"
         r"|\bmirrors?\.(?:aliyun|tencent|ustc|tuna|huaweicloud)"),
    Rule("address in a lock file", r"https?:/{2}", "*.lock"),
    Rule("address in a lock file", r"\"resolved\"\s*:\s*\"http", "*package-lock.json"),
    Rule("xlwings' pro package, under another licence",
         r"^\s*(?:from|import)\s+xlwings\.pro\b|^\s*from\s+xlwings\s+import\s.*\bpro\b", "*.py"),
    # Untamed it loads pandas and `pro`, and ends other programs' hidden Excels when it exits.
    Rule("xlwings not by way of udfs_excel", r"^\s*import\s+xlwings\b", "pyfuncs/*", ("pyfuncs/udfs_excel.py",)),
    # Windows refuses it, and no test on another system would tell.
    Rule("format of a date with Chinese in it", r":%[YmdHM][^}\n]*[一-鿿]|strftime\([^)\n]*[一-鿿]", "pyfuncs/*.py"),
    Rule("number that looks like a telephone",
         r"(?<![\w.])1[3-9]\d{9}(?![\w.])|(?<![\w.-])0\d{2,3}[-－]\d{7,8}(?!\w)",
         except_files=("*.lock", "*package-lock.json", "*.svg")),
)


def breaches(name: str, text: str) -> list[str]:
    """Every line of a file that a rule forbids, as "name:line rule"; and a module that is too long."""
    found = []
    for rule in RULES:
        if fnmatch(name, rule.files) and not any(fnmatch(name, other) for other in rule.except_files):
            for match in re.finditer(rule.pattern, text, re.MULTILINE):
                found.append(f"{name}:{text.count(chr(10), 0, match.end()) + 1} {rule.name}")
    if name.endswith(".py") and text.count("\n") > LONGEST_MODULE:
        found.append(f"{name}: more than {LONGEST_MODULE} lines")
    return found


def misplaced(names: Iterable[str]) -> list[str]:
    """What stands at the top level and has no place there."""
    tops = {tuple(name.split("/")[:2]) for name in names}
    return sorted(top[0] for top in tops if top[0] not in (TOP_FOLDERS if len(top) > 1 else TOP_FILES))


def repository() -> list[str]:
    """Tracked files and new ones that git does not ignore."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-c", "-o", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_holds_what_must_not_be_there():
    found = []
    for name in repository():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            found += breaches(name, data.decode("utf-8", errors="replace"))
    assert found == []


def test_the_top_level_is_the_agreed_one():
    assert misplaced(repository()) == []


@pytest.mark.parametrize(("name", "text", "expected"), [
    ("docs/a.md", "见 /{}/someone/表.xlsx".format("home"), "1 absolute path of one machine"),
    ("a.py", "\nP = '/{}/main'".format("work"), "2 absolute path of one machine"),
    ("a.py", r"P = 'C:\{}\someone'".format("Users"), "1 absolute path of one machine"),
    ("README.md", "pip install -i https://example.com/{}".format("simple"), "1 host of a package registry"),
    (".npmrc", "registry=https://registry.{}.org".format("npmjs"), "1 host of a package registry"),
    ("README.md", "files.{}.org".format("pythonhosted"), "1 host of a package registry"),
    ("requirements.lock", "# from https:{}example.com".format("//"), "1 address in a lock file"),
    ("tests/tools/package-lock.json", '"resolved": "{}://example.com/a.tgz"'.format("https"),
     "1 address in a lock file"),
    ("pyfuncs/udfs_excel.py", "import xlwings\nfrom xlwings.{} import server".format("pro"),
     "2 xlwings' pro package, under another licence"),
    ("pyfuncs/live.py", "from xlwings import Book, {}".format("pro"),
     "1 xlwings' pro package, under another licence"),
    ("pyfuncs/live/program.py", "def f():\n    import xlwings as xw", "2 xlwings not by way of udfs_excel"),
    ("pyfuncs/report/a.py", 'f"{day:%Y年%m月}"', "1 format of a date with Chinese in it"),
    ("tests/a.csv", "联系人,139{}".format("12345678"), "1 number that looks like a telephone"),
    ("tests/a.csv", "电话,0734-{}".format("8123456"), "1 number that looks like a telephone"),
])
def test_a_planted_breach_is_told(name: str, text: str, expected: str):
    assert breaches(name, text) == [f"{name}:{expected}"]


def test_a_module_that_grew_too_long_is_told():
    assert breaches("pyfuncs/a.py", "x = 1\n" * 401) == ["pyfuncs/a.py: more than 400 lines"]
    assert breaches("pyfuncs/a.py", "x = 1\n" * 400) == []


@pytest.mark.parametrize("text", [
    "金额 13000000000.00 元",
    "https://www.mof.gov.cn/zhengwugongkai/",
    "../work/表.xlsx",
    "sha256:a13000000000b",
])
def test_what_only_looks_alike_is_left_alone(text: str):
    assert breaches("docs/a.md", text) == []


def test_a_stray_top_level_name_is_told():
    names = ["README.md", "pyfuncs/udfs.py", "scripts/x.py", "notes.txt", "docs"]
    assert misplaced(names) == ["docs", "notes.txt", "scripts"]
