"""How the window looks: colours, fonts and sizes that follow the screen, and the style of every kind of widget."""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
import sys
import tkinter as tk
import zlib
from collections.abc import Callable
from tkinter import font, ttk

INK, QUIET, LINE, PAPER, GROUND = "#1f2733", "#667085", "#d5dae1", "#ffffff", "#f3f5f8"
BLUE, BLUE_DARK, BLUE_PALE, ROW_CHOSEN = "#1f5fae", "#174a8a", "#e4eefa", "#d8e7f8"
GREEN, RED, AMBER, GREY, VIOLET = "#1a8754", "#c62f3b", "#c27803", "#98a2b3", "#7a5ccf"
NOTICE = {True: ("#e8f5ee", "#14663f"), False: ("#fdeeee", "#9b1c26")}          # ground and ink
GROUPS = {"error": RED, "warning": AMBER, "rounding": VIOLET, "note": BLUE, "not-run": GREY,
          "explained": GREEN, "approved": GREEN}
STATES = {"未审核": GREY, "审核中": BLUE, "可以上报": GREEN, "须修改": RED, "读不出": AMBER}
_FAMILIES = ("Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC",
             "WenQuanYi Micro Hei", "Noto Sans SC", "SimHei")
_PLAIN_DPI = 96


def sharpen() -> None:
    """Before the first window: tell Windows not to enlarge a picture of it, since it sizes itself."""
    if sys.platform == "win32":
        import ctypes

        try:
            ctypes.windll.shcore.SetProcessDpiAwareness(1)
        except (AttributeError, OSError):             # older than 8.1
            ctypes.windll.user32.SetProcessDPIAware()


class Look:
    """Sizes for one screen: `px` turns a size at 100 % into pixels."""

    def __init__(self, root: tk.Tk) -> None:
        dpi = _dpi(root)
        self.scale = dpi / _PLAIN_DPI
        root.tk.call("tk", "scaling", dpi / 72)       # fonts are told in points
        self.family = _family(root)
        self._images: list[tk.PhotoImage] = []        # Tk forgets a picture that nobody holds
        _fonts(root, self.family)
        root.configure(background=GROUND)
        _prepare_file_dialogs(root)
        self._style(root)
        self._images += [tk.PhotoImage(master=root, data=_badge(size)) for size in (48, 16)]
        root.iconphoto(True, *self._images)

    def px(self, size: float) -> int:
        return round(size * self.scale)

    def dot(self, root: tk.Misc, colour: str) -> tk.PhotoImage:
        """A round spot, as a sign in a list."""
        image = tk.PhotoImage(master=root, data=_dot(colour, self.px(16), self.px(4)))
        self._images.append(image)
        return image

    def _style(self, root: tk.Tk) -> None:
        style, px = ttk.Style(root), self.px
        style.theme_use("clam")
        style.configure(".", background=GROUND, foreground=INK, font="TkDefaultFont", bordercolor=LINE, lightcolor=LINE,
                        darkcolor=LINE, troughcolor=GROUND, focuscolor=BLUE, selectbackground=BLUE,
                        selectforeground=PAPER, insertwidth=px(1))
        style.configure("Card.TFrame", background=PAPER)
        style.configure("Edge.TFrame", background=LINE)
        for name, options in {"Card.TLabel": {"background": PAPER}, "Quiet.TLabel": {"foreground": QUIET},
                              "QuietCard.TLabel": {"background": PAPER, "foreground": QUIET},
                              "Head.TLabel": {"background": PAPER, "font": "Head"},
                              "Large.TLabel": {"background": PAPER, "font": "Large", "foreground": INK}}.items():
            style.configure(name, **options)
        self._buttons(style)
        for name in ("TEntry", "TCombobox", "TSpinbox"):
            style.configure(name, padding=(px(6), px(4)), fieldbackground=PAPER, background=PAPER, arrowcolor=QUIET,
                            arrowsize=px(12), lightcolor=PAPER, darkcolor=PAPER)
            style.map(name, bordercolor=[("focus", BLUE)], lightcolor=[("focus", PAPER)],
                      fieldbackground=[("readonly", PAPER)], foreground=[("readonly", INK)],
                      selectbackground=[("readonly", PAPER)], selectforeground=[("readonly", INK)])
        for name in ("TCheckbutton", "TRadiobutton"):
            style.configure(name, background=PAPER, indicatorsize=px(13), padding=px(3))
            style.map(name, background=[("active", PAPER)], indicatorcolor=[("selected", BLUE)])
        style.configure("Treeview", background=PAPER, fieldbackground=PAPER, borderwidth=0, relief="flat",
                        rowheight=font.nametofont("TkDefaultFont", root).metrics("linespace") + px(10))
        style.layout("Treeview", [("Treeview.treearea", {"sticky": "nswe"})])
        style.configure("Treeview.Item", padding=(px(6), 0, 0, 0))
        # Without the room for a tree's branches.
        style.layout("Treeview.Item", [("Treeitem.padding", {"sticky": "nswe", "children": [
            ("Treeitem.image", {"side": "left", "sticky": ""}), ("Treeitem.text", {"side": "left", "sticky": ""})]})])
        style.configure("Treeview.Heading", background=PAPER, foreground=QUIET, relief="flat", borderwidth=0,
                        padding=(px(6), px(5)), font="Small")
        style.map("Treeview.Heading", background=[("active", GROUND)])
        style.map("Treeview", background=[("selected", ROW_CHOSEN)], foreground=[("selected", INK)])
        style.configure("Horizontal.TProgressbar", background=BLUE, troughcolor=LINE, borderwidth=0, thickness=px(6))
        style.layout("Vertical.TScrollbar", [("Vertical.Scrollbar.trough", {"sticky": "ns", "children": [
            ("Vertical.Scrollbar.thumb", {"expand": "1", "sticky": "nswe"})]})])
        style.configure("Vertical.TScrollbar", background=LINE, troughcolor=PAPER, bordercolor=PAPER, gripcount=0,
                        lightcolor=LINE, darkcolor=LINE, arrowsize=px(10))
        style.map("Vertical.TScrollbar", **dict.fromkeys(("background", "lightcolor", "darkcolor"), [("active", GREY)]))
        style.configure("Sash", sashthickness=px(6), gripcount=0)
        root.option_add("*TCombobox*Listbox.font", "TkDefaultFont")
        root.option_add("*TCombobox*Listbox.selectBackground", BLUE)

    def _buttons(self, style: ttk.Style) -> None:
        px = self.px
        plain = {"padding": (px(12), px(6)), "relief": "raised", "background": PAPER, "borderwidth": 1,
                 "anchor": "center", "lightcolor": PAPER, "darkcolor": PAPER}
        style.configure("TButton", **plain)
        tint = [("disabled", GROUND), ("pressed", LINE), ("active", BLUE_PALE)]
        style.map("TButton", background=tint, lightcolor=tint, darkcolor=tint, foreground=[("disabled", GREY)],
                  bordercolor=[("focus", BLUE)], relief=[])
        style.configure("Main.TButton", **{**plain, "background": BLUE, "foreground": PAPER, "bordercolor": BLUE,
                                           "lightcolor": BLUE, "darkcolor": BLUE, "font": "Head"})
        style.map("Main.TButton", background=[("disabled", LINE), ("pressed", BLUE_DARK), ("active", BLUE_DARK)],
                  foreground=[("disabled", PAPER)], bordercolor=[("focus", INK), ("disabled", LINE)],
                  lightcolor=[("disabled", LINE)], darkcolor=[("disabled", LINE)])
        quiet = {**plain, "padding": (px(8), px(3)), "foreground": BLUE, "width": 0, "bordercolor": PAPER,
                 "lightcolor": PAPER, "darkcolor": PAPER}
        still = {"background": [("active !disabled", BLUE_PALE)], "bordercolor": [("focus", BLUE)], "lightcolor": [],
                 "darkcolor": []}
        style.configure("Quiet.TButton", **quiet)
        style.map("Quiet.TButton", **still, foreground=[("disabled", GREY)])
        style.configure("Chip.TButton", **{**quiet, "foreground": QUIET})
        style.configure("ChosenChip.TButton", **{**quiet, "background": BLUE_PALE, "foreground": BLUE_DARK,
                                                 "bordercolor": BLUE_PALE, "lightcolor": BLUE_PALE, "darkcolor": BLUE_PALE})
        for name in ("Chip.TButton", "ChosenChip.TButton"):
            style.map(name, **still)


def scrolled(frame: tk.Misc, widget: ttk.Treeview | tk.Text) -> None:
    """The widget fills the frame; its scroll bar shows where there is something to scroll."""
    bar = ttk.Scrollbar(frame, orient="vertical", command=widget.yview)

    def moved(first: str, last: str) -> None:
        bar.set(first, last)
        bar.grid_remove() if float(first) <= 0 and float(last) >= 1 else bar.grid()

    widget.configure(yscrollcommand=moved)
    widget.grid(row=0, column=0, sticky="nsew")
    bar.grid(row=0, column=1, sticky="ns")
    frame.rowconfigure(0, weight=1)
    frame.columnconfigure(0, weight=1)


def _dpi(root: tk.Tk) -> float:
    """Of the screen; on Linux the desktop's own setting, which the screen does not know, where it is larger."""
    told = root.winfo_fpixels("1i")
    if root.tk.call("tk", "windowingsystem") == "x11" and (xrdb := shutil.which("xrdb")):
        listed = subprocess.run([xrdb, "-query"], capture_output=True, text=True, errors="replace").stdout
        for line in listed.splitlines():
            name, _, value = line.partition(":")
            if name == "Xft.dpi" and value.strip().isdecimal():
                told = max(told, float(value))
    return told


def _prepare_file_dialogs(root: tk.Tk) -> None:
    """On Linux they are Tk's own: in Chinese, and without hidden files."""
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.tk.eval("::msgcat::mclocale zh_cn; ::msgcat::mcload [file join $::tk_library msgs]; "
                     "catch {tk_getOpenFile -loads}; set ::tk::dialog::file::showHiddenVar 0")


def _family(root: tk.Tk) -> str:
    """The first of the fonts we like that is there, else the system's own."""
    there = set(font.families(root))
    return next((name for name in _FAMILIES if name in there), font.nametofont("TkDefaultFont", root).actual("family"))


def _fonts(root: tk.Tk, family: str) -> None:
    for name in ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont"):
        font.nametofont(name, root).configure(family=family, size=10, weight="normal")
    for name, size, weight in (("Small", 9, "normal"), ("Head", 10, "bold"), ("Large", 16, "normal")):
        root.tk.call("font", "create", name, "-family", family, "-size", size, "-weight", weight)


def _dot(colour: str, size: int, radius: float) -> bytes:
    """A disc on nothing."""
    middle = (size - 1) / 2
    return _png(size, lambda x, y: (colour, radius - math.hypot(x - middle, y - middle)))


def _badge(size: int) -> bytes:
    """The program's sign: a white tick on a blue plate with round corners."""
    corner, thick = size * 0.2, size * 0.065
    tick = [(0.26, 0.53), (0.43, 0.70), (0.75, 0.33)]
    ends = [(x * size, y * size) for x, y in tick]

    def at(x: int, y: int) -> tuple[str, float]:
        if min(_far((x, y), *line) for line in zip(ends, ends[1:])) < thick:
            return PAPER, 1
        beyond = [max(0.0, corner - side, side - (size - 1 - corner)) for side in (x, y)]
        return BLUE, corner - math.hypot(*beyond)

    return _png(size, at)


def _far(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """From a point to a line between two."""
    along = [end[axis] - start[axis] for axis in (0, 1)]
    share = sum((point[axis] - start[axis]) * along[axis] for axis in (0, 1)) / sum(side * side for side in along)
    return math.dist(point, [start[axis] + min(1.0, max(0.0, share)) * along[axis] for axis in (0, 1)])


def _png(size: int, at: Callable[[int, int], tuple[str, float]]) -> bytes:
    """A square picture: `at` gives each point's colour, and how far inside of the shape it is (its edge is smooth)."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            colour, inside = at(x, y)
            rows += bytes.fromhex(colour[1:]) + bytes([round(255 * min(1.0, max(0.0, inside + 0.5)))])
    return b"\x89PNG\r\n\x1a\n" + b"".join((
        _chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)), _chunk(b"IDAT", zlib.compress(bytes(rows))),
        _chunk(b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
