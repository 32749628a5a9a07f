"""Make dist/jixiao_<version>_amd64.deb of the Linux bundle: python3 build/setup.py deb [--quick].

The package needs of a system what its binaries really ask for: its dependencies are read from them. The same
bundle gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bundle
from environment import ROOT, SetupProblem

from pyfuncs import __version__

PROGRAM = "usr/lib/jixiao"
# LibreOffice serves what it finds here to all users; no profile is written to, and it goes with the package.
EXTENSION = "usr/lib/libreoffice/share/extensions/jixiao"
STARTED = ("jixiao", "jixiao-window")                 # what /usr/bin has
ICON = ROOT / "build" / "icons" / "jixiao.svg"
# Packages of Debian and its kin that hold what the binaries load from outside of the bundle.
PACKAGES = {"ld-linux-x86-64.so.2": "libc6", "libxcb.so.1": "libxcb1", "libX11.so.6": "libx11-6",
            **{f"lib{name}": "libc6" for name in ("c.so.6", "m.so.6", "dl.so.2", "rt.so.1", "pthread.so.0",
                                                  "util.so.1", "resolv.so.2")}}
DESKTOP = """[Desktop Entry]
Type=Application
Name=绩效自评工具箱
Comment=生成自评表，审核填好的表，汇总各单位的数
Exec=/usr/bin/jixiao-window
Icon=jixiao
Terminal=false
Categories=Office;Finance;Spreadsheet;
Keywords=绩效;自评;审核;汇总;jixiao;
"""
CONTROL = """Package: jixiao
Version: {version}
Architecture: amd64
Section: misc
Priority: optional
Maintainer: the jixiao authors <jixiao@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: fonts-noto-cjk | fonts-wqy-microhei | fonts-wqy-zenhei
Suggests: libreoffice-calc (>= 1:7.4), python3-uno
Description: 绩效自评工具箱：部门整体支出绩效自评表的模板、审核与汇总
 生成各地区、各年度的自评表，审核填好的表并说明怎么改，汇总各单位的数。
 装好后在开始菜单里，也可以在终端里运行 jixiao；LibreOffice Calc 的单元格里
 可以用 JX_ 函数（还要装 python3-uno）。不需要另外装 Python，不联网。
"""
# A LibreOffice that root runs leaves compiled modules there.
PRERM = f"""#!/bin/sh
set -e
find /{EXTENSION} -name __pycache__ -type d -prune -exec rm -rf {{}} +
"""
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+?)\]")


@dataclass(frozen=True)
class Demands:
    """What the binaries of a folder ask of a system: the newest glibc as (2, 31), and libraries from outside."""

    glibc: tuple[int, int]
    libraries: frozenset[str]


def demands(folder: Path) -> Demands:
    """Read from every ELF file with readelf."""
    glibc, needed, present = (2, 0), set(), set()
    for path in folder.rglob("*"):
        present.add(path.name)
        if path.is_file() and _is_elf(path):
            told = subprocess.run(["readelf", "-dVW", str(path)], capture_output=True, text=True, check=True).stdout
            glibc = max([glibc, *((int(major), int(minor)) for major, minor in _GLIBC.findall(told))])
            needed.update(_NEEDED.findall(told))
    return Demands(glibc, frozenset(needed - present))


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def depends(asked: Demands) -> str:
    """The line of the control file. Raises SetupProblem for a library that no package is known for."""
    unknown = sorted(asked.libraries - PACKAGES.keys())
    if unknown:
        raise SetupProblem(f"不知道这些库在哪个软件包里：{'、'.join(unknown)}。请写进 build/deb.py 的 PACKAGES，或放进程序文件夹。")
    others = sorted({PACKAGES[library] for library in asked.libraries} - {"libc6"})
    # The window draws with a fontconfig that comes along, which reads the system's settings.
    return ", ".join([f"libc6 (>= {asked.glibc[0]}.{asked.glibc[1]})", "fontconfig-config", *others])


def build(folder: Path, target: Path, quick: bool = False) -> Path:
    """Pack a Linux bundle into `target`, a folder, and return the package; `quick` packs it less tightly, for tests.
    Raises SetupProblem."""
    target.mkdir(parents=True, exist_ok=True)
    package = target / f"jixiao_{__version__}_amd64.deb"
    with tempfile.TemporaryDirectory(dir=target, prefix=".") as scratch:
        root = Path(scratch, "root")
        _lay_out(root, folder)
        _describe(root, depends(demands(folder)))
        _even_out(root)
        packing = ["-Zgzip", "-z1"] if quick else ["-Zxz", "-z6", "--threads-max=1"]    # threads change the bytes
        done = subprocess.run(["dpkg-deb", "--root-owner-group", *packing, "--build", str(root), f"{scratch}/deb"],
                              env=os.environ | {"SOURCE_DATE_EPOCH": str(bundle.EPOCH)}, capture_output=True, text=True)
        if done.returncode:
            raise SetupProblem(f"打包 .deb 没有成功：\n{done.stderr}")
        os.replace(Path(scratch, "deb"), package)
    return package


def _lay_out(root: Path, folder: Path) -> None:
    shutil.copytree(folder, root / PROGRAM, symlinks=True)
    with zipfile.ZipFile(folder / "addin" / "jixiao.oxt") as extension:
        extension.extractall(root / EXTENSION)
    for name, data in _beside():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (root / "usr" / "bin").mkdir()
    for name in STARTED:
        (root / "usr" / "bin" / name).symlink_to(f"../lib/jixiao/{name}")


def _beside() -> Iterator[tuple[str, bytes]]:
    yield "usr/share/applications/jixiao.desktop", DESKTOP.encode()
    yield "usr/share/icons/hicolor/scalable/apps/jixiao.svg", ICON.read_bytes()
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    parts = f"程序里带的其他软件，它们的许可在 /{PROGRAM}/许可/。\n"
    yield "usr/share/doc/jixiao/copyright", f"{licence}\n{parts}".encode()
    yield "usr/share/doc/jixiao/changelog.gz", gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0)


def _describe(root: Path, needed: str) -> None:
    """The control files: what it is, and the digests by which dpkg --verify finds damage."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    digests = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root).as_posix()}\n" for path in files]
    kilobytes = sum(path.stat().st_size for path in files) // 1024
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(CONTROL.format(version=__version__, kilobytes=kilobytes, depends=needed),
                                             encoding="utf-8")
    (root / "DEBIAN" / "md5sums").write_text("".join(digests), encoding="utf-8")
    (root / "DEBIAN" / "prerm").write_text(PRERM, encoding="ascii")


def _even_out(root: Path) -> None:
    """One mode and time for all, whatever the umask was."""
    runs = {root / "DEBIAN" / "prerm", *(root / PROGRAM / name for name in bundle.PROGRAMS)}
    for path in (*root.rglob("*"), root):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in runs else 0o644)
        os.utime(path, (bundle.EPOCH, bundle.EPOCH), follow_symlinks=False)


def main() -> int:
    parser = argparse.ArgumentParser(description="把 Linux 版程序文件夹打成 .deb")
    parser.add_argument("--quick", action="store_true", help="压得松一些，快得多")
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="用已经打好的程序文件夹，不重新打包")
    given = parser.parse_args()
    try:
        folder = given.bundle or bundle.build("linux")
        package = build(folder, ROOT / "dist", given.quick)
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 2
    glibc = ".".join(map(str, demands(folder).glibc))
    print(f"已打包：{package}（{package.stat().st_size / 1024 / 1024:.0f} MB，要求 glibc {glibc} 以上）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
