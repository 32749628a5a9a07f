"""How long a cell function takes: first in a fresh process, then one call, then a whole form."""
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from pyfuncs.udfs import JX_EXECUTION_RATE, JX_SCORE

ROOT = Path(__file__).resolve().parents[2]
RULESET, ITEM = "430400/2022", "项目资金得分"


def measure() -> list[dict]:
    """Rows for the table of benchmarks; times are the least of several, in milliseconds."""
    start = process("pass")
    first = process(f"from pyfuncs.udfs import JX_SCORE; JX_SCORE({RULESET!r}, {ITEM!r}, 0.6854)")
    division = repeated(lambda: Decimal("346.17") / Decimal("505.05"), 20_000)
    scalar = repeated(lambda: JX_EXECUTION_RATE(346.17, 505.05), 2_000)
    items, values = [[ITEM]] * 30, [[0.6854 + row / 1000] for row in range(30)]
    alone = repeated(lambda: JX_SCORE(RULESET, ITEM, 0.6854), 2_000)
    form = repeated(lambda: JX_SCORE(RULESET, items, values), 100)
    return [
        row("首次计算（新进程）", first, "Python 空启动", start, "≤ 150"),
        row("单个比率", scalar, "一次 Decimal 除法", division, "≤ 0.05"),
        row("整表 30 个得分，一次调用", form, "单个得分", alone, "≤ 5"),
    ]


def row(name: str, value: float, baseline: str, compared: float, aim: str) -> dict:
    return {"name": name, "value": value, "unit": "毫秒", "baseline": f"{baseline} {compared:.3g} 毫秒",
            "ratio": value / compared, "aim": aim}


def process(code: str) -> float:
    """The quickest of five fresh interpreters, in milliseconds."""
    def run() -> None:
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)

    return min(timed(run) for _ in range(5))


def repeated(call: Callable[[], object], times: int) -> float:
    """One call among many, in milliseconds, of the quickest of three rounds."""
    def run() -> None:
        for _ in range(times):
            call()

    return min(timed(run) for _ in range(3)) / times


def timed(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000
