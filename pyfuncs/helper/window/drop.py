"""Files and folders dropped on the window. Without tkdnd's library they are chosen by buttons alone."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable, Sequence

log = logging.getLogger("jixiao.window")


def accept_drops(page: tk.Widget, dropped: Callable[[Sequence[str]], None], hovering: Callable[[bool], None]) -> bool:
    """Hear of paths that are let go over the page, and of their coming and going; whether that can be."""
    try:
        from tkinterdnd2 import COPY, DND_FILES, TkinterDnD

        TkinterDnD._require(page.winfo_toplevel())
    except (ImportError, RuntimeError, tk.TclError):  # not installed, or not for this system
        log.info("no drag and drop", exc_info=True)
        return False

    def let_go(event: TkinterDnD.DnDEvent) -> str:
        hovering(False)
        dropped(page.tk.splitlist(event.data))
        return COPY

    def over(event: TkinterDnD.DnDEvent) -> str:
        hovering(True)
        return COPY

    page.drop_target_register(DND_FILES)
    page.dnd_bind("<<DropEnter>>", over)
    page.dnd_bind("<<DropLeave>>", lambda event: hovering(False))
    page.dnd_bind("<<Drop>>", let_go)
    return True
