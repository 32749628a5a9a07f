"""Reading, checking and adding up a hundred to ten thousand workbooks, beside the loop that a user would write.

Whole processes by the clock, with two workers; what is compared runs in the same minutes.
"""
from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path
from xml.parsers import expat

from benchmarks.bench_udfs import ROOT
from benchmarks.unit_books import unit_books

FEW, SOME, MANY = 100, 1_000, 10_000
SAMPLE = 50                                           # workbooks for what takes a constant time each
JOBS = 2
_TICK = 0.1                                           # seconds between two looks at the memory


def measure() -> list[dict]:
    with tempfile.TemporaryDirectory(prefix="bench_") as folder:
        return list(_rows(Path(folder)))


def _rows(folder: Path):
    few, some, many = (folder / str(count) for count in (FEW, SOME, MANY))
    _, books, _ = (unit_books(place, count) for place, count in ((few, FEW), (some, SOME), (many, MANY)))
    first, peak = _consolidated(some, folder / "p1000", folder / "汇总1000.xlsx")
    floor = _floor(books[:SAMPLE]) * SOME
    loop = _pandas_loop(books[:SAMPLE]) * SOME
    again, _ = _consolidated(some, folder / "p1000")
    small, _ = _consolidated(few, folder / "p100")
    large, large_peak = _consolidated(many, folder / "p10000", folder / "汇总10000.xlsx")
    spent = first["全部"]
    yield _row("pandas_ratio", f"读、审核并汇总 {SOME:,} 个工作簿", spent, "秒",
               f"pandas.read_excel(engine=\"openpyxl\") 循环 {loop:.3g} 秒", loop / spent, "≥ 15 倍")
    yield _row("floor_ratio", "同上", spent, "秒", f"一个核只解压、解析同样的 XML {floor:.3g} 秒", spent / floor, "≤ 4 倍")
    judged = first["校验"] + first["查找"] + first["读取"]
    looked = again["校验"] + again["查找"] + again.get("读取", 0.0)
    yield _row("second_run_ratio", "什么都没有改，再读、审核一遍", looked, "秒", f"第一遍 {judged:.3g} 秒", judged / looked, "≥ 50 倍")
    each = {count: one["全部"] / count * 1000 for count, one in ((FEW, small), (SOME, first), (MANY, large))}
    yield _row("flatness", f"{MANY:,} 个时每个工作簿", each[MANY], "毫秒",
               f"{FEW} 个时 {each[FEW]:.3g} 毫秒，{SOME:,} 个时 {each[SOME]:.3g} 毫秒", each[MANY] / each[FEW], "0.8–1.2 倍")
    yield _row("peak_mb", f"{SOME:,} 个时最多占的内存（连工作进程）", peak, "MB", "—", None, "≤ 200")
    yield _row("peak_mb_10000", f"{MANY:,} 个时最多占的内存（连工作进程）", large_peak, "MB", "—", None, "≤ 300")
    yield _row("write_seconds", f"{SOME:,} 个单位写 汇总.xlsx", first["写表"], "秒",
               f"{MANY:,} 个 {large['写表']:.3g} 秒", None, "—")
    assert (first["read"], again["read"], large["read"]) == (SOME, 0, MANY), "not everything was read once"


def _row(key: str, name: str, value: float, unit: str, baseline: str, ratio: float | None, aim: str) -> dict:
    return {"key": key, "name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": ratio, "aim": aim}


def _consolidated(folder: Path, project: Path, output: Path | None = None) -> tuple[dict, float]:
    """Seconds of each stage, and the most memory that the process and its workers held together, in MB."""
    command = [sys.executable, "-m", "benchmarks.consolidate_once", str(folder), str(project), str(JOBS)]
    with subprocess.Popen([*command, str(output)] if output else command, cwd=ROOT / "tests", stdout=subprocess.PIPE) as process:
        memory = _Memory(process.pid)
        memory.start()
        answer, _ = process.communicate()
        memory.stop()
    if process.returncode:
        raise RuntimeError(f"the run of {folder} failed")
    return json.loads(answer), memory.peak


class _Memory(threading.Thread):
    """Looks at what a process and those it started hold; memory that they share counts once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._ended = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_TICK):
            self.peak = max(self.peak, sum(map(_held, _family(self.pid))))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _held(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _floor(paths: list[Path]) -> float:
    """Seconds for one workbook: every XML part unpacked and parsed, with nobody listening."""
    start = time.perf_counter()
    for path in paths:
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.endswith(".xml"):
                    expat.ParserCreate().Parse(package.read(name), True)
    return (time.perf_counter() - start) / len(paths)


def _pandas_loop(paths: list[Path]) -> float:
    """Seconds for one workbook, without starting pandas."""
    import pandas

    start = time.perf_counter()
    pandas.concat([frame.assign(unit=path.stem, sheet=sheet) for path in paths
                   for sheet, frame in pandas.read_excel(path, sheet_name=None, header=None, engine="openpyxl").items()])
    return (time.perf_counter() - start) / len(paths)
