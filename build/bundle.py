"""Make the program folder, dist/<system>/绩效自评工具箱: python3 build/setup.py bundle [--windows].

The same sources give the same bytes. On Linux --windows builds with Python for Windows under Wine (build/windows.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import licences
import windows
from bundle_contents import PROGRAMS, ROOT, pinned
from environment import SetupProblem

from pyfuncs import __version__
from pyfuncs.report.manual_page import manual_page

NAME = "绩效自评工具箱"
EPOCH = 1767225600                                    # the time of every file: 2026-01-01, so that it tells nothing
LIBRARIES = ("xlwings64-0.37.8.dll", "xlwings32-0.37.8.dll")
SEAL = "files.json"
DOCS, CHECKLIST = ROOT / "docs", ROOT / "tests" / "manual" / "README.md"
# Asked of the Python that goes into the bundle.
_VERSIONS = """
import json, platform, sqlite3, ssl, tkinter, zlib
print(json.dumps({"python": platform.python_version(), "openssl": ssl.OPENSSL_VERSION.split()[1],
                  "sqlite": sqlite3.sqlite_version, "zlib": zlib.ZLIB_VERSION,
                  "tcl": tkinter.Tcl().call("info", "patchlevel")}))
"""


def build(system: str, target: Path | None = None, without: tuple[str, ...] = ()) -> Path:
    """Build for "linux" or "windows" and return the folder, `target` or the usual one in dist, made anew.

    `without` leaves Python modules out, for measuring. Raises SetupProblem.
    """
    target = target or ROOT / "dist" / system / NAME
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".") as scratch:
        folder = _programs(system, Path(scratch), without)
        if system == "windows":
            for name in LIBRARIES:
                shutil.copy(_installed(name), folder / name)
        for path, data in (_added() | _licences(folder, system)).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        seal(folder)
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
    return target


def _programs(system: str, scratch: Path, without: tuple[str, ...]) -> Path:
    """The three programs and _internal, as PyInstaller leaves them."""
    print(f"正在打包（{system}），约一分钟……", flush=True)
    there = windows.windows_path if _by_wine(system) else str
    environment = {"SOURCE_DATE_EPOCH": str(EPOCH), "PYTHONHASHSEED": "1", "PYTHONDONTWRITEBYTECODE": "1",
                   "PYTHONUTF8": "1", "PYINSTALLER_CONFIG_DIR": there(scratch / "cache"),
                   "JIXIAO_WITHOUT": ",".join(without)} | (
                       {"PYTHONPATH": there(windows.BUILDER)} if _by_wine(system) else {})
    _python(system, ["-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
                     "--distpath", there(scratch), "--workpath", there(scratch / "work"),
                     there(ROOT / "build" / "jixiao.spec")], environment)
    return scratch / "programs"


def _installed(name: str) -> Path:
    """A DLL that xlwings' wheel puts beside its package, or into the root of the environment."""
    folders = [windows.PACKAGES, *map(Path, (sys.prefix, *sys.path))]
    found = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if found is None:
        raise SetupProblem(f"没有找到 {name}：Windows 版的 xlwings 没有装好。")
    return found


def _added() -> dict[str, bytes]:
    """What lies beside the programs, by its path in the folder."""
    files = {"LICENSE": ROOT / "LICENSE", "addin/jixiao.xlam": ROOT / "addin" / "excel" / "jixiao.xlam",
             "addin/jixiao.oxt": ROOT / "addin" / "libreoffice" / "jixiao.oxt"}
    templates = ROOT / "workbook_templates"
    files |= {f"表样/{path.relative_to(templates).as_posix()}": path for path in templates.rglob("*.xlsx")}
    return {path: source.read_bytes() for path, source in files.items()} | dict(_pages())


def _pages() -> Iterator[tuple[str, bytes]]:
    """The manual and the checklist, each text as a page that any browser shows."""
    named = {"使用手册": DOCS / "manual.md", "检查单": CHECKLIST}
    for path in sorted(DOCS.rglob("*.md")):
        if path not in named.values():
            named[path.relative_to(DOCS).with_suffix("").as_posix()] = path
    for name, path in named.items():
        yield f"手册/{name}.html", manual_page(path)


def _licences(folder: Path, system: str) -> dict[str, bytes]:
    """What goes into 许可, by its path in the folder."""
    packages = (licences.installed(pinned("win32"), windows.PACKAGES) if _by_wine(system)
                else licences.installed(pinned()))
    packages |= licences.installed(["pyinstaller"])
    versions = json.loads(_python(system, ["-c", _VERSIONS], {}).splitlines()[-1])
    found = licences.parts(folder, system, packages, versions)
    made = datetime.fromtimestamp(EPOCH, UTC)
    return {"许可/第三方许可.txt": licences.third_party_text(found).encode(),
            "许可/sbom.json": licences.parts_list(found, __version__, made).encode()}


def _python(system: str, arguments: list[str], environment: dict[str, str]) -> str:
    """What the Python of a system prints, errors too. Raises SetupProblem when it fails."""
    command, base = [sys.executable], dict(os.environ)
    if _by_wine(system):
        command, base = ["wine", str(windows.PYTHON)], windows.environment()
    # Python for Windows can print into a pipe of Wine's only, not into a file.
    done = subprocess.run([*command, *arguments], cwd=ROOT, env=base | environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    told = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        raise SetupProblem(f"打包没有成功，输出是：\n{told}")
    return told


def _by_wine(system: str) -> bool:
    return system == "windows" and sys.platform != "win32"


def seal(folder: Path) -> None:
    """One mode and time for all files, and files.json: what doctor finds damage by."""
    digests = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digests[path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    told = {"version": __version__, "files": digests}
    (folder / SEAL).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.name in PROGRAMS else 0o644)
        # Windows, where there are no links in it, does not know the option.
        os.utime(path, (EPOCH, EPOCH), **({"follow_symlinks": False} if path.is_symlink() else {}))


def main() -> int:
    parser = argparse.ArgumentParser(description="打包成不需要 Python 的程序文件夹")
    parser.add_argument("--windows", action="store_true", help="打包 Windows 版（在 Linux 上通过 Wine）")
    system = "windows" if parser.parse_args().windows or sys.platform == "win32" else "linux"
    try:
        if sys.platform not in ("linux", "win32"):
            raise SetupProblem("本机打包不了：Linux 版在 Linux 上打包，Windows 版在 Windows 或 Linux 上打包。")
        folder = build(system)
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 2
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"已打包：{folder}（{size / 1024 / 1024:.0f} MB）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
