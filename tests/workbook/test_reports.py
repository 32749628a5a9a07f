"""Written reports in an audit: which workbook each belongs to, and what is told where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from filed_books import clean_book
from own_layouts import own_book

from pyfuncs.checks.finding import Finding
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.audit_run import audit, collected_with_prior
from pyfuncs.helper.cli import main
from pyfuncs.helper.pipeline import process_all
from pyfuncs.helper.self_report import write_self_report
from pyfuncs.workbook.process import process

UNIT = "甲市投资促进中心"
FILLER = "本年度认真开展部门整体支出绩效自评，完善制度，规范管理，按要求公开。" * 4
RIGHT = f"2022年度{UNIT}部门整体支出绩效自评报告\n{FILLER}\n公用经费决算69.72万元，年初预算303.01万元。"


def report(path: Path, text: str = RIGHT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".txt":
        path.write_text(text, encoding="utf-8")
        return path
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(path)
    return path


def audited(*paths: Path) -> tuple[dict[str, Filed], tuple[str, ...]]:
    """By the name of the file; and what was said of files that were left out."""
    collected, prior = collected_with_prior(paths, None)
    done = audit(collected, None, prior)
    return {Path(one.submission.path).name: one for one in done.filed}, done.said


def rules_of(finding: Finding) -> str:
    return f"{finding.rule_id} {finding.severity}"


def rules(one: Filed) -> list[str]:
    return list(map(rules_of, one.findings))


@pytest.mark.parametrize("name", ["报告.docx", "报告.txt"])
def test_a_report_beside_the_workbook_is_checked_against_it(tmp_path: Path, name: str):
    clean_book(tmp_path / "表.xlsx", UNIT)
    report(tmp_path / name)
    found, said = audited(tmp_path)
    assert (list(found), said, rules(found[name])) == (["表.xlsx", name], (), [])
    assert (found[name].unit, found[name].year, found[name].submission.ruleset) == (UNIT, "2022", "430400/2022")

    report(tmp_path / name, RIGHT.replace("69.72", "67.92"))
    [finding] = audited(tmp_path)[0][name].findings
    assert (finding.kind, finding.severity, finding.must_fix) == ("text", "error", True)
    [place] = finding.places
    assert (place.number, place.quote, RIGHT.replace("69.72", "67.92").split("\n")[2][place.start:place.end]) == (
        3, "67.92万元", "67.92万元")


def test_each_report_goes_to_the_workbook_of_its_unit(tmp_path: Path):
    clean_book(tmp_path / "一" / "表.xlsx", UNIT)
    clean_book(tmp_path / "二" / "表2.xlsx", "乙县投资促进中心", {"基础数据表!公用经费.本年决算": 60})
    report(tmp_path / "报告" / "甲.docx")
    report(tmp_path / "报告" / "乙.docx", RIGHT.replace(UNIT, "乙县投资促进中心"))
    report(tmp_path / "报告" / "丙.docx", RIGHT.replace(UNIT, "丙区投资促进中心"))
    found, _ = audited(tmp_path)
    assert rules(found["甲.docx"]) == []
    assert [(finding.rule_id, finding.cells[0], finding.places[0].quote) for finding in found["乙.docx"].findings] == [
        ("ZW-16", "基础数据表!D8", "69.72万元")]
    assert rules(found["丙.docx"]) == ["DQ-report-alone note"]


def test_forms_behind_a_report_are_held_against_the_workbook_and_their_findings_told_once(tmp_path: Path):
    book = clean_book(tmp_path / "表.xlsx", UNIT, {"基础数据表!公用经费.本年决算": 60})
    assert write_self_report(process(book), tmp_path / "报告.docx").path
    document = docx.Document(tmp_path / "报告.docx")
    document.core_properties.category = ""            # somebody else's report, as it were
    [posts] = [cell for table in document.tables for row in table.rows[1:2] for cell in row.cells if cell.text == "15"]
    posts.text = "17"
    document.save(tmp_path / "报告.docx")
    found, _ = audited(tmp_path)
    assert rules(found["表.xlsx"]) == ["430400-2022-JCSJ-012 error"]
    assert set(rules(found["报告.docx"])) == {                    # the rate and the text no longer agree with the 17
        "430400-2022-JCSJ-006 error", "ZW-16 error", "ZW-04 error", "DW-07 warning", "DQ-annex note",
        "DQ-read-by-labels note", "DQ-recognised note"}
    [differs] = [one for one in found["报告.docx"].findings if one.rule_id == "DW-07"]
    assert (differs.actual, differs.expected, [cell.rpartition("!")[2] for cell in differs.cells]) == ("17", "15", ["B2"])


def test_another_year_or_unit_is_told_and_another_year_is_not_compared(tmp_path: Path):
    clean_book(tmp_path / "表.xlsx", UNIT)
    report(tmp_path / "旧.docx", RIGHT.replace("2022", "2021").replace("69.72", "1.00"))
    report(tmp_path / "别.docx", RIGHT.replace(UNIT, "乙县科学技术协会").replace("69.72", "1.00"))
    report(tmp_path / "错字.docx", RIGHT.replace(UNIT, UNIT.replace("促进", "促近")).replace("69.72", "1.00"))
    report(tmp_path / "简.docx", RIGHT.replace(UNIT, UNIT.removeprefix("甲市")))
    found, _ = audited(tmp_path)
    assert rules(found["旧.docx"]) == ["DQ-report-year warning"]
    assert rules(found["别.docx"]) == ["DQ-report-unit warning"]
    assert rules(found["错字.docx"]) == ["ZW-16 error", "DQ-report-unit warning"]
    assert rules(found["简.docx"]) == []


def test_what_is_neither_form_nor_report_is_left_out_of_a_folder(tmp_path: Path):
    clean_book(tmp_path / "表.xlsx", UNIT)
    (tmp_path / "说明.txt").write_text("各科室：请于周五前报送。", encoding="utf-8")
    (tmp_path / "坏.txt").write_bytes(b"\0\1")
    (tmp_path / "自评报告（审核意见）.docx").write_bytes(b"")
    report(tmp_path / "自评报告（审核意见）.txt")
    report(tmp_path / "通知.docx", "各科室：请于周五前报送。")
    found, said = audited(tmp_path)
    assert list(found) == ["表.xlsx"]
    assert [line.removeprefix(f"跳过 {tmp_path}/") for line in said] == [
        "坏.txt：文件“坏.txt”不是文本，或者用了认不出的编码。",
        "说明.txt：不是要审核的文件（.xlsx、.xlsm、.xls、.docx）", "通知.docx：这份 Word 文档里没有认得出的自评表；要审核它，请单独指定"]


def test_what_is_named_by_itself_is_never_left_out_silently(tmp_path: Path):
    note, broken, scan = tmp_path / "说明.txt", tmp_path / "坏.docx", tmp_path / "扫描.pdf"
    note.write_text("各科室：请于周五前报送。", encoding="utf-8")
    broken.write_bytes(b"PK\3\4")
    scan.write_bytes(b"%PDF-1.4 rubbish")
    found, said = audited(note, broken, scan)
    assert {name: rules(one) for name, one in found.items()} == {
        "坏.docx": ["DQ-damaged-file error"], "说明.txt": ["DQ-not-a-report error"], "扫描.pdf": ["DQ-not-converted error"]}
    assert said == ()


def test_a_report_alone_is_judged_by_its_words(tmp_path: Path):
    path = report(tmp_path / "报告.txt", RIGHT + "控制率＝（12÷15）×100%＝100%。")
    found, _ = audited(path)
    assert "DQ-report-alone note" in rules(found["报告.txt"])
    assert any(finding.must_fix and finding.places for finding in found["报告.txt"].findings)


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """A Word document with a unit's forms and, below them, its report with one wrong figure."""
    path = own_book("hengyang", tmp_path, "docx", clean=True).path
    document = docx.Document(str(path))
    for line in (FILLER, "公用经费决算67.92万元。"):
        document.add_paragraph(line)
    document.save(str(path))
    return path


def test_the_prose_of_a_document_is_checked_against_its_own_forms(both: Path):
    before = len(docx.Document(str(both)).paragraphs)
    found, said = audited(both)
    [one] = found.values()
    [finding] = [finding for finding in one.findings if finding.places]
    assert (said, finding.rule_id, finding.places[0].quote, finding.cells[0].partition("!")[0]) == ((), "ZW-16", "67.92万元", "表1")
    assert finding.places[0].number > before             # the paragraphs of its tables are counted too


def test_workers_tell_the_same(both: Path):
    files = [both, *(clean_book(both.parent / f"{number}.xlsx", f"单位{number}") for number in range(9))]
    assert [one.findings for one in process_all(files, jobs=2)] == [one.findings for one in process_all(files, jobs=1)]


def test_the_command_tells_it_and_consolidation_leaves_reports_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    units, result = tmp_path / "单位", tmp_path / "结果.json"
    clean_book(units / "表.xlsx", UNIT)
    for name in ("报告.docx", "报告.txt"):
        report(units / name, RIGHT.replace("69.72", "67.92"))
    assert main(["validate", str(units), "--json", str(result)]) == 1
    files = json.loads(result.read_text(encoding="utf-8"))["files"]
    assert [(Path(file["path"]).name, [finding["places"] for finding in file["findings"]], file["unchanged"]) for file in files] == [
        ("表.xlsx", [], True), ("报告.docx", [[{"paragraph": 3, "start": 6, "end": 13, "quote": "67.92万元"}]], True),
        ("报告.txt", [[{"line": 3, "start": 6, "end": 13, "quote": "67.92万元"}]], True)]
    assert main(["consolidate", str(units), "-o", str(tmp_path / "汇总.xlsx"), "--json", str(tmp_path / "汇总.json")]) == 0
    total = json.loads((tmp_path / "汇总.json").read_text(encoding="utf-8"))
    assert ([one["unit"] for one in total["units"]], total["rejected"]) == ([UNIT], [])
    assert "报告.docx" in capsys.readouterr().err


def test_a_program_error_costs_only_its_own_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    clean_book(tmp_path / "表.xlsx", UNIT)
    report(tmp_path / "报告.docx")

    def broken(*_: object) -> None:
        raise RuntimeError("x")

    monkeypatch.setattr("pyfuncs.prose.facts.read_facts", broken)
    found, _ = audited(tmp_path)
    assert {name: rules(one) for name, one in found.items()} == {"表.xlsx": [], "报告.docx": ["DQ-program error"]}


def test_a_program_error_in_the_prose_does_not_cost_the_forms(both: Path, monkeypatch: pytest.MonkeyPatch):
    own = [finding for finding in process_all([both])[0].findings if not finding.rule_id.startswith("ZW")]

    def broken(*_: object) -> None:
        raise RuntimeError("x")

    monkeypatch.setattr("pyfuncs.prose.facts.read_facts", broken)
    [one] = process_all([both])
    assert [*map(rules_of, one.findings)] == [*map(rules_of, own), "DQ-program error"]


def test_a_report_that_is_missing_next_time_is_not_called_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    units, project = tmp_path / "单位", str(tmp_path / "项目")
    clean_book(units / "表.xlsx", UNIT)
    path = report(units / "报告.docx", RIGHT.replace("69.72", "67.92"))
    assert main(["validate", str(units), "--project", project]) == 1
    path.unlink()
    assert main(["validate", str(units), "--project", project, "--json", str(tmp_path / "二.json")]) == 0
    report(path)
    assert main(["validate", str(units), "--project", project, "--json", str(tmp_path / "三.json")]) == 0
    second, third = (json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))["files"][0]["round"] for name in "二三")
    assert ([old["rule_id"] for old in second["unread"]], second["resolved"]) == (["ZW-16"], [])
    assert ([old["rule_id"] for old in third["unread"]], [old["rule_id"] for old in third["resolved"]]) == ([], [])
    capsys.readouterr()
