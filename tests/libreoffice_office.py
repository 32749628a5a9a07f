"""A real LibreOffice with our add-in in it: it opens workbooks, and tells what their cells show.

    with office() as calc:
        calc.values(path)       {"'sheet'!A1": value}, every formula computed anew
        calc.calls              what our functions were asked since, and what they answered

One office serves any number of files. The add-in is the checked-in jixiao.oxt; only `calls` is added to it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from pyfuncs.language import CellError

ROOT = Path(__file__).resolve().parent.parent
ADDIN = ROOT / "addin" / "libreoffice" / "jixiao.oxt"
BRIDGE = ROOT / "tests" / "addin" / "libreoffice" / "bridge.py"
# Another LibreOffice, say in a chroot: JIXIAO_OFFICE="chroot DIR"; all paths must be the same inside.
PREFIX = os.environ.get("JIXIAO_OFFICE", "").split()
PATH = "/usr/local/bin:/usr/bin:/bin"                 # another Python on PATH keeps LibreOffice's own from loading
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>{recalculate}</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse">
<value>false</value></prop></item>
</oor:items>
"""
# Put at the end of the copy's udfs.py: a stored figure that LibreOffice only repeats leaves no line here.
_RECORDER = '''

def _recorded(function):
    import dataclasses, json, os

    def call(*cells):
        result = None
        try:
            result = function.call(*cells)
            return result
        finally:
            with open(os.environ["JIXIAO_CALLS"], "a", encoding="utf-8") as file:
                file.write(json.dumps([function.name, cells, result], default=str) + "\\n")

    return dataclasses.replace(function, call=call)


FUNCTIONS.update({name: _recorded(function) for name, function in FUNCTIONS.items()})
'''


class Call(NamedTuple):
    """`result` is None where the function failed."""

    name: str
    cells: list[Any]
    result: Any


class Office:
    """Speaks to one running office. Errors are CellError, numbers floats, and blank cells are left out."""

    def __init__(self, bridge: subprocess.Popen, folder: Path) -> None:
        self._bridge, self._folder = bridge, folder
        self._calls: list[Call] = []
        self._read = 0                                # bytes of the file of calls

    def values(self, path: Path | str) -> dict[str, object]:
        return _plain(self._ask("values", str(Path(path).resolve())))

    def enter(self, formulas: Mapping[str, str]) -> dict[str, object]:
        """What formulas show that are typed into a new sheet: {"A1": "=JX_WAN(B1;1)"}, a matrix {"A1:B2": "{=…}"}."""
        return _plain(self._ask("enter", dict(formulas)))

    def save_as(self, path: Path | str, target: Path | str) -> Path:
        """Open a file and store a copy as LibreOffice writes it, .xlsx or .ods."""
        self._ask("save_as", str(Path(path).resolve()), str(Path(target).resolve()))
        return Path(target)

    def state(self, path: Path | str) -> dict[str, Any]:
        """A workbook as it stands after opening: values, formulas, modified, undo, protected."""
        return _described(self._ask("state", str(Path(path).resolve())))

    def opened(self) -> list[dict[str, Any]]:
        """The same of what is open in the windows."""
        return list(map(_described, self._ask("opened")))

    def wizard(self) -> dict[str, tuple[int, str, dict[str, str]]]:
        """Category, description and arguments of each function that the wizard offers."""
        return {name: (category, text, dict(arguments)) for name, category, text, arguments in self._ask("wizard")}

    @property
    def calls(self) -> list[Call]:
        """Every call of our functions so far."""
        file = self._folder / "calls"
        if file.is_file():
            with file.open("rb") as stream:
                stream.seek(self._read)
                self._calls += [Call(*json.loads(line)) for line in stream]
                self._read = stream.tell()
        return self._calls

    @property
    def log(self) -> str:
        """What the functions told the log."""
        file = self._folder / "log"
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    def _ask(self, operation: str, *arguments: object) -> Any:
        self._bridge.stdin.write(json.dumps([operation, arguments]) + "\n")
        self._bridge.stdin.flush()
        line = self._bridge.stdout.readline()
        if not line:
            raise RuntimeError(f"LibreOffice went away during {operation}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]


@contextmanager
def office(*, recalculate: bool = True, files: Sequence[Path] = (), display: str = "", addin: Path | None = None,
           extensions: bool = True, profile: Path | None = None,
           environment: Mapping[str, str] | None = None) -> Iterator[Office]:
    """Start an office on a profile of its own, and end it.

    `recalculate`: whether it trusts no figure stored in a file; a user's own office trusts them all.
    `files` are opened as by a double-click, in a window on the X `display`; without one it is headless.
    `addin`: a folder with an unpacked add-in, for one that is broken on purpose; `extensions=False`: none, the
    `profile` (a folder) has it installed.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="office_")))
        profile = profile or folder / "profile"
        _write_settings(profile, recalculate)
        if extensions:
            addin = addin or unpacked(folder / "extensions" / "jixiao")
        pipe = f"jixiao{uuid.uuid4().hex}"
        command = [*PREFIX, "soffice", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;",
                   f"-env:UserInstallation={profile.as_uri()}",
                   *([f"-env:BUNDLED_EXTENSIONS={addin.parent.as_uri()}"] if extensions else []),
                   *(["--headless", "--nodefault"] if not display else ["--calc"]), *map(str, files)]
        bridge = stack.enter_context(_connected(command, {
            **_clean_environment(), "JIXIAO_CALLS": str(folder / "calls"), "JIXIAO_LOG": str(folder / "log"),
            **({"DISPLAY": display} if display else {}), **(environment or {})}, pipe))
        yield Office(bridge, folder)


def unpacked(folder: Path) -> Path:
    """The checked-in add-in, unpacked, and a line in it that records the calls."""
    with zipfile.ZipFile(ADDIN) as archive:
        archive.extractall(folder)
    with open(folder / "pyfuncs" / "udfs.py", "a", encoding="utf-8") as file:
        file.write(_RECORDER)
    return folder


@contextmanager
def virtual_screen(width: int = 1600, height: int = 1000, dpi: int = 96) -> Iterator[str]:
    """The name of an X display of one's own."""
    read, write = os.pipe()
    process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24",
                                "-dpi", str(dpi), "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


def _write_settings(profile: Path, recalculate: bool) -> None:
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    if not settings.exists():
        settings.write_text(_SETTINGS.format(recalculate=0 if recalculate else 1), encoding="utf-8")


def _clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "PYTHONHOME", "DISPLAY", "VIRTUAL_ENV")}
    return {**kept, "PATH": PATH}


@contextmanager
def _connected(command: list[str], environment: Mapping[str, str], pipe: str) -> Iterator[subprocess.Popen]:
    """A bridge to an office that was started. Once in a while one does not come up on a busy machine: a second try."""
    for _ in range(2):
        with _running(command, environment), _bridge(pipe) as bridge:
            if bridge.stdout.readline():              # it says when it has got through
                yield bridge
                return
    raise RuntimeError("LibreOffice does not start")


@contextmanager
def _running(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        _ended(process)                               # the bridge has asked it to


def _ended(process: subprocess.Popen, patience: float = 20) -> None:
    """Wait for a process to end; what still runs then (with a dialog open, say) is ended, with its children."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _bridge(pipe: str) -> Iterator[subprocess.Popen]:
    # The system's Python: LibreOffice's bridge is built for it, and not for the one of a virtual environment.
    process = subprocess.Popen([*PREFIX, "/usr/bin/python3", "-B", str(BRIDGE), pipe], env=_clean_environment(),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
                               start_new_session=True)
    try:
        yield process
    finally:
        with suppress(BrokenPipeError):               # the bridge may be gone
            process.stdin.write('["terminate", []]\n')
            process.stdin.close()
        _ended(process)


def _plain(cells: Mapping[str, Any]) -> dict[str, object]:
    return {name: CellError(value[0]) if isinstance(value, list) else value for name, value in cells.items()}


def _described(book: dict[str, Any]) -> dict[str, Any]:
    return {**book, "values": _plain(book["values"])}
