"""The window on a screen of its own, worked as a person works it: real clicks and keys from outside."""

from __future__ import annotations

import os
import subprocess
import time
import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tkinter import ttk

import pytest

from pyfuncs.helper.window import main as program
from pyfuncs.helper.window.app import Window
from pyfuncs.helper.window.dialogs import Dialog


class Driven:
    """A running window. `until` lets it run, since it has no loop of its own here."""

    def __init__(self, root: tk.Tk, window: Window) -> None:
        self.root, self.window = root, window
        self._clicked = (-1, -1)
        self._noticed = 0                             # releases of buttons and keys
        for event in ("<ButtonRelease>", "<KeyRelease>"):
            root.bind_all(event, self._notice, add=True)

    def until(self, reached: Callable[[], object], patience: float = 60) -> None:
        """Let the window run until something is so. Fails when it does not become so."""
        end = time.monotonic() + patience
        while not reached():
            assert time.monotonic() < end, f"not within {patience} s; the window says: {self.said!r}, {self.status!r}"
            self.root.update()
            time.sleep(0.01)

    def settled(self) -> None:
        """Until nothing is being done."""
        self.until(lambda: not self.window.busy)
        self.root.update()

    def gone(self) -> bool:
        try:
            self.root.update()
            return not self.root.winfo_exists()
        except tk.TclError:
            return True

    # -- hands -------------------------------------------------------------------------------------------

    def click(self, widget: tk.Misc, times: int = 1) -> None:
        """In the middle of a widget."""
        self.root.update()
        self.click_at(widget.winfo_rootx() + widget.winfo_width() // 2,
                      widget.winfo_rooty() + widget.winfo_height() // 2, times)

    def click_at(self, x: int, y: int, times: int = 1) -> None:
        if (x, y) == self._clicked:                   # soon after another it would be a double click
            time.sleep(0.6)
        self._clicked = x, y
        self._hand(times, "mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "60", "1")

    def press(self, *keys: str) -> None:
        self._hand(len(keys), "key", "--delay", "40", *keys)

    def write(self, text: str) -> None:
        self._hand(len(text), "type", "--delay", "40", text)

    def click_row(self, tree: ttk.Treeview, row: str, times: int = 1) -> None:
        self.root.update()
        x, y, width, height = tree.bbox(row, "#0")
        self.click_at(tree.winfo_rootx() + x + width // 2, tree.winfo_rooty() + y + height // 2, times)

    def button(self, name: str, within: tk.Misc | None = None) -> ttk.Button:
        """The button of this name that can be seen."""
        found = [one for one in _all(within or self.root)
                 if isinstance(one, ttk.Button) and one.cget("text") == name and one.winfo_viewable()]
        assert found, f"no button {name}"
        return found[0]

    def press_button(self, name: str, within: tk.Misc | None = None) -> None:
        self.click(self.button(name, within))

    def dialog(self) -> Dialog:
        """The dialog that is open, when it is there."""
        self.until(lambda: self.dialogs() and self.dialogs()[0].winfo_viewable())
        self.root.update()
        return self.dialogs()[0]

    def dialogs(self) -> list[Dialog]:
        return [one for one in self.root.winfo_children() if isinstance(one, Dialog)]

    # -- eyes --------------------------------------------------------------------------------------------

    @property
    def said(self) -> str:
        outcome = self.window.notice.outcome
        return outcome.said if outcome else ""

    @property
    def status(self) -> str:
        return self.window.status.text.get()

    def units(self) -> list[tuple[str, ...]]:
        """The rows of the list of units: state, name, errors, others."""
        return _rows(self.window.units.tree)

    def found(self) -> list[tuple[str, ...]]:
        """The rows of the findings: severity, unit, place, message, rule."""
        return _rows(self.window.found.tree)

    def about(self) -> str:
        return self.window.found.about.get("1.0", "end")

    def enabled(self) -> list[str]:
        return [name for name, button in self.window.toolbar.buttons.items() if button.instate(["!disabled"])]

    def _notice(self, event: tk.Event) -> None:
        self._noticed += 1

    def _hand(self, count: int, *arguments: str) -> None:
        """Have something done from outside, and wait until the window has noticed so many releases."""
        wanted, end = self._noticed + count, time.monotonic() + 2
        subprocess.run(["xdotool", *arguments], check=True, env=os.environ, timeout=20)
        while self._noticed < wanted and time.monotonic() < end:
            self.root.update()
            time.sleep(0.005)
        self.root.update()


@contextmanager
def driven(display: str, folder: Path, paths: Sequence[Path] = ()) -> Iterator[Driven]:
    """A window on a screen, its settings and log in `folder`; ended with its workers, whatever a test left it in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", display)
        patch.setenv("HOME", str(folder))             # where a result would go that has no folder
        patch.setenv("JIXIAO_SETTINGS", str(folder / "settings.json"))
        patch.setenv("JIXIAO_LOG", str(folder / "log.txt"))
        window = Window(program.open_root(), list(map(str, paths)))
        window.root.update()
        window.root.focus_force()                     # as a desktop does with a new window
        try:
            yield Driven(window.root, window)
        finally:
            window.end()


def _rows(tree: ttk.Treeview) -> list[tuple[str, ...]]:
    return [(tree.item(row, "text").strip(), *map(str, tree.item(row, "values"))) for row in tree.get_children()]


def _all(widget: tk.Misc) -> Iterator[tk.Misc]:
    for child in widget.winfo_children():
        yield child
        yield from _all(child)
