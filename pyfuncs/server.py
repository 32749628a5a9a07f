"""The function server of the Excel add-in: `python -B -P -m pyfuncs.server {CLSID}`, or `jixiao-server {CLSID}`.

The add-in makes up a class id, starts the server with it, and calls the one method of the one object there is:
cell functions and the commands of the ribbon. It ends with the last client, or with the program that started it.
"""
from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

from . import __version__, function_log
from .udfs import COM_ERRORS, FUNCTIONS, CellError, CellFailure

log = logging.getLogger("jixiao.server")

CLASS_ID = re.compile(r"\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")
PATIENCE = 60                                         # seconds in which the first client must come

_CODES = {text: number for number, text in COM_ERRORS.items()}
# Every error value of Excel is one of these integers; the numbers of cells come as floats.
_EXCEL_ERRORS = range(-2146826288, -2146826188)
_MISSING = -2147352572                                # an argument that was left out, as COM passes it


class FunctionServer:
    """What COM sees of us. xlwings' own class would also run any code that it is sent."""

    _public_methods_ = ["CallUDF"]

    def CallUDF(self, name: Any, arguments: Any, workbook: Any = None) -> Any:
        """A cell function of the arguments, or a command on the workbook with texts; no other name is known."""
        arguments = () if arguments is None else arguments
        if not isinstance(name, str) or not isinstance(arguments, tuple):
            raise _refusal(f"读不懂的调用：{name!r:.100}")
        if name in FUNCTIONS:
            return answer(name, arguments)
        return obey(name, arguments, workbook)


def answer(name: str, cells: tuple[Any, ...]) -> Any:
    """One call from a cell: a value or rows of values; an error as its integer, no other answer being one.

    pywin32 would hand over each error value as DISP_E_PARAMNOTFOUND; the add-in turns the integer into the error.
    """
    try:
        result = FUNCTIONS[name].call(*map(_known, cells))
    except CellFailure as failure:
        return _CODES[failure.code]
    if isinstance(result, list):
        return [[_CODES[cell.code] if isinstance(cell, CellError) else cell for cell in row] for row in result]
    return result


def _known(cell: Any) -> Any:
    """A left-out argument is blank, an error that is newer than our list (#SPILL!) is #VALUE!: else both would
    count as numbers."""
    if isinstance(cell, tuple):
        return tuple(map(_known, cell))
    if type(cell) is not int or cell in COM_ERRORS:
        return cell
    if cell == _MISSING:
        return None
    return _CODES["#VALUE!"] if cell in _EXCEL_ERRORS else cell


def obey(name: str, texts: tuple[Any, ...], workbook: Any) -> Any:
    """A command's text or rows of texts; whatever goes wrong in it is told as text."""
    try:
        from . import live                            # at the first command: no cell function waits for it

        if name in live.COMMANDS:
            return live.COMMANDS[name](_book(workbook), *("" if text is None else str(text) for text in texts))
    except Exception:
        log.exception("%s%r", name, texts)
        return f"没有完成：程序出错。详情见日志：{function_log.path()}"
    raise _refusal(f"没有这个函数或命令：{name!r:.100}")


def _book(workbook: Any) -> Any:
    """Excel's workbook as xlwings knows it; None without one."""
    if workbook is None:
        return None
    from win32com.client import Dispatch

    from .udfs_excel import xw

    return xw.Book(impl=xw._xlwindows.Book(xl=Dispatch(workbook)))


def _refusal(reason: str) -> Exception:
    import winerror
    from win32com.server.exception import COMException

    log.warning(reason)
    return COMException(reason, winerror.E_INVALIDARG)


def main(arguments: list[str]) -> int:
    """Serve under the one argument, a class id in braces; 2, with nothing done, for anything else."""
    if len(arguments) != 1 or not CLASS_ID.fullmatch(arguments[0]):
        print("这是 Excel 加载项的函数服务程序，由加载项启动，不能单独使用。", file=sys.stderr)
        return 2
    function_log.start()
    try:
        serve(arguments[0])
    except Exception:
        log.exception("函数服务没有启动，或意外停止")
        return 1
    return 0


def serve(class_id: str) -> None:
    """Answer under the class id until nobody is there to be answered. Windows only."""
    import pythoncom
    import pywintypes
    import win32api
    from win32com.server import policy, util

    clients = []

    def create(_: Any, interface: Any) -> Any:
        clients.append(interface)
        return util.wrap(FunctionServer())

    # What the class factory calls. The original looks into the registry for the class to make.
    policy.CreateInstance = create
    identity = pywintypes.IID(class_id)
    registration = pythoncom.CoRegisterClassObject(
        identity, pythoncom.MakePyFactory(identity), pythoncom.CLSCTX_LOCAL_SERVER,
        pythoncom.REGCLS_MULTIPLEUSE | pythoncom.REGCLS_SUSPENDED)
    pythoncom.EnableQuitMessage(win32api.GetCurrentThreadId())
    pythoncom.CoResumeClassObjects()
    log.info("函数服务 %s 已启动，%s 个函数", __version__, len(FUNCTIONS))
    log.info("函数服务已停止：%s", _answer_until_alone(lambda: bool(clients)))
    pythoncom.CoRevokeClassObject(registration)


def _answer_until_alone(anyone_came: Callable[[], bool]) -> str:
    """Pump the messages that carry calls; why it ended."""
    import pythoncom
    import win32event

    parent = _parent()
    latest = time.monotonic() + PATIENCE
    while True:
        wait = win32event.INFINITE if anyone_came() else max(0, int(1000 * (latest - time.monotonic())))
        woken = win32event.MsgWaitForMultipleObjects(parent, False, wait, win32event.QS_ALLINPUT)
        if woken == win32event.WAIT_TIMEOUT:
            return "没有程序来连接"
        if woken < len(parent):
            return "启动它的程序已退出"
        if pythoncom.PumpWaitingMessages():
            return "已没有程序在用"


def _parent() -> list[Any]:
    """A handle that tells when the program that started us ends; none when it is gone already."""
    import win32api
    import win32con

    try:
        return [win32api.OpenProcess(win32con.SYNCHRONIZE, False, os.getppid())]
    except win32api.error:
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
