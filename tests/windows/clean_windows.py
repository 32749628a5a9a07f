"""A Windows of a user who has no Python, in Wine, to install into: its files and its registry, before and after."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import windows as wine

OF_WINDOWS = ("windows", "Program Files", "Program Files (x86)", "ProgramData")
# What Windows itself writes and nobody installs.
NOISE_FILES = ("AppData/Local/Temp", "Temp", "AppData/Local/Microsoft/", "AppData/LocalLow/")


@dataclass(frozen=True)
class Machine:
    """`prefix`: the folder of the Wine prefix; `saved`: what each test finds `restored`."""

    prefix: Path
    saved: Path

    @property
    def drive(self) -> Path:
        return self.prefix / "drive_c"

    @property
    def user(self) -> Path:
        [home] = [path for path in (self.drive / "users").iterdir() if path.name != "Public"]
        return home

    @property
    def installed(self) -> Path:
        """Where setup.exe installs by itself."""
        return self.user / "AppData" / "Local" / "Programs" / "jixiao"

    @property
    def documents(self) -> Path:
        return self.user / "Documents"

    @property
    def log(self) -> list[str]:
        """What setup.exe has told, without the time of day."""
        file = self.user / "AppData" / "Local" / "jixiao" / "安装日志.txt"
        return [line[20:] for line in file.read_text(encoding="utf-16").splitlines()] if file.exists() else []

    def path(self, file: Path) -> str:
        return "C:\\" + str(file.relative_to(self.drive)).replace("/", "\\")

    def environment(self, display: str = "") -> dict[str, str]:
        return {**wine.environment(), "WINEPREFIX": str(self.prefix), **({"DISPLAY": display} if display else {})}

    def start(self, *command: str | Path, display: str = "") -> subprocess.Popen[bytes]:
        """A program of the kind that waits for its input to end; it has said that it is there."""
        process = subprocess.Popen(["wine", *map(str, command)], env=self.environment(display), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout.readline().strip() == b"ready"
        return process

    def run(self, *command: str | Path, display: str = "", **options: Any) -> int:
        """The exit status. No pipe: what Wine starts along the way would hold it open."""
        return subprocess.run(["wine", *map(str, command)], env=self.environment(display), stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, **options).returncode

    def uninstall(self, folder: Path | None = None, display: str = "") -> int:
        """The exit status. Not in place but as users do it, by a copy of itself that goes on in the background."""
        folder = folder or self.installed
        status = self.run(folder / "uninstall.exe", "/S", display=display)
        latest = time.monotonic() + 60
        while (folder / "uninstall.exe").exists() or "jixiao" in self.registry():
            assert time.monotonic() < latest, self.log
            time.sleep(0.2)
        return status

    def uninstall_status(self, display: str = "") -> int:
        """The exit status of an uninstaller that refuses: in place, else nobody learns it."""
        return self.run(self.installed / "uninstall.exe", "/S", f"_?={self.path(self.installed)}", display=display)

    def set(self, key: str, name: str, value: str | int, root: str = "HKCU") -> None:
        kind = "REG_DWORD" if isinstance(value, int) else "REG_SZ"
        assert self.run("reg", "add", f"{root}\\{key}", "/v", name, "/t", kind, "/d", str(value), "/f") == 0

    def unset(self, key: str, name: str) -> None:
        assert self.run("reg", "delete", f"HKCU\\{key}", "/v", name, "/f") == 0

    def registry(self, under: str = "Software") -> dict[str, dict[str, str | int]]:
        """The keys of the user below `under`, by their path there, each with its values."""
        assert self.run("reg", "export", f"HKCU\\{under}", r"C:\exported.reg", "/y") in (0, 1)
        file = self.drive / "exported.reg"
        if not file.exists():
            return {}
        try:
            return dict(_keys(file.read_text(encoding="utf-16"), f"HKEY_CURRENT_USER\\{under}"))
        finally:
            file.unlink()

    def files(self) -> dict[str, int]:
        """Every file and empty folder of the user's and of the disk, with its time of change; not Windows' own."""
        found = {}
        for folder, folders, names in os.walk(self.drive):
            place = Path(folder)
            if place == self.drive:
                folders.remove("windows")
            for path in [place / name for name in names] or [place] * (not folders):
                inside = path.relative_to(self.drive).as_posix()
                if not inside.partition(f"users/{self.user.name}/")[2].startswith(NOISE_FILES):
                    found[inside] = path.lstat().st_mtime_ns if path != place else 0
        return found


def make(folder: Path) -> Machine:
    """A fresh prefix with nothing but Wine in it, its user's folders its own."""
    machine = Machine(folder / "prefix", folder / "saved")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(["wineboot", "--init"], env=machine.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                   timeout=120, check=True)
    machine.run("winecfg", "-v", "win10")
    stop(machine)
    for folder, names, _ in os.walk(machine.drive / "users"):
        for link in (Path(folder, name) for name in names):
            if link.is_symlink():                     # Wine's, to the home folder of whoever runs the test
                link.unlink()
                link.mkdir()
    shutil.copytree(machine.drive / "users", machine.saved / "users")
    for path in machine.prefix.glob("*.reg"):
        shutil.copy2(path, machine.saved)
    return machine


@contextmanager
def restored(machine: Machine, keeper: Path, display: str = "") -> Iterator[Machine]:
    """As it was made, and someone with a desktop logged on; `keeper` is a program that waits for its input to end."""
    stop(machine)
    for path in machine.drive.iterdir():
        if path.name not in OF_WINDOWS:
            shutil.rmtree(path)
    shutil.copytree(machine.saved / "users", machine.drive / "users")
    for path in machine.saved.glob("*.reg"):
        shutil.copy2(path, machine.prefix / path.name)
    with machine.start(keeper, "--stay", display=display):
        try:
            yield machine
        finally:
            stop(machine)


def stop(machine: Machine) -> None:
    for flag in ("-k", "-w"):
        subprocess.run(["wineserver", flag], env=machine.environment(), capture_output=True, timeout=60)


def _keys(exported: str, top: str) -> Iterator[tuple[str, dict[str, str | int]]]:
    exported = exported.replace("\\\r\n  ", "").replace("\\\n  ", "")
    for block in re.split(r"\n(?=\[)", exported.replace("\r\n", "\n"))[1:]:
        head, *lines = block.strip().split("\n")
        yield head[1:-1][len(top) + 1:], dict(filter(None, map(_value, lines)))


def _value(line: str) -> tuple[str, str | int] | None:
    match = re.fullmatch(r'(?:"((?:[^"\\]|\\.)*)"|(@))=(.*)', line)
    if match is None:
        return None
    name, value = re.sub(r"\\(.)", r"\1", match[1] or "@"), match[3]
    if value.startswith("dword:"):
        return name, int(value[6:], 16)
    if value.startswith("hex(2):"):                   # with environment variables in it
        return name, bytes.fromhex(value[7:].replace(",", "")).decode("utf-16-le").rstrip("\0")
    return name, re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
