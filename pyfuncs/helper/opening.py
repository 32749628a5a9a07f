"""Opening a file for the user, at a cell where the program at hand can be told one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from pyfuncs.helper.libreoffice import find_soffice
from pyfuncs.workbook.soffice import environment

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


def open_at(path: Path, place: str) -> str:
    """Open a file at "sheet!C9", "" for no cell in particular; what to tell. Raises OSError when nothing opens it.

    What is no cell of a workbook (a paragraph, a cell of a Word table) is told to the user.
    """
    if not path.is_file():
        return f"没有找到 {path}，可能移走或改名了；请重新添加。"
    sheet, _, address = place.rpartition("!")
    if not sheet or path.suffix.lower() not in _WORKBOOKS:
        open_path(path)
        return f"已打开 {path.name}" + (f"，请看{place.replace('!', ' ')}。" if place else "。")
    from pyfuncs.live.opening import show_cell        # what speaks to Excel, only where there is a cell to show

    where = f"{path.name} 的《{sheet}》{address}"
    if show_cell(path, sheet, address):
        return f"已在 Excel 中打开 {where}。"
    if sys.platform != "win32" and (office := find_soffice()):
        _start([str(office), f"{path.resolve().as_uri()}#{quote(_in_calc(sheet, address))}"])
        return f"已在 LibreOffice 中打开 {where}。"
    open_path(path)
    return f"已打开 {path.name}；这里的表格软件不能直接转到单元格，请看《{sheet}》{address}。"


def open_path(path: Path) -> None:
    """Open a file or a folder with what is meant for it. Raises OSError."""
    if sys.platform == "win32":
        os.startfile(path)
    elif opener := shutil.which("open" if sys.platform == "darwin" else "xdg-open"):
        _start([opener, str(path)])
    else:
        raise OSError(f"这台电脑上没有找到打开文件的程序，请自己打开：{path}")


def _in_calc(sheet: str, address: str) -> str:
    """'表 1'.C9, as LibreOffice writes a cell."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'.{address}"


def _start(command: list[str]) -> None:
    """A program that outlives us."""
    subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL, start_new_session=True)
