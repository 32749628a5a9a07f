"""How the .deb is made, of a stand-in for the program folder; tests/clean_root installs the genuine one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build"))

import deb  # noqa: E402
from environment import SetupProblem  # noqa: E402

from pyfuncs import __version__  # noqa: E402

PROGRAM = Path("/bin/true")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program folder as build/bundle.py lays it out, of one small binary."""
    folder = tmp_path / "绩效自评工具箱"
    (folder / "_internal").mkdir(parents=True)
    (folder / "addin").mkdir()
    for name in (*deb.bundle.PROGRAMS, "_internal/库.so"):
        shutil.copy(PROGRAM, folder / name)
    shutil.copy(ROOT / "addin" / "libreoffice" / "jixiao.oxt", folder / "addin")
    (folder / "files.json").write_text("{}")
    return folder


def listed(package: Path) -> dict[str, str]:
    """Mode, owner and kind of everything in a package by its path; where a link leads is part of the path."""
    lines = subprocess.run(["dpkg-deb", "-c", str(package)], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [re.fullmatch(r"(\S+) (\S+) +\d+ (\S+ \S+) \./(.*)", line).groups() for line in lines]
    return {path: f"{mode} {owner} {time}" for mode, owner, time, path in rows if path}


def test_what_lies_where(folder: Path, tmp_path: Path):
    package = deb.build(folder, tmp_path / "dist", quick=True)
    assert package.name == f"jixiao_{__version__}_amd64.deb" and os.listdir(tmp_path / "dist") == [package.name]
    found = listed(package)
    own = {path: mode for path, mode in found.items() if "/extensions/jixiao/" not in path and not path.endswith("/")}
    plain, runs, link = ("-rw-r--r-- root/root 2026-01-01 00:00", "-rwxr-xr-x root/root 2026-01-01 00:00",
                         "lrwxrwxrwx root/root 2026-01-01 00:00")
    assert own == {
        **{f"usr/lib/jixiao/{name}": runs for name in ("jixiao", "jixiao-window", "jixiao-server")},
        **{f"usr/lib/jixiao/{name}": plain for name in ("_internal/库.so", "addin/jixiao.oxt", "files.json")},
        "usr/bin/jixiao -> ../lib/jixiao/jixiao": link, "usr/bin/jixiao-window -> ../lib/jixiao/jixiao-window": link,
        "usr/share/applications/jixiao.desktop": plain, "usr/share/icons/hicolor/scalable/apps/jixiao.svg": plain,
        "usr/share/doc/jixiao/copyright": plain, "usr/share/doc/jixiao/changelog.gz": plain}
    assert {f"{deb.EXTENSION}/{name}" for name in ("component.py", "description.xml", "pyfuncs/udfs.py")} <= set(found)


def test_the_same_folder_gives_the_same_package(folder: Path, tmp_path: Path):
    one = deb.build(folder, tmp_path / "甲")
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    (folder / "_internal").chmod(0o700)
    mask = os.umask(0o077)
    try:
        two = deb.build(folder, tmp_path / "乙")
    finally:
        os.umask(mask)
    assert one.read_bytes() == two.read_bytes()


def test_the_control_file_says_what_the_binaries_need(folder: Path, tmp_path: Path):
    package = deb.build(folder, tmp_path / "dist", quick=True)
    fields = subprocess.run(["dpkg-deb", "-f", str(package), "Package", "Version", "Architecture", "Depends"],
                            capture_output=True, text=True, check=True).stdout
    newest = max(int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", PROGRAM.read_bytes()))
    assert fields == f"Package: jixiao\nVersion: {__version__}\nArchitecture: amd64\nDepends: libc6 (>= 2.{newest}), fontconfig-config\n"


def test_a_library_from_elsewhere_is_a_package_or_refused(folder: Path, tmp_path: Path):
    [library] = Path("/usr/lib").glob("*-linux-gnu/libX11.so.6")
    shutil.copy(library, folder / "_internal")
    assert "libxcb.so.1" in deb.demands(folder).libraries
    assert deb.depends(deb.demands(folder)).endswith(", libxcb1")
    with pytest.raises(SetupProblem, match="不知道这些库在哪个软件包里：libwhat.so.3。"):
        deb.depends(deb.Demands((2, 31), frozenset({"libc.so.6", "libwhat.so.3"})))


def test_a_library_that_comes_along_is_not_asked_of_the_system(folder: Path):
    [library] = Path("/usr/lib").glob("*-linux-gnu/libX11.so.6")
    shutil.copy(library, folder / "_internal")
    (folder / "_internal" / "libxcb.so.1").write_bytes(b"")
    assert "libxcb.so.1" not in deb.demands(folder).libraries


def test_the_menu_entry_starts_what_is_there(folder: Path, tmp_path: Path):
    package = deb.build(folder, tmp_path / "dist", quick=True)
    subprocess.run(["dpkg-deb", "-x", str(package), str(tmp_path / "root")], check=True)
    entry = (tmp_path / "root/usr/share/applications/jixiao.desktop").read_text(encoding="utf-8")
    keys = dict(line.split("=", 1) for line in entry.splitlines()[1:])
    assert keys["Name"] == "绩效自评工具箱" and keys["Terminal"] == "false"
    assert (tmp_path / "root" / keys["Exec"].removeprefix("/")).resolve() == tmp_path / "root/usr/lib/jixiao/jixiao-window"
    assert (tmp_path / f"root/usr/share/icons/hicolor/scalable/apps/{keys['Icon']}.svg").is_file()
    assert "/usr/lib/jixiao/许可/" in (tmp_path / "root/usr/share/doc/jixiao/copyright").read_text(encoding="utf-8")


def test_damage_is_found_by_dpkg(folder: Path, tmp_path: Path):
    """The digests are those of the files, each once."""
    package = deb.build(folder, tmp_path / "dist", quick=True)
    subprocess.run(["dpkg-deb", "-R", str(package), str(tmp_path / "root")], check=True)
    checked = subprocess.run(["md5sum", "-c", "--strict", "DEBIAN/md5sums"], cwd=tmp_path / "root", capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    files = [path for path in (tmp_path / "root").rglob("*") if path.is_file() and not path.is_symlink() and path.parent.name != "DEBIAN"]
    assert len(checked.stdout.splitlines()) == len(files)
