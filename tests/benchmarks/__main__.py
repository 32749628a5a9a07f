"""Run every bench_*.py beside this file, print one table, write bench.json: python -m benchmarks.

Each module has measure() -> list of dicts with name, value, unit, baseline (what it is compared with),
ratio (to that baseline, from the same run) and aim. A row with a key stands in bench.json under that name too:
its ratio, or where there is none its value.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
from pathlib import Path
from unicodedata import east_asian_width

HERE = Path(__file__).resolve().parent
RESULT = HERE.parent.parent / "bench.json"
COLUMNS = {"name": "项目", "value": "实测", "unit": "单位", "baseline": "对照", "ratio": "倍数", "aim": "目标"}


def measured(folder: Path) -> list[dict]:
    """The rows of every module, in the order of the modules' names."""
    rows = []
    for path in sorted(folder.glob("bench_*.py")):
        rows += importlib.import_module(f"{folder.name}.{path.stem}").measure()
    return rows


def table(rows: list[dict]) -> str:
    """The rows under Chinese headings, aligned on a terminal where a Chinese character is two cells wide."""
    lines = [list(COLUMNS.values()), *([shown(row[key]) for key in COLUMNS] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*lines)]
    padded = [[pad(text, size) for text, size in zip(line, widths)] for line in lines]
    return "\n".join("  ".join(line).rstrip() for line in padded)


def shown(value: object) -> str:
    if value is None:
        return "—"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, size: int) -> str:
    return text + " " * (size - width(text))


def main(folder: Path = HERE, result: Path = RESULT) -> int:
    rows = measured(folder)
    if not rows:
        print("没有可以运行的测速项目（tests/benchmarks/bench_*.py）。", file=sys.stderr)
        return 2
    print(table(rows))
    machine = {"python": platform.python_version(), "platform": platform.platform()}
    named = {one["key"]: one["value"] if one["ratio"] is None else one["ratio"] for one in rows if "key" in one}
    written = json.dumps({**machine, **named, "rows": rows}, ensure_ascii=False, indent=2)
    result.write_text(written + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
