"""What goes wrong while the window is open: told in it, nothing lost, and it works on."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
from driven import Driven, driven
from filed_books import clean_book

from pyfuncs import __version__
from pyfuncs.helper.project_settings import Settings, load_settings
from pyfuncs.helper.window.state import State

STOPPED = "已停止。原文件没有改动，已经写出的文件都在。"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_book(tmp_path_factory.mktemp("unit") / "甲.xlsx", "甲中心", {"基础数据表!控制率": (0.9, "0%")})


@pytest.fixture
def many(book: Path, tmp_path: Path) -> Path:
    """More than can be audited at once."""
    folder = tmp_path / "许多"
    folder.mkdir()
    for number in range(160):
        shutil.copy(book, folder / f"单位{number:03}.xlsx")
    return folder


@pytest.fixture(scope="module")
def window(screen: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    with driven(screen, tmp_path_factory.mktemp("window")) as one:
        yield one


@pytest.fixture
def shown(window: Driven) -> Driven:
    """A window in which nothing was done yet."""
    window.settled()
    window.window._keep(**asdict(Settings()))
    window.window._change(State())
    window.window.notice.hide()
    window.window._show()
    window.root.focus_force()
    return window


def seals(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def worker(one: Driven) -> int:
    return one.window.desk.worker.process


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def begun(one: Driven, folder: Path) -> None:
    """Files on the list, and the audit of them under way."""
    one.window.add([str(folder)])
    one.settled()
    one.press_button("审核")
    one.until(lambda: one.status.startswith("正在审核 ") and not one.status.startswith("正在审核 0/"))


# -- broken off ---------------------------------------------------------------------------------------------

def test_what_is_broken_off_leaves_everything_as_it_was(shown: Driven, many: Path, book: Path, monkeypatch):
    monkeypatch.setattr("pyfuncs.helper.window.desk.GRACE", 60)
    shown.window.add([str(book)])
    shown.settled()
    shown.press("F5")
    shown.settled()
    known = shown.units()[1]
    assert known[0] == "须修改"
    begun(shown, many)
    process = worker(shown)
    shown.click(shown.window.status.cancel)
    shown.until(lambda: not shown.window.busy, patience=30)
    assert (shown.said, shown.window.notice.outcome.good) == (STOPPED, False)
    assert known in shown.units() and {row[0] for row in shown.units()} == {"", "未审核", "须修改"}
    assert worker(shown) == process                   # it stopped when it was asked to
    shown.window.remove([str(path) for path in many.iterdir()])
    shown.press("F5")
    shown.settled()
    assert shown.said.startswith("共审核 1 个文件")


def test_a_task_that_does_not_stop_is_ended(shown: Driven, book: Path, monkeypatch):
    monkeypatch.setattr("pyfuncs.helper.window.desk.GRACE", 0.3)
    shown.window.add([str(book)])
    shown.settled()
    process = worker(shown)
    os.kill(process, signal.SIGSTOP)                  # deaf
    shown.press_button("审核")
    shown.click(shown.window.status.cancel)
    shown.until(lambda: not shown.window.busy, patience=30)
    assert shown.said == STOPPED and not alive(process) and shown.units()[1][0] == "未审核"
    shown.press_button("审核")
    shown.settled()
    assert shown.said.startswith("共审核 1 个文件")


def test_a_consolidation_that_is_broken_off_says_what_is_missing(shown: Driven, many: Path, tmp_path: Path):
    shown.window._keep(output_folder=str(tmp_path / "结果"))
    shown.window.add([str(many)])
    shown.settled()
    shown.press_button("汇总")
    shown.press_button("汇总", shown.dialog())
    shown.until(lambda: shown.status.startswith("正在审核 ") and not shown.status.startswith("正在审核 0/"))
    shown.click(shown.window.status.cancel)
    shown.until(lambda: not shown.window.busy, patience=20)
    written = [path.name for path in (tmp_path / "结果").rglob("*") if path.is_file()]
    assert written in ([], ["汇总（未完成）.xlsx"]) and not shown.window.notice.outcome.good


# -- closed -------------------------------------------------------------------------------------------------

def test_closing_in_the_middle_asks_first_and_keeps_the_list(screen: str, many: Path, tmp_path: Path):
    before = seals(many)
    with driven(screen, tmp_path) as one:
        begun(one, many)
        process = worker(one)
        one.window.close()
        dialog = one.dialog()
        one.press_button("取消", dialog)
        assert one.window.busy and alive(process)
        one.window.close()
        one.press_button("停止并关闭", one.dialog())
        one.until(one.gone, patience=30)
        assert not alive(process)
    assert seals(many) == before and list(tmp_path.rglob("*.tmp")) == []
    with driven(screen, tmp_path) as again:
        again.settled()
        assert len(again.units()) == 161 and {row[0] for row in again.units()} == {"", "未审核"}


# -- a worker that dies, files that are hostile, folders that can't be written -----------------------------

def test_a_worker_that_dies_is_told_and_replaced(shown: Driven, many: Path):
    begun(shown, many)
    os.kill(worker(shown), signal.SIGKILL)
    shown.settled()
    assert shown.said.startswith("程序在处理文件时意外停止，没有做完，原文件没有改动。")
    assert {row[0] for row in shown.units()} == {"", "未审核"}
    shown.window.remove([str(path) for path in list(many.iterdir())[1:]])
    shown.press("F5")
    shown.settled()
    assert shown.said.startswith("共审核 1 个文件")


def test_hostile_files_and_names_are_told_like_any_other(shown: Driven, book: Path, tmp_path: Path):
    folder = tmp_path / "乱"
    folder.mkdir()
    with zipfile.ZipFile(folder / "炸弹.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(30 * 2**20))
    names = ["{0} $(id) [x].xlsx", "乙\u202exslx.甲.xlsx", "甲\n乙.xlsx", os.fsdecode(b"\xff\xfe.xlsx"), "-rf.xlsx"]
    for name in names:
        shutil.copy(book, folder / name)
    os.mkfifo(folder / "管道.xlsx")
    shown.window.add([str(folder)])
    shown.settled()
    shown.press("F5")
    shown.settled()
    states = [row[0] for row in shown.units()]
    assert (states.count("读不出"), states.count("须修改")) == (2, len(names))
    assert not {"\u202e", "\n"} & set("".join(map("".join, shown.units())))
    assert set(load_settings().paths) == {str(folder)}
    row = next(number for number, unit in enumerate(shown.window.state.units) if unit.path.endswith("炸弹.xlsx"))
    shown.click_row(shown.window.units.tree, str(row))
    assert "大得不合情理" in shown.about()


@pytest.mark.parametrize(("button", "confirm"), [("生成标注副本", ""), ("汇总", "汇总"), ("转换版本", "转换"), ("生成自评报告", "")])
def test_a_folder_that_can_not_be_written_is_told_before_the_work(shown: Driven, book: Path, tmp_path: Path, button: str,
                                                                     confirm: str):
    (tmp_path / "是文件").write_text("原来的", encoding="utf-8")
    shown.window._keep(output_folder=str(tmp_path / "是文件"))
    shown.window.add([str(book)])
    shown.settled()
    shown.press_button(button)
    if confirm:
        shown.press_button(confirm, shown.dialog())
    shown.settled()
    assert shown.said.startswith("写不了 ") and "路径里有一段是文件" in shown.said and not shown.window.notice.outcome.good
    assert (tmp_path / "是文件").read_text(encoding="utf-8") == "原来的" and "审核" in shown.enabled()


def test_a_full_disk_is_told_and_leaves_nothing_half_written(screen: str, book: Path, tmp_path: Path):
    with small_files(1000), driven(screen, tmp_path) as one:
        one.window._keep(output_folder=str(tmp_path / "结果"))
        one.window.add([str(book)])
        one.settled()
        one.press_button("生成标注副本")
        one.settled()
        assert one.said.startswith("写不了 ") and one.units()[1][0] == "须修改"      # what was found is shown all the same
        one.press_button("新建表样")
        one.press_button("生成", one.dialog())
        one.settled()
        assert one.said.startswith("写不了 ")
    assert [path for path in (tmp_path / "结果").rglob("*") if path.is_file()] == []


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: the system answers as it does where the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_last_years_folder_that_is_gone_is_told_with_what_to_do(shown: Driven, book: Path, tmp_path: Path):
    shown.window._keep(prior_folder=str(tmp_path / "没有"))
    shown.window.add([str(book)])
    shown.settled()
    shown.press_button("审核")
    shown.settled()
    assert shown.said.startswith("上年的表读不了：没有这个文件或文件夹：") and shown.said.endswith("请在“设置”里改上年的文件夹，或清空它。")


def test_files_that_are_gone_at_the_next_start_are_told_once(screen: str, book: Path, tmp_path: Path):
    (tmp_path / "settings.json").write_text(json.dumps({"paths": [str(tmp_path / "没有"), str(book)]}), encoding="utf-8")
    with driven(screen, tmp_path) as one:
        one.settled()
        assert [unit.path for unit in one.window.state.units] == [str(book)] and not one.window.notice.outcome.good
        assert one.window.notice.outcome.lines == (f"没有这个文件或文件夹：{tmp_path / '没有'}；请检查路径",)
        assert load_settings().paths == (str(book),)


def test_a_fault_of_the_window_is_told_and_it_goes_on(shown: Driven, book: Path, monkeypatch):
    shown.window.add([str(book)])
    shown.settled()
    monkeypatch.setattr(shown.window.found, "show", lambda state: 1 / 0)
    shown.press_button("审核")
    shown.until(lambda: shown.said.startswith("程序出了错，刚才的操作可能没有做完，窗口可以继续用"))
    monkeypatch.undo()
    shown.settled()
    shown.press_button("审核")
    shown.settled()
    assert shown.said.startswith("共审核 1 个文件")


def test_a_new_version_in_the_offices_folder_is_offered(screen: str, tmp_path: Path):
    office = tmp_path / "单位的新版本"
    office.mkdir()
    (office / "jixiao.deb").write_bytes(b"new")
    (office / "latest.json").write_text(json.dumps({"version": "99.0", "file": "jixiao.deb", "notes": "改了一处",
                                                    "sha256": hashlib.sha256(b"old").hexdigest()}), encoding="utf-8")
    (tmp_path / "settings.json").write_text(json.dumps({"update_folder": str(office)}), encoding="utf-8")
    with driven(screen, tmp_path) as one:
        one.until(lambda: one.said)
        assert one.said == f"有新版本 99.0（本机是 {__version__}）。" and one.window.notice.outcome.lines == ("改了一处",)
        one.click(one.window.notice.links["核对并安装"])
        one.until(lambda: not one.window.notice.outcome.good)      # it is not what latest.json says
        assert "sha256 不符" in one.said


def test_a_damaged_settings_file_is_as_none(screen: str, tmp_path: Path):
    (tmp_path / "settings.json").write_text('{"paths": 3, "geometry": ["x"], "prior_folder": "', encoding="utf-8")
    with driven(screen, tmp_path) as one:
        assert one.window.empty.winfo_viewable() or one.window.state.sources == ()
        assert one.window.settings == Settings()


def test_a_helper_that_dies_is_told_and_replaced(shown: Driven, book: Path):
    """The one that opens files beside the work."""
    shown.window.show_cell(str(book.with_name("没有.xlsx")), "")
    shown.until(lambda: "没有找到" in shown.status)
    os.kill(shown.window._aside.worker.process, signal.SIGSTOP)
    shown.window.show_cell(str(book.with_name("没有.xlsx")), "")
    os.kill(shown.window._aside.worker.process, signal.SIGKILL)
    shown.until(lambda: shown.said.startswith("程序在处理文件时意外停止"))
    shown.window.show_cell(str(book.with_name("没有.xlsx")), "")
    shown.until(lambda: "没有找到" in shown.status)


# -- many -----------------------------------------------------------------------------------------------------

def test_thousands_of_files_do_not_hold_the_window_up(shown: Driven, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("pyfuncs.helper.window.lists.MOST_SHOWN", 500)
    folder = tmp_path / "许多"
    for number in range(3000):
        (folder / f"区{number % 30}").mkdir(parents=True, exist_ok=True)
        (folder / f"区{number % 30}" / f"单位{number:04}.xlsx").write_bytes(b"")
    shown.window.add([str(folder)])
    longest = longest_turn(shown, lambda: not shown.window.busy)
    assert shown.units()[0][1] == "全部 3000 个文件"
    shown.window.state = shown.window.state.without([unit.path for unit in shown.window.state.units[600:]])
    shown.press_button("审核")
    longest = max(longest, longest_turn(shown, lambda: not shown.window.busy))
    assert shown.units()[0] == ("", "全部 600 个文件", "600", "") and len(shown.found()) == 500
    assert "只列出前 500 条，还有 100 条" in shown.about()
    assert longest < 3                                # seconds; on a machine to itself a tenth of it


def longest_turn(one: Driven, reached) -> float:
    """The longest time that the window did not answer."""
    longest, end = 0.0, time.monotonic() + 120
    while not reached():
        began = time.monotonic()
        assert began < end
        one.root.update()
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.005)
    return longest
