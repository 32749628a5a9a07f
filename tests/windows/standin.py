"""A program folder of the genuine layout that is made at once: tiny programs, two forms. For the tests of setup.exe."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPILER = "x86_64-w64-mingw32-gcc-win32"


def program(target: Path) -> Path:
    """It notes how it is called; with --stay it runs until its input ends, with --excel it shows a window of Excel's
    class meanwhile."""
    subprocess.run([COMPILER, "-municode", "-Os", "-s", "-o", target, Path(__file__).with_suffix(".c")], check=True)
    return target


def folder(target: Path, program: Path, version: str, added: tuple[str, ...] = ()) -> Path:
    """`added`: more files, by their paths."""
    for name in ("jixiao.exe", "jixiao-window.exe", "jixiao-server.exe", "xlwings64-0.37.8.dll"):
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(program, target / name)
    shutil.copytree(ROOT / "workbook_templates" / "430400-2022", target / "表样" / "430400-2022")
    for path in ("LICENSE", "files.json", "_internal/包 一/a$b.txt", "手册/使用手册.html", *added):
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{path} {version}", encoding="utf-8")
    (target / "addin").mkdir()
    shutil.copy(ROOT / "addin" / "excel" / "jixiao.xlam", target / "addin")
    return target
