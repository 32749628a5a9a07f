"""What runs across the window: the buttons above, what came of the last job, how far the work is, and the empty page."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from tkinter import ttk

from pyfuncs.helper.window import look as looks
from pyfuncs.helper.window.look import Look
from pyfuncs.helper.window.messages import Outcome, Progressed

INVITATION = "把文件或文件夹拖到这里"
WITHOUT_DROPS = "请选择要审核的文件或文件夹"
EXPLAINED = "填好的自评表（.xlsx、.xls、.docx），一个单位一份；文件夹里的都会列出来。原文件只读不改。"


class Toolbar(ttk.Frame):
    """`buttons`: name and what it does, in groups; the first of all is the main one; `right` stand at the other end."""

    def __init__(self, parent: tk.Misc, look: Look, groups: Sequence[Mapping[str, Callable[[], None]]],
                 right: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(parent, padding=(look.px(12), look.px(10)))
        self.buttons: dict[str, ttk.Button] = {}
        for group in groups:
            if self.buttons:
                line = ttk.Frame(self, style="Edge.TFrame", width=1)
                line.pack(side="left", fill="y", padx=look.px(8), pady=look.px(3))
            for name, command in group.items():
                style = "TButton" if self.buttons else "Main.TButton"
                self._add(name, command, style).pack(side="left", padx=(0, look.px(6)))
        for name, command in reversed(right.items()):
            self._add(name, command, "TButton").pack(side="right", padx=(look.px(6), 0))

    def _add(self, name: str, command: Callable[[], None], style: str) -> ttk.Button:
        button = ttk.Button(self, text=name, command=command, style=style)
        button.bind("<Return>", lambda event: button.invoke())
        self.buttons[name] = button
        return button

    def enable(self, names: Sequence[str]) -> None:
        """These and no others can be used."""
        for name, button in self.buttons.items():
            button.state(["!disabled" if name in names else "disabled"])


class Notice(tk.Frame):
    """What came of the last job, until it is put away; with its folder and its further lines within reach."""

    def __init__(self, parent: tk.Misc, look: Look, open_folder: Callable[[str], None],
                 tell_more: Callable[[Outcome], None]) -> None:
        super().__init__(parent)
        self._look, self._open_folder, self._tell_more = look, open_folder, tell_more
        self.said = tk.StringVar(self)
        self.outcome: Outcome | None = None
        self.links: dict[str, tk.Label] = {}

    def show(self, outcome: Outcome, actions: Mapping[str, Callable[[], None]] | None = None) -> None:
        """`actions`: what can be done about it, by name."""
        self.outcome = outcome
        self.said.set(outcome.said)
        for child in self.winfo_children():
            child.destroy()
        ground, ink = looks.NOTICE[outcome.good]
        self.configure(background=ground)
        self.links = {}
        px = self._look.px
        links: dict[str, Callable[[], None]] = {"关闭": self.hide}
        if outcome.lines:
            links[f"详情（{len(outcome.lines)} 条）"] = lambda: self._tell_more(outcome)
        if outcome.folder:
            links["打开文件夹"] = lambda: self._open_folder(outcome.folder)
        links.update(actions or {})
        for name, command in links.items():
            link = tk.Label(self, text=name, background=ground, foreground=ink, font="Small", cursor="hand2",
                            takefocus=True, highlightthickness=1, highlightbackground=ground, highlightcolor=ink)
            for event in ("<Button-1>", "<Return>", "<space>"):
                link.bind(event, lambda event, command=command: command())
            self.links[name] = link
            link.pack(side="right", padx=(0, px(10)), pady=px(6), anchor="n")
        said = tk.Label(self, textvariable=self.said, background=ground, foreground=ink, anchor="w", justify="left")
        said.pack(side="left", fill="x", expand=True, padx=px(14), pady=px(6))
        said.bind("<Configure>", lambda event: said.configure(wraplength=max(event.width, px(200))))
        self.grid()

    def hide(self) -> None:
        self.outcome = None
        self.grid_remove()


class StatusLine(ttk.Frame):
    """At the foot: a line of text, and while something is done, how far it is and 取消."""

    def __init__(self, parent: tk.Misc, look: Look, cancel: Callable[[], None]) -> None:
        super().__init__(parent, padding=(look.px(14), look.px(6)))
        self.text = tk.StringVar(self)
        ttk.Frame(self, height=look.px(36)).pack(side="left")              # as high without the button as with it
        ttk.Label(self, textvariable=self.text, style="Quiet.TLabel").pack(side="left")
        self.cancel = ttk.Button(self, text="取消", command=cancel)
        self._bar = ttk.Progressbar(self, length=look.px(220), mode="indeterminate")
        self._gap = look.px(10)

    def busy(self, doing: str) -> None:
        self.text.set(f"{doing}……")
        self.cancel.state(["!disabled"])
        self.cancel.pack(side="right")
        self._bar.configure(mode="indeterminate", value=0)
        self._bar.pack(side="right", padx=self._gap)
        self._bar.start(40)

    def progress(self, told: Progressed) -> None:
        if told.total:
            self._bar.stop()
            self._bar.configure(mode="determinate", maximum=told.total, value=told.done)
        current = f"　{told.current[:24]}" if told.current else ""
        self.text.set(f"{told.doing} {told.done}/{told.total}{current}")

    def stopping(self) -> None:
        self.text.set("正在停止……")
        self.cancel.state(["disabled"])

    def idle(self, text: str) -> None:
        self._bar.stop()
        self._bar.pack_forget()
        self.cancel.pack_forget()
        self.text.set(text)


class EmptyPage(tk.Canvas):
    """What is seen before there is a list: where to let files go, and buttons for those who would rather choose."""

    def __init__(self, parent: tk.Misc, look: Look, choose_files: Callable[[], None],
                 choose_folder: Callable[[], None]) -> None:
        super().__init__(parent, background=looks.PAPER, highlightthickness=0, borderwidth=0)
        self._look = look
        self._hot = False
        self.invitation = WITHOUT_DROPS
        self._buttons = ttk.Frame(self, style="Card.TFrame")
        self.files = ttk.Button(self._buttons, text="选择文件…", command=choose_files, style="Main.TButton")
        self.folder = ttk.Button(self._buttons, text="选择文件夹…", command=choose_folder)
        for button in (self.files, self.folder):
            button.pack(side="left", padx=look.px(6))
            button.bind("<Return>", lambda event, button=button: button.invoke())
        self.bind("<Configure>", lambda event: self._draw())

    def invite(self, drops: bool) -> None:
        self.invitation = INVITATION if drops else WITHOUT_DROPS
        self._draw()

    def hover(self, hot: bool) -> None:
        """While something is held over the window."""
        self._hot = hot
        self._draw()

    def _draw(self) -> None:
        self.delete("all")
        px, width, height = self._look.px, self.winfo_width(), self.winfo_height()
        edge, middle = px(24), height // 2
        self.configure(background=looks.BLUE_PALE if self._hot else looks.PAPER)
        self.create_rectangle(edge, edge, width - edge, height - edge, dash=(6, 4), width=max(1, px(1.5)),
                              outline=looks.BLUE if self._hot else looks.GREY)
        self._sheet(width // 2, middle - px(120))
        self.create_text(width // 2, middle - px(24), text=self.invitation, font="Large", fill=looks.INK)
        self.create_text(width // 2, middle + px(14), text=EXPLAINED, fill=looks.QUIET, justify="center",
                         width=width - 3 * edge)
        self.create_window(width // 2, middle + px(64), window=self._buttons)

    def _sheet(self, middle: int, top: int) -> None:
        """A sheet with lines and a tick."""
        px = self._look.px
        left, right, bottom = middle - px(26), middle + px(26), top + px(66)
        self.create_polygon(left, top, right - px(14), top, right, top + px(14), right, bottom, left, bottom,
                            fill=looks.PAPER, outline=looks.BLUE, width=px(2))
        for line in range(3):
            y = top + px(20 + 11 * line)
            self.create_line(left + px(10), y, right - px(12), y, fill=looks.LINE, width=px(2.5))
        self.create_line(middle - px(2), bottom - px(12), middle + px(8), bottom - px(2), middle + px(26), bottom - px(24),
                         fill=looks.GREEN, width=px(4), capstyle="round", joinstyle="round")
