"""The project's own Python environment: .venv, filled from a lock file."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"

NO_PYTHON = """没有找到 Python 3.11 或 3.12。请先安装其中一个，然后再运行一次：
  Debian、Ubuntu：sudo apt-get install -y python3 python3-venv
  macOS：         brew install python@3.11
  Windows：       winget install Python.Python.3.11"""

NO_VENV = """找到了 Python（{python}），但缺少建立虚拟环境所需的 venv 模块。请先安装，然后再运行一次：
  sudo apt-get install -y python3-venv"""

PIP_FAILED = """安装依赖没有成功，原因见上面的提示。常见原因是网络不通：
请检查网络；需要使用镜像时，先设置环境变量 PIP_INDEX_URL，再运行一次。"""


class SetupProblem(Exception):
    """Something the user has to put right; the text says what and how."""


def ensure(lock: str) -> Path:
    """Make .venv hold what `lock` (a file name in the root) pins, and return its interpreter.

    Does nothing when that was done before with the same lock.
    """
    python = interpreter()
    if not _runs(python, code="import pip"):  # absent, broken by an upgrade, or interrupted half-way
        _create()
    install_once(VENV / f"{lock}.sha256", ROOT / lock, lambda: _install(python, lock))
    return python


def install_once(stamp: Path, lock: Path, install: Callable[[], None]) -> None:
    """Call `install` unless `stamp` says that it already succeeded for the present `lock`."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return
    install()
    stamp.write_text(digest, encoding="ascii")


def interpreter() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(python: Path, arguments: list[str], paths: tuple[Path, ...] = (ROOT,),
        cwd: Path | None = None) -> int:
    """Run Python with the project importable, by default in the caller's folder; the exit status.

    PYTHONPATH rather than an installed package: no build step, no network, and a .pth file
    under a Chinese folder name is read with the wrong encoding by Python 3.11 on Windows.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    return subprocess.call([str(python), *arguments], env=environment, cwd=cwd)


def _create() -> None:
    python = _find_python()
    print("正在建立 Python 环境（.venv）……", flush=True)
    if subprocess.call([*python, "-m", "venv", "--clear", str(VENV)]):
        raise SetupProblem("建立 .venv 没有成功，原因见上面的提示。")


def _install(python: Path, lock: str) -> None:
    print(f"正在安装依赖（{lock}），第一次需要一两分钟……", flush=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
               "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock)]
    if subprocess.call(command):
        raise SetupProblem(PIP_FAILED)


def _find_python() -> list[str]:
    """The command of a Python 3.11 or 3.12 that can make environments."""
    without_venv = None
    for command in _candidates():
        if not _runs(*command, code="import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))"):
            continue
        # Debian ships venv without ensurepip until python3-venv is installed.
        if _runs(*command, code="import venv, ensurepip"):
            return command
        without_venv = without_venv or " ".join(command)
    raise SetupProblem(NO_VENV.format(python=without_venv) if without_venv else NO_PYTHON)


def _candidates() -> list[list[str]]:
    names = ("python3.11", "python3.12", "python3", "python")
    found = [sys.executable, *filter(None, map(shutil.which, names))]
    commands = [[path] for path in found if VENV not in Path(path).parents]
    if shutil.which("py"):
        commands += [["py", "-3.11"], ["py", "-3.12"]]
    return commands


def _runs(*command: str | Path, code: str = "pass") -> bool:
    try:
        return subprocess.run([*map(str, command), "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False
