"""What goes into the program folder, for build/jixiao.spec: our modules and data, and what of others stays out.

Imported by the Python that PyInstaller runs in, which may be the one for Windows.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pyfuncs"


@dataclass(frozen=True)
class Program:
    """One of the three: what Windows shows of it, and whether it has a console."""

    words: str
    console: bool


PROGRAMS = {
    "jixiao": Program("绩效自评工具箱（命令行）", console=True),
    "jixiao-window": Program("绩效自评工具箱", console=False),
    "jixiao-server": Program("绩效自评工具箱 函数服务", console=False),
}

# Not ours to pass on, or no use to a clerk.
LEFT_OUT = (
    # Under licences that forbid it, or paid for.
    "xlwings.pro", "xlwings.reports", "xlwings.rest", "xlwings.server", "xlwings.xlwingslib", "xlwings.ext",
    # GPL: GNU readline and dbm.
    "readline", "rlcompleter", "_gdbm", "dbm.gnu",
    # Needs Microsoft's MFC.
    "Pythonwin", "pythonwin", "win32ui", "win32uiole", "dde", "win32com.demos", "win32com.test", "win32com.servers",
    "adodbapi", "isapi",
    # For those who build and test.
    "test", "unittest", "doctest", "pdb", "pydoc", "pydoc_data", "lib2to3", "ensurepip", "venv", "idlelib",
    "turtledemo", "tkinter.test", "distutils", "setuptools", "pip", "pkg_resources", "PyInstaller",
    "numpy.f2py", "numpy.distutils", "numpy.testing", "numpy.tests", "pandas.tests", "pandas._testing",
    "tkinterdnd2.tkdnd_demo", "nis", "curses", "_curses", "_curses_panel",
    # What pandas and lxml would also use.
    "lxml.isoschematron", "lxml.objectify", "lxml.html.clean",
)

_UNWANTED_BINARIES = (
    # Windows 10 has them; under Wine they would be Wine's own.
    "api-ms-win-*", "ucrtbase.dll", "mfc140*.dll",
)
_UNWANTED_DATA = (
    "*/tests/*", "*/__pycache__/*", "*.pyx", "*.pxd", "*.pxi", "*.h", "*.lib", "*.a", "*/py.typed",
    "_tcl_data/tzdata/*", "_tk_data/demos/*", "_tk_data/images/*", "lxml/isoschematron/*", "lxml/includes/*",
    # In Chinese only.
    "_tcl_data/msgs/*", "_tk_data/msgs/[!z]*",
    # Times of other countries: a thousand small files.
    "pytz/zoneinfo/*", "tzdata/zoneinfo/*", "dateutil/zoneinfo/*",
    "docx/templates/default-docx-template/*",
)


def package_modules() -> list[str]:
    """Every module of ours by name: many are found by name alone, or within a function."""
    names = (path.relative_to(ROOT).with_suffix("").parts for path in sorted(PACKAGE.rglob("*.py")))
    return [".".join(parts[:-1] if parts[-1] == "__init__" else parts) for parts in names]


def package_data() -> list[tuple[str, str]]:
    """Every other file of the package, and the folder it goes to."""
    files = (path for path in sorted(PACKAGE.rglob("*")) if path.is_file() and path.suffix not in (".py", ".pyc"))
    return [(str(path), path.parent.relative_to(ROOT).as_posix()) for path in files]


def c_runtime() -> list[tuple[str, str]]:
    """Python's own C runtime: a clerk's Windows may have none, and under Wine Wine's would seem to do."""
    return [(str(path), ".") for path in sorted(Path(sys.base_prefix).glob("vcruntime140*.dll"))]


def excluded() -> list[str]:
    """The top-level modules of everything installed that is not pinned for running, so that what else is
    installed here changes nothing."""
    wanted, ours, others = pinned(), set(), set()
    for one in distributions():
        (ours if canonicalize_name(one.metadata["Name"]) in wanted else others).update(_top_level(one))
    return sorted(others - ours)


def pinned(platform: str = sys.platform) -> set[str]:
    """The names of the packages that the product runs with on a system, `sys.platform` there."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.rstrip("\\ ")) for line in lines if line and not line.startswith((" ", "#"))]
    return {canonicalize_name(pin.name) for pin in pins
            if pin.marker is None or pin.marker.evaluate({"sys_platform": platform})}


def _top_level(distribution: Any) -> set[str]:
    """The names under which the parts of a distribution are imported."""
    tops = {path.parts[0] for path in distribution.files or () if len(path.parts) > 1 or path.suffix == ".py"}
    names = {top.partition(".")[0] for top in tops if not top.endswith((".dist-info", ".data", ".libs"))}
    return {name for name in names if name.isidentifier()}


def kept_binary(name: str) -> bool:
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    return not any(fnmatch(base, pattern) for pattern in _UNWANTED_BINARIES)


def kept_data(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("pyfuncs/") or not any(fnmatch(path, pattern) for pattern in _UNWANTED_DATA)


def placed(name: str) -> str:
    """Where a file goes: Tcl's own modules lie within its library on Debian, and are looked for beside it elsewhere."""
    inside = name.removeprefix("_tcl_data/tcl8/")
    return name if inside == name else f"tcl8/8.6/{inside}"


def version_resource(name: str, program: Program) -> Any:
    """What Windows shows as the properties of a program, in Chinese. Windows only."""
    from PyInstaller.utils.win32 import versioninfo as v

    version = re.search(r'__version__ = "(.+)"', (PACKAGE / "__init__.py").read_text(encoding="utf-8"))[1]
    numbers = tuple(map(int, f"{version}.0".split(".")))
    texts = {"CompanyName": "绩效自评工具箱", "FileDescription": program.words, "FileVersion": version,
             "InternalName": name, "LegalCopyright": "MIT 许可", "OriginalFilename": f"{name}.exe",
             "ProductName": "绩效自评工具箱", "ProductVersion": version}
    return v.VSVersionInfo(
        ffi=v.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[v.StringFileInfo([v.StringTable("080404B0", [v.StringStruct(*each) for each in texts.items()])]),
              v.VarFileInfo([v.VarStruct("Translation", [0x0804, 1200])])])
