"""The two lists: units with their states, and findings with what is said of one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from pyfuncs.helper.window import look as looks
from pyfuncs.helper.window.look import Look, scrolled
from pyfuncs.helper.window.messages import Found, Unit
from pyfuncs.helper.window.state import MOST_SHOWN, State, must_fix_count
from pyfuncs.report.naming import one_line

ALL = "all"                                           # the row that stands for all units
ALL_GROUPS, ALL_RULES = "全部", "全部规则"
ONE_UNIT = ("place", "message", "rule")               # columns of findings that are all of one unit


class UnitList(ttk.Frame):
    """Units as rows; the chosen one is told by its path, "" for all."""

    def __init__(self, parent: tk.Misc, look: Look, chosen: Callable[[str], None],
                 removed: Callable[[Sequence[str]], None], shown: Callable[[str], None]) -> None:
        super().__init__(parent, style="Card.TFrame")
        self._chosen, self._removed, self._shown, self._quiet = chosen, removed, shown, False
        self._paths: list[str] = []                   # of the rows; what files are called is no name for a row
        self._dots = {state: look.dot(self, colour) for state, colour in looks.STATES.items()}
        self.tree = ttk.Treeview(self, columns=("name", "errors", "others"), selectmode="extended")
        for column, text, width, anchor in (("#0", "状态", 96, "w"), ("name", "单位", 150, "w"),
                                            ("errors", "须改", 48, "e"), ("others", "其他", 48, "e")):
            self.tree.heading(column, text=text, anchor=anchor)
            self.tree.column(column, width=look.px(width), minwidth=look.px(46), anchor=anchor, stretch=column == "name")
        scrolled(self, self.tree)
        self.tree.bind("<<TreeviewSelect>>", self._select)
        self.tree.bind("<Delete>", lambda event: self.remove())
        self.tree.bind("<Double-1>", self._double)
        self.tree.bind("<Return>", lambda event: self._open(self.tree.focus()))

    def show(self, state: State) -> None:
        """The rows anew; where the list is the same one, only what stands in them."""
        paths = [unit.path for unit in state.units]
        if paths != self._paths or not self.tree.exists(ALL):
            self._paths = paths
            self.tree.delete(*self.tree.get_children())
            for row in (ALL, *map(str, range(len(paths)))):
                self.tree.insert("", "end", iid=row)
        self.tree.item(ALL, text="", values=(f"全部 {len(paths)} 个文件", *_counts(state.units)))
        for row, unit in enumerate(state.units):
            self.tree.item(str(row), text=f" {unit.state}", image=self._dots[unit.state],
                           values=(unit.name, *_counts([unit])))
        self.choose(state.filter.path)

    def choose(self, path: str) -> None:
        wanted = str(self._paths.index(path)) if path in self._paths else ALL
        if wanted not in self.tree.selection():
            self._quiet = True
            self.tree.selection_set(wanted)
            self.tree.focus(wanted)
            self.tree.see(wanted)

    def remove(self) -> None:
        """Take the chosen files off the list; all of them where the row for all is chosen."""
        chosen = self.tree.selection()
        self._removed(self._paths if ALL in chosen else [self._paths[int(row)] for row in chosen])

    def _select(self, event: tk.Event) -> None:
        if self._quiet:                               # we did it, nobody chose
            self._quiet = False
            return
        chosen = self.tree.selection()
        if len(chosen) == 1:
            self._chosen("" if chosen[0] == ALL else self._paths[int(chosen[0])])

    def _double(self, event: tk.Event) -> None:
        self._open(self.tree.identify_row(event.y))

    def _open(self, row: str) -> None:
        if row not in ("", ALL):
            self._shown(self._paths[int(row)])


class FoundTable(ttk.Frame):
    """Findings as rows, chips and a list to filter them, and all that is said of the chosen one."""

    def __init__(self, parent: tk.Misc, look: Look, filtered: Callable[..., None],
                 shown: Callable[[Found], None]) -> None:
        super().__init__(parent, style="Card.TFrame")
        self._look, self._filtered, self._shown = look, filtered, shown
        self._rows: dict[str, Found] = {}
        self._columns = ("unit", *ONE_UNIT)
        self._dots = {group: look.dot(self, colour) for group, colour in looks.GROUPS.items()}
        self._build_filter()
        self.tree = self._build_table()
        self.about = self._build_about()
        self.rowconfigure(1, weight=3)
        self.rowconfigure(3, weight=2)
        self.columnconfigure(0, weight=1)

    def _build_filter(self) -> None:
        px = self._look.px
        bar = ttk.Frame(self, style="Card.TFrame", padding=(px(8), px(6)))
        bar.grid(row=0, column=0, sticky="ew")
        self.chips = ttk.Frame(bar, style="Card.TFrame")
        self.chips.pack(side="left")
        self.text = tk.StringVar(self)
        search = ttk.Entry(bar, textvariable=self.text, width=14)
        search.pack(side="right")
        search.bind("<Return>", lambda event: self._filtered(text=self.text.get()))
        search.bind("<KeyRelease>", lambda event: self._filtered(text=self.text.get()))
        ttk.Label(bar, text="查找", style="QuietCard.TLabel").pack(side="right", padx=(px(10), px(4)))
        self.search = search
        self.rules = ttk.Combobox(bar, state="readonly", width=20, values=[ALL_RULES])
        self.rules.set(ALL_RULES)
        self.rules.pack(side="right")
        self.rules.bind("<<ComboboxSelected>>", self._rule_chosen)

    def _build_table(self) -> ttk.Treeview:
        px = self._look.px
        frame = ttk.Frame(self, style="Card.TFrame")
        frame.grid(row=1, column=0, sticky="nsew")
        tree = ttk.Treeview(frame, columns=self._columns, selectmode="browse")
        for column, text, width in (("#0", "性质", 96), ("unit", "单位", 120), ("place", "位置", 116), ("message", "问题", 300),
                                    ("rule", "规则", 172)):
            tree.heading(column, text=text, anchor="w")
            tree.column(column, width=px(width), minwidth=px(60), anchor="w", stretch=column == "message")
        scrolled(frame, tree)
        tree.bind("<<TreeviewSelect>>", lambda event: self._tell())
        tree.bind("<Double-1>", lambda event: self._open(tree.identify_row(event.y)))
        tree.bind("<Return>", lambda event: self._open(tree.focus()))
        return tree

    def _build_about(self) -> tk.Text:
        px = self._look.px
        ttk.Frame(self, style="Edge.TFrame", height=1).grid(row=2, column=0, sticky="ew")
        frame = ttk.Frame(self, style="Card.TFrame")
        frame.grid(row=3, column=0, sticky="nsew")
        text = tk.Text(frame, wrap="word", relief="flat", borderwidth=0, highlightthickness=0, background=looks.PAPER,
                       foreground=looks.INK, font="TkDefaultFont", padx=px(14), pady=px(10), height=8, width=40,
                       spacing1=px(1), spacing3=px(4), cursor="arrow", takefocus=False)
        text.tag_configure("head", font="Head", spacing3=px(8))
        text.tag_configure("label", foreground=looks.QUIET)
        text.tag_configure("said", lmargin2=px(56), tabs=(px(56),))
        scrolled(frame, text)
        text.bind("<Control-c>", lambda event: text.event_generate("<<Copy>>"))
        return text

    def show(self, state: State) -> None:
        """The rows that pass the filter, the filter itself, and what can be chosen in it."""
        found = state.found()
        self._show_chips(state)
        self.rules.configure(values=[ALL_RULES, *state.rules()])
        self.rules.set(state.filter.rule or ALL_RULES)
        if state.filter.text != self.text.get():
            self.text.set(state.filter.text)
        self._show_units(not state.filter.path)
        self.tree.delete(*self.tree.get_children())
        self._rows = {}
        for one in found[:MOST_SHOWN]:
            row = self.tree.insert("", "end", text=f" {one.word}", image=self._dots[one.group],
                                   values=(one.unit, one.place.replace("!", " "), one.message, one.rule_id))
            self._rows[row] = one
        self._rest = len(found) - MOST_SHOWN
        self._state = state
        if self._rows:
            first = next(iter(self._rows))
            self.tree.focus(first)
            self.tree.selection_set(first)
        self._tell()

    def _show_units(self, wanted: bool) -> None:
        """The column of units, or more room for what is said where there is only one."""
        columns = ("unit", *ONE_UNIT) if wanted else ONE_UNIT
        if columns != self._columns:
            width = self.tree.column("unit", "width") * (-1 if wanted else 1)
            self._columns = columns
            self.tree.configure(displaycolumns=columns)
            self.tree.column("message", width=self.tree.column("message", "width") + width)

    def _show_chips(self, state: State) -> None:
        groups = state.groups()
        total = sum(count for _, count in groups.values())
        for chip in self.chips.winfo_children():
            chip.destroy()
        for group, word, count in [("", ALL_GROUPS, total), *((group, *told) for group, told in groups.items())]:
            chosen = group == state.filter.group
            chip = ttk.Button(self.chips, text=f"{word} {count}", style="ChosenChip.TButton" if chosen else "Chip.TButton",
                              command=lambda group=group: self._filtered(group=group))
            chip.pack(side="left", padx=(0, self._look.px(2)))

    def _rule_chosen(self, event: tk.Event) -> None:
        chosen = self.rules.get()
        self.rules.selection_clear()
        self._filtered(rule="" if chosen == ALL_RULES else chosen)

    def _tell(self) -> None:
        """What is said of the chosen finding; of the unit where there is none."""
        chosen = self.tree.selection()
        self.about.configure(state="normal")
        self.about.delete("1.0", "end")
        if chosen:
            one = self._rows[chosen[0]]
            self.about.insert("end", f"{one.message}\n", "head")
            for heading, text in [*one.details, ("规则", one.rule_id)]:
                self.about.insert("end", heading, ("label", "said"), f"\t{text}\n", "said")
            if self._rest > 0:
                self.about.insert("end", f"只列出前 {MOST_SHOWN} 条，还有 {self._rest} 条；请按单位、性质或规则筛选。", "label")
        else:
            for line in self._about_units():
                self.about.insert("end", f"{line}\n")
        self.about.configure(state="disabled")

    def _about_units(self) -> Sequence[str]:
        unit = self._state.unit(self._state.filter.path)
        if unit is None:
            return [self._state.verdict()]
        none = [] if unit.found or unit.state in ("未审核", "审核中") else ["没有审核意见。"]
        return [f"{unit.name}：{unit.state}", *none, *unit.about, one_line(unit.path)]

    def _open(self, row: str) -> None:
        if row in self._rows:
            self._shown(self._rows[row])


def _counts(units: Sequence[Unit]) -> tuple[str, str]:
    errors = sum(map(must_fix_count, units))
    others = sum(len(unit.found) for unit in units) - errors
    return str(errors or ""), str(others or "")
