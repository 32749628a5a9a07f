"""The Calc add-in in the LibreOffice of this machine, put in and taken out by LibreOffice's own `unopkg`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pyfuncs import __version__

IDENTIFIER = "jixiao"                                 # of the extension, as its description.xml has it
LEAST_PYTHON = (3, 8)
PATIENCE = 300                                        # seconds; a first start makes the user's profile

NO_LIBREOFFICE = """没有找到 LibreOffice。请先安装 LibreOffice 7.4 或更新的版本，再运行一次。
已经装了而没有找到的，请在 LibreOffice 中选“工具 - 扩展管理器 - 添加”，选这个文件：
  {addin}"""
NO_PYTHON = """LibreOffice 缺少运行 Python 的部分，加载项没有装。请先安装，再运行一次：
  sudo apt-get install -y python3-uno
（其他发行版请安装同类的软件包，例如 libreoffice-pyuno）"""
OLD_PYTHON = "LibreOffice 使用的 Python 是 {found}，加载项需要 {least} 以上，没有装。请安装较新的 LibreOffice，或改用公式版。"
RUNNING = "LibreOffice 正在运行或刚刚退出。请关闭 LibreOffice 的所有窗口，等几秒再运行一次。"
REFUSED = "LibreOffice 没有接受加载项，它的提示是：\n{told}"
MISSING = "没有找到加载项文件 {addin}，请重新安装绩效自评工具箱。"


class NotInstalled(Exception):
    """The add-in is not as it was asked for; the text says why and what to do."""


def install() -> str:
    """Put the add-in in, in place of an older one, and say so. Raises NotInstalled."""
    addin = addin_file()
    if not addin.is_file():
        raise NotInstalled(MISSING.format(addin=addin))
    unopkg = _unopkg(addin)
    _check_python(unopkg)
    _run(unopkg, "add", "--force", "--suppress-license", str(addin))
    listed = _listed(unopkg)
    if listed != __version__:
        raise NotInstalled(REFUSED.format(told=f"装好后查到的版本是 {listed or '无'}"))
    return (f"已装入 LibreOffice{_for_whom()}：绩效自评工具箱 {__version__}（{unopkg.parent}）。\n"
            "LibreOffice 正开着的，请关闭后重新打开；在单元格里输入 =JX_VERSION()，显示版本号就是装好了。")


def uninstall() -> str:
    """Take the add-in out and say so. Raises NotInstalled when it can't be, or when there is none."""
    unopkg = _unopkg(addin_file())
    if not _listed(unopkg):
        raise NotInstalled(f"LibreOffice{_for_whom()}里没有绩效自评工具箱的加载项，不用卸载。")
    _run(unopkg, "remove", IDENTIFIER)
    return f"已从 LibreOffice{_for_whom()}卸载绩效自评工具箱。LibreOffice 正开着的，请关闭后重新打开。"


def addin_file() -> Path:
    """Beside the packaged program, else in the source folder."""
    frozen = getattr(sys, "frozen", False)
    root = Path(sys.executable).parent if frozen else Path(__file__).resolve().parents[2]
    return root / "addin" / "libreoffice" / "jixiao.oxt"


def find_unopkg() -> Path | None:
    """The `unopkg` of the first LibreOffice: of the one on PATH, else where it is usually installed."""
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> Iterator[Path]:
    if sys.platform == "win32":
        for folder in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if folder in os.environ:
                yield from sorted(Path(os.environ[folder]).glob("*/program/unopkg.com"))
        return
    for name in ("soffice", "libreoffice"):           # links into the program's folder; `unopkg` may be a script
        if found := shutil.which(name):
            yield Path(found).resolve().parent / "unopkg"
    if sys.platform == "darwin":
        for root in (Path("/"), Path.home()):
            yield root / "Applications" / "LibreOffice.app" / "Contents" / "MacOS" / "unopkg"
    for root in ("usr/lib", "usr/lib64", "usr/local/lib", "opt"):
        yield from sorted(Path("/", root).glob("*office*/program/unopkg"))


def _unopkg(addin: Path) -> Path:
    found = find_unopkg()
    if found is None:
        raise NotInstalled(NO_LIBREOFFICE.format(addin=addin))
    return found


def _check_python(unopkg: Path) -> None:
    """LibreOffice runs the functions in a Python of its own, or in the system's."""
    program = unopkg.parent
    if not any((folder / "pythonloader.py").is_file() for folder in (program, program.parent / "Resources")):
        raise NotInstalled(NO_PYTHON)
    python = next(filter(Path.is_file, (program / "python.exe", program / "python",
                                        program.parent / "Resources" / "python", Path("/usr/bin/python3"))), None)
    if python is None:
        return
    told = subprocess.run([python, "-c", "import sys; print(*sys.version_info[:2])"], env=_environment(),
                          capture_output=True, text=True).stdout.split()
    if told and tuple(map(int, told)) < LEAST_PYTHON:
        raise NotInstalled(OLD_PYTHON.format(found=".".join(told), least=".".join(map(str, LEAST_PYTHON))))


def _listed(unopkg: Path) -> str:
    """The version that LibreOffice has registered, "" when there is none."""
    told = _called(unopkg, "list", IDENTIFIER).stdout
    version = re.search(r"^\s*Version: (\S+)", told, re.MULTILINE)
    return version[1] if version and "is registered: no" not in told else ""


def _run(unopkg: Path, *arguments: str) -> None:
    done = _called(unopkg, *arguments)
    if done.returncode:
        told = (done.stderr or done.stdout).strip()
        raise NotInstalled(RUNNING if "lock" in told else REFUSED.format(told=told))


def _called(unopkg: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    shared = ["--shared"] if _root() else []
    return subprocess.run([str(unopkg), command, *shared, *arguments], env=_environment(), timeout=PATIENCE,
                          capture_output=True, text=True, encoding="utf-8", errors="replace")


def _root() -> bool:
    """unopkg refuses to make root an extension of his own; he installs for all users."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _for_whom() -> str:
    return "（所有用户）" if _root() else ""


def _environment() -> dict[str, str]:
    """Ours without what would make LibreOffice load another Python's libraries, or those of a packaged program."""
    kept = {name: value for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH")}
    if "LD_LIBRARY_PATH_ORIG" in kept:                # as it was before PyInstaller's start
        kept["LD_LIBRARY_PATH"] = kept.pop("LD_LIBRARY_PATH_ORIG")
    return kept if sys.platform == "win32" else {**kept, "PATH": "/usr/local/bin:/usr/bin:/bin"}
