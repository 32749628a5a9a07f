"""The Word templates that are checked in, and what they give for every rule set: nothing that our own checks find."""

from __future__ import annotations

import importlib.util
import re
from datetime import date
from pathlib import Path

import pytest
from fillings import EVERY_RULESET
from report_samples import said, unit_filed

from pyfuncs.catalog.cases import case_submission
from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.load import load_ruleset, read_cases
from pyfuncs.checks.text import text_findings
from pyfuncs.consolidate.filed import Filed
from pyfuncs.live.self_report import TEMPLATE, self_report
from pyfuncs.prose.facts import read_facts
from pyfuncs.workbook.read_report import is_report, read_report
from pyfuncs.workbook.soffice import converted

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2023, 3, 22)


def recipe():
    spec = importlib.util.spec_from_file_location("build_report_templates", ROOT / "build" / "report_templates.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def filed_cases(ruleset_id: str) -> list[Filed]:
    """Worked cases of a rule set, as a unit might have filed them: the two with most in them."""
    ruleset, found = load_ruleset(ruleset_id), []
    for case in read_cases(ruleset_id):
        submission = case_submission(ruleset, case)
        found.append(Filed(submission, ruleset, figures(ruleset, submission)))
    return sorted(found, key=lambda one: -len(one.submission.items))[:2]


def test_the_checked_in_templates_are_what_the_outlines_give():
    made = dict(recipe().templates())
    assert {path.relative_to(ROOT).as_posix() for path in made} == {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "pyfuncs" / "rulesets").rglob(TEMPLATE)}
    assert [path for path, data in made.items() if path.read_bytes() != data] == []


def test_a_template_that_differs_is_told(tmp_path: Path, monkeypatch, capsys):
    build = recipe()
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "templates", lambda: [(tmp_path / TEMPLATE, b"new")])
    assert (build.main(["--check"]), (tmp_path / TEMPLATE).exists()) == (1, False)
    assert capsys.readouterr().out == f"与提纲不一致：{TEMPLATE}\n"
    assert (build.main([]), (tmp_path / TEMPLATE).read_bytes(), build.main(["--check"])) == (0, b"new", 0)


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_our_own_checks_find_nothing_in_what_we_wrote(ruleset_id: str, tmp_path: Path):
    cases = filed_cases(ruleset_id)
    assert cases
    for number, filed in enumerate(cases):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(self_report(filed, DAY))
        report = read_report(path)
        facts = read_facts(report, filed.ruleset)
        assert is_report(report) and report.year == filed.year
        assert [one.line() for one in text_findings(report, facts, filed.ruleset, filed.submission)] == []


@pytest.mark.parametrize("unit", ["hengyang-2022", "liuyang-2021", "xiangxi-2021"])
def test_nor_in_the_reports_of_the_units(unit: str, tmp_path: Path):
    filed = unit_filed(unit)
    path = tmp_path / "a.docx"
    path.write_bytes(self_report(filed, DAY))
    report = read_report(path)
    found = text_findings(report, read_facts(report, filed.ruleset), filed.ruleset, filed.submission)
    assert [one.line() for one in found if one.severity == "error"] == []


def test_libreoffice_prints_the_report_with_every_form_on_pages_of_its_own(tmp_path: Path):
    filed = unit_filed("xiangxi-2021")
    pdf = converted(tmp_path / "a.docx", self_report(filed, DAY), ".docx", "pdf")
    pages = [(float(width), float(height)) for width, height in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)]
    upright, lying = sum(height > width for width, height in pages), sum(width > height for width, height in pages)
    assert pdf.startswith(b"%PDF") and 8 <= upright <= 10 and 1 <= lying <= 2    # four forms and the text; the score sheet


def test_headings_are_those_of_the_regions_outline():
    headings = [text for text in said(self_report(unit_filed("hengyang-2022"), DAY)) if re.match("[一二三四五六七八九十]+、", text)]
    assert headings == ["一、单位基本情况", "二、一般公共预算支出情况", "三、政府性基金预算支出情况", "四、资产管理情况", "五、部门整体支出绩效情况",
                        "六、存在的主要问题", "七、下一步改进措施", "八、其他需要说明的情况"]
