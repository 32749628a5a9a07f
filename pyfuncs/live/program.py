"""帮助, 关于/诊断: the program itself."""

from __future__ import annotations

import platform
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


@command
def open_help(book: Book | None) -> str:
    """Show the manual in the browser."""
    manual = _program_folder() / "docs" / "manual.md"
    if not manual.is_file():
        raise Refused(f"没有找到使用手册 {manual}；请重新安装工具箱。")
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
    return "\n".join([*lines, f"规则集：{len(listed_rulesets())} 个可用", f"日志：{function_log.path()}"])


def _program_folder() -> Path:
    """What the packaged program lies in, else the checkout."""
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else Path(__file__).resolve().parents[2]
