"""The whole way of a clerk, with the genuine program folder: an older version with his own files, setup.exe over it,
the demo, every function from Excel's side, and out again."""
from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import installer
import standin
import windows as wine
from cell_calls import CALLS, answer_here
from clean_windows import Machine
from conftest import LOG, PROJECT

from pyfuncs import __version__

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 45 * 1024 ** 2
SHIM = "drive_c/windows/system32/bcryptprimitives.dll"
EXCEL = r"Software\Microsoft\Office\16.0\Excel"


def test_the_whole_way(machine: Machine, genuine, windows, setups, tmp_path: Path, measured, sizes):
    shutil.copy(wine.PREFIX / SHIM, machine.prefix / SHIM)     # which Windows has and this Wine has not
    assert not list(machine.drive.rglob("python*.exe"))
    machine.set(EXCEL + r"\Options", "OPEN", r'"C:\a\first.xlam"')
    older = standin.folder(tmp_path / "older", setups.program, "0.0.1", ("_internal/旧.txt",))
    setup = genuine.result()
    sizes["setup.exe"] = setup.stat().st_size
    assert setup.stat().st_size < LARGEST

    registry, files = machine.registry(), machine.files()
    assert machine.run(installer.setup(older, tmp_path / "older.exe", installer.TEST, "0.0.1"), "/S") == 0
    mine = {machine.installed / "规则集" / "a.yaml": "我的", machine.documents / "绩效自评" / "自评表.xlsx": "填好的",
            machine.user / "AppData" / "Local" / "jixiao" / "settings.json": "{}"}
    for file, text in mine.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    started = time.perf_counter()
    assert machine.run(setup, "/S") == 0, machine.log
    measured["安装（覆盖旧版）"] = time.perf_counter() - started
    assert machine.log[-1] == f"{__version__} 安装完成。下次打开 Excel 时会看到“绩效自评”选项卡。"
    assert_whole(machine.installed, {"规则集/a.yaml", "files.json", "uninstall.exe"})
    assert_demo_is_that_of_here(machine, tmp_path)
    assert_functions_answer(machine, windows)

    started = time.perf_counter()
    assert machine.uninstall() == 0
    measured["卸载"] = time.perf_counter() - started
    assert machine.registry() == registry
    left = {path for path, changed in machine.files().items() if files.get(path) != changed}
    assert {path for path in left if not path.endswith(".log")} == {
        path.relative_to(machine.drive).as_posix() for path in mine}
    assert {file: file.read_text(encoding="utf-8") for file in mine} == mine


def assert_whole(folder: Path, beside: set[str]) -> None:
    """What files.json names is there as it names it, and `beside` that nothing but."""
    told = json.loads((folder / "files.json").read_text(encoding="utf-8"))
    assert told["version"] == __version__
    assert told["files"] == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
        for name in [path.relative_to(folder).as_posix()] if name not in beside}


def assert_demo_is_that_of_here(machine: Machine, scratch: Path) -> None:
    target = machine.drive / "演示 结果"
    assert machine.run(machine.installed / "jixiao.exe", "demo", "-o", machine.path(target)) == 0
    subprocess.run([sys.executable, "-m", "pyfuncs.helper.cli", "demo", "-o", str(scratch / "demo")], cwd=ROOT,
                   check=True, capture_output=True)
    [there], [here] = target.iterdir(), (scratch / "demo").iterdir()
    for name in ("审核结果.json", "汇总结果.json"):
        assert told(there / name, machine.path(there)) == told(here / name, str(here))
    shutil.rmtree(target)


def assert_functions_answer(machine: Machine, windows) -> None:
    """Through the DLL and the server that were installed; the side of Excel is a Python that this machine has not."""
    answers = windows.ask(
        "server = activate()\nprint(json.dumps([server.attempt(*call) for call in given]))", CALLS,
        WINEPREFIX=str(machine.prefix), PYTHONPATH=on_z(PROJECT), JIXIAO_PROJECT=on_z(PROJECT), JIXIAO_LOG=on_z(LOG),
        JIXIAO_SERVER=machine.path(machine.installed / "jixiao-server.exe"),
        JIXIAO_DLL=machine.path(machine.installed / "xlwings64-0.37.8.dll"))
    assert [(call, there, here) for call, there in zip(CALLS, answers, strict=True)
            if there != (here := answer_here(*call))] == []


def told(file: Path, folder: str) -> str:
    """The text of a JSON file as it is wherever its folder lies. The demo packs its workbooks by the zlib of the
    system, so their digests differ, though nothing in them does."""
    text = file.read_text(encoding="utf-8").replace(json.dumps(folder, ensure_ascii=False)[1:-1], "")
    return re.sub(r'"sha256": "[0-9a-f]{64}"', "", text.replace("\\\\", "/"))


def on_z(path: Path) -> str:
    """How a program under Wine calls a file outside its own disk."""
    return "Z:" + str(path).replace("/", "\\")
