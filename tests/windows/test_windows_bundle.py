"""The program folder for Windows, built and run under Wine: the same results as here, and every function by the
packaged server through xlwings' DLL."""
from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import windows as wine
from cell_calls import CALLS, answer_here
from PyInstaller.archive.readers import CArchiveReader

from pyfuncs import __version__

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "build"))
import bundle as recipe  # noqa: E402
from bundle_contents import PROGRAMS, package_modules, pinned  # noqa: E402

SOURCES = [sys.executable, "-m", "pyfuncs.helper.cli"]
RESULTS = wine.FOLDER / "演示 结果"


@pytest.fixture(scope="module")
def folder(program_folder: Path) -> Iterator[Path]:
    shutil.rmtree(RESULTS, ignore_errors=True)
    yield program_folder
    shutil.rmtree(RESULTS, ignore_errors=True)


@pytest.fixture(scope="module")
def run(folder: Path) -> Callable[..., tuple[int, str]]:
    """The exit status and output of a program of the bundle."""
    def start(program: str, *arguments: str | Path) -> tuple[int, str]:
        told = [wine.windows_path(one) if isinstance(one, Path) else one for one in arguments]
        done = subprocess.run(["wine", str(folder / program), *told], env=wine.environment(), timeout=180,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode("utf-8")

    return start


@pytest.fixture(scope="module")
def demo(run: Callable) -> Path:
    """What `jixiao demo` wrote."""
    status, told = run("jixiao.exe", "demo", "-o", RESULTS)
    assert status == 0, told
    [made] = RESULTS.iterdir()
    return made


@pytest.fixture
def packaged(folder: Path) -> dict[str, str]:
    """What has the add-in's side start the packaged server."""
    return {"JIXIAO_SERVER": wine.windows_path(folder / "jixiao-server.exe"),
            "JIXIAO_DLL": wine.windows_path(folder / "xlwings64-0.37.8.dll")}


def test_the_folder_holds_what_windows_needs_and_nothing_of_wine(folder: Path):
    names = {path.name for path in folder.iterdir()}
    assert names == {*(f"{name}.exe" for name in PROGRAMS), *recipe.LIBRARIES, "_internal", "addin", "表样", "手册", "许可",
                     "LICENSE", "files.json"}
    libraries = {path.name.lower() for path in folder.rglob("*") if path.suffix.lower() in (".dll", ".pyd")}
    assert {"vcruntime140.dll", "vcruntime140_1.dll", "python311.dll", "tcl86t.dll", "libtkdnd2.10.3.dll"} <= libraries
    assert not [name for name in libraries if name.startswith(("api-ms-", "ucrtbase", "mfc", "kernel32"))]
    for name in libraries:
        [path, *_] = [path for path in folder.rglob("*") if path.name.lower() == name]
        assert b"Wine builtin DLL" not in path.read_bytes()[:200], name


def test_the_programs_carry_our_modules_and_nothing_that_may_not_be_passed_on(folder: Path):
    for name in PROGRAMS:
        modules = set(CArchiveReader(str(folder / f"{name}.exe")).open_embedded_archive("PYZ.pyz").toc)
        assert set(package_modules()) <= modules
        assert not [module for module in modules if f"{module}.".startswith(
            ("xlwings.pro.", "xlwings.reports.", "xlwings.rest.", "win32ui.", "Pythonwin.", "PyInstaller.", "pefile."))]
    bill = json.loads((folder / "许可" / "sbom.json").read_text(encoding="utf-8"))
    assert {one["purl"].split("/")[1].split("@")[0] for one in bill["components"] if "purl" in one} == {
        *pinned("win32"), "pyinstaller"}


def test_windows_shows_in_chinese_what_a_program_is(folder: Path):
    for name, program in PROGRAMS.items():
        data = (folder / f"{name}.exe").read_bytes()
        for text in ("ProductName\0绩效自评工具箱", f"FileDescription\0{program.words}", f"ProductVersion\0{__version__}"):
            key, value = (part.encode("utf-16-le") for part in text.split("\0"))
            assert value in data[data.index(key):data.index(key) + 200], text


def test_it_says_which_version_it_is(run: Callable, measured: dict[str, float]):
    start = time.perf_counter()
    assert run("jixiao.exe", "--version") == (0, f"绩效自评工具箱 {__version__}\r\n")
    measured["jixiao.exe --version"] = time.perf_counter() - start


def test_the_demo_gives_what_it_gives_here(demo: Path, tmp_path: Path):
    subprocess.run([*SOURCES, "demo", "-o", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    [here] = tmp_path.iterdir()
    assert _names(demo) == _names(here)
    for name in ("审核结果.json", "汇总结果.json"):
        assert _told(demo / name, wine.windows_path(demo)) == _told(here / name, str(here))


def test_worker_processes_find_what_is_found_here(run: Callable, demo: Path, tmp_path: Path):
    """Each worker is the program once more: without being told so, it would begin as a second helper."""
    units = demo / "报送"
    units.mkdir()
    for path in (demo / "1 各单位填报的表").iterdir():
        for copy in ("甲", "乙"):
            shutil.copy(path, units / f"{copy}-{path.name}")
    status, told = run("jixiao.exe", "validate", units, "--json", demo / "there.json")
    assert status == 1, told
    subprocess.run([*SOURCES, "validate", str(units), "--json", str(tmp_path / "here.json")], cwd=ROOT,
                   capture_output=True)
    findings = [[(one["unit"], [finding["fingerprint"] for finding in one["findings"]]) for one in json.loads(
        path.read_text(encoding="utf-8"))["files"]] for path in (demo / "there.json", tmp_path / "here.json")]
    assert findings[0] == findings[1] and len(findings[0]) == 10
    totals = []
    for jobs in ("1", "2"):
        status, told = run("jixiao.exe", "consolidate", units, "--jobs", jobs, "-o", demo / f"{jobs}.xlsx",
                           "--include-rejected", "--json", demo / f"{jobs}.json")
        assert status in (0, 1), told
        totals.append(json.loads((demo / f"{jobs}.json").read_text(encoding="utf-8"))["totals"])
    assert totals[0] == totals[1] != []


def test_every_function_answers_through_the_packaged_server(windows, packaged: dict[str, str],
                                                            measured: dict[str, float]):
    answers, seconds = windows.ask("""
import time
start = time.perf_counter()
server = activate()
server.call("JX_VERSION")
started = time.perf_counter()
answers = [server.attempt(*call) for call in given]
again = time.perf_counter()
for _ in range(300):
    server.call("JX_EXECUTION_RATE", 346.17, 505.05)
print(json.dumps([answers, [started - start, (time.perf_counter() - again) / 300]]))""", CALLS, **packaged)
    assert [(call, there, here) for call, there in zip(CALLS, answers, strict=True)
            if there != (here := answer_here(*call))] == []
    measured["打包的函数服务启动"], measured["打包的函数服务，一个数的调用"] = seconds


def test_a_command_of_the_packaged_server_gets_the_workbook(windows, packaged: dict[str, str], folder: Path):
    """xlwings is loaded, and finds all it needs; the rule sets are those of the bundle."""
    told = windows.ask("""
import pythoncom, win32gui
from win32com.client import Dispatch
from win32com.server.util import wrap
class Excel:
    _public_methods_, _public_attrs_ = [], ["Version", "Hwnd"]
    Version, Hwnd = "16.0", win32gui.GetDesktopWindow()
class Workbook:
    _public_methods_, _public_attrs_, Application = [], ["Application"], wrap(Excel())
started = activate()
server = Dispatch(pythoncom.ObjectFromAddress(started.pointer.value, pythoncom.IID_IDispatch))
print(json.dumps([server.CallUDF("about", [], wrap(Workbook())), started.call("ruleset_list")]))""", **packaged)
    from pyfuncs.live import COMMANDS

    assert told[0].startswith(f"绩效自评工具箱 {__version__}\n函数服务：{wine.windows_path(folder)}\\jixiao-server.exe\n")
    assert "\n表格软件：16.0\n" in told[0] and told[1] == {"rows": COMMANDS["ruleset_list"](None)}


def test_the_packaged_server_serves_nothing_but_a_class_id(run: Callable):
    for arguments in ([], ["-c", "print(1)"], ["12345678-0000-4000-8000-1234567890AB"]):
        status, told = run("jixiao-server.exe", *arguments)
        assert (status, told.strip()) == (2, "这是 Excel 加载项的函数服务程序，由加载项启动，不能单独使用。")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _told(path: Path, base: str) -> str:
    """A result without what differs by rights: where the files are, and their hashes, a package naming its system."""
    text = path.read_text(encoding="utf-8").replace(json.dumps(base, ensure_ascii=False)[1:-1], "")
    return re.sub(r'"sha256": "[0-9a-f]{64}"', "", text.replace("\\\\", "/"))
