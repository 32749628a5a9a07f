"""The Calc add-in in the LibreOffice of this machine, put in and taken out by LibreOffice's own `unopkg`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from pyfuncs import __version__
from pyfuncs.workbook.soffice import NO_CONSOLE, environment, find_program

IDENTIFIER = "jixiao"                                 # of the extension, as its description.xml has it
LEAST_PYTHON = (3, 8)
PATIENCE = 300                                        # seconds; a first start makes the user's profile
SHORT = 30                                            # for a question that needs no profile

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
    check_python(unopkg)
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
    if getattr(sys, "frozen", False):
        return Path(sys.executable).parent / "addin" / "jixiao.oxt"
    return Path(__file__).resolve().parents[2] / "addin" / "libreoffice" / "jixiao.oxt"


def find_unopkg() -> Path | None:
    return find_program("unopkg")


def version(unopkg: Path) -> str:
    """The version of the LibreOffice that `unopkg` belongs to, "" when it does not say."""
    soffice = unopkg.with_name("soffice.com" if sys.platform == "win32" else "soffice")
    try:
        told = _told(soffice, "--version", patience=SHORT).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(\.\d+)+", told)
    return found[0] if found else ""


def installed(unopkg: Path) -> str | None:
    """The version of our add-in, the user's or that of all users, "" without it; None when LibreOffice does not
    tell, as while it is running."""
    repositories = ("--shared", "--bundled") if _root() else ("", "--shared", "--bundled")
    try:
        told = [_told(unopkg, "list", *filter(None, [repository]), IDENTIFIER) for repository in repositories]
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = [version for one in told if (version := _registered_version(one.stdout))]
    return found[0] if found else None if any("lock" in one.stderr for one in told) else ""


def find_soffice() -> Path | None:
    """LibreOffice's own program, which lies beside `unopkg`."""
    found = find_unopkg()
    return found and next(filter(Path.is_file, (found.with_name("soffice.exe"), found.with_name("soffice"))), None)


def _unopkg(addin: Path) -> Path:
    found = find_unopkg()
    if found is None:
        raise NotInstalled(NO_LIBREOFFICE.format(addin=addin))
    return found


def check_python(unopkg: Path) -> None:
    """LibreOffice runs the functions in a Python of its own, or in the system's. Raises NotInstalled without one."""
    program = unopkg.parent
    if not any((folder / "pythonloader.py").is_file() for folder in (program, program.parent / "Resources")):
        raise NotInstalled(NO_PYTHON)
    python = next(filter(Path.is_file, (program / "python.exe", program / "python",
                                        program.parent / "Resources" / "python", Path("/usr/bin/python3"))), None)
    if python is None:
        return
    told = _told(python, "-c", "import sys; print(*sys.version_info[:2])").stdout.split()
    if told and tuple(map(int, told)) < LEAST_PYTHON:
        raise NotInstalled(OLD_PYTHON.format(found=".".join(told), least=".".join(map(str, LEAST_PYTHON))))


def _listed(unopkg: Path) -> str:
    """The version that LibreOffice has registered, "" when there is none."""
    return _registered_version(_called(unopkg, "list", IDENTIFIER).stdout)


def _registered_version(told: str) -> str:
    version = re.search(r"^\s*Version: (\S+)", told, re.MULTILINE)
    return version[1] if version and "is registered: no" not in told else ""


def _run(unopkg: Path, *arguments: str) -> None:
    done = _called(unopkg, *arguments)
    if done.returncode:
        told = (done.stderr or done.stdout).strip()
        raise NotInstalled(RUNNING if "lock" in told else REFUSED.format(told=told))


def _called(unopkg: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _told(unopkg, command, *(["--shared"] if _root() else []), *arguments)


def _told(program: Path, *arguments: str, patience: float = PATIENCE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program), *arguments], env=environment(), timeout=patience, capture_output=True,
                          text=True, encoding="utf-8", errors="replace", creationflags=NO_CONSOLE)


def _root() -> bool:
    """unopkg refuses to make root an extension of his own; he installs for all users."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _for_whom() -> str:
    return "（所有用户）" if _root() else ""
