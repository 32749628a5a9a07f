"""Tests in Python for Windows under Wine. `make test-windows` prepares that; nothing here is collected without."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

collect_ignore_glob = [] if os.environ.get("JIXIAO_WINDOWS") else ["test_*.py"]

sys.path.insert(0, str(ROOT / "build"))
import bundle  # noqa: E402
import clean_windows  # noqa: E402
import installer  # noqa: E402
import windows as wine  # noqa: E402
from clean_windows import Machine  # noqa: E402
from installing import Setups  # noqa: E402

PROJECT = wine.FOLDER / "项目"
LOG = wine.FOLDER / "日志" / "jixiao.log"
ELSEWHERE = wine.FOLDER / "单位 报送"                   # a folder of the user's, where Excel may be
MEASURED, SIZES = pytest.StashKey[dict[str, float]](), pytest.StashKey[dict[str, int]]()


class Windows:
    """A Chinese Windows with the project in a folder with Chinese and a space in its name."""

    def run(self, code: str, *arguments: str, python: tuple[str, ...] = ("-P", "-X", "utf8"), status: int = 0,
            **environment: str) -> str:
        """What Python for Windows prints, running `code` from a folder of the user's."""
        command = ["wine", str(wine.PYTHON), *python, "-c", code, *arguments]
        # Python for Windows can print into a pipe of Wine's only, not into a file.
        done = subprocess.run(command, env=self.environment() | environment, cwd=ELSEWHERE, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == status, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8")

    def ask(self, code: str, given: Any = None, **environment: str) -> Any:
        """The last line that `code` prints, as JSON. It runs as the add-in's side, with `given` at hand."""
        (PROJECT / "given.json").write_text(json.dumps(given), encoding="utf-8")
        before = ("import json, os\nfrom excel_side import *\n"
                  "given = json.loads((Path(os.environ['JIXIAO_PROJECT']) / 'given.json').read_text('utf-8'))\n")
        return json.loads(self.run(before + code, **environment).splitlines()[-1])

    def environment(self) -> dict[str, str]:
        return wine.environment() | {
            "PYTHONPATH": wine.windows_path(PROJECT), "JIXIAO_PROJECT": wine.windows_path(PROJECT),
            "JIXIAO_PYTHON": wine.windows_path(wine.PYTHON.with_name("pythonw.exe")),
            "JIXIAO_DLL": wine.windows_path(wine.PACKAGES / "xlwings64-0.37.8.dll"),
            "JIXIAO_LOG": wine.windows_path(LOG)}

    def log(self) -> str:
        return LOG.read_text(encoding="utf-8") if LOG.exists() else ""


@pytest.fixture(scope="session")
def windows() -> Iterator[Windows]:
    for folder in (PROJECT, LOG.parent):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "pyfuncs", PROJECT / "pyfuncs", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(__file__).with_name("excel_side.py"), PROJECT)
    (ELSEWHERE / "pyfuncs").mkdir(parents=True, exist_ok=True)
    # What lies beside a workbook is no program of ours, whatever it calls itself.
    (ELSEWHERE / "pyfuncs" / "__init__.py").write_text("raise SystemExit('taken from the current folder')")
    machine = Windows()
    with logged_on(machine):
        # Compiled once, for the -B that follow.
        machine.run("import pyfuncs.server, pyfuncs.live, excel_side")
        machine.run("import pyfuncs.udfs_excel")
        yield machine


@pytest.fixture(scope="session")
def program_folder(windows: Windows) -> Iterator[Path]:
    """Where no Python looks, in a folder with Chinese and a space in its name."""
    target = bundle.build("windows", wine.FOLDER / "程序 文件" / bundle.NAME)
    yield target
    shutil.rmtree(target.parent)


@pytest.fixture(scope="session")
def genuine(program_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Path]]:
    """setup.exe of the genuine program folder, compressed as it is released; made while tests wait for Wine."""
    with ThreadPoolExecutor(1) as pool:
        target = tmp_path_factory.mktemp("genuine") / "setup.exe"
        yield pool.submit(installer.setup, program_folder, target, installer.TEST)


@pytest.fixture(scope="session")
def setups(tmp_path_factory: pytest.TempPathFactory) -> Setups:
    return Setups(tmp_path_factory.mktemp("setups"))


@pytest.fixture(scope="session")
def clean(genuine: Future[Path]) -> Iterator[Machine]:
    """A fresh Windows; `genuine` is asked for to be under way while the tests of it wait for Wine."""
    yield clean_windows.make(wine.HOME / "clean")
    shutil.rmtree(wine.HOME / "clean")


@pytest.fixture
def machine(clean: Machine, setups: Setups) -> Iterator[Machine]:
    """The fresh Windows with its user logged on."""
    with clean_windows.restored(clean, setups.program) as machine:
        yield machine


@contextmanager
def logged_on(machine: Windows) -> Iterator[None]:
    """Someone with a desktop: else Wine starts its services for each program, and they hold that one's pipes."""
    command = ["wine", str(wine.PYTHON), "-c", "import pythoncom; print('ready', flush=True); input()"]
    with subprocess.Popen(command, env=machine.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as session:
        try:
            assert session.stdout.readline().strip() == b"ready"
            yield
        finally:
            wine.stop()


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> dict[str, float]:
    """Seconds by what took them; printed at the end of the run."""
    return request.config.stash.setdefault(MEASURED, {})


@pytest.fixture
def sizes(request: pytest.FixtureRequest) -> dict[str, int]:
    """Bytes by what has them; printed at the end of the run."""
    return request.config.stash.setdefault(SIZES, {})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for what, seconds in config.stash.get(MEASURED, {}).items():
        terminalreporter.write_line(f"{what}: {1000 * seconds:.2f} ms (Wine, not Windows)")
    for what, size in config.stash.get(SIZES, {}).items():
        terminalreporter.write_line(f"{what}: {size / 1024 ** 2:.1f} MB")


@pytest.fixture
def log(windows: Windows) -> Iterator[Any]:
    """The lines that the test has the functions write into their log."""
    before = len(windows.log())
    yield lambda: windows.log()[before:].splitlines()
