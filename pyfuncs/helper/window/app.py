"""The window itself: what a click asks for goes to the worker, what the worker says is shown."""

from __future__ import annotations

import logging
import re
import tkinter as tk
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from tkinter import filedialog, ttk
from typing import Any

from pyfuncs import __version__, function_log
from pyfuncs.catalog.compiled import TOLD
from pyfuncs.helper.project_settings import load_settings, save_settings
from pyfuncs.helper.window import dialogs
from pyfuncs.helper.window.desk import Desk, Then
from pyfuncs.helper.window.doctor_page import DoctorPage
from pyfuncs.helper.window.drop import accept_drops
from pyfuncs.helper.window.jobs import GRACE
from pyfuncs.helper.window.lists import FoundTable, UnitList
from pyfuncs.helper.window.look import Look
from pyfuncs.helper.window.messages import UNCHECKED, Found, Outcome, Sources
from pyfuncs.helper.window.state import State, filtered
from pyfuncs.helper.window.strips import EmptyPage, Notice, StatusLine, Toolbar

log = logging.getLogger("jixiao.window")

TITLE = "绩效自评工具箱"
WORKBOOKS = ".xlsx .xlsm .xls .docx .et .xlsb .ods"
POLL = 40                                             # milliseconds between two looks at what the worker said
BROKEN = "程序出了错，刚才的操作可能没有做完，窗口可以继续用；请把日志 {log} 交给维护人员。"
START = "点“审核”（F5）开始"
ADVICE = "双击一条意见，打开表格到那一格；F5 重新审核"
ALWAYS, WITH_UNITS = ("新建表样", "诊断", "设置"), ("审核", "生成标注副本", "汇总", "转换版本", "生成自评报告")


class Window:
    """One window on `root`. Only its thread touches widgets; all that takes time is the worker's."""

    def __init__(self, root: tk.Tk, paths: Sequence[str] = ()) -> None:
        self.root, self.look, self.settings, self.state = root, Look(root), load_settings(), State()
        self._before: State | None = None             # the list as it was before the audit that is on
        self._closing = False
        self._build()
        self.desk = Desk(self._environment(), self._finish, self.status.progress)
        self._aside: Desk | None = None               # opens files and the like while the other is busy
        self._show()
        self._polling = self.root.after(POLL, self._poll)
        self._restore(paths)
        self._ask_for_news()

    # -- what it is made of ------------------------------------------------------------------------------

    def _build(self) -> None:
        root, look = self.root, self.look
        root.title(TITLE)
        root.minsize(look.px(860), look.px(520))
        root.geometry(self._size())
        root.report_callback_exception = self._broken
        root.protocol("WM_DELETE_WINDOW", self.close)
        page = ttk.Frame(root)
        page.pack(fill="both", expand=True)
        page.columnconfigure(0, weight=1)
        page.rowconfigure(2, weight=1)
        self.toolbar = Toolbar(page, look, (
            {"审核": self.check, "生成标注副本": self.mark, "汇总": self.ask_consolidate},
            {"新建表样": self.ask_template, "转换版本": self.ask_convert, "生成自评报告": self.write_reports}),
            {"诊断": self.diagnose, "设置": self.ask_settings})
        self.toolbar.grid(row=0, column=0, sticky="ew")
        self.notice = Notice(page, look, self.open_folder, self._tell_more)
        self.notice.grid(row=1, column=0, sticky="ew")
        self.notice.hide()
        self.empty = EmptyPage(page, look, self.choose_files, self.choose_folder)
        self.empty.grid(row=2, column=0, sticky="nsew", padx=look.px(12))
        self.panes = self._build_panes(page)
        self.status = StatusLine(page, look, self.cancel)
        self.status.grid(row=3, column=0, sticky="ew")
        self.empty.invite(accept_drops(page, self.add, self.empty.hover))
        keys = {"<F5>": self.check, "<Control-o>": self.choose_files, "<Escape>": lambda: self.filter(path="")}
        for key, action in keys.items():
            root.bind(key, lambda event, action=action: action() if event.widget.winfo_toplevel() is root else None)

    def _size(self) -> str:
        """As it was left the last time, at first what a usual screen holds; never more than there is."""
        kept = re.fullmatch(r"(\d{1,5})x(\d{1,5})", self.settings.geometry, re.ASCII)
        width, height = map(int, kept.groups()) if kept else (self.look.px(1240), self.look.px(760))
        return (f"{min(width, self.root.winfo_screenwidth() - self.look.px(20))}x"
                f"{min(height, self.root.winfo_screenheight() - self.look.px(80))}")

    def _build_panes(self, page: ttk.Frame) -> ttk.Panedwindow:
        look = self.look
        panes = ttk.Panedwindow(page, orient="horizontal")
        left = ttk.Frame(panes, style="Card.TFrame")
        bar = ttk.Frame(left, style="Card.TFrame", padding=(look.px(8), look.px(6)))
        bar.pack(fill="x")
        self.list_buttons = [ttk.Button(bar, text=name, style="Quiet.TButton", command=command) for name, command in (
            ("添加文件", self.choose_files), ("添加文件夹", self.choose_folder), ("移出", lambda: self.units.remove()))]
        for button in self.list_buttons:
            button.pack(side="left")
        self.units = UnitList(left, look, lambda path: self.filter(path=path), self.remove,
                              lambda path: self.show_cell(path, ""))
        self.units.pack(fill="both", expand=True)
        self.found = FoundTable(panes, look, self.filter, self.show_found)
        panes.add(left, weight=1)
        panes.add(self.found, weight=3)
        return panes

    # -- the list ----------------------------------------------------------------------------------------

    def choose_files(self) -> None:
        if not self.busy:
            self.add(filedialog.askopenfilenames(parent=self.root, title="选择自评表", initialdir=self._near(),
                                                 filetypes=[("自评表", WORKBOOKS), ("所有文件", "*")]))

    def choose_folder(self) -> None:
        if not self.busy:
            chosen = filedialog.askdirectory(parent=self.root, title="选择文件夹", initialdir=self._near())
            self.add([chosen] if chosen else [])

    def _near(self) -> str:
        """Where files were taken from the last time."""
        return str(Path(self.state.sources[-1]).parent if self.state.sources else Path.home())

    def add(self, paths: Sequence[str]) -> None:
        """Put files and folders on the list, and look which files that are."""
        if self.busy:
            self.notice.show(Outcome("正在处理，没有添加；请等它做完，或先点“取消”。", good=False))
        elif paths:
            self._change(self.state.added(str(Path(path).absolute()) for path in paths))
            self._look()

    def remove(self, paths: Sequence[str]) -> None:
        if not self.busy and paths:
            self._change(self.state.without(paths))
            self.notice.hide()
            self._show()

    def filter(self, **changes: str) -> None:
        """Show other findings: of a unit (path), of a group, of a rule, with a text."""
        self.state = filtered(self.state, **changes)
        self.units.choose(self.state.filter.path)
        self.found.show(self.state)

    def _restore(self, paths: Sequence[str]) -> None:
        """The list of the last time, and what the call names."""
        kept = State(self.settings.paths, frozenset(self.settings.excluded))
        self.state = kept.added(str(Path(path).absolute()) for path in paths)
        if self.state.sources:
            self._show()
            self._look()

    def _look(self) -> None:
        self._start("正在查找文件", "look", self._request(), then=self._looked)

    def _looked(self, outcome: Outcome) -> None:
        if not outcome.units:
            self._change(State())
        elif outcome.value != self.state.sources:     # what is gone would be told at every start
            self._change(replace(self.state, sources=outcome.value))
        if not outcome.good or outcome.lines:
            self.notice.show(outcome)

    def _change(self, state: State) -> None:
        """Another list; it is kept at once, so that nothing is lost whatever happens."""
        self.state = state
        self._keep(paths=state.sources, excluded=tuple(sorted(state.excluded)))

    # -- jobs --------------------------------------------------------------------------------------------

    def check(self) -> None:
        self._audit("正在审核", "check", self._request())

    def mark(self) -> None:
        self._audit("正在审核并标注", "mark", self._request())

    def _audit(self, doing: str, task: str, *arguments: Any) -> None:
        if self.busy or not self.state.units:
            return
        self._before = self.state
        self.state = self.state.checking()
        self._start(doing, task, *arguments, then=self.notice.show)

    def ask_consolidate(self) -> None:
        dialogs.ConsolidateQuestion(self.root, self.look, "汇总", lambda units_file, include: self._start(
            "正在汇总", "consolidate", self._request(), units_file, include, then=self.notice.show), "汇总")

    def ask_convert(self) -> None:
        dialogs.ConvertQuestion(self.root, self.look, "转换版本", lambda edition: self._start(
            "正在转换", "convert", self._request(), edition, then=self.notice.show), "转换")

    def write_reports(self) -> None:
        self._start("正在生成自评报告", "write_reports", self._request(), then=self.notice.show)

    def ask_template(self) -> None:
        def ask(outcome: Outcome) -> None:
            dialogs.TemplateQuestion(self.root, self.look, outcome.value, make)

        def make(ruleset: str, edition: str, unit: str, projects: int) -> None:
            self._start("正在生成表样", "template", ruleset, edition, unit, projects, self.settings.output_folder, then=made)

        def made(outcome: Outcome) -> None:
            self.notice.show(outcome)
            if outcome.value:
                self.show_cell(outcome.value, "")

        self._start("正在查看规则集", "rulesets", then=ask)

    def diagnose(self, repairing: bool = False) -> None:
        self._start("正在诊断", "diagnose", repairing, then=lambda outcome: DoctorPage(
            self.root, self.look, outcome.value, outcome.lines, lambda: self.diagnose(repairing=True)))

    def ask_settings(self) -> None:
        folders = {name: getattr(self.settings, name) for name in dialogs.FOLDERS}
        dialogs.SettingsQuestion(self.root, self.look, folders, self._settle)

    def _settle(self, folders: Mapping[str, str]) -> None:
        other_rules = folders["ruleset_folder"] != self.settings.ruleset_folder
        self._keep(**folders)
        if other_rules:                               # they are looked for when a worker starts
            self.desk.worker.restart(self._environment())
        if self.state.sources:
            self._look()
        self._ask_for_news()

    def _ask_for_news(self) -> None:
        """Look into the folder for new versions, where one is set."""
        def offer(outcome: Outcome) -> None:
            if outcome.said:
                self.notice.show(outcome, {"核对并安装": lambda: self._beside(
                    "正在核对新版本", "install_version", folder, then=self.notice.show)})

        if folder := self.settings.update_folder:
            self._beside("", "new_version", folder, then=offer)

    def show_found(self, found: Found) -> None:
        self.show_cell(found.path, found.place)

    def show_cell(self, path: str, cell: str) -> None:
        """Open a workbook at a cell, also while the worker is busy."""
        self._beside("正在打开", "show", path, cell, then=self._tell)

    def open_folder(self, folder: str) -> None:
        self._beside("正在打开", "show_folder", folder, then=self._tell)

    def _tell(self, outcome: Outcome) -> None:
        self.status.text.set(outcome.said)

    def _tell_more(self, outcome: Outcome) -> None:
        dialogs.Told(self.root, self.look, "详情", [("", outcome.said), *outcome.lines])

    # -- the worker --------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        return self.desk.busy

    def _start(self, doing: str, task: str, *arguments: Any, then: Then) -> None:
        if self.busy or self._closing:
            return
        self.desk.ask(then, task, *arguments)
        self.status.busy(doing)
        self._show()

    def cancel(self) -> None:
        if self.desk.cancel():
            self.status.stopping()

    def _beside(self, doing: str, task: str, *arguments: Any, then: Then) -> None:
        """Have something small done beside what the worker does."""
        self._aside = self._aside or Desk(self._environment(), self._finish_aside)
        self._aside.ask(then, task, *arguments)
        if doing:
            self.status.text.set(f"{doing}……")

    def _poll(self) -> None:
        """Hear the workers, again and again whatever comes of it."""
        self._polling = self.root.after(POLL, self._poll)
        for desk in self._desks():
            desk.hear()

    def _desks(self) -> list[Desk]:
        return [self.desk, *([self._aside] if self._aside else [])]

    def _finish(self, outcome: Outcome, then: Then) -> None:
        if outcome.units is not None:
            self._before = None
            self.state = self.state.listed(outcome.units)
        elif self._before:                            # what was known before is still so
            self.state, self._before = self._before, None
        self.status.idle("")
        if self._closing:
            return
        if outcome.good or outcome.units is not None or outcome.value is not None:
            then(outcome)
        else:
            self.notice.show(outcome)
        self._show()

    def _finish_aside(self, outcome: Outcome, then: Then) -> None:
        then(outcome) if outcome.good else self.notice.show(outcome)

    def _broken(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """Our own fault, in the window's part: told, and it goes on."""
        log.error("window", exc_info=(kind, error, trace))
        self.notice.show(Outcome(BROKEN.format(log=function_log.path()), good=False))

    def _environment(self) -> dict[str, str]:
        return {TOLD: self.settings.ruleset_folder} if self.settings.ruleset_folder else {}

    def _request(self) -> Sources:
        return self.state.request(self.settings.prior_folder, self.settings.output_folder)

    def _keep(self, **changes: Any) -> None:
        self.settings = replace(load_settings(), **changes)     # another program may have kept something meanwhile
        save_settings(self.settings)

    # -- showing -----------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Everything as the state has it."""
        listed = bool(self.state.sources)
        if listed:
            self.empty.grid_remove()
            self.panes.grid(row=2, column=0, sticky="nsew", padx=self.look.px(12))
        else:
            self.panes.grid_remove()
            self.empty.grid()
        self.units.show(self.state)
        self.found.show(self.state)
        self.toolbar.enable(() if self.busy else (*ALWAYS, *(WITH_UNITS if self.state.units else ())))
        for button in self.list_buttons:
            button.state(["disabled" if self.busy else "!disabled"])
        if not self.busy:
            advice = START if any(unit.state == UNCHECKED for unit in self.state.units) else ADVICE
            self.status.idle(f"{self.state.verdict()}　　{advice}" if listed else f"{TITLE} {__version__}")

    def close(self) -> None:
        """Close, after asking where work would be broken off."""
        if self.busy and not self._closing:
            dialogs.Sure(self.root, self.look, "正在处理", "还没有做完。现在关闭会停止这次处理；原文件不会改动，已经写出的文件都在，清单下次打开还在。",
                         "停止并关闭", self._leave)
        else:
            self._leave()

    def _leave(self) -> None:
        self._closing = True
        self._keep(geometry=self.root.geometry().partition("+")[0])
        self.status.stopping()
        for desk in self._desks():
            desk.worker.leave()
        self._await(monotonic() + GRACE)

    def _await(self, deadline: float) -> None:
        """Until the workers have ended; the window stays alive meanwhile."""
        if any(desk.worker.alive for desk in self._desks()) and monotonic() < deadline:
            self.root.after(POLL, self._await, deadline)
        else:
            self.end()

    def end(self) -> None:
        """At once."""
        for desk in self._desks():
            desk.worker.end()
        if self._polling:
            self.root.after_cancel(self._polling)
            self._polling = ""
            self.root.destroy()
