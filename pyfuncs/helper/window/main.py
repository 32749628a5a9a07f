"""`jixiao-window`: opens the helper's window. Started anew by its own worker, it must import little."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tkinter

NO_SCREEN = "打不开窗口：{reason}。没有图形桌面的，请用命令：jixiao --help"
NO_TKINTER = "这个 Python 缺少 tkinter，打不开窗口；Debian、Ubuntu、麒麟、统信请安装：sudo apt-get install -y python3-tk"


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, with files and folders of the call on its list; 0, or 2 where there is no screen."""
    import multiprocessing

    multiprocessing.freeze_support()                  # a bundled program starts itself as its own worker
    try:
        import tkinter
    except ImportError:
        print(NO_TKINTER, file=sys.stderr)
        return 2
    from pyfuncs import function_log
    from pyfuncs.helper.window.app import Window

    function_log.start()
    try:
        root = open_root()
    except tkinter.TclError as error:
        print(NO_SCREEN.format(reason=error), file=sys.stderr)
        return 2
    Window(root, sys.argv[1:] if arguments is None else arguments)
    root.mainloop()
    return 0


def open_root() -> tkinter.Tk:
    """The empty window. Raises TclError where there is no screen."""
    import tkinter

    from pyfuncs.helper.window.look import sharpen

    sharpen()
    return tkinter.Tk(className="Jixiao")


if __name__ == "__main__":
    sys.exit(main())
