"""汇总.xlsx: what is printed first, then charts, rates, scores, findings, and where every figure comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.result import Consolidation, Source
from pyfuncs.report.summary_absent import absent_sheet, notes_sheet
from pyfuncs.report.summary_answers import Answers, listed_sheet
from pyfuncs.report.summary_book import Limits, SummaryBook, summary_book
from pyfuncs.report.summary_charts import charts_sheet
from pyfuncs.report.summary_detail import Columns, Details, node_sheet, planned
from pyfuncs.report.summary_front import exact_sheet, front_sheet
from pyfuncs.report.summary_issues import Issues, differences_sheet
from pyfuncs.report.summary_origins import origins_sheet
from pyfuncs.report.summary_ratios import ratios_sheet
from pyfuncs.report.summary_scored import UnitScores, node_scores_sheet, ranking_sheet

TITLE = "绩效自评汇总表"


def write_summary(path: Path, result: Consolidation, source: Source, made: date, limits: Limits = Limits()) -> None:
    """Write the workbook, which must not exist yet; links to the units' files are relative to its folder.

    Amounts are numbers in 万元, unrounded but on the first sheet. Walks `source` without holding it.
    Raises TargetExists, or OSError when it can't be written; nothing half-written stays.
    """
    with summary_book(path, TITLE, made, limits) as book:
        columns = planned(book, result)
        front_sheet(book, result)
        charts_sheet(book, result)
        ratios_sheet(book, result, columns)
        node_scores_sheet(book, result)
        ranking_sheet(book, result)
        node_sheet(book, result, columns)
        differences_sheet(book, result)
        absent_sheet(book, result)
        exact_sheet(book, result)
        rulesets = _units_sheets(book, result, source, columns)
        listed_sheet(book, result)
        notes_sheet(book, result, rulesets)
        origins_sheet(book, result, source)


def _units_sheets(book: SummaryBook, result: Consolidation, source: Source, columns: Columns) -> list[RuleSet]:
    """The sheets with rows of every unit, in one walk; returns the rule sets met."""
    sheets = Details(book, result, columns), UnitScores(book), Issues(book), Answers(book, result)
    rulesets: dict[str, RuleSet] = {}
    for unit, one in zip(result.units, source.filed(result.files), strict=True):
        rulesets.setdefault(one.ruleset.hash, one.ruleset)
        for sheet in sheets:
            sheet.add(unit, one)
    for sheet in sheets:
        sheet.close()
    return list(rulesets.values())
