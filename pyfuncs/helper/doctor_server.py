"""A start of the function server as the add-in starts it: through xlwings' library, then one call. Windows only."""

from __future__ import annotations

import ctypes
import itertools
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pyfuncs.helper.doctor_facts import Served

PATIENCE = 40                                         # seconds
LIBRARIES = {8: "xlwings64-0.37.8.dll", 4: "xlwings32-0.37.8.dll"}      # by the size of a pointer
_DISPATCH = 9                                         # a Variant that holds an object
_starts = itertools.count(1)


class _Variant(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_ushort), ("reserved", ctypes.c_ushort * 3), ("pointer", ctypes.c_void_p),
                ("more", ctypes.c_void_p)]


def serve_once(folder: Path) -> Served:
    """Start the server of the program folder and ask for its version; never waits for longer than PATIENCE.

    What the library starts ends with this process.
    """
    library = library_in(folder)
    if library is None:
        return Served(trouble=f"缺少 {LIBRARIES[ctypes.sizeof(ctypes.c_void_p)]}")
    program = _program(folder)
    if not program.is_file():
        return Served(trouble=f"缺少 {program.name}")
    return within(PATIENCE, lambda: _ask(library, _command(program)))


def within(seconds: float, ask: Callable[[], str]) -> Served:
    """The answer with the time it took, or what went wrong; what does not come back is left behind."""
    answers: list[Served] = []

    def attempt() -> None:
        start = time.monotonic()
        try:
            version = ask()
            answers.append(Served(version, time.monotonic() - start))
        except Exception as error:                    # whatever COM or the library raises is the finding
            answers.append(Served(trouble=str(error)))

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else Served(trouble=f"{seconds:g} 秒没有回答")


def library_in(folder: Path) -> Path | None:
    """Beside the packaged program; else where pip puts what a package ships besides its modules."""
    name = LIBRARIES[ctypes.sizeof(ctypes.c_void_p)]
    places = [folder] if getattr(sys, "frozen", False) else [Path(sys.prefix), *map(Path, sys.path)]
    return next((place / name for place in places if (place / name).is_file()), None)


def _program(folder: Path) -> Path:
    return folder / "jixiao-server.exe" if getattr(sys, "frozen", False) else Path(sys.executable)


def _command(program: Path) -> str:
    arguments = "" if getattr(sys, "frozen", False) else " -B -P -m pyfuncs.server"
    # The library fails for good with a line whose server has ended; one more blank makes it another line.
    return f'"{_spelled(program)}"{arguments}{" " * next(_starts)}$(CLSID)'


def _spelled(program: Path) -> str:
    """The library takes the line in the code page of this computer: the short spelling where that lacks characters."""
    try:
        str(program).encode("mbcs", "strict")
        return str(program)
    except UnicodeEncodeError:
        room = ctypes.create_unicode_buffer(260)
        ctypes.windll.kernel32.GetShortPathNameW(str(program), room, len(room))
        return room.value or str(program)


def _ask(library: Path, command: str) -> str:
    import pythoncom
    from win32com.client import Dispatch

    pythoncom.CoInitialize()
    activate = ctypes.WinDLL(str(library)).XLPyDLLActivateAuto
    activate.argtypes = [ctypes.POINTER(_Variant), ctypes.c_char_p, ctypes.c_long]
    answer = _Variant()
    if activate(ctypes.byref(answer), command.encode("mbcs"), 1) or answer.kind != _DISPATCH:
        raise RuntimeError(ctypes.wstring_at(answer.pointer) if answer.pointer else "没有说明原因")
    server = Dispatch(pythoncom.ObjectFromAddress(answer.pointer, pythoncom.IID_IDispatch))
    return str(server.CallUDF("JX_VERSION", ()))
