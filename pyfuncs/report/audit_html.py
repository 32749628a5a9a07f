"""The audit report as one HTML file that opens without a network, without a script; every text is escaped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

from pyfuncs.checks.finding import GROUP_WORDS, VERDICT_FAIL, VERDICT_PASS, Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.audit import Run, unit_lines
from pyfuncs.report.counts import by_rule, counts, form_title, groups_shown, summary_line
from pyfuncs.report.naming import clean_text, shown_path
from pyfuncs.report.wording import day_text, where_words

STYLE = """
body{font:15px/1.6 "Noto Serif CJK SC","SimSun","宋体",serif;color:#222;
max-width:1180px;margin:24px auto;padding:0 16px}
h1{font-size:26px;text-align:center}
h2{font-size:19px;border-bottom:1px solid #ccc;padding-bottom:4px;margin-top:32px}
summary{cursor:pointer}summary h2{display:inline-block;width:94%;margin:18px 0 4px}
.verdict{font-size:22px;text-align:center;padding:10px;border-radius:4px}
.pass{color:#1e6b34;background:#e4f2e7}.fail{color:#9c1c1c;background:#fbe5e5}
table{border-collapse:collapse;width:100%;margin:10px 0}
th,td{border:1px solid #b5b5b5;padding:5px 8px;vertical-align:top}
th{background:#e3e9f0;white-space:nowrap}td.n{text-align:right;white-space:nowrap}td.c{white-space:nowrap}
.error{background:#fbe5e5;color:#9c1c1c}.warning{background:#fff3d6;color:#7a5200}
.rounding,.note{background:#e8eef6;color:#3d4f66}.not-run{background:#f2f2f2;color:#595959}
.explained,.approved{background:#e4f2e7;color:#1e6b34}
.muted{color:#666;font-size:.88em}.said{margin-top:4px;padding:2px 6px;border-left:3px solid #9aa}a{color:#1f4e9c}
input.show{margin:0 2px 0 12px}td.u{min-width:9em}
@page{size:A4 landscape;margin:12mm}
@media print{th{white-space:normal}body{max-width:none;margin:0;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}
input.show,label.show{display:none}details.unit{break-before:page}}
"""


def audit_page(filed: Sequence[Filed], folder: Path, made: date, run: Run = Run()) -> bytes:
    """The page as UTF-8; `folder`: where it will lie, for relative links to the units' files."""
    failing = any(one.must_fix for one in filed)
    told = [summary_line(filed), f"审核日期：{day_text(made)}", run.line()]
    sections = "\n".join(_unit_section(number, one, folder, run) for number, one in enumerate(filed, start=1))
    return _page("绩效自评审核报告", failing, "。".join(filter(None, told)), [
        "<h2>各单位</h2>", _unit_table(filed, folder), "<h2>按规则</h2>", _rule_table(filed),
        "<h2>逐条意见</h2>", *_switches(groups_shown(filed)), f"<main>{sections}</main>"])


def unit_page(one: Filed, made: date, run: Run = Run()) -> bytes:
    """What goes back to one unit: its verdict and its own findings alone."""
    lines = [f"文件：{Path(one.submission.path).name}", *unit_lines(one, run)]
    body = [*(f'<p class="muted">{_text(line)}</p>' for line in lines), _finding_table(one, run)]
    return _page(f"{one.unit}　绩效自评审核意见", one.must_fix, f"{_counted(one)}。审核日期：{day_text(made)}", body)


def _page(title: str, failing: bool, told: str, body: Iterable[str]) -> bytes:
    verdict = VERDICT_FAIL if failing else VERDICT_PASS
    page = (f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{_text(title)}：{verdict}</title><style>{STYLE}{_hiding()}</style></head>\n<body>\n"
            f"<h1>{_text(title)}</h1>\n"
            f'<p class="verdict {"fail" if failing else "pass"}">结论：{verdict}</p>\n<p>{_text(told)}</p>\n'
            + "\n".join(body) + "\n</body></html>\n")
    return page.encode("utf-8")


def _hiding() -> str:
    """A box that is not ticked hides the rows of its group: done by style alone, in old browsers too."""
    return "".join(f"#show-{group}:not(:checked)~main tr.of-{group}{{display:none}}\n" for group in GROUP_WORDS)


def _switches(groups: dict[str, str]) -> list[str]:
    """Boxes to show or hide the findings of a group."""
    return ['<span class="muted">打勾的才显示：</span>'] + [
        f'<input class="show" type="checkbox" checked id="show-{group}"><label class="show" for="show-{group}">{word}</label>'
        for group, word in groups.items()]


def _unit_table(filed: Sequence[Filed], folder: Path) -> str:
    rows, groups = [], groups_shown(filed)
    for number, one in enumerate(filed, start=1):
        found = counts([one])
        numbers = "".join(f'<td class="n">{found[group]}</td>' for group in groups)
        verdict, colour = (VERDICT_FAIL, "error") if one.must_fix else (VERDICT_PASS, "pass")
        path = one.submission.path
        rows.append(
            f'<tr><td class="n">{number}</td><td class="u"><a href="#unit{number}">{_text(one.unit)}</a></td>'
            f'<td class="c">{_text(one.year)}</td><td class="c">{_text(one.submission.ruleset or "不明")}</td>'
            f'<td class="c {colour}">{verdict}</td>{numbers}'
            f'<td><a href="{_address(path, folder)}">{_text(shown_path(path, folder))}</a></td></tr>')
    return _table(["序号", "单位", "年度", "规则集", "结论", *groups.values(), "文件"], rows)


def _rule_table(filed: Sequence[Filed]) -> str:
    rows = [f'<tr><td class="c">{_text(line.rule_id)}</td>{_group(line.group)}'
            f'<td class="n">{line.count}</td>'
            f'<td class="u">{_text("、".join(line.units))}</td>'
            f"<td>{_text(line.example.message)}</td></tr>"
            for line in by_rule(filed)]
    return _table(["规则编号", "性质", "条数", "涉及单位", "问题（举一例）"], rows) if rows else "<p>没有发现问题。</p>"


def _unit_section(number: int, one: Filed, folder: Path, run: Run) -> str:
    lines = [shown_path(one.submission.path, folder), *unit_lines(one, run)]
    about = "".join(f'<p class="muted">{_text(line)}</p>' for line in lines)
    return (f'<details class="unit" open id="unit{number}"><summary><h2>{number}. {_text(one.unit)}：{_counted(one)}</h2>'
            f"</summary>{about}{_finding_table(one, run)}</details>")


def _counted(one: Filed) -> str:
    """必须修改 3 条，请核实 1 条"""
    found = counts([one])
    return "，".join(f"{word} {found[group]} 条" for group, word in GROUP_WORDS.items() if found[group]) or "没有发现问题"


def _finding_table(one: Filed, run: Run) -> str:
    round_ = run.rounds.get(one.submission.path)
    rows = [_finding_row(at, one, finding, bool(round_)) for at, finding in enumerate(one.findings, start=1)]
    headings = ["序号", "性质", *(["状态"] if round_ else []), "表", "单元格", "问题", "怎么改"]
    resolved = round_.resolved if round_ else ()
    mended = "".join(f"<li>{_text(finding.line())}</li>" for finding in resolved)
    return ((_table(headings, rows) if rows else "<p>没有发现问题。</p>")
            + (f"<p>与上次相比已消除 {len(resolved)} 条：</p><ul>{mended}</ul>" if resolved else ""))


def _finding_row(number: int, one: Filed, finding: Finding, rounds: bool) -> str:
    figures = {"应为": finding.expected, "现为": finding.actual, "相差": finding.delta, "依据": finding.basis,
               "识别码": finding.fingerprint if rounds else ""}
    shown = "　".join(f"{word}：{_text(text)}" for word, text in figures.items() if text)
    state = f'<td class="c">{_text(finding.state)}</td>' if rounds else ""
    said = f'<div class="said">{_text(finding.remark.line())}</div>' if finding.remark else ""
    return (f'<tr class="of-{finding.group}"><td class="n">{number}</td>{_group(finding.group)}{state}'
            f'<td class="u">{_text(form_title(one, finding.form))}</td>'
            f'<td class="c">{"<br>".join(map(_text, (*finding.cells, *where_words(finding, one.submission.path))))}</td>'
            f'<td>{_text(finding.message)}<div class="muted">{_text(finding.rule_id)}　{shown}</div>{said}</td>'
            f"<td>{_text(finding.advice)}</td></tr>")


def _group(name: str) -> str:
    return f'<td class="c {name}">{GROUP_WORDS[name]}</td>'


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
