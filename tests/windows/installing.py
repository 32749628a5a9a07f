"""What the tests of setup.exe share: where things are, and what is compared."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import installer
import standin
from clean_windows import Machine

EXCEL = r"Software\Microsoft\Office\16.0\Excel"
OFFICE, OPTIONS = r"Software\Microsoft\Office", r"16.0\Excel\Options"
OLDER_EXCEL = r"Software\Microsoft\Office\15.0\Excel"
POLICIES = r"Software\Policies\Microsoft\Office\16.0"
OURS = r"Software\jixiao"
MENU = "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/绩效自评工具箱"
EXCEL_OPEN, IN_USE, FOLDER, NEWER, POLICY, OLD_WINDOWS = range(11, 17)
FORM = "430400-2022/衡阳市2022年度绩效自评表-公式版.xltx"
FORMS = {FORM, FORM.replace("公式版", "加载项版")}
PROGRAM = {"jixiao.exe", "jixiao-window.exe", "jixiao-server.exe", "xlwings64-0.37.8.dll", "uninstall.exe", "LICENSE",
           "files.json", "addin/jixiao.xlam", "手册/使用手册.html", "_internal/包 一/a$b.txt", "_internal/旧.txt",
           *(f"表样/{form}" for form in FORMS)}


class Setups:
    """The setup.exe of a version, by name: 1.0.0, 1.1.0, and one that needs more space than there is, "huge"."""

    def __init__(self, home: Path) -> None:
        self.home, self.program = home, standin.program(home / "standin.exe")

    def __call__(self, version: str) -> Path:
        made = self.home / version / "setup.exe"
        if not made.exists():
            number = "1.0.0" if version == "huge" else version
            added = ("_internal/旧.txt",) if number == "1.0.0" else ("_internal/新/新.txt",)
            folder = standin.folder(made.with_name("files"), self.program, number, added)
            installer.setup(folder, made, installer.TEST, number, 10 ** 9 if version == "huge" else None)
        return made


def with_excel(machine: Machine) -> None:
    """Give the user an Excel, with two add-ins and a trusted folder of others."""
    machine.set(EXCEL + r"\Options", "OPEN", r'"C:\a\first.xlam"')
    machine.set(EXCEL + r"\Options", "OPEN1", r'/R "C:\b\second.xll"')
    machine.set(EXCEL + r"\Security\Trusted Locations\Location0", "Path", "C:\\mine\\")


@contextmanager
def running(machine: Machine, *command: str | Path, display: str = "") -> Iterator[None]:
    with machine.start(*command, display=display) as process:
        yield
        process.stdin.close()


def difference(before: dict, after: dict) -> dict:
    """What is not in both alike: {place: (before, after)}, None where it is not."""
    return {place: (before.get(place), after.get(place)) for place in sorted(before.keys() | after.keys())
            if before.get(place) != after.get(place)}


def place(machine: Machine) -> str:
    return f"users/{machine.user.name}"


def program_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
