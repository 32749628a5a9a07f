"""How soon the packaged programs start, beside a package without pandas: it must cost nothing where it is not used."""
from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.bench_udfs import ROOT, row, timed

sys.path.insert(0, str(ROOT / "build"))
import bundle  # noqa: E402

STARTS = {
    "打包的 jixiao --version": ("jixiao", "--version"),
    # As far as Linux goes: it has every function at hand, and then lacks the class id.
    "打包的函数服务启动": ("jixiao-server",),
}
TIMES = 15


def measure() -> list[dict]:
    """Rows for the table of benchmarks; times are the least of several warm starts, in milliseconds. Linux only."""
    if sys.platform != "linux":
        return []
    with tempfile.TemporaryDirectory(prefix="bench_") as scratch:
        whole = bundle.build("linux", Path(scratch, "whole"))
        without = bundle.build("linux", Path(scratch, "without"), without=("pandas", "numpy"))
        rows = []
        for name, (program, *arguments) in STARTS.items():
            value, least = starts([folder / program, *arguments] for folder in (whole, without))
            rows.append(row(name, value, "不含 pandas 的打包", least, "≤ 1.2 倍"))
        size, small = (size_of(folder) for folder in (whole, without))
        rows.append({"name": "程序文件夹（Linux）", "value": size, "unit": "MB", "baseline": f"不含 pandas {small:.0f} MB",
                     "ratio": size / small, "aim": None})
    return rows


def starts(commands: Iterable[list[str | Path]]) -> list[float]:
    """The quickest of several runs of each command, in milliseconds; in turn, so that all meet the same machine."""
    def run(command: list[str | Path]) -> float:
        return timed(lambda: subprocess.run([str(part) for part in command], capture_output=True, cwd="/"))

    commands = list(commands)
    return list(map(min, zip(*([run(command) for command in commands] for _ in range(TIMES)))))


def size_of(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1024 / 1024
