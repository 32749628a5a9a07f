"""What a written report of a hundred pages costs: reading the document, its figures as facts, and the checks of its words."""
from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import docx

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.text import text_findings
from pyfuncs.prose.facts import read_facts
from pyfuncs.workbook.read_report import read_report

ROUNDS = 5
CHARACTERS = 80_000                                   # on a hundred pages of A4
OWN = Path(__file__).resolve().parents[1] / "prose" / "own_reports"


def measure() -> list[dict]:
    """Rows for the table of benchmarks; times are medians of processor time in seconds."""
    ruleset = load_ruleset("430400/2022")
    with tempfile.TemporaryDirectory(prefix="bench_") as folder:
        path = _written(Path(folder, "自评报告.docx"))
        report = read_report(path)
        facts = read_facts(report, ruleset)
        steps = {"读文档": lambda: read_report(path), "取出数": lambda: read_facts(report, ruleset),
                 "核对": lambda: text_findings(report, facts, ruleset)}
        taken = {name: median(_seconds(step) for _ in range(ROUNDS)) for name, step in steps.items()}
    told = "，".join(f"{name} {seconds:.2f}" for name, seconds in taken.items())
    return [{"key": "report_seconds", "name": f"审核一百页的自评报告（{len(facts.figures)} 个数）", "value": sum(taken.values()),
             "unit": "秒", "baseline": told, "ratio": None, "aim": "＜ 2 秒"}]


def _written(path: Path) -> Path:
    """The project's own reports again and again, with other figures each time."""
    dice = random.Random(8)
    lines = [line for source in sorted(OWN.glob("*.txt")) for line in source.read_text(encoding="utf-8").split("\n")]
    document, written = docx.Document(), 0
    while written < CHARACTERS:
        for line in lines:
            document.add_paragraph(re.sub(r"\d(?=[\d.]*(?:万元|元|%|个|人))", lambda _: str(dice.randrange(1, 10)), line))
            written += len(line)
    document.save(str(path))
    return path


def _seconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began
