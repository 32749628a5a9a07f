"""The log of the cell functions: where it is, what stands in it, and that no function fails for its sake."""
from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from pyfuncs import function_log
from pyfuncs.udfs import FUNCTIONS, CellFailure


@pytest.fixture(autouse=True)
def quiet():
    """The logger as it was."""
    logger = logging.getLogger("jixiao")
    before, level = logger.handlers[:], logger.level
    yield
    for handler in logger.handlers[len(before):]:
        handler.close()
    logger.handlers[:], logger.level = before, level


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "用户 张三" / "日志.log"
    monkeypatch.setenv(function_log.OVERRIDE, str(path))
    return path


@pytest.mark.parametrize(("system", "variables", "expected"), [
    ("win32", {"LOCALAPPDATA": "local"}, Path("local", "jixiao", "jixiao.log")),
    ("win32", {}, Path("home", "AppData", "Local", "jixiao", "jixiao.log")),
    ("linux", {"LOCALAPPDATA": "local"}, Path("home", ".local", "state", "jixiao", "jixiao.log")),
    ("darwin", {}, Path("home", ".local", "state", "jixiao", "jixiao.log")),
    ("win32", {"LOCALAPPDATA": "local", "JIXIAO_LOG": "elsewhere.log"}, Path("elsewhere.log")),
])
def test_it_is_in_the_users_own_folder(monkeypatch, system: str, variables: dict[str, str], expected: Path):
    monkeypatch.setattr(function_log.sys, "platform", system)
    monkeypatch.setattr(function_log.Path, "home", lambda: Path("home"))
    for name in ("LOCALAPPDATA", "JIXIAO_LOG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert function_log.path() == expected


def test_a_failure_of_a_function_is_a_line_in_it(file: Path):
    assert function_log.start() == file
    with pytest.raises(CellFailure):
        FUNCTIONS["JX_GRADE"].call("430400/2099", 90.0)
    [line] = file.read_text(encoding="utf-8").splitlines()
    assert " WARNING " in line and " jixiao.udfs JX_GRADE('430400/2099', 90.0): #NAME? 没有规则集" in line


def test_text_of_a_cell_can_not_forge_a_line(file: Path):
    function_log.start()
    with pytest.raises(CellFailure):
        FUNCTIONS["JX_WAN"].call("1\n2026-01-01 00:00:00,000 WARNING 1 jixiao.udfs 假的")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


def test_started_twice_it_is_written_once(file: Path):
    assert function_log.start() == function_log.start() == file
    logging.getLogger("jixiao.udfs").warning("一次")
    assert file.read_text(encoding="utf-8").count("一次") == 1


def test_it_does_not_grow_without_end(file: Path, monkeypatch):
    monkeypatch.setattr(function_log, "MOST_BYTES", 2000)
    function_log.start()
    for number in range(100):
        logging.getLogger("jixiao.udfs").warning("第 %d 行", number)
    files = sorted(path.name for path in file.parent.iterdir())
    assert files == ["日志.log", "日志.log.1"]
    assert max(path.stat().st_size for path in file.parent.iterdir()) <= 2000
    assert "第 99 行" in file.read_text(encoding="utf-8")


def test_no_line_is_lost_while_the_file_can_not_be_renamed(file: Path, monkeypatch):
    """On Windows another program that writes it keeps it from being renamed."""
    monkeypatch.setattr(function_log, "MOST_BYTES", 1000)
    monkeypatch.setattr("os.rename", lambda *_: (_ for _ in ()).throw(PermissionError(13, "in use")))
    function_log.start()
    for number in range(50):
        logging.getLogger("jixiao.udfs").warning("第 %d 行", number)
    text = file.read_text(encoding="utf-8")
    assert [number for number in range(50) if f"第 {number} 行" not in text] == []


def test_functions_answer_where_no_log_can_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code = ("from pyfuncs import function_log\nfrom pyfuncs.udfs import FUNCTIONS\n"
            "print(function_log.start())\n"
            "try: FUNCTIONS['JX_WAN'].call(None)\nexcept ValueError as error: print(error)")
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1],
                          capture_output=True, text=True,
                          env={"JIXIAO_LOG": str(tmp_path / "file" / "x.log"), "PYTHONIOENCODING": "utf-8"})
    assert (done.stdout, done.stderr) == ("None\n#N/A 有的数没有填，或不是数\n", "")
