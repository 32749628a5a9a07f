"""帮助, 关于/诊断: the program itself."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from pyfuncs import __version__, function_log
from pyfuncs.live.command import Refused, command
from pyfuncs.live.folders import listed_rulesets
from pyfuncs.report.manual_page import manual_page
from pyfuncs.report.output import write_new

if TYPE_CHECKING:
    from xlwings import Book

PATIENCE = 120                                        # seconds for a diagnosis


@command
def open_help(book: Book | None) -> str:
    """Show the manual in the browser."""
    frozen = getattr(sys, "frozen", False)
    manual = _program_folder() / ("手册/使用手册.html" if frozen else "docs/manual.md")
    if not manual.is_file():
        raise Refused(f"没有找到使用手册 {manual}；请重新安装工具箱。")
    if frozen:
        webbrowser.open_new(manual.as_uri())
        return ""
    page = Path(tempfile.mkdtemp(prefix="jixiao-"), "使用手册.html")      # stays: the browser reads it later
    write_new(page, manual_page(manual))
    webbrowser.open_new(page.as_uri())
    return ""


@command
def about(book: Book | None) -> str:
    """What runs here, for people who are asked for help."""
    served = sys.executable if getattr(sys, "frozen", False) else f"{sys.executable}（未打包）"
    lines = [f"绩效自评工具箱 {__version__}", f"函数服务：{served}",
             f"Python：{platform.python_version()}（{platform.architecture()[0]}），{platform.platform()}"]
    if book is not None:
        lines.append(f"表格软件：{book.app.version}")
    return "\n".join([*lines, f"规则集：{len(listed_rulesets())} 个可用", f"日志：{function_log.path()}", "", *_diagnosis()])


def _diagnosis() -> list[str]:
    """What `jixiao doctor` finds to be done, from a process of its own: it starts another server through a library
    that takes one for each process."""
    try:
        done = subprocess.run([*_helper(), "doctor", "--todo"], cwd=_program_folder(), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=PATIENCE,
                              creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0))
    except subprocess.TimeoutExpired:
        return ["诊断没有做完：等的时间太长，请从开始菜单打开“绩效自评工具箱”，在那里诊断。"]
    except OSError:
        return [f"没有能诊断：启动不了 {_helper()[0]}，它可能被杀毒软件隔离了，请重新运行安装程序。"]
    told = done.stdout.decode("utf-8", "replace").splitlines()
    return told if done.returncode in (0, 1) and told else ["诊断没有做完，请把日志交给维护人员。"]


def _helper() -> list[str]:
    if getattr(sys, "frozen", False):
        return [str(_program_folder() / ("jixiao.exe" if sys.platform == "win32" else "jixiao"))]
    return [sys.executable, "-m", "pyfuncs.helper.cli"]


def _program_folder() -> Path:
    """What the packaged program lies in, else the checkout."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else Path(__file__).resolve().parents[2]
