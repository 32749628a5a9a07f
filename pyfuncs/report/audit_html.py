"""The audit report as one HTML file that opens without a network; every text is escaped."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

from pyfuncs.checks.finding import SEVERITY_WORDS, VERDICT_FAIL, VERDICT_PASS, Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.counts import by_rule, form_title, summary_line
from pyfuncs.report.naming import clean_text, shown_path

STYLE = """
body{font:15px/1.6 "Noto Serif CJK SC","SimSun","宋体",serif;color:#222;
max-width:1180px;margin:24px auto;padding:0 16px}
h1{font-size:26px;text-align:center}
h2{font-size:19px;border-bottom:1px solid #ccc;padding-bottom:4px;margin-top:32px}
.verdict{font-size:22px;text-align:center;padding:10px;border-radius:4px}
.pass{color:#1e6b34;background:#e4f2e7}.fail{color:#9c1c1c;background:#fbe5e5}
table{border-collapse:collapse;width:100%;margin:10px 0}
th,td{border:1px solid #b5b5b5;padding:5px 8px;vertical-align:top}
th{background:#e3e9f0;white-space:nowrap}td.n{text-align:right;white-space:nowrap}td.c{white-space:nowrap}
.error{background:#fbe5e5;color:#9c1c1c}.warning{background:#fff3d6;color:#7a5200}
.rounding,.note{background:#e8eef6;color:#3d4f66}
.muted{color:#666;font-size:.88em}a{color:#1f4e9c}
@media print{body{max-width:none;margin:0;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}}
"""


def audit_page(filed: Sequence[Filed], folder: Path, made: date) -> bytes:
    """The page as UTF-8; `folder`: where it will lie, for relative links to the units' files."""
    failing = any(one.must_fix for one in filed)
    verdict = VERDICT_FAIL if failing else VERDICT_PASS
    body = [
        "<h1>绩效自评审核报告</h1>",
        f'<p class="verdict {"fail" if failing else "pass"}">结论：{verdict}</p>',
        f"<p>{_text(summary_line(filed))}。审核日期：{made:%Y年%m月%d日}</p>",
        "<h2>各单位</h2>", _unit_table(filed, folder), "<h2>按规则</h2>", _rule_table(filed),
        *(_unit_section(number, one, folder) for number, one in enumerate(filed, start=1)),
    ]
    page = (f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>绩效自评审核报告：{verdict}</title><style>{STYLE}</style></head>\n<body>\n"
            + "\n".join(body) + "\n</body></html>\n")
    return page.encode("utf-8")


def _unit_table(filed: Sequence[Filed], folder: Path) -> str:
    rows = []
    for number, one in enumerate(filed, start=1):
        counts = "".join(f'<td class="n">{sum(finding.severity == name for finding in one.findings)}</td>'
                         for name in SEVERITY_WORDS)
        verdict, colour = (VERDICT_FAIL, "error") if one.must_fix else (VERDICT_PASS, "pass")
        path = one.submission.path
        rows.append(
            f'<tr><td class="n">{number}</td><td><a href="#unit{number}">{_text(one.unit)}</a></td>'
            f'<td class="c">{_text(one.year)}</td><td class="c">{_text(one.submission.ruleset or "不明")}</td>'
            f'<td class="c {colour}">{verdict}</td>{counts}'
            f'<td><a href="{_address(path, folder)}">{_text(shown_path(path, folder))}</a></td></tr>')
    return _table(["序号", "单位", "年度", "规则集", "结论", *SEVERITY_WORDS.values(), "文件"], rows)


def _rule_table(filed: Sequence[Filed]) -> str:
    rows = [f'<tr><td class="c">{_text(line.rule_id)}</td>{_severity(line.severity)}'
            f'<td class="n">{line.count}</td>'
            f"<td>{_text('、'.join(line.units))}</td><td>{_text(line.example.message)}</td></tr>"
            for line in by_rule(filed)]
    return _table(["规则编号", "性质", "条数", "涉及单位", "问题（举一例）"], rows) if rows else "<p>没有发现问题。</p>"


def _unit_section(number: int, one: Filed, folder: Path) -> str:
    heading = (f'<h2 id="unit{number}">{number}. {_text(one.unit)}</h2>'
               f'<p class="muted">{_text(shown_path(one.submission.path, folder))}</p>')
    if not one.findings:
        return f"{heading}<p>没有发现问题。</p>"
    return heading + _table(["序号", "性质", "表", "单元格", "问题", "怎么改"],
                            [_finding_row(at, one, finding)
                             for at, finding in enumerate(one.findings, start=1)])


def _finding_row(number: int, one: Filed, finding: Finding) -> str:
    figures = {"应为": finding.expected, "现为": finding.actual, "相差": finding.delta, "依据": finding.basis}
    shown = "　".join(f"{word}：{_text(text)}" for word, text in figures.items() if text)
    return (f'<tr><td class="n">{number}</td>{_severity(finding.severity)}'
            f'<td>{_text(form_title(one, finding.form))}</td>'
            f'<td class="c">{"<br>".join(map(_text, finding.cells))}</td>'
            f'<td>{_text(finding.message)}<div class="muted">{_text(finding.rule_id)}　{shown}</div></td>'
            f"<td>{_text(finding.advice)}</td></tr>")


def _severity(name: str) -> str:
    return f'<td class="c {name}">{SEVERITY_WORDS[name]}</td>'


def _table(headings: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table>"


def _text(text: str) -> str:
    return escape(clean_text(text))


def _address(path: str, folder: Path) -> str:
    """A relative address of a unit's file; never a scheme such as javascript:."""
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:                                # another drive
        return escape(Path(path).absolute().as_uri())
    return escape(quote("./" + relative.replace(os.sep, "/"), errors="replace"))
