"""Printed rates and scores beside the computed ones: the table `jixiao demo` shows for each unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.refs import only_recognised
from pyfuncs.checks.finding import SEVERITY_WORDS, Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.text_table import shorten, table
from pyfuncs.report.wording import rate_text, score_text


EMPTY = "（空）"


def printed_table(filed: Filed) -> str:
    """One line per rate, score, total and grade of a unit: printed, computed, and what is made of it."""
    left_out = only_recognised(filed.ruleset)
    shown = [figure for figure in filed.figures.values()
             if figure.key not in left_out and (figure.printed is not None or _is_known(figure))]
    rows = [_row(filed, figure) for figure in shown if _is_known(figure) or _printed(figure) != EMPTY]
    idle = len(shown) - len(rows)
    text = table(["表", "项目", "表上印的", "算出来的", "结论"], rows, right=(2, 3))
    return text + (f"\n另有 {idle} 项没有填，也缺计算所用的数。" if idle else "")


def must_fix_lines(filed: Filed) -> Iterator[str]:
    """What must be mended: one numbered line for each rule and sheet, all its places named."""
    alike: dict[tuple[str, str, int], list[Finding]] = {}
    for finding in filed.findings:
        if finding.severity == "error":
            alike.setdefault((finding.rule_id, finding.form, finding.instance), []).append(finding)
    for number, findings in enumerate(alike.values(), start=1):
        places = "、".join(finding.cells[0].rpartition("!")[2] for finding in findings if finding.cells)
        yield f"{number:>3}. {findings[0].line()}" + (f"（同样的问题共 {len(findings)} 处：{places}）" if len(findings) > 1 else "")


def _is_known(figure: Figure) -> bool:
    return isinstance(figure.value, (Decimal, str))


def _row(filed: Filed, figure: Figure) -> list[str]:
    form = filed.ruleset.forms[figure.printed.form] if figure.printed else None
    sheet = form.sheet.replace("{n}", str(figure.instance or 1)) if form else \
        f"项目{figure.instance}" if figure.instance else ""
    return [sheet, shorten(_name(figure), 34), _printed(figure), _computed(figure), _judgement(filed, figure)]


def _name(figure: Figure) -> str:
    row = figure.printed.name.partition(".")[0] if figure.printed and "." in figure.printed.name else ""
    if row and row in figure.label.replace("“", "").replace("”", ""):
        return figure.label                           # on a score sheet the row is the indicator
    return f"{row}·{figure.label}" if row else figure.key if figure.kind in ("score", "total") else figure.label


def _printed(figure: Figure) -> str:
    if figure.printed is None:
        return "（未印）"
    return figure.printed.text.strip() or EMPTY


def _computed(figure: Figure) -> str:
    return rate_text(figure.value) if figure.kind == "rate" else score_text(figure.value)


def _judgement(filed: Filed, figure: Figure) -> str:
    if figure.printed is None:
        return ""
    about = [finding for finding in filed.findings if _is_about(finding, figure)]
    if about:
        return SEVERITY_WORDS[about[0].severity]
    return "一致" if figure.printed.value is not None and isinstance(figure.value, Decimal) else ""


def _is_about(finding: Finding, figure: Figure) -> bool:
    return finding.kind == "rule" and bool(finding.cells) and finding.cells[0] == figure.printed.cell
