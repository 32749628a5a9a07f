"""The main job on the bundled units: fill, read, check, compute, mark, consolidate, into one folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.admission import Choice
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.result import Consolidation
from pyfuncs.report.audit_html import audit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.json_report import dump, validation
from pyfuncs.report.naming import safe_stem
from pyfuncs.report.output import dated_folder, write_new
from pyfuncs.report.printed_table import must_fix_lines, printed_table
from pyfuncs.report.summary import write_summary
from pyfuncs.report.summary_json import write_consolidation_json
from pyfuncs.report.summary_text import consolidation_text
from pyfuncs.workbook.collect import MARKED
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.process import process
from pyfuncs.workbook.recompute import inputs_only
from pyfuncs.workbook.template import write_workbook

UNITS = Path(__file__).parent / "demo_units"
FILED, COMPUTED, MARKS = "1 各单位填报的表", "2 用函数重新计算", "3 标出错误的副本"
EDITIONS = {"formula": "公式版", "addin": "加载项版"}


@dataclass(frozen=True)
class Demo:
    folder: Path
    filed: tuple[Filed, ...]
    result: Consolidation


def run_demo(base: Path, today: date) -> Demo:
    """All results in a dated folder below `base`; nothing that exists is overwritten."""
    folder = dated_folder(base, today)
    fillings = [load_filling(path) for path in sorted(UNITS.glob("*.yaml"))]
    filed = tuple(process(path) for path in [_as_filed(folder, filling) for filling in fillings])
    for filling, one in zip(fillings, filed):
        _computed(folder, inputs_only(one.ruleset, filling, one.submission))
    for one in filed:
        source = Path(one.submission.path)
        (folder / MARKS).mkdir(exist_ok=True)
        mark_copy(source, folder / MARKS / f"{source.stem}{MARKED}.xlsx", one.findings)
    for name, data in {"审核报告.xlsx": audit_workbook(filed, folder, today), "审核报告.html": audit_page(filed, folder, today),
                       "审核结果.json": dump(validation(filed))}.items():
        write_new(folder / name, data)
    source = Held(filed)
    result = consolidate(source, choice=Choice(include_rejected=True))   # all of them have something to mend
    write_summary(folder / "汇总.xlsx", result, source, today)
    write_consolidation_json(folder / "汇总结果.json", result, source)
    return Demo(folder, filed, result)


def _as_filed(folder: Path, filling: Filling) -> Path:
    """The unit's own workbook: every figure as it was printed, wrong ones too."""
    return _write(folder / FILED, filling, f"{filling.entity}", "formula", as_filed=True)


def _computed(folder: Path, filling: Filling) -> None:
    """The same inputs, rates, scores and sums left to the formulas."""
    for edition, word in EDITIONS.items():
        _write(folder / COMPUTED, filling, f"{filling.entity}-{word}", edition, as_filed=False)


def _write(folder: Path, filling: Filling, stem: str, edition: str, as_filed: bool) -> Path:
    buffer = BytesIO()
    write_workbook(buffer, load_ruleset(filling.ruleset), edition, filling=filling, as_filed=as_filed)
    path = folder / f"{safe_stem(stem)}.xlsx"
    write_new(path, buffer.getvalue())
    return path


def demo_text(demo: Demo) -> Iterator[str]:
    """What a clerk reads: per unit printed against computed, what to mend, where the files are."""
    for one in demo.filed:
        verdict = VERDICT_FAIL if one.must_fix else VERDICT_PASS
        yield f"■ {one.unit}　{one.year} 年度　规则集 {one.submission.ruleset}　结论：{verdict}\n"
        yield printed_table(one)
        count = sum(finding.severity == "error" for finding in one.findings)
        yield f"\n  必须修改 {count} 处：" if count else "\n  没有必须修改的。"
        yield from must_fix_lines(one)
        yield f"\n  填报的表：{one.submission.path}\n"
    yield f"■ {len(demo.filed)} 个单位的汇总\n"
    yield consolidation_text(demo.result)
    yield f"\n■ 文件都在 {demo.folder}\n"
    for path in sorted(demo.folder.rglob("*")):
        if path.is_file():
            yield f"  {path.relative_to(demo.folder).as_posix()}"
