"""Questions before a job, and texts after it, each in a window of its own over the main one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from tkinter import filedialog, ttk
from typing import Any

from pyfuncs.helper.window import look as looks
from pyfuncs.helper.window.look import Look, scrolled

EDITIONS = {"addin": "加载项版：要装加载项，改了数立刻重算", "formula": "公式版：不用装任何程序，发给别人也能算"}
ALL_EDITIONS = {**EDITIONS, "values": "数值版：只有算好的数，不会再变"}
MOST_PROJECTS = 200
FOLDERS = {"ruleset_folder": ("规则集文件夹", "放本地区自己的规则集；不选就只用自带的"),
           "output_folder": ("输出文件夹", "结果都写到这里；不选就写到“文档”里的“绩效自评”"),
           "prior_folder": ("上年的文件夹", "上年各单位的表，用来核对上年数；不选就不核对"),
           "update_folder": ("新版本文件夹", "单位放新版本的地方，打开窗口时看一眼；不选就不看，从不上网")}


class Dialog(tk.Toplevel):
    """A window that waits for 确定 or 取消. `fields` are its answers; `done` is called with them."""

    def __init__(self, parent: tk.Misc, look: Look, title: str, confirm: str = "确定") -> None:
        super().__init__(parent, background=looks.PAPER, highlightthickness=1, highlightbackground=looks.LINE,
                         highlightcolor=looks.LINE)
        self.withdraw()
        self.title(title)
        self.transient(parent.winfo_toplevel())
        self.look = look
        self.body = ttk.Frame(self, style="Card.TFrame", padding=(look.px(20), look.px(16)))
        self.body.pack(fill="both", expand=True)
        self.warning = tk.StringVar(self)
        self._foot(confirm)
        self.bind("<Escape>", lambda event: self.destroy())
        self.build()
        self._place(parent.winfo_toplevel())

    def build(self) -> None:
        """Put the widgets in."""
        raise NotImplementedError

    def accept(self) -> None:
        """What 确定 does."""
        self.destroy()

    def _foot(self, confirm: str) -> None:
        px = self.look.px
        foot = ttk.Frame(self, padding=(px(20), px(12)))
        foot.pack(side="bottom", fill="x")
        ttk.Label(foot, textvariable=self.warning, foreground=looks.RED).pack(side="left")
        self.confirm = ttk.Button(foot, text=confirm, style="Main.TButton", command=self.accept)
        self.confirm.pack(side="right")
        self.confirm.bind("<Return>", lambda event: self.accept())

    def with_cancel(self) -> None:
        cancel = ttk.Button(self.confirm.master, text="取消", command=self.destroy)
        cancel.pack(side="right", padx=self.look.px(8))
        self.bind("<Return>", lambda event: self.accept())

    def label(self, row: int, text: str) -> None:
        ttk.Label(self.body, text=text, style="Card.TLabel").grid(
            row=row, column=0, sticky="nw", padx=(0, self.look.px(14)), pady=self.look.px(7))

    def put(self, row: int, widget: tk.Widget) -> None:
        widget.grid(row=row, column=1, sticky="ew", pady=self.look.px(4))
        self.body.columnconfigure(1, weight=1)

    def path_row(self, row: int, text: str, value: str, ask: Callable[[], str], none: str) -> tk.StringVar:
        """A path that is chosen, or cleared; `none` says what holds without one."""
        self.label(row, text)
        variable = tk.StringVar(self, value)
        frame = ttk.Frame(self.body, style="Card.TFrame")
        entry = ttk.Entry(frame, textvariable=variable, width=44)
        entry.pack(side="left", fill="x", expand=True)

        def choose() -> None:
            if chosen := ask():
                variable.set(chosen)

        ttk.Button(frame, text="选择…", style="Quiet.TButton", command=choose).pack(side="left", padx=self.look.px(4))
        self.put(row, frame)
        hint = ttk.Label(self.body, text=none, style="QuietCard.TLabel", font="Small")
        hint.grid(row=row + 1, column=1, sticky="w", pady=(0, self.look.px(8)))
        return variable

    def reading_pane(self) -> tk.Text:
        """For text that may be longer than the dialog."""
        text = tk.Text(self.body, wrap="word", relief="flat", borderwidth=0, highlightthickness=0, background=looks.PAPER,
                       foreground=looks.INK, font="TkDefaultFont", width=88, height=22,
                       spacing3=self.look.px(4), takefocus=False)
        scrolled(self.body, text)
        return text

    def folder(self) -> str:
        return filedialog.askdirectory(parent=self, title="选择文件夹") or ""

    def _place(self, over: tk.Misc) -> None:
        self.update_idletasks()
        width, height = self.winfo_reqwidth(), self.winfo_reqheight()
        left = over.winfo_rootx() + max(0, (over.winfo_width() - width) // 2)
        top = over.winfo_rooty() + max(0, (over.winfo_height() - height) // 3)
        self.geometry(f"+{left}+{top}")
        self.deiconify()
        self.wait_visibility()
        self.grab_set()
        self.first().focus_force()

    def first(self) -> tk.Misc:
        """What the keyboard goes to when it opens."""
        return self.confirm


class Question(Dialog):
    """A dialog whose answers go to `done`."""

    def __init__(self, parent: tk.Misc, look: Look, title: str, done: Callable[..., None], confirm: str = "确定") -> None:
        self.done = done
        super().__init__(parent, look, title, confirm)
        self.with_cancel()

    def answer(self, *answers: Any) -> None:
        self.destroy()
        self.done(*answers)


@dataclass(frozen=True)
class RuleSetRow:
    id: str
    region: str
    year: str


class TemplateQuestion(Question):
    """新建表样: region, year, edition, unit, number of projects."""

    def __init__(self, parent: tk.Misc, look: Look, rows: Sequence[Sequence[str]],
                 done: Callable[[str, str, str, int], None]) -> None:
        self.rows = [RuleSetRow(*row) for row in rows]
        super().__init__(parent, look, "新建表样", done, "生成")

    def build(self) -> None:
        regions = list(dict.fromkeys(row.region for row in self.rows))
        self.region = ttk.Combobox(self.body, state="readonly", values=regions, width=30)
        self.region.bind("<<ComboboxSelected>>", lambda event: self._years())
        self.year = ttk.Combobox(self.body, state="readonly", width=30)
        self.unit = tk.StringVar(self)
        self.projects = tk.StringVar(self, "1")
        self.edition = tk.StringVar(self, "addin")
        for row, (text, widget) in enumerate({
                "地区": self.region, "年度": self.year, "单位名称": ttk.Entry(self.body, textvariable=self.unit),
                "项目表张数": ttk.Spinbox(self.body, textvariable=self.projects, from_=1, to=MOST_PROJECTS),
                "版本": _choices(self.body, self.edition, EDITIONS)}.items()):
            self.label(row, text)
            self.put(row, widget)
        if regions:
            self.region.set(regions[0])
            self._years()

    def first(self) -> tk.Misc:
        return self.region

    def _years(self) -> None:
        years = sorted((row.year for row in self.rows if row.region == self.region.get()), reverse=True)
        self.year.configure(values=years)
        self.year.set(years[0])

    def accept(self) -> None:
        chosen = [row.id for row in self.rows if (row.region, row.year) == (self.region.get(), self.year.get())]
        projects = self.projects.get().strip()
        if not chosen:
            self.warning.set("请先选好地区和年度。")
        elif not (projects.isascii() and projects.isdecimal() and 1 <= int(projects) <= MOST_PROJECTS):
            self.warning.set(f"项目表张数应是 1 到 {MOST_PROJECTS} 的整数。")
        else:
            self.answer(chosen[0], self.edition.get(), self.unit.get(), int(projects))


class ConvertQuestion(Question):
    """转换版本: into which edition."""

    def build(self) -> None:
        self.edition = tk.StringVar(self, "formula")
        ttk.Label(self.body, text="把清单里的文件各转成一份新的，原文件不动：", style="Card.TLabel").grid(row=0, column=1, sticky="w")
        self.put(1, _choices(self.body, self.edition, ALL_EDITIONS))

    def accept(self) -> None:
        self.answer(self.edition.get())


class ConsolidateQuestion(Question):
    """汇总: list of units, and whether units with errors count."""

    def build(self) -> None:
        self.units_file = self.path_row(0, "单位名单", "", self._ask, "可以不选；选了就能找出没有报送的单位，按上级分级汇总")
        self.include = tk.BooleanVar(self, False)
        self.label(2, "须修改的单位")
        self.put(2, ttk.Checkbutton(self.body, text="也计入汇总，并且标出来", variable=self.include))

    def _ask(self) -> str:
        return filedialog.askopenfilename(parent=self, title="单位名单", filetypes=[("单位名单", ".xlsx .csv")]) or ""

    def accept(self) -> None:
        self.answer(self.units_file.get().strip(), self.include.get())


class SettingsQuestion(Question):
    """设置: the folders of FOLDERS by their names."""

    def __init__(self, parent: tk.Misc, look: Look, folders: Mapping[str, str],
                 done: Callable[[Mapping[str, str]], None]) -> None:
        self.folders = folders
        super().__init__(parent, look, "设置", done, "保存")

    def build(self) -> None:
        self.variables = {name: self.path_row(2 * row, text, self.folders[name], self.folder, hint)
                          for row, (name, (text, hint)) in enumerate(FOLDERS.items())}

    def accept(self) -> None:
        self.answer({name: variable.get().strip() for name, variable in self.variables.items()})


class Sure(Question):
    """A question with yes and no."""

    def __init__(self, parent: tk.Misc, look: Look, title: str, text: str, confirm: str,
                 done: Callable[[], None]) -> None:
        self.text = text
        super().__init__(parent, look, title, done, confirm)

    def build(self) -> None:
        label = ttk.Label(self.body, text=self.text, style="Card.TLabel", wraplength=self.look.px(420))
        label.grid(row=0, column=1, sticky="w")

    def accept(self) -> None:
        self.answer()


class Told(Dialog):
    """Lines to read, with what is more than a line's width below it; a pair is a heading and a text."""

    def __init__(self, parent: tk.Misc, look: Look, title: str, lines: Sequence[str | tuple[str, str]]) -> None:
        self.lines = lines
        super().__init__(parent, look, title, "关闭")

    def build(self) -> None:
        self.text = self.reading_pane()
        self.text.configure(height=min(22, max(6, 2 * len(self.lines))))
        self.text.tag_configure("head", font="Head", spacing1=self.look.px(6))
        for line in self.lines:
            head, body = line if isinstance(line, tuple) else ("", line)
            if head:
                self.text.insert("end", f"{head}\n", "head")
            if body:
                self.text.insert("end", f"{body}\n")
        self.text.configure(state="disabled")


def _choices(parent: tk.Misc, variable: tk.StringVar, choices: dict[str, str]) -> ttk.Frame:
    frame = ttk.Frame(parent, style="Card.TFrame")
    for value, text in choices.items():
        ttk.Radiobutton(frame, text=text, value=value, variable=variable).pack(anchor="w")
    return frame
