"""The forms behind a written report, against the workbook of the same unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sample_units import filed, unit_a

from pyfuncs.checks.annexes import annexes, without_repeated
from pyfuncs.checks.entities import check_entities
from pyfuncs.consolidate.filed import Filed

BOOK = {"编制数": "15", "在职人数": "12", "三公经费.本年决算": "10.164", "业务明细.名称#1": "招商", "业务明细.本年决算#1": "18",
        "业务明细.名称#2": "运维", "业务明细.本年决算#2": "4.5", "控制率": "80"}
PROJECTS = [{"项目名称": "招商", "资金.全年执行": "18"}, {"项目名称": "运维", "资金.全年执行": "4.5"}]


def unit(path: str, base: Mapping[str, str], projects=PROJECTS, places: int = 2) -> Filed:
    """Every number printed with so many decimals."""
    one = filed("430400/2022", "甲中心", {"基础数据": base, "项目": projects}, path)
    items = tuple(replace(item, places=places) for item in one.submission.items)
    return replace(one, submission=replace(one.submission, items=items))


def told(*units: Filed) -> dict[str, list[str]]:
    found = check_entities(units, lambda name: name)
    return {units[place].submission.path: [finding.rule_id for finding in findings] for place, findings in found.items()}


def test_the_same_forms_are_no_second_filing():
    book = unit("甲.xlsx", BOOK)
    assert told(book, unit("甲报告.docx", BOOK)) == {}
    for text, places in (("10.16", 2), ("10.2", 1), ("10", 0)):
        assert told(book, unit("甲报告.docx", BOOK | {"三公经费.本年决算": text}, [], places)) == {}, "printed with fewer decimals"
    assert told(book, unit("甲报告.docx", BOOK | {"三公经费.本年决算": "10.1"}, [], 1)) == {"甲报告.docx": ["DW-07"]}


def test_each_form_with_other_numbers_is_told_once_with_both_places():
    annex = unit("报告.docx", BOOK | {"编制数": "17", "三公经费.本年决算": "10.19"}, [{"项目名称": "招商", "资金.全年执行": "1.8"}])
    [base, project] = check_entities([unit("x/甲.xlsx", BOOK), annex], lambda name: name)[1]
    assert (base.rule_id, base.severity, base.form, len(base.cells)) == ("DW-07", "warning", "基础数据", 2)
    assert base.message == (
        "文档里附的表有 2 处与单位的工作簿（甲.xlsx）不同：《基础数据表》B1「编制数」是 17，工作簿《基础数据表》B1 是 15；"
        f"《基础数据表》{annex.submission.item('基础数据', '三公经费.本年决算').cell.partition('!')[2]}「三公经费·2022 年决算数」是 "
        f"10.19 万元，工作簿《基础数据表》{annex.submission.item('基础数据', '三公经费.本年决算').cell.partition('!')[2]} 是 10.16 万元。")
    assert (base.expected, base.actual, base.delta) == ("15", "17", "2")
    assert (project.form, project.expected, project.actual) == ("项目", "18.00 万元", "1.80 万元")


def test_rows_and_projects_are_paired_by_name_and_not_by_number():
    other_order = BOOK | {"业务明细.名称#1": "运 维", "业务明细.本年决算#1": "4.5", "业务明细.名称#2": "招商", "业务明细.本年决算#2": "18"}
    assert told(unit("甲.xlsx", BOOK), unit("甲.docx", other_order, PROJECTS[::-1])) == {}
    wrong = other_order | {"业务明细.本年决算#2": "1.8"}
    assert told(unit("甲.xlsx", BOOK), unit("甲.docx", wrong, PROJECTS[::-1])) == {"甲.docx": ["DW-07"]}
    twice = {"业务明细.名称#1": "招商", "业务明细.本年决算#1": "1", "业务明细.名称#2": "招商", "业务明细.本年决算#2": "21.5"}
    assert told(unit("甲.xlsx", BOOK), unit("甲.docx", BOOK | twice)) == {}, "nobody knows which of two rows is meant"


def test_what_is_blank_on_either_side_is_no_difference():
    assert told(unit("甲.xlsx", BOOK), unit("甲.docx", {"编制数": "15"}, [])) == {}
    assert told(unit("甲.xlsx", {"编制数": "15"}, []), unit("甲.docx", BOOK)) == {}


def test_which_documents_are_behind_which_workbook():
    book, word = unit("甲.xlsx", BOOK), unit("甲.docx", BOOK)
    other_year, nobody = replace(word, submission=replace(word.submission, year="2021")), replace(word, ruleset=None)
    names = ["甲中心"] * 3
    assert annexes([word, book, word], names) == {0: 1, 2: 1}
    assert annexes([word, book, book], names) == {}, "which of two workbooks"
    assert annexes([word, word], names) == annexes([book, nobody], names) == annexes([book, word], ["甲", "乙"]) == {}
    assert annexes([book, other_year], names) == {}
    assert told(unit("甲.xlsx", BOOK), unit("甲2.xlsx", BOOK | {"编制数": "16"}), unit("甲.DOCX", BOOK))["甲.DOCX"] == ["DW-02"]


def test_findings_that_the_workbook_has_too_are_told_there():
    book, own = unit_a().findings, replace(unit_a().findings[0], rule_id="430400-2022-XX-001")
    assert len(book) > 2
    [kept, note] = without_repeated([*book, own], book)
    assert kept is own and (note.rule_id, note.severity) == ("DQ-annex", "note") and f" {len(book)} 条" in note.message
    assert without_repeated([own], book) == (own,)
