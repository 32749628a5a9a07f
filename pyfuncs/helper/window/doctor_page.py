"""诊断: every point that was looked at, those to be dealt with first."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from pyfuncs.helper.window import look as looks
from pyfuncs.helper.window.dialogs import Dialog
from pyfuncs.helper.window.look import Look

Row = tuple[str, str, str, str, bool]                 # name, state, what was found, what to do, whether we can do it
_COLOURS = {"正常": looks.GREEN, "请处理": looks.RED, "无法检查": looks.AMBER}


class DoctorPage(Dialog):
    """`done`: lines on what was just repaired. `repair` has all repaired that can be."""

    def __init__(self, parent: tk.Misc, look: Look, rows: Sequence[Row], done: Sequence[str],
                 repair: Callable[[], None]) -> None:
        self.rows, self.done, self.repair = sorted(rows, key=lambda row: row[1] != "请处理"), done, repair
        super().__init__(parent, look, "诊断", "关闭")
        if any(row[4] for row in rows):
            self.mend = ttk.Button(self.confirm.master, text="自动处理", command=self._repair)
            self.mend.pack(side="right", padx=look.px(8))

    def build(self) -> None:
        px = self.look.px
        self.text = text = self.reading_pane()
        text.configure(tabs=(px(84),))
        text.tag_configure("title", font="Large", spacing3=px(12))
        text.tag_configure("row", lmargin2=px(84), spacing1=px(8), spacing3=px(2))
        text.tag_configure("name", font="Head")
        text.tag_configure("todo", lmargin1=px(84), lmargin2=px(84), foreground=looks.QUIET, spacing3=px(2))
        for state, colour in _COLOURS.items():
            text.tag_configure(state, foreground=colour, font="Head")
        todo = sum(row[1] == "请处理" for row in self.rows)
        text.insert("end", f"有 {todo} 项请处理\n" if todo else "没有要处理的\n", "title")
        for line in self.done:
            text.insert("end", f"{line}\n", "todo")
        for name, state, found, advice, _ in self.rows:
            text.insert("end", state, (state, "row"), "\t", "row", name, ("name", "row"), f"　{found}\n", "row")
            if advice:
                text.insert("end", f"{advice}\n", "todo")
        text.configure(state="disabled")

    def _repair(self) -> None:
        self.destroy()
        self.repair()
