"""How much of what people found in the five real reports the checks of words find, and what they claim wrongly.

    python tests/checks/measure_reports.py [FOLDER]

FOLDER holds the five texts (by default ../shared/reports beside the checkout); they are no part of the project.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from pyfuncs.catalog.load import load_ruleset  # noqa: E402
from pyfuncs.checks.finding import Finding  # noqa: E402
from pyfuncs.checks.text import text_findings  # noqa: E402
from pyfuncs.consolidate.filed import Filed  # noqa: E402
from pyfuncs.helper import demo  # noqa: E402
from pyfuncs.prose.facts import read_facts  # noqa: E402
from pyfuncs.workbook.filling import load_filling  # noqa: E402
from pyfuncs.workbook.process import process  # noqa: E402
from pyfuncs.workbook.read_report import read_report  # noqa: E402
from pyfuncs.workbook.template import write_workbook  # noqa: E402

UNITS = {"S0": "changsha-2020", "S1": "hengyang-2022", "S2": "xiangxi-2021", "S3": "liuyang-2021", "S4": "kaifu-2021"}
ALONE, BESIDE = "报告单独检查", "报告与工作簿一起检查"


def main(folder: Path) -> None:
    with (TESTS / "prose" / "own_reports" / "relations.tsv").open(encoding="utf-8", newline="") as file:
        relations = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    totals: dict[str, list[int]] = {}
    for number, unit in UNITS.items():
        rows = [row for row in relations if row["id"].startswith(number) and row["expected"].startswith("ZW-")]
        for way, found in _found(folder / f"{unit}.txt", unit):
            print(f"\n{number} {unit}　{way}")
            for verdict in ("broken", "rounding", "soft"):
                wanted = [row for row in rows if row["verdict"] == verdict]
                missed = [row["id"] for row in wanted if not any(tells(finding, row) for finding in found)]
                print(f"  {verdict} {len(wanted) - len(missed)}/{len(wanted)}{'  没有找到 ' + ' '.join(missed) if missed else ''}")
                count = totals.setdefault(f"{way} {verdict}", [0, 0])
                count[0], count[1] = count[0] + len(wanted) - len(missed), count[1] + len(wanted)
            for severity in ("error", "warning", "rounding"):
                for finding in _others(found, rows, severity):
                    print(f"  多报 {finding.line()[:160]}")
                    totals.setdefault(f"{way} 多报 {severity}", [0])[0] += 1
    print()
    for name, count in sorted(totals.items()):
        print(name, "/".join(map(str, count)))


def _found(path: Path, unit: str) -> Iterable[tuple[str, Sequence[Finding]]]:
    report, filed = read_report(path), _filed(unit)
    yield ALONE, text_findings(report, read_facts(report))
    yield BESIDE, text_findings(report, read_facts(report, filed.ruleset), filed.ruleset, filed.submission)


def _filed(unit: str) -> Filed:
    filling = load_filling(demo.UNITS / f"{unit}.yaml")
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.xlsx"
        write_workbook(book, load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
        return process(book)


def tells(finding: Finding, row: dict[str, str]) -> bool:
    """The same check, at one of the lines where people found it, or at none where it is of the whole report."""
    places = {place.number for place in finding.places}
    return finding.rule_id == row["expected"].split()[0] and (not places or bool(places & _lines(row["lines"])))


def _lines(text: str) -> set[int]:
    ends = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return {line for first, *last in ends for line in range(first, (last[0] if last else first) + 1)}


def _others(found: Sequence[Finding], rows: Sequence[dict[str, str]], severity: str) -> list[Finding]:
    return [one for one in found if one.severity == severity and not any(tells(one, row) for row in rows)]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TESTS.parent.parent / "shared" / "reports")
