"""The built add-in in pyOpenVBA's Excel: its VBA runs, with stand-ins for Windows and for the function server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter import EMPTY, VBAArray, VBAObject, member, method, to_text
from pyopenvba.interpreter._values import error

ADDIN = Path(__file__).resolve().parents[3] / "addin" / "excel" / "jixiao.xlam"
INSTALLED = "C:\\Programs\\jixiao\\addin"
LIBRARY = "xlwings64-0.37.8.dll"
UNAVAILABLE, CALL_FAILED = -2147023174, -2147023170    # RPC_S_SERVER_UNAVAILABLE, RPC_S_CALL_FAILED


class Server(VBAObject):
    """A function server: `answer` of (name, arguments), each call noted. `dies` holds the errors of the next calls."""

    def __init__(self, answer: Callable[[str, list[Any]], Any], dies: Sequence[int] = ()) -> None:
        self.answer, self.dies = answer, list(dies)
        self.calls: list[tuple[str, list[Any], Any]] = []

    @method
    def CallUDF(self, name: Any, arguments: Any, workbook: Any = None) -> Any:
        self.calls.append((to_text(name), plain(arguments), workbook))
        if self.dies:
            raise error(self.dies.pop(0), "the server is gone")
        return self.answer(to_text(name), plain(arguments))


class Native(VBAObject):
    """Stands in for JxNative: notes what the add-in asks of Windows, and answers as the test says."""

    vba_type_name = "JxNative"

    def __init__(self) -> None:
        self.files = {f"{INSTALLED}\\{LIBRARY}", f"{INSTALLED}\\jixiao-server.exe"}
        self.servers: list[Server | str] = []          # what each start gives: a server, or why it fails
        self.environment = ""
        self.code_page = "gbk"
        self.short_paths: dict[str, str] = {}
        self.wizard = self.unseen = False
        self.knows_arrays = True
        self.links: Any = EMPTY
        self.folder = ""
        self.describes_hidden = True
        self.hidden = True
        self.starts: list[tuple[str, str]] = []
        self.ends: list[str] = []
        self.shown: list[str] = []
        self.log: list[str] = []
        self.later: list[str] = []
        self.relinked: list[str] = []
        self.described: list[tuple[str, str, list[str]]] = []
        self.recalculated = 0

    @member
    def LibraryName(self) -> Any:
        return LIBRARY

    @method
    def Connect(self, libraryPath: Any, startLine: Any) -> Any:
        known = to_text(startLine) in [line for _, line in self.starts]
        self.starts.append((to_text(libraryPath), to_text(startLine)))
        if known:                                      # so does the library, once the server behind it has died
            raise error(1000, str(UNAVAILABLE))
        started = self.servers.pop(0)
        if isinstance(started, str):
            raise error(1000, started)
        return started

    @method
    def Disconnect(self, startLine: Any) -> Any:
        self.ends.append(to_text(startLine))

    @method
    def FileExists(self, path: Any) -> Any:
        return to_text(path) in self.files

    @method
    def ShortPath(self, path: Any) -> Any:
        return self.short_paths.get(to_text(path), path)

    @method
    def InCodePage(self, text: Any) -> Any:
        return to_text(text).encode(self.code_page, "ignore").decode(self.code_page) == text

    @method
    def Setting(self, variable: Any) -> Any:
        return self.environment if variable == "JIXIAO_PYTHON" else ""

    @method
    def WizardOpen(self) -> Any:
        return self.wizard

    @method
    def CanShow(self) -> Any:
        return not self.unseen

    @method
    def Show(self, text: Any) -> Any:
        self.shown.append(to_text(text))

    @method
    def PickFolder(self) -> Any:
        return self.folder

    @method
    def WriteLog(self, text: Any) -> Any:
        self.log.append(to_text(text))

    @method
    def RunLater(self, macro: Any) -> Any:
        self.later.append(to_text(macro))

    @method
    def Recalculate(self) -> Any:
        self.recalculated += 1

    @method
    def Describe(self, funcName: Any, told: Any, argumentHelps: Any) -> Any:
        if self.hidden and not self.describes_hidden:
            raise error(1004, "Cannot edit a macro on a hidden workbook.")
        self.described.append((to_text(funcName), to_text(told), plain(argumentHelps)))

    @method
    def SetHidden(self, hidden: Any) -> Any:
        self.hidden = bool(hidden)

    @member
    def KnowsArrays(self) -> Any:
        return self.knows_arrays

    @method
    def Links(self, book: Any) -> Any:
        return self.links

    @method
    def Relink(self, book: Any, source: Any) -> Any:
        self.relinked.append(to_text(source))


class Control(VBAObject):
    """A ribbon control."""

    def __init__(self, tag: str = "") -> None:
        self.tag = tag

    @member
    def Tag(self) -> Any:
        return self.tag


class Bench:
    """Excel with the add-in loaded from its file, and nothing else open. Time stands still until it is moved."""

    def __init__(self) -> None:
        self.excel = ExcelApplication.open(ADDIN, with_vba=False)
        self.addin = self.excel.workbooks()[0]
        self.addin.path = INSTALLED
        for name, source in sources().items():
            self.excel.add_module(readable(source), name=name, kind=module_kind(name))
        self.excel.application.active_book = None
        self.native = Native()
        self.at(0)
        self.part("JxAddin").initialise()
        self.part("JxAddin").variables["native"].value = self.native

    def part(self, name: str) -> Any:
        return self.excel.interpreter.module(name)

    def at(self, seconds: int) -> None:
        self.excel.freeze_clock(datetime(2024, 3, 1, 9, seconds // 60, seconds % 60))

    def serve(self, answer: Any, *dies: int) -> Server:
        """The next start gives a server with this answer (a value, or a function of name and arguments)."""
        server = Server(answer if callable(answer) else lambda name, arguments: answer, dies)
        self.native.servers.append(server)
        return server

    def cell(self, name: str, *arguments: Any) -> Any:
        """What a cell shows that calls the function."""
        return self.excel.run(name, *arguments)

    def press(self, callback: str, tag: str = "", *more: Any) -> Any:
        return self.excel.run(callback, Control(tag), *more)

    def method(self, part: str, name: str, *arguments: Any) -> Any:
        """Call a method of one of the add-in's parts, private ones as well."""
        instance = self.excel.evaluate(part)
        procedure = instance.module.procedure(name)
        return self.excel.interpreter.call(procedure, instance.module, list(arguments), {}, me=instance)


@cache
def sources() -> dict[str, str]:
    """Every module of the built add-in."""
    with ExcelFile(ADDIN) as book:
        return book.vba_modules()


@cache
def plain_texts() -> dict[str, str]:
    """Key and text of the hidden sheet."""
    excel = ExcelApplication.open(ADDIN, with_vba=False)
    return {key: text for key, text in excel.sheet("texts").rows()}


def readable(source: str) -> str:
    """The source without the one word that pyOpenVBA can't read; the tests raise the events themselves."""
    return source.replace("WithEvents ", "")


def module_kind(name: str) -> str:
    if name in ("ThisWorkbook", "Sheet1"):
        return "document"
    return "standard" if name in ("JxAddin", "JxFunctions", "JxRibbon") else "class"


def plain(value: Any) -> Any:
    """A VBA value as Python's own: arrays as lists, objects as they are, Empty as None."""
    if isinstance(value, VBAArray):
        if value.dimensions == 2:
            (top, bottom), (left, right) = value.bounds
            return [[plain(value.get([row, column])) for column in range(left, right + 1)]
                    for row in range(top, bottom + 1)]
        return [plain(item) for item in value.elements()]
    if value is EMPTY:
        return None
    return value
