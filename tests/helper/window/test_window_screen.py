"""The window on large and small screens, under keys alone, with files let go over it; and where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from tkinter import font, ttk

import pytest
from driven import Driven, driven
from filed_books import clean_book
from libreoffice_office import virtual_screen

from pyfuncs.helper import cli
from pyfuncs.helper.window import look
from pyfuncs.helper.window import main as program

ROOT = Path(__file__).resolve().parents[3]
SOURCE = Path(__file__).with_name("drag_source.py")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_book(tmp_path_factory.mktemp("单位 甲") / "甲.xlsx", "甲中心", {"基础数据表!控制率": (0.9, "0%")})


@pytest.fixture
def shown(screen: str, tmp_path: Path) -> Iterator[Driven]:
    with driven(screen, tmp_path) as one:
        yield one


# -- size -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("percent", [100, 200])
def test_everything_grows_with_the_screen_and_nothing_is_cut_off(screen: str, tmp_path: Path, book: Path, monkeypatch,
                                                                     percent: int):
    desktop(tmp_path / "bin", percent * 96 // 100, monkeypatch)
    with driven(screen, tmp_path, [book]) as one:
        one.settled()
        one.press("F5")
        one.settled()
        assert one.window.look.scale == pytest.approx(percent / 100, rel=0.01)
        line = font.nametofont("TkDefaultFont", one.root).metrics("linespace")
        assert line == pytest.approx(20 * percent / 100, abs=3)
        assert int(ttk.Style(one.root).lookup("Treeview", "rowheight")) > line
        assert cut_off(one.root) == []
        one.press_button("设置")
        assert cut_off(one.dialog()) == []
        one.press("Escape")


def desktop(folder: Path, dpi: int, monkeypatch) -> None:
    """A desktop's setting of the size of letters, as `xrdb` tells it."""
    folder.mkdir()
    (folder / "xrdb").write_text(f'#!/bin/sh\necho "Xft.antialias:\t1"\necho "Xft.dpi:\t{dpi}"\n')
    (folder / "xrdb").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def cut_off(window: tk.Misc) -> list[str]:
    """Labels, buttons and fields that have less room than they need, or reach out of the window."""
    window.update()
    found = []
    right, bottom = window.winfo_rootx() + window.winfo_width(), window.winfo_rooty() + window.winfo_height()
    for one in everything(window):
        if isinstance(one, (ttk.Button, ttk.Label, ttk.Entry, ttk.Combobox)) and one.winfo_viewable() and (
                one.winfo_width() < one.winfo_reqwidth() or one.winfo_height() < one.winfo_reqheight()
                or one.winfo_rootx() + one.winfo_width() > right or one.winfo_rooty() + one.winfo_height() > bottom):
            found.append(f"{one} {one.winfo_geometry()} wants {one.winfo_reqwidth()}x{one.winfo_reqheight()}")
    return found


def everything(widget: tk.Misc) -> Iterator[tk.Misc]:
    for child in widget.winfo_children():
        if not isinstance(child, tk.Toplevel):
            yield child
            yield from everything(child)


def test_a_screen_that_says_how_fine_it_is_is_believed():
    """At 192 dots an inch, in a program of its own."""
    with virtual_screen(3000, 1800, 192) as display:
        told = subprocess.run([sys.executable, "-c", SCALE], cwd=ROOT, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "DISPLAY": display})
    assert told.stdout.split() == ["2.0", "2.67"], told.stderr


SCALE = """
from pyfuncs.helper.window.look import Look
from pyfuncs.helper.window.main import open_root
root = open_root()
print(round(Look(root).scale, 1), round(float(root.tk.call("tk", "scaling")), 2))
"""


# -- keys -----------------------------------------------------------------------------------------------------

def test_everything_is_reached_with_keys_alone(shown: Driven, book: Path):
    shown.window.add([str(book)])
    shown.settled()
    reached = []
    for _ in range(40):
        shown.press("Tab")
        focused = shown.root.focus_get()
        reached.append(focused.cget("text") if isinstance(focused, ttk.Button) else focused)
        if reached[-1] == "审核":
            break
    shown.press("Return")
    shown.settled()
    assert shown.said.startswith("共审核 1 个文件")
    for _ in range(40):
        shown.press("Tab")
        if shown.root.focus_get() is shown.window.found.tree:
            break
    shown.press("Down")
    table = shown.window.found.tree
    assert table.selection() == (table.get_children()[min(1, len(table.get_children()) - 1)],)


# -- drag and drop --------------------------------------------------------------------------------------------

def test_files_let_go_over_the_window_are_listed(shown: Driven, book: Path, tmp_path: Path):
    """From another program, as a file manager does it: blanks and Chinese in the names, two at once."""
    assert shown.window.empty.invitation == "把文件或文件夹拖到这里"
    other = clean_book(tmp_path / "单位 乙 {2}.xlsx", "乙中心")
    place = shown.window.empty.winfo_rootx() + 300, shown.window.empty.winfo_rooty() + 200
    shown.root.update()
    source = subprocess.Popen([sys.executable, str(SOURCE), *map(str, place), book.parent.as_uri(), other.as_uri()])
    try:
        shown.until(lambda: source.poll() is not None, patience=20)
    finally:
        source.kill()
        source.wait()
    shown.settled()
    assert [unit.path for unit in shown.window.state.units] == sorted([str(book), str(other)])
    assert shown.window.state.sources == (str(book.parent), str(other))


def test_without_the_library_for_it_files_are_chosen_by_buttons(screen: str, tmp_path: Path, book: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tkinterdnd2", None)
    with driven(screen, tmp_path) as one:
        assert one.window.empty.invitation == "请选择要审核的文件或文件夹" and one.said == ""
        monkeypatch.setattr("tkinter.filedialog.askopenfilenames", lambda **_: (str(book),))
        one.press_button("选择文件…")
        one.settled()
        assert [row[1] for row in one.units()] == ["全部 1 个文件", "甲"]
        monkeypatch.setattr("tkinter.filedialog.askdirectory", lambda **_: str(book.parent))
        one.press_button("添加文件夹")
        one.settled()
        assert [row[1] for row in one.units()] == ["全部 1 个文件", "甲"]


# -- the program ----------------------------------------------------------------------------------------------

def test_without_a_screen_it_says_so(monkeypatch, capsys):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert program.main([]) == 2
    assert "打不开窗口：" in (said := capsys.readouterr().err) and "jixiao --help" in said


def test_a_call_without_a_command_opens_the_window_where_there_is_a_screen(monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("pyfuncs.helper.window.main.main", lambda paths: opened.append(paths) or 0)
    monkeypatch.setenv("DISPLAY", ":0")
    assert (cli.main([]), opened) == (0, [[]])
    monkeypatch.delenv("DISPLAY")
    assert cli.main([]) == 0 and "用法：jixiao" in capsys.readouterr().out and len(opened) == 1


def test_a_window_that_is_killed_leaves_no_worker(screen: str, tmp_path: Path, book: Path):
    environment = {**os.environ, "DISPLAY": screen, "HOME": str(tmp_path), "JIXIAO_SETTINGS": str(tmp_path / "s.json"),
                   "JIXIAO_LOG": str(tmp_path / "log.txt")}
    window = subprocess.Popen([sys.executable, "-m", "pyfuncs.helper.window.main", str(book)], cwd=ROOT, env=environment)
    try:
        wait_for(lambda: len(below(window.pid)) >= 1)
        processes = below(window.pid)
    finally:
        window.kill()
        window.wait()
    wait_for(lambda: not any(Path("/proc", str(one)).exists() for one in processes))


def below(process: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True).stdout
    return list(map(int, listed.split()))


def wait_for(reached, patience: float = 30) -> None:
    end = time.monotonic() + patience
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_signs_in_the_lists_are_round(screen: str, monkeypatch):
    monkeypatch.setenv("DISPLAY", screen)
    root = program.open_root()
    try:
        image = look.Look(root).dot(root, "#c62f3b")
        size = image.width()
        assert image.get(size // 2, size // 2) == (198, 47, 59) and image.transparency_get(0, 0)
    finally:
        root.destroy()
